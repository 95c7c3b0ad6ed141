"""ZIP archives from anywhere: all that their two kinds of headers say, and the bytes of members, checked to the last.

The standard library parses the directory only: reading members, it does not bound what a piece unpacks to, and before
Python 3.11.8 accepts members that overlap. What is where: APPNOTE 4.3.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from packager.archive import BY_HAND, REPACK, DamagedArchive, Member, Packing, UnusualArchive, locked, names
from packager.archive.methods import METHODS, unpacked
from packager.archive.streams import exactly
from packager.errors import SourceError
from packager.files.signatures import HEAD_BYTES, FileType, file_type
from packager.sandbox.limits import Limits

ENCRYPTED = 0x1 | 0x40 | 0x2000  # APPNOTE 4.4.4: bits 0, 6 and 13
_PACKINGS = {zipfile.ZIP_STORED: Packing.STORED, zipfile.ZIP_DEFLATED: Packing.DEFLATED}
_NAMES = {1: "Shrink", 6: "Implode", 93: "Zstandard", 94: "MP3", 96: "JPEG", 97: "WavPack", 98: "PPMd"}
LOCAL_HEADER = struct.Struct("<4s5H3L2H")
LOCAL_SIGNATURE = b"PK\x03\x04"
_CENTRAL_BYTES, _END_BYTES, _ZIP64_END_BYTES = 46, 22, 56 + 20
STREAMED = 0x8  # sizes follow the member
DESCRIPTOR_SIGNATURE = b"PK\x07\x08"
UTF8 = 0x800  # bit 11
_UNICODE_PATH = 0x7075  # APPNOTE 4.6.9
_NO_FILES = frozenset({stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK})
# What zipfile raises for the ways in which an archive can be broken.
_BROKEN = (zipfile.BadZipFile, struct.error, ValueError, OverflowError, EOFError, NotImplementedError)
_PICTURES = (FileType.JPEG, FileType.PNG, FileType.GIF, FileType.WEBP, FileType.AVIF)
_NO_ARCHIVES = (*_PICTURES, FileType.PDF, FileType.HTML, FileType.TEXT)
_OTHER_FILE = "If a site sent it in place of the archive, fetch that again; else give it the ending of what it is."
_IN_PLAIN_WORDS = {
    "File is not a zip file": "its list of files is missing, as where a download is cut short",
    "Bad magic number for central directory": "its list of files is damaged",
    "Truncated central directory": "its list of files is damaged",
}


@dataclass(frozen=True, slots=True)
class ZipDirectory:
    """All that a ZIP archive says of itself; `members` in the order of its directory, with their `infos`.

    `has_overlaps`: some bytes belong to two of them.
    """

    members: tuple[Member, ...]
    infos: tuple[zipfile.ZipInfo, ...]
    comment: bytes
    has_overlaps: bool


def read_directory(file: BinaryIO, limits: Limits) -> ZipDirectory:
    """Everything that the archive in `file` says, links, locked and unusual members too.

    Raises SourceError where its directory is broken or beyond `limits`.
    """
    size_bytes = file.seek(0, io.SEEK_END)
    try:
        with zipfile.ZipFile(_Guarded(file, limits.directory_bytes)) as archive:
            most = limits.most_members(size_bytes)
            if len(archive.infolist()) > most:
                what = f"holds more than {most:,} members: too many for its {size_bytes:,} bytes"
                raise SourceError(what, hint="Leave out what is no page, or divide it.")
            infos = tuple(archive.infolist())
            read = [_member(file, info) for info in infos]
            spans = sorted((info.header_offset, end) for info, (_, end) in zip(infos, read, strict=True))
            members = tuple(member for member, _ in read)
            return ZipDirectory(members, infos, archive.comment, _overlap(archive, spans, size_bytes))
    except _BROKEN as error:
        file.seek(0)
        if (kind := file_type(file.read(HEAD_BYTES))) in _NO_ARCHIVES:
            raise SourceError(f"is {kind}, not an archive", hint=_OTHER_FILE) from error
        said = str(error) or type(error).__name__
        what = f"is not a sound ZIP archive: {_IN_PLAIN_WORDS.get(said, said)}"
        raise DamagedArchive(what, hint=BY_HAND) from error


def members(path: Path, limits: Limits) -> tuple[Member, ...]:
    """All members in the order of the directory; SourceError for anything broken, hostile or beyond `limits`."""
    with path.open("rb") as file:
        directory = read_directory(file, limits)
    _refuse_hostile(directory.infos, limits)
    if directory.has_overlaps:
        raise DamagedArchive("is not a sound ZIP archive: its members overlap", hint=BY_HAND)
    return members_of(directory)


def members_of(directory: ZipDirectory) -> tuple[Member, ...]:
    """The members with names that can be read: those that do not say how they are written, by all names together."""
    raw_names = [_raw_or_unicode(info) for info in directory.infos]
    read = names.decoded(raw_names)
    told = (name.partition("\0")[0] for name in read.names)
    return tuple(
        replace(
            member, name=name, is_folder=is_folder(name, member.size_bytes), code_page="" if is_utf8 else read.code_page
        )
        for member, name, (_, is_utf8) in zip(directory.members, told, raw_names, strict=True)
    )


def is_folder(name: str, size_bytes: int) -> bool:
    """Whether a member is a folder: some programs end its name in a backslash, and one with bytes is a file."""
    return not size_bytes and name.endswith(("/", "\\"))


def pieces(file: BinaryIO, member: Member, *, exact: bool = False) -> Iterator[bytes]:
    """The bytes of a member, read from the open archive; SourceError when they are not what the archive says.

    With `exact` nothing may lie behind their end that is packed with them and never unpacked.
    """
    left, crc = member.size_bytes, 0
    file.seek(member.start)
    is_unmarked = member.method == zipfile.ZIP_LZMA  # its end may be told by nothing but the size
    for each in unpacked(stored_pieces(file, member.stored_bytes), member.method, exact=exact):
        piece = each[:left] if is_unmarked else each
        left -= len(piece)
        crc = zlib.crc32(piece, crc)
        if left < 0:
            raise SourceError("its size is more than the archive says", hint=BY_HAND)
        yield piece
    if left:
        raise SourceError(f"its size is {left:,} bytes less than the archive says", hint=BY_HAND)
    if crc != member.crc:
        raise SourceError("its checksum is not what the archive says", hint=BY_HAND)


def stored_pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    """So many bytes from where the file stands; DamagedArchive where it ends before."""
    return exactly(file, size, "the archive ends before it does: its size is more")


def raw_name(info: zipfile.ZipInfo) -> bytes:
    """The name as it is written in the archive; zipfile decodes with cp437 what does not say that it is UTF-8."""
    return info.orig_filename.encode("utf-8" if info.flag_bits & UTF8 else "cp437")


class _Guarded(io.BufferedIOBase):
    """The archive, of which nothing larger than a directory may be is read in one piece."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._file = file
        self._limit = limit

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self._limit:
            raise zipfile.BadZipFile("its directory is too large")
        return self._file.read(-1 if size is None else size)


def _member(file: BinaryIO, info: zipfile.ZipInfo) -> tuple[Member, int]:
    """A member, whose own header may contradict the directory, and where it ends; BadZipFile where it has no header."""
    if info.header_offset < 0:
        raise zipfile.BadZipFile("a member lies before its beginning")
    file.seek(info.header_offset)
    header = LOCAL_HEADER.unpack(file.read(LOCAL_HEADER.size))
    signature, _, flags, method, _, _, crc, stored, size, name_bytes, extra_bytes = header
    if signature != LOCAL_SIGNATURE:
        raise zipfile.BadZipFile("a member is not where the directory says")
    name = file.read(name_bytes)
    start = info.header_offset + LOCAL_HEADER.size + name_bytes + extra_bytes
    end = start + info.compress_size
    stated = (info.CRC, info.compress_size, info.file_size)
    objection = ""
    if name != raw_name(info) or method != info.compress_type:
        objection = "its own header and the directory name it, or pack it, differently"
    elif flags & STREAMED:
        descriptor_bytes = _descriptor_bytes(file, end, stated)
        end += descriptor_bytes
        objection = "" if descriptor_bytes else "its sizes should follow it, and do not"
    elif 0xFFFFFFFF not in (stored, size) and (crc, stored, size) != stated:
        objection = f"its own header says {size:,} bytes, the directory says {info.file_size:,}"
    if not objection and info.compress_type == zipfile.ZIP_STORED and info.file_size != info.compress_size:
        objection = f"it says that {info.file_size:,} bytes are stored as {info.compress_size:,}"
    mode = info.external_attr >> 16
    member = Member(
        name=info.orig_filename,
        size_bytes=info.file_size,
        is_folder=info.orig_filename.endswith("/"),
        packing=_PACKINGS.get(info.compress_type, Packing.UNUSUAL),
        is_encrypted=bool(info.flag_bits & ENCRYPTED),
        is_special=stat.S_IFMT(mode) in _NO_FILES,
        modified=info.date_time,
        mode=mode,
        objection=objection,
        start=start,
        method=info.compress_type,
        stored_bytes=info.compress_size,
        crc=info.CRC,
    )
    return member, end


def _descriptor_bytes(file: BinaryIO, at: int, stated: tuple[int, int, int]) -> int:
    """The length of the data descriptor at `at`, 0 where there is none that says what the directory says; 4.3.9."""
    file.seek(at)
    descriptor = file.read(24)
    for layout in ("<3L", "<LQQ"):
        for signature in (DESCRIPTOR_SIGNATURE, b""):
            try:
                expected = signature + struct.pack(layout, *stated)
            except struct.error:
                continue
            if descriptor.startswith(expected):
                return len(expected)
    return 0


def _overlap(archive: zipfile.ZipFile, spans: list[tuple[int, int]], size_bytes: int) -> bool:
    """Whether members overlap; BadZipFile where the directory is that of an archive inside this one."""
    infos = archive.infolist()
    directory_bytes = sum(_CENTRAL_BYTES + len(raw_name(one)) + len(one.extra) + len(one.comment) for one in infos)
    end = size_bytes - _END_BYTES - len(archive.comment)
    gaps = [after - before for (_, before), (after, _) in pairwise([(0, 0), *spans, (archive.start_dir, 0)])]
    if gaps[0] > 0 and archive.start_dir + directory_bytes not in (end, end - _ZIP64_END_BYTES):
        raise zipfile.BadZipFile("it is cut short, and only an archive inside it has a directory")
    return any(gap < 0 for gap in gaps)


def _refuse_hostile(infos: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    if any(info.flag_bits & ENCRYPTED for info in infos):
        raise locked()
    for info in infos:
        if info.compress_type not in METHODS:
            name = _NAMES.get(info.compress_type, f"method {info.compress_type}")
            raise UnusualArchive(f"is packed in an unusual way ({name}) that is not read here", hint=REPACK)
        if objection := _objection(info, limits):
            raise SourceError(f"{objection} ({info.filename})", hint=BY_HAND)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > limits.archive_bytes:
        raise SourceError(f"would unpack to more than {limits.archive_bytes >> 30} GiB", hint=BY_HAND)
    if unpacked > max(limits.ratio_from_bytes, limits.ratio * sum(info.compress_size for info in infos)):
        raise SourceError(f"grows without measure: it would unpack to {unpacked:,} bytes", hint=BY_HAND)


def _objection(info: zipfile.ZipInfo, limits: Limits) -> str:
    if stat.S_IFMT(info.external_attr >> 16) in _NO_FILES:
        return "holds a link or a device"
    if info.compress_type == zipfile.ZIP_STORED and info.compress_size != info.file_size:
        return "contradicts itself about the size of a member"
    if info.file_size > max(limits.ratio_from_bytes, limits.ratio * info.compress_size):
        return "holds a member that grows without measure"
    return ""


def _raw_or_unicode(info: zipfile.ZipInfo) -> tuple[bytes, bool]:
    """The name as bytes, and whether it is certain to be UTF-8."""
    told = _unicode_path(info)
    return (raw_name(info), bool(info.flag_bits & UTF8)) if told is None else (told.encode(), True)


def _unicode_path(info: zipfile.ZipInfo) -> str | None:
    """The name in UTF-8 that some tools put beside the one in the code page; None when it is not there or outdated."""
    rest = info.extra
    while len(rest) >= 4:
        kind, length = struct.unpack_from("<HH", rest)
        field, rest = rest[4 : 4 + length], rest[4 + length :]
        if kind == _UNICODE_PATH and field[1:5] == struct.pack("<L", zlib.crc32(raw_name(info))):
            return field[5:].decode("utf-8", "replace") or None
    return None
