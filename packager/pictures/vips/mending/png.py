"""PNG: a wrong checksum of a text, a missing end, and one wrong sum where another is right touch no pixel."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from packager.pictures.vips.mending.mended import Mended

_START = b"\x89PNG\r\n\x1a\n"
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Of each pass of an interlaced PNG the first column and row, and the steps to the next (PNG 3, 8.1)."""
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_ZEROS = 1 << 20
_FED, _TAKEN = 1024, 4096  # bytes at a time: zlib keeps back the piece in which it meets an error


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk as it lies in the file; one that the file's end has cut short is sound as far as it goes."""

    kind: bytes
    body: bytes
    is_sound: bool

    @property
    def data(self) -> bytes:
        """The chunk with its length and checksum, that of an unsound one still wrong."""
        checksum = zlib.crc32(self.kind + self.body) ^ (not self.is_sound)
        return struct.pack(">I", len(self.body)) + self.kind + self.body + struct.pack(">I", checksum)


def mend(data: bytes) -> Mended:
    """Return the picture with the chunks before its pixels that are sound, and its pixels packed anew."""
    every = list(takewhile(lambda one: one.kind != b"IEND", chunks(data)))
    pixels = [one for one in every if one.kind == b"IDAT"]
    rows = _repacked(b"".join(one.body for one in pixels), sum(pass_bytes(data)))
    is_sound = rows.is_sum_right or all(one.is_sound for one in pixels)
    return Mended(_with_rows(every, rows.data), rows.is_whole and is_sound)


def filled_up(data: bytes) -> tuple[bytes, int]:
    """Return the picture with zeros for what cannot be unpacked, and how many bytes of its rows can be."""
    every, size = list(chunks(data)), sum(pass_bytes(data))
    rows = _repacked(b"".join(one.body for one in every if one.kind == b"IDAT"), size, is_filled=True)
    return _with_rows(every, rows.data), rows.size_bytes


def _with_rows(every: list[Chunk], rows: bytes) -> bytes:
    head = takewhile(lambda one: one.kind != b"IDAT", every)
    kept = (one for one in head if one.is_sound or one.kind in (b"IHDR", b"PLTE"))  # whose faults touch pixels
    made = (*kept, Chunk(b"IDAT", rows, is_sound=True), Chunk(b"IEND", b"", is_sound=True))
    return _START + b"".join(one.data for one in made)


def chunks(data: bytes) -> Iterator[Chunk]:
    """Yield the chunks of a PNG, as far as they follow each other."""
    position = len(_START)
    while len(kind := data[position + 4 : position + 8]) == 4 and kind.isalpha():
        (length,) = struct.unpack_from(">I", data, position)
        end = position + 8 + length
        body, checksum = data[position + 8 : end], data[end : end + 4]
        yield Chunk(kind, body, len(checksum) < 4 or int.from_bytes(checksum) == zlib.crc32(kind + body))
        position = end + 4


def pass_bytes(data: bytes) -> tuple[int, ...]:
    """Return how many bytes the rows of each pass of a PNG have before they are packed; struct.error without header."""
    width, height, depth, colour, _, _, interlace = struct.unpack_from(">IIBBBBB", data, 16)
    bits = depth * _CHANNELS.get(colour, 1)
    sizes = (
        (-(-(width - x) // across), -(-(height - y) // down))
        for x, y, across, down in (_ADAM7 if interlace else ((0, 0, 1, 1),))
    )
    return tuple(rows * (1 + (columns * bits + 7) // 8) if columns > 0 and rows > 0 else 0 for columns, rows in sizes)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a PNG, packed, of which so many bytes could be unpacked: all, and with the sum that stands behind?"""

    data: bytes
    size_bytes: int
    is_whole: bool
    is_sum_right: bool


def _repacked(stream: bytes, size: int, *, is_filled: bool = False) -> Rows:
    """Pack at most `size` bytes of a zlib stream anew, without regard to the sum at its end, which is compared."""
    inflater, deflater = zlib.decompressobj(-zlib.MAX_WBITS), zlib.compressobj(1)
    made, total, packed = 0, zlib.adler32(b""), list[bytes]()
    for piece in _inflated(inflater, stream[2:]):
        rows = piece[: size - made]
        made, total = made + len(rows), zlib.adler32(piece, total)
        packed.append(deflater.compress(rows))
        if made == size and not rows:  # bytes behind the last row: there may be any number
            break
    missing = size - made if is_filled else 0
    packed += (deflater.compress(bytes(min(_ZEROS, missing - done))) for done in range(0, missing, _ZEROS))
    return Rows(
        b"".join((*packed, deflater.flush())),
        made,
        is_whole=made == size,
        is_sum_right=inflater.eof and stream.endswith(struct.pack(">I", total)),
    )


def _inflated(inflater: zlib._Decompress, stream: bytes) -> Iterator[bytes]:
    try:
        for start in range(0, len(stream), _FED):
            packed = stream[start : start + _FED]
            while packed and not inflater.eof:
                yield inflater.decompress(packed, _TAKEN)
                packed = inflater.unconsumed_tail
    except zlib.error:
        return
