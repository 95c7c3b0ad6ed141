"""The tree to copy, or the one that should lie on a drive, as its manifest lists it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packager.config import definition
from packager.config.filesystems import folded_name, name_problem
from packager.errors import OutputError, PackagerError, SourceError, os_errors
from packager.output import manifest, marks
from packager.output.manifest import File
from packager.output.marks import KEEP, FolderMark

_EXAMPLE = "Name the tree that a build made, with `keep` beside it: window-built/window"
_OF_OTHERS = "To copy the tree of somebody else, run `packager check` on it, then use the file manager."
_BUILD_AGAIN = "Build again."


@dataclass(frozen=True, slots=True)
class CopySource:
    """A tree to copy: `files` name it, as `window/index.html`, relative to `root`, in the order of writing.

    `keep` is the folder of the manifest that lists them.
    """

    root: Path
    name: str
    files: tuple[File, ...]
    keep: Path

    @property
    def size_bytes(self) -> int:
        """Bytes of all files together."""
        return sum(file.size_bytes for file in self.files)

    def replacing(self, drive: Path) -> str:
        """The command that copies the tree in the place of the folder of its name that is on the drive."""
        return shlex.join(["packager", "copy", str(self.root / self.name), str(drive), "--replace"])


def folders_of(files: Iterable[File]) -> frozenset[PurePosixPath]:
    """Every folder that the files need, without the drive's own."""
    return frozenset(folder for file in files for folder in file.path.parents if folder != PurePosixPath("."))


def load(tree: Path) -> CopySource:
    """The tree with its files in the order of the manifest beside it.

    Raises SourceError for what is no tree of ours or has no manifest beside it, and when the tree is not what its
    manifest says, as far as names and sizes tell; OutputError for names that FAT cannot hold.
    """
    folder = tree.resolve()
    if not folder.is_dir():
        raise SourceError("is not a folder", where=tree, hint=f"{_EXAMPLE}. Copy single files with the file manager.")
    _refuse_other(tree, folder)
    sizes = dict(_sizes(folder))
    if not sizes:
        raise SourceError("holds no file", where=folder)
    _refuse_names(sizes, folder.parent)
    listed = tuple(file for file in manifest.read(folder.parent / KEEP).files if file.path.parts[0] == folder.name)
    _refuse_differences(listed, sizes, folder.parent)
    return CopySource(folder.parent, folder.name, listed, folder.parent / KEEP)


def expected_on(drive: Path, given: Path | None, here: Path) -> CopySource:
    """What should lie on `drive`, by the manifest `given`, else by the only one found below `here` that fits.

    Raises OutputError when no manifest is found, or several fit.
    """
    if given:
        keeps = [given.parent if given.name in (manifest.TABLE_NAME, manifest.SUMS_NAME) else given]
    else:
        keeps = [*sorted(here.glob(f"*-built/{KEEP}")), here / KEEP]
    listed = [source for keep in keeps for source in _listed(keep)]
    with os_errors(OutputError, "it cannot be read", drive):
        names = {folded_name(entry.name) for entry in os.scandir(drive)}
    sources = [source for source in listed if folded_name(source.name) in names]
    if given and not sources:
        sources = listed  # all of it is missing then, which is to be said
    if len(sources) == 1:
        return sources[0]
    what = "the manifests of several trees fit this drive" if sources else "no manifest is known for this drive"
    raise OutputError(what, where=drive, hint="Say which: --manifest window-built/keep/manifest.tsv")


def _refuse_other(tree: Path, folder: Path) -> None:
    """Have nothing copied but a whole tree that passed its check: not sources, nor what is for the organizer alone."""
    mark, place = marks.marked(folder) or (None, folder)
    if mark is FolderMark.BUNDLE or (mark is None and marks.holds_works(folder)):
        raise SourceError(f"is {FolderMark.BUNDLE}", where=tree, hint=_build_first(tree))
    if mark in (FolderMark.OUTPUT, FolderMark.KEEP):
        output = tree if mark is FolderMark.OUTPUT else tree.parent
        hint = next((f"Name the tree alone: {output / path.name}" for path in marks.trees_in(output)), _EXAMPLE)
        raise SourceError(f"is {mark}", where=tree, hint=hint)
    if mark and (mark is not FolderMark.TREE or place != folder):
        raise SourceError(f"{'is' if place == folder else 'lies in'} {mark}", where=tree, hint=_EXAMPLE)
    if folder not in marks.trees_in(folder.parent):
        raise SourceError("is no tree with its manifest beside it", where=tree, hint=f"{_EXAMPLE}. {_OF_OTHERS}")
    if marks.is_refused(folder.parent):
        hint = f"Mend what {folder.parent / KEEP / marks.REPORT_TEXT} names, and build again."
        raise SourceError("failed its check, and is there only to be looked at", where=tree, hint=hint)


def _build_first(bundle: Path) -> str:
    try:
        name = definition.load(bundle).name
    except PackagerError:  # the build says what is wrong with it
        name = "window"
    build = shlex.join(["packager", "build", str(bundle)])
    return f"Name the tree that a build makes of it: `{build}` makes {name}-built/{name}"


def _sizes(tree: Path) -> Iterator[tuple[PurePosixPath, int]]:
    """Every file with its path from the folder that holds the tree, and its size; SourceError for what is no file."""
    folders = [PurePosixPath(tree.name)]
    while folders:
        folder = folders.pop()
        for entry in _entries(tree.parent / folder):
            if entry.is_dir(follow_symlinks=False):
                folders.append(folder / entry.name)
            elif entry.is_file(follow_symlinks=False):
                yield folder / entry.name, entry.stat(follow_symlinks=False).st_size
            else:
                raise SourceError("is neither a file nor a folder", where=entry.path, hint="Remove it.")


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os_errors(SourceError, "cannot be read", folder), os.scandir(folder) as entries:
        return list(entries)


def _refuse_names(paths: Iterable[PurePosixPath], root: Path) -> None:
    """OutputError for a name that FAT cannot hold, or cannot tell from another one in its folder."""
    spellings: dict[tuple[PurePosixPath, str], PurePosixPath] = {}
    for path in sorted({path for file in paths for path in (file, *file.parents[:-1])}):
        if reason := name_problem(path.name):
            raise OutputError(reason, where=root / path, hint="Rename it; `packager check` names every such file.")
        twin = spellings.setdefault((path.parent, folded_name(path.name)), path)
        if twin != path:
            raise OutputError(
                f'has the same name as "{twin.name}" on FAT', where=root / path, hint="Rename one of them."
            )


def _refuse_differences(listed: Iterable[File], actual: Mapping[PurePosixPath, int], root: Path) -> None:
    """SourceError for the first file that is missing, extra or of another size than the manifest says."""
    sizes = {file.path: file.size_bytes for file in listed}
    for path in sorted({*sizes, *actual}):
        if path not in actual:
            raise SourceError("is missing", where=root / path, hint=_BUILD_AGAIN)
        if path not in sizes:
            raise SourceError("is not in the manifest", where=root / path, hint=f"Remove it. {_BUILD_AGAIN}")
        if sizes[path] != actual[path]:
            raise SourceError("differs from what was built", where=root / path, hint=_BUILD_AGAIN)


def _listed(keep: Path) -> Iterator[CopySource]:
    """The trees that the manifest in `keep` describes; a library on several media has one for each."""
    if not (keep / manifest.TABLE_NAME).is_file():
        return
    trees: dict[str, list[File]] = {}
    for file in manifest.read(keep).files:
        trees.setdefault(file.path.parts[0], []).append(file)
    for name, files in trees.items():
        yield CopySource(keep.parent, name, tuple(files), keep)
