"""ZIP archives from anywhere: their directory, checked as a whole, and the bytes of a member, checked to the last.

The standard library parses the directory only: reading members, it would accept other methods, whose output it does
not bound, and before Python 3.11.8 members that overlap.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from packager.archive import BY_HAND, Member
from packager.archive.names import encoding_of
from packager.errors import SourceError
from packager.sandbox.limits import Limits

_LOCAL_HEADER = struct.Struct("<4s22xHH")  # APPNOTE 4.3.7: signature ... length of name, length of extra field
_LOCAL_SIGNATURE = b"PK\x03\x04"
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # APPNOTE 4.4.4: bits 0, 6 and 13
_UTF8 = 0x800  # bit 11
_UNICODE_PATH = 0x7075  # APPNOTE 4.6.9
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_NO_FILES = frozenset({stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK})
_PIECE_BYTES = 1 << 18
# What zipfile raises for the ways in which an archive can be broken.
_BROKEN = (zipfile.BadZipFile, struct.error, ValueError, OverflowError, EOFError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Entry:
    """A member, and where its bytes lie: `stored_bytes` of them from `start` on."""

    member: Member
    start: int
    stored_bytes: int
    crc: int
    is_deflated: bool


def directory(path: Path, limits: Limits) -> tuple[Entry, ...]:
    """All members in the order of the directory; SourceError for anything broken, hostile or beyond `limits`."""
    try:
        with _Guarded(path, limits.directory_bytes) as file, zipfile.ZipFile(file) as archive:
            found = archive.infolist()
            _refuse_hostile(found, limits)
            starts = _starts(file, found, archive.start_dir)
    except _BROKEN as error:
        raise SourceError(f"is not a sound ZIP archive: {error}", hint=BY_HAND) from error
    return tuple(map(_entry, found, _names(found), starts))


def pieces(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """The member's bytes, read from the open archive; SourceError when size or checksum are not what was said."""
    left, crc = entry.member.size_bytes, 0
    for piece in _unpacked(file, entry):
        left -= len(piece)
        crc = zlib.crc32(piece, crc)
        if left < 0:
            break
        yield piece
    if left or crc != entry.crc:
        raise SourceError("is not what the archive says of it: its size or its checksum differs", hint=BY_HAND)


class _Guarded(io.FileIO):
    """A file that cannot be read in one piece larger than a directory may be."""

    def __init__(self, path: Path, limit: int) -> None:
        super().__init__(path)
        self._limit = limit

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self._limit:
            raise zipfile.BadZipFile("its directory is too large")
        return super().read(size) or b""


def _refuse_hostile(found: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    if any(info.flag_bits & _ENCRYPTED for info in found):
        raise SourceError("is locked with a password", hint="Unpack it and put the folder in its place.")
    for info in found:
        if objection := _objection(info, limits):
            raise SourceError(f"{objection} ({info.filename})", hint=BY_HAND)
    unpacked = sum(info.file_size for info in found)
    if unpacked > limits.archive_bytes:
        raise SourceError(f"would unpack to more than {limits.archive_bytes >> 30} GiB", hint=BY_HAND)
    if unpacked > max(limits.ratio_from_bytes, limits.ratio * sum(info.compress_size for info in found)):
        raise SourceError(f"grows without measure: it would unpack to {unpacked:,} bytes", hint=BY_HAND)


def _objection(info: zipfile.ZipInfo, limits: Limits) -> str:
    if info.compress_type not in _METHODS:
        return f"is packed in an unusual way, method {info.compress_type}"
    if stat.S_IFMT(info.external_attr >> 16) in _NO_FILES:
        return "holds a link or a device"
    if info.compress_type == zipfile.ZIP_STORED and info.compress_size != info.file_size:
        return "contradicts itself about the size of a member"
    if info.file_size > max(limits.ratio_from_bytes, limits.ratio * info.compress_size):
        return "holds a member that grows without measure"
    return ""


def _starts(file: BinaryIO, found: Sequence[zipfile.ZipInfo], directory_start: int) -> list[int]:
    """Where the bytes of each member begin; no member may reach into the next one, or into the directory."""
    starts = [_start(file, info) for info in found]
    spans = sorted((info.header_offset, start + info.compress_size) for info, start in zip(found, starts, strict=True))
    for (_, end), (following, _) in pairwise([*spans, (directory_start, directory_start)]):
        if end > following:
            raise zipfile.BadZipFile("its members overlap")
    return starts


def _start(file: BinaryIO, info: zipfile.ZipInfo) -> int:
    if info.header_offset < 0:
        raise zipfile.BadZipFile("a member lies before its beginning")
    file.seek(info.header_offset)
    signature, name_length, extra_length = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if signature != _LOCAL_SIGNATURE:
        raise zipfile.BadZipFile("a member is not where it should be")
    return info.header_offset + _LOCAL_HEADER.size + int(name_length) + int(extra_length)


def _entry(info: zipfile.ZipInfo, name: str, start: int) -> Entry:
    member = Member(name, info.file_size, is_folder=name.endswith("/"))
    return Entry(member, start, info.compress_size, info.CRC, info.compress_type == zipfile.ZIP_DEFLATED)


def _names(found: Sequence[zipfile.ZipInfo]) -> list[str]:
    undeclared = [_raw_name(info) for info in found if not info.flag_bits & _UTF8]
    encoding = encoding_of(undeclared)
    return [_name(info, encoding).partition("\0")[0] for info in found]


def _name(info: zipfile.ZipInfo, encoding: str) -> str:
    if info.flag_bits & _UTF8:
        return info.orig_filename
    return _unicode_path(info) or _raw_name(info).decode(encoding, "replace")


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("cp437")  # with which zipfile decodes every undeclared name


def _unicode_path(info: zipfile.ZipInfo) -> str | None:
    """The name in UTF-8 that some tools put beside the one in the code page; None when it is not there or outdated."""
    rest = info.extra
    while len(rest) >= 4:
        kind, length = struct.unpack_from("<HH", rest)
        field, rest = rest[4 : 4 + length], rest[4 + length :]
        if kind == _UNICODE_PATH and field[1:5] == struct.pack("<L", zlib.crc32(_raw_name(info))):
            return field[5:].decode("utf-8", "replace")
    return None


def _unpacked(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    file.seek(entry.start)
    stored = _stored(file, entry.stored_bytes)
    return _inflated(stored) if entry.is_deflated else stored


def _stored(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size and (piece := file.read(min(size, _PIECE_BYTES))):
        size -= len(piece)
        yield piece


def _inflated(stored: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in stored:
        rest = piece
        while rest and not inflater.eof:
            try:
                yield inflater.decompress(rest, _PIECE_BYTES)
            except zlib.error as error:
                raise SourceError(f"is damaged: {error}", hint=BY_HAND) from error
            rest = inflater.unconsumed_tail
