"""Folders for what is being made: beside their destination, locked, ours alone, and removed afterwards."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from packager.errors import OutputError
from packager.files.ownership import OwnFolder, own_folder, stranger_above

_LOCK = "lock"
# What flock and Windows' locking answer when somebody else holds the lock.
_HELD = frozenset({errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK})


@contextmanager
def locked(folder: Path, destination: Path, work: str = "build of it") -> Iterator[OwnFolder]:
    """Hold `folder`, or raise OutputError at once when another process does such `work` on `destination`.

    The folder is made when it is missing, and removed afterwards unless something but the lock lies in it. Raises
    OutputError too where it is not ours, and where every user of this computer could put another one in its place.
    """
    ours, file = _acquire(folder, destination, work)
    try:
        _refuse_anybody(ours, destination)
        yield ours
    finally:
        if sys.platform == "win32":  # an open file cannot be removed there
            os.close(file)
        with suppress(OSError):
            os.unlink(ours.name(_LOCK), dir_fd=ours.descriptor)
            folder.rmdir()
        if sys.platform != "win32":
            os.close(file)
        ours.close()


def work_folder(destination: Path) -> Path:
    """Return the folder beside a file or folder in which what takes its place is made."""
    return destination.with_name(f".{destination.name}.packager")


def is_work_folder(folder: Path) -> bool:
    """Return whether a folder is named as work folders are."""
    return folder.name.startswith(".") and folder.name.endswith(".packager")


def try_to_lock(file: int) -> bool:
    """Lock an open file for as long as it is open; False where another process has done so."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        raise
    return True


def _acquire(folder: Path, destination: Path, work: str) -> tuple[OwnFolder, int]:
    """The folder, and its lock, held, and still the one of that name: whoever held it before may have removed it."""
    while True:
        ours = own_folder(folder)
        try:
            if (file := _locked_in(ours, destination, work)) is not None:
                return ours, file
        except FileNotFoundError:  # the folder was removed since
            pass
        except BaseException:
            ours.close()
            raise
        ours.close()


def _locked_in(ours: OwnFolder, destination: Path, work: str) -> int | None:
    """The lock of a folder; None where it was removed just now."""
    file = ours.open(_LOCK, os.O_RDWR | os.O_CREAT)
    try:
        if not try_to_lock(file):
            raise OutputError(
                f"another {work} is running", where=destination, hint="Wait until it is done, then try again."
            )
        if os.path.samestat(os.fstat(file), os.lstat(ours.name(_LOCK), dir_fd=ours.descriptor)):
            return file
    except BaseException:
        os.close(file)
        raise
    os.close(file)
    return None


def _refuse_anybody(ours: OwnFolder, destination: Path) -> None:
    stranger = stranger_above(ours)
    if stranger and stranger.is_anybody:
        raise OutputError(
            f"{stranger.name} can exchange what is written into {stranger.folder}",
            where=destination,
            hint=f"Choose another folder, or close that one to them: chmod o-w {stranger.folder}",
        )
