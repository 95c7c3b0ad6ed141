"""ZIP and CBZ archives: every member read whole, every byte accounted for; APPNOTE.TXT 4.3."""

from __future__ import annotations

import hashlib
import stat
import struct
import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree import ElementTree

from packager.check.facts import ArchiveFacts, MemberFacts, PictureFacts
from packager.check.kinds import HEAD_BYTES, PICTURES, kind_of
from packager.check.picture import picture_facts
from packager.check.show import show

LOCAL = struct.Struct("<4s5H3L2H")
END = struct.Struct("<4s4H2LH")
ENCRYPTED = 0x1
MOST_MEMBERS = 20_000
MOST_MEMBER_BYTES = 64 * 1024 * 1024
INFO_NAME = "ComicInfo.xml"
MOST_INFO_BYTES = 1024 * 1024

# zipfile raises these on damaged, cut, encrypted or unknown members.
DAMAGE = (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError, struct.error)


def archive_facts(
    file: BinaryIO, size_bytes: int, known: frozenset[str]
) -> tuple[ArchiveFacts, tuple[PictureFacts, ...]]:
    """What the ZIP in `file` holds, and its pictures; one whose SHA-256 is in `known` has been judged already."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = sorted(archive.infolist(), key=lambda info: info.header_offset)
            if len(members) > MOST_MEMBERS:
                return ArchiveFacts(error=f"{len(members):,} members are too many to read"), ()
            if _has_stray_bytes(file, size_bytes, archive, members):
                # Members may overlap, so that reading them all could take for ever.
                return ArchiveFacts(tuple(_member(info, b"", "") for info in members), has_stray_bytes=True), ()
            return _read(archive, members, known)
    except DAMAGE as problem:
        return ArchiveFacts(error=show(str(problem) or type(problem).__name__)), ()


def _read(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], known: frozenset[str]
) -> tuple[ArchiveFacts, tuple[PictureFacts, ...]]:
    facts: list[MemberFacts] = []
    pictures: list[PictureFacts] = []
    info_error = ""
    for info in members:
        data, error = _content(archive, info)
        facts.append(_member(info, data, error))
        if info.orig_filename == INFO_NAME and data:
            info_error = _info_error(data)
        elif facts[-1].kind in PICTURES and hashlib.sha256(data).hexdigest() not in known:
            pictures.append(picture_facts(info.orig_filename, data))
    return ArchiveFacts(tuple(facts), bool(archive.comment), info_error=info_error), tuple(pictures)


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[bytes, str]:
    """The member's bytes, and why they could not be read. What is not stored is named by a rule and not unpacked."""
    if info.is_dir() or info.flag_bits & ENCRYPTED or info.compress_type != zipfile.ZIP_STORED:
        return b"", ""
    if info.file_size != info.compress_size:
        return b"", f"it says that {info.file_size:,} bytes are stored as {info.compress_size:,}"
    if info.file_size > MOST_MEMBER_BYTES:
        return b"", f"{info.file_size:,} bytes are too many to read"
    try:
        return archive.read(info), ""
    except DAMAGE as problem:
        return b"", show(str(problem) or type(problem).__name__)


def _member(info: zipfile.ZipInfo, data: bytes, error: str) -> MemberFacts:
    return MemberFacts(
        name=info.orig_filename,
        size_bytes=info.file_size,
        is_stored=info.compress_type == zipfile.ZIP_STORED,
        is_encrypted=bool(info.flag_bits & ENCRYPTED),
        is_link=stat.S_ISLNK(info.external_attr >> 16),
        has_extras=bool(info.extra or info.comment),
        kind=kind_of(data[:HEAD_BYTES]),
        error=error,
    )


def _has_stray_bytes(file: BinaryIO, size_bytes: int, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> bool:
    """Whether members do not stand end to end from the first byte, followed by the directory and nothing else."""
    expected = 0
    for start, end in _spans(file, members):
        if start != expected:
            return True
        expected = end
    file.seek(max(0, size_bytes - END.size - len(archive.comment)))
    signature, *_, directory_bytes, directory_start, _ = END.unpack(file.read(END.size))
    end_of_directory = directory_start + directory_bytes + END.size + len(archive.comment)
    return bool(signature != b"PK\x05\x06" or directory_start != expected or end_of_directory != size_bytes)


def _spans(file: BinaryIO, members: list[zipfile.ZipInfo]) -> Iterator[tuple[int, int]]:
    for info in members:
        file.seek(info.header_offset)
        *_, name_bytes, extra_bytes = LOCAL.unpack(file.read(LOCAL.size))
        # An extra field that only the local header has is a stray run of bytes too.
        known_extra = extra_bytes if info.extra else 0
        yield info.header_offset, info.header_offset + LOCAL.size + name_bytes + known_extra + info.compress_size


def _info_error(data: bytes) -> str:
    """What is wrong with a ComicInfo.xml; "" when it is well-formed."""
    if len(data) > MOST_INFO_BYTES:
        return f"{len(data):,} bytes are too many"
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return "it declares a document type"
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - entities, which are the danger, were refused above
    except ElementTree.ParseError as problem:
        return show(str(problem))
    return "" if root.tag == "ComicInfo" else f"it is no ComicInfo but {show(root.tag)}"
