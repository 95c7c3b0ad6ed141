"""What a reader of articles gets and gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from packager.errors import SourceError
from packager.model import Block, Direction, ListBlock, Missing, Outcome, Picture, Remark
from packager.readers.account import Account

MAX_DEPTH = 30
"""How many quotes, lists and marks may lie in one another; what lies deeper is kept on the last level."""

_OUTSIDE = re.compile(r"(?:https?|ftp|mailto|tel):|//", re.IGNORECASE)


class NoText(SourceError):
    """A text that holds nothing, or a title and nothing more."""


class PictureFinder(Protocol):
    """Says which picture a text means; None for what is not there."""

    def find(self, reference: str) -> Picture | Missing | None:
        """Return the picture at a path relative to the text, percent-decoded; the path may lead anywhere."""

    def embedded(self, data: bytes, name: str) -> Picture | Missing | None:
        """Return the picture whose bytes stand in the text; `name` is for people."""


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article as its source gives it; "" and None mean: not said.

    Its `account` is closed where the whole of a file has been read, and leaves no worker.
    """

    title: str
    blocks: tuple[Block, ...]
    language: str = ""
    direction: Direction | None = None
    authors: tuple[str, ...] = ()
    summary: str = ""
    credit: str = ""
    section: str = ""
    series: str = ""
    remarks: tuple[Remark, ...] = ()
    cover: Picture | None = None
    account: Account = field(default_factory=Account)


def not_taken(
    label: str, counts: Mapping[str, int | str], kinds: Mapping[Outcome, Iterable[str]], source: str = "document"
) -> Iterator[Remark]:
    """Yield a remark for each outcome on what of these kinds was not taken from a source, with its counts."""
    for outcome, of_outcome in kinds.items():
        if told := ", ".join(f"{kind}: {counts[kind]}" for kind in of_outcome if counts.get(kind)):
            yield Remark(label, outcome, f"not taken from the {source}: {told}")


def outside_address(address: str) -> str:
    """Return the address of a link that leads outside its text and folder; "" for all other links."""
    return address.strip() if _OUTSIDE.match(address.strip()) else ""


def numbered(items: Sequence[tuple[Block, ...]], markers: Sequence[str]) -> ListBlock:
    """Return a list whose items have these markers, "" for bullets; numbers that count up are told by the first."""
    first = re.fullmatch(r"(\d{1,6})\.", markers[0], re.ASCII)
    start = int(first[1]) if first else 0
    if first and list(markers) == [f"{start + place}." for place in range(len(items))]:
        return ListBlock(tuple(items), start)
    return ListBlock(tuple(items), markers=tuple(markers) if any(markers) else ())


def direction_of(text: str) -> Direction | None:
    """Return the direction that a `dir` attribute says; None for `auto` and the rest."""
    try:
        return Direction(text.strip().lower())
    except ValueError:
        return None


def names(text: str) -> tuple[str, ...]:
    """Return the names in a byline; a comma parts names only where no piece looks like half a name."""
    pieces = [piece.strip() for piece in re.split(r"[;；、，]", text)]
    if len(pieces) == 1:
        by_comma = [piece.strip() for piece in text.split(",")]
        if all(" " in piece or not piece.isascii() for piece in by_comma):
            pieces = by_comma
    return tuple(piece for piece in pieces if piece)
