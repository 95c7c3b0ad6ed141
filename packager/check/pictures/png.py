"""PNG, walked chunk by chunk; W3C, Portable Network Graphics, third edition, sections 5, 7, 10 and 11."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress

from packager.check.containers import DamageError
from packager.check.facts import FormProblem
from packager.check.findings import listed

SIGNATURE_BYTES = 8
HEADER = struct.Struct(">LL5B")  # width, height, bit depth, colour type, compression, filter, interlace
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
# Adam7: first column, first row, step across, step down of each pass.
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
INFLATED_AT_ONCE = 1 << 20
MOST_CHUNKS = 100_000  # those of a picture of 100 megapixels, each of 8 KiB, are some ten thousand

# All that a picture may be made of, by its letters: header, palette with what shows through, rows, end.
NEEDED = {b"IHDR": "h", b"PLTE": "p", b"tRNS": "t", b"IDAT": "r", b"IEND": "e"}
PALETTE = 3  # colour type
ORDER = {True: re.compile("hpt?r+e"), False: re.compile("hr+e")}  # with a palette, and without
PACKED = frozenset((b"zTXt", b"iTXt", b"iCCP"))
ZLIB = re.compile(rb"(?<=\0)\x78[\x01\x5e\x9c\xda]")
METADATA = {
    **dict.fromkeys((b"tEXt", b"zTXt", b"iTXt"), "a text"),
    b"tIME": "the time of its last change",
    b"eXIf": "Exif",
    b"iCCP": "a colour profile",
    b"sPLT": "a named palette",
    b"caBX": "content credentials",
}


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield the name and the body of each chunk, and where it ends; raises DamageError where one is cut or damaged."""
    at, name = SIGNATURE_BYTES, b""
    for _ in range(MOST_CHUNKS):
        if name == b"IEND":
            return
        sums = at + 8 + int.from_bytes(data[at : at + 4], "big")
        if sums + 4 > len(data):
            raise DamageError("cut off")
        name, body = data[at + 4 : at + 8], data[at + 8 : sums]
        at = sums + 4
        if zlib.crc32(body, zlib.crc32(name)) != int.from_bytes(data[sums:at], "big"):
            raise DamageError(f"the checksum of its {name.decode('latin-1')} chunk is wrong")
        yield name, body, at
    raise DamageError(f"it has more than {MOST_CHUNKS:,} chunks, too many to read")


def png_problems(data: bytes) -> Iterator[FormProblem]:
    """Yield what is not of the form; raises DamageError where chunks are damaged or do not add up to a picture."""
    walked = tuple(chunks(data))
    bodies: dict[bytes, list[bytes]] = {}
    for name, body, _ in walked:
        bodies.setdefault(name, []).append(body)
    header, rows = bodies.get(b"IHDR", [b""])[0], bodies.get(b"IDAT", [])
    _account_for(rows, header)
    if told := [METADATA[name] for name in bodies if name in METADATA]:
        yield "J105", f"it holds {', '.join(dict.fromkeys(told))}"
    if behind := len(data) - walked[-1][2]:
        yield "J107", f"{behind:,} bytes follow its end"
    if needless := [name.decode("latin-1") for name in bodies if name not in NEEDED and name not in METADATA]:
        yield "J110", f"it holds {listed(needless)}"
    elif not ORDER[header[9] == PALETTE].fullmatch("".join(NEEDED.get(name, "") for name, *_ in walked)):
        yield "J110", "its chunks are not in the one order, each once"
    elif wrong := _deviation(bodies, header, rows):
        yield "J110", wrong


def _deviation(bodies: dict[bytes, list[bytes]], header: bytes, rows: list[bytes]) -> str:
    """Return what in the bodies of chunks a picture does not need; "" for nothing."""
    colours, shown_through = (len(bodies.get(name, [b""])[0]) for name in (b"PLTE", b"tRNS"))
    if bodies[b"IEND"] != [b""] or header[10:12] != bytes(2) or header[12] > 1:
        return "its header or its end is unusual"
    if colours % 3 or colours // 3 > 1 << header[8] or shown_through > colours // 3:
        return "its palette has more colours than it can show"
    sizes = {len(part) for part in rows[:-1]}
    if len(sizes) > 1 or not rows[-1] or len(rows[-1]) > min(sizes, default=len(rows[-1])):
        return "its rows lie in pieces of several sizes"
    return ""


def palette(data: bytes) -> bytes:
    """Return the palette of a sound PNG, three bytes a colour; b"" where it has none."""
    return next((body for name, body, _ in chunks(data) if name == b"PLTE"), b"")


def non_pixel_bytes(data: bytes) -> bytes:
    """Return everything but the codes of rows, texts unpacked too, and what follows the end.

    Raises DamageError as `chunks`.
    """
    parts, end = list[bytes](), 0
    for name, body, after in chunks(data):
        end = after
        parts += (name, b"" if name == b"IDAT" else body, _unpacked(body) if name in PACKED else b"")
    return b"\n".join((*parts, data[end:]))  # so that no word goes on in the next piece


def _unpacked(body: bytes) -> bytes:
    """Return what follows the first zlib header in a chunk, as far as it can be unpacked and not without end."""
    start = ZLIB.search(body)
    with suppress(zlib.error):
        return zlib.decompressobj().decompress(body[start.start() :], INFLATED_AT_ONCE) if start else b""
    return b""


def _account_for(rows: list[bytes], header: bytes) -> None:
    """Raise DamageError unless `rows` inflate to the picture's rows and no more: decoders stop at the last."""
    expected = _row_bytes(header)
    inflate = zlib.decompressobj()
    inflated = 0
    try:
        for part in rows:
            waiting = part
            while waiting and inflated <= expected:
                inflated += len(inflate.decompress(waiting, INFLATED_AT_ONCE))
                waiting = inflate.unconsumed_tail
        inflated += len(inflate.flush()) if inflated <= expected else 0
    except zlib.error as problem:
        raise DamageError("its rows are damaged") from problem
    if inflated < expected or (inflated == expected and not inflate.eof):
        raise DamageError("part of the picture is missing")
    if inflated > expected or inflate.unused_data:
        raise DamageError("there are bytes after the picture's last row")


def _row_bytes(header: bytes) -> int:
    """Return the bytes of all rows as they are before deflating, each with its filter byte."""
    if len(header) != HEADER.size:
        raise DamageError("its header is damaged")
    width, height, depth, colour, _, _, interlace = HEADER.unpack(header)
    bits = depth * CHANNELS.get(colour, 0)
    total = 0
    for left, top, across, down in PASSES if interlace else ((0, 0, 1, 1),):
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + -(-columns * bits // 8))
    return total
