"""The two sets of parameters of H.264 (ITU-T H.264, 7.3.2 and annex E): what they say, and that they say no more.

Each number is held to what encoders of whole pictures without B-frames need. What no decoder heeds has one value.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from packager.check.containers import DamageError
from packager.check.recordings.bits import Bits

_PROFILES = {66: "baseline", 77: "main", 88: "extended", 100: "high", 110: "high-10", 122: "high-4:2:2"}
_PLAIN_PROFILES = (66, 77, 88)  # those whose parameters tell nothing of colours: 7.3.2.1.1
_SEQUENCE, _PICTURE = 7, 8  # sets of parameters
_RESERVED = 0x1F  # of the flags behind the profile, those that these profiles have no use for
_WIDE = 255  # an aspect ratio of its own, table E-1
_COLOURS, _CURVES, _MATRICES = (1, 2, 5, 6, 7), (1, 2, 4, 5, 6, 7), (1, 2, 5, 6)  # of SDR, tables E-3 to E-5
_MOST_LOG, _MOST_REFERENCES = 16, 16
_MOST_QUALITY, _MOST_OFFSET = 52, 24  # differences with a sign: 2n or 2n-1


@dataclass(frozen=True, slots=True)
class SequenceParameters:
    """What a sequence parameter set says; `rate` is 0 where it says none; `is_whole`, whether it says nothing else.

    Of profiles that no device of ours plays the size is not read, and 0. A slice has its picture's number in
    `number_bits`, and its place in `order_bits`, 0 where that follows from the number.
    """

    profile: str
    level: str
    width: int = 0
    height: int = 0
    rate: float = 0
    number_bits: int = 0
    order_bits: int = 0
    is_interlaced: bool = False
    is_square: bool = True
    is_whole: bool = False


def sequence_parameters(unit: bytes) -> SequenceParameters:
    """Return what a sequence parameter set says; DamageError where it is none."""
    if len(unit) < 5 or not _is_set(unit, _SEQUENCE):
        raise DamageError("its pictures have no parameters")
    level = f"{unit[3] / 10:.1f}"
    if unit[1] not in _PLAIN_PROFILES:
        return SequenceParameters(_PROFILES.get(unit[1], f"a profile {unit[1]}"), level)
    bits = Bits(unescaped(unit[4:]))
    bits.held(bits.count())  # its own number
    number_bits = bits.held(bits.count(), 12) + 4
    kind = bits.held(bits.count(), 2)
    order_bits = bits.held(bits.count(), 12) + 4 if kind == 0 else 0
    if kind == 1:
        raise DamageError("its pictures are in an order of their own")
    bits.held(bits.count(), _MOST_REFERENCES)
    bits.held(bits.take(1))  # gaps in the numbers of pictures
    columns, rows = bits.count() + 1, bits.count() + 1
    is_interlaced = not bits.take(1)
    bits.take(1 + is_interlaced)  # mb_adaptive_frame_field_flag, direct_8x8_inference_flag
    rows *= 1 + is_interlaced
    left, right, top, bottom = (bits.count() for _ in range(4)) if bits.take(1) else (0, 0, 0, 0)
    bits.held(left + top), bits.held(right, 7), bits.held(bottom, 7)  # what fills up the last blocks
    is_square, rate = _usability(bits) if bits.take(1) else (True, 0.0)
    return SequenceParameters(
        profile=_PROFILES[unit[1]],
        level=level,
        width=16 * columns - 2 * (left + right),
        height=16 * rows - 2 * (1 + is_interlaced) * (top + bottom),
        rate=rate,
        number_bits=number_bits,
        order_bits=order_bits,
        is_interlaced=is_interlaced,
        is_square=is_square,
        is_whole=bits.is_held and bits.ends and not unit[2] & _RESERVED,
    )


def _is_set(unit: bytes, kind: int) -> bool:
    """Whether it is a set of parameters of that kind, which always has a rank (nal_ref_idc is not 0)."""
    return unit[0] & 0x9F == kind and unit[0] & 0x60 > 0


def _usability(bits: Bits) -> tuple[bool, float]:
    """Read annex E.1.1: whether pixels are square, and pictures a second."""
    aspect = bits.take(8) if bits.take(1) else 1
    if aspect == _WIDE:
        aspect = int((bits.take(16), bits.take(16)) == (1, 1)) or _WIDE
    bits.take(1) and bits.take(1)  # overscan
    if bits.take(1):
        bits.held(bits.take(3), 5), bits.take(1)  # what kind of film it was, and how wide its range is
        if bits.take(1):
            for known in (_COLOURS, _CURVES, _MATRICES):
                bits.held(bits.take(8) not in known)
    if bits.take(1):  # where its colours are
        bits.held(bits.count(), 5), bits.held(bits.count(), 5)
    rate = 0.0
    if bits.take(1):
        tick, scale, _ = bits.take(32), bits.take(32), bits.take(1)
        exact = Fraction(scale, 2 * tick or 1)
        bits.held(tick not in (exact.denominator, 1000 * exact.denominator))
        rate = float(exact)
    bits.held(bits.take(2))  # buffers of units, and of pictures
    bits.take(1)
    if bits.take(1):
        bits.take(1)
        for _ in range(4):
            bits.held(bits.count(), _MOST_LOG)
        bits.held(bits.count()), bits.held(bits.count(), _MOST_REFERENCES)
    return aspect <= 1, rate


def is_usual_picture_set(unit: bytes) -> bool:
    """Whether a picture parameter set holds what it must (7.3.2.2), as every picture has it, and nothing behind it.

    Not with arithmetic codes (CABAC): no decoder tells where these end, and so what stands behind them.
    """
    if not unit or not _is_set(unit, _PICTURE):
        return False
    bits = Bits(unescaped(unit[1:]))
    bits.held(bits.count()), bits.held(bits.count())  # its number, and that of the sequence
    bits.held(bits.take(2))  # arithmetic codes, order of fields
    bits.held(bits.count())  # groups of slices
    bits.held(bits.count(), 31), bits.held(bits.count(), 31)
    bits.held(bits.take(3) & 3, 2)  # weights of pictures
    bits.held(bits.count(), _MOST_QUALITY), bits.held(bits.count(), _MOST_QUALITY)
    bits.held(bits.count(), _MOST_OFFSET)
    bits.held(bits.take(3) & 1)  # pictures a second time
    return bits.is_held and bits.ends


def unescaped(unit: bytes) -> bytes:
    """Without the bytes that keep units from looking like starts (7.4.1)."""
    return unit.replace(b"\0\0\3", b"\0\0")
