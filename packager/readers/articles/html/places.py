"""What parts of the tree are made by: the page around a node, where it stands, and what that makes of its words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from packager.model import Direction, Inline, Mark, Marked, Span
from packager.readers.articles.html.notes import Notes
from packager.readers.articles.html.shape import PageShape
from packager.readers.articles.pictures import References
from packager.readers.articles.reading import MAX_DEPTH


@dataclass(frozen=True, slots=True)
class PageParts:
    """What elements are told by: pictures, notes, shape, what is no part of the article, and the title's heading."""

    references: References
    notes: Notes
    shape: PageShape
    left_out: frozenset[int] = frozenset()
    heading: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """How deep in the tree a node stands, in which language and direction, and whether struck or with its line ends."""

    depth: int
    language: str
    direction: Direction | None
    is_struck: bool = False
    keeps_lines: bool = False

    def deeper(self) -> Place:
        return replace(self, depth=self.depth + 1)

    @property
    def is_last(self) -> bool:
        return self.depth >= MAX_DEPTH

    def differing(self, around: Place) -> tuple[str, Direction | None]:
        """The language and direction where they are others than around the node; "" and None where they are not."""
        language = self.language if self.language != around.language else ""
        return language, self.direction if self.direction is not around.direction else None


def spanned(children: tuple[Inline, ...], inside: Place, around: Place) -> tuple[Inline, ...]:
    """Return the run, said to be struck out, and in its language and direction, where those around it differ."""
    if inside.is_struck and not around.is_struck and children:
        children = (Marked(Mark.STRUCK, children),)
    language, direction = inside.differing(around)
    return (Span(children, language, direction),) if language or direction else children
