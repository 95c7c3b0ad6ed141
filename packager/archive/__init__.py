"""Archives from anywhere, read within limits, and archives that we write: the values that all kinds share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from packager.errors import SourceError
from packager.files.signatures import HEAD_BYTES, FileType, file_type

BY_HAND = "Unpack it by hand and put the folder in its place."
_KINDS = {
    FileType.SEVEN_ZIP: FileType.SEVEN_ZIP,
    FileType.RAR: FileType.RAR,
    FileType.TAR: FileType.TAR,
    # What else these may hold is no archive.
    **dict.fromkeys((FileType.GZIP, FileType.BZIP2, FileType.XZ), FileType.TAR),
}
_TAR_HEADER_BYTES = 512


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive. `name` is a label with slashes, never a path to write to; `size_bytes` is a claim."""

    name: str
    size_bytes: int
    is_folder: bool = False


@dataclass(frozen=True, slots=True)
class PackedBytes:
    """Where the bytes of a member of a ZIP lie: `stored_bytes` from `start` on, which unpack to `size_bytes`."""

    start: int
    stored_bytes: int
    size_bytes: int
    crc: int
    is_deflated: bool


@dataclass(frozen=True, slots=True)
class SevenZipMember:
    """One member of a 7z archive with all that its directory tells; `mode` is 0 where it has none of Unix."""

    name: str
    size_bytes: int
    is_folder: bool
    is_file: bool
    modified: datetime | None
    mode: int


class LockedArchive(SourceError):
    """An archive that needs a password."""


class UnusualArchive(SourceError):
    """An archive packed by a method that is not read here."""


def archive_type(path: Path) -> FileType:
    """ZIP, SEVEN_ZIP, RAR or TAR by the first bytes, for names lie; what is none of them is a ZIP, broken perhaps."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    kind = _KINDS.get(file_type(head))
    return kind or (FileType.TAR if _is_tar_header(head[:_TAR_HEADER_BYTES]) else FileType.ZIP)


def _is_tar_header(block: bytes) -> bool:
    """Whether it is the header of a member: by its checksum, since old ones have no signature."""
    import tarfile

    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True
