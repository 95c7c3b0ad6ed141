"""RAR archives that tests make by hand: members stored, as RAR 4 and RAR 5 lay them out.

RAR 5: https://www.rarlab.com/technote.htm. RAR 4: technote.txt of RAR 4.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

RAR5_SIGNATURE = b"Rar!\x1a\x07\x01\x00"
RAR4_SIGNATURE = b"Rar!\x1a\x07\x00"
_SYMLINK, _ENCRYPTION = 5, 1  # types of RAR 5's extra records


def rar5(members: Mapping[str, bytes], *, links: Mapping[str, str] | None = None, encrypted: bool = False) -> bytes:
    """A RAR 5 archive; a name that ends in `/` is a folder, `links` are symbolic links with what they lead to."""
    blocks = [RAR5_SIGNATURE, _block5(1, 0, _number(0))]
    blocks += [
        _file5(name, data, _record(_ENCRYPTION, bytes(40)) if encrypted else b"") for name, data in members.items()
    ]
    for name, target in (links or {}).items():
        redirection = _number(1) + _number(0) + _number(len(target.encode())) + target.encode()
        blocks.append(_file5(name, b"", _record(_SYMLINK, redirection)))
    return b"".join([*blocks, _block5(5, 0, _number(0))])


def rar5_volumes(name: str, data: bytes, *, parts: int) -> list[bytes]:
    """A RAR 5 archive of one file in so many volumes."""
    size = -(-len(data) // parts)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    volumes = []
    for number, piece in enumerate(pieces):
        is_last = number == len(pieces) - 1
        flags = (0x08 if number else 0) | (0 if is_last else 0x10)  # goes on from the one before, into the next
        main = _block5(1, 0, _number(1 | (2 if number else 0)) + (_number(number) if number else b""))
        crc = zlib.crc32(data if is_last else piece)
        block = _file5(name, piece, b"", size=len(data), crc=crc, flags=flags)
        volumes.append(b"".join((RAR5_SIGNATURE, main, block, _block5(5, 0, _number(0 if is_last else 1)))))
    return volumes


def rar4(
    members: Mapping[str, bytes], *, encrypted: bool = False, solid: bool = False, code_page: str = "utf-8"
) -> bytes:
    """A RAR 4 archive; a name that ends in `/` is a folder. A solid one says so, and is stored all the same."""
    blocks = [RAR4_SIGNATURE, _block4(0x73, 0x08 if solid else 0, bytes(6))]
    for name, data in members.items():
        flags = 0x8000 | (0xE0 if name.endswith("/") else 0) | (0x04 if encrypted else 0)
        raw, mode = name.rstrip("/").encode(code_page), 0o40755 if name.endswith("/") else 0o100644
        fields = struct.pack(
            "<IIBIIBBHI", len(data), len(data), 3, zlib.crc32(data), 0x00210000, 20, 0x30, len(raw), mode
        )
        blocks.append(_block4(0x74, flags, fields + raw) + data)
    return b"".join([*blocks, _block4(0x7B, 0x4000, b"")])


def _file5(
    name: str, data: bytes, extra: bytes, *, size: int | None = None, crc: int | None = None, flags: int = 0
) -> bytes:
    is_folder = name.endswith("/")
    raw = name.rstrip("/").encode()
    fields = b"".join(
        (
            _number(1 if is_folder else 4),
            _number(len(data) if size is None else size),
            _number(0o40755 if is_folder else 0o100644),
            b"" if is_folder else struct.pack("<I", zlib.crc32(data) if crc is None else crc),
            _number(0),  # stored
            _number(1),  # made on Unix
            _number(len(raw)),
            raw,
        )
    )
    flags |= 2 | (1 if extra else 0)
    sizes = (_number(len(extra)) if extra else b"") + _number(len(data))
    return _block5(2, flags, sizes + fields + extra) + data


def _block5(kind: int, flags: int, fields: bytes) -> bytes:
    header = _number(kind) + _number(flags) + fields
    sized = _number(len(header)) + header
    return struct.pack("<I", zlib.crc32(sized)) + sized


def _block4(kind: int, flags: int, fields: bytes) -> bytes:
    header = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return struct.pack("<H", zlib.crc32(header) & 0xFFFF) + header


def _record(kind: int, fields: bytes) -> bytes:
    record = _number(kind) + fields
    return _number(len(record)) + record


def _number(value: int) -> bytes:
    """A number of RAR 5: seven bits a byte, the lowest first."""
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])
