"""ZIP and 7z: the values that reading shares with its kinds of archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from packager.errors import SourceError

BY_HAND = "Unpack it by hand and put the folder in its place."


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive. `name` is a label with slashes, never a path to write to; `size_bytes` is a claim."""

    name: str
    size_bytes: int
    is_folder: bool = False


@dataclass(frozen=True, slots=True)
class Surveyed:
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


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may ask of us. What it says of itself is never believed: bytes count as they come out.

    A member may be `ratio` times as large as it lies in the archive, or `ratio_from_bytes`, whichever is more: blank
    pages shrink further than any photograph. `in_memory_bytes` is what is read in one piece, a file or a member.
    """

    members: int = 65_535
    directory_bytes: int = 8 << 20
    name_characters: int = 1_000
    depth: int = 32
    ratio: int = 200
    ratio_from_bytes: int = 64 << 20
    archive_bytes: int = 32 << 30
    in_memory_bytes: int = 512 << 20
