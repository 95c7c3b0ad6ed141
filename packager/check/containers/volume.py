"""The frame of a FAT32 volume: boot sector, file allocation table, clusters; FAT specification 1.03, 3 and 4."""

from __future__ import annotations

import io
import struct
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

SECTOR = 512
SIGNATURE = b"\x55\xaa"
PARTITIONS_AT, PARTITION = 446, struct.Struct("<B3xB3xLL")
FAT32_PARTITIONS = frozenset((0x0B, 0x0C))
# Bytes a sector, sectors a cluster, reserved, tables, root entries, sectors (16 bit), sectors a table (16 bit),
# sectors, sectors a table, root cluster.
BOOT = struct.Struct("<11xHBHBHHxH8xLL4xL")
SERIAL_AT = 67
ENTRY_MASK, BAD, END = 0x0FFFFFFF, 0x0FFFFFF7, 0x0FFFFFF8
BLOCK_BYTES = 1 << 16


class VolumeError(ValueError):
    """There is no FAT32 volume."""


@dataclass(slots=True)
class Volume:
    """An open FAT32 volume; offsets are bytes in the image."""

    file: BinaryIO
    cluster_bytes: int
    clusters: int
    root_cluster: int
    serial: int
    table_start: int
    table_bytes: int
    tables: int
    data_start: int
    missing_bytes: int
    _block: tuple[int, array[int]] = field(default_factory=lambda: (-1, array("I")))

    def following(self, cluster: int) -> int:
        """What the table says of `cluster`: the next one of its chain, BAD, or END and above."""
        number, place = divmod(4 * cluster, BLOCK_BYTES)
        if self._block[0] != number:
            self._block = number, self._entries(0, number * BLOCK_BYTES, BLOCK_BYTES)
        return self._block[1][place // 4] & ENTRY_MASK

    def used(self) -> Iterator[int]:
        """Every cluster that the table says is in use."""
        for start in range(0, 4 * (self.clusters + 2), BLOCK_BYTES):
            for number, entry in enumerate(self._entries(0, start, BLOCK_BYTES), start // 4):
                if entry & ENTRY_MASK not in (0, BAD) and 2 <= number < self.clusters + 2:
                    yield number

    def has_other_tables(self) -> bool:
        """Whether a copy of the table differs from the first one."""
        return any(
            self._entries(copy, start, BLOCK_BYTES) != self._entries(0, start, BLOCK_BYTES)
            for copy in range(1, self.tables)
            for start in range(0, 4 * (self.clusters + 2), BLOCK_BYTES)
        )

    def place_of(self, cluster: int) -> int:
        """Where in the image `cluster` begins."""
        return self.data_start + (cluster - 2) * self.cluster_bytes

    def bytes_of(self, cluster: int) -> bytes:
        """What `cluster` holds."""
        self.file.seek(self.place_of(cluster))
        return self.file.read(self.cluster_bytes)

    def _entries(self, table: int, start: int, count_bytes: int) -> array[int]:
        self.file.seek(self.table_start + table * self.table_bytes + start)
        data = self.file.read(min(count_bytes, self.table_bytes - start))
        entries = array("I", data[: len(data) // 4 * 4])
        if sys.byteorder == "big":
            entries.byteswap()
        return entries


def opened(file: BinaryIO) -> Volume:
    """The FAT32 volume that `file` holds, alone or as a partition of an MBR; VolumeError where there is none."""
    size_bytes = file.seek(0, io.SEEK_END)
    for start in (0, *_partitions(_sector(file, 0))):
        volume = _volume(file, start, size_bytes)
        if volume is not None:
            return volume
    raise VolumeError("holds no FAT32 volume")


def _sector(file: BinaryIO, at: int) -> bytes:
    file.seek(at)
    return file.read(SECTOR)


def _partitions(sector: bytes) -> Iterator[int]:
    if len(sector) < SECTOR or not sector.endswith(SIGNATURE):
        return
    for number in range(4):
        _, kind, first, _ = PARTITION.unpack_from(sector, PARTITIONS_AT + number * PARTITION.size)
        if kind in FAT32_PARTITIONS and first:
            yield first * SECTOR


def _volume(file: BinaryIO, start: int, size_bytes: int) -> Volume | None:
    boot = _sector(file, start)
    if len(boot) < SECTOR or not boot.endswith(SIGNATURE):
        return None
    sector_bytes, per_cluster, reserved, tables, roots, few, short, sectors, table, root = BOOT.unpack_from(boot)
    is_power = sector_bytes in (512, 1024, 2048, 4096) and per_cluster and per_cluster & (per_cluster - 1) == 0
    if not is_power or roots or short or not (reserved and tables and table):
        return None
    sectors = sectors or few
    clusters = min((sectors - reserved - tables * table) // per_cluster, table * sector_bytes // 4 - 2, BAD - 2)
    if clusters < 1:
        return None
    return Volume(
        file=file,
        cluster_bytes=sector_bytes * per_cluster,
        clusters=clusters,
        root_cluster=root,
        serial=int.from_bytes(boot[SERIAL_AT : SERIAL_AT + 4], "little"),
        table_start=start + reserved * sector_bytes,
        table_bytes=table * sector_bytes,
        tables=tables,
        data_start=start + (reserved + tables * table) * sector_bytes,
        missing_bytes=max(0, start + sectors * sector_bytes - size_bytes),
    )
