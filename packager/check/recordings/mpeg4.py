"""Pictures of MPEG-4 part 2 (ISO 14496-2, 6.2), start code by start code: their layer, their kinds, and remarks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from packager.check.containers import DamageError
from packager.check.facts import StreamFacts
from packager.check.findings import show
from packager.check.recordings.bits import Bits

_START = b"\0\0\1"
_SEQUENCE, _USER_DATA, _GROUP, _OBJECT, _PICTURE = 0xB0, 0xB2, 0xB3, 0xB5, 0xB6
_LAYERS = range(0x20, 0x30)
# Those of one length, with their code; an object says what kind it is, a group its time.
_UNIT_BYTES = {_SEQUENCE: 2, _OBJECT: 3, _GROUP: 4, **dict.fromkeys(range(0x20), 1)}
_MOST_UNITS = 20  # of a picture, with all headers before it
_WIDE = 15  # an aspect ratio of its own, table 6-12
# profile_and_level_indication, table G-1
_SIMPLE = {8: "0", 1: "1", 2: "2", 3: "3", 4: "4", 5: "5", 6: "6"}
_ADVANCED = {0xF0 + level: str(level) for level in range(6)} | {0xF7: "3"}


@dataclass(frozen=True, slots=True)
class Layer:
    """What a video object layer says, in pixels; `is_whole`: nothing stands behind it."""

    width: int
    height: int
    features: tuple[str, ...]
    is_square: bool
    is_whole: bool


class Mpeg4Walk:
    """Takes the pictures one after the other, and tells what they are."""

    profile = level = ""
    layer: Layer | None = None
    problem = ""
    features: set[str]

    def __init__(self) -> None:
        self.features = set()

    def add(self, data: bytes) -> bool:
        """Take a sample, and return whether a player can begin at it; DamageError where it is no picture."""
        if not data:
            self._tell("a picture is empty: the one before stands for it")
            return False
        if not data.startswith(_START):
            raise DamageError("a picture does not begin with a start code")
        units = self.learn(data)
        last = units[-1]
        if [unit[:1] for unit in units].count(bytes((_PICTURE,))) != 1 or last[:1] != bytes((_PICTURE,)):
            raise DamageError("a sample is not one picture")
        return len(last) > 1 and last[1] >> 6 == 0

    def learn(self, data: bytes) -> list[bytes]:
        """Take what stands behind start codes, headers or a picture, and return it part by part."""
        if data.count(_START) > _MOST_UNITS:
            raise DamageError("a sample is not one picture")
        units = data[len(_START) :].split(_START)
        for unit in units:
            self._learn(unit[0] if unit else _USER_DATA, unit)
        return units

    def facts(self, stream: StreamFacts) -> StreamFacts:
        """Return the stream with what its pictures are; DamageError where no layer says it."""
        if self.layer is None:
            raise DamageError("its pictures have no size")
        if not self.layer.is_whole:
            self._tell("the header of its pictures holds more than it must")
        features = {*self.features, *self.layer.features, *["stretched pixels"] * (not self.layer.is_square)}
        return replace(
            stream,
            profile=self.profile,
            level=self.level,
            width=self.layer.width,
            height=self.layer.height,
            features=tuple(sorted(features)),
        )

    def _learn(self, code: int, unit: bytes) -> None:
        if code == _SEQUENCE and len(unit) == 2:
            self.profile, self.level = _profile(unit[1])
        elif code in _LAYERS:
            layer = _layer(unit[1:])
            if self.layer not in (None, layer):
                raise DamageError("its pictures change their form on the way")
            self.layer = layer
        elif code == _PICTURE:
            kind = unit[1] >> 6 if len(unit) > 1 else 0
            self.features.update({2: ("B-frames",), 3: ("global motion",)}.get(kind, ()))
        elif code == _USER_DATA:
            words = unit[1:].decode("ascii", "replace").strip("\0")
            self._tell(f'a picture carries a remark: "{show(words, 60)}"')
        elif len(unit) != _UNIT_BYTES.get(code):
            self._tell(f"a picture carries a part of an unknown form (0x{code:02x})")

    def _tell(self, problem: str) -> None:
        self.problem = self.problem or problem


def _profile(indication: int) -> tuple[str, str]:
    if indication in _SIMPLE:
        return "simple", _SIMPLE[indication]
    if indication in _ADVANCED:
        return "advanced-simple", _ADVANCED[indication]
    return f"a profile 0x{indication:02x}", ""


def _layer(data: bytes) -> Layer:
    bits = Bits(data)
    bits.take(9)  # random access, type
    version = bits.take(7) >> 3 if bits.take(1) else 1
    is_square = _is_square(bits)
    if bits.take(1):  # vol_control_parameters
        bits.take(3)
        bits.take(1) and bits.take(79)
    shape = bits.take(2)
    bits.take(1)
    resolution = bits.take(16)
    bits.take(1)
    if bits.take(1):
        bits.take(max(1, (resolution - 1).bit_length()))
    if shape:
        raise DamageError("its pictures are not rectangles")
    bits.take(1)
    width = bits.take(14) >> 1
    height = bits.take(14) >> 1
    features = ["interlaced pictures"] * bits.take(1)
    bits.take(1)  # obmc_disable
    features += ["global motion"] * (bits.take(1 if version == 1 else 2) > 0)
    if bits.take(1):
        raise DamageError("its pixels have not eight bits")
    if bits.take(1):  # quant_type, with matrices of its own or without
        features += ["MPEG quantizers"]
        for _ in range(2):
            if bits.take(1):
                _skip_matrix(bits)
    features += ["quarter pixels"] * (version != 1 and bits.take(1))
    is_plain = bits.take(2) > 1 and not bits.take(1)  # no complexity, resync markers or none, no partitions
    is_plain = is_plain and not (version != 1 and bits.take(2)) and not bits.take(1)
    return Layer(width, height, tuple(features), is_square, is_plain and bits.is_stuffed)


def _is_square(bits: Bits) -> bool:
    aspect = bits.take(4)
    return bits.take(8) == bits.take(8) if aspect == _WIDE else aspect == 1


def _skip_matrix(bits: Bits) -> None:
    """Read over up to 64 numbers, which a 0 ends."""
    any(not bits.take(8) for _ in range(64))
