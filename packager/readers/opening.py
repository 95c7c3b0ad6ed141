"""Works whose files lie in archives and books: opened, in worker processes, archives inside archives too.

Nothing is written to a path that an archive names: what cannot be read where it lies goes into numbered files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import Enum, auto
from functools import partial
from itertools import groupby
from math import ceil
from operator import itemgetter
from pathlib import Path
from time import process_time

from packager.archive import BY_HAND, Member, rar
from packager.archive.read import is_random_access, iterate, members, open_source
from packager.errors import SourceError
from packager.model import Outcome, Remark, Source
from packager.readers import pdf
from packager.readers.comics import book
from packager.readers.context import Remarks, Scratch, unrestricted_program
from packager.readers.discovery import FoundWork, Opening, WorkKind
from packager.readers.files import FileKind, Files, SourceFile, kind_of_path, member_file, member_path, printable
from packager.sandbox.limits import LIMITS, Limits
from packager.sandbox.pool import Workers
from packager.text.natural import natural_key

_PIECE_BYTES = 1 << 18
_BATCH_SECONDS, _BATCH_BYTES = 1, 16 << 20  # of pages that cross to the parent together
_PACKED = (FileKind.ARCHIVE, FileKind.BOOK)
_UNUSED = (FileKind.JUNK, FileKind.OTHER, FileKind.NOTICE)

_TOO_DEEP = "lies inside {} archives, so it is not opened: unpack it"
_BOOK_BESIDE = "a book beside the pictures of a comic is not opened: put it in a folder of its own"
_BOOK_INSIDE = "an EPUB inside an archive is not opened: unpack it"

MemberPiece = tuple[Member, bytes]


class _Excess(SourceError):
    """A work that asks for more than its bytes are worth, whichever of its archives it was found in."""


class _Access(Enum):
    """How an archive is read whose members cannot be read one by one."""

    STREAM = auto()
    PDF = auto()
    PROGRAM = auto()


class Opener:
    """Opens the works of one bundle into `scratch`; `limits` hold for each work, with all archives in it.

    `problems` grows with the archives that cannot be opened.
    """

    def __init__(self, workers: Workers, scratch: Scratch, limits: Limits = LIMITS) -> None:
        self.scratch = scratch
        self.problems: list[SourceError] = []
        self._workers = workers
        self._limits = limits

    def open_all(self, works: Iterable[FoundWork]) -> Iterator[FoundWork]:
        """Yield the works opened; those that cannot be opened become problems."""
        for work in works:
            try:
                yield self.opened(work)
            except SourceError as error:
                self.problems.append(error)

    def opened(self, work: FoundWork) -> FoundWork:
        """Return the work with the files in its archives among its files; a book of text becomes an article.

        Raises SourceError for what cannot be opened.
        """
        self._label, self._stored_bytes = work.label, work.stored_bytes
        self._members = self._bytes = 0
        self._drawing_seconds, self._is_pdf = 0.0, False
        self._remarks: list[Remark] = []
        if work.archive is None:
            return self._opened_folder(work)
        if _is_epub(work.archive):
            return self._opened_book(work, work.archive)
        files = self._files(work.archive, depth=1)
        remarks = (*_drawn_pages(work.archive, files), *self._remarks)
        return replace(work, files=files, opening=Opening(remarks=remarks, is_pdf=self._is_pdf))

    def _opened_folder(self, work: FoundWork) -> FoundWork:
        self._count(len(work.files))
        if work.kind is not WorkKind.COMIC or not any(file.kind in _PACKED for file in work.files):
            return work
        files = tuple(inner for file in work.files for inner in self._inside(file, depth=1))
        archives = tuple(file for file in work.files if file.kind is FileKind.ARCHIVE and file not in files)
        return replace(work, files=files, opening=Opening(archives, tuple(self._remarks)))

    def _opened_book(self, work: FoundWork, archive: SourceFile) -> FoundWork:
        with _labelled(archive.source.label):
            seconds = self._limits.text_processor_seconds
            read = self._workers.submit_within(seconds, book.read, archive.source.path).result()
        if not read.is_of_pictures:
            return replace(work, kind=WorkKind.ARTICLE, files=(archive,), archive=None)
        files = tuple(book.files_of(archive, read, self.scratch))
        return replace(work, files=files, opening=Opening(info=read.info, chapters=read.chapters))

    def _inside(self, file: SourceFile, depth: int) -> tuple[SourceFile, ...]:
        """Return what a file stands for: itself, or what is in it; `depth` is 1 in a folder, and more in archives."""
        if file.kind not in _PACKED:
            return (file,)
        if file.kind is FileKind.BOOK and (depth == 1 or _is_epub(file)):
            return (replace(file, refusal=_BOOK_BESIDE if depth == 1 else _BOOK_INSIDE),)
        if depth > self._limits.archives_inside:
            return (replace(file, refusal=_TOO_DEEP.format(self._limits.archives_inside)),)
        try:
            return self._files(self._on_disk(file), depth)
        except _Excess:
            raise
        except SourceError as error:
            self.problems.append(error)
            return (file,)

    def _files(self, archive: SourceFile, depth: int) -> tuple[SourceFile, ...]:
        """Return the files in an archive in natural order, and those in the archives among them."""
        with _labelled(archive.source.label):
            members = self._workers.submit(contents, archive.source.path).result()
            if isinstance(members, _Access):
                files = list(self._unpacked(archive, members))
            else:
                self._count(len(members))
                files = [_file(archive, member) for member in members]
        files.sort(key=lambda file: [natural_key(part) for part in file.path.parts])
        return tuple(inner for file in files for inner in self._inside(file, depth + 1))

    def _unpacked(self, archive: SourceFile, access: _Access) -> Iterator[SourceFile]:
        for member, pieces in groupby(self._pieces(archive, access), key=itemgetter(0)):
            self._count(1)
            if len(member.name) > self._limits.name_characters:  # the worker refuses it, unless it was taken over
                raise SourceError("holds a name that is too long", hint=BY_HAND)
            source = self._kept(_member_label(archive, member.name), (piece for _, piece in pieces))
            size = source.path.stat().st_size
            if not size:
                source.path.unlink()
            yield member_file(archive.path, member.name, source, size or member.size_bytes)

    def _pieces(self, archive: SourceFile, access: _Access) -> Iterator[MemberPiece]:
        path, label = archive.source.path, archive.source.label
        if access is _Access.PDF:
            self._is_pdf = True
            return self._pages(path)
        if access is _Access.STREAM:
            return self._workers.stream(unpack, path)
        converter = rar.Converter(self._workers.programs, lambda: self.scratch.reserve(label).path)
        converted = converter.convert(path)
        self._remarks += unrestricted_program(converted.program, self._workers, label)
        return self._workers.stream(unpack_converted, converted)

    def _pages(self, path: Path) -> Iterator[MemberPiece]:
        """Yield the pages of a PDF, some in each job; together they have the time that their bytes are worth."""
        progress, most = pdf.PdfProgress(), ceil(self._limits.drawing_seconds(self._stored_bytes))
        while not progress.is_done:
            if self._drawing_seconds > most:
                what = f"drawing its pages takes more than {most} seconds of the processor, too much for its"
                hint = "Print it into a new PDF, or save its pages as pictures."
                raise _Excess(f"{what} {self._stored_bytes:,} bytes", where=self._label, hint=hint)
            seconds, before = min(self._limits.processor_seconds, most), progress.seconds
            drawn, progress = self._workers.submit_within(seconds, pages, path, progress).result()
            self._drawing_seconds += progress.seconds - before
            yield from drawn

    def _on_disk(self, archive: SourceFile) -> SourceFile:
        """Return the archive as a file of its own, where it lies in another."""
        if archive.source.member is None:
            return archive
        with _labelled(archive.source.label):
            pieces = self._workers.stream(pieces_of, archive.source)
            return replace(archive, source=self._kept(archive.source.label, pieces))

    def _kept(self, label: str, pieces: Iterable[bytes]) -> Source:
        source = self.scratch.reserve(label)
        with source.path.open("xb") as file:
            for piece in pieces:
                self._bytes += len(piece)
                if self._bytes > self._limits.archive_bytes:
                    what = f"unpacks to more than {self._limits.archive_bytes >> 30} GiB"
                    raise _Excess(what, where=self._label, hint=BY_HAND)
                file.write(piece)
        return source

    def _count(self, members: int) -> None:
        self._members += members
        most = self._limits.most_members(self._stored_bytes)
        if self._members > most:
            what = f"holds more than {most:,} members, with the archives inside it: too many for its"
            hint = "Leave out files that are not pages, or split it into several."
            raise _Excess(f"{what} {self._stored_bytes:,} bytes", where=self._label, hint=hint)


# The jobs of worker processes


def contents(path: Path) -> tuple[Member, ...] | _Access:
    """Return the files in an archive that can be read one by one; of another, how it is unpacked."""
    if path.suffix.lower() == ".pdf" or pdf.is_pdf(path):
        return _Access.PDF
    if is_random_access(path):
        return tuple(member for member in members(path) if not member.is_folder)
    return _Access.PROGRAM if rar.needs_program(path) else _Access.STREAM


def unpack(path: Path) -> Iterator[MemberPiece]:
    """Yield the files of an archive, piece by piece; of files that nobody uses one empty piece."""
    for member, stream in iterate(path):
        yield from _used_pieces(member, iter(partial(stream.read, _PIECE_BYTES), b""))


def unpack_converted(converted: rar.ExternalListing) -> Iterator[MemberPiece]:
    """Yield the same of a RAR archive that a program has read."""
    for member, pieces in rar.walk_converted(converted):
        yield from _used_pieces(member, pieces)


def _used_pieces(member: Member, pieces: Iterable[bytes]) -> Iterator[MemberPiece]:
    yield member, b""
    if kind_of_path(member_path(member.name)) not in _UNUSED:
        yield from ((member, piece) for piece in pieces)


def pages(path: Path, progress: pdf.PdfProgress) -> tuple[tuple[MemberPiece, ...], pdf.PdfProgress]:
    """Return some more pages of a PDF, those behind the ones in `progress`, and the progress with them."""
    started, batch, size = process_time(), [], 0
    for member, pieces in pdf.walk(path, LIMITS, progress):
        batch += [(member, piece) for piece in pieces]
        size += member.size_bytes
        if process_time() - started > _BATCH_SECONDS or size > _BATCH_BYTES:
            break
    progress.seconds += process_time() - started
    return tuple(batch), progress


def pieces_of(source: Source) -> Iterator[bytes]:
    """Yield the bytes of a file, or of a member that can be read by itself."""
    with open_source(source) as stream:
        while piece := stream.read(_PIECE_BYTES):
            yield piece


def _is_epub(file: SourceFile) -> bool:
    return file.kind is FileKind.BOOK and file.path.suffix.lower() != ".pdf"


def _file(archive: SourceFile, member: Member) -> SourceFile:
    source = Source(archive.source.path, _member_label(archive, member.name), member=member.name)
    return member_file(archive.path, member.name, source, member.size_bytes)


def _member_label(archive: SourceFile, name: str) -> str:
    return f"{archive.source.label}/{printable(name)}"


def _drawn_pages(archive: SourceFile, files: Files) -> Remarks:
    """Return a remark where pages of a PDF are pictures of their text now."""
    drawn = sum(pdf.DRAWN in file.path.name for file in files)
    if not drawn:
        return ()
    which = "every page is" if drawn == len(files) else f"{drawn} of {len(files)} pages are"
    message = f"{which} drawn: text in it becomes a picture; where its words matter, put them in articles/ as a text"
    return (Remark(archive.source.label, Outcome.DECIDED, message),)


@contextmanager
def _labelled(label: str) -> Iterator[None]:
    """Errors of another process, or of a numbered file, name the archive by its label."""
    try:
        yield
    except _Excess:
        raise
    except SourceError as error:
        raise error.at(label) from error
