"""ZIP: every field of every header against the one value that it may have, or that follows from the members.

APPNOTE 4.3 and 4.4. Members lie one behind the other from the first byte on, then the directory in their order, then
its end. What can vary is names, contents, packing (stored or deflated), the day of the first member, and whether times
stay or rise by two seconds.
"""

from __future__ import annotations

import struct
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import BinaryIO

from packager.archive.zipped import UTF8, raw_name
from packager.check.facts import ArchiveProblem
from packager.check.findings import listed

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s2B5H3L5H2L")
END = struct.Struct("<4s4H2LH")
END64 = struct.Struct("<4sQ2H2L4Q4sLQL")  # with its locator
_BOTH = (
    "version", "flags", "packing", "time", "date", "checksum", "stored size", "size", "length of name", "extra fields",
)  # fmt: skip
LOCAL_FIELDS = ("signature", *_BOTH)
CENTRAL_FIELDS = (
    "signature", "maker's version", "maker's system", *_BOTH,
    "comments", "disk", "internal attributes", "attributes", "position",
)  # fmt: skip
END_FIELDS = (
    "signature", "disk", "directory's disk", "number of members here", "number of members", "directory's size",
    "directory's position", "comment",
)  # fmt: skip
CODES = {
    **dict.fromkeys(("time", "date"), "A114"),
    **dict.fromkeys(("extra fields", "comments", "comment"), "A104"),
    "attributes": "A115",
}
VERSION, VERSION_64, UNIX = 20, 45, 3
PLAIN_FILE = 0o100644 << 16
MOST_32 = (1 << 31) - 1  # beyond, Python writes 64 bits
FULL = 0xFFFFFFFF
LONGEST_REST = 100_000  # bytes behind the directory; a comment has at most 65,535


def zip_problems(file: BinaryIO, infos: Sequence[zipfile.ZipInfo]) -> tuple[ArchiveProblem, ...]:
    """Return what is not of the form in the archive in `file`; `infos` tell its members as they are stored."""
    fields, names = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    walked = list(_walked(file, infos))
    is_moved = any(code == "A111" for code, *_ in walked)
    for code, field, name in walked:
        if not (is_moved and "position" in field):  # which follows from what was told
            fields[code].append(field)
            names[code].append(name)
    return tuple(
        (code, "", _said(code, [*dict.fromkeys(fields[code])], [*dict.fromkeys(filter(None, names[code]))], len(infos)))
        for code in fields
    )


def _said(code: str, fields: list[str], names: list[str], members: int) -> str:
    where = f": {len(names)} of {members} members, {listed(names)}" if names else ""
    return fields[0] if code == "A111" else f"other than packager writes: {', '.join(fields)}{where}"


def _walked(file: BinaryIO, infos: Sequence[zipfile.ZipInfo]) -> Iterator[tuple[str, str, str]]:
    """Yield the rule, the field that is wrong, and the name of the member that has it."""
    stamps, at, starts = _stamps(infos), 0, []
    for info, stamp in zip(infos, stamps, strict=True):
        if info.header_offset != at:
            yield "A111", "there are bytes before or between its members", ""
        starts.append(info.header_offset)
        file.seek(info.header_offset)
        told = LOCAL.unpack(file.read(LOCAL.size))
        large = info.file_size > MOST_32
        sizes = (info.CRC, FULL, FULL) if large else (info.CRC, info.compress_size, info.file_size)
        common = (_flags(info), info.compress_type, *stamp)
        expected = (b"PK\3\4", VERSION_64 if large else VERSION, *common, *sizes, len(raw_name(info)), 20 * large)
        yield from _differing(LOCAL_FIELDS, told, expected, info.filename)
        at = info.header_offset + LOCAL.size + told[-2] + told[-1] + info.compress_size
    yield from _directory(file, infos, stamps, at, starts)


def _directory(
    file: BinaryIO, infos: Sequence[zipfile.ZipInfo], stamps: list[tuple[int, int]], at: int, starts: list[int]
) -> Iterator[tuple[str, str, str]]:
    file.seek(at)
    for info, stamp, start in zip(infos, stamps, starts, strict=True):
        head = file.read(CENTRAL.size)
        name = file.read(len(raw_name(info)))
        if len(head) < CENTRAL.size or head[:4] != b"PK\1\2" or name != raw_name(info):
            yield "A111", "its directory does not follow its members in their order", ""
            return
        told = CENTRAL.unpack(head)
        more = [each for each in (info.file_size, info.compress_size, start) if each > MOST_32]
        extra = struct.pack(f"<2H{len(more)}Q", 1, 8 * len(more), *more) if more else b""
        sizes = [each if each <= MOST_32 else FULL for each in (info.compress_size, info.file_size, start)]
        version = VERSION_64 if more else VERSION
        expected = (
            *(b"PK\1\2", version, UNIX, version, _flags(info), info.compress_type, *stamp, info.CRC, *sizes[:2]),
            *(len(name), len(extra), 0, 0, 0, PLAIN_FILE, sizes[2]),
        )
        yield from _differing(CENTRAL_FIELDS, told, expected, info.filename)
        if file.read(told[12]) != extra and told[12] == len(extra):
            yield "A104", "extra fields", info.filename
        file.seek(told[13], 1)
    yield from _end(file, len(infos), at)


def _end(file: BinaryIO, members: int, start: int) -> Iterator[tuple[str, str, str]]:
    end = file.tell()
    size, rest = end - start, file.read(LONGEST_REST)
    if members > 0xFFFF or max(start, size) > MOST_32:
        large = (b"PK\6\6", 44, VERSION_64, VERSION_64, 0, 0, members, members, size, start, b"PK\6\7", 0, end, 1)
        expected64 = END64.pack(*large)
        if not rest.startswith(expected64):
            yield "A116", "end of a large archive", ""
            return
        rest = rest[END64.size :]
    if len(rest) < END.size or rest[:4] != b"PK\5\6":
        yield "A111", "there are bytes behind its directory", ""
        return
    told = END.unpack(rest[: END.size])
    counts = (min(members, 0xFFFF),) * 2
    expected = (b"PK\5\6", 0, 0, *counts, min(size, FULL), min(start, FULL), 0)
    yield from _differing(END_FIELDS, told, expected, "")
    if len(rest) > END.size + told[-1]:
        yield "A111", "there are bytes behind its end", ""


def _differing(
    fields: tuple[str, ...], told: tuple[object, ...], expected: tuple[object, ...], name: str
) -> Iterator[tuple[str, str, str]]:
    for field, one, other in zip(fields, told, expected, strict=True):
        if one != other:
            yield CODES.get(field, "A116"), field, name


def _flags(info: zipfile.ZipInfo) -> int:
    return 0 if raw_name(info).isascii() else UTF8


def _stamps(infos: Sequence[zipfile.ZipInfo]) -> list[tuple[int, int]]:
    """Return times and dates of members, as DOS has them, from the first one's midnight on."""
    if not infos:
        return []
    year, month, day, *_ = infos[0].date_time
    try:
        first = datetime(year, month, day)  # noqa: DTZ001  # no zone: those of members have none
    except ValueError:
        first = datetime(1980, 1, 1)  # noqa: DTZ001
    step = timedelta(seconds=0 if len(infos) > 1 and infos[1].date_time == infos[0].date_time else 2)
    times = (first + number * step for number in range(len(infos)))
    return [
        (one.hour << 11 | one.minute << 5 | one.second // 2, one.year - 1980 << 9 | one.month << 5 | one.day)
        for one in times
    ]
