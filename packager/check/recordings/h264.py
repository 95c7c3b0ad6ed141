"""Pictures of H.264 (ITU-T H.264), unit by unit: their parameters, their kinds, and what is no part of a picture."""

from __future__ import annotations

from dataclasses import dataclass

from packager.check.containers import DamageError
from packager.check.recordings.bits import Bits

_PROFILES = {66: "baseline", 77: "main", 88: "extended", 100: "high", 110: "high-10", 122: "high-4:2:2"}
_PLAIN_PROFILES = (66, 77, 88)  # those whose parameters tell nothing of colours: 7.3.2.1.1
_SLICE, _KEY_SLICE = 1, 5
_SEI = 6
_SEQUENCE, _PICTURE = 7, 8  # sets of parameters
_MOST_UNITS = 1000  # of a picture, whose slices they are
_B_SLICES = (1, 6)  # slice_type, table 7-6
_WIDE = 255  # an aspect ratio of its own, table E-1


@dataclass(frozen=True, slots=True)
class SequenceParameters:
    """What a sequence parameter set says; `rate` is 0 where it says none; `is_whole`, whether nothing stands behind.

    Of profiles that no device of ours plays the size is not read, and 0.
    """

    profile: str
    level: str
    width: int
    height: int
    rate: float
    is_interlaced: bool
    is_square: bool
    is_whole: bool


def parameters(unit: bytes) -> SequenceParameters:
    """Return what a sequence parameter set says; DamageError where it is none."""
    if len(unit) < 5 or not _is_set(unit, _SEQUENCE):
        raise DamageError("its pictures have no parameters")
    bits = Bits(_unescaped(unit[4:]))
    if unit[1] not in _PLAIN_PROFILES:
        name = _PROFILES.get(unit[1], f"a profile {unit[1]}")
        return SequenceParameters(name, f"{unit[3] / 10:.1f}", 0, 0, 0, False, True, True)
    _skip_order(bits)
    columns, rows = bits.count() + 1, bits.count() + 1
    is_interlaced = not bits.take(1)
    bits.take(1 + is_interlaced)  # mb_adaptive_frame_field_flag, direct_8x8_inference_flag
    rows *= 1 + is_interlaced
    left, right, top, bottom = (bits.count() for _ in range(4)) if bits.take(1) else (0, 0, 0, 0)
    is_square, rate = _usability(bits) if bits.take(1) else (True, 0.0)
    return SequenceParameters(
        profile=_PROFILES[unit[1]],
        level=f"{unit[3] / 10:.1f}",
        width=16 * columns - 2 * (left + right),
        height=16 * rows - 2 * (1 + is_interlaced) * (top + bottom),
        rate=rate,
        is_interlaced=is_interlaced,
        is_square=is_square,
        is_whole=bits.ends and not unit[2] & 3,
    )


def _is_set(unit: bytes, kind: int) -> bool:
    """Whether it is a set of parameters of that kind, which always has a rank (nal_ref_idc is not 0)."""
    return unit[0] & 0x9F == kind and unit[0] & 0x60 > 0


def _skip_order(bits: Bits) -> None:
    """Read over how pictures are numbered."""
    bits.count(), bits.count()  # seq_parameter_set_id, log2_max_frame_num_minus4
    kind = bits.count()
    if kind == 0:
        bits.count()
    elif kind == 1:
        bits.take(1)
        bits.count(), bits.count()
        for _ in range(bits.count()):
            bits.count()
    bits.count(), bits.take(1)  # max_num_ref_frames, gaps_in_frame_num_value_allowed_flag


def _usability(bits: Bits) -> tuple[bool, float]:
    """Read annex E.1.1: whether pixels are square, and pictures a second."""
    aspect = bits.take(8) if bits.take(1) else 1
    if aspect == _WIDE:
        aspect = int(bits.take(16) == bits.take(16))
    bits.take(1) and bits.take(1)  # overscan
    if bits.take(1):
        bits.take(4)
        bits.take(1) and bits.take(24)
    if bits.take(1):
        bits.count(), bits.count()
    rate = 0.0
    if bits.take(1):
        tick, scale, _ = bits.take(32), bits.take(32), bits.take(1)
        rate = scale / (2 * tick) if tick else 0.0
    if sum([_has_buffer(bits), _has_buffer(bits)]):  # of units, of pictures
        bits.take(1)
    bits.take(1)
    if bits.take(1):
        bits.take(1)
        for _ in range(6):
            bits.count()
    return aspect <= 1, rate


def _has_buffer(bits: Bits) -> bool:
    """Whether a buffer is described; read over annex E.1.2."""
    is_there = bool(bits.take(1))
    if is_there:
        count = bits.count() + 1
        bits.take(8)
        for _ in range(count):
            bits.count(), bits.count(), bits.take(1)
        bits.take(20)
    return is_there


def picture_parameters_end(unit: bytes) -> bool:
    """Whether a picture parameter set holds what it must (7.3.2.2) and nothing behind it."""
    bits = Bits(_unescaped(unit[1:]))
    bits.count(), bits.count(), bits.take(2)
    if bits.count():  # slice groups, which no encoder of today makes
        return False
    bits.count(), bits.count(), bits.take(3)
    for _ in range(3):
        bits.count()
    bits.take(3)
    return _is_set(unit, _PICTURE) and bits.ends


@dataclass(frozen=True, slots=True)
class H264Sample:
    """What is in one sample: whether it is a key, has B slices, and holds text beside its picture."""

    is_key: bool
    has_b: bool
    problem: str = ""


def sample(data: bytes) -> H264Sample:
    """Return what a sample of units behind their lengths is; DamageError where they do not fill it."""
    at, kinds, has_b = 0, list[int](), False
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        unit = data[at + 4 : at + 4 + size]
        if not unit or len(unit) < size or len(kinds) == _MOST_UNITS:
            raise DamageError("the units of a picture do not fill it")
        at += 4 + size
        kinds.append(unit[0] & 0x1F)
        if kinds[-1] in (_SLICE, _KEY_SLICE):
            bits = Bits(_unescaped(unit[1:16]))
            bits.count()  # first_mb_in_slice
            has_b |= bits.count() in _B_SLICES
        elif kinds[-1] == _SEI:
            return H264Sample(False, has_b, f"a picture carries a remark (SEI){_said(unit)}")
        else:
            return H264Sample(False, has_b, f"a picture carries a unit of type {kinds[-1]}")
    return H264Sample(_KEY_SLICE in kinds, has_b)


def _said(unit: bytes) -> str:
    """The first words in a remark, as encoders leave them."""
    words = "".join(chr(byte) if 0x20 <= byte < 0x7F else "\n" for byte in unit).split("\n")
    longest = max(words, key=len)
    return f': "{longest[:60]}"' if len(longest) > 8 else ""


def _unescaped(unit: bytes) -> bytes:
    """Without the bytes that keep units from looking like starts (7.4.1)."""
    return unit.replace(b"\0\0\3", b"\0\0")
