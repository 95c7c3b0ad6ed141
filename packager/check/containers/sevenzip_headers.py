"""7z: all bytes but the contents, against those that follow from the members; 7zFormat.txt.

Members are stored one behind the other, then stands the header, in plain. What can vary is names, contents, and the day
of the first member, from whose midnight times rise by two seconds.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from packager.archive import Member, Packing
from packager.check.facts import ArchiveProblem

SIGNATURE = b"7z\xbc\xaf\x27\x1c\0\4"
START = struct.Struct("<2QL")
START_BYTES = 32
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
TICKS = 10_000_000  # a second
STEP = timedelta(seconds=2)
PLAIN_FILE = (0o100644 << 16) | 0x8000 | 0x20


def sevenzip_problems(path: Path, members: Sequence[Member]) -> tuple[ArchiveProblem, ...]:
    """Return the first thing in the 7z at `path` that is not of the form."""
    stored_bytes = sum(member.size_bytes for member in members)
    parts = list(_header(members, stored_bytes))
    header = b"".join(part for part, *_ in parts)
    told = START.pack(stored_bytes, len(header), zlib.crc32(header))
    parts.insert(0, (SIGNATURE + struct.pack("<L", zlib.crc32(told)) + told, "A116", "its first bytes"))
    with path.open("rb") as file:
        start = file.read(START_BYTES)
        file.seek(START_BYTES + stored_bytes)
        found = start + file.read(len(header) + 1)
    # The sums in the first bytes follow from the rest, which says more of what is wrong.
    for part, code, what in (*parts[1:], parts[0]):
        at = sum(len(before) for before, *_ in parts[: parts.index((part, code, what))])
        if found[at : at + len(part)] != part:
            return ((code, "", what if code == "A101" else f"{what}: other bytes than follow from its members"),)
    return (("A111", "", "there are bytes behind its header"),) if len(found) > START_BYTES + len(header) else ()


def placed(members: Sequence[Member]) -> Iterator[Member]:
    """Yield the members with the places of their bytes, in a 7z where nothing is wrong with how they are packed."""
    start = START_BYTES
    for member in members:
        yield replace(member, packing=Packing.STORED, start=start, stored_bytes=member.size_bytes)
        start += member.size_bytes


def _header(members: Sequence[Member], stored_bytes: int) -> Iterator[tuple[bytes, str, str]]:
    """Yield the parts of the header, each with the rule that it keeps and what it says."""
    count, sizes = _number(len(members)), [member.size_bytes for member in members]
    several = (
        b"\x0d" + count + (b"\x09" + b"".join(map(_number, sizes[:-1])) if sizes[:-1] else b"")
        if len(sizes) != 1
        else b""
    )
    folder = b"\x07\x0b\1\0\1\1\0\x0c" + _number(stored_bytes) + b"\0"
    sums = b"\x0a\1" + b"".join(struct.pack("<L", member.crc) for member in members)
    streams = b"\1\4\6\0\1\x09" + _number(stored_bytes) + b"\0" + folder + b"\x08" + several + sums + b"\0\0\5" + count
    yield streams, "A101", "it is packed otherwise than packager packs it, and was not read"
    left = -(START_BYTES + stored_bytes + len(streams)) & 3
    left += 4 if left in (1, 2) else 0
    names = b"\0" + b"".join(f"{member.name}\0".encode("utf-16-le", "surrogatepass") for member in members)
    filler = bytes((0x19, left - 2)) + bytes(left - 2) if left else b""
    yield filler + b"\x11" + _number(len(names)) + names, "A116", "its names"
    year, month, day, *_ = (members[0].modified if members else ()) or (1601, 1, 1)
    first = datetime(year, month, day, tzinfo=UTC)
    times = (int((first + STEP * number - EPOCH).total_seconds()) * TICKS for number in range(len(members)))
    yield _property(0x14, b"".join(struct.pack("<Q", time) for time in times)), "A114", "its times"
    yield _property(0x15, struct.pack("<L", PLAIN_FILE) * len(members)), "A115", "its attributes"
    yield b"\0\0", "A116", "its last properties"


def _property(kind: int, values: bytes) -> bytes:
    """Return what all members have, each its own."""
    return bytes((kind,)) + _number(len(values) + 2) + b"\1\0" + values


def _number(value: int) -> bytes:
    """Return the number in as few bytes as it takes: the first says by its leading ones how many follow."""
    for more in range(8):
        if value < 1 << 7 * (more + 1):
            first = (0xFF00 >> more & 0xFF) | value >> 8 * more
            return bytes((first,)) + (value & (1 << 8 * more) - 1).to_bytes(more, "little")
    return b"\xff" + value.to_bytes(8, "little")
