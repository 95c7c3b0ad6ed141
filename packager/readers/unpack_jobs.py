"""The files in an archive, by jobs of worker processes: by what it can be read, and what then comes out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from functools import partial
from pathlib import Path
from time import process_time
from typing import BinaryIO

from packager.archive import Member, archive_type
from packager.archive.converted import ExternalListing, walk_converted
from packager.archive.read import iterate, iterate_by_library, members, open_member, open_source
from packager.archive.streams import PIECE_BYTES
from packager.archive.volumes import VolumeForm, joined
from packager.errors import SourceError
from packager.files.signatures import FileType
from packager.model import Source
from packager.readers import pdf
from packager.readers.files import MAY_BE_PICTURES, FileKind, kind_of_path, member_path, tells_nothing
from packager.readers.recognition import kind_by_head
from packager.sandbox.limits import LIMITS

_BATCH_SECONDS, _BATCH_BYTES = 1, 16 << 20  # of pages that cross to the parent together
_NOT_UNPACKED = (FileKind.JUNK, FileKind.OTHER, FileKind.NOTICE, FileKind.FILM, FileKind.SOUND, FileKind.SUBTITLES)

Unpacked = Member | bytes | str
"""A file that begins, more of its bytes, or an objection to it."""


class UnpackMethod(Enum):
    """By what an archive is read: each knows some archives that the ones before it do not."""

    MEMBERS = auto()  # where they lie, one by one
    STREAM = auto()
    LIBRARY = auto()  # libarchive
    PROGRAM = auto()
    SALVAGE = auto()  # what is left of a damaged one
    PDF = auto()


_METHODS = {
    FileType.ZIP: (UnpackMethod.MEMBERS, UnpackMethod.LIBRARY, UnpackMethod.PROGRAM),
    FileType.SEVEN_ZIP: (UnpackMethod.STREAM, UnpackMethod.LIBRARY, UnpackMethod.PROGRAM),
    FileType.RAR: (UnpackMethod.LIBRARY, UnpackMethod.PROGRAM),
    FileType.TAR: (UnpackMethod.STREAM,),
}


def methods_for(path: Path) -> tuple[UnpackMethod, ...]:
    """Return by what an archive or a PDF can be read, in the order in which that is tried."""
    is_pdf = path.suffix.lower() == ".pdf" or pdf.is_pdf(path)
    return (UnpackMethod.PDF,) if is_pdf else _METHODS[archive_type(path)]


def contents(path: Path) -> tuple[Member, ...]:
    """Return the files in an archive whose members can be read one by one."""
    return tuple(member for member in members(path) if not member.is_folder)


def damage_in(path: Path) -> Iterator[str]:
    """Yield of each member of such an archive what is wrong with its bytes, "" where nothing is."""
    for member in contents(path):
        try:
            with open_member(path, member.name) as stream:
                while stream.read(PIECE_BYTES):
                    pass
            yield ""
        except SourceError as error:
            yield error.what


def unpack(path: Path) -> Iterator[Unpacked]:
    """Yield the files of an archive; of files that nobody uses no bytes."""
    return _used_of(iterate(path))


def unpack_by_library(path: Path, volumes: Sequence[Path]) -> Iterator[Unpacked]:
    """Yield the same by libarchive, of an archive that goes on in `volumes`."""
    return _used_of(iterate_by_library(path, volumes))


def unpack_converted(converted: ExternalListing) -> Iterator[Unpacked]:
    """Yield the same of an archive that a program has read."""
    for member, pieces in walk_converted(converted):
        yield from _used(member, pieces)


def salvage(path: Path, volumes: Sequence[Path]) -> Iterator[Unpacked]:
    """Yield what is left of a damaged archive, which goes on in `volumes`, each file with the objection to it."""
    from packager.archive import salvage as damaged

    for member, pieces in damaged.walk(path, volumes):
        yield from _used(member, pieces)


def pages(path: Path, progress: pdf.PdfProgress) -> tuple[tuple[Unpacked, ...], pdf.PdfProgress]:
    """Return some more pages of a PDF, those behind the ones in `progress`, and the progress with them."""
    started, batch, size = process_time(), list[Unpacked](), 0
    for member, pieces in pdf.walk(path, LIMITS, progress):
        batch += (member, *pieces)
        size += member.size_bytes
        if process_time() - started > _BATCH_SECONDS or size > _BATCH_BYTES:
            break
    progress.seconds += process_time() - started
    return tuple(batch), progress


def pieces_of(source: Source) -> Iterator[bytes]:
    """Yield the bytes of a file, or of a member that can be read by itself."""
    with open_source(source) as stream:
        while piece := stream.read(PIECE_BYTES):
            yield piece


def pieces_of_volumes(paths: Sequence[Path], form: VolumeForm) -> Iterator[bytes]:
    """Yield the bytes of the archive that was CUT into files, or SPANNED over them, as one file."""
    return joined(paths, form)


def is_unpacked(name: str) -> bool:
    """Whether somebody may use the bytes of a member of this name, whatever they are."""
    return kind_of_path(member_path(name)) not in _NOT_UNPACKED


def _used_of(walk: Iterable[tuple[Member, BinaryIO]]) -> Iterator[Unpacked]:
    for member, stream in walk:
        yield from _used(member, iter(partial(stream.read, PIECE_BYTES), b""))


def _used(member: Member, pieces: Iterable[bytes | str]) -> Iterator[Unpacked]:
    yield member
    path, rest = member_path(member.name), iter(pieces)
    first = next(rest, b"")
    is_used = is_unpacked(member.name)
    if not is_used and isinstance(first, bytes) and kind_of_path(path) in MAY_BE_PICTURES:
        kind = kind_by_head(first, path.name)
        is_used = kind is FileKind.PICTURE or (kind is not None and tells_nothing(path))
    if is_used:
        yield first
        yield from rest
