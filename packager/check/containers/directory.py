"""Directories of FAT: short names, long names, and what of both makes no sense; FAT specification 1.03, 6 and 7."""

from __future__ import annotations

import calendar
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

ENTRY_BYTES = 32
# Name, attributes, flags of small letters, time, date, cluster (low and high), size.
ENTRY = struct.Struct("<11sBB7xHHHHL")
LONG_ENTRY = struct.Struct("<B10sBBB12sH4s")
HIDDEN, SYSTEM, LABEL, FOLDER = 0x02, 0x04, 0x08, 0x10
LONG = 0x0F
LAST_LONG = 0x40
DELETED, FREE, KANJI = 0xE5, 0x00, 0x05
SMALL_NAME, SMALL_ENDING = 0x08, 0x10  # of Windows NT
UNITS_EACH = 13
NEVER_IN_NAMES = frozenset("/\\\0")


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a directory; `problem` says why its name cannot be used."""

    name: str
    cluster: int = 0
    size_bytes: int = 0
    modified_ns: int = 0
    is_folder: bool = False
    is_label: bool = False
    is_hidden: bool = False
    is_deleted: bool = False
    problem: str = ""


def listed(clusters: Iterable[bytes]) -> Iterator[Listed]:
    """Every entry in the `clusters` of a directory, in its order, "." and ".." left out."""
    long: list[bytes] = []
    for entry in _entries(clusters):
        if entry[11] & 0x3F == LONG:
            long.append(entry)
            continue
        lost = _lost_name(long)
        if lost:
            yield Listed(lost, is_deleted=True)
        if entry[0] == DELETED:
            if not lost:
                yield Listed(_short_name(b"?" + entry[1:11], 0), is_deleted=True)
            long = []
            continue
        if entry[:11].rstrip() not in (b".", b".."):
            yield _listed(entry, long)
        long = []
    lost = _lost_name(long)
    if lost:
        yield Listed(lost, is_deleted=True)
    elif long:
        yield Listed("", problem="a long name has no file")


def _entries(clusters: Iterable[bytes]) -> Iterator[bytes]:
    for cluster in clusters:
        for at in range(0, len(cluster) - ENTRY_BYTES + 1, ENTRY_BYTES):
            if cluster[at] == FREE:
                return
            yield cluster[at : at + ENTRY_BYTES]


def _listed(entry: bytes, long: list[bytes]) -> Listed:
    short, attributes, small, time, date, high, low, size = _fields(entry)
    long = [one for one in long if one[0] != DELETED]
    name = _long_name(long, _checksum(short)) if long else _short_name(short, small)
    is_label = bool(attributes & LABEL) and not attributes & FOLDER
    problem = ""
    if name is None:
        name, problem = _short_name(short, small), f"the long name of {_short_name(short, small)} is not its own"
    elif not name or name in (".", "..") or not NEVER_IN_NAMES.isdisjoint(name):
        problem = "an entry has a name that none can have"
    return Listed(
        name=name,
        cluster=high << 16 | low,
        size_bytes=size,
        modified_ns=_nanoseconds(date, time),
        is_folder=bool(attributes & FOLDER),
        is_label=is_label,
        is_hidden=bool(attributes & (HIDDEN | SYSTEM)),
        problem="" if is_label else problem,
    )


def _fields(entry: bytes) -> tuple[bytes, int, int, int, int, int, int, int]:
    short, attributes, small, high, time, date, low, size = ENTRY.unpack(entry)
    return short, attributes, small, time, date, high & 0x0FFF, low, size


def _short_name(short: bytes, small: int) -> str:
    if short[0] == KANJI:
        short = bytes((DELETED,)) + short[1:]
    name, ending = (part.rstrip(b" ").decode("cp437") for part in (short[:8], short[8:]))
    name = name.lower() if small & SMALL_NAME else name
    ending = ending.lower() if small & SMALL_ENDING else ending
    return f"{name}.{ending}" if ending else name


def _long_name(entries: list[bytes], checksum: int) -> str | None:
    """The name that long entries spell, the last part first; None where they are not those of the short name."""
    for number, entry in zip(range(len(entries), 0, -1), entries, strict=True):
        order, _, _, _, check, *_ = LONG_ENTRY.unpack(entry)
        expected = number | LAST_LONG if number == len(entries) else number
        if order != expected or check != checksum:
            return None
    return _spelled(entries, "surrogatepass")


def _lost_name(entries: list[bytes]) -> str:
    """What those of the long entries spell that were deleted, whose numbers are gone; "" where there are none."""
    return _spelled([entry for entry in entries if entry[0] == DELETED], "replace")


def _spelled(entries: list[bytes], errors: str) -> str:
    """The name in long entries, of which the last part comes first."""
    parts = (
        first + second + third for _, first, _, _, _, second, _, third in map(LONG_ENTRY.unpack, reversed(entries))
    )
    return b"".join(parts).decode("utf-16-le", errors).partition("\0")[0]


def _checksum(short: bytes) -> int:
    total = 0
    for byte in short:
        total = ((total & 1) << 7) + (total >> 1) + byte & 0xFF
    return total


def _nanoseconds(date: int, time: int) -> int:
    """A date and time of FAT, which has no zones, taken as UTC; 0 where they are none."""
    moment = (1980 + (date >> 9), date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, 2 * (time & 31))
    try:
        return calendar.timegm((*moment, 0, 0, 0)) * 10**9
    except ValueError:
        return 0
