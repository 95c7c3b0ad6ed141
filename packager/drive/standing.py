"""What already stands where a tree shall be copied: nothing, a copy that was interrupted, or something else."""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packager.drive.pieces import Pieces
from packager.drive.values import Drive, Source, anew, folders_of
from packager.errors import OutputError
from packager.output.manifest import File, hash_file


@dataclass(frozen=True, slots=True)
class Standing:
    """The folder of the tree's name on a drive, with its files and sizes; `name` as it is written there."""

    name: str
    files: tuple[tuple[PurePosixPath, int], ...]
    folders: frozenset[PurePosixPath]


def standing(source: Source, drive: Drive) -> Standing | None:
    """What bears the tree's name on the drive, in whatever case or form; None where nothing does.

    Raises OutputError when that is no folder.
    """
    for entry in os.scandir(drive.folder):
        if _folded(entry.name) == _folded(source.name):
            if not entry.is_dir(follow_symlinks=False):
                raise OutputError("is a file, not a folder", where=entry.path, hint="Move it away.")
            files, folders = [], {PurePosixPath(entry.name)}
            for path, size in _below(Path(entry.path), PurePosixPath(entry.name)):
                if size is None:
                    folders.add(path)
                else:
                    files.append((path, size))
            return Standing(entry.name, tuple(files), frozenset(folders))
    return None


def remove(found: Standing, drive: Drive) -> None:
    """Remove the folder with all that is in it."""
    shutil.rmtree(drive.folder / found.name)


def resume(found: Standing, source: Source, pieces: Pieces, drive: Drive) -> int:
    """How many files are there and right; those after them are removed, so that the order of writing holds.

    Raises OutputError where it cannot be proven that an interrupted copy of this tree stands there.
    """
    sizes = dict(found.files)
    present = source.files[: len(sizes)]
    if not _is_beginning(found, present, source) or not _is_ours(present, sizes, pieces, drive):
        raise OutputError(
            f"a folder called {found.name} is there already, and is no copy of this tree that only has to go on: files "
            "in it are missing, changed or not of the tree; nothing was touched",
            where=drive.path,
            hint=f"Look at it, and move it away, or have it removed first: {anew(source, drive.path)}",
        )
    right = 0
    while right < len(present) and _is_right(present[right], sizes, drive):
        right += 1
    for file in reversed(present[right:]):
        (drive.folder / file.path).unlink()
    for folder in sorted(found.folders - folders_of(source.files[:right]), reverse=True):
        (drive.folder / folder).rmdir()
    return right


def _is_beginning(found: Standing, present: tuple[File, ...], source: Source) -> bool:
    """Whether there is nothing but the first files of the tree, all but the last of them as long as they should be."""
    sizes = dict(found.files)
    if {file.path for file in present} != sizes.keys() or not found.folders <= folders_of(source.files):
        return False
    whole = all(sizes[file.path] == file.size_bytes for file in present[:-1])
    return whole and all(0 <= sizes[file.path] <= file.size_bytes for file in present[-1:])


def _is_ours(present: tuple[File, ...], sizes: dict[PurePosixPath, int], pieces: Pieces, drive: Drive) -> bool:
    """Whether the first file is the tree's own, or begins as it does where it is all there is."""
    if len(present) > 1:
        return _is_right(present[0], sizes, drive)
    return all(_begins_alike(file, pieces, drive.folder / file.path) for file in present)


def _begins_alike(file: File, pieces: Pieces, target: Path) -> bool:
    with target.open("rb") as there:
        return all(piece.startswith(there.read(len(piece))) for piece in pieces.of(file))


def _is_right(file: File, sizes: dict[PurePosixPath, int], drive: Drive) -> bool:
    try:
        return sizes[file.path] == file.size_bytes and hash_file(drive.folder / file.path) == file.sha256
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


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
