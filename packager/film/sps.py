"""What a stream of H.264 says of itself in its sequence parameter set (ITU-T H.264, 7.3.2.1.1 and annex E)."""

from __future__ import annotations

from packager.film.bits import CodedForm, HeaderBits

_PROFILES = {66: "baseline", 77: "main"}  # of those that old devices know; others are not looked into
_MOST_BYTES = 256
_WIDE = 255  # an aspect ratio of its own, table E-1


def h264_form(unit: bytes) -> CodedForm | None:
    """Return what a sequence parameter set says; None for one that is broken, or of another profile."""
    if len(unit) < 5 or len(unit) > _MOST_BYTES or unit[1] not in _PROFILES:
        return None
    bits = HeaderBits(unit[4:].replace(b"\0\0\3", b"\0\0"))
    try:
        bits.numbers(2)  # its own number, and how many bits count pictures
        order = bits.number()
        if order == 1:
            bits.take(1)
            bits.numbers(2)
            bits.numbers(bits.number())
        bits.numbers(2 if order == 0 else 1)  # how pictures are counted, and how many are referred to
        bits.take(1)
        columns, rows = bits.number() + 1, bits.number() + 1
        has_whole_pictures = bits.take(1)
        bits.take(1 if has_whole_pictures else 2)
        left, right, top, bottom = bits.numbers(4) if bits.take(1) else (0, 0, 0, 0)
        is_plain = bool(has_whole_pictures) and (not bits.take(1) or _is_plain(bits))
    except ValueError:
        return None
    width, height = 16 * columns - 2 * (left + right), 16 * rows - 2 * (top + bottom)
    return CodedForm(_PROFILES[unit[1]], unit[3] / 10, width, height, is_plain)


def _is_plain(bits: HeaderBits) -> bool:
    """Whether pixels are square, and nothing says how the stream is to be sent (annex E.1.1)."""
    aspect = bits.take(8) if bits.take(1) else 1
    is_square = bits.take(16) == bits.take(16) if aspect == _WIDE else aspect <= 1
    if bits.take(1):  # overscan
        bits.take(1)
    if bits.take(1):  # what kind of film it was, and its colours
        bits.take(4)
        if bits.take(1):
            bits.take(24)
    if bits.take(1):  # where its colours are
        bits.numbers(2)
    if bits.take(1):  # how long a picture lasts
        bits.take(65)
    return is_square and not bits.take(2)
