"""What texts say of pictures -> the pictures, and remarks on those that are not there."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, unquote_to_bytes, urljoin

from packager.model import Missing, Picture, Remark
from packager.readers.articles.reading import PictureFinder, warning

_FOREIGN = re.compile(r"[a-z][a-z0-9+.-]+:|//", re.IGNORECASE)
_LONGEST = 80  # letters of an address in a remark


def embedded_bytes(address: str) -> bytes:
    """The bytes in a `data:` address of a picture made of pixels, as they stand where they are damaged; else empty."""
    head, _, body = address.partition(",")
    kind = head[5:].strip().lower()
    if not kind.startswith("image/") or kind.startswith("image/svg"):
        return b""
    data = unquote_to_bytes(body)
    if not kind.endswith("base64"):
        return data
    try:
        return base64.b64decode(b"".join(data.split()) + b"==") or data
    except binascii.Error:
        return data


@dataclass(frozen=True, slots=True)
class Parts:
    """The pictures that came in one file with a page, by their addresses; `base` is the page's own."""

    by_address: Mapping[str, bytes] = field(default_factory=dict)
    base: str = ""

    def find(self, address: str) -> bytes:
        """The picture at an address as the page writes it; empty for none."""
        found = self.by_address.get(address)
        return (found or self.by_address.get(_joined(self.base, address), b"")) if self.by_address else b""


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # such as brackets that no address has
        return ""


def _words_of(address: str) -> str:
    """An address for people to read, as far as one line takes it."""
    words = unquote(address).partition("://")[2] or address
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


NO_PARTS = Parts()


class References:
    """Finds the pictures of one text; `remarks` tells of those that were looked for in vain."""

    def __init__(self, finder: PictureFinder, label: str, parts: Parts = NO_PARTS) -> None:
        self._finder = finder
        self._label = label
        self._parts = parts
        self._embedded: dict[bytes, str] = {}
        self._remote: list[str] = []
        self._of_makers: list[str] = []
        self._not_found: dict[str, None] = {}

    def picture(self, address: str) -> Picture | Missing | None:
        """The picture at an address: `data:`, or relative to the text and percent-encoded."""
        if address[:5].lower() == "data:":
            return self.embedded(embedded_bytes(address))
        if data := self._parts.find(address):
            return self.embedded(data)
        if _FOREIGN.match(address):
            return None
        # A name may hold what in an address would begin a query.
        names = dict.fromkeys(unquote(name) for name in (address, re.split("[?#]", address)[0]) if name)
        return next((picture for name in names if (picture := self._finder.find(name))), None)

    def embedded(self, data: bytes) -> Picture | Missing | None:
        """The picture with these bytes; None for none."""
        if not data:
            return None
        name = self._embedded.setdefault(data, f"picture {len(self._embedded) + 1}")
        return self._finder.embedded(data, name)

    def note_missing(self, addresses: Sequence[str]) -> None:
        """Remembers that a picture was at none of these addresses."""
        foreign = [bool(_FOREIGN.match(address)) for address in addresses]
        local = [unquote(address) for address, is_foreign in zip(addresses, foreign, strict=True) if not is_foreign]
        if local:
            self._not_found[local[-1]] = None
        elif foreign:
            is_of_makers = addresses[0].strip()[:5].lower() == "file:"
            (self._of_makers if is_of_makers else self._remote).append(_words_of(addresses[0]))

    def remarks(self) -> Iterator[Remark]:
        """What the organizer should know of the pictures that are not shown."""
        for reference in self._not_found:
            yield warning(self._label, f"picture not found: {reference}")
        for where, found in (("on the web", self._remote), ("on the computer of whoever made it", self._of_makers)):
            if found:
                number, first = len(found), found[0]
                named = f"{first} and {number - 1} more" if number > 1 else first
                message = f"pictures that lie {where} are not shown: {number} ({named}); put them beside the text"
                yield warning(self._label, message)
