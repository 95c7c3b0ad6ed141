"""What already lies where a tree shall be copied: nothing, a copy that was interrupted, or something else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packager.drive.mounted import Drive
from packager.drive.source import CopySource, folders_of
from packager.drive.write import SharedReader
from packager.errors import OutputError
from packager.output.manifest import File, hash_file
from packager.text.filenames import folded


@dataclass(frozen=True, slots=True)
class ExistingCopy:
    """The folder of the tree's name on a drive, with its files and their sizes; `name` as it is written there."""

    name: str
    sizes: dict[PurePosixPath, int]
    folders: frozenset[PurePosixPath]


def existing_copy(source: CopySource, drive: Drive) -> ExistingCopy | None:
    """What bears the tree's name on the drive, in whatever case or form; None where nothing does.

    Raises OutputError when that is no folder.
    """
    for entry in os.scandir(drive.folder):
        if folded(entry.name) == folded(source.name):
            if not entry.is_dir(follow_symlinks=False):
                raise OutputError("is a file, not a folder", where=entry.path, hint="Move it away.")
            top = PurePosixPath(entry.name)
            below = dict(_below(Path(entry.path), top))
            sizes = {path: size for path, size in below.items() if size is not None}
            return ExistingCopy(entry.name, sizes, frozenset({top, *(below.keys() - sizes.keys())}))
    return None


def remove(existing: ExistingCopy, drive: Drive) -> None:
    """Remove the folder with all that is in it."""
    shutil.rmtree(drive.folder / existing.name)


def resume(existing: ExistingCopy, source: CopySource, reader: SharedReader, drive: Drive) -> int:
    """How many files are there and right; those after them are removed, so that the order of writing holds.

    Raises OutputError where it cannot be proven that an interrupted copy of this tree lies there.
    """
    present = source.files[: len(existing.sizes)]
    if not _is_beginning(existing, present, source) or not _is_ours(existing, present, reader, drive):
        raise OutputError(
            f"a folder called {existing.name} is there already, and it is not an interrupted copy of this tree: files "
            "in it are missing, changed or not of the tree; nothing was touched",
            where=drive.path,
            hint=f"Look at it and move it away, or replace it: {source.replacing(drive.path)}",
        )
    right = 0
    while right < len(present) and _is_right(present[right], existing, drive):
        right += 1
    for file in reversed(present[right:]):
        (drive.folder / file.path).unlink()
    for folder in sorted(existing.folders - folders_of(source.files[:right]), reverse=True):
        (drive.folder / folder).rmdir()
    return right


def _is_beginning(existing: ExistingCopy, present: tuple[File, ...], source: CopySource) -> bool:
    """Whether there is nothing but the first files of the tree, all but the last of them as long as they should be."""
    sizes = existing.sizes
    if {file.path for file in present} != sizes.keys() or not existing.folders <= folders_of(source.files):
        return False
    are_whole = all(sizes[file.path] == file.size_bytes for file in present[:-1])
    return are_whole and all(0 <= sizes[file.path] <= file.size_bytes for file in present[-1:])


def _is_ours(existing: ExistingCopy, present: tuple[File, ...], reader: SharedReader, drive: Drive) -> bool:
    """Whether the first file is the tree's own, or begins as it does where it is all there is."""
    if len(present) > 1:
        return _is_right(present[0], existing, drive)
    return all(_begins_alike(file, reader, drive.folder / file.path) for file in present)


def _begins_alike(file: File, reader: SharedReader, target: Path) -> bool:
    with target.open("rb") as copy:
        return all(piece.startswith(copy.read(len(piece))) for piece in reader.pieces(file))


def _is_right(file: File, existing: ExistingCopy, drive: Drive) -> bool:
    try:
        return existing.sizes[file.path] == file.size_bytes and hash_file(drive.folder / file.path) == file.sha256
    except OSError:
        return False


def _below(folder: Path, name: PurePosixPath) -> Iterator[tuple[PurePosixPath, int | None]]:
    """Every file with its size, and every folder with None; what is neither is as long as no file is."""
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            yield name / entry.name, None
            yield from _below(Path(entry.path), name / entry.name)
        else:
            yield name / entry.name, entry.stat().st_size if entry.is_file(follow_symlinks=False) else -1
