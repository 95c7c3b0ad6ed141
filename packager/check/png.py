"""PNG chunks, walked one by one; W3C, Portable Network Graphics, third edition, sections 5, 7, 10 and 11."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress

from packager.check.facts import ChunkFacts

SIGNATURE_BYTES = 8
HEADER = struct.Struct(">LL5B")  # width, height, bit depth, colour type, compression, filter, interlace
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
# Adam7: first column, first row, step across, step down of each pass.
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
INFLATED_AT_ONCE = 1 << 20
MOST_CHUNKS = 100_000  # those of a picture of 100 megapixels, each of 8 KiB, are some ten thousand

# What a picture needs, with the most bytes that its chunk can have; None where its content says how many.
NEEDED: dict[bytes, int | None] = {
    b"IHDR": 13, b"PLTE": 768, b"IDAT": None, b"IEND": 0, b"tRNS": 256, b"gAMA": 4, b"cHRM": 32, b"sRGB": 1,
    b"bKGD": 6, b"sBIT": 4, b"pHYs": 9,
}  # fmt: skip
PACKED = frozenset((b"zTXt", b"iTXt", b"iCCP"))
ZLIB = re.compile(rb"(?<=\0)\x78[\x01\x5e\x9c\xda]")
METADATA = {
    b"tEXt": "a text",
    b"zTXt": "a text",
    b"iTXt": "a text",
    b"tIME": "the time of its last change",
    b"eXIf": "Exif",
    b"iCCP": "a colour profile",
    b"sPLT": "a named palette",
    b"caBX": "content credentials",
}


class ChunkError(ValueError):
    """The bytes are no sequence of PNG chunks, or their content does not add up to the picture."""


def walk(data: bytes) -> ChunkFacts:
    """What the PNG in `data` holds. Raises ChunkError where a chunk is cut, missing, damaged or of the wrong length."""
    metadata, needless, rows = [], [], []
    header = b""
    end = SIGNATURE_BYTES
    for name, body in _chunks(data):
        end += 12 + len(body)
        if name == b"IHDR":
            header = body
        elif name == b"IDAT":
            rows.append(body)
        if name in METADATA:
            metadata.append(METADATA[name])
        elif name not in NEEDED:
            needless.append(name.decode("latin-1"))
        elif (most := NEEDED[name]) is not None and len(body) > most:
            raise ChunkError(f"its {name.decode()} chunk is too long")
    _account_for(rows, header)
    return ChunkFacts(tuple(dict.fromkeys(metadata)), tuple(dict.fromkeys(needless)), len(data) - end)


def beside_rows(data: bytes) -> bytes:
    """Everything in the PNG but the codes of its rows, texts unpacked, and what follows its end.

    Raises ChunkError as `walk` does.
    """
    kept, end = list[bytes](), SIGNATURE_BYTES
    for name, body in _chunks(data):
        end += 12 + len(body)
        kept += (name, b"" if name == b"IDAT" else body, _unpacked(body) if name in PACKED else b"")
    return b"\n".join((*kept, data[end:]))  # so that no word goes on in the next piece


def _unpacked(body: bytes) -> bytes:
    """What follows the first zlib header in a chunk, as far as it can be unpacked and not without end."""
    start = ZLIB.search(body)
    with suppress(zlib.error):
        return zlib.decompressobj().decompress(body[start.start() :], INFLATED_AT_ONCE) if start else b""
    return b""


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, name = SIGNATURE_BYTES, b""
    for _ in range(MOST_CHUNKS):
        if name == b"IEND":
            return
        length = int.from_bytes(data[at : at + 4], "big")
        end = at + 8 + length
        if end + 4 > len(data):
            raise ChunkError("cut off")
        name, body = data[at + 4 : at + 8], data[at + 8 : end]
        if zlib.crc32(body, zlib.crc32(name)) != int.from_bytes(data[end : end + 4], "big"):
            raise ChunkError(f"the checksum of its {name.decode('latin-1')} chunk is wrong")
        yield name, body
        at = end + 4
    raise ChunkError(f"it has more than {MOST_CHUNKS:,} chunks, too many to read")


def _account_for(rows: list[bytes], header: bytes) -> None:
    """Raise ChunkError unless `rows` inflate to the rows of the picture and nothing else: decoders stop at the last."""
    expected = _row_bytes(header)
    inflate = zlib.decompressobj()
    made = 0
    try:
        for part in rows:
            waiting = part
            while waiting and made <= expected:
                made += len(inflate.decompress(waiting, INFLATED_AT_ONCE))
                waiting = inflate.unconsumed_tail
        made += len(inflate.flush()) if made <= expected else 0
    except zlib.error as problem:
        raise ChunkError("its rows are damaged") from problem
    if made < expected or (made == expected and not inflate.eof):
        raise ChunkError("part of the picture is missing")
    if made > expected or inflate.unused_data:
        raise ChunkError("there are bytes after the picture's last row")


def _row_bytes(header: bytes) -> int:
    """The bytes of all rows as they are before deflating, each with its filter byte."""
    if len(header) != HEADER.size:
        raise ChunkError("its header is damaged")
    width, height, depth, colour, _, _, interlace = HEADER.unpack(header)
    bits = depth * CHANNELS.get(colour, 0)
    total = 0
    for left, top, across, down in PASSES if interlace else ((0, 0, 1, 1),):
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + -(-columns * bits // 8))
    return total
