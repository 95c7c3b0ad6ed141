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
        arguments = (future, job, plan.source, reader, progress_of(job.drive.path))
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


def _run(
    future: Future[CopyResult], job: CopyJob, source: CopySource, reader: SharedReader, progress: Progress
) -> None:
    try:
        future.set_result(_copy_to(job, source, reader, progress))
    except (PackagerError, OSError) as error:
        future.set_result(failed(job.drive, error))
    except BaseException as error:
        future.set_exception(error)  # a fault of ours: the caller raises it


def _copy_to(job: CopyJob, source: CopySource, reader: SharedReader, progress: Progress) -> CopyResult:
    drive, first = job.drive, 0
    with _no_other_copy(drive):
        if job.existing and job.replaces:
            remove(job.existing, drive)
        elif job.existing:
            first = resume(job.existing, source, reader, drive)
        with step(progress, "copy", sum(file.size_bytes for file in source.files[first:])):
            write(source, reader, drive, first, progress)
        verification = verify(source, drive, progress)
        return CopyResult(
            drive.path, verification.level, verification.why, verification.exit_code, verification.findings, first
        )


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
