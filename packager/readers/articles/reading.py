"""What a reader of articles gets and gives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from packager.errors import SourceError
from packager.model import Block, Direction, Footnote, Heading, ListBlock, Missing, Outcome, Picture, Quote, Remark

MAX_DEPTH = 30
"""How many quotes, lists and marks may lie in one another; what lies deeper is kept on the last level."""


class NoText(SourceError):
    """A text that holds nothing, or a title and nothing more."""


class PictureFinder(Protocol):
    """Says which picture a text means; None for what is not there."""

    def find(self, reference: str) -> Picture | Missing | None:
        """The picture at a path relative to the text, percent-decoded; the path may lead anywhere."""

    def embedded(self, data: bytes, name: str) -> Picture | Missing | None:
        """The picture whose bytes stand in the text; `name` is for people."""


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article as its source gives it; "" and None mean: not said."""

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


def warning(label: str, message: str, line: int | None = None) -> Remark:
    """A remark that the organizer should look at."""
    return Remark(label, Outcome.WARNING, message, line)


def direction_of(text: str) -> Direction | None:
    """The direction that a `dir` attribute says; None for `auto` and the rest."""
    try:
        return Direction(text.strip().lower())
    except ValueError:
        return None


def names(text: str) -> tuple[str, ...]:
    """The names in a byline; a comma parts names only where no piece looks like half a name."""
    pieces = [piece.strip() for piece in re.split(r"[;；、，]", text)]
    if len(pieces) == 1:
        by_comma = [piece.strip() for piece in text.split(",")]
        if all(" " in piece or not piece.isascii() for piece in by_comma):
            pieces = by_comma
    return tuple(piece for piece in pieces if piece)


def ranked(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with their headings, of whatever levels, on levels 2 to 4 in the same order of rank."""
    blocks = tuple(blocks)
    rank = {level: min(4, 2 + place) for place, level in enumerate(sorted(_levels(blocks)))}
    return tuple(_ranked(block, rank) for block in blocks)


def _levels(blocks: Iterable[Block]) -> set[int]:
    found: set[int] = set()
    for block in blocks:
        match block:
            case Heading(level=level):
                found.add(level)
            case Quote(blocks=inner) | Footnote(blocks=inner):
                found |= _levels(inner)
            case ListBlock(items=items):
                found.update(*map(_levels, items))
    return found


def _ranked(block: Block, rank: dict[int, int]) -> Block:
    match block:
        case Heading(level=level):
            return replace(block, level=rank[level])
        case Quote(blocks=inner) | Footnote(blocks=inner):
            return replace(block, blocks=tuple(_ranked(each, rank) for each in inner))
        case ListBlock(items=items):
            return replace(block, items=tuple(tuple(_ranked(each, rank) for each in item) for item in items))
        case _:
            return block
