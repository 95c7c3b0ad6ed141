"""What lies at a path, told by its content, and its inventory."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from packager.check.containers import Contents, OnDisk
from packager.check.containers.archive import sevenzip_contents
from packager.check.containers.folder import folder_contents
from packager.check.facts import Inventory, Node, Shape, TreeEntry
from packager.check.findings import show
from packager.check.inventory import Mapper, take, take_in_order
from packager.check.packed_facts import ArchiveFacts
from packager.check.words import NO_WORDS, WordSearch, find_in_name
from packager.config.definition import FILE_NAME
from packager.errors import UsageError
from packager.files.signatures import HEAD_BYTES, FileType, extension, file_type
from packager.model.progress import Progress
from packager.output.manifest import TABLE_NAME
from packager.output.marks import KEEP

HOME = "index.html"
# What a file that is cut before its first bytes tell was meant to be.
BY_EXTENSION = {
    "zip": FileType.ZIP,
    "cbz": FileType.ZIP,
    "epub": FileType.ZIP,
    "7z": FileType.SEVEN_ZIP,
    "html": FileType.HTML,
    "htm": FileType.HTML,
}
HINT = "Give a folder, a drive, a ZIP, CBZ, EPUB or 7z, or one HTML file."
DISK_HINT = "Mount it and check its folder, or compare an image with its tree: packager image TREE FILE.img --verify"


def inventory_of(path: Path, workers: Mapper, progress: Progress, search: WordSearch = NO_WORDS) -> Inventory:
    """Everything that lies at `path`, and its name; UsageError where nothing does, or nothing that can be checked."""
    inventory = _inventory_of(path, workers, progress, search)
    if inventory.shape is Shape.DOCUMENT:  # whose one file has the name
        return inventory
    named = tuple(("", match) for match in find_in_name(path.resolve().name, search))
    return replace(inventory, words=(*inventory.words, *named))


def _inventory_of(path: Path, workers: Mapper, progress: Progress, search: WordSearch) -> Inventory:
    kind = _kind(path)
    if kind is None:
        _refuse_bundle(path)
        _refuse_whole_output(path)
        return take(folder_contents(path), workers, progress, search)
    if kind is FileType.HTML:
        return take(_document(path), workers, progress, search)
    if kind is FileType.SEVEN_ZIP:
        with tempfile.TemporaryDirectory() as scratch:
            workers.only_read(path, Path(scratch))
            contents = _listed(sevenzip_contents, path, workers)
            return take_in_order(path, contents, workers, Path(scratch), progress, search)
    return take(_listed(LISTERS[kind], path, workers), workers, progress, search)


def _refuse_bundle(path: Path) -> None:
    """What a bundle is checked for is its definition, or the tree that is built of it."""
    if os.path.lexists(path / FILE_NAME) and not (path / HOME).exists():
        hint = f"Check the tree that `packager build` makes of it, or, with --definition-only, its {FILE_NAME} alone."
        raise UsageError("is a bundle, with your sources", where=path, hint=hint)


def _refuse_whole_output(path: Path) -> None:
    """What a build makes is a tree beside what is for the organizer alone: only the tree is to be checked."""
    table = path / KEEP / TABLE_NAME
    if table.is_file() and not (path / HOME).exists():
        trees = sorted(folder.name for folder in path.iterdir() if folder.is_dir() and folder.name != KEEP)
        hint = f"Check the tree in it: {path / trees[0]}" if len(trees) == 1 else "Check the tree in it."
        raise UsageError("holds a tree and what is for you alone", where=path, hint=hint)


def _kind(path: Path) -> FileType | None:
    """What the file at `path` is; None for a folder."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return None
        if not stat.S_ISREG(mode) and not stat.S_ISBLK(mode):
            raise UsageError("is neither a file nor a folder", where=path, hint=HINT)
        with path.open("rb") as file:
            kind = file_type(file.read(HEAD_BYTES))
    except FileNotFoundError as problem:
        raise UsageError("there is no such file or folder", where=path, hint=HINT) from problem
    except (OSError, ValueError) as problem:
        raise UsageError(f"cannot be read: {getattr(problem, 'strerror', problem)}", where=path) from problem
    if kind in LISTERS or kind is FileType.HTML:
        return kind
    meant = BY_EXTENSION.get(extension(path.name))
    if meant is None:
        hint = DISK_HINT if kind is FileType.DISK else HINT
        raise UsageError(f"is {kind}, which is not checked by itself", where=path, hint=hint)
    return meant


def _listed(lister: Callable[[Path], Contents], path: Path, workers: Mapper) -> Contents:
    """What `path` holds, as a worker finds it: directories can be as hostile as files."""
    [result] = workers.map(lister, [path])
    if isinstance(result, Contents):
        return result
    if isinstance(result.error, UsageError):
        raise result.error
    return Contents(archive=ArchiveFacts(error=show(result.error.what)))


def _zip(path: Path) -> Contents:
    from packager.check.containers.zipped import zip_contents  # it unpacks, which is for the worker alone

    try:
        with path.open("rb") as file:
            return zip_contents(file, OnDisk(path), path.name, Shape.TREE)
    except OSError as problem:
        raise UsageError(f"cannot be read: {problem.strerror}", where=path) from problem


LISTERS: dict[FileType, Callable[[Path], Contents]] = {
    FileType.ZIP: _zip,
    FileType.SEVEN_ZIP: sevenzip_contents,
}


def _document(path: Path) -> Contents:
    status = path.stat()
    entry = TreeEntry(path.name, Node.FILE, status.st_size, status.st_mtime_ns)
    return Contents(files=((entry, OnDisk(path)),), shape=Shape.DOCUMENT)
