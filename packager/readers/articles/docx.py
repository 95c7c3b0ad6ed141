"""A document of Word (DOCX) -> the article in it."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from packager.archive.read import iterate
from packager.errors import SourceError
from packager.model import Outcome, Remark, Source
from packager.readers.articles import docx_pictures, html
from packager.readers.articles.pictures import Attachments
from packager.readers.articles.reading import PictureFinder, ReadArticle

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='HTML Preformatted'] => pre:separator('\\n')
"""
_BODY = "word/document.xml"
# What a document can hold that is not taken, by the beginning of its elements.
_NOT_TAKEN = {
    Outcome.WARNING: {
        "formulas": rb"<m:oMath[ >]",
        "charts": rb"<c:chart[ >]",
        "diagrams": rb"<dgm:relIds[ >]",
        "drawings": rb"<wps:wsp[ >]",
        "objects of other programs": rb"<o:OLEObject[ >]|<w:control[ >]",
        "parts of other documents": rb"<w:altChunk[ >]|<w:subDoc[ >]",
    },
    Outcome.PASSED_OVER: {"comments": rb"<w:commentReference[ >]", "deleted passages": rb"<w:del[ >]"},
}
_NAMES_IN_REMARK = 5  # of pictures that are only linked to
_PIXELS = ("image/png", "image/jpeg", "image/jpg", "image/gif", "image/bmp", "image/tiff", "image/webp")


def read(source: Source, finder: PictureFinder) -> ReadArticle:
    """Return the article in the document with its pictures; raises SourceError where it is no document of Word."""
    import mammoth

    try:
        parts = _parts(source)
        whole, missing = docx_pictures.without_missing(parts)
    except SourceError as error:
        raise _no_document(source, error.what) from error
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in whole.items():
            archive.writestr(name, data)
    pictures = _EmbeddedPictures()
    try:
        page = mammoth.convert_to_html(
            packed, style_map=_STYLES, convert_image=mammoth.images.img_element(pictures.take)
        )
    except Exception as error:  # the library checks nothing and raises whatever comes
        raise _no_document(source, type(error).__name__) from error
    origin = html.PageOrigin(Attachments(pictures.by_address), is_whole=True)
    article = html.read(page.value, source.label, finder, origin=origin)
    messages = (*_linked(missing.names), *_not_taken(parts[_BODY], pictures.drawings + missing.drawn))
    remarks = (Remark(source.label, outcome, message) for outcome, message in messages)
    return replace(article, remarks=(*article.remarks, *remarks))


def _parts(source: Source) -> dict[str, bytes]:
    """The parts of the document, read within the limits of archives."""
    parts = {}
    for member, stream in iterate(source.path):
        data = stream.read()
        if member.name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in data:
            raise SourceError("declares a document type")
        parts[member.name] = data
    if not parts.get(_BODY):
        raise SourceError("has no text")
    return parts


def _no_document(source: Source, why: str) -> SourceError:
    hint = "Open it in a word processor and save it again, as DOCX or as HTML."
    return SourceError(f"is no document of Word, or a damaged one ({why})", where=source.label, hint=hint)


class _EmbeddedPictures:
    """Takes the pictures out of a document and calls them by an address of ours."""

    def __init__(self) -> None:
        self.by_address: dict[str, bytes] = {}
        self.drawings = 0

    def take(self, image: Any) -> dict[str, str]:
        """Return the attributes of the element that shows a picture."""
        if image.content_type not in _PIXELS:
            self.drawings += 1
            return {}
        address = f"cid:{len(self.by_address)}"
        with image.open() as stream:
            self.by_address[address] = stream.read()
        return {"src": address}


def _linked(names: Sequence[str]) -> Iterator[tuple[Outcome, str]]:
    """What is said of pictures that are only linked to: the names of their files, for paths tell of a computer."""
    if not names:
        return
    times = Counter(filter(None, names))
    named = [name if count == 1 else f"{name} {count} times" for name, count in times.items()]
    unnamed = len(names) - times.total()
    named += [f"{unnamed} without a name"] if unnamed and named else []
    more = f" and {len(named) - _NAMES_IN_REMARK} more" if len(named) > _NAMES_IN_REMARK else ""
    which = f" ({', '.join(named[:_NAMES_IN_REMARK])}{more})" if named else ""
    message = f"pictures that the document only links to are not shown: {len(names)}{which}; put them into the document"
    yield Outcome.WARNING, message


def _not_taken(body: bytes, drawings: int) -> Iterator[tuple[Outcome, str]]:
    for outcome, patterns in _NOT_TAKEN.items():
        counts = Counter({what: len(re.findall(pattern, body)) for what, pattern in patterns.items()})
        if "drawings" in patterns:
            counts["drawings"] += drawings
        if words := ", ".join(f"{what}: {count}" for what, count in counts.items() if count):
            yield outcome, f"not taken from the document: {words}"
