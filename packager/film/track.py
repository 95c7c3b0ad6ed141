"""One stream of a film, waiting in a file until it is woven with the other."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from packager.film.streams import Sample


@dataclass(frozen=True, slots=True)
class Track:
    """The samples of one stream, one behind the other in the file `path`; each takes 1 / `rate` seconds.

    `sizes` are theirs in bytes, `keys` the indexes, from 0, of those at which a player can begin.
    """

    path: Path
    rate: Fraction
    sizes: array[int] = field(default_factory=lambda: array("I"))
    keys: array[int] = field(default_factory=lambda: array("I"))

    @classmethod
    def kept(cls, samples: Iterable[Sample], path: Path, rate: Fraction) -> Track:
        """Write all samples to `path`, which must not exist."""
        track = cls(path, rate)
        with path.open("xb") as file:
            for sample in samples:
                if sample.is_key:
                    track.keys.append(len(track.sizes))
                track.sizes.append(len(sample.data))
                file.write(sample.data)
        return track

    @property
    def seconds(self) -> Fraction:
        """How long it is."""
        return len(self.sizes) / self.rate

    def chunks(self, seconds: Fraction) -> list[int]:
        """How many samples each stretch of so many seconds has, at least one; the last has what is left."""
        each = max(1, int(self.rate * seconds))
        whole, rest = divmod(len(self.sizes), each)
        return [each] * whole + [rest] * bool(rest)
