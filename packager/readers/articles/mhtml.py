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
    page, parts = _page_and_parts(read_source(source), source.label)
    attachments = Attachments(_pictures(parts), _header(page, "Content-Location"))
    frames = _Frames([part for part in parts if part is not page and part.get_content_type() in _PAGES], attachments)
    sheets = tuple(_text(part) for part in parts if part.get_content_type() == "text/css")
    origin = html.PageOrigin(attachments, frame=frames.take, sheets=sheets)
    return html.read(_text(page, source.label), source.label, finder, origin=origin)


def page_in(data: bytes, *, is_mail: bool) -> tuple[str, dict[str, bytes]]:
    """Return the text of a page, in a mail or alone, and the pictures in the mail; SourceError where it holds none."""
    if not is_mail:
        return decode(data, declared=html.declared_encoding(data), label=""), {}
    page, parts = _page_and_parts(data, "")
    return _text(page), _pictures(parts)


def _page_and_parts(data: bytes, label: str) -> tuple[Message, list[Message]]:
    try:
        parts = [part for part in message_from_bytes(data).walk() if not part.is_multipart()]
    except RecursionError:
        raise SourceError("its parts lie too deep in one another", where=label, hint=_AGAIN) from None
    page = next((part for part in parts if part.get_content_type() in _PAGES), None)
    if page is None:
        raise SourceError("holds no page", where=label, hint=_AGAIN)
    return page, parts


class _Frames:
    """The pages that frames show; each is given once, so that those that show each other end."""

    def __init__(self, parts: Iterable[Message], attachments: Attachments) -> None:
        self._parts = {address: part for part in parts for address in _addresses(part)}
        self._attachments = attachments

    def take(self, address: str) -> str:
        """Return the page at an address, as a frame names it; "" where there is none, or no more."""
        part = next((self._parts[name] for name in self._attachments.names(address) if name in self._parts), None)
        if part is None:
            return ""
        for name in _addresses(part):
            self._parts.pop(name, None)
        return _text(part)


def _pictures(parts: Iterable[Message]) -> dict[str, bytes]:
    """The pictures by the addresses that pages call them by."""
    pictures = {}
    for part in parts:
        if part.get_content_maintype() == "image" and part.get_content_subtype() != "svg+xml":
            pictures.update(dict.fromkeys(_addresses(part), _bytes(part)))
    return pictures


def _addresses(part: Message) -> tuple[str, str]:
    return _header(part, "Content-Location"), f"cid:{_header(part, 'Content-ID').strip('<>')}"


def _text(part: Message, label: str = "") -> str:
    data = _bytes(part)
    declared = html.codec_called(str(part.get_content_charset() or "")) or html.declared_encoding(data)
    return decode(data, declared=declared, label=label)


def _bytes(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _header(part: Message, header: str) -> str:
    return "".join(str(part.get(header, "")).split())
