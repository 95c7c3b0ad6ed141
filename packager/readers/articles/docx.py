"""A document of Word (DOCX) -> the article in it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

from packager.archive.read import iterate
from packager.errors import SourceError
from packager.model import Outcome, Remark, Source
from packager.readers.articles import html
from packager.readers.articles.reading import PictureFinder, ReadArticle, warning
from packager.readers.articles.references import Parts

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='HTML Preformatted'] => pre:separator('\\n')
"""
_BODY = "word/document.xml"
# What a document can hold that is not taken, by the beginning of its elements.
_MISSED = {"formulas": rb"<m:oMath[ >]", "charts": rb"<c:chart[ >]", "drawings": rb"<wps:wsp[ >]"}
_DROPPED = {"comments": rb"<w:commentReference[ >]", "deleted passages": rb"<w:del[ >]"}
_PIXELS = ("image/png", "image/jpeg", "image/jpg", "image/gif", "image/bmp", "image/tiff", "image/webp")


def read(source: Source, finder: PictureFinder) -> ReadArticle:
    """The article in the document with its pictures; SourceError where it is no document of Word."""
    import mammoth

    try:
        packed, body = _repacked(source)
    except SourceError as error:
        raise _no_document(source, error.what) from error
    pictures = _Pictures()
    try:
        page = mammoth.convert_to_html(
            packed, style_map=_STYLES, convert_image=mammoth.images.img_element(pictures.take)
        )
    except Exception as error:  # the library checks nothing and raises whatever comes
        raise _no_document(source, type(error).__name__) from error
    article = html.read(page.value, source.label, finder, parts=Parts(pictures.by_address), is_whole=True)
    remarks = _remarks(body, pictures.drawings, source.label)
    return replace(article, remarks=(*article.remarks, *remarks))


def _repacked(source: Source) -> tuple[IO[bytes], bytes]:
    """The document as an archive that has come through our door, and its body."""
    packed = io.BytesIO()
    body = b""
    with zipfile.ZipFile(packed, "w") as archive:
        for member, stream in iterate(source.path):
            data = stream.read()
            if member.name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in data:
                raise SourceError("declares a document type")
            body = data if member.name == _BODY else body
            archive.writestr(member.name, data)
    if not body:
        raise SourceError("has no text")
    return packed, body


def _no_document(source: Source, why: str) -> SourceError:
    hint = "Open it in a word processor and save it again, as DOCX or as HTML."
    return SourceError(f"is no document of Word, or a damaged one ({why})", where=source.label, hint=hint)


class _Pictures:
    """Takes the pictures out of a document and calls them by an address of ours."""

    def __init__(self) -> None:
        self.by_address: dict[str, bytes] = {}
        self.drawings = 0

    def take(self, image: Any) -> dict[str, str]:
        """The attributes of the element that shows a picture."""
        if image.content_type not in _PIXELS:
            self.drawings += 1
            return {}
        address = f"cid:{len(self.by_address)}"
        with image.open() as stream:
            self.by_address[address] = stream.read()
        return {"src": address}


def _remarks(body: bytes, drawings: int, label: str) -> Iterator[Remark]:
    missed = {what: len(re.findall(pattern, body)) for what, pattern in _MISSED.items()}
    missed["drawings"] += drawings
    if told := ", ".join(f"{what}: {count}" for what, count in missed.items() if count):
        yield warning(label, f"not taken from the document: {told}")
    dropped = {what: len(re.findall(pattern, body)) for what, pattern in _DROPPED.items()}
    if told := ", ".join(f"{what}: {count}" for what, count in dropped.items() if count):
        yield Remark(label, Outcome.PASSED_OVER, f"not taken from the document: {told}")
