"""ZIP archives that tests make by hand, in which every field can lie."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass
class Part:
    """One member of a hand-made ZIP; what is None is told as it is."""

    name: bytes = b"001.jpg"
    content: bytes = b"picture"
    stored: bytes | None = None
    size: int | None = None
    stored_size: int | None = None
    crc: int | None = None
    method: int = 0
    flags: int = 0
    system_and_mode: int = 0
    extra: bytes = b""
    offset: int | None = None
    local_name: bytes | None = None


def zip_of(parts: Iterable[Part]) -> bytes:
    """A ZIP of these members, whatever they say of themselves."""
    body, directory = io.BytesIO(), io.BytesIO()
    parts = tuple(parts)
    for part in parts:
        stored = part.content if part.stored is None else part.stored
        name = part.name if part.local_name is None else part.local_name
        offset = body.tell() if part.offset is None else part.offset
        if part.offset is None:
            body.write(b"PK\3\4" + struct.pack("<H", 20) + _fields(part, name) + name + part.extra + stored)
        directory.write(b"PK\1\2" + struct.pack("<HH", 0x0314, 20) + _fields(part, part.name))
        directory.write(struct.pack("<HHHLL", 0, 0, 0, part.system_and_mode, offset) + part.name + part.extra)
    size, start = directory.tell(), body.tell()
    end = b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, len(parts), len(parts), size, start, 0)
    return body.getvalue() + directory.getvalue() + end


def deflated(content: bytes) -> bytes:
    """A raw stream of deflate."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeezer.compress(content) + squeezer.flush()


def _fields(part: Part, name: bytes) -> bytes:
    """What a local header and the directory both say."""
    stored = part.content if part.stored is None else part.stored
    return struct.pack(
        "<HHHHLLLHH",
        *(part.flags, part.method, 0, 0x21),
        zlib.crc32(part.content) if part.crc is None else part.crc,
        len(stored) if part.stored_size is None else part.stored_size,
        len(part.content) if part.size is None else part.size,
        *(len(name), len(part.extra)),
    )
