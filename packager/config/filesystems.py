"""What FAT32 and exFAT hold: which names, how much on an empty volume, and what a tree occupies there (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
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


# Limits: section 1; a folder of exFAT has at most 256 MiB.
MOST_FILE_BYTES = {Filesystem.FAT32: 4_294_967_295, Filesystem.EXFAT: 2**63 - 1}
MOST_ENTRIES = {Filesystem.FAT32: 65_536, Filesystem.EXFAT: 256 * MIB // ENTRY}
DOTS = {Filesystem.FAT32: 2, Filesystem.EXFAT: 0}  # entries that a folder below the root has for itself

MOST_NAME_UNITS = 255  # of UTF-16
FORBIDDEN_LETTERS = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')
DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)))
)
DEVICE_NAME = re.compile(
    r"(?:con|prn|aux|nul|clock\$|con(?:in|out)\$|com[\d¹²³]|lpt[\d¹²³]) *(?:\..*)?", re.IGNORECASE | re.DOTALL
)


class ShortNames(StrEnum):
    """Which 8.3 names FAT holds in a single entry: it depends on who writes them."""

    UPPER = "upper"  # capitals only: what Linux does
    ONE_CASE = "one case"  # also small letters throughout a part, by a flag: what Windows, mtools and our images do


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
    track = 32 if volume_bytes <= 256 * MIB else 63  # only whole tracks are used
    sectors = volume_bytes // SECTOR // track * track
    reserved = _up(32, per_cluster)
    data = sectors - reserved
    estimate = (data * SECTOR + 16) // (per_cluster * SECTOR + 8)
    fat = _up(_ceil((estimate + 2) * 4, SECTOR), per_cluster)
    return Fat32Volume(sectors, reserved, fat, (data - 2 * fat) // per_cluster, cluster_bytes)


def _exfat_clusters(volume: int, cluster: int) -> int:
    fat_offset = _up(24 * SECTOR, MIB)
    fat = _up(volume // cluster * 4, cluster)
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
    clusters, names_in = 0, _NamesInFolders(folder)
    for path, size in files:
        clusters += file_clusters(size, cluster_bytes)
        names_in.add(path)
    for names in names_in.folders.values():
        entries = sum(name_entries(name, filesystem, short_names) for name in names)
        clusters += directory_clusters(DOTS[filesystem] + entries, cluster_bytes)
    return clusters * cluster_bytes


def unholdable(files: Iterable[tuple[PurePosixPath, int]], folder: str, filesystem: Filesystem) -> Iterator[str]:
    """What `files` (path, size) below one top `folder` have that the file system cannot hold, in words.

    A copy of it would stop half-way, or one file would take another one's place (section 1).
    """
    names_in = _NamesInFolders(folder)
    for path, size in files:
        names_in.add(path)
        if size > MOST_FILE_BYTES[filesystem]:
            yield f"{folder / path} is larger than {MOST_FILE_BYTES[filesystem]:,} bytes, the most on {filesystem}"
    for outer, names in names_in.folders.items():
        entries = DOTS[filesystem] + sum(name_entries(name, filesystem, ShortNames.UPPER) for name in names)
        if entries > MOST_ENTRIES[filesystem]:
            yield f"{outer} holds more names than a folder on {filesystem} can"
        spellings = Counter(map(folded_name, names))
        for name in sorted(names):
            if name_problem(name):
                yield f"{outer}/{name} has a name that {filesystem} cannot hold"
            elif spellings[folded_name(name)] > 1:
                yield f"{outer}/{name} has a name that differs from another only in large and small letters"


class _NamesInFolders:
    """The names in a folder and in every folder below it."""

    def __init__(self, folder: str) -> None:
        self._top = folder
        self.folders: dict[str, set[str]] = defaultdict(set, {folder: set()})

    def add(self, path: PurePosixPath) -> None:
        """Add a file, and all folders that it lies in."""
        outer, _, name = f"{self._top}/{path}".rpartition("/")
        while outer and name not in self.folders[outer]:  # what has a name already has those above it
            self.folders[outer].add(name)
            outer, _, name = outer.rpartition("/")


def directory_clusters(entries: int, cluster_bytes: int) -> int:
    """Clusters of a folder that holds that many entries, `.` and `..` counted."""
    return max(1, _ceil(ENTRY * entries, cluster_bytes))


def file_clusters(size_bytes: int, cluster_bytes: int) -> int:
    """Clusters of a file; an empty one has none."""
    return _ceil(size_bytes, cluster_bytes)


def name_entries(name: str, filesystem: Filesystem, short_names: ShortNames) -> int:
    """Directory entries that a file or folder of that name takes."""
    if filesystem is Filesystem.EXFAT:
        return 2 + _ceil(name_units(name), 15)
    return 1 if is_short_name(name, short_names) else 1 + _ceil(name_units(name), 13)


def is_short_name(name: str, short_names: ShortNames) -> bool:
    """Whether FAT holds the name, exactly as it is, in a single entry."""
    stem, _, extension = name.partition(".")
    if short_names is ShortNames.ONE_CASE and name.isascii():
        stem, extension = (part.upper() if part.islower() else part for part in (stem, extension))
    fits = 1 <= len(stem) <= 8 and len(extension) <= 3 and not name.endswith(".")
    return fits and SHORT_LETTERS.issuperset(stem + extension)


def name_problem(name: str) -> str:
    """Why FAT and exFAT cannot hold the name, as what a file "has"; "" when they can."""
    if FORBIDDEN_LETTERS.search(name):
        return "has a letter in its name that FAT forbids"
    if name.endswith((".", " ")):
        return "has a name that ends in a dot or a space"
    if name_units(name) > MOST_NAME_UNITS:
        return f"has a name of more than {MOST_NAME_UNITS} characters"
    return ""


def name_units(text: str) -> int:
    """The length of a name as file systems count it, in UTF-16; undecodable bytes count too."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def folded_name(name: str) -> str:
    """One text for all names that FAT, Windows or macOS take for the same: without case, of composed letters."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _ceil(value: int, unit: int) -> int:
    return -(-value // unit)


def _up(value: int, unit: int) -> int:
    return _ceil(value, unit) * unit
