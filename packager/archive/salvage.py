"""Archives that are damaged: every member that can still be found, with what its bytes unpack to."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from packager.archive import (
    BY_HAND,
    CUT,
    WRONG_CHECKSUM,
    ArchiveLimits,
    DamagedArchive,
    Member,
    Walk,
    archive_type,
    counted,
    library,
    names,
    tarred,
)
from packager.archive.methods import METHODS, unpacked
from packager.archive.streams import PIECE_BYTES
from packager.archive.zipped import (
    DESCRIPTOR_SIGNATURE,
    ENCRYPTED,
    LOCAL_HEADER,
    LOCAL_SIGNATURE,
    STREAMED,
    UTF8,
    is_folder,
    members_of,
    read_directory,
    stored_pieces,
)
from packager.files.signatures import FileType
from packager.sandbox.limits import LIMITS, Limits

_FED_BYTES = 1 << 12  # to zlib, which does not say where an error lies
_HEADER = re.compile(LOCAL_SIGNATURE)
_NEXT = re.compile(b"PK(?:\x03\x04|\x01\x02|\x05\x06|\x06\x06|\x07\x08)")
_SIGNATURE_BYTES = 4


Salvaged = Iterator[tuple[Member, Iterator[bytes | str]]]
"""Members with what their bytes unpack to, and behind them what there is to object, if anything."""


def walk(path: Path, volumes: Sequence[Path] = (), limits: Limits = LIMITS) -> Salvaged:
    """Each file that is found in an archive, which goes on in `volumes`.

    Raises DamagedArchive or UnusualArchive where nothing is found any more, SourceError for one beyond `limits`.
    """
    kind = archive_type(path)
    if kind is FileType.ZIP:
        return _of_zip(path, limits)
    if kind is FileType.TAR:
        return _counted(tarred.walk(path, is_strict=False), path, volumes, limits)
    return _counted(library.walk(path, volumes, is_strict=False), path, volumes, limits)


def _counted(walk: Salvaged, path: Path, volumes: Sequence[Path], limits: Limits) -> Salvaged:
    stored_bytes = sum(one.stat().st_size for one in (path, *volumes))
    return cast(Salvaged, counted(cast(Walk, walk), limits, stored_bytes))


def _of_zip(path: Path, limits: Limits) -> Salvaged:
    """The files of a ZIP, by its directory where that can be read, else by the headers before the members."""
    with path.open("rb") as file:
        counting = ArchiveLimits(limits, file.seek(0, io.SEEK_END))
        for member in _by_directory(file, limits) or _by_headers(file, limits):
            counting.count_member(member)
            if not member.is_folder:
                yield member, _pieces(file, member, counting)
    if counting.is_empty:
        raise DamagedArchive("is damaged: no file can be found in it", hint=BY_HAND)


def _pieces(file: BinaryIO, member: Member, counting: ArchiveLimits) -> Iterator[bytes | str]:
    crc, size_bytes = 0, 0
    file.seek(member.start)
    unpacking = unpacked(stored_pieces(file, member.stored_bytes), member.method)
    try:
        for piece in counting.limit_bytes(unpacking):
            crc, size_bytes = zlib.crc32(piece, crc), size_bytes + len(piece)
            yield piece
    except DamagedArchive as error:
        yield error.what
    else:
        if (crc, size_bytes) != (member.crc, member.size_bytes):
            yield WRONG_CHECKSUM if size_bytes >= member.size_bytes else CUT


def _by_directory(file: BinaryIO, limits: Limits) -> tuple[Member, ...]:
    try:
        directory = read_directory(file, limits)
    except DamagedArchive:
        return ()
    if directory.has_overlaps:
        return ()
    members = members_of(directory)
    return tuple(one for one in members if one.method in METHODS and not one.is_encrypted and not one.is_special)


def _by_headers(file: BinaryIO, limits: Limits) -> tuple[Member, ...]:
    """The members, each behind the end of the one before, so that a file is gone through once."""
    found: list[tuple[bytes, bool, Member]] = []
    most = limits.most_members(file.seek(0, io.SEEK_END))
    at = _find(file, _HEADER, 0)
    while at is not None and len(found) <= most:
        file.seek(at)
        header = file.read(LOCAL_HEADER.size)
        if len(header) < LOCAL_HEADER.size:
            break
        _, _, flags, method, _, _, crc, stored, size, name_bytes, extra_bytes = LOCAL_HEADER.unpack(header)
        name = file.read(name_bytes)
        start = at + LOCAL_HEADER.size + name_bytes + extra_bytes
        is_header = method in METHODS and not flags & ENCRYPTED and 0 < name_bytes <= limits.name_characters
        end = _end(file, start, method, stored, flags) if is_header else at + _SIGNATURE_BYTES
        if is_header:
            if flags & STREAMED:
                crc, size = _described(file, end)
            member = Member("", size, start=start, method=method, stored_bytes=end - start, crc=crc)
            found.append((name, bool(flags & UTF8), member))
        at = _find(file, _HEADER, end)
    told = names.decoded([(name, is_utf8) for name, is_utf8, _ in found])
    return tuple(
        replace(member, name=name, is_folder=is_folder(name, member.size_bytes), code_page=told.code_page)
        for name, (_, _, member) in zip(told.names, found, strict=True)
    )


def _end(file: BinaryIO, start: int, method: int, stored: int, flags: int) -> int:
    """Where the stored bytes of a member end: where its header says so, else where they unpack to, else the next one.

    What a member says is believed where another header, or the end of the file, lies there, or none lies before.
    """
    file_bytes = file.seek(0, io.SEEK_END)
    if (stored or not flags & STREAMED) and start + stored <= file_bytes:
        file.seek(start + stored)
        behind = file.read(_SIGNATURE_BYTES)
        if not behind or _NEXT.match(behind):
            return start + stored
    if method == zipfile.ZIP_DEFLATED:
        return _end_of_deflated(file, start)
    following = _find(file, _NEXT, start)
    end = file_bytes if following is None else following
    return min(end, start + stored) if stored else end


def _end_of_deflated(file: BinaryIO, start: int) -> int:
    inflater, end = zlib.decompressobj(-zlib.MAX_WBITS), start
    file.seek(start)
    while piece := file.read(_FED_BYTES):
        rest = piece
        try:
            while rest and not inflater.eof:
                inflater.decompress(rest, PIECE_BYTES)
                rest = inflater.unconsumed_tail
        except zlib.error:
            break
        if inflater.eof:
            return end + len(piece) - len(inflater.unused_data)
        end += len(piece)
    return end


def _described(file: BinaryIO, at: int) -> tuple[int, int]:
    """The checksum and the size that stand behind a member; APPNOTE 4.3.9."""
    file.seek(at)
    descriptor = file.read(16).removeprefix(DESCRIPTOR_SIGNATURE)
    return int.from_bytes(descriptor[:4], "little"), int.from_bytes(descriptor[8:12], "little")


def _find(file: BinaryIO, signature: re.Pattern[bytes], start: int) -> int | None:
    """Where a signature first stands from `start` on."""
    file.seek(start)
    window, at, size = b"", start, _FED_BYTES
    while piece := file.read(size):  # little at first: the next one may be near
        size = min(2 * size, PIECE_BYTES)
        window += piece
        if found := signature.search(window):
            return at + found.start()
        at += max(0, len(window) - _SIGNATURE_BYTES + 1)
        window = window[-_SIGNATURE_BYTES + 1 :]
    return None
