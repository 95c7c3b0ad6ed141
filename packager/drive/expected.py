"""What should lie on a drive: of all manifests at hand, the one that what lies there is most like."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from packager.config.filesystems import folded_name
from packager.drive.source import CopySource, trees_in_keep
from packager.errors import OutputError, PackagerError, SourceError, os_errors
from packager.output import manifest, marks
from packager.output.ledger import EDITIONS, Ledger, NumberedEdition
from packager.output.manifest import File
from packager.output.marks import KEEP, FolderMark

_WHICH = "Say which: --manifest window-built"
_SAME_TREE = 0.5  # of what two trees hold: those that share less are not one under two names

TreeSizes = Mapping[str, int]
"""Lengths of a tree's files by their paths in it, folded as FAT does."""


@dataclass(frozen=True, slots=True)
class ExpectedTree:
    """The tree that a drive should hold, and which edition of its bundle it is: 0 where no ledger tells.

    `newest` is the number of the newest edition that was built in the same way.
    """

    source: CopySource
    edition: int = 0
    newest: int = 0


def known_trees(
    given: Path | None, here: Path, tell: Callable[[PackagerError], None] = lambda _: None
) -> tuple[ExpectedTree, ...]:
    """Every tree that is known: of the manifest `given`, else of the builds below `here`, then of their ledgers.

    `given` is whatever `manifest.table_of` knows, or a bundle with a ledger. Ledgers lie in `here`, where the build
    lies, and in the folders there; a damaged one is told. Raises OutputError for what is no manifest, and for a damaged
    one.
    """
    table = manifest.table_of(given) if given else None
    if given and not table and not (given / EDITIONS).is_dir():
        hint = f"Name the folder that the build made, or the {manifest.TABLE_NAME} in its {KEEP}."
        raise OutputError("is no manifest of packager's, nor a folder that holds one", where=given, hint=hint)
    keeps = [*sorted(here.glob(f"*-built/{KEEP}")), here / KEEP] if given is None else [table.parent] if table else []
    built = [source for keep in keeps for source in trees_in_keep(keep)]
    folders = [*([given] if given else []), here, *(keep.parent.parent for keep in keeps if given)]
    names = {source.name for source in built} if table else set()
    roots = {source.name: source.root for source in built}  # where the newest lies
    editions = [_in_root(tree, roots) for tree in _editions(folders, tell) if not names or tree.source.name in names]
    return (*(_numbered(source, editions) for source in built), *editions)


def expected_on(drive: Path, known: Sequence[ExpectedTree], *, is_given: bool) -> ExpectedTree:
    """What of all that is known should lie on `drive`; where one tree `is_given`, that, if nothing is there.

    Of several for one folder on it, the one that it is most like by names and lengths; of these the one with more of
    its contents, then the newest. Raises OutputError when none fits, or trees of several names do.
    """
    with os_errors(OutputError, "it cannot be read", drive):
        folders = {folded_name(entry.name): Path(entry.path) for entry in os.scandir(drive)}
    names = dict.fromkeys(folded_name(tree.source.name) for tree in known)
    there = [name for name in names if name in folders or folded_name(marks.unfinished(name)) in folders]
    if len(there) == 1:
        fitting = [tree for tree in known if folded_name(tree.source.name) == there[0]]
        folder = folders.get(there[0])
        if folder and marks.mark_of(folder) is FolderMark.BUNDLE:
            hint = "No tree of that name can lie there. Hand out another drive: what is removed can still be found."
            raise OutputError(f"is {FolderMark.BUNDLE}", where=folder, hint=hint)
        return _most_like(folder, fitting) if folder else max(fitting, key=lambda tree: tree.edition)
    if there:
        named = " or ".join(str(drive / folders[name].name) for name in there if name in folders)
        raise OutputError("holds several trees that are known", where=drive, hint=f"Name one of them: {named}")
    if marks.mark_of(drive) is FolderMark.BUNDLE:
        raise OutputError(f"is {FolderMark.BUNDLE}", where=drive, hint="Name the drive that a tree was copied to.")
    if marks.mark_of(drive) is FolderMark.TREE:
        command = shlex.join(["packager", "check", str(drive), "--manifest"])
        hint = f"To compare them with a manifest: {command} window-built"
        raise OutputError("holds the files of a tree without its folder", where=drive, hint=hint)
    _refuse_others(drive, folders.values(), known)
    if is_given and len(names) == 1:
        return max(known, key=lambda tree: tree.edition)  # all of it is missing, which is to be said
    raise OutputError("no manifest is known for this drive", where=drive, hint=_WHICH)


def earlier_files(source: CopySource, known: Iterable[ExpectedTree]) -> tuple[File, ...]:
    """Every file of a tree in all that is known of its other editions."""
    others = (tree.source for tree in known if folded_name(tree.source.name) == folded_name(source.name))
    return tuple(dict.fromkeys(file for other in others if other.files != source.files for file in other.files))


def holder_of(path: Path, names: Iterable[str] = ()) -> Path:
    """The folder that holds the tree where `path` is one, or lies in one; `path` itself for all others.

    A folder that bears one of the `names` is one, but a mounted drive may be called as it likes.
    """
    folder = path.resolve()
    mark, place = marks.marked(folder) or (None, folder)
    if mark is None and folded_name(folder.name) in map(folded_name, names):
        mark, place = FolderMark.TREE, folder
    if mark is not FolderMark.TREE or place.is_mount():
        return path
    return path.parent if place == folder and path.name else place.parent


def _editions(folders: Iterable[Path], tell: Callable[[PackagerError], None]) -> Iterator[ExpectedTree]:
    """The trees of every edition in the ledgers of the bundles that these folders are, or hold."""
    bundles = (bundle for folder in folders if folder.is_dir() for bundle in (folder, *sorted(folder.iterdir())))
    for bundle in dict.fromkeys(path.resolve() for path in bundles if (path / EDITIONS).is_dir()):
        definitions = [bundle / f"{path.name}.toml" for path in sorted((bundle / EDITIONS).iterdir()) if path.is_dir()]
        for definition in (bundle, *definitions):
            try:
                yield from _editions_of(Ledger.read(definition), bundle)
            except (SourceError, OutputError) as error:  # a damaged ledger keeps nobody from reading a drive
                tell(error)


def _editions_of(ledger: Ledger, bundle: Path) -> Iterator[ExpectedTree]:
    """The trees of a bundle's editions; the newest of each is the last that was asked for in the same way."""
    for edition in ledger.editions:
        alike = (other for other in ledger.editions if _asked(other) == _asked(edition))
        newest = max(other.number for other in alike)
        for tree in edition.trees:
            root = bundle.parent / f"{tree.name}-built"
            source = CopySource(root, tree.name, edition.manifest(tree.name).files, ledger.folder)
            yield ExpectedTree(source, edition.number, newest)


def _in_root(tree: ExpectedTree, roots: Mapping[str, Path]) -> ExpectedTree:
    root = roots.get(tree.source.name, tree.source.root)
    return replace(tree, source=replace(tree.source, root=root))


def _asked(edition: NumberedEdition) -> tuple[object, ...]:
    return edition.profile, edition.language, {tree.name for tree in edition.trees}


def _numbered(source: CopySource, editions: Iterable[ExpectedTree]) -> ExpectedTree:
    """A tree that lies where it was built, with its number, if it is an edition."""
    same = [tree for tree in editions if tree.source.files == source.files and tree.source.name == source.name]
    return replace(same[-1], source=source) if same else ExpectedTree(source)


def _most_like(folder: Path, known: list[ExpectedTree]) -> ExpectedTree:
    """The tree that a folder on a drive is most like."""
    if len(known) == 1:
        return known[0]
    there = dict(_sizes(folder))
    likeness = [_likeness(there, _listed_sizes(tree.source)) for tree in known]
    most = max(likeness)
    nearest = [tree for tree, like in zip(known, likeness, strict=True) if like == most]
    return max(nearest, key=lambda tree: (_same_contents(folder, tree, nearest), tree.edition))


def _same_contents(folder: Path, tree: ExpectedTree, others: Iterable[ExpectedTree]) -> int:
    """How many files in a folder are the tree's, of those that the `others` have with another content."""
    every = [{_inside(file): file for file in other.source.files} for other in others]
    own = {_inside(file): file for file in tree.source.files}
    differing = [path for path in own if len({files[path].sha256 if path in files else "" for files in every}) > 1]
    return sum(manifest.is_at(folder / path, own[path]) for path in differing)


def _likeness(one: TreeSizes, other: TreeSizes) -> float:
    """The share of both trees' files that have the same path and length."""
    return 2 * len(one.items() & other.items()) / (len(one) + len(other) or 1)


def _inside(file: File) -> PurePosixPath:
    return PurePosixPath(*file.path.parts[1:])


def _listed_sizes(source: CopySource) -> TreeSizes:
    return {folded_name(str(_inside(file))): file.size_bytes for file in source.files}


def _sizes(folder: Path) -> Iterator[tuple[str, int]]:
    """Every file that can be seen below a folder with its length; what cannot is told where the tree is read."""
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            try:
                yield folded_name(path.relative_to(folder).as_posix()), path.lstat().st_size
            except OSError:
                continue


def _refuse_others(drive: Path, folders: Iterable[Path], known: Iterable[ExpectedTree]) -> None:
    """OutputError that names a tree of ours on the drive that has the name of none that is known."""
    for folder in sorted(folders):
        if marks.mark_of(folder) is not FolderMark.TREE:
            continue
        there = dict(_sizes(folder))
        like = {tree.source.name for tree in known if _likeness(there, _listed_sizes(tree.source)) > _SAME_TREE}
        if like:
            what = f'holds "{min(like)}" under another name: {folder.name}'
            raise OutputError(what, where=drive, hint=f"Give the folder its name back: {min(like)}")
        what = f'holds "{folder.name}", a tree that packager built, and its manifest is not at hand'
        raise OutputError(what, where=drive, hint="Its manifest lies where it was built: --manifest DIR")
