"""A result put where somebody asked for it: a file, a device, or a pipe that another program reads."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

_NEW = os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)  # a pipe that nobody reads does not hold the program up


def hand_over(data: bytes, target: Path) -> None:
    """Have the file at `target` hold `data`, or a device or pipe there take it.

    A link is replaced, not followed, but for those of the system to open files, /dev/stdout for one. Raises OSError,
    also for a pipe that nobody reads.
    """
    try:
        mode = target.lstat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode) or (stat.S_ISLNK(mode) and not _is_systems(target)):
        _replace(target, data)
    else:
        _pour(target, data)


def _is_systems(link: Path) -> bool:
    """Whether a link is one of those by which the system names open files, and lies where nobody else may put one."""
    folder = os.path.realpath(link.parent)
    return folder == "/dev" or (folder.startswith("/proc/") and folder.endswith("/fd"))


def _replace(target: Path, data: bytes) -> None:
    draft = target.with_name(f".{secrets.token_hex(8)}.packager")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | _NEW | _BINARY, 0o666), "wb") as file:
            file.write(data)
        draft.replace(target)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


def _pour(target: Path, data: bytes) -> None:
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
