"""The terms that everything speaks: where bytes lie, how works read, in which forms they are made, texts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Flow(StrEnum):
    """How a comic reads: one continuous vertical strip, one painting from side to side, or page by page."""

    STRIP = "strip"
    SCROLL = "scroll"
    PAGES = "pages"


class Direction(StrEnum):
    """The direction of reading: of pages in a comic, of letters in a text."""

    LTR = "ltr"
    RTL = "rtl"


class Spreads(StrEnum):
    """What becomes of pictures that show two pages beside each other."""

    KEEP = "keep"
    SPLIT = "split"


class Edition(StrEnum):
    """A form in which a publication reaches the tree."""

    SITE = "site"
    PHONE = "phone"
    CBZ = "cbz"
    EPUB = "epub"
    PDF = "pdf"
    PHOTO = "photo"


class Role(StrEnum):
    """What a rendition is for: of a picture, of a film, or of sound."""

    PAGE = "page"
    PHONE = "phone"
    COVER = "cover"
    PDF = "pdf"  # of an article, the whole of it
    BOOK_COVER = "book cover"  # of an article, in a book alone
    PHOTO = "photo"
    FILM = "film"
    TRACK = "track"
    THUMBNAIL = "thumbnail"  # in the organizer's report only, never in a tree


class LinkStyle(StrEnum):
    """What remains of a link to the outside: its words only, or the address as text too."""

    DROP = "drop"
    PRINT = "print"


class PaperSize(StrEnum):
    """The paper that texts are set on: for screens, or to print."""

    A5 = "a5"
    A4 = "a4"


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
        """Return the same text for every language."""
        return cls((("", text),)) if text else cls()

    def in_language(self, language: str) -> str:
        """Return the form for `language`, else for its primary subtag, else the first; "" when there is none."""
        by_language = dict(self.forms)
        for candidate in (language, language.partition("-")[0]):
            if candidate in by_language:
                return by_language[candidate]
        return self.forms[0][1] if self.forms else ""

    def exactly(self, language: str) -> str:
        """Return the form given for `language` itself or for its primary subtag; "" where there is none."""
        by_language = dict(self.forms)
        return by_language.get(language) or by_language.get(language.partition("-")[0], "")

    def __bool__(self) -> bool:
        return bool(self.forms)


@dataclass(frozen=True, slots=True)
class Source:
    """Where bytes lie: a file, or a member of an archive file.

    `label` is what people are told: the path relative to the bundle, with `archive.cbz/member` for members.
    """

    path: Path
    label: str
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One of `count` equally wide columns of a picture; `number` counts them from the left, from 0."""

    number: int
    count: int

    def edges(self, width: int) -> tuple[int, int]:
        """Return where the column begins and ends in a picture of this width, in pixels."""
        return width * self.number // self.count, width * (self.number + 1) // self.count

    def __str__(self) -> str:
        """What people are told of it."""
        return ("left", "right")[self.number] if self.count == 2 else f"{self.number + 1} of {self.count} from the left"


@dataclass(frozen=True, slots=True)
class Picture:
    """One source picture as its header describes it, turned as its EXIF orientation says; pixels.

    Of a spread or a scroll that is split, it is one column; `is_cropped` says that empty borders are to be taken off.
    Of a TIFF it is the `page` counted from 0, and the first has width and height of those behind it in `more_pages`.
    The `checksum`, a CRC-32 of its file, tells whether it is still what an earlier edition showed.
    """

    source: Source
    width: int
    height: int
    column: Column | None = None
    is_cropped: bool = False
    page: int = 0
    more_pages: tuple[tuple[int, int], ...] = ()
    checksum: int = 0


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture says of itself: pixels after its EXIF orientation is obeyed, Pillow's name of its format.

    Of a TIFF it is the first page; `more_pages` has width and height of the others. The `checksum` is a CRC-32.
    """

    width: int
    height: int
    format: str
    frames: int
    more_pages: tuple[tuple[int, int], ...] = ()
    checksum: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """A picture that was left out because it is damaged, and why; the reader says so in its place."""

    source: Source
    reason: str = ""
