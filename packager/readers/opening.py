"""Works whose files lie in archives and books: opened, in worker processes, archives inside archives too.

Nothing is written to a path that an archive names: what cannot be read where it lies goes into numbered files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from packager.errors import SourceError
from packager.model import Outcome, Remark
from packager.readers import epub, pdf
from packager.readers.context import Scratch
from packager.readers.files import FileKind, SourceFile
from packager.readers.found import FoundWork, OpenedContents, WorkKind
from packager.readers.unpacking import ALL_PARTS, ExcessiveWork, Spending, Unpacker
from packager.readers.volumes import with_sets
from packager.sandbox.limits import LIMITS, Limits
from packager.sandbox.pool import Workers
from packager.text.order import in_order

_PACKED = (FileKind.ARCHIVE, FileKind.BOOK)

_TOO_DEEP = "lies inside {} archives, so it is not opened: unpack it"
_BOOK_INSIDE = "an EPUB inside an archive is not opened: unpack it"
_DRAWN_HINT = "text in it becomes a picture; where its words matter, put them in articles/ as a text"


def open_works(
    works: Iterable[FoundWork],
    workers: Workers,
    scratch: Scratch,
    problems: list[SourceError],
    limits: Limits = LIMITS,
    *,
    skip_damaged: bool = False,
) -> Iterator[FoundWork]:
    """Yield the works with the files in their archives among their files; a book of text becomes an article.

    What cannot be read where it lies is unpacked into `scratch`. `limits` hold for each work, with all archives in it.
    With `skip_damaged`, of damaged archives what is left is taken. `problems` grows with the works, and the archives in
    them, that cannot be opened.
    """
    for work in works:
        try:
            spending = Spending(work.label, work.stored_bytes, limits)
            unpacker = Unpacker(workers, scratch, spending, skip_damaged)
            yield _WorkOpener(work, unpacker, problems, limits).open()
        except SourceError as error:
            problems.append(error)


@dataclass(slots=True)
class _WorkOpener:
    """Opens one work, and counts what it asks for with all archives in it."""

    work: FoundWork
    unpacker: Unpacker
    problems: list[SourceError]
    limits: Limits

    def open(self) -> FoundWork:
        """Return the work opened; raises SourceError where it cannot be."""
        archive = self.work.archive
        if archive is None:
            return self._open_folder()
        if _is_epub(archive):
            return self._open_book(archive)
        files = self._files(archive, depth=1)
        if drawn := sum(pdf.DRAWN in file.path.name for file in files):
            which = "every page is" if drawn == len(files) else f"{drawn} of {len(files)} pages are"
            message = f"{which} drawn: {_DRAWN_HINT}"
            self.unpacker.remarks.insert(0, Remark(archive.source.label, Outcome.DECIDED, message))
        contents = OpenedContents(remarks=tuple(self.unpacker.remarks), is_pdf=self.unpacker.is_pdf)
        return replace(self.work, files=files, contents=contents)

    def _open_folder(self) -> FoundWork:
        work = self.work
        self.unpacker.spending.count(len(work.files))
        if work.kind is not WorkKind.COMIC or not any(file.kind in _PACKED for file in work.files):
            return work
        files = tuple(inner for file in work.files for inner in self._inside(file, depth=1))
        archives = tuple(file for file in work.files if file.kind is FileKind.ARCHIVE and file not in files)
        return replace(work, files=files, contents=OpenedContents(archives, tuple(self.unpacker.remarks)))

    def _open_book(self, archive: SourceFile) -> FoundWork:
        with _labelled(archive.source.label):
            seconds = self.limits.text_seconds(archive.size_bytes)
            read = self.unpacker.workers.submit_within(seconds, epub.read_book, archive.source.path).result()
        if not read.is_of_pictures:
            return replace(self.work, kind=WorkKind.ARTICLE, files=(archive,), archive=None)
        files = tuple(epub.comic_files(archive, read, self.unpacker.scratch))
        contents = OpenedContents(
            remarks=tuple(epub.remarks_on(archive, read)),
            info=read.info,
            chapters=read.chapters,
            cover=epub.cover_of(archive, read),
        )
        return replace(self.work, files=files, contents=contents)

    def _inside(self, file: SourceFile, depth: int) -> tuple[SourceFile, ...]:
        """Return what a file stands for: itself, or what is in it; `depth` is 1 in a folder, and more in archives."""
        if file.kind not in _PACKED:
            return (file,)
        if _is_epub(file):
            return (replace(file, refusal=_BOOK_INSIDE),)
        if depth > self.limits.archives_inside:
            return (replace(file, refusal=_TOO_DEEP.format(self.limits.archives_inside)),)
        try:
            return self._files(file, depth)
        except ExcessiveWork:
            raise
        except SourceError as error:
            self.problems.append(error)
            return (file,)

    def _files(self, archive: SourceFile, depth: int) -> tuple[SourceFile, ...]:
        """Return the files in an archive in their order, and those in the archives among them."""
        if archive.volumes and archive.refusal:
            raise SourceError(archive.refusal, where=archive.source.label, hint=ALL_PARTS)
        with _labelled(archive.source.label):
            files = with_sets(self.unpacker.files(archive))
        in_reading_order = in_order(files, lambda file: file.path)
        return tuple(inner for file in in_reading_order for inner in self._inside(file, depth + 1))


def _is_epub(file: SourceFile) -> bool:
    return file.kind is FileKind.BOOK and file.path.suffix.lower() != ".pdf"


@contextmanager
def _labelled(label: str) -> Iterator[None]:
    """Errors of another process, or of a numbered file, name the archive by its label."""
    try:
        yield
    except ExcessiveWork:
        raise
    except SourceError as error:
        raise error.at(label) from error
