"""A ZIP whose one member is the ZIP itself, by R. Cox's construction (Zip Files All The Way Down, 2010).

Its stream is a program of two commands, "say these bytes" and "say again what was said last". Both take five bytes, so
that a command can stand in what another one says.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

_NAME = b"it-holds-itself-once-again.zip"  # of a length at which to repeat the header takes five bytes
_HEADER_BYTES = 30 + len(_NAME)
_DIRECTORY_BYTES = 46 + len(_NAME) + 22
_LAST_BYTES = 4
_CHECKSUM_BITS = 32


def quine() -> bytes:
    """The ZIP, with the checksum that it has with this checksum in it."""
    for minute in range(60):
        with_checksum = _made(minute)
        checksum = _own_checksum(with_checksum)
        if checksum is not None:
            return with_checksum(checksum)
    raise AssertionError("no time of the member has a checksum of its own")


def _made(minute: int) -> Callable[[int], bytes]:
    """The ZIP of a member of this time, for each checksum that it may tell."""

    def made(checksum: int) -> bytes:
        stream_bytes = len(_stream(bytes(_HEADER_BYTES), bytes(_DIRECTORY_BYTES)))
        size = _HEADER_BYTES + stream_bytes + _DIRECTORY_BYTES
        fields = struct.pack("<HHHHLLLHH", 0, 8, minute << 5, 0x21, checksum, stream_bytes, size, len(_NAME), 0)
        header = b"PK\3\4" + struct.pack("<H", 20) + fields + _NAME
        directory = b"PK\1\2" + struct.pack("<HH", 20, 20) + fields + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + _NAME
        end_at = struct.pack("<LLH", len(directory), _HEADER_BYTES + stream_bytes, 0)
        directory += b"PK\5\6" + struct.pack("<HHHH", 0, 0, 1, 1) + end_at
        return header + _stream(header, directory) + directory

    return made


def _stream(before: bytes, after: bytes) -> bytes:
    """A stream of deflate that unpacks to what stands `before` it, itself, and what stands `after` it."""
    again_header = _again(len(before) + 5)
    say_header, say_one, say_four, again = _say(len(before) + 5), _say(5), _say(20), _again(20)
    last = _again(len(after) + _LAST_BYTES, is_last=True)
    say_end = _say(len(last) + len(after))
    return b"".join(
        (
            *(say_header, before, say_header, again_header),
            *(say_one, again_header, say_one, say_one),
            *(say_four, again_header, say_one, say_one, say_four, again),
            *(say_four, again, say_four, again, say_four, again),
            *(say_four, again, _say(0), _say(0), say_end, again),
            *(_say(0), _say(0), say_end, last, after, last),
        )
    )


def _say(count: int) -> bytes:
    """The head of a stored block of `count` bytes."""
    return b"\0" + struct.pack("<HH", count, count ^ 0xFFFF)


def _again(count: int, *, is_last: bool = False) -> bytes:
    """Blocks in fixed codes that repeat the last `count` bytes, filled up to whole bytes (RFC 1951, 3.2.6)."""
    if is_last:
        return _bytes(_FINAL + _copy(count, count) + _END)
    if count == 20:
        return _bytes(_FIXED + _copy(10, count) + _copy(10, count) + _END)
    return _bytes(_FIXED + _copy(count, count) + _END + _FIXED + _END)


_FIXED, _FINAL, _END = "010", "110", "0000000"
# The code of a length or distance, the first that it stands for, and how many more bits it has.
_LENGTHS = {10: (264, 10, 0), 65: (276, 59, 3), 102: (279, 99, 4)}
_DISTANCES = {20: (8, 17, 3), 65: (12, 65, 5), 102: (13, 97, 5)}


def _copy(length: int, distance: int) -> str:
    """The bits of a copy, in their order in the stream."""
    code, first, more = _LENGTHS[length]
    place, nearest, further = _DISTANCES[distance]
    return f"{code - 256:07b}{_reversed(length - first, more)}{place:05b}{_reversed(distance - nearest, further)}"


def _reversed(value: int, count: int) -> str:
    return f"{value:0{count}b}"[::-1] if count else ""


def _bytes(bits: str) -> bytes:
    return bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))


def _own_checksum(made: Callable[[int], bytes]) -> int | None:
    """The number that is the checksum of what is made with it; None where there is none.

    Checksums are linear but for a constant: the bits of the one sought solve as many equations over two numbers.
    """
    constant = zlib.crc32(made(0))
    rows: dict[int, tuple[int, int]] = {}  # by its highest bit: what differs, and for which bits of the checksum
    for place in range(_CHECKSUM_BITS):
        differs, bits = zlib.crc32(made(1 << place)) ^ constant ^ (1 << place), 1 << place
        differs, bits = _reduced(differs, bits, rows)
        if differs:
            rows[differs.bit_length()] = differs, bits
    left, checksum = _reduced(constant, 0, rows)
    return None if left else checksum


def _reduced(differs: int, bits: int, rows: dict[int, tuple[int, int]]) -> tuple[int, int]:
    for highest in sorted(rows, reverse=True):
        if differs >> (highest - 1) & 1:
            differs, bits = differs ^ rows[highest][0], bits ^ rows[highest][1]
    return differs, bits
