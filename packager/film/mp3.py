"""The frames of MP3 at a constant rate (ISO 11172-3 and 13818-3), without a word of their encoder.

A frame's music ends where its lengths say. What is left before the next frame's music begins is free for whatever an
encoder likes, and LAME writes its name there; here it is filled with zeros.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from packager.errors import SourceError

_HEADER_BYTES = 4
_JOINT = 1  # the mode of stereo whose channels are coded together, of which two more bits tell how
# kbit/s of layer III by index: MPEG-1, and MPEG-2 and 2.5.
_BIT_RATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLE_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


@dataclass(frozen=True, slots=True)
class Mp3Header:
    """What a frame says of itself: bit/s, samples a second and in it, channels, and its bytes in all.

    All frames of a stream at a constant rate are equal: in bytes alone they differ, by the one that pads them.
    """

    bit_rate: int
    rate: int
    channels: int
    samples: int
    size_bytes: int = field(compare=False)
    has_checksum: bool
    mode: int = 0  # stereo, joint stereo, two channels, one
    has_emphasis: bool = False

    @property
    def has_extras(self) -> bool:
        """Whether it has what no encoder of today writes and few players heed."""
        return self.has_checksum or self.has_emphasis

    @property
    def side_bytes(self) -> int:
        """The side information, which says where music begins and how long it is."""
        if self.samples == 1152:
            return 17 if self.channels == 1 else 32
        return 9 if self.channels == 1 else 17


def header(data: bytes | bytearray, at: int = 0) -> Mp3Header | None:
    """Return the header at that place; None where there is none of layer III with a rate."""
    if len(data) < at + _HEADER_BYTES or data[at] != 0xFF or data[at + 1] & 0xE6 != 0xE2:
        return None
    version, bit_index, rate_index = data[at + 1] >> 3 & 3, data[at + 2] >> 4, data[at + 2] >> 2 & 3
    if version == 1 or bit_index in (0, 15) or rate_index == 3:
        return None
    bit_rate, rate = _BIT_RATES[version == 3][bit_index] * 1000, _SAMPLE_RATES[version][rate_index]
    samples = 1152 if version == 3 else 576
    size = samples // 8 * bit_rate // rate + (data[at + 2] >> 1 & 1)
    channels = 1 if data[at + 3] >> 6 == 3 else 2
    mode = data[at + 3] >> 6
    return Mp3Header(bit_rate, rate, channels, samples, size, not data[at + 1] & 1, mode, bool(data[at + 3] & 3))


def mp3_samples(rate: int) -> int:
    """Return how many samples a frame has at so many a second."""
    return 1152 if rate >= 32_000 else 576


def frames(pieces: Iterable[bytes]) -> Iterator[tuple[Mp3Header, bytes]]:
    """Yield the frames of a stream; SourceError where something else stands between them."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        start = 0
        while len(waiting) - start >= _HEADER_BYTES:
            found = header(waiting, start)
            if found is None:
                raise SourceError("holds sound that is no MP3 at a constant rate")
            if len(waiting) - start < found.size_bytes:
                break
            yield found, bytes(waiting[start : start + found.size_bytes])
            start += found.size_bytes
        del waiting[:start]


def plain_frames(pieces: Iterable[bytes]) -> Iterator[tuple[Mp3Header, bytes]]:
    """Yield the frames of a stream with zeros in the place of all that is no music.

    The music of a frame may begin in the frames before it (main_data_begin, at most 511 bytes), so that a frame is
    known to the end only when what comes after it is.
    """
    filler = _Filler()
    for found, data in frames(pieces):
        yield from filler.add(found, bytearray(data))
    yield from filler.rest()


class _Filler:
    """Frames that wait until all is known of what stands in them, and where in their music the last one's ended."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Mp3Header, bytearray, int, int]] = deque()  # the last two: where its music may lie
        self._end = 0  # of all places for music so far, in bytes
        self._music_bits = 0  # the end of all music so far

    def add(self, found: Mp3Header, data: bytearray) -> Iterator[tuple[Mp3Header, bytes]]:
        head = _HEADER_BYTES + (2 if found.has_checksum else 0)
        _clear_private_bits(found, data, head)
        begins_before, music_bits = _music(found, data[head : head + found.side_bytes])
        start = self._end - begins_before
        self._zero(self._music_bits, start * 8)
        self._waiting.append((found, data, head + found.side_bytes, self._end))
        self._end += len(data) - head - found.side_bytes
        self._music_bits = max(self._music_bits, start * 8 + music_bits)
        while self._waiting and self._place_end(self._waiting[0]) <= start:
            done, bytes_, *_ = self._waiting.popleft()
            yield done, bytes(bytes_)

    def rest(self) -> Iterator[tuple[Mp3Header, bytes]]:
        self._zero(self._music_bits, self._end * 8)
        for done, data, *_ in self._waiting:
            yield done, bytes(data)

    @staticmethod
    def _place_end(frame: tuple[Mp3Header, bytearray, int, int]) -> int:
        _, data, offset, begin = frame
        return begin + len(data) - offset

    def _zero(self, first_bit: int, end_bit: int) -> None:
        """Fill the music's place from one bit to another with zeros, over the frames that wait."""
        for _, data, offset, begin in self._waiting:
            size = len(data) - offset
            low, high = max(first_bit, begin * 8) - begin * 8, min(end_bit, (begin + size) * 8) - begin * 8
            if low >= high:
                continue
            if low % 8:
                data[offset + low // 8] &= 0xFF << (8 - low % 8) & 0xFF
                low += 8 - low % 8
            data[offset + low // 8 : offset + high // 8] = bytes(max(0, high // 8 - low // 8))


def _clear_private_bits(found: Mp3Header, data: bytearray, side: int) -> None:
    """Give the bits that decoders do not heed one value each: private ones, copyright, original, stereo joined not."""
    data[2] &= 0xFE
    data[3] = data[3] & 0xF7 | 4
    if data[3] >> 6 != _JOINT:
        data[3] &= 0xCF
    if found.samples == 1152:
        data[side + 1] &= 0x83 if found.channels == 1 else 0x8F
    else:
        data[side + 1] &= 0x7F if found.channels == 1 else 0x3F


def _music(found: Mp3Header, side: bytearray) -> tuple[int, int]:
    """How many bytes before its own place a frame's music begins, and how many bits it has (ISO 11172-3, 2.4.1.7)."""
    bits, width = int.from_bytes(side, "big"), len(side) * 8

    def part(at: int, size: int) -> int:
        return bits >> (width - at - size) & ((1 << size) - 1)

    if found.samples == 1152:
        first, each, granules, begins_before = (18 if found.channels == 1 else 20), 59, 2, part(0, 9)
    else:
        first, each, granules, begins_before = (9 if found.channels == 1 else 10), 63, 1, part(0, 8)
    lengths = (part(first + number * each, 12) for number in range(granules * found.channels))
    return begins_before, sum(lengths)
