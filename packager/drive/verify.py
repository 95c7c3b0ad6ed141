"""Whether a drive holds a tree: every file read back, past this machine's memory as far as the system allows."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath

from packager.config.filesystems import folded_name
from packager.drive.listing import number_of
from packager.drive.mounted import CacheState, Drive, drop_cache, drop_cached_file
from packager.drive.private import PRIVATE, private_at, private_in
from packager.drive.source import CopySource, folders_of
from packager.files.traces import leftover, red_star_marks
from packager.model import Finding, Severity
from packager.model.progress import Progress, step
from packager.output.manifest import File

ADDED = "system-added"
UNFINISHED = "update-unfinished"
EXTRA = FILE_EXTRA, FOLDER_EXTRA = "file-extra", "folder-extra"
MISNAMED = RENAMED, CASE, DECOMPOSED = "file-renamed", "file-case", "file-nfd"  # whose contents are right
AGAIN = "Copy it again."
PIECE_BYTES = 1024 * 1024
MOST_TAG_BYTES = 1024 * 1024
_OTHER = "files have other lengths: another edition, or another tree, lies there, and no manifest at hand is of it."
_DISTRUST = "The drive may hold less than it claims, or be worn out: do not trust it."
_RED_STAR_WARNING = "Do not send, publish or reuse this drive: each mark names a computer that opened the file."


class ProofLevel(StrEnum):
    """How far a drive can be believed to hold the tree."""

    PROVEN = "proven"  # every byte came from the drive itself, and is right
    READ_THROUGH_CACHE = "read, not proven"  # all is right, as far as this machine's memory tells
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Verification:
    """How far what lies on a drive is the tree; `why` is one sentence."""

    level: ProofLevel
    why: str
    findings: tuple[Finding, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 where the drive holds everything, and nothing that is for the organizer alone; else 1."""
        is_private = any(finding.code == PRIVATE for finding in self.findings)
        return 1 if is_private or self.level is ProofLevel.FAILED else 0


@dataclass(slots=True)
class _DriveTree:
    """What lies on the drive under the tree's name; `is_uncached` while all that was read came from the drive."""

    drive: Drive
    progress: Progress
    sizes: dict[PurePosixPath, int] = field(default_factory=dict)
    folders: list[PurePosixPath] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    is_uncached: bool = True
    is_unfinished: bool = False
    damaged: int = 0  # files as long as they should be that hold something else, or cannot be read
    resized: int = 0  # files of other lengths that are no beginnings of what was built
    cut: int = 0


def verify(source: CopySource, drive: Drive, progress: Progress, left: frozenset[str] | None = None) -> Verification:
    """Compare the tree on the drive with its manifest: all findings, by path, and how far they can be believed.

    With `left`, paths of files of others that were left in the tree, these are no findings, nor are folders of others.
    """
    cached = drop_cache(drive)
    tree = _DriveTree(drive, progress)
    _list_root(tree, source)
    with step(progress, "check", source.size_bytes):
        missing = []
        # While an update puts the tree together, nothing bears its name.
        for file in source.files if tree.folders or not tree.is_unfinished else ():
            size = tree.sizes.pop(file.path, None)
            if size is None:
                missing.append(file)
            elif finding := _difference(file, size, tree, source.root):
                tree.findings.append(finding)
        _explain_missing(missing, tree, source.root)
    tree.findings += (finding for finding in _extra(source, tree) if left is None or not _is_left(finding, left))
    findings = tuple(sorted(tree.findings))
    return _judged(findings, tree, cached, source)


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that say that the tree does not lie there whole."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def _judged(findings: tuple[Finding, ...], tree: _DriveTree, cached: CacheState, source: CopySource) -> Verification:
    count = len(source.files)
    if tree.is_unfinished:
        again = f": {source.updating(tree.drive.path)}"
        others = [finding for finding in errors(findings) if finding.code != UNFINISHED]
        beside = f"; the {count} files beside it are whole" if tree.folders and not others else ""
        return Verification(ProofLevel.FAILED, f"unfinished: run the update again{beside}{again}", findings)
    if wrong := errors(findings):
        if all(finding.code in EXTRA for finding in wrong):
            what = "name there is not of it" if len(wrong) == 1 else "names there are not of it"
            return Verification(
                ProofLevel.FAILED, f"all {count} files of the tree are right; {len(wrong)} {what}", findings
            )
        why = f"{len(wrong)} {'problem' if len(wrong) == 1 else 'problems'} in {count} files"
        return Verification(ProofLevel.FAILED, f"{why}. {_cause(tree)}".removesuffix(". "), findings)
    if cached is CacheState.CONTENTS or not tree.is_uncached:
        return Verification(ProofLevel.READ_THROUGH_CACHE, "unplug, plug in, run packager verify", findings)
    own = "the drive" if tree.drive.folder.is_mount() else "its disk"
    if cached is CacheState.NAMES:
        why = f"every byte of {count} files was read from {own}; only root could have its folders read anew too"
        return Verification(ProofLevel.PROVEN, why, findings)
    return Verification(ProofLevel.PROVEN, f"every byte of {count} files was read from {own} itself", findings)


def _cause(tree: _DriveTree) -> str:
    """What files that are wrong tell of how it came; "" where they tell nothing."""
    # A drive that lies or fails gives back the lengths that it was given, of all files but the last.
    if tree.resized > max(1, tree.damaged):
        return f"{tree.resized} {_OTHER}"
    if tree.damaged:
        return _DISTRUST
    ends = "1 file ends" if tree.cut == 1 else f"{tree.cut} files end"
    return f"{ends} too early: the drive was full, or the copy was broken off." if tree.cut else ""


def _list_root(tree: _DriveTree, source: CopySource) -> None:
    """List what bears the tree's name; beside it, what systems have put there, and what no reader may see."""
    folder = tree.drive.folder
    is_of_build = source.keep is not None and source.keep.parent.resolve() == folder and not folder.is_mount()
    for entry in _entries(tree, PurePosixPath()):
        path = PurePosixPath(entry.name)
        number = number_of(entry.name, source.name)
        if number == -1:
            _list_below(entry, path, tree)
        elif number is not None and tree.is_unfinished:
            continue  # once is enough
        elif number is not None:
            tree.is_unfinished = True
            remedy = f"Run it again: {source.updating(tree.drive.path)}"
            tree.findings.append(_finding(path, UNFINISHED, "is an update that did not end", remedy))
        elif finding := _leftover(path):
            tree.findings.append(finding)
        elif not is_of_build:
            tree.findings += private_in(folder, path)


def _list_below(entry: os.DirEntry[str], path: PurePosixPath, tree: _DriveTree) -> None:
    if finding := _leftover(path):
        tree.findings.append(finding)
    elif not entry.is_dir(follow_symlinks=False):
        tree.sizes[path] = entry.stat(follow_symlinks=False).st_size
    else:
        tree.folders.append(path)
        for inner in _entries(tree, path):
            _list_below(inner, path / inner.name, tree)


def _leftover(path: PurePosixPath) -> Finding | None:
    """What an operating system has put there, and what it tells."""
    remains = leftover(path.name, at_root=len(path.parts) == 1)
    if remains is None:
        return None
    message = f"was added by {remains.system}, and tells: {remains.tells}"
    return Finding(str(path), ADDED, message, f"To remove it: {remains.removal}.", Severity.WARNING)


def _entries(tree: _DriveTree, path: PurePosixPath) -> Iterable[os.DirEntry[str]]:
    try:
        return sorted(os.scandir(tree.drive.folder / path), key=lambda entry: entry.name)
    except OSError as error:
        tree.damaged += 1
        tree.findings.append(_finding(path, "folder-unreadable", f"cannot be read: {error.strerror}"))
        return ()


def _difference(file: File, size: int, tree: _DriveTree, root: Path) -> Finding | None:
    try:
        begin, marks = _read(tree.drive.folder / file.path, file.size_bytes, size, tree)
    except OSError as error:
        tree.damaged += 1
        return _finding(file.path, "file-unreadable", f"cannot be read: {error.strerror}")
    if marks:
        number = f"{marks} {'mark' if marks == 1 else 'marks'}"
        inside = "" if begin == file.sha256 else ", and differs from what was built besides"
        return _finding(file.path, "red-star-tag", f"carries a Red Star tag with {number}{inside}", _RED_STAR_WARNING)
    is_cut = size < file.size_bytes and _may_begin(root / file.path, size, begin)
    tree.cut += is_cut
    tree.resized += size != file.size_bytes and not is_cut
    if size < file.size_bytes:
        return _finding(file.path, "file-cut", f"ends after {size} of {file.size_bytes} bytes")
    if size > file.size_bytes and begin == file.sha256:
        return _finding(file.path, "file-changed", f"has {size - file.size_bytes} bytes behind its end")
    if begin == file.sha256:
        return None
    tree.damaged += size == file.size_bytes
    return _finding(file.path, "file-changed", "differs from what was built")


def _may_begin(built: Path, size: int, sha256: str) -> bool:
    """Whether what was built begins so, as far as it is at hand."""
    try:
        with built.open("rb") as file:
            digest = hashlib.sha256()
            while size and (piece := file.read(min(size, PIECE_BYTES))):
                digest.update(piece)
                size -= len(piece)
    except OSError:
        return True
    return digest.hexdigest() == sha256


def read_past_cache(path: Path, length: int, size: int, progress: Progress) -> tuple[str, int, bool]:
    """The SHA-256 of the first `length` bytes of a file of `size`, and how many marks were put behind its end.

    The third value is whether all of it came from the drive. What is no file raises OSError, and so does a link.
    """
    digest = hashlib.sha256()
    flags = ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")  # what is no file must not hold the work up
    file = os.open(path, sum((getattr(os, flag, 0) for flag in flags), os.O_RDONLY))
    with os.fdopen(file, "rb", buffering=0) as opened:
        is_uncached = drop_cached_file(file, size)
        left = length
        while left and (piece := opened.read(min(left, PIECE_BYTES))):
            digest.update(piece)
            left -= len(piece)
            progress.advance(len(piece))
        opened.seek(max(length, size - MOST_TAG_BYTES))
        return digest.hexdigest(), red_star_marks(opened.read(MOST_TAG_BYTES)), is_uncached


def _read(path: Path, length: int, size: int, tree: _DriveTree) -> tuple[str, int]:
    begin, marks, is_uncached = read_past_cache(path, length, size, tree.progress)
    tree.is_uncached &= is_uncached
    return begin, marks


def _explain_missing(missing: list[File], tree: _DriveTree, root: Path) -> None:
    """Say of each missing file under which other name it lies there, if it does."""
    by_fold = {folded_name(str(path)): path for path in tree.sizes}
    renamed: list[File] = []
    for file in missing:
        other = by_fold.get(folded_name(str(file.path)))
        if other is None:
            renamed.append(file)
        else:
            tree.findings.append(_misnamed(file, other, tree, root))
    by_hash = dict(_sha256_of_others(renamed, tree))
    for file in renamed:
        other = by_hash.pop(file.sha256, None)
        if other is None:
            tree.findings.append(_finding(file.path, "file-missing", "is missing"))
        else:
            del tree.sizes[other]
            tree.findings.append(_finding(file.path, RENAMED, f"is called {other} there"))


def _misnamed(file: File, other: PurePosixPath, tree: _DriveTree, root: Path) -> Finding:
    size = tree.sizes.pop(other)
    if finding := _difference(replace(file, name=str(other)), size, tree, root):
        return finding
    if unicodedata.normalize("NFC", str(other)) == unicodedata.normalize("NFC", str(file.path)):
        return _finding(file.path, DECOMPOSED, "has its name in decomposed letters there, which not every device shows")
    return _finding(file.path, CASE, f"is called {other} there; not every device takes that for the same")


def _sha256_of_others(missing: list[File], tree: _DriveTree) -> Iterator[tuple[str, PurePosixPath]]:
    """The hashes of unknown files that are as long as one that is missing."""
    sizes = {file.size_bytes for file in missing}
    for path, size in tree.sizes.items():
        if size in sizes:
            try:
                yield _read(tree.drive.folder / path, size, size, tree)[0], path
            except OSError as error:
                tree.findings.append(_finding(path, "file-unreadable", f"cannot be read: {error.strerror}"))


def _extra(source: CopySource, tree: _DriveTree) -> Iterator[Finding]:
    """What is not of the tree: files, and folders that hold nothing of it; of nested ones the outermost.

    What among them is for the organizer alone is told besides.
    """
    own = {folded_name(str(folder)) for folder in folders_of(source.files)}
    foreign = {folder for folder in tree.folders if folded_name(str(folder)) not in own}
    for folder in foreign:
        if folder.parent not in foreign:
            yield _finding(folder, FOLDER_EXTRA, "is not of the tree", "Remove it.")
    private = {place: private_at(tree.drive.folder, place) for place in (*foreign, *tree.sizes)}
    for place, finding in private.items():
        if finding and not any(private.get(above) for above in place.parents):
            yield finding
    for path in tree.sizes:
        if not foreign.intersection(path.parents):
            yield _finding(path, FILE_EXTRA, "is not of the tree", "Remove it.")


def _is_left(finding: Finding, left: frozenset[str]) -> bool:
    return finding.code == FOLDER_EXTRA or (finding.code == FILE_EXTRA and finding.path in left)


def _finding(path: PurePosixPath, code: str, message: str, remedy: str = AGAIN) -> Finding:
    return Finding(str(path), code, message, remedy)
