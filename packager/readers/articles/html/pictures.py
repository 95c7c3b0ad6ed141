"""Images of an HTML page -> figures, or the words that stand for them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from packager.model import Figure, Missing, Picture, Text
from packager.readers.articles.html.nodes import attribute
from packager.readers.articles.html.wall import LAZY
from packager.readers.articles.references import References

_SPACER = 2
_ICON = 32
"""Pixels: what is no larger on both sides stands for a word, and its alternative text says it."""


class Pictures:
    """Turns images into figures; `embedded` are the pictures that the wall took out of the page."""

    def __init__(self, embedded: tuple[bytes, ...], references: References) -> None:
        self._embedded = embedded
        self._references = references

    def shown(self, image: LexborNode) -> Figure | Text:
        """The picture, else its words, which may be none."""
        alt = " ".join(attribute(image, "alt").split())
        addresses = list(_addresses(image))
        for address in addresses:
            picture = self._picture(address)
            if picture is None or _is_within(picture, _SPACER):
                continue
            return Text(alt) if _is_within(picture, _ICON) else Figure(picture, alt)
        self._references.note_missing([address for address in addresses if not address.startswith("data:")])
        return Text(alt)

    def _picture(self, address: str) -> Picture | Missing | None:
        if address.startswith("data:"):
            return self._references.embedded(self._embedded[int(address[5:])])
        return self._references.picture(address)


def _addresses(image: LexborNode) -> Iterator[str]:
    """Where the picture may be, best first: scripts that load late keep the true one beside a placeholder."""
    late = [attribute(image, name).strip() for name in LAZY]
    several = [
        part.split()[0] for part in attribute(image, "srcset").split(",") if part.strip() and "data:" not in part
    ]
    found = [address for address in [*late, attribute(image, "src").strip(), *reversed(several)] if address]
    yield from (address for address in found if not address.lower().startswith("data:"))
    # The wall has numbered the pictures inside the page; what else begins so is none.
    yield from (address for address in found if re.fullmatch(r"data:[0-9]{1,9}", address))


def _is_within(picture: Picture | Missing, side: int) -> bool:
    return isinstance(picture, Picture) and max(picture.width, picture.height) <= side
