"""What lies on a drive of a tree, name by name: listed within limits, for strangers may have made the file system."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packager.config.filesystems import folded_name
from packager.errors import OutputError
from packager.output.marks import STAGED, unfinished

# A damaged FAT may hold a folder in itself. Trees of ours are some six folders deep and hold at most 65,535 files.
DEEPEST = 64
MOST_NAMES = 1_000_000
_STAGED = re.compile(r"\d{5}-[0-9a-f]{16}")  # how an update calls what it has written, until that has its place
NO_FILE = -1  # bytes of what is neither a file nor a folder, a link for one: as long as no file is


@dataclass(frozen=True, slots=True)
class Listed:
    """One name; `place` is seen from the drive's folder, `size_bytes` None of a folder."""

    place: PurePosixPath
    size_bytes: int | None


@dataclass(frozen=True, slots=True)
class Holding:
    """A file or folder of what was, or was to be, a tree; `path` is the one that a manifest would give it.

    `path` is None of what was written for a tree and is not in its place yet.
    """

    place: PurePosixPath
    size_bytes: int | None
    path: PurePosixPath | None

    @property
    def is_file(self) -> bool:
        """Whether it is a file: neither a folder nor a link."""
        return self.size_bytes is not None and self.size_bytes != NO_FILE


@dataclass(frozen=True, slots=True)
class DriveContents:
    """What a drive holds of a tree, finished or not, in the order of the file system.

    `roots` are the folders that were, or were to be, the tree: all but the one of its name have a number, of which
    `last_number` is the highest. `workplace` is the folder that an update works in; one `is_begun` where it is there.
    """

    holdings: tuple[Holding, ...]
    roots: tuple[PurePosixPath, ...]
    workplace: PurePosixPath
    last_number: int
    is_begun: bool


def folders_of_tree(drive: Path, tree: str) -> dict[int, PurePosixPath]:
    """The folders on the drive that bear the tree's name, in whatever case, or that of an update that did not end.

    The tree itself has the number -1, the folder that an update works in 0. Raises OutputError where one is no folder.
    """
    found = {}
    for entry in os.scandir(drive):
        number = number_of(entry.name, tree)
        if number is not None:
            if not entry.is_dir(follow_symlinks=False):
                raise OutputError("is a file, not a folder", where=entry.path, hint="Move it away.")
            found[number] = PurePosixPath(entry.name)
    return dict(sorted(found.items()))


def number_of(name: str, tree: str) -> int | None:
    """The number of a folder of that name, as `folders_of_tree` counts them; None where it is no such folder."""
    fixed = {folded_name(tree): -1, folded_name(unfinished(tree)): 0}
    begun, _, number = folded_name(name).rpartition("-")
    if fixed.get(begun) == 0 and number.isascii() and number.isdigit():
        return int(number[:9])
    return fixed.get(folded_name(name))


def contents_of(drive: Path, tree: str) -> DriveContents:
    """What bears the tree's name on the drive, in whatever case, and what an update that did not end has left of it.

    Raises OutputError where that is no folder, or holds what no healthy file system does, and OSError.
    """
    found = folders_of_tree(drive, tree)
    workplace = found.get(0, PurePosixPath(unfinished(tree)))
    roots = tuple(folder for number, folder in found.items() if number)
    holdings = [
        Holding(listed.place, listed.size_bytes, _path(listed, tree, folder, workplace))
        for folder in found.values()
        for listed in below(drive, folder)
        if listed.place != workplace / STAGED
    ]
    return DriveContents(tuple(holdings), roots, workplace, max([0, *found]), any(number >= 0 for number in found))


def below(drive: Path, folder: PurePosixPath) -> Iterator[Listed]:
    """Everything in a folder of the drive, links not followed; what is in a folder comes somewhere behind it.

    The names of each folder come in the order in which they stand there. Raises OutputError for what no healthy file
    system holds, OSError when the drive fails.
    """
    folders, names = [folder], 0
    while folders:
        outer = folders.pop()
        if len(outer.parts) > DEEPEST:
            raise _damaged(drive / folder, f"folders lie in it more than {DEEPEST} deep")
        with os.scandir(drive / outer) as entries:
            for entry in entries:
                names += 1
                if names > MOST_NAMES:
                    raise _damaged(drive / folder, f"it holds more than {MOST_NAMES:,} names")
                listed = _listed(outer, entry)
                yield listed
                if listed.size_bytes is None:
                    folders.append(listed.place)


def _path(listed: Listed, tree: str, folder: PurePosixPath, workplace: PurePosixPath) -> PurePosixPath | None:
    if (
        listed.place.parent == workplace / STAGED
        and listed.size_bytes is not None
        and _STAGED.fullmatch(listed.place.name)
    ):
        return None
    return PurePosixPath(tree) / listed.place.relative_to(folder)


def _listed(folder: PurePosixPath, entry: os.DirEntry[str]) -> Listed:
    if entry.is_dir(follow_symlinks=False):
        return Listed(folder / entry.name, None)
    is_file = entry.is_file(follow_symlinks=False)
    return Listed(folder / entry.name, entry.stat(follow_symlinks=False).st_size if is_file else NO_FILE)


def _damaged(folder: Path, what: str) -> OutputError:
    hint = "Its file system may be damaged: have it repaired, or format it."
    return OutputError(f"{what}, which no tree does", where=folder, hint=hint)
