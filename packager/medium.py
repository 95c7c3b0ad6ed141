"""What a tree occupies on FAT32 and exFAT, and how much an empty volume of them holds (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

KIB = 1024
MIB = 1024 * KIB
GB = 1_000_000_000

SECTOR = 512  # bytes; the only sector size sticks and cards of these capacities report
ENTRY = 32  # bytes of a directory entry, FAT and exFAT alike
SHORT_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'()-@^_`{}~")
UPCASE_TABLE = 5836  # bytes; the compressed table that every exFAT formatter writes


class Filesystem(StrEnum):
    FAT32 = "FAT32"
    EXFAT = "exFAT"


DOTS = {Filesystem.FAT32: 2, Filesystem.EXFAT: 0}  # entries that a folder below the root has for itself


class ShortNames(StrEnum):
    """Which 8.3 names FAT holds in a single entry: it depends on who writes them."""

    UPPER = "upper"  # capitals only: what Linux does
    ONE_CASE = "one case"  # also small letters throughout a part, by a flag: what Windows, mtools and our images do


@dataclass(frozen=True, slots=True)
class Medium:
    """Where a tree will lie; `payload_bytes` is what it may occupy, clusters counted whole.

    `capacity_bytes` is the size of the whole stick or card, 0 where only the space on it is known.
    """

    name: str
    payload_bytes: int
    filesystem: Filesystem
    cluster_bytes: int
    capacity_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Fat32Volume:
    """The parts of an empty FAT32 volume in sectors, and the clusters it has for files and folders."""

    sectors: int
    reserved_sectors: int
    fat_sectors: int
    clusters: int
    cluster_bytes: int


def usable_bytes(volume_bytes: int, filesystem: Filesystem, cluster_bytes: int) -> int:
    """Bytes in the clusters that an empty volume offers to files and folders (section 1, equal to mkfs)."""
    if filesystem is Filesystem.FAT32:
        return fat32_volume(volume_bytes, cluster_bytes).clusters * cluster_bytes
    return _exfat_clusters(volume_bytes, cluster_bytes) * cluster_bytes


def fat32_volume(volume_bytes: int, cluster_bytes: int) -> Fat32Volume:
    """How mkfs.fat divides a volume of that size (section 1)."""
    per_cluster = cluster_bytes // SECTOR
    sectors = volume_bytes // SECTOR // 63 * 63
    reserved = _up(32, per_cluster)
    data = sectors - reserved
    estimate = (data * SECTOR + 16) // (per_cluster * SECTOR + 8)
    fat = _up(_ceil((estimate + 2) * 4, SECTOR), per_cluster)
    return Fat32Volume(sectors, reserved, fat, (data - 2 * fat) // per_cluster, cluster_bytes)


def _exfat_clusters(volume: int, cluster: int) -> int:
    fat_offset = _up(24 * SECTOR, MIB)
    estimate = (volume - fat_offset - 9) // (cluster + 4) + 1
    fat = _up((estimate + 2) * 4, SECTOR)
    heap = _up(fat_offset + fat, MIB)
    clusters = (volume - heap) // cluster
    bitmap = _ceil(_up(clusters, 8) // 8, cluster)
    return clusters - bitmap - _ceil(UPCASE_TABLE, cluster) - 1


def occupied_bytes(
    files: Iterable[tuple[PurePosixPath, int]],
    folder: str,
    filesystem: Filesystem,
    cluster_bytes: int,
    *,
    short_names: ShortNames = ShortNames.UPPER,
) -> int:
    """Bytes in whole clusters that `files` (path, size) occupy below one top `folder`, directories included.

    The formula is that of docs/devices.md section 1; the root directory's first cluster belongs to the volume.
    Without `short_names` it is the most that any system takes.
    """
    clusters = 0
    names_in: dict[PurePosixPath, set[str]] = defaultdict(set)
    names_in[PurePosixPath(folder)] = set()
    for path, size in files:
        clusters += file_clusters(size, cluster_bytes)
        placed = folder / path
        for inner, outer in zip((placed, *placed.parents), placed.parents, strict=False):
            if outer != PurePosixPath("."):
                names_in[outer].add(inner.name)
    for names_within in names_in.values():
        entries = sum(name_entries(name, filesystem, short_names) for name in names_within)
        clusters += directory_clusters(DOTS[filesystem] + entries, cluster_bytes)
    return clusters * cluster_bytes


def directory_clusters(entries: int, cluster_bytes: int) -> int:
    """Clusters of a folder that holds that many entries, `.` and `..` counted."""
    return max(1, _ceil(ENTRY * entries, cluster_bytes))


def file_clusters(size_bytes: int, cluster_bytes: int) -> int:
    """Clusters of a file; an empty one has none."""
    return _ceil(size_bytes, cluster_bytes)


def name_entries(name: str, filesystem: Filesystem, short_names: ShortNames) -> int:
    """Directory entries that a file or folder of that name takes."""
    units = len(name.encode("utf-16-le")) // 2
    if filesystem is Filesystem.EXFAT:
        return 2 + _ceil(units, 15)
    return 1 if is_short_name(name, short_names) else 1 + _ceil(units, 13)


def is_short_name(name: str, short_names: ShortNames) -> bool:
    """Whether FAT holds the name, exactly as it is, in a single entry."""
    stem, _, extension = name.partition(".")
    if short_names is ShortNames.ONE_CASE and name.isascii():
        stem, extension = (part.upper() if part.islower() else part for part in (stem, extension))
    fits = 1 <= len(stem) <= 8 and len(extension) <= 3 and not name.endswith(".")
    return fits and SHORT_LETTERS.issuperset(stem + extension)


def _ceil(value: int, unit: int) -> int:
    return -(-value // unit)


def _up(value: int, unit: int) -> int:
    return _ceil(value, unit) * unit
