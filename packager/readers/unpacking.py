"""The jobs that worker processes do with archives and books: what is in them, and the bytes of what may be used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import process_time

from packager.archive import Member, rar
from packager.archive.read import is_random_access, iterate, members, open_member
from packager.model import Source
from packager.readers import epub, pdf
from packager.readers.files import member_kind
from packager.readers.kinds import Kind
from packager.sandbox.limits import LIMITS

_PIECE_BYTES = 1 << 18
_BATCH_SECONDS, _BATCH_BYTES = 1, 16 << 20  # of pages that cross to the parent together
_UNUSED = (Kind.JUNK, Kind.OTHER, Kind.NOTICE)

Piece = tuple[Member, bytes]


@dataclass(frozen=True, slots=True)
class Book:
    """An EPUB: its package, what its documents hold, and the size of each member."""

    package: epub.Package
    documents: tuple[epub.Document, ...]
    sizes: dict[str, int]

    @property
    def is_of_pictures(self) -> bool:
        """Whether it is read as a comic."""
        return epub.is_of_pictures(self.package, self.documents)


def book(path: Path) -> Book:
    """What the EPUB at `path` holds; raises SourceError."""
    package = epub.read_package(path)
    return Book(package, epub.documents(path, package), {member.name: member.size_bytes for member in members(path)})


def directory(path: Path) -> tuple[Member, ...] | None:
    """The members of an archive that can be read one by one; None for one that has to be unpacked."""
    return members(path) if not is_pdf(path) and is_random_access(path) else None


def needs_program(path: Path) -> bool:
    """Whether only another program can read the archive, which a worker may not start."""
    return rar.needs_program(path)


def unpack(path: Path) -> Iterator[Piece]:
    """The files of an archive, piece by piece; of files that nobody uses one empty piece."""
    for member, stream in iterate(path):
        yield from _used(member, iter(partial(stream.read, _PIECE_BYTES), b""))


def unpack_converted(converted: rar.Converted) -> Iterator[Piece]:
    """The same of a RAR archive that a program has read."""
    for member, pieces in rar.walk_converted(converted):
        yield from _used(member, pieces)


def _used(member: Member, pieces: Iterable[bytes]) -> Iterator[Piece]:
    yield member, b""
    if member_kind(member.name) not in _UNUSED:
        yield from ((member, piece) for piece in pieces)


def pages(path: Path, tally: pdf.Tally) -> tuple[tuple[Piece, ...], pdf.Tally]:
    """Some more pages of a PDF, those behind the ones in `tally`, and the tally with them."""
    started, found, size = process_time(), [], 0
    for member, pieces in pdf.walk(path, LIMITS, tally):
        found += [(member, piece) for piece in pieces]
        size += member.size_bytes
        if process_time() - started > _BATCH_SECONDS or size > _BATCH_BYTES:
            break
    tally.seconds += process_time() - started
    return tuple(found), tally


def is_pdf(path: Path) -> bool:
    """Whether the file at `path` is a PDF, or is called so."""
    return path.suffix.lower() == ".pdf" or pdf.is_pdf(path)


def copy(source: Source) -> Iterator[bytes]:
    """The bytes of a member that can be read by itself."""
    assert source.member is not None
    with open_member(source.path, source.member) as stream:
        while piece := stream.read(_PIECE_BYTES):
            yield piece
