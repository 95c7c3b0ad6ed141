"""A FAT32 volume on one MBR partition as the bytes of an image: the same files give the same bytes (pure).

Folders come first, then files, all in order and without gaps. Every field is that of Microsoft's FAT specification
1.03. What a formatter would take from the clock or from its own name is fixed: the serial number is the one of
`mkfs.fat --invariant`, the name that which Microsoft recommends.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import PurePosixPath

from packager.config.filesystems import (
    DOTS,
    SECTOR,
    SHORT_LETTERS,
    Fat32Volume,
    Filesystem,
    ShortNames,
    directory_clusters,
    file_clusters,
    is_short_name,
    name_entries,
)
from packager.config.media import PARTITION_START
from packager.output.manifest import FIRST_MOMENT, File, moment

OEM_NAME = b"MSWIN4.1"
SERIAL = 0x1234ABCD
LABEL = b"NO NAME    "  # which means: none, so that the root directory holds no entry for it
SECTORS_PER_CLUSTER_AT = 13  # in the boot sector
_FIRST_CLUSTER = 2
_FAT32_LBA = 0x0C  # the type of the partition
_FIXED_DISK = 0xF8
_SIGNATURE = b"\x55\xaa"
_NEXT_DEVICE = b"\xcd\x18\xf4\xeb\xfd"  # for a machine that boots from it: int 18h, which goes on to the next disk; hlt
_NO_CHS = b"\xfe\xff\xff"  # beyond what cylinder, head and sector can say: the sector numbers count
_FSINFO_SECTOR = 1
_BACKUP_SECTOR = 6
_END_OF_CHAIN = 0x0FFFFFFF
_DIRECTORY, _ARCHIVE = 0x10, 0x20
_ROOT = PurePosixPath()


@dataclass(frozen=True, slots=True)
class ClusterRun:
    """Consecutive clusters; what is empty has none, and 0 for the first."""

    first: int
    clusters: int


@dataclass(frozen=True, slots=True)
class DirectoryItem:
    """What a directory says of a file or folder in it; a folder's size is 0."""

    name: str
    run: ClusterRun
    size_bytes: int
    moment: datetime
    is_folder: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """A folder of the volume; `parent_cluster` is None for the root, and 0 for what lies in the root."""

    path: PurePosixPath
    run: ClusterRun
    parent_cluster: int | None
    items: tuple[DirectoryItem, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """A volume with the clusters of all folders, the root first, and of all files, in the order of their clusters."""

    volume: Fat32Volume
    folders: tuple[Directory, ...]
    files: tuple[tuple[File, ClusterRun], ...]

    @property
    def runs(self) -> tuple[ClusterRun, ...]:
        """The clusters of every folder and file, one after the other."""
        return (*(folder.run for folder in self.folders), *(run for _, run in self.files))

    @property
    def used_clusters(self) -> int:
        """The clusters of all files and folders, the root's among them."""
        return sum(run.clusters for run in self.runs)

    @property
    def occupied_bytes(self) -> int:
        """As `filesystems.occupied_bytes` counts it: without the root."""
        return (self.used_clusters - self.folders[0].run.clusters) * self.volume.cluster_bytes

    @property
    def available_bytes(self) -> int:
        """What the whole volume offers beside the root."""
        return (self.volume.clusters - self.folders[0].run.clusters) * self.volume.cluster_bytes


@dataclass(frozen=True, slots=True)
class ImagePart:
    """Bytes of an image and the offset where they lie; `content` says in words what they are."""

    offset: int
    data: bytes
    content: str


def place(files: Sequence[File], volume: Fat32Volume) -> Placement:
    """Give every folder and file its clusters, whether or not the volume has as many."""
    inside = _items_by_folder(file.path for file in files)
    sizes = {path: _folder_clusters(path, paths, volume) for path, paths in inside.items()}
    sizes |= {file.path: file_clusters(file.size_bytes, volume.cluster_bytes) for file in files}
    runs = _runs(sizes)
    items = {path: DirectoryItem(path.name, runs[path], 0, FIRST_MOMENT, is_folder=True) for path in inside}
    for number, file in enumerate(files):
        run = runs[file.path]
        items[file.path] = DirectoryItem(file.path.name, run, file.size_bytes, moment(number), is_folder=False)
    folders = tuple(
        Directory(path, runs[path], _parent_cluster(path, runs), tuple(items[inner] for inner in paths))
        for path, paths in inside.items()
    )
    return Placement(volume, folders, tuple((file, runs[file.path]) for file in files))


def image_parts(placement: Placement, read: Callable[[File], Iterable[bytes]]) -> Iterator[ImagePart]:
    """All of the image that is not zero, from its beginning to its end; `read` gives the bytes of a file in pieces."""
    volume = placement.volume
    yield ImagePart(0, _partition_table(volume), "the partition table")
    sectors = _boot_sector(volume) + _fsinfo(placement) + _SIGNATURE.rjust(SECTOR, b"\0")
    for first in (0, _BACKUP_SECTOR):
        yield ImagePart(PARTITION_START + first * SECTOR, sectors, "the boot sectors")
    for number in range(2):
        offset = PARTITION_START + (volume.reserved_sectors + number * volume.fat_sectors) * SECTOR
        for data in _allocation_table(placement):
            yield ImagePart(offset, data, "the allocation tables")
            offset += len(data)
    for folder in placement.folders:
        content = "the root folder" if folder.path == _ROOT else f"the folder {folder.path}"
        yield ImagePart(_offset(volume, folder.run), b"".join(_entries(folder)), content)
    for file, run in placement.files:
        offset = _offset(volume, run)
        for data in read(file):
            yield ImagePart(offset, data, f"the file {file.path}")
            offset += len(data)


def _items_by_folder(paths: Iterable[PurePosixPath]) -> dict[PurePosixPath, tuple[PurePosixPath, ...]]:
    """What lies in each folder, the root first, each folder where the first file in it comes."""
    inside: dict[PurePosixPath, dict[PurePosixPath, None]] = {_ROOT: {}}
    for file in paths:
        for path in (*reversed(file.parents[:-1]), file):
            inside.setdefault(path.parent, {})[path] = None
    return {folder: tuple(items) for folder, items in inside.items()}


def _folder_clusters(path: PurePosixPath, inside: Iterable[PurePosixPath], volume: Fat32Volume) -> int:
    entries = 0 if path == _ROOT else DOTS[Filesystem.FAT32]
    entries += sum(name_entries(inner.name, Filesystem.FAT32, ShortNames.ONE_CASE) for inner in inside)
    return directory_clusters(entries, volume.cluster_bytes)


def _runs(sizes: dict[PurePosixPath, int]) -> dict[PurePosixPath, ClusterRun]:
    runs = {}
    next_cluster = _FIRST_CLUSTER
    for path, clusters in sizes.items():
        runs[path] = ClusterRun(next_cluster if clusters else 0, clusters)
        next_cluster += clusters
    return runs


def _parent_cluster(path: PurePosixPath, runs: dict[PurePosixPath, ClusterRun]) -> int | None:
    if path == _ROOT:
        return None
    return 0 if path.parent == _ROOT else runs[path.parent].first


def _offset(volume: Fat32Volume, run: ClusterRun) -> int:
    """Where in the image the first cluster of a file or folder lies."""
    sectors = volume.reserved_sectors + 2 * volume.fat_sectors
    return PARTITION_START + sectors * SECTOR + (run.first - _FIRST_CLUSTER) * volume.cluster_bytes


def _partition_table(volume: Fat32Volume) -> bytes:
    """The sector that names the one partition."""
    start = PARTITION_START // SECTOR
    partition = struct.pack("<B3sB3sII", 0, _NO_CHS, _FAT32_LBA, _NO_CHS, start, volume.sectors)
    return _NEXT_DEVICE.ljust(440, b"\0") + struct.pack("<IH", SERIAL, 0) + partition.ljust(64, b"\0") + _SIGNATURE


def _boot_sector(volume: Fat32Volume) -> bytes:
    geometry = struct.pack(
        "<HBHBHHBHHHII",
        *(SECTOR, volume.cluster_bytes // SECTOR, volume.reserved_sectors),
        *(2, 0, 0, _FIXED_DISK, 0),  # tables; then what only FAT12 and FAT16 use
        *(63, 255, PARTITION_START // SECTOR, volume.sectors),  # sectors a track, heads, sectors before, sectors
    )
    extended = struct.pack("<IHHIHH12x", volume.fat_sectors, 0, 0, _FIRST_CLUSTER, _FSINFO_SECTOR, _BACKUP_SECTOR)
    identity = struct.pack("<BBBI11s8s", 0x80, 0, 0x29, SERIAL, LABEL, b"FAT32   ")
    code = b"\xeb\x58\x90" + OEM_NAME + geometry + extended + identity + _NEXT_DEVICE
    return code.ljust(SECTOR - 2, b"\0") + _SIGNATURE


def _fsinfo(placement: Placement) -> bytes:
    free = placement.volume.clusters - placement.used_clusters
    last = _FIRST_CLUSTER + placement.used_clusters - 1
    return struct.pack("<I480xIII12xI", 0x41615252, 0x61417272, free, last, 0xAA550000)


def _allocation_table(placement: Placement) -> Iterator[bytes]:
    yield struct.pack("<2I", 0x0FFFFF00 | _FIXED_DISK, _END_OF_CHAIN)
    for run in placement.runs:
        if run.clusters:
            following = range(run.first + 1, run.first + run.clusters)
            yield struct.pack(f"<{run.clusters}I", *following, _END_OF_CHAIN)


def _entries(folder: Directory) -> Iterator[bytes]:
    if folder.parent_cluster is not None:
        yield _entry(FatName(b".".ljust(11)), _DIRECTORY, folder.run.first, 0, FIRST_MOMENT)
        yield _entry(FatName(b"..".ljust(11)), _DIRECTORY, folder.parent_cluster, 0, FIRST_MOMENT)
    names = fat_names(item.name for item in folder.items)
    for item, name in zip(folder.items, names, strict=True):
        yield from long_name_entries(name)
        attributes = _DIRECTORY if item.is_folder else _ARCHIVE
        yield _entry(name, attributes, item.run.first, item.size_bytes, item.moment)


def _entry(name: FatName, attributes: int, cluster: int, size_bytes: int, moment: datetime) -> bytes:
    """Made, read and written at one time; FAT knows no zones, so that every system shows the same hour."""
    date = (moment.year - 1980) << 9 | moment.month << 5 | moment.day
    time = moment.hour << 11 | moment.minute << 5 | moment.second // 2
    made_and_read = time, date, date
    high, low = divmod(cluster, 1 << 16)
    written = high, time, date, low
    return struct.pack("<11s3B7HI", name.short, attributes, name.flags, 0, *made_and_read, *written, size_bytes)


# Byte 12 of an entry: Windows since NT, Linux, macOS and mtools read it, though no specification has it.
SMALL_STEM = 0x08
SMALL_EXTENSION = 0x10
_LONG_NAME = 0x0F  # the attributes of an entry that holds a piece of a long name
_LAST_PIECE = 0x40
_PIECE = 26  # bytes: 13 units


@dataclass(frozen=True, slots=True)
class FatName:
    """A name in a directory: eleven bytes and flags, and `long` where these cannot hold it as it is."""

    short: bytes
    flags: int = 0
    long: str = ""


def fat_names(names: Iterable[str]) -> tuple[FatName, ...]:
    """The names of one folder, in the order given; they must be fit for FAT and differ in more than case."""
    names = tuple(names)
    short = {name: _short(name) for name in names if is_short_name(name, ShortNames.ONE_CASE)}
    used = {fat_name.short for fat_name in short.values()}
    tails: Counter[tuple[str, str]] = Counter()
    return tuple(short.get(name) or FatName(_alias(name, used, tails), long=name) for name in names)


def long_name_entries(name: FatName) -> Iterator[bytes]:
    """The entries that stand before the short one, last piece first; none where the short one serves."""
    units = name.long.encode("utf-16-le")
    pieces = [units[start : start + _PIECE] for start in range(0, len(units), _PIECE)]
    checksum = _checksum(name.short)
    for number in range(len(pieces), 0, -1):
        piece = pieces[number - 1]
        if len(piece) < _PIECE:
            piece = (piece + b"\0\0").ljust(_PIECE, b"\xff")
        order = number | (_LAST_PIECE if number == len(pieces) else 0)
        head, middle, tail = piece[:10], piece[10:22], piece[22:]
        yield struct.pack("<B10s3B12sH4s", order, head, _LONG_NAME, 0, checksum, middle, 0, tail)


def _short(name: str) -> FatName:
    stem, _, extension = name.partition(".")
    flags = SMALL_STEM * stem.islower() | SMALL_EXTENSION * extension.islower()
    return FatName(_packed(stem.upper(), extension.upper()), flags)


def _packed(stem: str, extension: str) -> bytes:
    return f"{stem:<8}{extension:<3}".encode("ascii")


def _alias(name: str, used: set[bytes], tails: Counter[tuple[str, str]]) -> bytes:
    """A short name that nothing else in the folder has; `tails` remembers how far the numbers have come."""
    alias = next(candidate for candidate in _aliases(name, tails) if candidate not in used)
    used.add(alias)
    return alias


def _aliases(name: str, tails: Counter[tuple[str, str]]) -> Iterator[bytes]:
    if name.isascii() and is_short_name(name.upper(), ShortNames.UPPER):
        yield _short(name.upper()).short
    path = PurePosixPath(name)
    stem, extension = _letters(path.stem) or "_", _letters(path.suffix)[:3]
    kin = stem[:6], extension  # what shares the aliases from ~1 to ~9
    for number in count(tails[kin] + 1):
        tails[kin] = number
        tail = f"~{number}"
        yield _packed(stem[: 8 - len(tail)] + tail, extension)


def _letters(text: str) -> str:
    letters = (letter for letter in text.upper() if letter not in " .")
    return "".join(letter if letter in SHORT_LETTERS else "_" for letter in letters)


def _checksum(short: bytes) -> int:
    """What ties the pieces of a long name to their short one: Microsoft's FAT specification, section 7.2."""
    total = 0
    for byte in short:
        total = ((total >> 1) | (total << 7)) + byte & 0xFF
    return total
