"""Mounted drives: a path as a Drive or why it is none, the disks under it, and what memory keeps of them."""

from __future__ import annotations

import ctypes
import mmap
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from pathlib import Path

from packager.config.filesystems import Filesystem
from packager.errors import OutputError
from packager.output.volume import all_mounts, mount_of

# As Linux, macOS and Windows call them.
_FORMATS = {
    **dict.fromkeys(("vfat", "msdos", "fat", "fat32"), Filesystem.FAT32),
    **dict.fromkeys(("exfat", "fuse.exfat", "texfat"), Filesystem.EXFAT),
}
_EXFAT_MARK = b"EXFAT   "  # bytes 3 to 10 of the volume
_BLOCKS = Path("/sys/dev/block")  # Linux: a folder for each block device, called by its number


@dataclass(frozen=True, slots=True)
class Drive:
    """A mounted drive, or a folder on it; `path` as it was named.

    `device` is the system's number of the file system, `format` None for others than FAT32 and exFAT.
    """

    path: Path
    folder: Path
    device: int
    file_system: str
    format: Filesystem | None
    cluster_bytes: int
    free_bytes: int
    is_read_only: bool = False


def drive_at(path: Path, system_folders: tuple[Path, ...]) -> Drive:
    """The drive at `path`; OutputError for a device file, for what is no folder, and for a disk of the system."""
    folder = path.resolve()
    try:
        status = folder.stat()
    except OSError as error:
        raise OutputError(
            "there is no such folder", where=path, hint="Plug the drive in and open it once, so that it is mounted."
        ) from error
    if stat.S_ISBLK(status.st_mode) or stat.S_ISCHR(status.st_mode):
        raise OutputError(
            "is a device file; packager never writes to one", where=path, hint="Name the folder it is mounted on."
        )
    if not folder.is_dir():
        raise OutputError("is not a folder", where=path, hint="Name the folder that the drive is mounted on.")
    if shares_disk(status.st_dev, system_folders):
        raise OutputError(
            "lies on the disk of this system or of your home; packager copies to sticks and cards only",
            where=path,
            hint="Is the drive mounted? Name the folder that it is mounted on.",
        )
    return _measured(path, folder, status.st_dev)


def system_folders() -> tuple[Path, ...]:
    """Folders that lie on disks nobody means to copy to: those of the running system and of the users."""
    names = ("/", "/home", "/Users", os.environ.get("SYSTEMDRIVE", "/") + os.sep, os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none
    return tuple(path for path in map(Path, names) if path.is_dir())


def shares_disk(device: int, folders: tuple[Path, ...]) -> bool:
    """Whether the file system with that number lies on a disk that one of the folders lies on too."""
    return any(disks(device) & disks(folder.stat().st_dev) for folder in folders)


def disks(device: int) -> frozenset[str]:
    """The whole disks under a file system; where the system does not tell, the file system stands for itself."""
    return frozenset(disk.name for disk in disk_folders(device)) or frozenset({str(device)})


def disk_folders(device: int) -> tuple[Path, ...]:
    """The folders in Linux's /sys of the whole disks under a file system; none where it lies on no disk."""
    block = _block_device(device)
    return tuple(_whole_disks(block)) if block else ()


def is_loop(device: int) -> bool:
    """Whether it is a file on another file system, whose page cache lies below this one's."""
    return any((disk / "loop").is_dir() for disk in disk_folders(device))


def _measured(path: Path, folder: Path, device: int) -> Drive:
    mount = mount_of(folder, all_mounts())
    file_system = mount.file_system.lower() if mount else ""
    kind = _FORMATS.get(file_system)
    if file_system == "fuseblk" and _is_exfat(device):
        kind = Filesystem.EXFAT
    cluster, free, is_read_only = _space(folder)
    return Drive(path, folder, device, file_system, kind, cluster, free, is_read_only)


def _is_exfat(device: int) -> bool:
    """What FUSE mounts of exFAT and NTFS do not say themselves; False where the volume may not be read."""
    block = _block_device(device)
    with suppress(OSError), open(Path("/dev", block.name) if block else os.devnull, "rb") as volume:  # noqa: PTH123 - os.devnull is no Path
        return volume.read(11)[3:] == _EXFAT_MARK
    return False


def _space(folder: Path) -> tuple[int, int, bool]:
    """Bytes of a cluster, bytes in the clusters that are free, and whether nothing can be written."""
    if sys.platform == "win32":
        return _space_on_windows(folder)
    space = os.statvfs(folder)
    return space.f_frsize, space.f_bavail * space.f_frsize, bool(space.f_flag & os.ST_RDONLY)


def _space_on_windows(folder: Path) -> tuple[int, int, bool]:
    import ctypes

    sectors, sector_bytes, free, total = (ctypes.c_ulong() for _ in range(4))
    places = [ctypes.byref(number) for number in (sectors, sector_bytes, free, total)]
    if not ctypes.windll.kernel32.GetDiskFreeSpaceW(folder.anchor, *places):  # type: ignore[attr-defined,unused-ignore]
        raise OutputError("does not tell how much is free", where=folder)
    cluster = sectors.value * sector_bytes.value
    return cluster, free.value * cluster, False


def _block_device(device: int) -> Path | None:
    """The folder of a block device in Linux's /sys, which bears its name; None elsewhere."""
    if sys.platform != "linux":
        return None
    link = _BLOCKS / f"{os.major(device)}:{os.minor(device)}"
    return link.resolve() if link.exists() else None


def _whole_disks(block: Path) -> Iterator[Path]:
    """A partition's disk, and what an encrypted or joined volume is made of."""
    parts: list[Path] = []
    with suppress(OSError):
        parts = sorted(link.resolve() for link in (block / "slaves").iterdir())
    if parts:
        for part in parts:
            yield from _whole_disks(part)
    else:
        yield block.parent if (block / "partition").exists() else block


_DROP_CACHES = Path("/proc/sys/vm/drop_caches")
_FILE_SYSTEMS = Path("/proc/filesystems")


class CacheState(Enum):
    """What the page cache may still hold of a drive after the system was asked to drop it."""

    NOTHING = auto()  # contents, names and what lies below the file system
    NAMES = auto()  # contents are forgotten file by file; folders only where root asks
    CONTENTS = auto()


def drop_cache(drive: Drive) -> CacheState:
    """Ask the system to drop what it keeps of the drive; the answer says what may be left."""
    if sys.platform != "linux" or drive.file_system not in _on_disks():
        return CacheState.CONTENTS
    try:
        _DROP_CACHES.write_text("3")  # contents, names and folders; only root may
    except OSError:
        # A FUSE driver and a file behind a loop device have memories of their own below.
        return CacheState.CONTENTS if drive.file_system == "fuseblk" or is_loop(drive.device) else CacheState.NAMES
    return CacheState.NOTHING


def drop_cached_file(file: int, size_bytes: int) -> bool:
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
