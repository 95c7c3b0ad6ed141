"""Books that tests make: EPUBs and PDFs of pictures and of text."""

from __future__ import annotations

import ctypes
import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageDraw

from tests.helpers.builders import INK

CONTAINER = (
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
XHTML = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
    'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title></head><body>{}</body></html>'
)
METADATA = "<dc:title>A window</dc:title><dc:language>ko</dc:language><dc:creator>Ju Ok</dc:creator>"


def png(size: tuple[int, int] = (30, 42), colour: str = "#243b53") -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def page(picture: str, words: str = "") -> str:
    """The body of a page that shows one picture, with words below."""
    return f'<div><img src="../{picture}" alt=""/></div><p>{escape(words)}</p>'


def package(
    documents: Sequence[str], pictures: Sequence[str], metadata: str = METADATA, spine: str = "", more: str = ""
) -> str:
    """The package of a book whose documents stand in this order; `spine` holds attributes of that element."""
    items = [f'<item id="d{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(documents)]
    items += [f'<item id="p{n}" href="{name}" media-type="image/png"/>' for n, name in enumerate(pictures)]
    order = "".join(f'<itemref idref="d{n}"/>' for n in range(len(documents)))
    return (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" version="3.0">'
        f"<metadata>{metadata}</metadata><manifest>{''.join(items)}{more}</manifest>"
        f"<spine {spine}>{order}</spine></package>"
    )


def write_epub(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """An EPUB with these members besides its container; those in OEBPS/ are named without it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        for name, content in files.items():
            archive.writestr(name if name.startswith("META-INF/") else f"OEBPS/{name}", content)
    return path


def comic_book(path: Path, bodies: Mapping[str, str], pictures: Sequence[str], **package_options: str) -> Path:
    """An EPUB with these documents, `text/<name>` in this order, and these pictures."""
    documents = {f"text/{name}": XHTML.format(body) for name, body in bodies.items()}
    opf = package(list(documents), pictures, **package_options)
    return write_epub(path, {"content.opf": opf, **documents, **{name: png() for name in pictures}})


def jpeg(size: tuple[int, int] = (300, 420), mode: str = "RGB", seed: int = 0) -> bytes:
    """A JPEG with something drawn in it."""
    picture = Image.new("RGB", size, "#f4efe6")
    draw = ImageDraw.Draw(picture)
    for number in range(9):
        left, top = (seed * 53 + number * 97) % size[0], (seed * 31 + number * 71) % size[1]
        draw.rectangle((left, top, left + size[0] // 4, top + size[1] // 9), fill=INK[(seed + number) % len(INK)])
    file = io.BytesIO()
    picture.convert(mode).save(file, "JPEG", quality=85)
    return file.getvalue()


def write_pdf(path: Path, pages: Sequence[bytes | str], size: tuple[int, int] = (300, 420), turn: int = 0) -> Path:
    """A PDF: a page for each JPEG that fills it, or for each text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with pypdfium2.PdfDocument.new() as document:
        for content in pages:
            page = document.new_page(*size)
            if isinstance(content, str):
                add_text(document, page, content, size)
            else:
                add_picture(document, page, content, size)
            page.set_rotation(turn)
            page.gen_content()
        document.save(path)
    return path


def add_picture(document: Any, page: Any, data: bytes, size: tuple[int, int]) -> None:
    """Put a JPEG on a page, over all of it."""
    picture = pypdfium2.PdfImage.new(document)
    picture.load_jpeg(io.BytesIO(data), inline=True)
    picture.set_matrix(pypdfium2.PdfMatrix().scale(*size))
    page.insert_obj(picture)


def add_text(document: Any, page: Any, words: str, size: tuple[int, int]) -> None:
    """Put words on a page."""
    font = pdfium.FPDFText_LoadStandardFont(document, b"Helvetica")
    text = pdfium.FPDFPageObj_CreateTextObj(document, font, 24)
    letters = (ctypes.c_ushort * (len(words) + 1))(*map(ord, words))
    pdfium.FPDFText_SetText(text, letters)
    pdfium.FPDFPageObj_Transform(text, 1, 0, 0, 1, 20, size[1] / 2)
    pdfium.FPDFPage_InsertObject(page, text)
