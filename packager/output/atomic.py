"""A result in the place where somebody wants it: a file that replaces another one at once, a device, or a pipe."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from packager.errors import OutputError
from packager.files.lock import locked, work_folder
from packager.files.ownership import OwnFolder
from packager.output.volume import write_through_names

_NEW = "new"
_BINARY = getattr(os, "O_BINARY", 0)
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)  # a pipe that nobody reads does not hold the program up


@contextmanager
def atomic_write(target: Path) -> Iterator[BinaryIO]:
    """Yield a file that takes the place of `target` when the block ends well, written through, with the old one's mode.

    A link in its place is replaced, not followed. Raises OSError or OutputError; `target` is then as it was, and
    nothing lies beside it.
    """
    with _beside(target) as folder:
        try:
            with os.fdopen(folder.open(_NEW, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileNotFoundError):
                mode = target.lstat().st_mode
                if stat.S_ISREG(mode):  # that of a link lets everybody write
                    os.chmod(folder.name(_NEW), stat.S_IMODE(mode) & 0o777, dir_fd=folder.descriptor)
            folder.move(_NEW, target)
        finally:
            folder.remove(_NEW)
    write_through_names(target.parent)


def put(file: Path, data: bytes) -> None:
    """Have `file` hold `data`, as `atomic_write` says."""
    with atomic_write(file) as opened:
        opened.write(data)


def write_result(data: bytes, target: Path) -> None:
    """Have the file at `target` hold `data`, as `put` does, or a device or pipe there take it.

    A link is replaced, not followed, but for those of the system to open files, /dev/stdout for one. Raises OSError,
    also for a pipe that nobody reads, or OutputError.
    """
    try:
        mode = target.lstat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode) or (stat.S_ISLNK(mode) and not _is_systems(target)):
        put(target, data)
        return
    try:
        opened = os.open(target, os.O_WRONLY | os.O_TRUNC | _AT_ONCE | _BINARY)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(error.errno, "it is a pipe that nobody reads", str(target)) from error
        raise
    with os.fdopen(opened, "wb") as file:
        if _AT_ONCE:
            os.set_blocking(opened, True)
        file.write(data)


def remove_stale_staging(file: Path) -> None:
    """Remove what was left beside `file` by a process that was killed while it wrote it."""
    if os.path.lexists(work_folder(file)):
        with suppress(OSError, OutputError), _beside(file):
            pass


@contextmanager
def _beside(target: Path) -> Iterator[OwnFolder]:
    with locked(work_folder(target), target, "write of it") as folder:
        folder.remove(_NEW)
        yield folder


def _is_systems(link: Path) -> bool:
    """Whether a link is one of those by which the system names open files, and lies where nobody else may put one."""
    folder = os.path.realpath(link.parent)
    return folder == "/dev" or (folder.startswith("/proc/") and folder.endswith("/fd"))
