"""The page cache of this machine: to drop what it holds of a drive, and to see that it was dropped."""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
from contextlib import suppress
from enum import Enum, auto
from functools import cache
from pathlib import Path

from packager.drive.mounted import Drive, is_loop

_DROP_CACHES = Path("/proc/sys/vm/drop_caches")
_FILE_SYSTEMS = Path("/proc/filesystems")


class CacheState(Enum):
    """What the page cache may still hold of a drive after the system was asked to drop it."""

    NOTHING = auto()  # contents, names and what lies below the file system
    NAMES = auto()  # contents are forgotten file by file; folders only where root asks
    CONTENTS = auto()


def drop(drive: Drive) -> CacheState:
    """Ask the system to drop what it keeps of the drive; the answer says what may be left."""
    if sys.platform != "linux" or drive.file_system not in _on_disks():
        return CacheState.CONTENTS
    try:
        _DROP_CACHES.write_text("3")  # contents, names and folders; only root may
    except OSError:
        # A FUSE driver and a file behind a loop device have memories of their own below.
        return CacheState.CONTENTS if drive.file_system == "fuseblk" or is_loop(drive.device) else CacheState.NAMES
    return CacheState.NOTHING


def drop_file(file: int, size_bytes: int) -> bool:
    """Drop what is kept of an open file; True when none of its pages is left, so that reading asks the drive."""
    if sys.platform != "linux":
        return False
    with suppress(OSError):
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        return size_bytes == 0 or _resident_pages(file, size_bytes) == 0
    return False


def _resident_pages(file: int, size_bytes: int) -> int:
    """How many pages of a file are in memory (mincore); all of them where the system does not tell strangers."""
    pages = -(-size_bytes // mmap.PAGESIZE)
    residency = (ctypes.c_ubyte * pages)()
    system = ctypes.CDLL(None, use_errno=True)
    # A private mapping may be written to, which is what ctypes asks for; the file stays as it is.
    with mmap.mmap(file, size_bytes, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE) as mapped:
        start = ctypes.c_ubyte.from_buffer(mapped)
        failed = system.mincore(ctypes.c_void_p(ctypes.addressof(start)), ctypes.c_size_t(size_bytes), residency)
        del start  # or the mapping cannot be closed
    return pages if failed else sum(page & 1 for page in residency)


@cache
def _on_disks() -> frozenset[str]:
    """The file systems that lie on a disk: not in memory, not on another machine."""
    lines = _FILE_SYSTEMS.read_text(encoding="ascii").splitlines()
    return frozenset(line.strip() for line in lines if not line.startswith("nodev"))
