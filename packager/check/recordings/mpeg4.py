"""Pictures of MPEG-4 part 2 (ISO 14496-2, 6.2): behind the one setup of a film, and each at the time of its place."""

from __future__ import annotations

from dataclasses import replace
from math import gcd, isclose

from packager.check.containers import DamageError
from packager.check.facts import StreamFacts
from packager.check.findings import show
from packager.check.recordings.bits import Bits
from packager.check.recordings.mpeg4_setup import Layer, read_setup

_START = b"\0\0\1"
_REMARK, _GROUP, _PICTURE = b"\0\0\1\xb2", b"\0\0\1\xb3", b"\0\0\1\xb6"
_OF_ITSELF, _OF_BOTH = 0, 2  # kinds of pictures, table 6-20
_FEATURES = {_OF_BOTH: "B-frames", 3: "global motion"}
_MOST_HEAD_BYTES = 4096  # before a picture: its setup has some fifty
_TIME_BYTES = 64  # of a picture's header, in which a time that is not far from the last one has its place
_DAY_S = 86_400  # after which the clock of groups begins again


class Mpeg4Walk:
    """Takes the pictures one after the other, and tells what they are; of what is wrong the first is in `problem`.

    The `setup` is in the container, or b"" where it stands before each key.
    """

    problem = ""
    _layer: Layer | None = None

    def __init__(self, setup: bytes = b"") -> None:
        self._is_apart = bool(setup)
        self._setup = b""
        self._features: set[str] = set()
        self._pictures = self._second = self._first = self._each = 0
        if setup:
            self._learn(setup)

    def add(self, data: bytes) -> bool:
        """Take a sample, and return whether a player can begin at it; DamageError where it is no picture."""
        if not data:
            self._tell("a picture is empty: the one before stands for it")
            return False
        if not data.startswith(_START):
            raise DamageError("a picture does not begin with a start code")
        head, _, picture = data.rpartition(_PICTURE)
        if not picture or _PICTURE in head or _START in picture or len(head) > _MOST_HEAD_BYTES:
            raise DamageError("a sample is not one picture")
        kind = picture[0] >> 6
        self._head(head, is_key=kind == _OF_ITSELF)
        self._features.update(filter(None, (_FEATURES.get(kind),)))
        if kind != _OF_BOTH:
            self._time(picture)
        return kind == _OF_ITSELF

    def facts(self, stream: StreamFacts) -> StreamFacts:
        """Return the stream with what its pictures are; DamageError where no layer says it."""
        layer = self._layer
        if layer is None:
            raise DamageError("its pictures have no size")
        if not layer.is_whole:
            self._tell("the headers of its pictures hold more than they must")
        if self._pictures > 1 and not (
            isclose(layer.resolution / max(1, self._each), stream.rate, rel_tol=1e-6)
            and gcd(layer.resolution, self._each) == 1
            and layer.each in (0, self._each)
        ):
            self._tell("its pictures have another rate than their headers say")
        return replace(
            stream,
            profile=layer.profile,
            level=layer.level,
            width=layer.width,
            height=layer.height,
            features=tuple(sorted({*self._features, *layer.features})),
        )

    def _head(self, head: bytes, *, is_key: bool) -> None:
        """Hold what stands before a picture: the one setup and a group's clock before keys, and else nothing."""
        before, start, clock = head.partition(_GROUP)
        if is_key and not self._is_apart and not self._setup:
            self._learn(before)
        group = start + self._clock(clock) if start else b""
        if head != self._setup * (is_key and not self._is_apart) + group * is_key:
            self._tell_remark(before + clock)
            self._tell("a picture carries more than the headers of the film")

    def _clock(self, data: bytes) -> bytes:
        """Set the second from which times count to that of a group, and return this in its one form (6.2.4)."""
        told = int.from_bytes(data[:3], "big") >> 6
        self._second = ((told >> 13) * 60 + (told >> 7 & 63)) * 60 + (told & 63)
        minutes, seconds = divmod(self._second % _DAY_S, 60)
        return ((minutes // 60 << 13 | minutes % 60 << 7 | 1 << 6 | seconds) << 6 | 7).to_bytes(3, "big")

    def _learn(self, setup: bytes) -> None:
        """Read the headers, without remarks."""
        self._tell_remark(setup)
        units = [unit for unit in setup.split(_START)[1:] if unit and _START + unit[:1] != _REMARK]
        self._setup = b"".join(_START + unit for unit in units)
        self._layer = read_setup(units)
        if self._setup != setup:
            self._tell("the headers of its pictures hold more than they must")

    def _time(self, picture: bytes) -> None:
        """Hold the time of a picture against its place, and one that is not coded to its header (6.2.5)."""
        if self._layer is None:
            raise DamageError("its pictures have no headers before them")
        bits = Bits(picture[:_TIME_BYTES])
        bits.take(2)
        while bits.take(1):
            self._second += 1
        bits.held(bits.take(1), 1, 1)
        time = self._second * self._layer.resolution + bits.take(self._layer.time_bits)
        bits.held(bits.take(1), 1, 1)
        if not bits.take(1) and not (bits.is_stuffed and len(picture) <= _TIME_BYTES):
            self._tell("bytes stand behind a picture that is not coded")
        if self._pictures == 0:
            self._first = time
        elif self._pictures == 1:
            self._each = time - self._first
        if not bits.is_held or (time - self._first - self._pictures * self._each) % (_DAY_S * self._layer.resolution):
            self._tell("the times of pictures are not those of their places")
        self._pictures += 1

    def _tell_remark(self, head: bytes) -> None:
        _, start, remark = head.partition(_REMARK)
        if start:
            words = remark.partition(_START)[0].decode("ascii", "replace").strip("\0")
            self._tell(f'a picture carries a remark: "{show(words, 60)}"')

    def _tell(self, problem: str) -> None:
        self.problem = self.problem or problem
