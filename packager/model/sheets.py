"""Texts on their way to pictures of pages: what is set, and where it comes to stand. All lengths in pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from packager.model.renditions import Wish
from packager.model.terms import Direction

WIDTH_OF_TYPE = 24 / 1280  # of the sheet's width: 24 px on a player's 1280, and as large to the eye on a TV's 1920
LEAST_TYPE = 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page of a text that is shown as a picture, in the shape of a wide screen."""

    width: int

    @property
    def height(self) -> int:
        return self.width * 9 // 16

    @property
    def type_size(self) -> int:
        """The type of a text's body; everything else is measured in it."""
        return max(LEAST_TYPE, round(self.width * WIDTH_OF_TYPE))

    @property
    def left(self) -> int:
        """The margin on either side: lines of some seventy letters read best."""
        return 7 * self.type_size

    @property
    def top(self) -> int:
        return 5 * self.type_size // 2

    @property
    def column(self) -> int:
        """The width of the text."""
        return self.width - 2 * self.left

    @property
    def depth(self) -> int:
        """The height of the text; below it stands the number of the page."""
        return self.height - self.top - 7 * self.type_size // 2


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A run of text in one style: `markup` as Pango reads it, in type of `size`, lines `pitch` apart.

    `start` is its indent at the side where lines begin, `before` the space above it unless it begins a page. `marker`
    hangs in the indent, a bar stands in it beside a quote.
    """

    markup: str
    language: str
    direction: Direction
    size: int
    pitch: int
    before: int = 0
    start: int = 0
    marker: str = ""
    has_bar: bool = False
    is_centred: bool = False
    stays_with_next: bool = False


@dataclass(frozen=True, slots=True)
class PicturePiece:
    """A figure that lies in the scratch folder, in the size that it has on the page."""

    path: Path
    width: int
    height: int
    before: int
    stays_with_next: bool = False

    def shrunk(self, height: int) -> PicturePiece:
        """The same no higher than `height`."""
        return replace(self, width=max(1, self.width * height // self.height), height=height)


@dataclass(frozen=True, slots=True)
class RulePiece:
    """A line between parts of a text: short, or as wide as the column."""

    before: int
    is_wide: bool = False
    height: int = 1
    stays_with_next: bool = False


Piece = TextPiece | PicturePiece | RulePiece

Cuts = tuple[int, ...]
"""Where the lines of a piece of text may be parted: rows from its first line's top, one more than there are lines."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece on a page, `top` rows below the margin; of a text the rows from `first` to before `last`.

    `begins` says that the piece's first line is among them.
    """

    piece: Piece
    top: int
    first: int
    last: int
    begins: bool


@dataclass(frozen=True, slots=True)
class SheetJob:
    """One page to be set, with what stands below its text."""

    sheet: Sheet
    placed: tuple[Placed, ...]
    number: str
    wish: Wish
