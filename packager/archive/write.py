"""ZIP and 7z archives whose bytes depend on nothing but names, contents and one date.

Members are stored, not squeezed: pictures do not shrink. Their times rise by two seconds, ZIP's unit of time, from
member to member, so that players that sort by date keep the order.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

_UNIX = 3  # APPNOTE 4.4.2.2
_PLAIN_FILE = 0o100644 << 16  # the mode of Unix; 7z says with two more flags that it is there, and "archive"
_PLAIN_FILE_7Z = _PLAIN_FILE | 0x8000 | 0x20
_STEP = timedelta(seconds=2)


def write_zip(target: Path, members: Iterable[tuple[str, Path | bytes]], moment: datetime) -> list[int]:
    """Write a stored ZIP of (name, file or bytes) in the order given, and return where the bytes of each begin.

    `moment` is the time of the first member, which the archive tells in UTC. Raises ValueError for a name that is not
    ASCII, since old systems read those in their own code page, and for one that occurs twice.
    """
    import zipfile

    starts = []
    with zipfile.ZipFile(target, "x") as archive:
        for number, (name, content) in enumerate(_checked(members)):
            info = zipfile.ZipInfo(name, _time(moment, number).timetuple()[:6])
            info.create_system = _UNIX
            info.external_attr = _PLAIN_FILE
            with _opened(content) as source:
                is_large = source.seek(0, io.SEEK_END) > zipfile.ZIP64_LIMIT
                source.seek(0)
                with archive.open(info, "w", force_zip64=is_large) as member:
                    shutil.copyfileobj(source, member, 1 << 20)
            starts.append(info.header_offset + len(info.FileHeader(zip64=is_large)))
    return starts


def write_7z(target: Path, members: Iterable[tuple[str, Path | bytes]], moment: datetime) -> None:
    """Write a stored 7z of (name, file or bytes) in the order given; names and times as for `write_zip`."""
    import py7zr
    from py7zr.helpers import ArchiveTimestamp

    copied = [{"id": py7zr.FILTER_COPY}]
    with target.open("x+b") as file, py7zr.SevenZipFile(file, "w", filters=copied) as archive:
        archive.set_encoded_header_mode(False)  # a squeezed header would depend on the version of liblzma
        for number, (name, content) in enumerate(_checked(members)):
            with _opened(content) as source:
                archive.writef(source, name)
            properties = archive.files[number].file_properties()
            properties["attributes"] = _PLAIN_FILE_7Z
            properties["lastwritetime"] = ArchiveTimestamp.from_datetime(_time(moment, number).timestamp())


def _time(moment: datetime, number: int) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a date without a time zone means another time on every machine")
    return moment.astimezone(UTC) + number * _STEP


def _checked(members: Iterable[tuple[str, Path | bytes]]) -> Iterable[tuple[str, Path | bytes]]:
    names = set()
    for name, content in members:
        if not name.isascii() or not name.isprintable() or "\\" in name or name in names:
            raise ValueError(f"cannot be the name of a member: {name!r}")
        names.add(name)
        yield name, content


def _opened(content: Path | bytes) -> BinaryIO:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
