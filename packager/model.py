"""The values that flow from `define` to `finish`: frozen, comparable, with tuples inside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

# --- what everything speaks ---------------------------------------------------------------------


class Flow(StrEnum):
    """How a comic reads: one continuous vertical strip, or page by page."""

    STRIP = "strip"
    PAGES = "pages"


class Direction(StrEnum):
    """The direction of reading: of pages in a comic, of letters in a text."""

    LTR = "ltr"
    RTL = "rtl"


class Edition(StrEnum):
    """A form in which a publication reaches the tree."""

    SITE = "site"
    PHONE = "phone"
    CBZ = "cbz"


class Role(StrEnum):
    """What a rendition of a picture is for."""

    PAGE = "page"
    PHONE = "phone"
    COVER = "cover"


class LinkStyle(StrEnum):
    """What remains of a link to the outside: its words only, or the address as text too."""

    DROP = "drop"
    PRINT = "print"


class NameStyle(StrEnum):
    """Whether folders, files and document titles tell nothing, or carry the works' titles."""

    NUMBERS = "numbers"
    TITLES = "titles"


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in one or several languages; the first form answers for languages it lacks.

    `forms` holds (language, text); the language is "" for a text given without one.
    """

    forms: tuple[tuple[str, str], ...] = ()

    @classmethod
    def plain(cls, text: str) -> Wording:
        """The same text for every language."""
        return cls((("", text),)) if text else cls()

    def in_language(self, language: str) -> str:
        """The form for `language`, else for its primary subtag, else the first; "" when there is none."""
        by_language = dict(self.forms)
        for candidate in (language, language.partition("-")[0]):
            if candidate in by_language:
                return by_language[candidate]
        return self.forms[0][1] if self.forms else ""

    def exactly(self, language: str) -> str:
        """The form given for `language` itself or for its primary subtag; "" where there is none."""
        by_language = dict(self.forms)
        return by_language.get(language) or by_language.get(language.partition("-")[0], "")

    def __bool__(self) -> bool:
        return bool(self.forms)


# --- sources ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """Where bytes lie: a file, or a member of an archive file.

    `label` is what people are told: the path relative to the bundle, with `archive.cbz/member` for members.
    """

    path: Path
    label: str
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """One source picture as its header describes it, turned as its EXIF orientation says; pixels."""

    source: Source
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture says of itself: pixels after its EXIF orientation is obeyed, Pillow's name of its format."""

    width: int
    height: int
    format: str
    frames: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A picture that was left out because it is damaged; the reader says so in its place."""

    source: Source


# --- articles: a small typed tree ----------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Marked:
    """Emphasis, strong, sub or sup."""

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
    """A list; `start` is the first number of an ordered one, None for bullets."""

    items: tuple[tuple[Block, ...], ...]
    start: int | None = None


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
    text: str


@dataclass(frozen=True, slots=True)
class Footnote:
    label: str
    blocks: tuple[Block, ...]


Block = Heading | Paragraph | ListBlock | Quote | Figure | Table | ThematicRule | Preformatted | Footnote


# --- publications -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words in a comic's pictures in one language: (index of the picture from 0, lines).

    Sections that belong to no picture carry the index of the picture before them.
    """

    language: str
    sections: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class About:
    """The page about the artist in one language."""

    language: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Comic:
    """The pictures of one comic in one language, in reading order."""

    flow: Flow
    direction: Direction
    pictures: tuple[Picture | Missing, ...]
    cover: Picture | None = None
    transcripts: tuple[Transcript, ...] = ()
    about: tuple[About, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """The text of one article in one language; `cover` stands for it in the library only."""

    blocks: tuple[Block, ...]
    cover: Picture | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A publication in one language (BCP 47; "und" where it could not be told)."""

    language: str
    title: str
    work: Comic | Article
    authors: tuple[str, ...] = ()
    summary: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """One comic or one article in one or more languages; the first version stands for it.

    `title` and `summary` are the organizer's, in more languages perhaps than there are versions.
    """

    id: str
    versions: tuple[Version, ...]
    title: Wording = Wording()
    summary: Wording = Wording()
    section: Wording = Wording()
    series: Wording = Wording()
    priority: int = 1


# --- what became of the sources ------------------------------------------------------------------


class Outcome(StrEnum):
    """What became of a source."""

    TAKEN = "taken"
    PASSED_OVER = "passed over"  # junk, or not for us: nothing a reader would miss
    DAMAGED = "damaged"  # left out at the organizer's word; the reader says so in its place
    LEFT_OUT = "left out"  # not wanted, by the organizer's word
    DECIDED = "decided"  # a guess of ours that the organizer can overrule
    SHOWN = "shown"  # an address or a name that stands in a text
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of the report: a source (as in `Source.label`), what became of it, and why."""

    source: str
    outcome: Outcome
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that was read: publications in the order of the home document, and every remark."""

    publications: tuple[Publication, ...]
    remarks: tuple[Remark, ...]


# --- pictures as they will be shown ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RenditionSpec:
    """How to encode a picture for a role. Pixels; `quality` as libjpeg counts it, 1 to 100.

    A page is shrunk to `width`, `max_side` and `max_pixels`, whichever is smallest, never enlarged. A strip is
    shrunk to `width` and cut into slices at most `slice_ratio` times as tall as wide and within the same limits.
    """

    role: Role
    width: int
    max_side: int
    max_pixels: int
    quality: int
    slice_ratio: float = 1.5


@dataclass(frozen=True, slots=True)
class Encoded:
    """One encoded picture or slice, in pixels.

    `first` is the index of the source picture that its top row comes from. `is_forced_cut` says that the cut below it
    goes through something drawn.
    """

    role: Role
    data: bytes
    width: int
    height: int
    first: int = 0
    is_forced_cut: bool = False


@dataclass(frozen=True, slots=True)
class Rendition:
    """One encoding of one picture or slice, lying in the scratch folder.

    `first` is the index, from 0, of the source picture that its top row comes from.
    """

    role: Role
    path: Path
    width: int
    height: int
    size_bytes: int
    first: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The place of a picture that could not be rendered; `first` is its index among the source pictures."""

    first: int


Shown = Rendition | LeftOut


@dataclass(frozen=True, slots=True)
class RoleSet:
    """The renditions of one version for one role, in reading order; figures in the order of the text."""

    role: Role
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Renditions:
    """All renditions of one version; `edge` is the colour beside a strip as `#rrggbb`."""

    sets: tuple[RoleSet, ...]
    edge: str = "#ffffff"

    def of(self, role: Role) -> tuple[Shown, ...]:
        """The renditions for `role` in reading order; empty where none were asked for."""
        return next((group.shown for group in self.sets if group.role is role), ())


# --- the tree --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Document:
    """An HTML, XML or text file made from a template; `pictures` are set in as data URIs, in order."""

    template: str
    view: object
    pictures: tuple[Rendition, ...] = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that lies in the scratch folder already."""

    path: Path


@dataclass(frozen=True, slots=True)
class Cbz:
    """A stored ZIP of other entries, whose paths are the member names."""

    members: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the tree: path relative to the tree, media type, content and exact size."""

    path: PurePosixPath
    media_type: str
    content: Document | Copy | Cbz
    size_bytes: int


# --- the check -------------------------------------------------------------------------------------


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One broken rule in one place. `path` is relative to what was checked, "" for the whole of it."""

    path: str
    code: str
    message: str
    remedy: str = ""
    severity: Severity = Severity.ERROR
    line: int | None = None
