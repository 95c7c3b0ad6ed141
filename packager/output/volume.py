"""What lies under a destination: its file system, its free space, and what it offers for finishing at once."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from packager.errors import OutputError

# As Linux, macOS and Windows call them.
_FAT = frozenset({"vfat", "msdos", "exfat", "fuse.exfat", "fat", "fat12", "fat16", "fat32"})
# What systems and file systems answer that cannot exchange two folders.
_NO_EXCHANGE = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EXDEV})
_AT_FDCWD = -100  # linux/fcntl.h
_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_SWAP = 2  # macOS, sys/stdio.h


@dataclass(frozen=True, slots=True)
class Mount:
    """A mounted file system: where, and its type as the system calls it."""

    folder: Path
    file_system: str

    @property
    def is_fat(self) -> bool:
        """Whether it is FAT or exFAT: what sticks and cards have, where folders cannot be exchanged."""
        return self.file_system.lower() in _FAT


def mount_of(path: Path, mounts: Iterable[Mount]) -> Mount | None:
    """Return the file system that the absolute `path` lies on: of all mounted above it, the deepest."""
    above = [mount for mount in mounts if path.is_relative_to(mount.folder)]
    return max(reversed(above), key=lambda mount: len(mount.folder.parts), default=None)


def all_mounts() -> tuple[Mount, ...]:
    """Return all file systems that are mounted now; of two on one folder the later one is seen."""
    import psutil

    return tuple(Mount(Path(part.mountpoint), part.fstype) for part in psutil.disk_partitions(all=True))


def require_space(path: Path, needed_bytes: int) -> None:
    """Refuse with OutputError when the volume that will hold `path` has less than `needed_bytes` free."""
    existing = next(folder for folder in (path.absolute(), *path.absolute().parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    if free < needed_bytes:
        raise OutputError(
            f"the disk has {free / 1e6:,.0f} MB free, and the build needs about {needed_bytes / 1e6:,.0f} MB",
            where=path,
            hint="Free some space, or choose another disk with -o.",
        )


def exchange(one: Path, other: Path) -> bool:
    """Give two folders each other's name in one step; False where the system or the file system cannot."""
    if sys.platform not in {"linux", "darwin"}:
        return False
    system = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    if hasattr(system, "renameat2"):
        failed = system.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    elif hasattr(system, "renamex_np"):
        failed = system.renamex_np(*names, _RENAME_SWAP)
    else:
        return False
    if failed and ctypes.get_errno() not in _NO_EXCHANGE:
        raise _system_error(other)
    return not failed


def write_through(folder: Path) -> None:
    """Have the system bring every file of `folder` to the disk, all in one call where there is one."""
    if sys.platform == "linux":
        with _opened(folder) as opened:
            if ctypes.CDLL(None, use_errno=True).syncfs(opened):
                raise _system_error(folder)
        return
    for path in folder.rglob("*"):
        if path.is_file():
            with suppress(PermissionError), path.open("rb+") as file:  # what only others may write
                os.fsync(file.fileno())


def write_through_names(folder: Path) -> None:
    """Have the system bring the names in `folder` itself to the disk."""
    if sys.platform != "win32":  # which cannot open a folder
        with _opened(folder) as opened:
            os.fsync(opened)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    file = os.open(folder, os.O_RDONLY)
    try:
        yield file
    finally:
        os.close(file)


def _system_error(path: Path) -> OSError:
    return OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(path))
