"""Articles: a small typed tree. What is not in it cannot reach a document."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from packager.model.terms import Direction, Missing, Picture


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """A line break inside a paragraph."""


@dataclass(frozen=True, slots=True)
class Code:
    text: str


class Mark(StrEnum):
    """The ways in which a run of text can differ; the value is its HTML element."""

    EMPHASIS = "em"
    STRONG = "strong"
    SUB = "sub"
    SUP = "sup"
    STRUCK = "s"


@dataclass(frozen=True, slots=True)
class Marked:
    """Emphasis, strong, sub, sup, or struck out: no longer valid, and still there to be read."""

    mark: Mark
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link to the outside: words and address. Documents never hold it as a link."""

    address: str
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Ruby:
    """Base text with its reading above it."""

    base: str
    reading: str


@dataclass(frozen=True, slots=True)
class Span:
    """Text whose language or direction differs from what surrounds it; "" and None mean: not said."""

    children: tuple[Inline, ...]
    language: str = ""
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class FootnoteMark:
    """The place in the text that a footnote belongs to, by the footnote's label."""

    label: str


Inline = Text | Break | Code | Marked | Link | Ruby | Span | FootnoteMark


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; levels 2 to 4, since the title of the article is level 1."""

    level: int
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; `start` is the first number of an ordered one, None for bullets.

    `markers` are what stands before each item where that is no number counted up from `start`: (a), 가., Article 3.
    A list with markers has no start.
    """

    items: tuple[tuple[Block, ...], ...]
    start: int | None = None
    markers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture in an article; `picture` is Missing where it was damaged and left out."""

    picture: Picture | Missing
    alt: str = ""
    caption: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    children: tuple[Inline, ...]
    is_header: bool = False
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[Cell, ...], ...]
    caption: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class ThematicRule:
    """A break between parts of a text."""


@dataclass(frozen=True, slots=True)
class Preformatted:
    """Text whose spaces and line ends count; its language and direction where they differ from what surrounds it."""

    text: str
    language: str = ""
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Footnote:
    label: str
    blocks: tuple[Block, ...]


Block = Heading | Paragraph | ListBlock | Quote | Figure | Table | ThematicRule | Preformatted | Footnote
