"""A book of pictures -> the files of a comic, and what is to be said of what is not among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from packager.model import Outcome, Remark, Source
from packager.readers.context import Scratch
from packager.readers.epub.documents import ReadBook
from packager.readers.files import FileKind, SourceFile, kind_of_path, printable
from packager.text.spelling import first_of

_MOST_NAMED = 5
_LONGEST = 80  # letters of an address


def comic_files(archive: SourceFile, book: ReadBook, scratch: Scratch) -> Iterator[SourceFile]:
    """Yield each picture that the book shows, numbered in its order, its words, and the pictures that it never shows.

    The words that stand beside the pictures become a transcript. It is kept in `scratch`, and so are pictures whose
    bytes stand in a document.
    """
    pages = book.pages
    embedded = {
        name: scratch.keep(data, f"{archive.source.label}/picture {number}")
        for number, (name, data) in enumerate(book.embedded.items(), start=1)
    }
    for number, name in enumerate(pages, start=1):
        source = embedded.get(name) or _member(archive, name)
        path = archive.path / f"{number:05}{PurePosixPath(name).suffix.lower()}"
        size = len(book.embedded.get(name, b"")) or book.package.sizes.get(name, 0)
        yield SourceFile(source, path, FileKind.PICTURE, size)
    if lines := list(_transcript(book)):
        source = scratch.keep("\n".join(lines).encode(), f"{archive.source.label}/its words.md")
        path = archive.path / "transcript.md"
        yield SourceFile(source, path, FileKind.TRANSCRIPT, source.path.stat().st_size)
    for section in (section for document in dict.fromkeys(book.documents) for section in document.sections):
        name, text = section.file(lambda member: book.first_pages.get(member, 0) + 1)
        source = scratch.keep(text.encode(), f"{archive.source.label}/{name}")
        yield SourceFile(source, archive.path / name, kind_of_path(PurePosixPath(name)), source.path.stat().st_size)
    for name in _unshown(book):
        size, refusal = book.package.sizes.get(name, 0), "no page of the book shows it"
        yield SourceFile(_member(archive, name), archive.path / name, FileKind.JUNK, size, refusal)


def cover_of(archive: SourceFile, book: ReadBook) -> Source | None:
    """Return the picture that the book calls its cover."""
    return _member(archive, book.package.cover) if book.package.cover else None


def remarks_on(archive: SourceFile, book: ReadBook) -> Iterator[Remark]:
    """Yield what the organizer should know of pages that are not shown as the book has them."""
    label = archive.source.label
    if missing := book.package.missing:
        yield Remark(label, Outcome.WARNING, f"documents of the book that are missing: {_named(missing)}")
    if lost := list(dict.fromkeys(name[:_LONGEST] for one in book.documents for name in one.lost)):
        message = f"pictures that the book shows and does not hold: {len(lost)} ({_named(lost)})"
        yield Remark(label, Outcome.WARNING, message)
    if unshown := _unshown_pages(book):
        which = (
            f"{len(unshown)} pictures as large as its pages are"
            if len(unshown) > 1
            else "a picture as large as its pages is"
        )
        message = f"{which} shown on none and not taken: {_named(unshown)}; look whether pages are missing"
        yield Remark(label, Outcome.WARNING, message)
    if drawn := [one.name for one in book.documents if one.drawings and not one.pictures]:
        which = f"{len(drawn)} pages that are drawn" if len(drawn) > 1 else "a page that is drawn"
        message = f"{which} (SVG) cannot be shown: {_named(drawn)}; make pictures of such pages, as PNG"
        yield Remark(label, Outcome.WARNING, message)
    if not book.shows_pictures:
        message = f"its documents show no picture in a way that is read: its {len(book.pages)} pictures are taken"
        yield Remark(label, Outcome.WARNING, f"{message} in the order of the book; look whether it is right")
    for name, count in list(book.ornaments.items())[:_MOST_NAMED]:
        message = f"{PurePosixPath(name).name} stands beside other pictures on {count} pages: shown once"
        yield Remark(label, Outcome.DECIDED, message)


def _unshown(book: ReadBook) -> list[str]:
    """The pictures of pixels that are neither pages nor the cover."""
    shown = {*book.pages, book.package.cover}
    return [name for name in book.package.pictures if name not in shown]


def _unshown_pages(book: ReadBook) -> list[str]:
    """Those that may be pages: as large as the smallest one, in bytes, and not just as large as any, as a copy is."""
    sizes = book.package.sizes
    shown = {sizes[name] for name in (*book.pages, book.package.cover) if name in sizes}
    return [name for name in _unshown(book) if sizes.get(name, 0) > min(shown, default=0) and sizes[name] not in shown]


def _transcript(book: ReadBook) -> Iterator[str]:
    """The words of each document under the number of its first page, else of the page before it."""
    first, number, told = book.first_pages, 0, 0
    for document in dict.fromkeys(book.documents):
        number = first.get(document.name, max(0, number - 1)) + 1
        if document.lines and number != told:
            told = number
            yield f"\n## {number:05}\n"
        yield from (f"- {line}" for line in document.lines)


def _member(archive: SourceFile, name: str) -> Source:
    return Source(archive.source.path, f"{archive.source.label}/{printable(name)}", member=name)


def _named(names: Sequence[str]) -> str:
    """The first names of a list, and how many more there are."""
    return first_of([PurePosixPath(printable(name)).name for name in names], _MOST_NAMED)
