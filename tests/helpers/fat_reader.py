"""A reader of FAT32 images for tests, made from the specification alone: what is in one, and what is over."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

START = 4 << 20
ENTRY = 32


@dataclass(frozen=True)
class Item:
    """A file or folder as its directory entry describes it, with all bytes of its clusters."""

    path: PurePosixPath
    alias: bytes
    is_folder: bool
    size_bytes: int
    times: tuple[datetime, datetime]
    first_cluster: int
    data: bytes

    @property
    def content(self) -> bytes:
        return self.data[: self.size_bytes]

    @property
    def slack(self) -> bytes:
        return self.data[self.size_bytes :]


class Fat:
    """The volume of an image; reading it asserts what no directory may hold."""

    def __init__(self, image: Path) -> None:
        self.raw = image.read_bytes()
        boot = self.raw[START : START + 512]
        self.cluster_bytes = boot[13] * 512
        self.reserved, self.fats = struct.unpack_from("<HB", boot, 14)
        self.fat_bytes = struct.unpack_from("<I", boot, 36)[0] * 512
        self.first_table = START + self.reserved * 512
        self.data = self.first_table + self.fats * self.fat_bytes
        count = (START + struct.unpack_from("<I", boot, 32)[0] * 512 - self.data) // self.cluster_bytes
        self.table = struct.unpack_from(f"<{count + 2}I", self.raw, self.first_table)
        self.items = list(self._walk(PurePosixPath(), 2, 2))

    @property
    def files(self) -> list[Item]:
        return [item for item in self.items if not item.is_folder]

    def cluster(self, number: int) -> bytes:
        return self._slice(self.data + (number - 2) * self.cluster_bytes, self.cluster_bytes)

    def chain(self, first: int) -> Iterator[int]:
        while 2 <= first < 0x0FFFFFF8:
            yield first
            first = self.table[first]

    def read(self, first: int) -> bytes:
        return b"".join(self.cluster(number) for number in self.chain(first))

    def unexplained(self) -> bytes:
        """All bytes that stand in no sector, table, folder or file, and no zeros among them."""
        boot = b"".join(self._slice(START + sector * 512, 512) for sector in (3, 4, 5, *range(9, self.reserved)))
        tables = [self._slice(self.first_table + number * self.fat_bytes, self.fat_bytes) for number in range(2)]
        assert tables[0] == tables[1]
        unused = (self.cluster(number) for number, entry in enumerate(self.table) if number > 1 and not entry)
        beyond = tables[0][len(self.table) * 4 :] + self.raw[self.data + (len(self.table) - 2) * self.cluster_bytes :]
        slack = b"".join(item.slack for item in self.files)
        return (self.raw[512:START] + boot + beyond + slack + b"".join(unused)).translate(None, b"\0")

    def _slice(self, start: int, length: int) -> bytes:
        return self.raw[start : start + length]

    def _walk(self, folder: PurePosixPath, cluster: int, parent: int) -> Iterator[Item]:
        data = self.read(cluster)
        entries = [data[start : start + ENTRY] for start in range(0, len(data), ENTRY)]
        used = [entry for entry in entries if entry[0]]
        assert not b"".join(entries[len(used) :]).strip(b"\0"), "names after the end of a folder"
        if cluster != 2:
            dots = [(entry[:11], _first_cluster(entry)) for entry in used[:2]]
            assert dots == [(b".".ljust(11), cluster), (b"..".ljust(11), parent if parent != 2 else 0)]
            used = used[2:]
        items = [self._item(folder, *named) for named in _named(used)]
        assert len({item.alias for item in items}) == len(items), "two short names are equal"
        for item in items:
            yield item
            if item.is_folder:
                yield from self._walk(item.path, item.first_cluster, cluster)

    def _item(self, folder: PurePosixPath, name: str, entry: bytes) -> Item:
        assert entry[13] == 0, "hundredths of a second"
        made_time, made_date, read_date, _, time, date, _, size = struct.unpack_from("<7HI", entry, 14)
        assert read_date == date
        is_folder = entry[11] == 0x10
        assert is_folder or entry[11] == 0x20
        first = _first_cluster(entry)
        times = _moment(made_date, made_time), _moment(date, time)
        return Item(folder / name, entry[:11], is_folder, size, times, first, self.read(first))


def _named(entries: list[bytes]) -> Iterator[tuple[str, bytes]]:
    pieces: list[bytes] = []
    for entry in entries:
        if entry[11] == 0x0F:
            pieces.append(entry)
            continue
        yield _long(pieces, entry) if pieces else _short(entry), entry
        pieces = []
    assert not pieces, "pieces of a long name that no file follows"


def _long(pieces: list[bytes], entry: bytes) -> str:
    assert [piece[0] for piece in pieces] == [len(pieces) | 0x40, *range(len(pieces) - 1, 0, -1)]
    checksum = 0
    for byte in entry[:11]:
        checksum = ((checksum & 1) << 7) + (checksum >> 1) + byte & 0xFF
    assert {(piece[12], piece[13], piece[26:28]) for piece in pieces} == {(0, checksum, b"\0\0")}
    units = b"".join(piece[1:11] + piece[14:26] + piece[28:32] for piece in reversed(pieces))
    name, end, padding = units.decode("utf-16-le").partition("\0")
    assert set(padding) <= {"\uffff"}
    assert end or len(name.encode("utf-16-le")) % 26 == 0
    return name


def _short(entry: bytes) -> str:
    stem, extension = entry[:8].decode("ascii").rstrip(), entry[8:11].decode("ascii").rstrip()
    stem = stem.lower() if entry[12] & 0x08 else stem
    extension = extension.lower() if entry[12] & 0x10 else extension
    return f"{stem}.{extension}" if extension else stem


def _first_cluster(entry: bytes) -> int:
    high, low = struct.unpack_from("<H4xH", entry, 20)
    return int(high << 16 | low)


def _moment(date: int, time: int) -> datetime:
    day = (1980 + (date >> 9), date >> 5 & 15, date & 31)
    return datetime(*day, time >> 11, time >> 5 & 63, (time & 31) * 2)  # noqa: DTZ001 - FAT knows no zones
