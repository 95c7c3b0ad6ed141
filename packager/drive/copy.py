"""A tree onto many drives at once, each at its own pace, and read back from each."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from pathlib import Path

from packager.drive.copy_plan import CopyJob, CopyPlan, CopyResult, failed, remove, resume
from packager.drive.mounted import Drive
from packager.drive.source import CopySource
from packager.drive.update import update
from packager.drive.verify import verify
from packager.drive.write import SharedReader, write
from packager.errors import OutputError, PackagerError
from packager.files.lock import try_to_lock
from packager.model.progress import SILENT, Progress, step

ProgressOfDrive = Callable[[Path], Progress]  # where the drive at a path tells how far it is


def copy(plan: CopyPlan, progress_of: ProgressOfDrive = lambda _: SILENT) -> tuple[CopyResult, ...]:
    """Copy to all drives at once; one that fails is named and holds up no other. Results in the order of the plan."""
    reader = SharedReader(plan.source)
    futures: list[Future[CopyResult]] = []
    for job in plan.jobs:
        future: Future[CopyResult] = Future()
        futures.append(future)
        arguments = (future, job, plan, reader, progress_of(job.drive.path))
        # A drive that hangs must not keep the command from ending when it is interrupted.
        threading.Thread(target=_run, args=arguments, daemon=True).start()
    while wait(futures, timeout=1).not_done:  # on Windows no longer wait can be interrupted
        pass
    return (*plan.refused, *(future.result() for future in futures))


def exit_code(results: tuple[CopyResult, ...]) -> int:
    """0 only when every drive holds everything; else the gravest: a drive that cannot be used before one too small."""
    return max((result.exit_code for result in results), default=0)


def in_order(results: tuple[CopyResult, ...], drives: tuple[Path, ...]) -> tuple[CopyResult, ...]:
    """The results in the order in which the drives were named."""
    return tuple(sorted(results, key=lambda result: drives.index(result.drive)))


def _run(future: Future[CopyResult], job: CopyJob, plan: CopyPlan, reader: SharedReader, progress: Progress) -> None:
    try:
        future.set_result(_copy_to(job, plan, reader, progress))
    except (PackagerError, OSError) as error:
        future.set_result(failed(job.drive, error))
    except BaseException as error:
        future.set_exception(error)  # a fault of ours: the caller raises it


def _copy_to(job: CopyJob, plan: CopyPlan, reader: SharedReader, progress: Progress) -> CopyResult:
    drive, source, kept, updated = job.drive, plan.source, 0, None
    with _no_other_copy(drive):
        if job.updates:
            kept, updated = update(source, plan.earlier, reader, drive, progress)
        else:
            kept = _make_way(job, source, reader)
            with step(progress, "copy", sum(file.size_bytes for file in source.files[kept:])):
                write(source, reader, drive, kept, progress)
        proof = verify(source, drive, progress, frozenset(updated.foreign) if updated else None)
        return CopyResult(drive.path, proof.level, proof.why, proof.exit_code, proof.findings, kept, updated)


def _make_way(job: CopyJob, source: CopySource, reader: SharedReader) -> int:
    """Remove what lies there, or go on with it: how many files are there and right."""
    if job.replaces:
        for existing in job.existing:
            remove(existing, job.drive)
        return 0
    return resume(job.existing[0], source, reader, job.drive) if job.existing else 0


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
