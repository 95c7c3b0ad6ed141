"""What a file says of those who made it, which no reader should learn."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from packager.archive.read import members, read_member, read_source
from packager.model import Source
from packager.text.terminal import clean

if TYPE_CHECKING:
    import PIL.Image

# Exif 2.32, tables 4 and 7.
_TAGS = {
    0x010F: "camera maker",
    0x0110: "camera",
    0x0131: "program",
    0x013B: "artist",
    0x8298: "copyright",
    0x9C9D: "author",
}
_CAMERA_TAGS = {
    0x9003: "taken",
    0xA420: "number of the picture",
    0xA430: "owner of the camera",
    0xA431: "serial number of the camera",
    0xA435: "serial number of the lens",
}
_EXIF, _GPS = 0x8769, 0x8825
_WORDS = ("comment", "author", "software", "description", "title", "copyright")
_LONGEST = 80

_IN_ARCHIVES = {
    "docProps/core.xml": r"<(dc:creator|cp:lastModifiedBy|dcterms:created)[^>]*>([^<]+)<",
    "docProps/app.xml": r"<(Company|Manager|Template)>([^<]+)<",
    "meta.xml": r"<(meta:initial-creator|dc:creator|meta:printed-by|meta:creation-date)>([^<]+)<",
}
_IN_PAGES = re.compile(
    r"""<meta\s[^>]{0,200}name=["']?(author|generator)["']?\s[^>]{0,200}content=["']([^"']+)"""
    r"""|(saved from url)=\(\d+\)(\S+)|^(Snapshot-Content-Location|From|Date): ([^\r\n]+)""",
    re.IGNORECASE | re.MULTILINE,
)
_IN_PDF = re.compile(rb"/(Author|Creator|Producer|CreationDate)\s?\(([^()]{1,200})\)")


def of_picture(source: Source) -> tuple[str, ...]:
    """What a picture says besides its pixels; nothing where it cannot be opened. A job for a worker."""
    import PIL.Image

    try:
        with PIL.Image.open(io.BytesIO(read_source(source))) as image:
            return tuple(_in_picture(image))
    except Exception:  # Pillow raises whatever comes; that a picture is damaged is told elsewhere
        return ()


def _in_picture(image: PIL.Image.Image) -> Iterator[str]:
    exif = image.getexif()
    if exif.get_ifd(_GPS):
        yield "the place where it was taken (GPS)"
    for tags, values in ((_TAGS, dict(exif)), (_CAMERA_TAGS, exif.get_ifd(_EXIF))):
        yield from (f"{name}: {_short(values[tag])}" for tag, name in tags.items() if values.get(tag))
    for key, value in image.info.items():
        if str(key).lower() in _WORDS:
            yield f"{str(key).lower()}: {_short(value)}"
        elif "xmp" in str(key).lower():
            yield "XMP"


def of_document(source: Source) -> tuple[str, ...]:
    """What a document or a page says of who made it and where it lay. A job for a worker; raises SourceError."""
    found = _OF_KIND.get(source.path.suffix.lower())
    return tuple(dict.fromkeys(found(source.path))) if found else ()


def _in_archive(path: Path) -> Iterator[str]:
    names = {member.name for member in members(path)}
    for name, pattern in _IN_ARCHIVES.items():
        if name in names:
            text = read_member(path, name).decode("utf-8", "replace")
            yield from (f"{key.rpartition(':')[2]}: {_short(value)}" for key, value in re.findall(pattern, text))


def _in_page(path: Path) -> Iterator[str]:
    text = read_source(Source(path, str(path))).decode("utf-8", "replace")
    for found in _IN_PAGES.findall(text):
        key, value = (part for part in found if part)
        yield f"{key.lower()}: {_short(value)}"


def _in_pdf(path: Path) -> Iterator[str]:
    for key, value in _IN_PDF.findall(read_source(Source(path, str(path)))):
        yield f"{key.decode().lower()}: {_short(value)}"


_OF_KIND: dict[str, Callable[[Path], Iterator[str]]] = {
    **dict.fromkeys((".docx", ".odt"), _in_archive),
    **dict.fromkeys((".html", ".htm", ".xhtml", ".mht", ".mhtml"), _in_page),
    ".pdf": _in_pdf,
}


def _short(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return " ".join(clean(text).split())[:_LONGEST]
