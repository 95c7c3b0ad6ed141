"""MP4 (ISO 14496-12 and 14496-14) with one stream of pictures, one of sound, or both; the index comes first.

Boxes hold what a player needs and nothing else: no times, no names of handlers, no remarks, no unused space.
"""

from __future__ import annotations

from array import array
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from struct import pack
from typing import BinaryIO

from packager.film.track import AAC_SAMPLES, AacTrack, PictureTrack

_SCALE = 1000  # units a second of the whole film
_TOGETHER = Fraction(1, 2)  # seconds of one stream, then of the other: what players read ahead is more
# Object types and stream types (ISO 14496-1, tables 5 and 6), the latter shifted as a descriptor has them.
_MPEG4_VISUAL, _MPEG4_SOUND = 0x2011, 0x4015
_MATRIX = pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)  # as it is, not turned


def write_mp4(path: Path, pictures: PictureTrack, sound: AacTrack | None) -> None:
    """Write a film to `path`, which must not exist."""
    tracks = [one for one in (pictures, sound) if one is not None]
    chunks = [one.track.chunks(_TOGETHER) for one in tracks]
    empty = [array("I", bytes(4 * len(one))) for one in chunks]
    head = _box(b"ftyp", b"isom", pack(">I", 0x200), b"isomiso2avc1mp41")
    begin = len(head) + len(_moov(tracks, chunks, empty)) + 8
    offsets, order = _places(tracks, chunks, begin)
    size = 8 + sum(sum(one.track.sizes) for one in tracks)
    with path.open("xb") as file:
        file.write(head + _moov(tracks, chunks, offsets) + pack(">I", size) + b"mdat")
        _weave(file, tracks, order)


def _places(
    tracks: list[PictureTrack | AacTrack], chunks: list[list[int]], begin: int
) -> tuple[list[array[int]], list[tuple[int, int]]]:
    """Where each chunk of each track comes to lie, and all of them in order: (track, bytes)."""
    offsets = [array("I") for _ in tracks]
    order: list[tuple[int, int]] = []
    first = [0] * len(tracks)
    for row in zip_longest(*chunks):
        for number, count in enumerate(row):
            if count is None:
                continue
            size = sum(tracks[number].track.sizes[first[number] : first[number] + count])
            offsets[number].append(begin)
            order.append((number, size))
            first[number] += count
            begin += size
    return offsets, order


def _weave(file: BinaryIO, tracks: list[PictureTrack | AacTrack], order: list[tuple[int, int]]) -> None:
    streams = [one.track.opened() for one in tracks]
    try:
        for number, size in order:
            file.write(streams[number].read(size))
    finally:
        for stream in streams:
            stream.close()


def _moov(tracks: list[PictureTrack | AacTrack], chunks: list[list[int]], offsets: list[array[int]]) -> bytes:
    longest = max(_milliseconds(one) for one in tracks)
    parts = [
        _full(
            b"mvhd",
            pack(">IIIIIH10x", 0, 0, _SCALE, longest, 0x10000, 0x100)
            + _MATRIX
            + bytes(24)
            + pack(">I", len(tracks) + 1),
        )
    ]
    for number, (one, counts, places) in enumerate(zip(tracks, chunks, offsets, strict=True), 1):
        parts.append(_trak(one, number, counts, places))
    return _box(b"moov", *parts)


def _milliseconds(one: PictureTrack | AacTrack) -> int:
    return round((one.seconds if isinstance(one, AacTrack) else one.track.seconds) * _SCALE)


def _trak(one: PictureTrack | AacTrack, number: int, counts: list[int], places: array[int]) -> bytes:
    is_sound = isinstance(one, AacTrack)
    size = (0, 0) if isinstance(one, AacTrack) else (one.width << 16, one.height << 16)
    header = pack(">IIIII8xHHHH", 0, 0, number, 0, _milliseconds(one), 0, 0, 0x100 * is_sound, 0)
    scale, each = _units(one)
    handler = b"soun" if is_sound else b"vide"
    media_head = _full(b"smhd", bytes(4)) if is_sound else _full(b"vmhd", bytes(8), flags=1)
    return _box(
        b"trak",
        _full(b"tkhd", header + _MATRIX + pack(">II", *size), flags=3),
        _edits(one),
        _box(
            b"mdia",
            _full(b"mdhd", pack(">IIIIHH", 0, 0, scale, each * len(one.track.sizes), 0x55C4, 0)),  # language: und
            _full(b"hdlr", bytes(4) + handler + bytes(13)),
            _box(
                b"minf",
                media_head,
                _box(b"dinf", _full(b"dref", pack(">I", 1) + _full(b"url ", b"", flags=1))),
                _table(one, each, counts, places),
            ),
        ),
    )


def _units(one: PictureTrack | AacTrack) -> tuple[int, int]:
    """Units a second, and how many a sample takes."""
    if isinstance(one, AacTrack):
        return one.parameters.rate, AAC_SAMPLES
    return one.track.rate.numerator, one.track.rate.denominator


def _edits(one: PictureTrack | AacTrack) -> bytes:
    """What is not played at the beginning of sound."""
    if not isinstance(one, AacTrack) or not one.priming:
        return b""
    return _box(b"edts", _full(b"elst", pack(">IIiHH", 1, _milliseconds(one), one.priming, 1, 0)))


def _table(one: PictureTrack | AacTrack, each: int, counts: list[int], places: array[int]) -> bytes:
    entry = _heard(one) if isinstance(one, AacTrack) else _drawn(one)
    total = len(one.track.sizes)
    parts = [_full(b"stsd", pack(">I", 1) + entry), _full(b"stts", pack(">III", 1, total, each))]
    if len(one.track.keys) != total:
        parts.append(_full(b"stss", pack(">I", len(one.track.keys)) + _big([key + 1 for key in one.track.keys])))
    runs = [(number, count) for number, count in enumerate(counts, 1) if number == 1 or count != counts[number - 2]]
    parts += [
        _full(b"stsc", pack(">I", len(runs)) + b"".join(pack(">III", number, count, 1) for number, count in runs)),
        _full(b"stsz", pack(">II", 0, total) + _big(one.track.sizes)),
        _full(b"stco", pack(">I", len(places)) + _big(places)),
    ]
    return _box(b"stbl", *parts)


def _drawn(one: PictureTrack) -> bytes:
    """The sample entry of pictures: H.264 (ISO 14496-15, 5.2.4) or MPEG-4 part 2 (ISO 14496-14, 5.6)."""
    head = pack(">6xH16xHHIIIH32xHh", 1, one.width, one.height, 0x480000, 0x480000, 0, 1, 24, -1)
    if isinstance(one.setup, bytes):
        return _box(b"mp4v", head, _elementary(_MPEG4_VISUAL, 0, one.setup))
    sequence, picture = one.setup.sequence, one.setup.picture
    config = b"\1" + sequence[1:4] + b"\xff\xe1" + pack(">H", len(sequence)) + sequence
    config += b"\1" + pack(">H", len(picture)) + picture
    return _box(b"avc1", head, _box(b"avcC", config))


def _heard(one: AacTrack) -> bytes:
    """The sample entry of sound (ISO 14496-14, 5.6)."""
    head = pack(">6xH8xHHHHI", 1, one.parameters.channels, 16, 0, 0, one.parameters.rate << 16)
    return _box(b"mp4a", head, _elementary(_MPEG4_SOUND, round(8 * one.track.bytes_a_second), one.parameters.config))


def _elementary(kind: int, bit_rate: int, setup: bytes) -> bytes:
    """An elementary stream descriptor (ISO 14496-1, 7.2.6.5), whose stream is of this `kind`."""
    object_type, stream_type = kind >> 8, kind & 0xFF
    decoder = pack(">BBHBII", object_type, stream_type, 0, 0, bit_rate, bit_rate) + _descriptor(5, setup)
    stream = _descriptor(3, pack(">HB", 0, 0) + _descriptor(4, decoder) + _descriptor(6, b"\2"))
    return _full(b"esds", stream)


def _descriptor(tag: int, content: bytes) -> bytes:
    size = len(content)
    return bytes((tag, size)) + content if size < 0x80 else bytes((tag, 0x80 | size >> 7, size & 0x7F)) + content


def _box(kind: bytes, *parts: bytes) -> bytes:
    return pack(">I", 8 + sum(map(len, parts))) + kind + b"".join(parts)


def _full(kind: bytes, content: bytes, flags: int = 0) -> bytes:
    return _box(kind, pack(">I", flags), content)


def _big(numbers: array[int] | list[int]) -> bytes:
    swapped = array("I", numbers)
    swapped.byteswap()
    return swapped.tobytes()
