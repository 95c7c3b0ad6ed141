"""What a stream of H.264 says of itself in its sets of parameters (ITU-T H.264, 7.3.2 and annex E)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from packager.film.bits import CodedForm, HeaderBits

_PROFILES = {66: "baseline", 77: "main"}  # of those that old devices know; others are not looked into
_MOST_BYTES = 256
_RESERVED = 0x1F  # of the flags behind the profile, those that these profiles have no use for
_WIDE = 255  # an aspect ratio of its own, table E-1
_COLOURS, _CURVES, _MATRICES = (1, 2, 5, 6, 7), (1, 2, 4, 5, 6, 7), (1, 2, 5, 6)  # of SDR, tables E-3 to E-5
_MOST_LOG, _MOST_REFERENCES = 16, 16
_MOST_QUALITY, _MOST_OFFSET = 52, 24  # differences with a sign: 2n or 2n-1


@dataclass(frozen=True, slots=True)
class SliceForm:
    """How slices are numbered: in how many bits by the picture, and by its place, 0 where that follows."""

    number_bits: int
    order_bits: int


def h264_form(unit: bytes, rate: Fraction) -> tuple[CodedForm, SliceForm] | None:
    """Return what a sequence parameter set says; None for one that is broken, of another profile, or says more."""
    if len(unit) < 5 or len(unit) > _MOST_BYTES or unit[1] not in _PROFILES or unit[2] & _RESERVED:
        return None
    bits = HeaderBits(unit[4:].replace(b"\0\0\3", b"\0\0"))
    try:
        bits.bounded()  # its own number
        number_bits = bits.bounded(12) + 4
        order = bits.bounded(2)
        order_bits = bits.bounded(12) + 4 if order == 0 else 0
        bits.bounded(_MOST_REFERENCES)
        bits.fixed(1, 0)  # gaps in the numbers of pictures
        columns, rows = bits.number() + 1, bits.number() + 1
        bits.fixed(1, 1)  # whole pictures, no fields
        bits.take(1)
        _, right, _, bottom = [bits.bounded(most) for most in (0, 7, 0, 7)] if bits.take(1) else (0, 0, 0, 0)
        if bits.take(1):
            _refuse_unusual(bits, rate)
        is_plain = order != 1 and bits.ends
    except ValueError:
        return None
    form = CodedForm(_PROFILES[unit[1]], unit[3] / 10, 16 * columns - 2 * right, 16 * rows - 2 * bottom, is_plain)
    return form, SliceForm(number_bits, order_bits)


def _refuse_unusual(bits: HeaderBits, rate: Fraction) -> None:
    """Raise ValueError where pixels are not square, or it is said how the stream is to be sent (annex E.1.1)."""
    if bits.take(1) and bits.fixed(8, 0, 1, _WIDE) == _WIDE:
        bits.fixed(32, 0x10001)
    bits.take(1) and bits.take(1)  # overscan
    _refuse_colours(bits)
    if bits.take(1):  # how long half a picture lasts
        tick, scale, _ = bits.fixed(32, rate.denominator, 1000 * rate.denominator), bits.take(32), bits.take(1)
        if Fraction(scale, 2 * tick) != rate:
            raise ValueError("another rate than that of the film")
    bits.fixed(2, 0)  # buffers of units, and of pictures
    bits.take(1)
    if bits.take(1):
        bits.take(1)
        for most in (*[_MOST_LOG] * 4, 0, _MOST_REFERENCES):
            bits.bounded(most)


def _refuse_colours(bits: HeaderBits) -> None:
    """Raise ValueError where colours are not those of a film for every screen."""
    if bits.take(1):  # what kind of film it was, and its colours
        bits.fixed(3, *range(6))
        if bits.take(2) & 1:
            for known in (_COLOURS, _CURVES, _MATRICES):
                bits.fixed(8, *known)
    if bits.take(1):  # where its colours are
        bits.bounded(5), bits.bounded(5)


def is_usual_picture_set(unit: bytes) -> bool:
    """Whether a picture parameter set (7.3.2.2) has no arithmetic codes, behind which words may stand, and no more."""
    if len(unit) > _MOST_BYTES:
        return False
    bits = HeaderBits(unit[1:].replace(b"\0\0\3", b"\0\0"))
    try:
        bits.bounded(), bits.bounded()  # its number, and that of the sequence
        bits.fixed(2, 0)  # arithmetic codes, order of fields
        bits.bounded()  # groups of slices
        bits.bounded(31), bits.bounded(31)
        bits.fixed(3, 0, 1, 2, 4, 5, 6)  # weights of pictures
        bits.bounded(_MOST_QUALITY), bits.bounded(_MOST_QUALITY), bits.bounded(_MOST_OFFSET)
        bits.fixed(3, 0, 2, 4, 6)  # no pictures a second time
    except ValueError:
        return False
    return bits.ends
