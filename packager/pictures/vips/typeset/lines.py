"""One piece of text as a picture, and where its lines may be parted.

libvips tells nothing of lines. So the text is set a second time with a red underline, which shows where each line
stands; between two of them the cut goes where the least is drawn.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from packager.model import Cuts, Direction, TextPiece
from packager.pictures.vips.engine import Image
from packager.pictures.vips.typeset.fonts import family, ready

INK = "#1c1c1a"
_MARKS = {Direction.LTR: "\u200e", Direction.RTL: "\u200f"}  # set the direction of a line, whatever it begins with
_APART = 0.62  # of the pitch: underlines nearer than this belong to one line, in two fonts
_BELOW = 0.2  # of the size: from an underline to where the cut is best


@dataclass(frozen=True, slots=True)
class Ink:
    """A piece of text set: its picture in RGBA, and where that lies from the upper left of its box."""

    image: Image
    left: int
    top: int


def set_text(piece: TextPiece, markup: str, width: int, look: str = "") -> Ink | None:
    """The markup as Pango sets it in the piece's style, in a box `width` wide; None where nothing is to be seen."""
    ready()
    mark = _MARKS[piece.direction]
    lines = "\n".join(mark + line for line in markup.split("\n"))
    if not _has_words(lines):
        return None
    height = piece.pitch * 1024  # of a line, in 1024ths of a point, which is a pixel here
    image = Image.text(
        f'<span foreground="{INK}" line_height="{height}" lang="{piece.language}"><span {look}>{lines}</span></span>',
        font=f"{family(piece.language)} {piece.size}",
        width=width,
        dpi=72,
        wrap="word-char",
        align="centre" if piece.is_centred else "low",
        rgba=True,
    )
    return Ink(image, image.xoffset, image.yoffset)


def cuts(piece: TextPiece, column: int) -> Cuts:
    """Where the lines of a piece may be parted, in a column of this width; () where nothing is to be seen."""
    width = box_width(piece, column)
    plain = set_text(piece, piece.markup, width)
    marked = set_text(piece, piece.markup, width, 'underline="single" underline_color="#ff0000"')
    if plain is None or marked is None:
        return ()
    red = (marked.image[0] - marked.image[1] > 96) & (marked.image[3] > 48)
    underlines = [row + marked.top for row in _heaviest(_row_sums(red), round(_APART * piece.pitch))]
    ink = _row_sums(plain.image[3])
    first = min(plain.top, underlines[0] - round(1.1 * piece.size))
    last = max(plain.top + len(ink), underlines[-1] + round(_BELOW * piece.size))
    between = (
        _quietest(ink, plain.top, range(above + 1, below - piece.size // 2), above + round(_BELOW * piece.size))
        for above, below in pairwise(underlines)
    )
    return (first, *between, last)


def box_width(piece: TextPiece, column: int) -> int:
    """The width that the lines of a piece may have."""
    return max(piece.size, column - piece.start)


def _has_words(markup: str) -> bool:
    return bool(re.sub(r"<[^>]*>|[\s\u200e\u200f\u2060-\u2069]", "", markup))


def _row_sums(image: Image) -> tuple[int, ...]:
    """The sum of the pixels of each row."""
    _, rows = image.project()
    return struct.unpack(f"{rows.height}I", bytes(rows.cast("uint").write_to_memory()))


def _heaviest(weights: Sequence[int], apart: int) -> list[int]:
    """The rows that weigh most, none nearer than `apart` to another, from the top."""
    chosen: list[int] = []
    for row in sorted((row for row, weight in enumerate(weights) if weight), key=lambda row: (-weights[row], row)):
        if all(abs(row - other) >= apart for other in chosen):
            chosen.append(row)
    return sorted(chosen)


def _quietest(ink: Sequence[int], top: int, rows: range, wished: int) -> int:
    """The row with the least ink above which a cut may go, of equal ones the nearest to the one wished for."""

    def drawn(row: int) -> int:
        return ink[row - top] if 0 <= row - top < len(ink) else 0

    return min(rows, key=lambda row: (drawn(row), abs(row - wished)), default=wished)
