"""Lines of plain text -> pieces: what a careful reader sees in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median_low

from packager.readers.articles.plain.lines import (
    Line,
    begins_quoted,
    byline,
    ends_openly,
    ends_quoted,
    is_attribution,
    is_numbered_heading,
    marker,
    runs,
)
from packager.readers.articles.plain.runs import Kind, Piece, Run, follows
from packager.readers.articles.plain.wrap import wrap_column

_HEADING_WIDTH = 80
_HEADING_WORDS = 14
_BODY_WIDTH = 60
_QUOTED_PARAGRAPHS = 6


def pieces_of(lines: Sequence[Line]) -> list[Piece]:
    """The pieces of a text in order."""
    found = list(runs(lines))
    column = wrap_column([run for _, run in found])
    base = median_low([line.indent for _, run in found for line in run] or [0])
    pieces: list[Piece] = []
    for gap, run in found:
        for index, piece in enumerate(Run(run, column, base).pieces()):
            pieces.append(replace(piece, gap=0 if index else gap))
    return _attributed(_headed(_joined_lists(pieces), is_wrapped=column > 0))


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
        return mark is not None and follows(self._first, self._count, mark)

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
    return following.kind is Kind.PARAGRAPH or (is_alone and following.kind is not Kind.RULE)


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
