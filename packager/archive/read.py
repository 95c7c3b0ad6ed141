"""Files and archives from outside: what they hold, within limits, or else a SourceError.

Nothing is ever written to a path that an archive names.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from packager.archive import ArchiveLimits, Member, Walk, archive_type, counted, names
from packager.archive.streams import PieceStream
from packager.errors import SourceError
from packager.files.signatures import FileType
from packager.model import Source
from packager.sandbox.limits import LIMITS, Limits


def members(path: Path, limits: Limits = LIMITS) -> tuple[Member, ...]:
    """All members of an archive, folders too where it is a ZIP or 7z, in its own order.

    Of several with one name the last counts. An archive is refused when it is broken or locked, would grow without
    measure, or holds anything but files and folders, or members that overlap.
    """
    with _explained(path):
        match _kind(path):
            case FileType.ZIP:
                return _zip_members(path, limits)
            case FileType.SEVEN_ZIP:
                return _sevenzip_members(path, limits)
            case _:
                return names.told([member for member, _ in _walk(path, limits)])


def read_sevenzip_directory(path: Path) -> tuple[Member, ...]:
    """All members of a 7z archive, in its own order, with all that is told of them; links and doubles too."""
    from packager.archive import sevenzip

    with _explained(path):
        _refuse_no_file(path)
        return sevenzip.read_directory(path)


def read_source(source: Source, limits: Limits = LIMITS) -> bytes:
    """All bytes of a file or of a member; errors are told with the source's label."""
    try:
        if source.member is not None:
            return read_member(source.path, source.member, limits)
        with _explained(source.path):
            _refuse_no_file(source.path)
            with source.path.open("rb") as file:
                size_bytes = os.fstat(file.fileno()).st_size
                _refuse_large(size_bytes, limits)
                return file.read(size_bytes)
    except SourceError as error:
        raise error.at(source.label) from error


def read_member(path: Path, name: str, limits: Limits = LIMITS) -> bytes:
    """All bytes of one member of a ZIP archive, which are right."""
    with _explained(f"{path}/{name}"):
        entry = _entry(path, name, limits)
        _refuse_large(entry.size_bytes, limits)
        return b"".join(_pieces(path, entry))


def open_member(path: Path, name: str, limits: Limits = LIMITS) -> BinaryIO:
    """The bytes of one member of a ZIP archive as a stream, to be closed; they are right when it has ended."""
    with _explained(f"{path}/{name}"):
        return _stream(_pieces(path, _entry(path, name, limits)))


def open_source(source: Source, limits: Limits = LIMITS) -> BinaryIO:
    """The bytes of a file, or of a member of a ZIP archive, as a stream, to be closed."""
    if source.member is not None:
        return open_member(source.path, source.member, limits)
    with _explained(source.label):
        _refuse_no_file(source.path)
        return source.path.open("rb")


def iterate(path: Path, limits: Limits = LIMITS) -> Iterator[tuple[Member, BinaryIO]]:
    """Every file of an archive with its bytes, in its own order; asking for the next closes the stream.

    Names of a tar hold bytes that are no UTF-8 as surrogates: `names.told` reads them, by all together.
    """
    with _explained(path):
        for member, pieces in _walk(path, limits):
            with _stream(pieces) as stream:
                yield member, stream


def _walk(path: Path, limits: Limits) -> Walk:
    kind = _kind(path)
    if kind is FileType.ZIP:
        for entry in _zip_members(path, limits):
            if not entry.is_folder:
                yield entry, _pieces(path, entry)
        return
    for member, pieces in counted(_stream_walk(path, kind, limits), limits, path.stat().st_size):
        yield member, _named(f"{path}/{member.name}", pieces)


def iterate_by_library(
    path: Path, volumes: Sequence[Path] = (), limits: Limits = LIMITS
) -> Iterator[tuple[Member, BinaryIO]]:
    """The same of a ZIP, 7z or RAR, which goes on in `volumes`, by libarchive, which knows more ways of packing."""
    from packager.archive import library

    stored_bytes = sum(one.stat().st_size for one in (path, *volumes))
    with _explained(path):
        for member, pieces in counted(library.walk(path, volumes), limits, stored_bytes):
            with _stream(_named(f"{path}/{member.name}", pieces)) as stream:
                yield member, stream


def _stream_walk(path: Path, kind: FileType, limits: Limits) -> Walk:
    """The members of an archive that can only be read from its first byte to its last."""
    if kind is FileType.SEVEN_ZIP:
        from packager.archive import sevenzip

        return sevenzip.walk(path, _sevenzip_members(path, limits))
    if kind is FileType.RAR:
        from packager.archive import library

        return library.walk(path)
    from packager.archive import tarred

    return tarred.walk(path)


def _sevenzip_members(path: Path, limits: Limits) -> tuple[Member, ...]:
    from packager.archive import sevenzip

    entries = sevenzip.members(path, limits)
    _refuse_odd_names(entries, limits, path.stat().st_size)
    return entries


def _kind(path: Path) -> FileType:
    _refuse_no_file(path)
    return archive_type(path)


def _zip_members(path: Path, limits: Limits) -> tuple[Member, ...]:
    """The members of a ZIP archive; an archive that has not changed since is not read again."""
    return _directory(path, limits)[0]


def _directory(path: Path, limits: Limits) -> tuple[tuple[Member, ...], dict[str, Member]]:
    """The members of a ZIP archive, and by name the one of each that counts."""
    _refuse_no_file(path)
    status = path.stat()
    return _parsed_directory(path, limits, (status.st_mtime_ns, status.st_size))


@lru_cache(maxsize=8)
def _parsed_directory(
    path: Path, limits: Limits, state: tuple[int, int]
) -> tuple[tuple[Member, ...], dict[str, Member]]:
    from packager.archive import zipped

    entries = zipped.members(path, limits)
    _refuse_odd_names(entries, limits, stored_bytes=state[1])
    return entries, {entry.name: entry for entry in entries}


def _entry(path: Path, name: str, limits: Limits) -> Member:
    try:
        return _directory(path, limits)[1][name]
    except KeyError:
        raise SourceError("is not in the archive") from None


def _pieces(path: Path, entry: Member) -> Iterator[bytes]:
    from packager.archive import zipped

    with path.open("rb") as file:
        yield from _named(f"{path}/{entry.name}", zipped.pieces(file, entry))


def _refuse_no_file(path: Path) -> None:
    if not stat.S_ISREG(path.stat().st_mode):
        raise SourceError("is not a file")


def _refuse_large(size_bytes: int, limits: Limits) -> None:
    if size_bytes > limits.in_memory_bytes:
        raise SourceError(f"is larger than {limits.in_memory_bytes >> 20} MiB")


def _refuse_odd_names(entries: Sequence[Member], limits: Limits, stored_bytes: int) -> None:
    counting = ArchiveLimits(limits, stored_bytes)
    for member in entries:
        counting.count_member(member)


def _stream(pieces: Iterator[bytes]) -> BinaryIO:
    return io.BufferedReader(PieceStream(pieces))


def _named(where: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    with _explained(where):
        yield from pieces


@contextmanager
def _explained(where: Path | str) -> Iterator[None]:
    """Errors of the system become a SourceError, and one that does not say where gets its place."""
    try:
        yield
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}", where=where) from error
    except SourceError as error:
        if error.where is not None:
            raise
        raise error.at(where) from error
