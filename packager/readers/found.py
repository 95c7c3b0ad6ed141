"""The values that discovery and opening fill: what was found to make one publication, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from packager.config.definition import ARTICLES, COMICS, FILMS, SOUND, PublicationDefinition
from packager.model import Chapter, Remark, Source
from packager.readers.files import FileKind, SourceFile, printable

UNDEFINED = PublicationDefinition(source=Path())


class WorkKind(StrEnum):
    """What a work becomes; the value is the folder in which it belongs."""

    COMIC = COMICS
    ARTICLE = ARTICLES
    FILM = FILMS
    SOUND = SOUND

    @property
    def words(self) -> str:
        """What one is called in messages."""
        return {COMICS: "a comic", ARTICLES: "an article", FILMS: "a film"}.get(self.value, "a piece of sound")

    def counted(self, number: int) -> str:
        """So many of them in messages."""
        one = self.words.partition(" ")[2]
        several = one.replace("piece", "pieces") if self is WorkKind.SOUND else f"{one}s"
        return f"{number} {one if number == 1 else several}"


@dataclass(frozen=True, slots=True)
class ComicInfo:
    """What a ComicInfo.xml or a book says of a comic; "" where it says nothing. `origin` names it in remarks.

    `is_manga` says that it is one, but not how it reads. `front_cover` and `double_pages` are indexes of pages.
    """

    title: str = ""
    series: str = ""
    volume: str = ""
    number: str = ""
    writers: tuple[str, ...] = ()
    summary: str = ""
    language: str = ""
    is_right_to_left: bool = False
    is_manga: bool = False
    front_cover: int | None = None
    double_pages: frozenset[int] = frozenset()
    origin: str = "ComicInfo.xml"

    @property
    def name(self) -> str:
        """Its title, else its series and its place in it."""
        volume = f"Vol. {self.volume}" if self.volume and len(self.volume) < 4 else ""  # else it is a year
        return self.title or (" ".join(filter(None, (self.series, volume, self.number))) if self.series else "")


@dataclass(frozen=True, slots=True)
class OpenedContents:
    """What opened archives and books say besides their files.

    `archives` are those that lay in the work's folder; `info`, `chapters` and `cover` are what a book says of itself.
    The pictures of a PDF are larger than the words that they show.
    """

    archives: tuple[SourceFile, ...] = ()
    remarks: tuple[Remark, ...] = ()
    info: ComicInfo = ComicInfo()
    chapters: tuple[Chapter, ...] = ()
    cover: Source | None = None
    is_pdf: bool = False


@dataclass(frozen=True, slots=True)
class SeriesFolder:
    """A folder whose archives, books or films are works of one series; `doubt` is what its names leave open."""

    path: PurePosixPath
    name: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class FoundWork:
    """The files that make one publication, and what the organizer says of it.

    `path`, relative to the bundle, is the folder, the archive or the first file that it comes from. An article's files
    are its versions; those of a film or of sound are these, and all that lies beside them for them; a comic's are
    everything in its folder, or in its `archive` once that has been opened: `contents` is what that gave besides files.
    `name` is what its place calls it, where that is more than the name of its file.
    """

    kind: WorkKind
    path: PurePosixPath
    files: tuple[SourceFile, ...]
    defined: PublicationDefinition = UNDEFINED
    archive: SourceFile | None = None
    contents: OpenedContents = OpenedContents()
    series: SeriesFolder | None = None
    name: str = ""

    @property
    def label(self) -> str:
        """Its path as messages name it."""
        return printable(self.path)

    @property
    def origins(self) -> tuple[str, ...]:
        """The paths in the bundle by which it is known again: of an article or a film those of all its versions."""
        if self.kind is WorkKind.FILM:
            return tuple(printable(file.path) for file in self.files if file.kind is FileKind.FILM)
        if self.kind is WorkKind.ARTICLE:
            return tuple(printable(file.path) for file in self.bundle_files)
        return (self.label,)

    @property
    def archives(self) -> tuple[SourceFile, ...]:
        """The archive that it is, or those that lay in its folder."""
        return (self.archive,) if self.archive else self.contents.archives

    @property
    def bundle_files(self) -> tuple[SourceFile, ...]:
        """The files of the bundle that make it: the archive where it is one."""
        return (self.archive,) if self.archive else self.files

    @property
    def stored_bytes(self) -> int:
        """The size, in bytes, of what it was found in: its archive, or its files."""
        return sum(file.size_bytes for file in self.bundle_files)
