"""Which trees lie on a drive, told by names and lengths: no content is read, so that looking takes a moment."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from packager.drive.expected import ExpectedTree, expected_on
from packager.drive.listing import DriveContents, contents_of, folders_of_tree
from packager.drive.source import CopySource
from packager.errors import PackagerError
from packager.output import marks
from packager.output.marks import FolderMark


@dataclass(frozen=True, slots=True)
class HeldTree:
    """A tree on a drive. `edition` and `newest` are 0 where no ledger tells; nothing is known of one without manifest.

    `is_whole` by names and lengths; `is_unfinished` where an update of it did not end.
    """

    name: str
    edition: int = 0
    newest: int = 0
    is_known: bool = True
    is_whole: bool = False
    is_unfinished: bool = False


def held_trees(drive: Path, known: Sequence[ExpectedTree]) -> tuple[HeldTree, ...]:
    """The trees of ours in a drive's folder, by all manifests that are `known`; none where it cannot be listed."""
    held: list[HeldTree] = []
    of_known: set[str] = set()
    with suppress(OSError, PackagerError):
        for name in sorted({tree.source.name for tree in known}):
            if found := folders_of_tree(drive, name):
                of_known.update(map(str, found.values()))
                held.append(_held(drive, name, [tree for tree in known if tree.source.name == name]))
        for entry in sorted(os.scandir(drive), key=lambda entry: entry.name):
            if entry.name not in of_known and marks.mark_of(drive / entry.name) is FolderMark.TREE:
                held.append(HeldTree(entry.name, is_known=False))
    return tuple(held)


def _held(drive: Path, name: str, known: Sequence[ExpectedTree]) -> HeldTree:
    with suppress(OSError, PackagerError):
        tree = expected_on(drive, known, is_given=False)
        contents = contents_of(drive, name)
        is_whole = not contents.is_begun and _has_all(tree.source, contents)
        return HeldTree(name, tree.edition, tree.newest, is_whole=is_whole, is_unfinished=contents.is_begun)
    return HeldTree(name)


def _has_all(source: CopySource, contents: DriveContents) -> bool:
    sizes = {held.path: held.size_bytes for held in contents.holdings}
    return all(sizes.get(file.path) == file.size_bytes for file in source.files)
