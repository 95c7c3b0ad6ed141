"""The tree to copy, or the one that should lie on a drive, as its manifest lists it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packager.config import definition
from packager.config.filesystems import folded_name, name_problem
from packager.config.strict_toml import meant
from packager.errors import OutputError, PackagerError, SourceError, UsageError, os_errors
from packager.files.traces import leftover
from packager.output import manifest, marks
from packager.output.manifest import File
from packager.output.marks import KEEP, FolderMark
from packager.text.order import in_order

_EXAMPLE = "Name the tree that a build made, with `keep` beside it: window-built/window"
_OF_OTHERS = "To copy the tree of somebody else, if a check finds nothing in it: --without-manifest"
_BUILD_AGAIN = "Build again."


@dataclass(frozen=True, slots=True)
class CopySource:
    """A tree to copy: `files` name it, as `window/index.html`, relative to `root`, in the order of writing.

    `keep` is the folder of the manifest that lists them; None where there is none.
    """

    root: Path
    name: str
    files: tuple[File, ...]
    keep: Path | None

    @property
    def size_bytes(self) -> int:
        """Bytes of all files together."""
        return sum(file.size_bytes for file in self.files)

    def replacing(self, drive: Path) -> str:
        """The command that copies the tree in the place of the folder of its name that is on the drive."""
        return shlex.join(["packager", "copy", str(self.root / self.name), str(drive), "--replace"])

    def updating(self, drive: Path) -> str:
        """The command that brings what the drive holds of the tree to the newest edition, or ends such a command."""
        return shlex.join(["packager", "copy", str(self.root / self.name), str(drive), "--update"])


def folders_of(files: Iterable[File]) -> frozenset[PurePosixPath]:
    """Every folder that the files need, without the drive's own."""
    return frozenset(folder for file in files for folder in file.path.parents if folder != PurePosixPath("."))


def load(tree: Path) -> CopySource:
    """The tree with its files in the order of the manifest beside it.

    Raises UsageError for what is something else of ours; SourceError for what is not there or has no manifest, and
    when the tree is not what its manifest says, as far as names and sizes tell; OutputError for names that FAT
    cannot hold.
    """
    folder = _existing(tree)
    mark = _refuse_other(tree, folder)
    listed = marks.trees_in(folder.parent)
    if folder in listed:
        _refuse_empty(folder)
    if mark is None or folder not in listed:
        gone = [other.name for other in listed if mark and not other.exists()]
        hint = f"Give it its name back: {gone[0]}" if gone else f"{_EXAMPLE}. {_OF_OTHERS}"
        raise SourceError("is no tree with its manifest beside it", where=tree, hint=hint)
    if marks.is_refused(folder.parent):
        hint = f"Mend what {folder.parent / KEEP / marks.REPORT_TEXT} names, and build again."
        raise SourceError("failed its check, and is there only to be looked at", where=tree, hint=hint)
    sizes = _usable_sizes(folder)
    files = tuple(file for file in manifest.read(folder.parent / KEEP).files if file.path.parts[0] == folder.name)
    _refuse_differences(files, sizes, folder.parent)
    return CopySource(folder.parent, folder.name, files, folder.parent / KEEP)


def load_without_manifest(tree: Path) -> CopySource:
    """The tree of somebody else, with its files as they are now, in the order of their names; it is to be checked.

    Raises UsageError for what is or holds a bundle, and what is for the organizer alone, SourceError for what has a
    manifest; OutputError for names that FAT cannot hold.
    """
    folder = _existing(tree)
    _refuse_other(tree, folder)
    if not folder.is_dir():
        raise SourceError("is not a folder", where=tree, hint="Copy single files with the file manager.")
    if folder in marks.trees_in(folder.parent):
        raise SourceError("has its manifest beside it", where=tree, hint="Leave out --without-manifest.")
    _refuse_empty(folder)
    sizes = _usable_sizes(folder)
    with os_errors(SourceError, "cannot be read", folder):
        paths = in_order(sizes, lambda path: path)
        return CopySource(folder.parent, folder.name, manifest.record(folder.parent, paths).files, None)


def _existing(tree: Path) -> Path:
    folder = tree.resolve()
    if not folder.exists():
        built = [path / tree.name for path in sorted(tree.parent.glob("*-built")) if (path / tree.name).is_dir()]
        beside = [path.name for path in tree.parent.iterdir()] if tree.parent.is_dir() else []
        hint = f"Did you mean {built[0]}?" if built else meant(tree, beside) or f"{_EXAMPLE}."
        raise SourceError("is not there", where=tree, hint=hint)
    return folder


def _usable_sizes(folder: Path) -> dict[PurePosixPath, int]:
    sizes = dict(_sizes(folder))
    _refuse_names(sizes, folder.parent)
    return sizes


def _refuse_empty(folder: Path) -> None:
    if not any(_sizes(folder)):
        raise SourceError("holds no file", where=folder, hint="Build it again.")


def trees_in_keep(keep: Path) -> Iterator[CopySource]:
    """The trees that the manifest in `keep` describes, none where there is no manifest.

    A library on several media has one for each. Raises OutputError for a damaged manifest.
    """
    if not (keep / manifest.TABLE_NAME).is_file():
        return
    trees: dict[str, list[File]] = {}
    for file in manifest.read(keep).files:
        trees.setdefault(file.path.parts[0], []).append(file)
    for name, files in trees.items():
        yield CopySource(keep.parent, name, tuple(files), keep)


def _refuse_other(tree: Path, folder: Path) -> FolderMark | None:
    """Have nothing copied but a whole tree: not sources, nor what is for the organizer alone; return whether it is one.

    What bears no mark, and lies in nothing that does, is nobody's that we know.
    """
    mark, place = marks.marked(folder) or (None, folder)
    if mark is None and (bundle := marks.bundle_of(folder)):
        mark, place = FolderMark.BUNDLE, bundle
    if mark is None and (outputs := marks.outputs_in(folder)):
        raise UsageError(f"holds {FolderMark.OUTPUT}", where=tree, hint=_name_alone(tree, outputs))
    if mark and (mark is not FolderMark.TREE or place != folder):
        is_or_lies = "is" if place == folder else "lies in"
        raise UsageError(f"{is_or_lies} {mark}", where=tree, hint=_instead(tree, mark, place))
    return mark


def _instead(tree: Path, mark: FolderMark, place: Path) -> str:
    """What to copy instead of something that bears a mark, or lies in what does."""
    match mark:
        case FolderMark.BUNDLE:
            return _build_first(place, tree)
        case FolderMark.OUTPUT:
            return _name_alone(tree, [place])
        case FolderMark.KEEP | FolderMark.TREE:
            return _name_alone(tree, [place.parent])
        case _:
            return _EXAMPLE


def _name_alone(tree: Path, outputs: Iterable[Path]) -> str:
    trees = [_as_typed(path, tree) for output in outputs for path in marks.trees_in(output)]
    return f"Name the tree alone: {' or '.join(map(str, trees))}" if trees else _EXAMPLE


def _build_first(bundle: Path, tree: Path) -> str:
    try:
        name = definition.load(bundle).name
    except PackagerError:  # the build says what is wrong with it
        name = "window"
    build = shlex.join(["packager", "build", str(_as_typed(bundle, tree))])
    return f"Name the tree that a build makes of it: `{build}` makes {name}-built/{name}"


def _as_typed(path: Path, tree: Path) -> Path:
    """The absolute `path` in the way in which `tree` was named: from the current folder where that was."""
    return Path(os.path.normpath(tree / os.path.relpath(path, tree.resolve())))


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
    """SourceError for the first file that is missing, extra or of another size than the manifest says.

    What a system put there while somebody looked at the tree is not copied, and in nobody's way.
    """
    sizes = {file.path: file.size_bytes for file in listed}
    for path in sorted({*sizes, *actual}):
        if path not in actual:
            raise SourceError("is missing", where=root / path, hint=_BUILD_AGAIN)
        if path not in sizes and not any(leftover(part, at_root=False) for part in path.parts):
            raise SourceError("is not in the manifest", where=root / path, hint=f"Remove it. {_BUILD_AGAIN}")
        if sizes.get(path, actual[path]) != actual[path]:
            raise SourceError("differs from what was built", where=root / path, hint=_BUILD_AGAIN)
