"""What to copy onto which drives, settled before anything is written: what each can hold, and what is there already."""

from __future__ import annotations

import errno
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packager.config.filesystems import Filesystem, folded_name, occupied_bytes, unholdable
from packager.drive.listing import below, folders_of_tree
from packager.drive.mounted import Drive, drive_at
from packager.drive.source import CopySource, folders_of
from packager.drive.verify import ProofLevel
from packager.drive.write import SharedReader
from packager.errors import DoesNotFit, OutputError, PackagerError
from packager.files.traces import leftover
from packager.model import Finding
from packager.output import marks
from packager.output.manifest import File, is_at
from packager.output.marks import FolderMark

RECORD_BYTES = 1024  # what NTFS keeps of a file beside its clusters; ext4 and others keep less
# The root of exFAT holds its label, bitmap and up-case table: three entries, as many as a short name takes. The two
# that FAT32 may hold are counted for every folder.
_ROOTS_OWN: dict[Filesystem, tuple[str, ...]] = {Filesystem.FAT32: (), Filesystem.EXFAT: ("label",)}

_PULLED_OUT = ("it was pulled out, or failed", "Plug it in again and copy again: what is right there is kept.")
_EXPLANATIONS = {
    errno.ENOSPC: ("it is full", "It may hold less than it claims; try another one."),
    errno.EDQUOT: ("your share of it is used up", "Free some space on it."),
    errno.EROFS: ("it can only be read", "Move the switch on its side, or try another one."),
    errno.EACCES: ("you may not write there", "Mount it so that you may."),
    errno.EPERM: ("you may not write there", "Mount it so that you may."),
    errno.EEXIST: ("something else writes the same files there", "Wait until it is done, then copy again."),
    errno.EIO: (_PULLED_OUT[0], f"{_PULLED_OUT[1]} If it fails again, have its file system repaired, or format it."),
    **dict.fromkeys((errno.ENODEV, errno.ENXIO, errno.ENOENT, errno.ENOTCONN), _PULLED_OUT),
}


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update did to a drive. `foreign` are the files of others in the tree, which were left.

    `order` says why players may show files in another order than the tree's; "" where they do not.
    """

    written_files: int
    written_bytes: int
    removed_files: int
    foreign: tuple[str, ...]
    order: str


@dataclass(frozen=True, slots=True)
class CopyResult:
    """What became of one drive; `exit_code` is 0 where it holds everything."""

    drive: Path
    level: ProofLevel
    why: str
    exit_code: int = 0
    findings: tuple[Finding, ...] = ()
    kept_files: int = 0
    updated: Updated | None = None


@dataclass(frozen=True, slots=True)
class CopyJob:
    """One drive to copy to; `existing` is what bears the tree's name there, and what an update has left unfinished.

    All of it is removed first where the tree `replaces` it; else it is brought to the tree where the tree `updates` it.
    """

    drive: Drive
    existing: tuple[ExistingCopy, ...]
    replaces: bool
    updates: bool = False


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """What to copy where; `refused` are the drives that it cannot be copied to."""

    source: CopySource
    jobs: tuple[CopyJob, ...]
    refused: tuple[CopyResult, ...]
    earlier: tuple[File, ...] = ()


def plan(
    source: CopySource,
    drives: Iterable[Path],
    system_folders: tuple[Path, ...],
    *,
    replaces: bool,
    earlier: tuple[File, ...] | None = None,
) -> CopyPlan:
    """Look at every drive before anything is written to one; drives on one file system share its space.

    With the files of `earlier` editions, even if there are none, what lies there is to be updated. Raises OutputError
    for paths that are no drives, or that are given twice.
    """
    mounted = [drive_at(path, system_folders) for path in drives]
    _refuse_unusable(mounted, source)
    promised: dict[int, int] = defaultdict(int)
    jobs, refused = [], []
    for drive in mounted:
        try:
            jobs.append(_job(source, drive, promised, replaces=replaces, updates=earlier is not None))
        except (PackagerError, OSError) as error:
            refused.append(failed(drive, error))
    return CopyPlan(source, tuple(jobs), tuple(refused), earlier or ())


def failed(drive: Drive, error: PackagerError | OSError) -> CopyResult:
    """The result for a drive that cannot be used, in words that say what to do."""
    if isinstance(error, OSError):
        what, hint = _EXPLANATIONS.get(error.errno or 0, (f"it cannot be used: {error.strerror}", ""))
        return failed(drive, OutputError(what, hint=hint))
    place = f"{error.where}: " if error.where and error.where != str(drive.path) else ""
    return CopyResult(drive.path, ProofLevel.FAILED, f"{place}{error.what}. {error.hint}".rstrip(), error.exit_code)


def needed_bytes(source: CopySource, drive: Drive, root_names: tuple[str, ...]) -> int:
    """Bytes in whole clusters that the tree takes from a drive whose folder holds `root_names`."""
    growth = _folder_bytes((*root_names, source.name), drive) - _folder_bytes(root_names, drive)
    return tree_bytes({file.path: file.size_bytes for file in source.files}, drive) + growth


def tree_bytes(sizes: dict[PurePosixPath, int], drive: Drive) -> int:
    """Bytes in whole clusters that the files of one tree and their folders occupy; for other file systems the most.

    Paths begin with the tree's name.
    """
    cluster = drive.cluster_bytes
    if drive.format:
        top = next(iter(sizes)).parts[0] if sizes else ""
        inside = ((path.relative_to(top), size) for path, size in sizes.items())
        return occupied_bytes(inside, top, drive.format, cluster)
    folders = {folder for path in sizes for folder in path.parents}
    return sum(-(-size // cluster) * cluster + RECORD_BYTES for size in sizes.values()) + len(folders) * cluster


def broken_limits(source: CopySource, kind: Filesystem | None) -> tuple[str, ...]:
    """What the file system cannot hold, in words; others than FAT32 and exFAT hold more than any tree has."""
    if kind is None:
        return ()
    files = ((file.path.relative_to(source.name), file.size_bytes) for file in source.files)
    return tuple(unholdable(files, source.name, kind))


def _folder_bytes(names: tuple[str, ...], drive: Drive) -> int:
    if drive.format is None:
        return 0
    entries = ((PurePosixPath(name), 0) for name in {*names, *_ROOTS_OWN[drive.format]})
    return occupied_bytes(entries, "root", drive.format, drive.cluster_bytes)


def _refuse_unusable(drives: list[Drive], source: CopySource) -> None:
    folders: set[Path] = set()
    for drive in drives:
        if drive.folder in folders:
            raise OutputError("is named twice", where=drive.path)
        folders.add(drive.folder)
        if (source.root / source.name).is_relative_to(drive.folder / source.name):
            raise OutputError("holds the very tree that is to be copied", where=drive.path)


def _job(source: CopySource, drive: Drive, promised: dict[int, int], *, replaces: bool, updates: bool) -> CopyJob:
    """The work for one drive; OutputError or DoesNotFit where it cannot hold the tree.

    Of what is updated only reading it tells what it takes.

    `promised` has the bytes of each file system that earlier jobs will take.
    """
    if drive.is_read_only or not os.access(drive.folder, os.W_OK):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))
    if limits := broken_limits(source, drive.format):
        raise OutputError(f"{drive.file_system}: {limits[0]} ({len(limits)} in all)", hint="Build it for this drive.")
    found = folders_of_tree(drive.folder, source.name)
    existing = tuple(existing_copy(folder, drive) for folder in found.values())
    if existing and updates:
        return CopyJob(drive, existing, replaces=False, updates=True)
    if any(number >= 0 for number in found) and not replaces:
        raise OutputError("an update of it did not end there", hint=f"Run it again: {source.updating(drive.path)}")
    freed = sum(tree_bytes(each.sizes, drive) for each in existing)
    names = () if existing else tuple(os.listdir(drive.folder))  # noqa: PTH208 - only names are wanted
    needed = needed_bytes(source, drive, names) - freed
    free = drive.free_bytes - promised[drive.device]
    if needed > free:
        room = f"{max(0, free + freed):,} are free" + " or hold what lies there in its place" * bool(existing)
        raise DoesNotFit(
            f"the tree needs {needed + freed:,} bytes in clusters of {drive.cluster_bytes:,}, and {room}; "
            "nothing was written",
            hint="Free some space on it, take a larger one, or build for one of this size with --fit.",
        )
    promised[drive.device] += needed
    return CopyJob(drive, existing, replaces)


@dataclass(frozen=True, slots=True)
class ExistingCopy:
    """The folder of the tree's name on a drive, with its files and their sizes; `name` as it is written there."""

    name: str
    sizes: dict[PurePosixPath, int]
    folders: frozenset[PurePosixPath]


def existing_copy(top: PurePosixPath, drive: Drive) -> ExistingCopy:
    """What lies in that folder of the drive. Raises OutputError for a bundle, which nothing may replace."""
    if marks.mark_of(drive.folder / top) is FolderMark.BUNDLE:
        what, where = f"is {FolderMark.BUNDLE}", drive.folder / top
        raise OutputError(what, where=where, hint="Move it away; nothing was touched.")
    listed = {name.place: name.size_bytes for name in below(drive.folder, top)}
    sizes = {path: size for path, size in listed.items() if size is not None}
    return ExistingCopy(str(top), sizes, frozenset({top, *(listed.keys() - sizes.keys())}))


def files_of_others(existing: ExistingCopy, known: Iterable[File]) -> tuple[str, ...]:
    """The files in it that are not `known`, by name, and that no system has put there."""
    names = {folded_name(str(file.path)) for file in known}
    others = (path for path in existing.sizes if folded_name(str(path)) not in names)
    return tuple(sorted(str(path) for path in others if not leftover(path.name, at_root=False)))


def remove(existing: ExistingCopy, drive: Drive) -> None:
    """Remove the folder with all that is in it."""
    shutil.rmtree(drive.folder / existing.name)


def resume(existing: ExistingCopy, source: CopySource, reader: SharedReader, drive: Drive) -> int:
    """How many files are there and right; those after them are removed, so that the order of writing holds.

    Raises OutputError where it cannot be proven that an interrupted copy of this tree lies there.
    """
    present = source.files[: len(existing.sizes)]
    if not _is_beginning(existing, present, source) or not _is_ours(present, reader, drive):
        raise OutputError(
            f"a folder called {existing.name} is there already, and it is not an interrupted copy of this tree: files "
            "in it are missing, changed or not of the tree; nothing was touched",
            where=drive.path,
            hint=f"If it is an earlier edition, bring it to this one: {source.updating(drive.path)}. Otherwise look at "
            f"it and move it away, or replace it: {source.replacing(drive.path)}",
        )
    right = 0
    while right < len(present) and is_at(drive.folder / present[right].path, present[right]):
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


def _is_ours(present: tuple[File, ...], reader: SharedReader, drive: Drive) -> bool:
    """Whether the first file is the tree's own, or begins as it does where it is all there is."""
    if len(present) > 1:
        return is_at(drive.folder / present[0].path, present[0])
    for file in present:
        with (drive.folder / file.path).open("rb") as copy:
            return all(piece.startswith(copy.read(len(piece))) for piece in reader.pieces(file))
    return True
