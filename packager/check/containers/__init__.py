"""What can be checked: folders, drives, archives and single documents, each listed in the same form; and folders.

A container is listed once, as Contents: names, and for each file where its bytes lie. Bytes are read as streams, by the
worker that judges them; nothing is ever written to a path that a container names.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

from packager.check.facts import ArchiveFacts, Node, Shape, TreeEntry
from packager.errors import UsageError, os_errors
from packager.files.traces import leftover

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
    """A file of this computer's own: `name` in a folder that many of them share, or the path itself."""

    folder: Path
    name: str = ""

    @property
    def path(self) -> Path:
        """Where it lies; made when it is asked for, since thousands of paths would stay in memory."""
        return self.folder / self.name

    def open(self) -> BinaryIO:
        return self.path.open("rb")


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything in a container; a file without an origin is there and must not be read, a finding says why."""

    files: tuple[tuple[TreeEntry, Origin | None], ...] = ()
    folders: tuple[str, ...] = ()
    special_entries: tuple[TreeEntry, ...] = ()
    shape: Shape = Shape.TREE
    is_drive: bool = False
    archive: ArchiveFacts | None = None


def folder_contents(folder: Path) -> Contents:
    """Everything in `folder`; it is a drive where one is mounted on it, or where systems have left what drives get.

    Raises UsageError where it cannot be listed.
    """
    with os_errors(UsageError, "cannot be read", folder):
        names = sorted(path.name for path in folder.iterdir())
    left = [one for name in names if (one := leftover(name, at_root=True))]
    is_drive = os.path.ismount(folder) or any(one.at_root for one in left)
    entries = sorted(_walk(folder, is_drive=is_drive), key=lambda one: one.path)
    return Contents(
        files=tuple((one, OnDisk(folder, one.path)) for one in entries if one.node is Node.FILE),
        folders=tuple(one.path for one in entries if one.node is Node.FOLDER),
        special_entries=tuple(one for one in entries if one.node not in (Node.FILE, Node.FOLDER)),
        is_drive=is_drive,
    )


def _walk(tree: Path, *, is_drive: bool) -> Iterator[TreeEntry]:
    """Every name in `tree`, in no order that means anything; what systems left on a drive is not looked into."""
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(tree / folder) as entries:
                listed = [_entry(folder, entry) for entry in entries]
        except OSError:
            yield TreeEntry(folder, Node.UNREADABLE)
            continue
        for one in listed:
            is_left = is_drive and leftover(one.path.rpartition("/")[2], at_root=not folder)
            if one.node is Node.FOLDER and not is_left:
                waiting.append(one.path)
        yield from listed


def _entry(folder: str, entry: os.DirEntry[str]) -> TreeEntry:
    path = f"{folder}/{entry.name}" if folder else entry.name
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return TreeEntry(path, Node.UNREADABLE)
    if stat.S_ISLNK(status.st_mode):
        return TreeEntry(path, Node.LINK)
    if stat.S_ISDIR(status.st_mode):
        return TreeEntry(path, Node.FOLDER)
    if not stat.S_ISREG(status.st_mode):
        return TreeEntry(path, Node.SPECIAL)
    return TreeEntry(path, Node.FILE, status.st_size, status.st_mtime_ns)
