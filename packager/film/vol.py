"""What a stream of MPEG-4 part 2 says of itself in the headers before its pictures (ISO 14496-2, 6.2.2 and 6.2.3)."""

from __future__ import annotations

from packager.film.bits import CodedForm, HeaderBits

_START = b"\0\0\1"
_SEQUENCE, _LAYERS = 0xB0, range(0x20, 0x30)
_MOST_BYTES = 256
_WIDE = 15  # an aspect ratio of its own, table 6-12
# profile_and_level_indication, table G-1
_PROFILES = {level: ("simple", level) for level in range(1, 7)} | {
    0xF0 + level: ("advanced-simple", level) for level in range(6)
}


def mpeg4_form(setup: bytes) -> CodedForm | None:
    """Return what the headers say; None where they are broken, or of another profile."""
    units = setup.split(_START)[1:]
    profile = next((_PROFILES.get(unit[1]) for unit in units if unit[:1] == bytes((_SEQUENCE,)) and unit[1:]), None)
    layer = next((unit for unit in units if unit and unit[0] in _LAYERS), b"")
    if profile is None or not layer or len(layer) > _MOST_BYTES:
        return None
    bits = HeaderBits(layer[1:])
    try:
        bits.take(9)  # whether it can be entered anywhere, and what kind of object it is
        version = bits.take(7) >> 3 if bits.take(1) else 1
        aspect = bits.take(4)
        is_square = bits.take(8) == bits.take(8) if aspect == _WIDE else aspect == 1
        if bits.take(1):  # how it is to be sent
            bits.take(3)
            bits.take(79 if bits.take(1) else 0)
        is_rectangle = bits.take(2) == 0
        bits.take(1)
        resolution = bits.take(16)
        bits.take(1)
        if bits.take(1):
            bits.take(max(1, (resolution - 1).bit_length()))
        bits.take(1)
        width = bits.take(14) >> 1
        height = bits.take(14) >> 1
        is_plain = is_square and is_rectangle and _is_plain(bits, version)
    except ValueError:
        return None
    return CodedForm(profile[0], profile[1], width, height, is_plain)


def _is_plain(bits: HeaderBits, version: int) -> bool:
    """Whether pictures are whole, without global motion, quarter pixels and tables of their own, in one piece each."""
    if bits.take(1) or not bits.take(1):  # interlaced; overlapped blocks
        return False
    if bits.take(1 if version == 1 else 2) or bits.take(1) or bits.take(1):  # sprites; more bits; tables
        return False
    if version != 1 and bits.take(1):  # quarter pixels
        return False
    no_estimation, _, partitions = bits.take(1), bits.take(1), bits.take(1)
    later_tools = bits.take(2) if version != 1 else 0
    is_scalable = bits.take(1)
    return bool(no_estimation) and not partitions and not later_tools and not is_scalable and bits.is_stuffed
