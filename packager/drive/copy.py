"""A tree onto many drives at once, each at its own pace, and read back from each."""

from __future__ import annotations

import errno
import os
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from packager.drive import fit, look
from packager.drive.pieces import Pieces
from packager.drive.standing import Standing, remove, resume, standing
from packager.drive.values import CopyResult, Drive, Level, Source
from packager.drive.verify import verify
from packager.drive.write import write
from packager.errors import DoesNotFit, OutputError, PackagerError
from packager.model.progress import SILENT, Progress, step
from packager.output.staging.lock import try_to_lock

Lanes = Callable[[Path], Progress]  # where a drive tells how far it is

_PULLED_OUT = ("it was pulled out, or failed", "Plug it in again and copy again: what is right there is kept.")
_EXPLANATIONS = {
    errno.ENOSPC: ("it is full", "It may hold less than it claims; try another one."),
    errno.EDQUOT: ("your share of it is used up", "Free some space on it."),
    errno.EROFS: ("it can only be read", "Move the switch on its side, or try another one."),
    errno.EACCES: ("you may not write there", "Mount it so that you may."),
    errno.EPERM: ("you may not write there", "Mount it so that you may."),
    errno.EEXIST: ("something else writes the same files there", "Wait until it is done, then copy again."),
    **dict.fromkeys((errno.EIO, errno.ENODEV, errno.ENXIO, errno.ENOENT, errno.ENOTCONN), _PULLED_OUT),
}


@dataclass(frozen=True, slots=True)
class Job:
    """One drive that the tree fits on; `stands` is what bears its name there, removed first where `replaces`."""

    drive: Drive
    stands: Standing | None
    replaces: bool


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """What to copy where; `refused` are the drives that it cannot be copied to."""

    source: Source
    jobs: tuple[Job, ...]
    refused: tuple[CopyResult, ...]


def plan(source: Source, drives: tuple[Path, ...], system_folders: tuple[Path, ...], *, replaces: bool) -> CopyPlan:
    """Look at every drive before anything is written to one; drives on one file system share its space.

    Raises OutputError for paths that are no drives, or that are given twice.
    """
    found = [look.look(path, system_folders) for path in drives]
    _refuse_unusable(found, source)
    taken: dict[int, int] = defaultdict(int)
    jobs, refused = [], []
    for drive in found:
        try:
            jobs.append(_job(source, drive, taken, replaces=replaces))
        except (PackagerError, OSError) as error:
            refused.append(_failed(drive, error))
    return CopyPlan(source, tuple(jobs), tuple(refused))


def copy(plan: CopyPlan, lanes: Lanes = lambda _: SILENT) -> tuple[CopyResult, ...]:
    """Copy to all drives at once; one that fails is named and holds up no other. Results in the order of the paths."""
    pieces = Pieces(plan.source)
    futures: list[Future[CopyResult]] = []
    for job in plan.jobs:
        future: Future[CopyResult] = Future()
        futures.append(future)
        # A drive that hangs must not keep the command from ending when it is interrupted.
        threading.Thread(target=_run, args=(future, job, plan.source, pieces, lanes), daemon=True).start()
    while wait(futures, timeout=1).not_done:  # on Windows no longer wait can be interrupted
        pass
    return (*plan.refused, *(future.result() for future in futures))


def _run(future: Future[CopyResult], job: Job, source: Source, pieces: Pieces, lanes: Lanes) -> None:
    try:
        future.set_result(_copy_to(job, source, pieces, lanes(job.drive.path)))
    except (PackagerError, OSError) as error:
        future.set_result(_failed(job.drive, error))
    except BaseException as error:
        future.set_exception(error)  # a fault of ours: the caller raises it


def _copy_to(job: Job, source: Source, pieces: Pieces, progress: Progress) -> CopyResult:
    drive, first = job.drive, 0
    with _no_other_copy(drive):
        if job.stands and job.replaces:
            remove(job.stands, drive)
        elif job.stands:
            first = resume(job.stands, source, pieces, drive)
        with step(progress, "copy", sum(file.size_bytes for file in source.files[first:])):
            write(source, pieces, drive, first, progress)
        found = verify(source, drive, progress)
        return CopyResult(drive.path, found.level, found.why, found.exit_code, found.findings, first)


@contextmanager
def _no_other_copy(drive: Drive) -> Iterator[None]:
    """Keep other copies off a drive: by a lock on its folder, which leaves nothing there (Windows has none)."""
    if sys.platform == "win32":
        yield
        return
    folder = os.open(drive.folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # some file systems have no locks
            if not try_to_lock(folder):
                raise OutputError("another copy onto it is running", hint="Wait until it is done, then copy again.")
        yield
    finally:
        os.close(folder)


def _refuse_unusable(drives: list[Drive], source: Source) -> None:
    folders: set[Path] = set()
    for drive in drives:
        if drive.folder in folders:
            raise OutputError("is named twice", where=drive.path)
        folders.add(drive.folder)
        if (source.root / source.name).is_relative_to(drive.folder / source.name):
            raise OutputError("holds the very tree that is to be copied", where=drive.path)


def _job(source: Source, drive: Drive, taken: dict[int, int], *, replaces: bool) -> Job:
    """The work for one drive; OutputError or DoesNotFit where it cannot hold the tree."""
    if drive.is_read_only or not os.access(drive.folder, os.W_OK):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))
    if limits := fit.broken_limits(source, drive.format):
        raise OutputError(f"{drive.file_system}: {limits[0]} ({len(limits)} in all)", hint="Build it for this drive.")
    stands = standing(source, drive)
    freed = fit.taken_bytes(stands.files, drive) if stands else 0
    names = () if stands else tuple(os.listdir(drive.folder))  # noqa: PTH208 - only names are wanted
    needed = fit.needed_bytes(source, drive, names) - freed
    free = drive.free_bytes - taken[drive.device]
    if needed > free:
        raise DoesNotFit(
            f"the tree needs {needed:,} bytes in clusters of {drive.cluster_bytes:,}, and {max(0, free):,} are free; "
            "nothing was written",
            hint="Free some space on it, or take a larger one.",
        )
    taken[drive.device] += needed
    return Job(drive, stands, replaces)


def _failed(drive: Drive, error: PackagerError | OSError) -> CopyResult:
    if isinstance(error, OSError):
        what, hint = _EXPLANATIONS.get(error.errno or 0, (f"it cannot be used: {error.strerror}", ""))
        return _failed(drive, OutputError(what, hint=hint))
    place = f"{error.where}: " if error.where and error.where != str(drive.path) else ""
    return CopyResult(drive.path, Level.FAILED, f"{place}{error.what}. {error.hint}".rstrip(), error.exit_code)


def exit_code(results: tuple[CopyResult, ...]) -> int:
    """0 only when every drive holds everything; else the gravest: a drive that cannot be used before one too small."""
    return max((result.exit_code for result in results), default=0)


def in_order(results: tuple[CopyResult, ...], drives: tuple[Path, ...]) -> tuple[CopyResult, ...]:
    """The results in the order in which the drives were named."""
    return tuple(sorted(results, key=lambda result: drives.index(result.drive)))
