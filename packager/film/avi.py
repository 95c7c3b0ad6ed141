"""AVI with MPEG-4 part 2 and MP3, as players and DVD players of 2005 want it: one RIFF, an index, woven by the picture.

Microsoft, AVI RIFF File Reference. Sound of a constant rate is a stream of bytes, nBlockAlign 1 (MPEGLAYER3WAVEFORMAT).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from os import SEEK_END
from pathlib import Path
from struct import pack
from typing import BinaryIO

from packager.film.track import Mp3Track, PictureTrack

_HAS_INDEX, _IS_INTERLEAVED = 0x10, 0x100
_IS_KEY = 0x10
_MP3 = 0x55
_FOUR_CC = b"XVID"  # players know it; of FMP4 and MP4V fewer do
_CHUNKS = (b"00dc", b"01wb")


def write_avi(path: Path, pictures: PictureTrack, sound: Mp3Track | None) -> None:
    """Write a film to `path`, which must not exist."""
    index = bytearray()
    with path.open("xb") as file, ExitStack() as opened:
        tracks = [one.track for one in (pictures, sound) if one is not None]
        sources = [opened.enter_context(track.opened()) for track in tracks]
        file.write(b"RIFF" + bytes(4) + b"AVI " + _headers(pictures, sound) + b"LIST" + bytes(4) + b"movi")
        movi = file.tell() - 4
        for number, size, is_key in _woven(pictures, sound):
            name = _CHUNKS[number]
            index += name + pack("<III", _IS_KEY * is_key, file.tell() - movi, size)
            file.write(name + pack("<I", size) + sources[number].read(size) + bytes(size % 2))
        end = file.tell()
        file.write(b"idx1" + pack("<I", len(index)) + index)
        _set_size(file, movi - 4, end - movi)
        _set_size(file, 4, file.seek(0, SEEK_END) - 8)


def _set_size(file: BinaryIO, at: int, size: int) -> None:
    file.seek(at)
    file.write(pack("<I", size))


def _woven(pictures: PictureTrack, sound: Mp3Track | None) -> Iterator[tuple[int, int, bool]]:
    """Yield (stream, bytes, whether it is a key) of every chunk: behind each picture the sound until it ends."""
    keys = frozenset(pictures.track.keys)
    heard = iter(sound.track.sizes) if sound else iter(())
    heard_s = Fraction(0)
    for number, size in enumerate(pictures.track.sizes):
        yield 0, size, number in keys
        together = 0
        while sound and heard_s < (number + 1) / pictures.track.rate and (frame := next(heard, 0)):
            together += frame
            heard_s += 1 / sound.track.rate
        if together:
            yield 1, together, True
    if together := sum(heard):
        yield 1, together, True


def _headers(pictures: PictureTrack, sound: Mp3Track | None) -> bytes:
    track = pictures.track
    largest = max(track.sizes, default=0)
    a_second = round(sum(track.sizes) / max(track.seconds, Fraction(1)))
    if sound:
        a_second += sound.frame.bit_rate // 8
    avih = pack(
        "<14I",
        round(1_000_000 / track.rate), a_second, 0, _HAS_INDEX | _IS_INTERLEAVED, len(track.sizes), 0,
        2 if sound else 1, largest, pictures.width, pictures.height, 0, 0, 0, 0,
    )  # fmt: skip
    streams = [_list(b"strl", *_picture_stream(pictures, largest))]
    if sound:
        streams.append(_list(b"strl", *_sound_stream(sound)))
    return _list(b"hdrl", _chunk(b"avih", avih), *streams)


def _picture_stream(one: PictureTrack, largest: int) -> tuple[bytes, bytes]:
    rate = one.track.rate
    frame = pack("<4H", 0, 0, one.width, one.height)
    scale = (rate.denominator, rate.numerator, 0, len(one.track.sizes), largest)
    head = b"vids" + _FOUR_CC + pack("<IHHI5IiI", 0, 0, 0, 0, *scale, -1, 0) + frame
    size = one.width * one.height * 3
    form = pack("<IiiHH", 40, one.width, one.height, 1, 24) + _FOUR_CC + pack("<IiiII", size, 0, 0, 0, 0)
    return _chunk(b"strh", head), _chunk(b"strf", form)


def _sound_stream(one: Mp3Track) -> tuple[bytes, bytes]:
    frame = one.frame
    bytes_a_second = frame.bit_rate // 8
    total = sum(one.track.sizes)
    head = b"auds" + bytes(4) + pack("<IHHI5IiI8x", 0, 0, 0, 0, 1, bytes_a_second, 0, total, bytes_a_second, -1, 1)
    # MPEGLAYER3WAVEFORMAT: never padded (2), blocks of one frame, 1393 samples of delay, as encoders write them.
    extra = pack("<HIHHH", 1, 2, frame.samples // 8 * frame.bit_rate // frame.rate, 1, 1393)
    form = pack("<HHIIHHH", _MP3, frame.channels, frame.rate, bytes_a_second, 1, 0, len(extra)) + extra
    return _chunk(b"strh", head), _chunk(b"strf", form)


def _list(kind: bytes, *chunks: bytes) -> bytes:
    return _chunk(b"LIST", kind + b"".join(chunks))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + pack("<I", len(content)) + content
