"""A path on the command line -> a Drive, or the reason why it is none."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from packager.config.medium import Filesystem
from packager.drive import disk
from packager.drive.values import Drive
from packager.errors import OutputError
from packager.output.staging.volume import all_mounts, mount_of

# As Linux, macOS and Windows call them.
_FORMATS = {
    **dict.fromkeys(("vfat", "msdos", "fat", "fat32"), Filesystem.FAT32),
    **dict.fromkeys(("exfat", "fuse.exfat", "texfat"), Filesystem.EXFAT),
}
_EXFAT_MARK = b"EXFAT   "  # bytes 3 to 10 of the volume


def look(path: Path, system_folders: tuple[Path, ...]) -> Drive:
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
    if disk.shares_disk(status.st_dev, system_folders):
        raise OutputError(
            "lies on the disk of this system or of your home; packager copies to sticks and cards only",
            where=path,
            hint="Is the drive mounted? Name the folder that it is mounted on.",
        )
    return _measured(path, folder, status.st_dev)


def _measured(path: Path, folder: Path, device: int) -> Drive:
    mount = mount_of(folder, all_mounts())
    file_system = mount.file_system.lower() if mount else ""
    kind = _FORMATS.get(file_system)
    if file_system == "fuseblk" and _is_exfat(device):
        kind = Filesystem.EXFAT
    cluster, free, is_read_only = _room(folder)
    return Drive(path, folder, device, file_system, kind, cluster, free, is_read_only)


def _is_exfat(device: int) -> bool:
    """What FUSE mounts of exFAT and NTFS do not say themselves; False where the volume may not be read."""
    node = disk.node(device)
    try:
        with open(node or os.devnull, "rb") as volume:  # noqa: PTH123 - os.devnull is no Path
            return volume.read(11)[3:] == _EXFAT_MARK
    except OSError:
        return False


def _room(folder: Path) -> tuple[int, int, bool]:
    """Bytes of a cluster, bytes in the clusters that are free, and whether nothing can be written."""
    if sys.platform == "win32":
        return _room_on_windows(folder)
    room = os.statvfs(folder)
    return room.f_frsize, room.f_bavail * room.f_frsize, bool(room.f_flag & os.ST_RDONLY)


def _room_on_windows(folder: Path) -> tuple[int, int, bool]:
    import ctypes

    sectors, sector_bytes, free, total = (ctypes.c_ulong() for _ in range(4))
    places = [ctypes.byref(number) for number in (sectors, sector_bytes, free, total)]
    if not ctypes.windll.kernel32.GetDiskFreeSpaceW(folder.anchor, *places):  # type: ignore[attr-defined,unused-ignore]
        raise OutputError("does not tell how much is free", where=folder)
    cluster = sectors.value * sector_bytes.value
    return cluster, free.value * cluster, False
