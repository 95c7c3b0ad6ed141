"""Lines of plain text -> pieces: what a careful reader sees in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise

from packager.readers.text_lines import (
    Line,
    Marker,
    begins_quoted,
    byline,
    ends_openly,
    ends_quoted,
    ends_sentence,
    is_attribution,
    is_numbered_heading,
    is_rule,
    marker,
    runs,
    underline_level,
)
from packager.readers.text_wrap import is_full, is_verse, wrap_column

_NUMBER_SIGN = re.compile(r"(#{1,6})\s+(?=\S)")
_HEADING_WIDTH = 80
_HEADING_WORDS = 14
_BODY_WIDTH = 60
_QUOTE_INDENT = 4
_QUOTED_PARAGRAPHS = 6


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


def pieces_of(lines: Sequence[Line]) -> list[Piece]:
    """The pieces of a text in order."""
    found = list(runs(lines))
    column = wrap_column([run for _, run in found])
    base = (
        sorted(line.indent for _, run in found for line in run)[sum(len(run) for _, run in found) // 2] if found else 0
    )
    pieces: list[Piece] = []
    for gap, run in found:
        for index, piece in enumerate(_Run(run, column, base).pieces()):
            pieces.append(replace(piece, gap=0 if index else gap))
    return _attributed(_headed(_joined_lists(pieces), is_wrapped=column > 0))


class _Run:
    """Lines with no empty line between them, taken from the top."""

    def __init__(self, lines: Sequence[Line], column: int, base: int) -> None:
        self._lines = lines
        self._column = column
        self._base = base

    def pieces(self) -> Iterator[Piece]:
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
        if level and line.width <= _HEADING_WIDTH and len(following[0].text) * 3 >= line.width:
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
            elif mark and _follows(first, count, mark):
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


def _follows(first: Marker, count: int, mark: Marker) -> bool:
    """Whether a marker goes on with a list of `count` items that begins with `first`."""
    if first.style != mark.style:
        return False
    return first.number is None or mark.number == first.number + count


def _joined_lists(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with the items that only single empty lines part as one list."""
    joined: list[Piece] = []
    growing: _Growing | None = None
    for piece in pieces:
        if growing and growing.takes(piece):
            growing.add(piece)
            continue
        joined.extend([growing.piece()] if growing else [])
        growing = _Growing(piece)
    return [*joined, growing.piece()] if growing else joined


class _Growing:
    """A piece that the pieces after it may belong to."""

    def __init__(self, piece: Piece) -> None:
        self._piece = piece
        self._first = marker(piece.lines[0].text) if piece.kind in (Kind.LIST, Kind.PARAGRAPH) else None
        self._lines: list[Line] = []
        self._count = 0
        self.add(piece)

    def takes(self, piece: Piece) -> bool:
        if self._first is None or piece.gap > 1 or piece.kind not in (Kind.LIST, Kind.PARAGRAPH):
            return False
        mark = marker(piece.lines[0].text)
        return mark is not None and _follows(self._first, self._count, mark)

    def add(self, piece: Piece) -> None:
        self._lines.extend(piece.lines)
        self._count += sum(
            line.indent <= self._lines[0].indent and marker(line.text) is not None for line in piece.lines
        )

    def piece(self) -> Piece:
        if len(self._lines) == len(self._piece.lines):
            return self._piece
        return Piece(Kind.LIST, tuple(self._lines), self._piece.gap)


def _headed(pieces: Sequence[Piece], *, is_wrapped: bool) -> list[Piece]:
    """The pieces, with the short lines that stand over others as headings."""
    headed = list(pieces)
    for index in range(len(pieces) - 2, -1, -1):
        if _is_heading(headed[max(0, index - 1)], headed[index], headed[index + 1], is_wrapped=is_wrapped):
            headed[index] = replace(headed[index], kind=Kind.HEADING)
    return headed


def _is_heading(before: Piece, piece: Piece, following: Piece, *, is_wrapped: bool) -> bool:
    if piece.kind is not Kind.PARAGRAPH or len(piece.lines) > 1:
        return False
    line = piece.lines[0]
    is_apart = piece.gap > 0 or before is piece
    if is_apart and is_numbered_heading(line) and (line.text[0].isalpha() or following.width > piece.width):
        return True
    is_alone = following.gap > 0 and (is_apart or is_numbered_heading(before.lines[0]))
    return _looks_like_heading(line) and _stands_over(piece, following, is_alone=is_alone, is_wrapped=is_wrapped)


def _stands_over(piece: Piece, following: Piece, *, is_alone: bool, is_wrapped: bool) -> bool:
    """Whether what follows a short line is what a heading has under it."""
    if following.kind is Kind.PARAGRAPH and not byline(following.lines[0].text):
        is_longer = following.width >= max(_BODY_WIDTH, 2 * piece.width)
        return is_longer and (is_alone or not is_wrapped)
    return is_alone or following.kind is Kind.PARAGRAPH


def _looks_like_heading(line: Line) -> bool:
    words = line.text.split()
    letters = [letter for letter in line.text if letter.isalpha()]
    if not letters or letters[0].islower() or line.width > _HEADING_WIDTH or len(words) > _HEADING_WORDS:
        return False
    if begins_quoted(line.text) or is_attribution(line) or byline(line.text) or "@" in line.text or "://" in line.text:
        return False
    return ends_openly(line.text) or (line.text.endswith("?") and _is_title_case(words))


def _is_title_case(words: Sequence[str]) -> bool:
    return len(words) > 2 and sum(word[0].isupper() for word in words) >= 0.6 * len(words)


def _attributed(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with quoted paragraphs and the line after them that says whose words they are as one."""
    found: list[Piece] = []
    for piece in pieces:
        if piece.kind is Kind.PARAGRAPH and len(piece.lines) == 1 and piece.gap <= 1 and is_attribution(piece.lines[0]):
            first = _quotation(found)
            if first < len(found):
                parts = (*found[first:], piece)
                lines = tuple(line for part in parts for line in part.lines)
                found[first:] = [Piece(Kind.ATTRIBUTED, lines, found[first].gap, parts=parts)]
                continue
        found.append(piece)
    return found


def _quotation(pieces: Sequence[Piece]) -> int:
    """Where the quotation that ends the pieces begins; their number where none does."""
    if pieces and ends_quoted(pieces[-1].text):
        for index in range(len(pieces) - 1, max(-1, len(pieces) - 1 - _QUOTED_PARAGRAPHS), -1):
            if pieces[index].kind is not Kind.PARAGRAPH:
                break
            if begins_quoted(pieces[index].text):
                return index
    return len(pieces)
