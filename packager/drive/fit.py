"""What a tree takes from a drive in whole clusters, and what the drive's file system cannot hold (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from packager.config.medium import Filesystem, occupied_bytes, unholdable
from packager.drive.values import Drive, Source

RECORD_BYTES = 1024  # what NTFS keeps of a file beside its clusters; ext4 and others keep less
# The root of exFAT holds its label, bitmap and up-case table: three entries, as many as a short name takes. The two
# that FAT32 may hold are counted for every folder.
_ROOTS_OWN: dict[Filesystem, tuple[str, ...]] = {Filesystem.FAT32: (), Filesystem.EXFAT: ("label",)}

Sizes = Iterable[tuple[PurePosixPath, int]]  # paths from the tree's name on, bytes


def needed_bytes(source: Source, drive: Drive, root_names: tuple[str, ...]) -> int:
    """Bytes in whole clusters that the tree takes from a drive whose folder holds `root_names`."""
    growth = _folder_bytes((*root_names, source.name), drive) - _folder_bytes(root_names, drive)
    return taken_bytes(((file.path, file.size_bytes) for file in source.files), drive) + growth


def taken_bytes(files: Sizes, drive: Drive) -> int:
    """Bytes in whole clusters that the files of one tree and their folders occupy; for other file systems the most."""
    cluster = drive.cluster_bytes
    listed = list(files)
    if drive.format:
        top = listed[0][0].parts[0] if listed else ""
        inside = ((path.relative_to(top), size) for path, size in listed)
        return occupied_bytes(inside, top, drive.format, cluster)
    folders = {folder for path, _ in listed for folder in path.parents}
    return sum(-(-size // cluster) * cluster + RECORD_BYTES for _, size in listed) + len(folders) * cluster


def _folder_bytes(names: tuple[str, ...], drive: Drive) -> int:
    if drive.format is None:
        return 0
    entries = ((PurePosixPath(name), 0) for name in {*names, *_ROOTS_OWN[drive.format]})
    return occupied_bytes(entries, "root", drive.format, drive.cluster_bytes)


def broken_limits(source: Source, kind: Filesystem | None) -> tuple[str, ...]:
    """What the file system cannot hold, in words; others than FAT32 and exFAT hold more than any tree has."""
    if kind is None:
        return ()
    files = ((file.path.relative_to(source.name), file.size_bytes) for file in source.files)
    return tuple(unholdable(files, source.name, kind))
