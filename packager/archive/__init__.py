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
