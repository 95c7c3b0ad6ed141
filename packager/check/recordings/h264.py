"""Pictures of H.264 (ITU-T H.264), unit by unit: slices alone, each picture once, numbered as its place tells."""

from __future__ import annotations

import re
from itertools import pairwise

from packager.check.containers import DamageError
from packager.check.recordings.bits import Bits
from packager.check.recordings.h264_setup import SequenceParameters, unescaped

_SLICE, _KEY_SLICE = 1, 5
_SEI = 6
_MOST_UNITS = 1000  # of a picture, whose slices they are
_PREDICTED, _B_SLICES, _WHOLE = (0, 5), (1, 6), (2, 7)  # slice_type, table 7-6
_HEAD_BYTES = 16  # of a slice; what is read of its header takes 12
# What ends a unit for decoders, so that they never see what is behind it (7.4.1), and escapes that hide nothing.
_BREAKS = re.compile(rb"\x00\x00[\x00-\x02]|\x00\x00\x03(?![\x00-\x03])")


class H264Walk:
    """Takes the pictures one after the other, as units behind their lengths; of what is wrong the first is kept."""

    problem = ""
    has_b = False

    def __init__(self, sequence: SequenceParameters) -> None:
        self._sequence = sequence
        self._heads: dict[int, int] = {}  # of slices by their kind, which say for how much others need them
        self._number = self._since_key = 0

    def add(self, data: bytes) -> bool:
        """Take a sample, and return whether a player can begin at it; DamageError where units do not fill it."""
        units = self._units(data)
        if not units:
            self._tell("a picture is empty: the one before stands for it")
            return False
        for unit in units:
            if (kind := unit[0] & 0x1F) not in (_SLICE, _KEY_SLICE):
                remark = f"a remark (SEI){_said(unit)}"
                self._tell(f"a picture carries {remark if kind == _SEI else f'a unit of type {kind}'}")
                return False
            if unit[0] != self._heads.setdefault(kind, unit[0]) or unit[0] & 0x80:
                self._tell("pictures differ in how much others need them")
            if unit.endswith(b"\0") or _BREAKS.search(unit):
                self._tell("bytes stand behind the end of a slice")
        self._picture(units)
        return units[0][0] & 0x1F == _KEY_SLICE

    @staticmethod
    def _units(data: bytes) -> list[bytes]:
        at, units = 0, list[bytes]()
        while at < len(data):
            size = int.from_bytes(data[at : at + 4], "big")
            unit = data[at + 4 : at + 4 + size]
            if not unit or len(unit) < size or len(units) == _MOST_UNITS:
                raise DamageError("the units of a picture do not fill it")
            at += 4 + size
            units.append(unit)
        return units

    def _picture(self, units: list[bytes]) -> None:
        """Hold the headers of a picture's slices (7.3.3) against each other, and against the pictures before."""
        slices = [self._slice(unit) for unit in units]
        first_blocks = [first for first, *_ in slices]
        if first_blocks[0] or any(one >= other for one, other in pairwise(first_blocks)):
            self._tell("a sample holds more than one picture, or its slices out of order")
        is_key = units[0][0] & 0x1F == _KEY_SLICE
        if len({one[1:] for one in slices}) > 1:
            self._tell("the slices of a picture belong to several")
        _, _, number, key_number, place = slices[0]
        self._since_key = 0 if is_key else self._since_key + 1
        expected = 0 if is_key else (self._number + 1) % (1 << self._sequence.number_bits)
        places = {step * self._since_key % (1 << self._sequence.order_bits) for step in (1, 2)}
        if number != expected or key_number > 1 or place not in places:
            self._tell("the numbers of pictures are not those of their places")
        if units[0][0] & 0x60:
            self._number = number

    def _slice(self, unit: bytes) -> tuple[int, bool, int, int, int]:
        """Its first block, whether it is a key, and numbers of its picture: its own, that as a key, its place."""
        bits, is_key = Bits(unescaped(unit[1:_HEAD_BYTES])), unit[0] & 0x1F == _KEY_SLICE
        first, kind = bits.count(), bits.count()
        self.has_b |= kind in _B_SLICES
        if kind not in (*_PREDICTED, *_B_SLICES, *_WHOLE) or bits.count():
            self._tell("a slice is of an unknown kind")
        number = bits.take(self._sequence.number_bits)
        key_number = bits.count() if is_key else 0
        return first, is_key, number, key_number, bits.take(self._sequence.order_bits)

    def _tell(self, problem: str) -> None:
        self.problem = self.problem or problem


def _said(unit: bytes) -> str:
    """The first words in a remark, as encoders leave them."""
    words = "".join(chr(byte) if 0x20 <= byte < 0x7F else "\n" for byte in unit).split("\n")
    longest = max(words, key=len)
    return f': "{longest[:60]}"' if len(longest) > 8 else ""
