"""The files of a tree in the order of its manifest, each with a name that is fit for FAT."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from packager.drive.fat_names import problem
from packager.errors import OutputError, SourceError
from packager.output import manifest
from packager.output.manifest import File
from packager.output.marks import KEEP

ANOTHER_TREE = "Build again."


def files_of(tree: Path) -> tuple[File, ...]:
    """All files of `tree` in the order of the manifest beside it, which must be there.

    Empty folders are left out. Raises SourceError for what cannot be read, is neither file nor folder, or differs
    from the manifest; OutputError for names that FAT cannot hold.
    """
    found = dict(_found(tree))
    if not found:
        raise SourceError("holds no file", where=tree)
    _refuse_names(found, tree.parent)
    recorded = tuple(file for file in manifest.read(tree.parent / KEEP).files if file.path.parts[0] == tree.name)
    _refuse_differences(recorded, found, tree.parent)
    return recorded


def _found(tree: Path) -> Iterator[tuple[PurePosixPath, os.stat_result]]:
    """Every file with its path from the folder that holds the tree."""
    folders = [PurePosixPath(tree.name)]
    while folders:
        folder = folders.pop()
        for entry in _entries(tree.parent / folder):
            if entry.is_dir(follow_symlinks=False):
                folders.append(folder / entry.name)
            elif entry.is_file(follow_symlinks=False):
                yield folder / entry.name, Path(entry.path).lstat()
            else:
                raise SourceError("is neither a file nor a folder", where=entry.path, hint="Remove it.")


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=folder) from error


def _refuse_names(paths: Iterable[PurePosixPath], root: Path) -> None:
    """OutputError for a name that FAT cannot hold, or cannot tell from another one in its folder."""
    inside = {path for file in paths for path in (file, *file.parents[:-1])}
    spellings: dict[tuple[PurePosixPath, str], PurePosixPath] = {}
    for path in sorted(inside):
        if reason := problem(path.name):
            raise OutputError(reason, where=root / path, hint="Rename it; `packager check` names every such file.")
        folded = unicodedata.normalize("NFC", path.name).casefold()
        twin = spellings.setdefault((path.parent, folded), path)
        if twin != path:
            raise OutputError(f'is one name with "{twin.name}" on FAT', where=root / path, hint="Rename one of them.")


def _refuse_differences(recorded: tuple[File, ...], found: Mapping[PurePosixPath, os.stat_result], root: Path) -> None:
    """SourceError for the first file that is missing, extra or of another size than the manifest says."""
    sizes = {file.path: file.size_bytes for file in recorded}
    for path in sorted({*sizes, *found}):
        if path not in found:
            raise SourceError("is missing", where=root / path, hint=ANOTHER_TREE)
        if path not in sizes:
            raise SourceError("is not in the manifest", where=root / path, hint=f"Remove it. {ANOTHER_TREE}")
        if sizes[path] != found[path].st_size:
            raise SourceError("differs from what was built", where=root / path, hint=ANOTHER_TREE)
