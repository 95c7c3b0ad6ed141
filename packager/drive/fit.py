"""What a tree takes from a drive in whole clusters, and what the drive's file system cannot hold (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from packager.drive.values import Drive, Source, folders_of
from packager.manifest import File
from packager.medium import Filesystem, occupied_bytes

# docs/devices.md section 1
MOST_FAT_BYTES = 4_294_967_295
MOST_FAT_ENTRIES = 65_536
_NAME_UNITS = 13  # of UTF-16 in one FAT entry

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


def broken_limits(files: tuple[File, ...], kind: Filesystem | None) -> tuple[str, ...]:
    """What FAT32 cannot hold, in words; other file systems hold more than any tree has."""
    if kind is not Filesystem.FAT32:
        return ()
    large = [f"{file.path} is larger than 4 GiB" for file in files if file.size_bytes > MOST_FAT_BYTES]
    entries: Counter[PurePosixPath] = Counter(dict.fromkeys(folders_of(files), 2))
    for path in {*(file.path for file in files), *folders_of(files)}:
        entries[path.parent] += 1 + -(-len(path.name.encode("utf-16-le")) // (2 * _NAME_UNITS))
    return (*large, *(f"{folder} holds too many files" for folder, n in entries.items() if n > MOST_FAT_ENTRIES))
