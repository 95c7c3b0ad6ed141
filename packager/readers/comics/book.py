"""An EPUB of pictures -> the files of a comic: pages in the book's order, its words as a transcript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packager.archive.read import members
from packager.model import Chapter, Direction, Source
from packager.readers import epub
from packager.readers.comics.comicinfo import ComicInfo
from packager.readers.context import Scratch
from packager.readers.files import FileKind, SourceFile, printable


@dataclass(frozen=True, slots=True)
class ReadBook:
    """What an EPUB holds: its package, what its documents show, and the size of each member in bytes."""

    package: epub.EpubPackage
    documents: tuple[epub.BookDocument, ...]
    sizes: dict[str, int]

    @property
    def is_of_pictures(self) -> bool:
        """Whether it is read as a comic."""
        return epub.is_of_pictures(self.package, self.documents)

    @property
    def page_numbers(self) -> dict[str, int]:
        """The pictures in the order in which they are first shown, each with its number from 1."""
        names = dict.fromkeys(picture for document in self.documents for picture in document.pictures)
        return {name: number for number, name in enumerate(names, start=1)}

    @property
    def info(self) -> ComicInfo:
        """What the book says of itself."""
        return ComicInfo(
            title=self.package.title,
            writers=self.package.authors,
            summary=self.package.summary,
            language=self.package.language,
            is_right_to_left=self.package.direction is Direction.RTL,
        )

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters, where the table of contents leads to more than one page."""
        numbers = self.page_numbers
        first = {document.name: numbers[document.pictures[0]] - 1 for document in self.documents if document.pictures}
        titles: dict[int, str] = {}
        for heading in self.package.contents:
            if heading.name in first and heading.title:
                titles.setdefault(first[heading.name], heading.title)
        return tuple(Chapter(title, index) for index, title in sorted(titles.items())) if len(titles) > 1 else ()


def read(path: Path) -> ReadBook:
    """Return what the EPUB at `path` holds; raises SourceError. A job for a worker."""
    package = epub.read_package(path)
    sizes = {member.name: member.size_bytes for member in members(path)}
    return ReadBook(package, epub.documents(path, package), sizes)


def files_of(archive: SourceFile, book: ReadBook, scratch: Scratch) -> Iterator[SourceFile]:
    """Yield each picture that the book shows, numbered in its order, its words, and the pictures that it never shows.

    The words that stand beside the pictures become a transcript, which is kept in `scratch`.
    """
    numbers = book.page_numbers
    for name, number in numbers.items():
        path = archive.path / f"{number:05}{PurePosixPath(name).suffix.lower()}"
        yield SourceFile(_source(archive, name), path, FileKind.PICTURE, book.sizes[name])
    if words := _transcript(book):
        source = scratch.keep(words.encode(), f"{archive.source.label}/its words.md")
        path = archive.path / "transcript.md"
        yield SourceFile(source, path, FileKind.TRANSCRIPT, source.path.stat().st_size)
    for name in sorted(book.package.types.keys() - numbers.keys() - {book.package.cover}):
        if book.package.types[name].startswith("image/"):
            refusal = "no page of the book shows it"
            yield SourceFile(_source(archive, name), archive.path / name, FileKind.JUNK, book.sizes[name], refusal)


def _transcript(book: ReadBook) -> str:
    numbers = book.page_numbers
    lines: list[str] = []
    for document in book.documents:
        if document.lines and document.pictures:
            lines.append(f"\n## {numbers[document.pictures[0]]:05}\n")
        lines += [f"- {line}" for line in document.lines]
    return "\n".join(lines)


def _source(archive: SourceFile, name: str) -> Source:
    return Source(archive.source.path, f"{archive.source.label}/{printable(name)}", member=name)
