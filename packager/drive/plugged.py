"""What drives are plugged in, as each system tells: where, how large, in what format, and whether they come out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from packager.drive.mounted import disk_folders, drive_at, is_loop, shares_disk, system_folders
from packager.errors import OutputError, PackagerError
from packager.output.volume import all_mounts

_SECTOR = 512  # bytes, of the sizes in Linux's /sys, whatever a disk's own are (Documentation/ABI/stable/sysfs-block)
_SECONDS = 60  # more than a slow disk takes to wake up
_DISKUTIL = "/usr/sbin/diskutil"
# PowerShell gives one object alone, where there is only one, and numbers of an enum where they are not made text.
_POWERSHELL = """
[Console]::OutputEncoding = [Text.Encoding]::UTF8
Get-Partition | Where-Object DriveLetter | ForEach-Object {
  $disk = $_ | Get-Disk; $volume = $_ | Get-Volume
  [pscustomobject]@{
    Letter = [string]$_.DriveLetter; Label = $volume.FileSystemLabel; FileSystem = $volume.FileSystem
    Size = $volume.Size; Free = $volume.SizeRemaining; Cluster = $volume.AllocationUnitSize
    DriveType = [string]$volume.DriveType; BusType = [string]$disk.BusType
    IsSystem = $disk.IsBoot -or $disk.IsSystem; IsReadOnly = $disk.IsReadOnly -or $_.IsReadOnly
  }
} | ConvertTo-Json
"""


@dataclass(frozen=True, slots=True)
class PluggedDrive:
    """A drive of this computer; `place` is the folder that it is mounted on, None where it is not.

    `device` is what the system calls it, `file_system` "" where that is not known. One `is_removable` that is made to
    be taken out, as sticks and cards are; one `is_system` that lies on a disk of the running system or of the users.
    """

    place: Path | None
    device: str
    size_bytes: int
    is_removable: bool
    is_system: bool
    label: str = ""
    file_system: str = ""
    cluster_bytes: int = 0
    free_bytes: int = 0
    is_read_only: bool = False


def plugged() -> tuple[PluggedDrive, ...]:
    """Every drive of this computer, the removable ones first. Raises OutputError where the system does not tell."""
    found = {"win32": _on_windows, "darwin": _on_macos}.get(sys.platform, _on_linux)()
    return tuple(sorted(found, key=lambda drive: (not drive.is_removable, drive.is_system, str(drive.place or "~"))))


def removable(drives: Iterable[PluggedDrive]) -> tuple[PluggedDrive, ...]:
    """Those that a tree may be copied to: mounted, made to be taken out, and no disk of the system."""
    return tuple(drive for drive in drives if drive.place and drive.is_removable and not drive.is_system)


def from_diskutil(infos: Iterable[bytes]) -> tuple[PluggedDrive, ...]:
    """What `diskutil info -plist` says of each disk and partition: those that are mounted, or hold a file system.

    A Mac calls its own card reader internal; what tells is whether the medium can be taken out.
    """
    read = [info for info in map(_plist, infos) if info]
    whole = {info.get("ParentWholeDisk") for info in read if _is_of_macos(str(info.get("MountPoint") or ""))}
    return tuple(_from_info(info, whole) for info in read if info.get("MountPoint") or info.get("FilesystemType"))


def from_powershell(text: str) -> tuple[PluggedDrive, ...]:
    """What PowerShell says of each partition with a letter. Raises OutputError for what is no such answer."""
    try:
        rows = json.loads(text or "[]")
        return tuple(_from_row(row) for row in (rows if isinstance(rows, list) else [rows]))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise OutputError("Windows does not tell what drives are plugged in", hint="Name the drives.") from error


def _on_linux() -> Iterator[PluggedDrive]:
    """Every block device that is mounted, once, and removable disks of which no part is."""
    seen: set[int] = set()
    used: set[str] = set()
    for mount in all_mounts():
        with suppress(OSError, PackagerError):
            device = mount.folder.stat().st_dev
            disks = disk_folders(device)
            if not disks or device in seen:
                continue
            seen.add(device)
            used.update(disk.name for disk in disks)
            drive = drive_at(mount.folder, ())
            if is_loop(device) and drive.is_read_only:  # what packages of programs are
                continue
            is_removable = any(map(_is_removable, disks))
            is_system = shares_disk(device, system_folders())
            name = Path(os.path.realpath(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")).name
            yield _with_space(PluggedDrive(mount.folder, name, 0, is_removable, is_system))
    for disk in sorted(Path("/sys/block").glob("*")):
        if disk.name not in used and _is_removable(disk) and (sectors := int(_line(disk / "size") or 0)):
            yield PluggedDrive(None, disk.name, sectors * _SECTOR, is_removable=True, is_system=False)


def _is_removable(disk: Path) -> bool:
    """Whether a medium can be taken out, as /sys tells: a card in a reader of its own is none there, but its type."""
    return _line(disk / "removable") == "1" or _line(disk / "device" / "type") == "SD"


def _line(file: Path) -> str:
    with suppress(OSError):
        return file.read_text(encoding="ascii", errors="replace").strip()
    return ""


def _with_space(drive: PluggedDrive) -> PluggedDrive:
    """With what the file system tells: its format, size and clusters."""
    if drive.place is None:
        return drive
    with suppress(OSError, PackagerError):
        mounted = drive_at(drive.place, ())
        size = os.statvfs(drive.place) if sys.platform != "win32" else None
        return replace(
            drive,
            size_bytes=size.f_blocks * size.f_frsize if size else drive.size_bytes,
            file_system=mounted.format or mounted.file_system,
            cluster_bytes=mounted.cluster_bytes,
            free_bytes=mounted.free_bytes,
            is_read_only=mounted.is_read_only,
        )
    return drive


def _on_macos() -> Iterator[PluggedDrive]:
    listed = _plist(_said_by(_DISKUTIL, "list", "-plist"))
    infos = [_said_by(_DISKUTIL, "info", "-plist", str(name)) for name in listed.get("AllDisks", [])]
    yield from map(_with_space, from_diskutil(infos))


def _plist(text: bytes) -> Mapping[str, Any]:
    import plistlib  # here, since it loads a parser of XML, which no command on drives needs elsewhere
    from xml.parsers.expat import ExpatError

    with suppress(ValueError, ExpatError, plistlib.InvalidFileException):
        value = plistlib.loads(text)
        return value if isinstance(value, dict) else {}
    return {}


def _from_info(info: Mapping[str, Any], whole_of_system: set[object]) -> PluggedDrive:
    place = str(info.get("MountPoint") or "")
    is_removable = bool(info.get("RemovableMedia") or info.get("Removable"))
    is_internal = bool(info.get("Internal")) and not is_removable
    return PluggedDrive(
        Path(place) if place else None,
        str(info.get("DeviceIdentifier") or ""),
        int(info.get("TotalSize") or info.get("Size") or 0),
        is_removable,
        is_internal or _is_of_macos(place) or info.get("ParentWholeDisk") in whole_of_system,
        label=str(info.get("VolumeName") or ""),
        file_system=str(info.get("FilesystemType") or ""),
        cluster_bytes=int(info.get("VolumeAllocationBlockSize") or 0),
        free_bytes=int(info.get("FreeSpace") or 0),
        is_read_only=not info.get("WritableVolume", True),
    )


def _is_of_macos(place: str) -> bool:
    return place == "/" or place.startswith("/System/")


def _on_windows() -> tuple[PluggedDrive, ...]:
    root = os.environ.get("SYSTEMROOT", r"C:\Windows")
    powershell = rf"{root}\System32\WindowsPowerShell\v1.0\powershell.exe"
    told = _said_by(powershell, "-NoProfile", "-NonInteractive", "-Command", _POWERSHELL)
    return from_powershell(told.decode("utf-8-sig", errors="replace"))


def _from_row(row: Mapping[str, Any]) -> PluggedDrive:
    return PluggedDrive(
        Path(f"{row['Letter']}:\\"),
        f"{row['Letter']}:",
        int(row["Size"] or 0),
        row["DriveType"] == "Removable" or row["BusType"] == "SD",
        bool(row["IsSystem"]),
        label=row["Label"] or "",
        file_system=row["FileSystem"] or "",
        cluster_bytes=int(row["Cluster"] or 0),
        free_bytes=int(row["Free"] or 0),
        is_read_only=bool(row["IsReadOnly"]),
    )


def _said_by(*command: str) -> bytes:
    """What a program of the system itself says, which reads nothing that strangers made but names of drives."""
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=_SECONDS, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError) as error:
        raise OutputError("the system does not tell what drives are plugged in", hint="Name the drives.") from error
    return done.stdout
