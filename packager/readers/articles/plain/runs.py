"""Lines of plain text that stand together -> pieces, by what the lines themselves show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from packager.readers.articles.plain.lines import (
    Line,
    Marker,
    ends_sentence,
    is_numbered_heading,
    is_rule,
    marker,
    underline_level,
)
from packager.readers.articles.plain.wrap import is_full, is_verse

_NUMBER_SIGN = re.compile(r"(#{1,6})\s+(?=\S)")
_MAX_UNDERLINED = 80
_QUOTE_INDENT = 4


class Kind(Enum):
    """What a piece is."""

    PARAGRAPH = auto()
    VERSE = auto()
    HEADING = auto()
    LIST = auto()
    QUOTE = auto()
    ATTRIBUTED = auto()
    INDENTED = auto()
    RULE = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that belong together, with the number of empty lines before them.

    `level` is a heading's; `parts` are the paragraphs of a quotation and the line that says whose words they are.
    """

    kind: Kind
    lines: tuple[Line, ...]
    gap: int = 0
    level: int = 2
    parts: tuple[Piece, ...] = ()

    @property
    def width(self) -> int:
        return sum(line.width for line in self.lines)

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


class Run:
    """Lines with no empty line between them, taken from the top."""

    def __init__(self, lines: Sequence[Line], column: int, base: int) -> None:
        self._lines = lines
        self._column = column
        self._base = base

    def pieces(self) -> Iterator[Piece]:
        """The pieces in order; headings and quotations that only their neighbours show are paragraphs yet."""
        index = 0
        plain: list[Line] = []
        while index < len(self._lines):
            piece = self._special(index)
            if piece is None:
                plain.append(self._lines[index])
                index += 1
                continue
            yield from self._plain(plain)
            plain = []
            yield piece
            index += len(piece.lines)
        yield from self._plain(plain)

    def _special(self, index: int) -> Piece | None:
        """The piece that begins on a line and shows what it is by a mark of its own."""
        line = self._lines[index]
        if is_rule(line.text):
            return Piece(Kind.RULE, (line,))
        if line.text.startswith(">"):
            return Piece(Kind.QUOTE, tuple(self._while_quoted(index)))
        if signs := _NUMBER_SIGN.match(line.text):
            return Piece(Kind.HEADING, (line,), level=len(signs[1]))
        following = self._lines[index + 1 : index + 2]
        level = underline_level(following[0].text) if following else 0
        if level and line.width <= _MAX_UNDERLINED and len(following[0].text) * 3 >= line.width:
            return Piece(Kind.HEADING, (line, following[0]), level=level)
        return self._list(index)

    def _while_quoted(self, index: int) -> Iterator[Line]:
        for line in self._lines[index:]:
            if not line.text.startswith(">"):
                return
            yield line

    def _list(self, index: int) -> Piece | None:
        """The items from a line on, if they are a list: several, or one whose bullet can be nothing else."""
        first = marker(self._lines[index].text)
        if first is None:
            return None
        count = inner = 0
        end = index
        while end < len(self._lines):
            mark = marker(self._lines[end].text)
            if mark and self._lines[end].indent > self._lines[index].indent:
                inner += 1
            elif mark and follows(first, count, mark):
                count += 1
            elif mark or not self._continues(end, self._lines[index].indent):
                break
            end += 1
        introduced = index > 0 and self._lines[index - 1].text.endswith((":", "："))
        is_plain_bullet = first.number is None and first.style not in ("-", "*", "·")
        if count + inner > 1 or introduced or is_plain_bullet:
            return Piece(Kind.LIST, tuple(self._lines[index:end]))
        return None

    def _continues(self, index: int, indent: int) -> bool:
        line, before = self._lines[index], self._lines[index - 1]
        if is_rule(line.text) or line.text.startswith(">"):
            return False
        return line.indent > indent or (self._column > 0 and is_full(before, line, self._column))

    def _plain(self, lines: list[Line]) -> Iterator[Piece]:
        if not lines:
            return
        is_indented = all(line.indent >= self._base + _QUOTE_INDENT for line in lines)
        if is_indented and len(lines) > 1 and len(lines) == len(self._lines):
            inner = Kind.VERSE if is_verse(lines, self._column) else Kind.PARAGRAPH
            yield Piece(Kind.INDENTED, tuple(lines), parts=(Piece(inner, tuple(lines)),))
        elif is_verse(lines, self._column) and not is_numbered_heading(lines[0]):
            yield Piece(Kind.VERSE, tuple(lines))
        else:
            yield from (Piece(Kind.PARAGRAPH, tuple(paragraph)) for paragraph in self._paragraphs(lines))

    def _paragraphs(self, lines: list[Line]) -> Iterator[list[Line]]:
        paragraph = [lines[0]]
        for before, line in pairwise(lines):
            if self._parts(before, line):
                yield paragraph
                paragraph = []
            paragraph.append(line)
        yield paragraph

    def _parts(self, before: Line, line: Line) -> bool:
        """Whether a new paragraph begins on `line`."""
        if not self._column or line.indent >= before.indent + 2:
            return True
        is_over = ends_sentence(before.text) or is_numbered_heading(before)
        return is_over and not is_full(before, line, self._column)


def follows(first: Marker, count: int, mark: Marker) -> bool:
    """Whether a marker goes on with a list of `count` items that begins with `first`."""
    if first.style != mark.style:
        return False
    return first.number is None or mark.number == first.number + count
