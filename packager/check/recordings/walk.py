"""One file of film or sound as it is walked: its bytes, its streams as far as they are known, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import BinaryIO

from packager.check.containers import DamageError
from packager.check.facts import FormProblem, StreamFacts
from packager.check.recordings.forms import ContainerPart, Forms

_MOST_AT_ONCE = 64 << 20  # bytes: the index of a film of a day has 20 million
_MOST_PROBLEMS = 100
_MOST_PARTS = 1000  # in one other; a film has some ten
_MOST_NOTES = 1 << 16
_MOST_UNITS = 1001  # of a picture: the rates of NTSC, or hundredths
_BUFFER_S = 2
_WINDOWS_S = (1, 5, 30)


class RecordingWalk:
    """What walkers share; a problem that comes again is told once."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self.size = file, size
        self.streams: list[StreamFacts] = []
        self._problems: dict[FormProblem, None] = {}
        self._strangers: dict[str, None] = {}
        self.notes = bytearray()

    @property
    def problems(self) -> tuple[FormProblem, ...]:
        """All that is wrong: first the parts that have no place, then the rest in the order of the file."""
        strangers = ", ".join(self._strangers)
        return ((("F103", f"it holds {strangers}"),) if strangers else ()) + tuple(self._problems)

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from one place to another; DamageError where they are not all there, or too many."""
        if end > self.size:
            raise DamageError("cut off")
        if end - start > _MOST_AT_ONCE:
            raise DamageError(f"a part of it has {end - start:,} bytes, which is too much")
        self._file.seek(start)
        data = self._file.read(end - start)
        if len(data) < end - start:
            raise DamageError("cut off")
        return data

    def tell(self, problem: str, code: str = "F103") -> None:
        """Keep what is wrong, of very much the beginning."""
        if problem and len(self._problems) < _MOST_PROBLEMS:
            self._problems.setdefault((code, problem))

    def note(self, start: int, end: int) -> None:
        """Remember bytes that may say something, of very many the first."""
        self.notes += self.read(start, min(end, start + _MOST_NOTES - len(self.notes)))

    def keep(self, parts: list[ContainerPart], part: ContainerPart) -> None:
        """Put a part to those beside it; DamageError where they are too many."""
        if len(parts) >= _MOST_PARTS:
            raise DamageError(f"there are more than {_MOST_PARTS:,} parts in one of its parts")
        parts.append(part)

    def hold_order(self, forms: Forms, name: str, parts: list[ContainerPart]) -> None:
        """Hold the names of the parts in a part against those that have a place there."""
        names = [part.name for part in parts]
        if strangers := forms.strangers(name, names):
            self._strangers |= dict.fromkeys(strangers[:_MOST_PROBLEMS])
        elif not forms.are_in_order(name, names):
            self.tell(f"in its {name.strip()} there lie {' '.join(names[:_MOST_PROBLEMS]) or 'no parts'}")

    def hold_samples(self, name: str) -> None:
        """Tell of what lies among samples and is none."""
        if len(self._strangers) < _MOST_PROBLEMS:
            self._strangers.setdefault(name)

    def hold_rate(self, units: int, each: int) -> None:
        """Hold the rate of pictures, in units a second and of each, to the one way in which it is written."""
        if gcd(units, each) > 1 or each > _MOST_UNITS:
            self.tell("the rate of its pictures is not in lowest terms")

    def hold(self, part: ContainerPart, **expected: int) -> None:
        """Hold numbers of a part against what follows from the rest of the file."""
        for name, value in expected.items():
            if (found := part.number(name)) != value:
                self.tell(f"{name} in its {part.name.strip()} is {found:,}, and {value:,} follows from the rest")


def stream_of(codec: str, sizes: Sequence[int], seconds: float) -> StreamFacts:
    """Return what is known of a stream by the bytes of its samples alone."""
    rate = len(sizes) / seconds
    return StreamFacts(codec, seconds, len(sizes), round(8 * sum(sizes) / seconds), rate, _peak_bit_rate(sizes, rate))


def _peak_bit_rate(sizes: Sequence[int], rate: float) -> int:
    """Return the bit/s at which a buffer of two seconds never runs empty: of each window what is not in the buffer."""
    peak = 0.0
    for seconds in _WINDOWS_S:
        length = max(1, round(seconds * rate))
        held = most = sum(sizes[:length])
        for new, old in zip(sizes[length:], sizes, strict=False):
            held += new - old
            most = max(most, held)
        peak = max(peak, 8 * most / (seconds + _BUFFER_S))
    return round(peak)
