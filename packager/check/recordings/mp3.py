"""MP3 (ISO 11172-3 and 13818-3), frame by frame: its rate, and that every bit which is no music is zero."""

from __future__ import annotations

import re

from packager.check.containers import DamageError
from packager.check.facts import StreamFacts
from packager.check.findings import show
from packager.check.recordings.bits import Bits
from packager.check.recordings.walk import RecordingWalk

# kbit/s of layer III by index, and samples a second: MPEG-1, and MPEG-2 and 2.5, which have half as many or fewer.
_BIT_RATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
_RATES = (44_100, 48_000, 32_000)
_PARTS_OF_RATE = {3: 1, 2: 2, 0: 4}  # by version
_HEAD = 4
# Bits of a header: how all of a stream is coded, its rate, its mode; those of one value, and it; how stereo is joined.
_CODING, _RATE, _MODE, _FIXED, _VALUE, _JOINED = 0xFFFE_0C00, 0xF000, 0xC0, 0x1_010F, 0x1_0004, 0x30
_JOINT = 1  # the mode of stereo whose channels are coded together
_PIECE_BYTES = 1 << 20
_TAG_BYTES, _FOOT_BYTES = 128, 32  # of ID3 version 1, and what ends an APE tag
_NAMES = re.compile(rb"[\x20-\x7e]{4,}")


class Mp3Walk:
    """Takes the bytes of a stream as they come; of what is wrong the first is kept in `problem`."""

    problem = ""
    is_constant = True

    def __init__(self) -> None:
        self._bytes = bytearray()  # that are not yet a frame
        self._first = 0  # the header of the first frame
        self.bit_rate = self._rate = self._channels = self._samples = 0
        self._frames = self._size = 0
        self._music = bytearray()  # the last places for music
        self._music_at = 0  # where those begin among all places for music, in bytes
        self._ends_at = 0  # where music ended, in bits

    def add(self, data: bytes) -> None:
        """Take more bytes; DamageError where no frame follows another."""
        self._bytes += data
        at = 0
        while len(self._bytes) - at >= _HEAD:
            size = self._frame_size(self._bytes[at : at + _HEAD])
            if len(self._bytes) - at < size:
                break
            self._frame(bytes(self._bytes[at : at + size]))
            at += size
        del self._bytes[:at]

    @property
    def frame_bytes(self) -> int:
        """The bytes of a frame without padding."""
        return self._samples // 8 * self.bit_rate // self._rate

    def facts(self) -> StreamFacts:
        """What the stream is; DamageError where it ends within a frame, or has none."""
        if self._bytes or not self._frames:
            raise DamageError("its sound is cut off")
        self._silent(self._music_at + len(self._music))
        each = self._samples / self._rate
        return StreamFacts(
            codec="mp3",
            seconds=self._frames * each,
            samples=self._frames,
            bit_rate=self.bit_rate if self.is_constant else round(8 * self._size / (self._frames * each)),
            rate=self._rate,
            channels=self._channels,
            features=() if self.is_constant else ("a rate that varies",),
        )

    def _frame_size(self, head: bytes | bytearray) -> int:
        number = int.from_bytes(head, "big")
        version, bit_index, rate_index = number >> 19 & 3, number >> 12 & 15, number >> 10 & 3
        if number >> 21 != 0x7FF or version == 1 or number >> 17 & 3 != 1 or bit_index in (0, 15) or rate_index == 3:
            place = "at its beginning" if not self._frames else f"behind {self._frames:,} frames of sound"
            raise DamageError(f"there is no MP3 {place}")
        parts = _PARTS_OF_RATE[version]
        self.bit_rate = 1000 * _BIT_RATES[parts > 1][bit_index]
        self._samples = 1152 if parts == 1 else 576
        rate = _RATES[rate_index] // parts
        return self._samples // 8 * self.bit_rate // rate + (number >> 9 & 1)

    def _frame(self, data: bytes) -> None:
        number = int.from_bytes(data[:_HEAD], "big")
        if not self._frames:
            self._first = number
            self._rate = _RATES[number >> 10 & 3] // _PARTS_OF_RATE[number >> 19 & 3]
            self._channels = 1 if number >> 6 & 3 == 3 else 2
        different = number ^ self._first
        if different & _CODING or (number >> 6 & 3 == 3) != (self._channels == 1):
            raise DamageError("its sound changes its form on the way")
        if different & _MODE:
            self._tell("bits of a frame of sound differ from those of the first")
        self.is_constant &= not different & _RATE
        if number & _FIXED != _VALUE or (number & _JOINED and number >> 6 & 3 != _JOINT):
            self._tell("bits of a frame of sound that are for others' use are set")
        self._frames += 1
        self._size += len(data)
        begins_before, bits, head = self._side(data, _HEAD if number >> 16 & 1 else _HEAD + 2)
        start = self._music_at + len(self._music) - begins_before
        self._silent(start)
        self._music += data[head:]
        self._ends_at = max(self._ends_at, 8 * start + bits)
        if self._ends_at > 8 * (self._music_at + len(self._music)):
            raise DamageError("a frame of sound says that it is longer than it is")
        kept = max(0, len(self._music) - 2048)
        del self._music[:kept]
        self._music_at += kept

    def _side(self, data: bytes, head: int) -> tuple[int, int, int]:
        """How many bytes before its place a frame's music begins, how many bits it has, where its place begins."""
        is_whole, is_mono = self._samples == 1152, self._channels == 1
        size = (17 if is_mono else 32) if is_whole else (9 if is_mono else 17)
        if len(data) < head + size:
            raise DamageError("a frame of sound is shorter than its header")
        bits = Bits(data[head : head + size])
        before = bits.take(9 if is_whole else 8)
        if bits.take((5 if is_mono else 3) if is_whole else (1 if is_mono else 2)):
            self._tell("bits of a frame of sound that are for others' use are set")
        if is_whole:
            bits.take(4 * self._channels)
        music = 0
        for _ in range(self._channels * (2 if is_whole else 1)):
            music += bits.take(12)
            bits.take(47 if is_whole else 51)
        return before, music, head + size

    def _silent(self, start: int) -> None:
        """Hold what stands between the end of all music and its next beginning against zeros."""
        if 8 * start < self._ends_at:
            raise DamageError("frames of sound overlap, or begin before the file")
        begin = self._ends_at // 8 - self._music_at
        between = bytearray(self._music[max(0, begin) : start - self._music_at])
        if between and begin >= 0:
            between[0] &= 0xFF >> self._ends_at % 8
        if any(between):
            names = _NAMES.search(between)
            said = f': "{show(names[0].decode(), 60)}"' if names else ""
            self._tell(f"there are bytes beside the music in its frames{said}")
        self._ends_at = 8 * start

    def _tell(self, problem: str) -> None:
        self.problem = self.problem or problem


def walk_mp3(walk: RecordingWalk) -> None:
    """Walk an MP3 file; DamageError where that cannot go on."""
    start, end = _without_tags(walk)
    walk.note(0, start)
    walk.note(end, walk.size)
    sound = Mp3Walk()
    for at in range(start, end, _PIECE_BYTES):
        sound.add(walk.read(at, min(end, at + _PIECE_BYTES)))
    walk.tell(sound.problem)
    walk.streams.append(sound.facts())


def _without_tags(walk: RecordingWalk) -> tuple[int, int]:
    """Where sound begins and ends, and a problem for each tag around it."""
    start, end = 0, walk.size
    head = walk.read(0, min(10, end))
    if head.startswith(b"ID3") and len(head) == 10:
        walk.tell("it begins with a tag (ID3)")
        start = 10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9])
    if end - start > _TAG_BYTES and walk.read(end - _TAG_BYTES, end - _TAG_BYTES + 3) == b"TAG":
        walk.tell("it ends with a tag (ID3)")
        end -= _TAG_BYTES
    if end - start > _FOOT_BYTES and walk.read(end - _FOOT_BYTES, end).startswith(b"APETAGEX"):
        walk.tell("it ends with a tag (APE)")
        end -= int.from_bytes(walk.read(end - 20, end - 16), "little") + _FOOT_BYTES
    return start, max(start, end)
