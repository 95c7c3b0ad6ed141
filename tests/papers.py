"""Documents that tests make: of Word, and pages saved as one file."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Mapping
from html import escape

from PIL import Image

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


def png(colour: str = "#9c3d2e", size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture of one colour."""
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "PNG")
    return stream.getvalue()


def docx(body: str, files: Mapping[str, bytes] | None = None, *, notes: str = "") -> bytes:
    """A document of Word with this XML for its body; `files` lie in its media folder and have their names for ids."""
    files = files or {}
    relations = "".join(
        f'<Relationship Id="{name.partition(".")[0]}" Type="{_OFFICE}/image" Target="media/{name}"/>' for name in files
    )
    relations += f'<Relationship Id="notes" Type="{_OFFICE}/footnotes" Target="footnotes.xml"/>' if notes else ""
    relations += f'<Relationship Id="styles" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    names = {"Title": "Title", "Heading1": "heading 1", "Heading2": "heading 2", "Quote": "Quote"}
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{names[key]}"/></w:style>' for key in names
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="emf" ContentType="image/x-emf"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="a" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_WORD}" xmlns:r="{_OFFICE}" xmlns:a="{_DRAWING}/main" '
        f'xmlns:wp="{_DRAWING}/wordprocessingDrawing" xmlns:pic="{_DRAWING}/picture" '
        'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
        f"<w:body>{body}</w:body></w:document>",
        "word/styles.xml": f'<w:styles xmlns:w="{_WORD}">{styles}</w:styles>',
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{_WORD}">{notes}</w:footnotes>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')
        for name, data in files.items():
            archive.writestr(f"word/media/{name}", data)
    return stream.getvalue()


def paragraph(text: str, style: str = "", *, properties: str = "") -> str:
    """A paragraph of Word."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f'<w:p><w:pPr>{styled}{properties}</w:pPr><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def shown(picture: str, words: str = "") -> str:
    """A paragraph that shows the picture with this id."""
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="p" descr="{escape(words)}"/><a:graphic><a:graphicData>'
        f'<pic:pic><pic:blipFill><a:blip r:embed="{picture}"/></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def mhtml(
    page: str, pictures: Mapping[str, bytes] | None = None, address: str = "https://example.org/a/b.html"
) -> bytes:
    """A page saved as browsers do it, with its pictures by their addresses."""
    lines = [
        "From: <Saved by Blink>",
        f"Snapshot-Content-Location: {address}",
        "MIME-Version: 1.0",
        'Content-Type: multipart/related; type="text/html"; boundary="----x"',
        "",
        "------x",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        f"Content-Location: {address}",
        "",
        base64.encodebytes(page.encode()).decode(),
    ]
    for location, data in (pictures or {}).items():
        named = f"Content-ID: <{location[4:]}>" if location.startswith("cid:") else f"Content-Location: {location}"
        lines += ["------x", "Content-Type: image/png", "Content-Transfer-Encoding: base64", named, ""]
        lines += [base64.encodebytes(data).decode()]
    return "\r\n".join([*lines, "------x--", ""]).encode()
