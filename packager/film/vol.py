"""What a stream of MPEG-4 part 2 says of itself in the headers before its pictures (ISO 14496-2, 6.2.2 and 6.2.3)."""

from __future__ import annotations

from dataclasses import dataclass

from packager.film.bits import CodedForm, HeaderBits

_START = b"\0\0\1"
_SEQUENCE, _VIDEO, _OBJECT, _LAYER = b"\xb0", b"\xb5\x89\x13", b"\x00", b"\x20"
_MOST_BYTES = 256
_TYPES = (1, 17)  # simple and advanced simple, table 6-10
_WIDE = 15  # an aspect ratio of its own, table 6-12
# profile_and_level_indication, table G-1
_PROFILES = {level: ("simple", level) for level in range(1, 7)} | {
    0xF0 + level: ("advanced-simple", level) for level in range(6)
}


@dataclass(frozen=True, slots=True)
class Clock:
    """How pictures are timed: units a second, and of each picture, 0 where that is not told."""

    resolution: int
    each: int

    @property
    def time_bits(self) -> int:
        """The bits of a time within a second."""
        return max(1, (self.resolution - 1).bit_length())


def mpeg4_form(setup: bytes) -> tuple[CodedForm, Clock] | None:
    """Return what the headers say; None where they are broken, of another profile, or say more."""
    units = setup.split(_START)[1:]
    layer = units[-1] if units else b""
    profile = _PROFILES.get(units[0][1]) if units and len(units[0]) == 2 else None
    usual = [_SEQUENCE + units[0][1:], _VIDEO, _OBJECT, layer] if units else []
    if profile is None or units != usual or not layer.startswith(_LAYER) or len(layer) > _MOST_BYTES:
        return None
    bits = HeaderBits(layer[1:])
    try:
        bits.take(1)  # whether it can be entered anywhere
        bits.fixed(8, *_TYPES)
        version = bits.take(7) >> 3 if bits.take(1) else 1
        if bits.fixed(4, 1, _WIDE) == _WIDE:
            bits.fixed(16, 0x0101)
        if bits.take(1):  # vol_control_parameters: colours, delay, and no buffers
            bits.fixed(4, 0b0100, 0b0110)
        bits.fixed(3, 1)  # a rectangle, and a bit that is always one
        resolution = bits.take(16)
        bits.fixed(1, 1)
        time_bits = max(1, (resolution - 1).bit_length())
        each = bits.take(time_bits) if bits.take(1) else 0
        bits.fixed(1, 1)
        width = bits.take(13)
        bits.fixed(1, 1)
        height = bits.take(13)
        bits.fixed(1, 1)
        is_plain = bool(resolution) and 0 < version <= 5 and _is_plain(bits, version)
    except ValueError:
        return None
    return CodedForm(profile[0], profile[1], width, height, is_plain), Clock(resolution, each)


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
