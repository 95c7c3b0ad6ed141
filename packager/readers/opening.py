"""Works whose files lie in archives and books: opened, in worker processes, archives inside archives too.

Nothing is written to a path that an archive names: what cannot be read where it lies goes into numbered files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
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
from packager.readers import epub, pdf
from packager.readers.context import Scratch, unrestricted_program
from packager.readers.discovery import FoundWork, OpenedContents, WorkKind
from packager.readers.files import FileKind, SourceFile, kind_of_path, member_file, member_path, printable
from packager.sandbox.limits import LIMITS, Limits
from packager.sandbox.pool import Workers
from packager.text.order import in_order

_PIECE_BYTES = 1 << 18
_BATCH_SECONDS, _BATCH_BYTES = 1, 16 << 20  # of pages that cross to the parent together
_PACKED = (FileKind.ARCHIVE, FileKind.BOOK)
_NOT_UNPACKED = (FileKind.JUNK, FileKind.OTHER, FileKind.NOTICE)

_TOO_DEEP = "lies inside {} archives, so it is not opened: unpack it"
_BOOK_BESIDE = "a book beside the pictures of a comic is not opened: put it in a folder of its own"
_BOOK_INSIDE = "an EPUB inside an archive is not opened: unpack it"
_DRAWN_HINT = "text in it becomes a picture; where its words matter, put them in articles/ as a text"

MemberPiece = tuple[Member, bytes]


class _Excess(SourceError):
    """A work that asks for more than its bytes are worth, whichever of its archives it was found in."""


class UnpackMethod(Enum):
    """How an archive is read whose members cannot be read one by one."""

    STREAM = auto()
    PDF = auto()
    PROGRAM = auto()


def open_works(
    works: Iterable[FoundWork],
    workers: Workers,
    scratch: Scratch,
    problems: list[SourceError],
    limits: Limits = LIMITS,
) -> Iterator[FoundWork]:
    """Yield the works with the files in their archives among their files; a book of text becomes an article.

    What cannot be read where it lies is unpacked into `scratch`. `limits` hold for each work, with all archives in it.
    `problems` grows with the works, and the archives in them, that cannot be opened.
    """
    for work in works:
        try:
            yield _WorkOpener(work, work.stored_bytes, workers, scratch, problems, limits).open()
        except SourceError as error:
            problems.append(error)


@dataclass(slots=True)
class _WorkOpener:
    """Opens one work, and counts what it asks for with all archives in it."""

    work: FoundWork
    stored_bytes: int
    workers: Workers
    scratch: Scratch
    problems: list[SourceError]
    limits: Limits
    members: int = 0
    unpacked_bytes: int = 0
    drawing_seconds: float = 0
    is_pdf: bool = False
    remarks: list[Remark] = field(default_factory=list)

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
            self.remarks.insert(0, Remark(archive.source.label, Outcome.DECIDED, message))
        contents = OpenedContents(remarks=tuple(self.remarks), is_pdf=self.is_pdf)
        return replace(self.work, files=files, contents=contents)

    def _open_folder(self) -> FoundWork:
        work = self.work
        self._count(len(work.files))
        if work.kind is not WorkKind.COMIC or not any(file.kind in _PACKED for file in work.files):
            return work
        files = tuple(inner for file in work.files for inner in self._inside(file, depth=1))
        archives = tuple(file for file in work.files if file.kind is FileKind.ARCHIVE and file not in files)
        return replace(work, files=files, contents=OpenedContents(archives, tuple(self.remarks)))

    def _open_book(self, archive: SourceFile) -> FoundWork:
        with _labelled(archive.source.label):
            seconds = self.limits.text_seconds(archive.size_bytes)
            read = self.workers.submit_within(seconds, epub.read_book, archive.source.path).result()
        if not read.is_of_pictures:
            return replace(self.work, kind=WorkKind.ARTICLE, files=(archive,), archive=None)
        files = tuple(epub.comic_files(archive, read, self.scratch))
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
        if file.kind is FileKind.BOOK and (depth == 1 or _is_epub(file)):
            return (replace(file, refusal=_BOOK_BESIDE if depth == 1 else _BOOK_INSIDE),)
        if depth > self.limits.archives_inside:
            return (replace(file, refusal=_TOO_DEEP.format(self.limits.archives_inside)),)
        try:
            archive = file
            if file.source.member is not None:  # an archive is read from a file of its own
                with _labelled(file.source.label):
                    pieces = self.workers.stream(pieces_of, file.source)
                    archive = replace(file, source=self._store(file.source.label, pieces))
            return self._files(archive, depth)
        except _Excess:
            raise
        except SourceError as error:
            self.problems.append(error)
            return (file,)

    def _files(self, archive: SourceFile, depth: int) -> tuple[SourceFile, ...]:
        """Return the files in an archive in their order, and those in the archives among them."""
        with _labelled(archive.source.label):
            members = self.workers.submit(contents, archive.source.path).result()
            if isinstance(members, UnpackMethod):
                files = list(self._unpack(archive, members))
            else:
                self._count(len(members))
                files = []
                for member in members:
                    source = Source(archive.source.path, _member_label(archive, member.name), member=member.name)
                    files.append(member_file(archive.path, member.name, source, member.size_bytes))
        in_reading_order = in_order(files, lambda file: file.path)
        return tuple(inner for file in in_reading_order for inner in self._inside(file, depth + 1))

    def _unpack(self, archive: SourceFile, method: UnpackMethod) -> Iterator[SourceFile]:
        for member, pieces in groupby(self._pieces(archive, method), key=itemgetter(0)):
            self._count(1)
            if len(member.name) > self.limits.name_characters:  # the worker refuses it, unless it was taken over
                raise SourceError("holds a name that is too long", hint=BY_HAND)
            source = self._store(_member_label(archive, member.name), (piece for _, piece in pieces))
            size = source.path.stat().st_size
            if not size:
                source.path.unlink()
            yield member_file(archive.path, member.name, source, size or member.size_bytes)

    def _pieces(self, archive: SourceFile, method: UnpackMethod) -> Iterator[MemberPiece]:
        path, label = archive.source.path, archive.source.label
        if method is UnpackMethod.PDF:
            self.is_pdf = True
            return self._pages(path)
        if method is UnpackMethod.STREAM:
            return self.workers.stream(unpack, path)
        converter = rar.Converter(self.workers.programs, lambda: self.scratch.reserve(label).path)
        converted = converter.convert(path)
        self.remarks += unrestricted_program(converted.program, self.workers, label)
        return self.workers.stream(unpack_converted, converted)

    def _pages(self, path: Path) -> Iterator[MemberPiece]:
        """Yield the pages of a PDF, some in each job; together they have the time that their bytes are worth."""
        progress, most = pdf.PdfProgress(), ceil(self.limits.drawing_seconds(self.stored_bytes))
        while not progress.is_done:
            if self.drawing_seconds > most:
                what = f"drawing its pages takes more than {most} seconds of the processor, too much for its"
                raise self._excess(what, "Print it into a new PDF, or save its pages as pictures.")
            seconds, before = min(self.limits.processor_seconds, most), progress.seconds
            batch, progress = self.workers.submit_within(seconds, pages, path, progress).result()
            self.drawing_seconds += progress.seconds - before
            yield from batch

    def _store(self, label: str, pieces: Iterable[bytes]) -> Source:
        source = self.scratch.reserve(label)
        with source.path.open("xb") as file:
            for piece in pieces:
                self.unpacked_bytes += len(piece)
                if self.unpacked_bytes > self.limits.archive_bytes:
                    what = f"unpacks to more than {self.limits.archive_bytes >> 30} GiB"
                    raise _Excess(what, where=self.work.label, hint=BY_HAND)
                file.write(piece)
        return source

    def _count(self, members: int) -> None:
        self.members += members
        most = self.limits.most_members(self.stored_bytes)
        if self.members > most:
            what = f"holds more than {most:,} members, with the archives inside it: too many for its"
            raise self._excess(what, "Leave out files that are not pages, or split it into several.")

    def _excess(self, what: str, hint: str) -> _Excess:
        return _Excess(f"{what} {self.stored_bytes:,} bytes", where=self.work.label, hint=hint)


# The jobs of worker processes


def contents(path: Path) -> tuple[Member, ...] | UnpackMethod:
    """Return the files in an archive that can be read one by one; of another, how it is unpacked."""
    if path.suffix.lower() == ".pdf" or pdf.is_pdf(path):
        return UnpackMethod.PDF
    if is_random_access(path):
        return tuple(member for member in members(path) if not member.is_folder)
    return UnpackMethod.PROGRAM if rar.needs_program(path) else UnpackMethod.STREAM


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
    if kind_of_path(member_path(member.name)) not in _NOT_UNPACKED:
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


def _member_label(archive: SourceFile, name: str) -> str:
    return f"{archive.source.label}/{printable(name)}"


@contextmanager
def _labelled(label: str) -> Iterator[None]:
    """Errors of another process, or of a numbered file, name the archive by its label."""
    try:
        yield
    except _Excess:
        raise
    except SourceError as error:
        raise error.at(label) from error
