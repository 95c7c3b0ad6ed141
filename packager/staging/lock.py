"""A lock on a folder that is made for it and removed with it."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from packager.errors import OutputError

# What flock and Windows' locking answer when somebody else holds the lock.
_HELD = frozenset({errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK})


@contextmanager
def locked(lock: Path, destination: Path, work: str = "build of it") -> Iterator[None]:
    """Hold the file `lock`, or raise OutputError at once when another process does such `work` on `destination`.

    The lock's folder is made when it is missing; both are gone afterwards, unless something else lies in the folder.
    """
    file = _acquire(lock, destination, work)
    try:
        yield
    finally:
        if sys.platform == "win32":  # an open file cannot be removed there
            os.close(file)
        with suppress(OSError):
            lock.unlink()
            lock.parent.rmdir()
        if sys.platform != "win32":
            os.close(file)


def _acquire(lock: Path, destination: Path, work: str) -> int:
    """The open file, locked, and still the one of that name: whoever held it before may have removed it."""
    while True:
        with suppress(FileExistsError):
            lock.parent.mkdir()
        try:
            file = os.open(lock, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
        except FileNotFoundError:  # the folder was removed since
            continue
        try:
            if not _try_to_lock(file):
                raise OutputError(
                    f"another {work} is running", where=destination, hint="Wait until it is done, then try again."
                )
            if _is_named(file, lock):
                return file
        except BaseException:
            os.close(file)
            raise
        os.close(file)


def _is_named(file: int, name: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), name.stat())
    except FileNotFoundError:
        return False


def _try_to_lock(file: int) -> bool:
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
