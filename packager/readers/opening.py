"""Works whose files lie in archives and books: opened, in worker processes, archives inside archives too.

Nothing is written to a path that an archive names: what cannot be read where it lies goes into numbered files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from math import ceil
from operator import itemgetter
from pathlib import Path

from packager.archive import BY_HAND, rar
from packager.errors import SourceError
from packager.model import Outcome, Remark, Source
from packager.readers import unpacking
from packager.readers.comics import book
from packager.readers.discovery import Opening, Work, WorkKind
from packager.readers.files import File, member_file, member_order, told
from packager.readers.kinds import Kind
from packager.readers.pdf import DRAWN, Tally
from packager.readers.shelf import Scratch, unconfined
from packager.readers.worth import stored_bytes
from packager.sandbox.limits import LIMITS, Limits
from packager.sandbox.pool import Workers

_DEEPER = "an archive inside {} archives: unpack it"
_BESIDE = "a book beside the pictures of a comic is not opened: put it in a folder of its own"
_PRINTED = "Print it into a new PDF, or save its pages as pictures."
_BOOK_INSIDE = "an EPUB inside an archive is not opened: unpack it"


class _Endless(SourceError):
    """A work that asks for more than its bytes are worth, whichever of its archives it was found in."""


class Opener:
    """Opens the works of one bundle into `scratch`; `limits` hold for each work.

    `problems` grows with the archives that cannot be opened while the rest of their work can.
    """

    def __init__(self, workers: Workers, scratch: Scratch, limits: Limits = LIMITS) -> None:
        self._workers = workers
        self._scratch = scratch
        self._limits = limits
        self._begin("", 0)
        self.problems: list[SourceError] = []

    def opened(self, work: Work) -> Work:
        """The work with the files in its archives among its files; a book of text is an article from here on.

        Raises SourceError for what cannot be opened.
        """
        self._begin(work.label, stored_bytes(work))
        self._unconfined: tuple[Remark, ...] = ()
        found = self._opened(work)
        opening = replace(found.opening, remarks=(*found.opening.remarks, *self._unconfined))
        return replace(found, opening=opening)

    def _opened(self, work: Work) -> Work:
        if work.archive is None:
            self._count(len(work.files))
            return self._with_archives_opened(work)
        if work.archive.kind is Kind.BOOK and not _is_pdf(work.archive):
            return self._book(work, work.archive)
        files = self._files(work.archive, depth=1)
        return replace(
            work, files=files, opening=Opening(remarks=_drawn_pages(work.archive, files), is_pdf=self._has_pages)
        )

    def _begin(self, label: str, stored_bytes: int) -> None:
        """Count anew, for a work of so many bytes."""
        self._label, self._stored_bytes = label, stored_bytes
        self._members = self._bytes = 0
        self._seconds, self._has_pages = 0.0, False

    def _with_archives_opened(self, work: Work) -> Work:
        if work.kind is not WorkKind.COMIC or not any(file.kind in (Kind.ARCHIVE, Kind.BOOK) for file in work.files):
            return work
        files = tuple(inner for file in work.files for inner in self._inside(file, depth=1))
        archives = tuple(file for file in work.files if file.kind is Kind.ARCHIVE and file not in files)
        return replace(work, files=files, opening=Opening(archives=archives))

    def _inside(self, file: File, depth: int) -> tuple[File, ...]:
        """What a file stands for: itself, or what is in it; `depth` is 1 in a folder, and more in archives."""
        if file.kind not in (Kind.ARCHIVE, Kind.BOOK):
            return (file,)
        if file.kind is Kind.BOOK and (depth == 1 or not _is_pdf(file)):
            return (replace(file, refusal=_BESIDE if depth == 1 else _BOOK_INSIDE),)
        if depth > self._limits.archives_inside:
            return (replace(file, refusal=_DEEPER.format(self._limits.archives_inside)),)
        try:
            return self._files(self._on_disk(file), depth)
        except _Endless:
            raise
        except SourceError as error:
            self.problems.append(error)
            return (file,)

    def _files(self, archive: File, depth: int) -> tuple[File, ...]:
        """The files in an archive in natural order, and those in the archives among them."""
        with _told_of(archive.source.label):
            members = self._workers.submit(unpacking.directory, archive.source.path).result()
            if members is None:
                files = list(self._unpacked(archive))
            else:
                found = [member for member in members if not member.is_folder]
                self._count(len(found))
                files = [_in_place(archive, member.name, member.size_bytes) for member in found]
        files.sort(key=lambda file: member_order(file.path))
        return tuple(inner for file in files for inner in self._inside(file, depth + 1))

    def _unpacked(self, archive: File) -> Iterator[File]:
        for member, sent in groupby(self._pieces(archive), key=itemgetter(0)):
            self._count(1)
            if len(member.name) > self._limits.name_characters:  # the worker refuses it, unless it was taken over
                raise SourceError("holds a name that is too long", hint=BY_HAND)
            source = self._kept(_label(archive, member.name), (piece for _, piece in sent))
            size = source.path.stat().st_size
            if not size:
                source.path.unlink()
            yield member_file(archive.path, member.name, source, size or member.size_bytes)

    def _pieces(self, archive: File) -> Iterator[unpacking.Piece]:
        path = archive.source.path
        if self._workers.submit(unpacking.is_pdf, path).result():
            self._has_pages = True
            return self._pages(path)
        if not self._workers.submit(unpacking.needs_program, path).result():
            return self._workers.stream(unpacking.unpack, path)
        converter = rar.Converter(self._workers.programs, lambda: self._scratch.reserve(archive.source.label).path)
        converted = converter.convert(path)
        self._unconfined += unconfined(converted.program, self._workers, archive.source.label)
        return self._workers.stream(unpacking.unpack_converted, converted)

    def _pages(self, path: Path) -> Iterator[unpacking.Piece]:
        """The pages of a PDF, some in each job, so that all together have the time that their bytes are worth."""
        tally, most = Tally(), ceil(self._limits.drawing_seconds(self._stored_bytes))
        while not tally.is_done:
            if self._seconds > most:
                what = f"drawing its pages takes more than {most} seconds of the processor, too much for its"
                raise _Endless(f"{what} {self._stored_bytes:,} bytes", where=self._label, hint=_PRINTED)
            each = min(self._limits.processor_seconds, most)
            drawn, after = self._workers.submit_within(each, unpacking.pages, path, tally).result()
            self._seconds += after.seconds - tally.seconds
            tally = after
            yield from drawn

    def _on_disk(self, archive: File) -> File:
        """The archive as a file of its own, where it lies in another."""
        if archive.source.member is None:
            return archive
        with _told_of(archive.source.label):
            pieces = self._workers.stream(unpacking.copy, archive.source)
            return replace(archive, source=self._kept(archive.source.label, pieces))

    def _kept(self, label: str, pieces: Iterable[bytes]) -> Source:
        source = self._scratch.reserve(label)
        with source.path.open("xb") as file:
            for piece in pieces:
                self._bytes += len(piece)
                if self._bytes > self._limits.archive_bytes:
                    what = f"unpacks to more than {self._limits.archive_bytes >> 30} GiB"
                    raise _Endless(what, where=self._label, hint=BY_HAND)
                file.write(piece)
        return source

    def _count(self, members: int) -> None:
        self._members += members
        most = self._limits.most_members(self._stored_bytes)
        if self._members > most:
            raise _Endless(
                f"holds more than {most:,} members, with the archives inside it: too many for its "
                f"{self._stored_bytes:,} bytes",
                where=self._label,
                hint="Leave out what is no page, or divide it.",
            )

    def _book(self, work: Work, archive: File) -> Work:
        with _told_of(archive.source.label):
            path, seconds = archive.source.path, self._limits.text_processor_seconds
            read = self._workers.submit_within(seconds, unpacking.book, path).result()
        if not read.is_of_pictures:
            return replace(work, kind=WorkKind.ARTICLE, files=(archive,), archive=None)
        files = (*book.pages(archive, read), *book.words(archive, read, self._scratch), *book.unshown(archive, read))
        return replace(work, files=files, opening=Opening(info=book.info(read), chapters=book.chapters(read)))


def _is_pdf(book: File) -> bool:
    return book.path.suffix.lower() == ".pdf"


def _in_place(archive: File, name: str, size_bytes: int) -> File:
    return member_file(archive.path, name, Source(archive.source.path, _label(archive, name), member=name), size_bytes)


def _label(archive: File, name: str) -> str:
    return f"{archive.source.label}/{told(name)}"


def _drawn_pages(archive: File, files: Sequence[File]) -> tuple[Remark, ...]:
    """That pages of a PDF are pictures of their text now."""
    drawn = sum(DRAWN in file.path.name for file in files)
    if not drawn:
        return ()
    pages = "every page is" if drawn == len(files) else f"{drawn} of {len(files)} pages are"
    message = f"{pages} drawn: text in it becomes a picture; where its words matter, put them in articles/ as a text"
    return (Remark(archive.source.label, Outcome.DECIDED, message),)


@contextmanager
def _told_of(label: str) -> Iterator[None]:
    """Errors of another process, or of a numbered file, are told of the archive as people know it."""
    try:
        yield
    except _Endless:
        raise
    except SourceError as error:
        raise type(error)(error.what, where=label, hint=error.hint) from error
