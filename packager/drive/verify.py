"""Whether a drive holds a tree: every file read back, past this machine's memory as far as the system allows."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from packager.drive import tag
from packager.drive.cold import Memory, forget, forget_file
from packager.drive.values import Drive, Level, Source, Verification, errors, folders_of
from packager.model import Finding, Severity
from packager.model.progress import Progress, step
from packager.output.manifest import File
from packager.traces.os_leftovers import dropping

ADDED = "system-added"
AGAIN = "Copy it again."
PIECE_BYTES = 1024 * 1024
MOST_TAG_BYTES = 1024 * 1024
_LIAR = "The drive may hold less than it claims, or be worn out: do not trust it."


@dataclass(slots=True)
class _Tree:
    """What lies on the drive under the tree's name, and whether all that was read came from the drive."""

    drive: Drive
    progress: Progress
    files: dict[PurePosixPath, int] = field(default_factory=dict)
    folders: list[PurePosixPath] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    is_cold: bool = True
    damaged: int = 0


def verify(source: Source, drive: Drive, progress: Progress) -> Verification:
    """Compare the tree on the drive with its manifest: all findings, by path, and how far they can be believed."""
    memory = forget(drive)
    tree = _Tree(drive, progress)
    _list(tree, source.name)
    with step(progress, "check", source.size_bytes):
        missing = [file for file in source.files if not _compare(file, tree)]
        _pair(missing, tree)
    tree.findings += _extra(source, tree)
    findings = tuple(sorted(tree.findings))
    return _judged(findings, tree, memory, len(source.files))


def _judged(findings: tuple[Finding, ...], tree: _Tree, memory: Memory, count: int) -> Verification:
    if wrong := errors(findings):
        why = f"{len(wrong)} {'problem' if len(wrong) == 1 else 'problems'} in {count} files"
        return Verification(Level.FAILED, f"{why}. {_LIAR}" if tree.damaged else why, findings)
    if memory is Memory.CONTENTS or not tree.is_cold:
        return Verification(Level.READ_THROUGH_CACHE, "unplug, plug in, run packager verify", findings)
    if memory is Memory.NAMES:
        why = f"every byte of {count} files was read from the drive; only root could have its folders read anew too"
        return Verification(Level.PROVEN, why, findings)
    return Verification(Level.PROVEN, f"every byte of {count} files was read from the drive itself", findings)


def _list(tree: _Tree, name: str) -> None:
    """Take down what bears the tree's name, and what systems have put beside it."""
    for entry in _entries(tree, PurePosixPath()):
        path = PurePosixPath(entry.name)
        if _folded(path) == _folded(PurePosixPath(name)):
            _take(entry, path, tree)
        elif found := _added(path):
            tree.findings.append(found)


def _take(entry: os.DirEntry[str], path: PurePosixPath, tree: _Tree) -> None:
    if found := _added(path):
        tree.findings.append(found)
    elif not entry.is_dir(follow_symlinks=False):
        tree.files[path] = entry.stat(follow_symlinks=False).st_size
    else:
        tree.folders.append(path)
        for inner in _entries(tree, path):
            _take(inner, path / inner.name, tree)


def _added(path: PurePosixPath) -> Finding | None:
    """What an operating system has put there, and what it tells."""
    known = dropping(path.name, at_root=len(path.parts) == 1)
    if known is None:
        return None
    message = f"was added by {known.system}, and tells: {known.tells}"
    return Finding(str(path), ADDED, message, f"To remove it: {known.removal}.", Severity.WARNING)


def _entries(tree: _Tree, path: PurePosixPath) -> Iterable[os.DirEntry[str]]:
    try:
        return sorted(os.scandir(tree.drive.folder / path), key=lambda entry: entry.name)
    except OSError as error:
        tree.damaged += 1
        tree.findings.append(_found(path, "folder-unreadable", f"cannot be read: {error.strerror}"))
        return ()


def _compare(file: File, tree: _Tree) -> bool:
    """Judge one file where it should be; False when nothing lies there under exactly that name."""
    size = tree.files.pop(file.path, None)
    if size is None:
        return False
    if found := _difference(file, size, tree):
        tree.findings.append(found)
    return True


def _difference(file: File, size: int, tree: _Tree) -> Finding | None:
    try:
        begin, marks = _read(tree.drive.folder / file.path, file.size_bytes, size, tree)
    except OSError as error:
        tree.damaged += 1
        return _found(file.path, "file-unreadable", f"cannot be read: {error.strerror}")
    if marks:
        number = f"{marks} {'mark' if marks == 1 else 'marks'}"
        inside = "" if begin == file.sha256 else ", and differs from what was built besides"
        return _found(file.path, "red-star-tag", f"carries a Red Star tag with {number}{inside}", tag.WARNING)
    if size < file.size_bytes:
        return _found(file.path, "file-cut", f"ends after {size} of {file.size_bytes} bytes")
    if size > file.size_bytes and begin == file.sha256:
        return _found(file.path, "file-changed", f"has {size - file.size_bytes} bytes behind its end")
    if begin == file.sha256:
        return None
    tree.damaged += size == file.size_bytes
    return _found(file.path, "file-changed", "differs from what was built")


def _read(path: Path, length: int, size: int, tree: _Tree) -> tuple[str, int]:
    """The SHA-256 of the first `length` bytes, and how many marks were put behind the file's end."""
    digest = hashlib.sha256()
    flags = ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")  # what is no file must not hold the work up
    file = os.open(path, sum((getattr(os, flag, 0) for flag in flags), os.O_RDONLY))
    with os.fdopen(file, "rb", buffering=0) as opened:
        tree.is_cold &= forget_file(file, size)
        left = length
        while left and (piece := opened.read(min(left, PIECE_BYTES))):
            digest.update(piece)
            left -= len(piece)
            tree.progress.advance(len(piece))
        opened.seek(max(length, size - MOST_TAG_BYTES))
        return digest.hexdigest(), tag.marks(opened.read(MOST_TAG_BYTES))


def _pair(missing: list[File], tree: _Tree) -> None:
    """Say of each missing file under which other name it lies there, if it does."""
    by_fold = {_folded(path): path for path in tree.files}
    renamed: list[File] = []
    for file in missing:
        other = by_fold.get(_folded(file.path))
        if other is None:
            renamed.append(file)
        else:
            tree.findings.append(_misnamed(file, other, tree))
    by_hash = dict(_hashed(renamed, tree))
    for file in renamed:
        other = by_hash.pop(file.sha256, None)
        if other is None:
            tree.findings.append(_found(file.path, "file-missing", "is missing"))
        else:
            del tree.files[other]
            tree.findings.append(_found(file.path, "file-renamed", f"is called {other} there"))


def _misnamed(file: File, other: PurePosixPath, tree: _Tree) -> Finding:
    size = tree.files.pop(other)
    if found := _difference(replace(file, path=other), size, tree):
        return found
    if unicodedata.normalize("NFC", str(other)) == unicodedata.normalize("NFC", str(file.path)):
        return _found(file.path, "file-nfd", "has its name in decomposed letters there, which not every device shows")
    return _found(file.path, "file-case", f"is called {other} there; not every device takes that for the same")


def _hashed(missing: list[File], tree: _Tree) -> Iterator[tuple[str, PurePosixPath]]:
    """The hashes of unknown files that are as long as one that is missing."""
    sizes = {file.size_bytes for file in missing}
    for path, size in tree.files.items():
        if size in sizes:
            try:
                yield _read(tree.drive.folder / path, size, size, tree)[0], path
            except OSError as error:
                tree.findings.append(_found(path, "file-unreadable", f"cannot be read: {error.strerror}"))


def _extra(source: Source, tree: _Tree) -> Iterator[Finding]:
    """What is not of the tree: files, and folders that hold nothing of it; of nested ones the outermost."""
    known = {_folded(folder) for folder in folders_of(source.files)}
    foreign = {folder for folder in tree.folders if _folded(folder) not in known}
    for folder in foreign:
        if folder.parent not in foreign:
            yield _found(folder, "folder-extra", "is not of the tree", "Remove it.")
    for path in tree.files:
        if not foreign.intersection(path.parents):
            yield _found(path, "file-extra", "is not of the tree", "Remove it.")


def _folded(path: PurePosixPath) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", str(path)).casefold())


def _found(path: PurePosixPath, code: str, message: str, remedy: str = AGAIN) -> Finding:
    return Finding(str(path), code, message, remedy)
