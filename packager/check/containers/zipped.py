"""ZIP archives, CBZ and EPUB among them: what their two kinds of headers say, every byte accounted for; APPNOTE 4.3."""

from __future__ import annotations

import calendar
import io
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from packager.check.comicinfo import INFO_NAME, comicinfo_error
from packager.check.containers import Contents
from packager.check.containers.book import CONTAINER, MIMETYPE, book_facts
from packager.check.containers.members import member_contents
from packager.check.containers.origin import DamageError, Origin
from packager.check.containers.packed import MOST_HELD_BYTES, Packed
from packager.check.facts import Shape
from packager.check.kinds import extension
from packager.check.packed_facts import ArchiveFacts, MemberFacts, Packing
from packager.check.show import show

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL_BYTES, END_BYTES, ZIP64_END_BYTES = 46, 22, 56 + 20
ENCRYPTED = 0x1 | 0x40 | 0x2000  # APPNOTE 4.4.4: bits 0, 6 and 13
STREAMED = 0x8  # sizes follow the member
UTF8 = 0x800
DESCRIPTOR = b"PK\x07\x08"
METHODS = {zipfile.ZIP_STORED: Packing.STORED, zipfile.ZIP_DEFLATED: Packing.DEFLATED}

MOST_MEMBERS = 65_535
MEMBERS_FREE, BYTES_A_MEMBER = 20_000, 500  # the smallest JPEG has some 600 bytes, a document of ours thousands
MOST_DIRECTORY_BYTES = 64 * 1024 * 1024
MOST_NOTES_BYTES = 1024 * 1024
MOST_INFO_BYTES = 4 * 1024 * 1024
MOST_UNPACKED_BYTES = 1 << 30
BOMB_RATIO = 200  # blank pages shrink further than any photograph, but then they are small

# zipfile raises these on damaged or cut archives.
DAMAGE = (zipfile.BadZipFile, OSError, EOFError, ValueError, OverflowError, NotImplementedError, struct.error)


@dataclass(frozen=True, slots=True)
class _Laid:
    """Where one member lies: its header, its bytes, and the end of both."""

    start: int
    data: int
    end: int
    has_extra: bool
    objection: str


def zip_contents(file: BinaryIO, origin: Origin, name: str, shape: Shape) -> Contents:
    """What the ZIP in `file`, opened from `origin`, holds; `shape` is that of an archive which is no comic and no book.

    What is broken in it is told in `archive`, never raised.
    """
    try:
        size_bytes = file.seek(0, io.SEEK_END)
        with zipfile.ZipFile(_Guarded(file)) as archive:
            infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
            most = min(MOST_MEMBERS, MEMBERS_FREE + size_bytes // BYTES_A_MEMBER)
            if len(infos) > most:
                return _unread(f"{len(infos):,} members are too many to read: {most:,} are, of {size_bytes:,} bytes")
            unpacked = sum(info.file_size for info in infos)
            if unpacked > max(MOST_UNPACKED_BYTES, BOMB_RATIO * size_bytes):
                return _unread(f"it would unpack to {unpacked:,} bytes, too many to read")
            laid = [_laid(file, info) for info in infos]
            facts = _archive_facts(archive, infos, laid, size_bytes)
    except DAMAGE as problem:
        return _unread(f"its directory cannot be read: {show(str(problem) or type(problem).__name__)}")
    if facts.has_overlaps:
        return Contents(archive=facts)
    packed = [_packed(origin, info, place) for info, place in zip(infos, laid, strict=True)]
    return _shaped(member_contents(facts, packed), file, name, shape)


def _unread(error: str) -> Contents:
    return Contents(archive=ArchiveFacts(error=error))


def _archive_facts(
    archive: zipfile.ZipFile, infos: Sequence[zipfile.ZipInfo], laid: Sequence[_Laid], size_bytes: int
) -> ArchiveFacts:
    spans = [(place.start, place.end) for place in laid]
    directory = sum(CENTRAL_BYTES + len(_raw_name(info)) + len(info.extra) + len(info.comment) for info in infos)
    spans.append((archive.start_dir, archive.start_dir + directory))
    end = size_bytes - END_BYTES - len(archive.comment)
    if end - spans[-1][1] == ZIP64_END_BYTES:
        end -= ZIP64_END_BYTES
    starts, ends = [start for start, _ in spans], [0, *(end for _, end in spans[:-1])]
    if starts[0] > 0 and spans[-1][1] != end:
        raise zipfile.BadZipFile("it is cut short, and only an archive inside it has a directory")
    return ArchiveFacts(
        members=tuple(_member(info, place) for info, place in zip(infos, laid, strict=True)),
        has_comment=bool(archive.comment),
        notes=b"\0".join(note for note in _notes(archive, infos) if note)[:MOST_NOTES_BYTES],
        has_overlaps=any(start < before for start, before in zip(starts, ends, strict=True)),
        has_stray_bytes=any(start > before for start, before in zip(starts, ends, strict=True)) or spans[-1][1] != end,
    )


def _notes(archive: zipfile.ZipFile, infos: Sequence[zipfile.ZipInfo]) -> Iterator[bytes]:
    yield archive.comment
    for info in infos:
        yield info.comment
        yield info.extra


def _laid(file: BinaryIO, info: zipfile.ZipInfo) -> _Laid:
    """Where a member lies; raises BadZipFile where there is none. A header of its own may contradict the directory."""
    if info.header_offset < 0:
        raise zipfile.BadZipFile("a member lies before its beginning")
    file.seek(info.header_offset)
    signature, _, flags, method, _, _, crc, packed, size, name_bytes, extra_bytes = LOCAL.unpack(file.read(LOCAL.size))
    if signature != b"PK\x03\x04":
        raise zipfile.BadZipFile("a member is not where the directory says")
    name = file.read(name_bytes)
    data = info.header_offset + LOCAL.size + name_bytes + extra_bytes
    end = data + info.compress_size
    said = (info.CRC, info.compress_size, info.file_size)
    objection = ""
    if name != _raw_name(info) or method != info.compress_type:
        objection = "its own header and the directory name it, or pack it, differently"
    elif flags & STREAMED:
        end += _descriptor_bytes(file, end, said)
        objection = "" if end > data + info.compress_size else "its sizes should follow it, and do not"
    elif 0xFFFFFFFF not in (packed, size) and (crc, packed, size) != said:
        objection = f"its own header says {size:,} bytes, the directory says {info.file_size:,}"
    return _Laid(info.header_offset, data, end, extra_bytes > 0, objection or _lie(info))


def _lie(info: zipfile.ZipInfo) -> str:
    if info.compress_type == zipfile.ZIP_STORED and info.file_size != info.compress_size:
        return f"it says that {info.file_size:,} bytes are stored as {info.compress_size:,}"
    return ""


def _descriptor_bytes(file: BinaryIO, at: int, said: tuple[int, int, int]) -> int:
    """The length of the data descriptor at `at`, 0 where there is none that says what the directory says; 4.3.9."""
    file.seek(at)
    found = file.read(24)
    for layout in ("<3L", "<LQQ"):
        for signature in (DESCRIPTOR, b""):
            try:
                expected = signature + struct.pack(layout, *said)
            except struct.error:
                continue
            if found.startswith(expected):
                return len(expected)
    return 0


def _member(info: zipfile.ZipInfo, laid: _Laid) -> MemberFacts:
    return MemberFacts(
        name=info.orig_filename,
        size_bytes=info.file_size,
        packing=METHODS.get(info.compress_type, Packing.UNUSUAL),
        is_folder=info.orig_filename.endswith("/"),
        is_encrypted=bool(info.flag_bits & ENCRYPTED),
        is_link=stat.S_ISLNK(info.external_attr >> 16),
        has_extras=bool(info.extra or info.comment or laid.has_extra),
        is_bomb=info.file_size > max(MOST_HELD_BYTES, BOMB_RATIO * info.compress_size),
        modified=info.date_time,
        modified_ns=_nanoseconds(info.date_time),
        mode=info.external_attr >> 16,
        system=info.create_system,
        objection=laid.objection,
    )


def _nanoseconds(moment: tuple[int, ...]) -> int:
    """A time without a zone taken as UTC; 0 where it is none."""
    try:
        return calendar.timegm((*moment, 0, 0, 0)) * 10**9
    except ValueError:
        return 0


def _packed(origin: Origin, info: zipfile.ZipInfo, laid: _Laid) -> Packed:
    is_deflated = info.compress_type == zipfile.ZIP_DEFLATED
    return Packed(origin, laid.data, info.compress_size, info.file_size, info.CRC, is_deflated)


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    # zipfile decodes with cp437 what does not say that it is UTF-8.
    return info.orig_filename.encode("utf-8" if info.flag_bits & UTF8 else "cp437")


def _shaped(contents: Contents, file: BinaryIO, name: str, shape: Shape) -> Contents:
    """The contents with what a book or a comic says of itself: told by what they hold, or by their name."""
    origins = {found.path: origin for found, origin in contents.files}

    def read(path: str) -> bytes:
        origin = origins.get(path)
        if not isinstance(origin, Packed) or origin.size_bytes > MOST_INFO_BYTES:
            raise DamageError("it cannot be read")
        with origin.open_in(file) as member:
            return member.read()

    if extension(name) == "epub" or origins.keys() & {MIMETYPE, CONTAINER}:
        return replace(contents, shape=Shape.BOOK, book=book_facts(read, frozenset(origins)))
    if extension(name) == "cbz" or INFO_NAME in origins:
        error = _info_error(read) if origins.get(INFO_NAME) else ""
        archive = replace(contents.archive, info_error=error) if contents.archive else None
        return replace(contents, shape=Shape.COMIC, archive=archive)
    return replace(contents, shape=shape)


def _info_error(read: Callable[[str], bytes]) -> str:
    try:
        return comicinfo_error(read(INFO_NAME))
    except (OSError, DamageError):
        return ""  # a damaged member has its own finding


class _Guarded(io.BufferedIOBase):
    """The archive, of which nothing larger than a directory may be is read in one piece."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MOST_DIRECTORY_BYTES:
            raise zipfile.BadZipFile("it is too large")
        return self._file.read(size if size is not None else -1)
