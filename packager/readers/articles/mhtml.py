"""A page saved as one MHTML file, in the form of a mail with its pictures -> the article in it."""

from __future__ import annotations

from collections.abc import Iterable
from email import message_from_bytes
from email.message import Message

from packager.archive.read import read_source
from packager.errors import SourceError
from packager.model import Source
from packager.readers.articles import html
from packager.readers.articles.pictures import Attachments
from packager.readers.articles.reading import PictureFinder, ReadArticle
from packager.readers.encodings import decode

_PAGES = ("text/html", "application/xhtml+xml")
_AGAIN = "Save the page again, as a complete web page."


def read(source: Source, finder: PictureFinder) -> ReadArticle:
    """Return the article in the mail's first page; SourceError where it holds none."""
    data = read_source(source)
    try:
        parts = [part for part in message_from_bytes(data).walk() if not part.is_multipart()]
    except RecursionError:
        raise SourceError("its parts lie too deep in one another", where=source.label, hint=_AGAIN) from None
    page = next((part for part in parts if part.get_content_type() in _PAGES), None)
    if page is None:
        raise SourceError("holds no page", where=source.label, hint=_AGAIN)
    data = _bytes(page)
    declared = html.codec_called(str(page.get_content_charset() or "")) or html.declared_encoding(data)
    text = decode(data, declared=declared, label=source.label)
    attachments = Attachments(_pictures(parts), _header(page, "Content-Location"))
    return html.read(text, source.label, finder, origin=html.PageOrigin(attachments))


def _pictures(parts: Iterable[Message]) -> dict[str, bytes]:
    """The pictures by the addresses that pages call them by."""
    pictures = {}
    for part in parts:
        if part.get_content_maintype() == "image" and part.get_content_subtype() != "svg+xml":
            data = _bytes(part)
            pictures[_header(part, "Content-Location")] = data
            pictures[f"cid:{_header(part, 'Content-ID').strip('<>')}"] = data
    return pictures


def _bytes(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _header(part: Message, header: str) -> str:
    return "".join(str(part.get(header, "")).split())
