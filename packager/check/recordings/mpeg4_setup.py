"""The headers of MPEG-4 part 2 (ISO 14496-2, 6.2.2 and 6.2.3): one of each, in the form that encoders write."""

from __future__ import annotations

from dataclasses import dataclass

from packager.check.containers import DamageError
from packager.check.recordings.bits import Bits

_SEQUENCE = 0xB0
_OBJECTS = (b"\xb5\x09", b"\xb5\x89\x13")  # video, in short and with its version
_VIDEO, _LAYER = b"\x00", 0x20  # the first object of all, and its first layer
_TYPES = (1, 17)  # simple and advanced simple, table 6-10
_WIDE = 15  # an aspect ratio of its own, table 6-12
# profile_and_level_indication, table G-1
_SIMPLE = {8: "0", 1: "1", 2: "2", 3: "3", 4: "4", 5: "5", 6: "6"}
_ADVANCED = {0xF0 + level: str(level) for level in range(6)} | {0xF7: "3"}


@dataclass(frozen=True, slots=True)
class Layer:
    """What the headers say, in pixels, and in units of time a second; `is_whole`: they say nothing else.

    `each` are the units of a picture, where they tell it, else 0.
    """

    profile: str
    level: str
    width: int
    height: int
    resolution: int
    each: int
    features: tuple[str, ...]
    is_whole: bool

    @property
    def time_bits(self) -> int:
        """The bits of a time within a second."""
        return max(1, (self.resolution - 1).bit_length())


def read_setup(units: list[bytes]) -> Layer:
    """Return what the headers say, each without its start code; DamageError where that is not to be known."""
    sequences = [unit for unit in units if unit[0] == _SEQUENCE]
    layers = [unit for unit in units if unit[0] & 0xF0 == _LAYER]
    if not layers:
        raise DamageError("its pictures have no size")
    profile, level = _profile(sequences[0][1]) if sequences and len(sequences[0]) > 1 else ("", "")
    usual = [[*sequences[:1], one, _VIDEO, layers[0]] for one in _OBJECTS]
    is_usual = units in usual and len(sequences[0]) == 2 and layers[0][0] == _LAYER
    return _layer(layers[0][1:], profile, level, is_usual=is_usual)


def _profile(indication: int) -> tuple[str, str]:
    if indication in _SIMPLE:
        return "simple", _SIMPLE[indication]
    if indication in _ADVANCED:
        return "advanced-simple", _ADVANCED[indication]
    return f"a profile 0x{indication:02x}", ""


def _layer(data: bytes, profile: str, level: str, *, is_usual: bool) -> Layer:
    bits = Bits(data)
    bits.take(1)  # whether it can be entered anywhere
    bits.held(bits.take(8) not in _TYPES)
    version = bits.take(7) >> 3 if bits.take(1) else 1
    bits.held(version, 5, 1)
    aspect = bits.take(4)
    is_square = aspect == 1 if aspect != _WIDE else (bits.take(8), bits.take(8)) == (1, 1)
    if bits.take(1):  # vol_control_parameters: colours, delay, buffers
        bits.held(bits.take(2), 1, 1), bits.take(1)
        bits.held(bits.take(1)) and bits.take(79)
    if bits.take(2):
        raise DamageError("its pictures are not rectangles")
    _marker(bits)
    resolution = bits.held(bits.take(16), 0xFFFF, 1)
    _marker(bits)
    each = bits.take(max(1, (resolution - 1).bit_length())) if bits.take(1) else 0
    _marker(bits)
    width = bits.take(13)
    _marker(bits)
    height = bits.take(13)
    _marker(bits)
    features = [*["stretched pixels"] * (not is_square), *["interlaced pictures"] * bits.take(1)]
    bits.held(bits.take(1), 1, 1)  # obmc_disable
    features += ["global motion"] * (bits.take(1 if version == 1 else 2) > 0)
    if bits.take(1):
        raise DamageError("its pixels have not eight bits")
    if bits.take(1):  # quant_type, with matrices of its own or without
        features += ["MPEG quantizers"]
        for _ in range(2):
            if bits.take(1):
                _skip_matrix(bits)
    features += ["quarter pixels"] * (version != 1 and bits.take(1))
    bits.held(bits.take(1), 1, 1)  # no complexity
    bits.take(1)  # resync markers or none
    bits.held(bits.take(1))  # partitions
    bits.held(bits.take(2) if version != 1 else 0)  # newer tools
    bits.held(bits.take(1))  # further layers
    is_whole = is_usual and bits.is_held and bits.is_stuffed
    return Layer(profile, level, width, height, resolution, each, tuple(features), is_whole)


def _marker(bits: Bits) -> None:
    """Read over a bit that is always one."""
    bits.held(bits.take(1), 1, 1)


def _skip_matrix(bits: Bits) -> None:
    """Read over up to 64 numbers, which a 0 ends."""
    any(not bits.take(8) for _ in range(64))
