"""Pictures of words, each from its millisecond on, in a file that ffmpeg lays over a film.

A filter of ffmpeg may open no other file, and a picture for each of the film's would be gigabytes. So each change of
words is one picture in a stream of its own: a Matroska file of PNGs (RFC 9559), which is written and read from its
beginning to its end, whatever its length.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from struct import pack
from typing import BinaryIO

_UNKNOWN_SIZE = b"\x01" + b"\xff" * 7
_NANOSECONDS = 1_000_000  # in the unit of times, a millisecond
_KEY_FRAME = 0x80
_VIDEO, _NUMBER = 1, 1
# The stream must not end before the film, which is over in a day; ffmpeg takes times beyond 30 hours for errors.
_BEHIND_ALL_MS = 24 * 3_600_000

_EBML, _DOC_TYPE, _SEGMENT, _INFO, _SCALE = "1a45dfa3", "4282", "18538067", "1549a966", "2ad7b1"
_TRACKS, _TRACK, _TRACK_NUMBER, _TRACK_ID, _TRACK_TYPE, _CODEC, _SETUP = (
    "1654ae6b",
    "ae",
    "d7",
    "73c5",
    "83",
    "86",
    "63a2",
)
_SHOWN, _WIDTH, _HEIGHT, _CLUSTER, _TIME, _BLOCK = "e0", "b0", "ba", "1f43b675", "e7", "a3"


@dataclass(frozen=True, slots=True)
class Overlay:
    """A file of pictures that are as wide as the film, and lie `top` pixels below its upper edge."""

    path: Path
    top: int


def write_overlay(path: Path, width: int, height: int, pictures: Iterable[tuple[int, bytes]]) -> None:
    """Write PNGs of width x height to `path`, which must not exist, each with the millisecond from which it is seen.

    The first is seen from 0 on, the last until the end.
    """
    bitmap = pack("<IiiHH4sIiiII", 40, width, height, 1, 32, b"MPNG", width * height * 4, 0, 0, 0, 0)
    codec = _element(_CODEC, b"V_MS/VFW/FOURCC") + _element(_SETUP, bitmap)
    shown = _element(_SHOWN, _number(_WIDTH, width), _number(_HEIGHT, height))
    ids = (_number(_TRACK_NUMBER, _NUMBER), _number(_TRACK_ID, _NUMBER), _number(_TRACK_TYPE, _VIDEO))
    with path.open("xb") as file:
        file.write(_element(_EBML, _element(_DOC_TYPE, b"matroska")) + bytes.fromhex(_SEGMENT) + _UNKNOWN_SIZE)
        file.write(_element(_INFO, _number(_SCALE, _NANOSECONDS)))
        file.write(_element(_TRACKS, _element(_TRACK, *ids, codec, shown)))
        for start_ms, picture in pictures:
            _write_picture(file, start_ms, picture)
        _write_picture(file, _BEHIND_ALL_MS, picture)


def _write_picture(file: BinaryIO, start_ms: int, picture: bytes) -> None:
    block = pack(">BhB", 0x80 | _NUMBER, 0, _KEY_FRAME) + picture
    file.write(_element(_CLUSTER, _number(_TIME, start_ms), _element(_BLOCK, block)))


def _element(kind: str, *content: bytes) -> bytes:
    data = b"".join(content)
    return bytes.fromhex(kind) + pack(">Q", len(data) | 1 << 56) + data


def _number(kind: str, value: int) -> bytes:
    return _element(kind, pack(">Q", value))
