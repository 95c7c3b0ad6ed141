"""Which disks lie under a file system, and whether one of them is the system's or the user's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_BLOCKS = Path("/sys/dev/block")  # Linux: a folder for each block device, called by its number


def system_folders() -> tuple[Path, ...]:
    """Folders that lie on disks nobody means to copy to: those of the running system and of the users."""
    names = ("/", "/home", "/Users", os.environ.get("SYSTEMDRIVE", "/") + os.sep, os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none
    return tuple(path for path in map(Path, names) if path.is_dir())


def shares_disk(device: int, folders: tuple[Path, ...]) -> bool:
    """Whether the file system with that number lies on a disk that one of the folders lies on too."""
    return any(disks(device) & disks(folder.stat().st_dev) for folder in folders)


def disks(device: int) -> frozenset[str]:
    """The whole disks under a file system; where the system does not tell, the file system stands for itself."""
    block = _block(device)
    return frozenset(disk.name for disk in _whole(block)) if block else frozenset({str(device)})


def is_loop(device: int) -> bool:
    """Whether it is a file on another file system, whose memory of it lies below this one's."""
    block = _block(device)
    return block is not None and any((disk / "loop").is_dir() for disk in _whole(block))


def node(device: int) -> Path | None:
    """The device file of a file system on Linux."""
    block = _block(device)
    return Path("/dev", block.name) if block else None


def _block(device: int) -> Path | None:
    if sys.platform != "linux":
        return None
    link = _BLOCKS / f"{os.major(device)}:{os.minor(device)}"
    return link.resolve() if link.exists() else None


def _whole(block: Path) -> Iterator[Path]:
    """A partition's disk, and what an encrypted or joined volume is made of."""
    parts: list[Path] = []
    with suppress(OSError):
        parts = sorted(link.resolve() for link in (block / "slaves").iterdir())
    if parts:
        for part in parts:
            yield from _whole(part)
    else:
        yield block.parent if (block / "partition").exists() else block
