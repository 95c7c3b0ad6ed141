"""A FAT32 volume on one MBR partition, written in a single pass: the same files give the same bytes.

Every field is that of Microsoft's FAT specification 1.03. What a formatter would take from the clock or from its own
name is fixed: the serial number is the one of `mkfs.fat --invariant`, the name that which Microsoft recommends.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from packager.config.media import PARTITION_START
from packager.config.medium import SECTOR, Fat32Volume
from packager.drive.fat_names import FatName, fat_names, long_name_entries
from packager.drive.fat_plan import FIRST_CLUSTER, Folder, Place, Placement
from packager.output.manifest import FIRST_MOMENT

OEM_NAME = b"MSWIN4.1"
SERIAL = 0x1234ABCD
LABEL = b"NO NAME    "  # which means: none, so that the root directory holds no entry for it
_FAT32_LBA = 0x0C  # the type of the partition
_FIXED_DISK = 0xF8
_SIGNATURE = b"\x55\xaa"
_NEXT_DEVICE = b"\xcd\x18\xf4\xeb\xfd"  # for a machine that boots from it: int 18h, which goes on to the next disk; hlt
_NO_CHS = b"\xfe\xff\xff"  # beyond what cylinder, head and sector can say: the sector numbers count
_FSINFO_SECTOR = 1
_BACKUP_SECTOR = 6
_END_OF_CHAIN = 0x0FFFFFFF
_DIRECTORY, _ARCHIVE = 0x10, 0x20


def write_partition_table(image: BinaryIO, volume: Fat32Volume) -> None:
    """Write the sector that names the one partition."""
    start = PARTITION_START // SECTOR
    partition = struct.pack("<B3sB3sII", 0, _NO_CHS, _FAT32_LBA, _NO_CHS, start, volume.sectors)
    sector = _NEXT_DEVICE.ljust(440, b"\0") + struct.pack("<IH", SERIAL, 0) + partition.ljust(64, b"\0") + _SIGNATURE
    image.seek(0)
    image.write(sector)


def write_boot_sectors(image: BinaryIO, placement: Placement) -> None:
    """Write the three boot sectors, and their backup."""
    sectors = _boot_sector(placement.volume) + _fsinfo(placement) + _SIGNATURE.rjust(SECTOR, b"\0")
    for first in (0, _BACKUP_SECTOR):
        image.seek(PARTITION_START + first * SECTOR)
        image.write(sectors)


def write_tables(image: BinaryIO, placement: Placement) -> None:
    """Write both allocation tables."""
    volume = placement.volume
    for number in range(2):
        image.seek(PARTITION_START + (volume.reserved_sectors + number * volume.fat_sectors) * SECTOR)
        image.write(struct.pack("<2I", 0x0FFFFF00 | _FIXED_DISK, _END_OF_CHAIN))
        image.writelines(_chain(place) for place in placement.places if place.clusters)


def write_folders(image: BinaryIO, placement: Placement) -> None:
    """Write every directory."""
    for folder in placement.folders:
        image.seek(offset(placement.volume, folder.place))
        image.writelines(_directory(folder))


def offset(volume: Fat32Volume, place: Place) -> int:
    """Where in the image the first cluster of a file or folder lies."""
    sectors = volume.reserved_sectors + 2 * volume.fat_sectors
    return PARTITION_START + sectors * SECTOR + (place.first - FIRST_CLUSTER) * volume.cluster_bytes


def _boot_sector(volume: Fat32Volume) -> bytes:
    geometry = struct.pack(
        "<HBHBHHBHHHII",
        *(SECTOR, volume.cluster_bytes // SECTOR, volume.reserved_sectors),
        *(2, 0, 0, _FIXED_DISK, 0),  # tables; then what only FAT12 and FAT16 use
        *(63, 255, PARTITION_START // SECTOR, volume.sectors),  # sectors a track, heads, sectors before, sectors
    )
    extended = struct.pack("<IHHIHH12x", volume.fat_sectors, 0, 0, FIRST_CLUSTER, _FSINFO_SECTOR, _BACKUP_SECTOR)
    identity = struct.pack("<BBBI11s8s", 0x80, 0, 0x29, SERIAL, LABEL, b"FAT32   ")
    code = b"\xeb\x58\x90" + OEM_NAME + geometry + extended + identity + _NEXT_DEVICE
    return code.ljust(SECTOR - 2, b"\0") + _SIGNATURE


def _fsinfo(placement: Placement) -> bytes:
    free = placement.volume.clusters - placement.used_clusters
    last = FIRST_CLUSTER + placement.used_clusters - 1
    return struct.pack("<I480xIII12xI", 0x41615252, 0x61417272, free, last, 0xAA550000)


def _chain(place: Place) -> bytes:
    following = range(place.first + 1, place.first + place.clusters)
    return struct.pack(f"<{place.clusters}I", *following, _END_OF_CHAIN)


def _directory(folder: Folder) -> Iterator[bytes]:
    if folder.parent_cluster is not None:
        yield _entry(FatName(b".".ljust(11)), _DIRECTORY, folder.place.first, 0, FIRST_MOMENT)
        yield _entry(FatName(b"..".ljust(11)), _DIRECTORY, folder.parent_cluster, 0, FIRST_MOMENT)
    names = fat_names(child.name for child in folder.children)
    for child, name in zip(folder.children, names, strict=True):
        yield from long_name_entries(name)
        attributes = _DIRECTORY if child.is_folder else _ARCHIVE
        yield _entry(name, attributes, child.place.first, child.size_bytes, child.moment)


def _entry(name: FatName, attributes: int, cluster: int, size_bytes: int, moment: datetime) -> bytes:
    """Made, read and written at one time; FAT knows no zones, so that every system shows the same hour."""
    date = (moment.year - 1980) << 9 | moment.month << 5 | moment.day
    time = moment.hour << 11 | moment.minute << 5 | moment.second // 2
    made_and_read = time, date, date
    high, low = divmod(cluster, 1 << 16)
    written = high, time, date, low
    return struct.pack("<11s3B7HI", name.short, attributes, name.flags, 0, *made_and_read, *written, size_bytes)
