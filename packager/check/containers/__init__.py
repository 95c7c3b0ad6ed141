"""What can be checked: folders, drives, archives and single documents, each listed in the same form.

A container is listed once, as Contents: names, and for each file where its bytes lie. Bytes are read as streams, by the
worker that judges them; nothing is ever written to a path that a container names.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

from packager.check.facts import Shape, TreeEntry
from packager.check.packed_facts import ArchiveFacts, BookFacts

PIECE_BYTES = 1 << 20


class DamageError(ValueError):
    """The bytes are not what their container says of them."""


@runtime_checkable
class Origin(Protocol):
    """Something that can be opened."""

    def open(self) -> BinaryIO:
        """The bytes from their beginning, as a file that can seek; raises OSError, or DamageError."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A file of this computer's own."""

    path: Path

    def open(self) -> BinaryIO:
        return self.path.open("rb")


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything in a container; a file without an origin is there and must not be read, a finding says why."""

    files: tuple[tuple[TreeEntry, Origin | None], ...] = ()
    folders: tuple[str, ...] = ()
    oddities: tuple[TreeEntry, ...] = ()
    shape: Shape = Shape.TREE
    is_drive: bool = False
    archive: ArchiveFacts | None = None
    book: BookFacts | None = None
