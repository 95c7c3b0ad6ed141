"""Pieces of a text -> pages: parted at lines, a heading never last, no line alone where it can be helped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from packager.model import Cuts, PicturePiece, Piece, Placed, Sheet

MOST_SHRUNK = 0.4  # of a figure's height, so that it fits on its page below what stands there already
TOGETHER = 2  # lines of a paragraph that stay together at the foot and at the head of a page


@dataclass(slots=True)
class _Pages:
    """The pages so far; `row` is the first free one of the last page."""

    depth: int
    done: list[list[Placed]] = field(default_factory=lambda: [[]])
    row: int = 0

    def place(self, piece: Piece, rows: tuple[int, int], *, begins: bool) -> None:
        """Put rows of a piece below what the page has."""
        first, last = rows
        self.done[-1].append(Placed(piece, self.row, first, last, begins))
        self.row += last - first

    def turn(self) -> None:
        """Begin a page, unless this one is empty."""
        if self.done[-1]:
            self.done.append([])
            self.row = 0

    def gap(self, piece: Piece) -> None:
        """Leave the space above a piece, but not at the head of a page."""
        if self.done[-1]:
            self.row += piece.before

    @property
    def room(self) -> int:
        return self.depth - self.row


def pages(pieces: Sequence[Piece], cuts: Sequence[Cuts], sheet: Sheet) -> tuple[tuple[Placed, ...], ...]:
    """What stands on each page; each piece has its cuts: none, and it is not seen; two, and it stays whole."""
    made = _Pages(sheet.depth)
    for index, piece in enumerate(pieces):
        if not cuts[index]:
            continue
        least = _least(pieces, cuts, index, sheet.depth)
        if made.row + piece.before + least > sheet.depth:
            made.turn()
        made.gap(piece)
        if isinstance(piece, PicturePiece):
            below = least - _least_height(piece)
            whole = piece.shrunk(max(_least_height(piece), min(piece.height, made.room - below)))
            made.place(whole, (0, whole.height), begins=True)
        else:
            _fill(made, piece, cuts[index])
    return tuple(tuple(page) for page in made.done if page)


def _fill(made: _Pages, piece: Piece, cuts: Cuts) -> None:
    """Place all lines of a piece, on as many pages as they take."""
    start = 0
    while start < len(cuts) - 1:
        end = _fitting(cuts, start, made.room)
        if end == start and made.row:
            made.turn()
            continue
        end = max(end, start + 1)  # a line higher than a page has one of its own
        made.place(piece, (cuts[start], cuts[end]), begins=start == 0)
        start = end
        if start < len(cuts) - 1:
            made.turn()


def _fitting(cuts: Cuts, start: int, room: int) -> int:
    """The index of the last cut that fits into `room` rows, so that no line is left alone on either page."""
    last = len(cuts) - 1
    end = max(index for index in range(start, last + 1) if cuts[index] - cuts[start] <= room or index == start)
    if end < last and last - end < TOGETHER and end - start > TOGETHER:
        end = last - TOGETHER
    return end


def _least(pieces: Sequence[Piece], cuts: Sequence[Cuts], index: int, depth: int) -> int:
    """The rows that a piece must find free to begin here: its first lines, or all of it and what it stays with."""
    rows = 0
    while pieces[index].stays_with_next and index + 1 < len(pieces) and rows <= depth:
        rows += _rows(pieces[index], cuts[index], len(cuts[index]) - 1) + pieces[index + 1].before
        index += 1
    lines = len(cuts[index]) - 1
    return rows + _rows(pieces[index], cuts[index], lines if lines <= TOGETHER + 1 else TOGETHER)


def _rows(piece: Piece, cuts: Cuts, lines: int) -> int:
    if isinstance(piece, PicturePiece):
        return _least_height(piece)
    return cuts[lines] - cuts[0] if cuts else 0


def _least_height(piece: PicturePiece) -> int:
    return max(1, round(piece.height * (1 - MOST_SHRUNK)))
