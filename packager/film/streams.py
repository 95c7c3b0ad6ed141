"""The frames of bare streams, without what tells of their encoder.

What comes is what ffmpeg writes for one stream without a container: H.264 with start codes (ITU-T H.264, annex B),
MPEG-4 part 2 (ISO 14496-2, 6.2), AAC with ADTS headers (ISO 14496-3, 1.A.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from packager.errors import SourceError
from packager.film.bits import HeaderBits

_START = b"\0\0\1"
_MOST_UNIT_BYTES = 16 << 20  # of one picture; what is larger is none that a player of ours shows

# NAL units, H.264 table 7-1. What is dropped tells of encoders and cameras (6), or nothing (9 to 12).
_SLICES, _SPS, _PPS = (1, 5), 7, 8
_DROPPED = (6, 9, 10, 11, 12)

# Start codes of MPEG-4 part 2, table 6-3.
_VISUAL_SEQUENCE, _SEQUENCE_END, _USER_DATA, _GROUP, _VISUAL_OBJECT, _VOP = 0xB0, 0xB1, 0xB2, 0xB3, 0xB5, 0xB6
# A visual object that is video, in short and with its version.
_ALIKE = {b"\xb5\x09": b"\xb5\x89\x13"}
_OF_ITSELF, _OF_ANOTHER, _OF_BOTH, _OF_SPRITES = range(4)  # kinds of pictures, table 6-20
_HEADERS = (_VISUAL_SEQUENCE, _VISUAL_OBJECT, *range(0x30))  # with video objects and their layers

_AAC_RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
_ADTS_BYTES = 7
_AAC_LC = 2


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture, or one frame of sound, as a container holds it; at a key one a player can begin."""

    data: bytes
    is_key: bool = True


@dataclass(frozen=True, slots=True)
class H264Parameters:
    """The two parameter sets that all pictures of a stream follow, each as one NAL unit."""

    sequence: bytes
    picture: bytes


def units(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what stands between the start codes of a stream; SourceError where one is larger than any picture."""
    waiting = bytearray()
    is_begun = False
    for piece in pieces:
        searched = max(0, len(waiting) - len(_START))
        waiting += piece
        while (end := waiting.find(_START, searched)) >= 0:
            if is_begun:
                yield bytes(waiting[:end])
            is_begun = True
            del waiting[: end + len(_START)]
            searched = 0
        if len(waiting) > _MOST_UNIT_BYTES:
            raise SourceError(f"holds a picture of more than {_MOST_UNIT_BYTES >> 20} MB")
    if is_begun:
        yield bytes(waiting)


class H264Samples:
    """The pictures of an H.264 stream, each NAL unit behind its length; `setup` is known with the first.

    It `has_b` when a picture came that refers to later ones (slice_type 1 or 6, table 7-6).
    """

    setup: H264Parameters | None = None
    has_b = False

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._units = units(pieces)

    def __iter__(self) -> Iterator[Sample]:
        picture = bytearray()
        is_key = False
        for unit in self._units:
            kind = unit[0] & 0x1F if unit else 0
            # Zeros before a start code belong to neither unit (B.1), and none ends with one (7.4.1).
            own = unit.rstrip(b"\0")
            if kind in _SLICES:
                is_first = len(own) > 1 and own[1] & 0x80  # first_mb_in_slice is 0
                if is_first and picture:
                    yield Sample(bytes(picture), is_key)
                    picture.clear()
                is_key = kind == 5
                self.has_b |= _slice_type(own[1:9]) in (1, 6)
                picture += len(own).to_bytes(4, "big") + own
            elif kind in (_SPS, _PPS):
                self._learn(kind, own)
            elif kind not in _DROPPED:
                raise SourceError(f"holds a part of a kind that H.264 for players does not have ({kind})")
        if picture:
            yield Sample(bytes(picture), is_key)

    def _learn(self, kind: int, unit: bytes) -> None:
        old = self.setup or H264Parameters(b"", b"")
        new = H264Parameters(unit, old.picture) if kind == _SPS else H264Parameters(old.sequence, unit)
        if (old.sequence and new.sequence != old.sequence) or (old.picture and new.picture != old.picture):
            raise SourceError("changes its form on the way")
        self.setup = new


def _slice_type(data: bytes) -> int:
    """The type of a slice, which stands behind its first macroblock (7.3.3); SourceError where it has none."""
    try:
        return HeaderBits(data).numbers(2)[1]
    except ValueError as error:
        raise SourceError("holds a picture that is cut off") from error


class Mpeg4Samples:
    """The pictures of an MPEG-4 part 2 stream, without remarks of encoders.

    What tells a decoder of the form is in `setup`, known with the first; with `has_setup` it is in the stream as well.
    It `has_b` when a picture came that is made of two others, or of a sprite.
    """

    setup = b""
    has_b = False

    def __init__(self, pieces: Iterable[bytes], *, has_setup: bool) -> None:
        self._units = units(pieces)
        self._has_setup = has_setup

    def __iter__(self) -> Iterator[Sample]:
        setup, before = bytearray(), bytearray()
        for unit in self._units:
            code = unit[0] if unit else _USER_DATA
            if code in (_USER_DATA, _SEQUENCE_END):
                continue
            if code in _HEADERS:
                unit = _ALIKE.get(unit, unit)  # noqa: PLW2901
                setup += b"" if unit in setup.split(_START) else _START + unit  # some say it twice
            elif code == _GROUP:
                before += _START + unit
            elif code == _VOP:
                self._learn(bytes(setup))
                before[:0] = setup if self._has_setup else b""
                kind = unit[1] >> 6 if len(unit) > 1 else _OF_ANOTHER  # vop_coding_type
                self.has_b |= kind in (_OF_BOTH, _OF_SPRITES)
                yield Sample(bytes(before) + _START + unit, is_key=kind == _OF_ITSELF)
                setup.clear()
                before.clear()
            else:
                raise SourceError(f"holds a part of a kind that MPEG-4 for players does not have ({code:#04x})")

    def _learn(self, setup: bytes) -> None:
        if setup and self.setup not in (b"", setup):
            raise SourceError("changes its form on the way")
        self.setup = setup or self.setup


@dataclass(frozen=True, slots=True)
class AacParameters:
    """How AAC-LC is coded: samples a second, channels, and both as the format writes them (ISO 14496-3, 1.6.2.1)."""

    rate: int
    channels: int
    config: bytes


class AacSamples:
    """The frames of an AAC stream without their headers; `parameters` are known with the first."""

    parameters: AacParameters | None = None

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[Sample]:
        waiting = bytearray()
        for piece in self._pieces:
            waiting += piece
            while len(waiting) >= _ADTS_BYTES:
                length = (waiting[3] & 3) << 11 | waiting[4] << 3 | waiting[5] >> 5
                if waiting[0] != 0xFF or waiting[1] & 0xF7 != 0xF1 or length < _ADTS_BYTES or waiting[6] & 3:
                    raise SourceError("holds sound that is no AAC")
                if len(waiting) < length:
                    break
                self._learn(waiting)
                yield Sample(bytes(waiting[_ADTS_BYTES:length]))
                del waiting[:length]

    def _learn(self, header: bytearray) -> None:
        kind, rate = (header[2] >> 6) + 1, header[2] >> 2 & 0xF
        channels = (header[2] & 1) << 2 | header[3] >> 6
        if kind != _AAC_LC or rate >= len(_AAC_RATES) or not channels:
            raise SourceError("holds sound that is no AAC-LC")
        config = (kind << 11 | rate << 7 | channels << 3).to_bytes(2, "big")
        parameters = AacParameters(_AAC_RATES[rate], channels, config)
        if self.parameters not in (None, parameters):
            raise SourceError("changes its form on the way")
        self.parameters = parameters
