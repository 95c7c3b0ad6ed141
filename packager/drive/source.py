"""The tree to copy, or the one that should lie on a drive, as a manifest tells."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from packager import manifest
from packager.drive.ordered import TreeFile, files_of
from packager.drive.values import Source
from packager.errors import OutputError, SourceError
from packager.manifest import File
from packager.progress import SILENT, Progress, step

KEEP = "keep"


def load(tree: Path, progress: Progress = SILENT) -> Source:
    """The tree with its files in the order of the manifest beside it; without one, all of it is read for its hashes.

    Raises SourceError when the tree is not what its manifest says, as far as names and sizes tell.
    """
    folder = tree.resolve()
    if not folder.is_dir():
        raise SourceError("is not a folder", where=tree, hint="Name the tree that a build made: window-built/window")
    if inner := next(_listed(folder / KEEP), None):
        raise SourceError("holds the tree, but is not it", where=tree, hint=f"Name {tree / inner.name}")
    found = files_of(folder)
    with step(progress, "read", len(found)):
        files = tuple(_file(file, progress) for file in found)
    return Source(folder.parent, folder.name, files, folder.parent / KEEP if found[0].sha256 else None)


def expected_on(drive: Path, given: Path | None, here: Path) -> Source:
    """What should lie on `drive`, by the manifest `given`, else by the only one found below `here` that fits.

    Raises OutputError when no manifest is found, or several fit.
    """
    if given:
        keeps = [given.parent if given.name in (manifest.TABLE_NAME, manifest.SUMS_NAME) else given]
    else:
        keeps = [*sorted(here.glob(f"*-built/{KEEP}")), here / KEEP]
    listed = [source for keep in keeps for source in _listed(keep)]
    sources = [source for source in listed if _lies_on(drive, source.name)]
    if given and not sources:
        sources = listed  # all of it is missing then, which is to be said
    if len(sources) == 1:
        return sources[0]
    what = "the manifests of several trees fit this drive" if sources else "no manifest is known for this drive"
    raise OutputError(what, where=drive, hint="Say which: --manifest window-built/keep/manifest.tsv")


def _file(file: TreeFile, progress: Progress) -> File:
    try:
        sha256 = file.sha256 or manifest.hash_file(file.source)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=file.source) from error
    progress.advance()
    return File(file.path, file.size_bytes, sha256)


def _listed(keep: Path) -> Iterator[Source]:
    """The trees that the manifest in `keep` describes; a library on several media has one for each."""
    if not (keep / manifest.TABLE_NAME).is_file():
        return
    trees: dict[str, list[File]] = {}
    for file in manifest.read(keep).files:
        trees.setdefault(file.path.parts[0], []).append(file)
    for name, files in trees.items():
        yield Source(keep.parent, name, tuple(files), keep)


def _lies_on(drive: Path, name: str) -> bool:
    return any(entry.name.casefold() == name.casefold() for entry in os.scandir(drive))
