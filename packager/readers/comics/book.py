"""An EPUB of pictures -> the files of a comic: pages in the book's order, its words as a transcript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from packager.model import Chapter, Direction, Source
from packager.readers.comics.comicinfo import ComicInfo
from packager.readers.files import File, told
from packager.readers.kinds import Kind
from packager.readers.shelf import Scratch
from packager.readers.unpacking import Book

_UNSHOWN = "no page of the book shows it"


def pages(archive: File, book: Book) -> Iterator[File]:
    """Each picture that the book shows, once, numbered so that the order of names is the book's."""
    for number, name in enumerate(_shown(book), start=1):
        path = archive.path / f"{number:05}{PurePosixPath(name).suffix.lower()}"
        yield File(_source(archive, name), path, Kind.PICTURE, book.sizes[name])


def words(archive: File, book: Book, scratch: Scratch) -> Iterator[File]:
    """The words that stand beside the pictures, as a transcript; none where there are none."""
    numbers = _shown(book)
    lines: list[str] = []
    for document in book.documents:
        if document.lines and document.pictures:
            lines.append(f"\n## {numbers[document.pictures[0]]:05}\n")
        lines += [f"- {line}" for line in document.lines]
    if lines:
        source = scratch.keep("\n".join(lines).encode(), f"{archive.source.label}/its words.md")
        yield File(source, archive.path / "transcript.md", Kind.TRANSCRIPT, source.path.stat().st_size)


def unshown(archive: File, book: Book) -> Iterator[File]:
    """The pictures of the book that none of its pages shows."""
    for name in sorted(book.package.types.keys() - _shown(book).keys() - {book.package.cover}):
        if book.package.types[name].startswith("image/"):
            yield File(_source(archive, name), archive.path / name, Kind.JUNK, book.sizes[name], _UNSHOWN)


def info(book: Book) -> ComicInfo:
    """What the book says of itself."""
    package = book.package
    return ComicInfo(
        title=package.title,
        writers=package.authors,
        summary=package.summary,
        language=package.language,
        is_right_to_left=package.direction is Direction.RTL,
    )


def chapters(book: Book) -> tuple[Chapter, ...]:
    """The chapters, where the table of contents leads to more than one page."""
    numbers = _shown(book)
    first = {document.name: numbers[document.pictures[0]] - 1 for document in book.documents if document.pictures}
    found: dict[int, str] = {}
    for heading in book.package.headings:
        if heading.name in first and heading.title:
            found.setdefault(first[heading.name], heading.title)
    return tuple(Chapter(title, index) for index, title in sorted(found.items())) if len(found) > 1 else ()


def _shown(book: Book) -> dict[str, int]:
    """The pictures in the order in which they are first shown, each with its number from 1."""
    names = dict.fromkeys(picture for document in book.documents for picture in document.pictures)
    return {name: number for number, name in enumerate(names, start=1)}


def _source(archive: File, name: str) -> Source:
    return Source(archive.source.path, f"{archive.source.label}/{told(name)}", member=name)
