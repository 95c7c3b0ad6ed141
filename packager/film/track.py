"""Streams of a film, each waiting in a file until they are woven together."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import BinaryIO

from packager.film.mp3 import Mp3Header
from packager.film.streams import AacParameters, H264Parameters, Sample

AAC_SAMPLES = 1024  # of a frame
_TOLD_EVERY = 64  # samples
_BUFFER_S = 2  # of a decoder, at the highest rate: so much is read before a film begins

Stretch = tuple[Fraction, Fraction]
"""From one second of a film to another."""

Tell = Callable[[float], object]
"""Hears how many seconds of a source are done."""


def silent(_: float) -> None:
    """Hear it and do nothing."""


@dataclass(frozen=True, slots=True)
class Track:
    """The samples of one stream, one behind the other in the file `path` from byte `begin` on, each 1 / `rate` s long.

    `sizes` are theirs in bytes, `keys` the indexes, from 0, of those at which a player can begin.
    """

    path: Path
    rate: Fraction
    sizes: array[int] = field(default_factory=lambda: array("I"))
    keys: array[int] = field(default_factory=lambda: array("I"))
    begin: int = 0

    @classmethod
    def kept(cls, samples: Iterable[Sample], path: Path, rate: Fraction, tell: Tell) -> Track:
        """Write all samples to `path`; `tell` hears how many seconds are there."""
        track = cls(path, rate)
        with path.open("wb") as file:
            for sample in samples:
                if sample.is_key:
                    track.keys.append(len(track.sizes))
                track.sizes.append(len(sample.data))
                file.write(sample.data)
                if len(track.sizes) % _TOLD_EVERY == 0:
                    tell(float(track.seconds))
        return track

    def opened(self) -> BinaryIO:
        """Return the file at the first sample."""
        file = self.path.open("rb")
        file.seek(self.begin)
        return file

    def samples(self) -> Iterator[bytes]:
        """Yield each sample, as it was written."""
        with self.opened() as file:
            yield from map(file.read, self.sizes)

    @property
    def seconds(self) -> Fraction:
        """How long it is."""
        return len(self.sizes) / self.rate

    @property
    def bytes_a_second(self) -> Fraction:
        """On average."""
        return sum(self.sizes) / max(self.seconds, 1 / self.rate)

    def stretches_above(self, bit_rate: int) -> Iterator[Stretch]:
        """Yield where a decoder that is given so many bit/s has to wait: from a full buffer to the emptiest."""
        begin, missing, top, most_missing = 0, 0.0, 0, 0.0
        for end, size in enumerate(self.sizes, 1):
            missing += size - bit_rate / 8 / float(self.rate)
            if missing > most_missing:
                top, most_missing = end, missing
            if missing <= 0 or end == len(self.sizes):
                if most_missing > _BUFFER_S * bit_rate / 8:
                    yield begin / self.rate, top / self.rate
                begin, missing, top, most_missing = end, 0.0, end, 0.0

    def part(self, first: int, end: int) -> Track:
        """Return the samples from index `first` on, before `end`."""
        keys = array("I", (key - first for key in self.keys if first <= key < end))
        return Track(self.path, self.rate, self.sizes[first:end], keys, self.begin + sum(self.sizes[:first]))

    def chunks(self, seconds: Fraction) -> list[int]:
        """How many samples each stretch of so many seconds has, at least one; the last has what is left."""
        each = max(1, int(self.rate * seconds))
        whole, rest = divmod(len(self.sizes), each)
        return [each] * whole + [rest] * bool(rest)


@dataclass(frozen=True, slots=True)
class PictureTrack:
    """Pictures of `width` x `height` pixels; `setup` is what MP4 tells a decoder before the first."""

    track: Track
    width: int
    height: int
    setup: H264Parameters | bytes

    def part(self, first: int, end: int) -> PictureTrack:
        """Return the pictures from index `first` on, before `end`."""
        return replace(self, track=self.track.part(first, end))


@dataclass(frozen=True, slots=True)
class AacTrack:
    """Sound, of which the decoder's start, the first `priming` samples, is not played, and what follows for `seconds`.

    What a decoder gives of the frame of index `n` is heard from sample (n - 1) * AAC_SAMPLES on: encoders are so late.
    """

    track: Track
    parameters: AacParameters
    seconds: Fraction
    priming: int = AAC_SAMPLES

    def between(self, begin: Fraction, end: Fraction) -> AacTrack:
        """Return what is heard from one second on to another; a frame before it wakes the decoder."""
        first = int(begin * self.parameters.rate)
        last = ceil(min(end, self.seconds) * self.parameters.rate)
        frame = first // AAC_SAMPLES
        priming = first - (frame - 1) * AAC_SAMPLES
        track = self.track.part(frame, ceil(last / AAC_SAMPLES) + 1)
        return replace(self, track=track, seconds=Fraction(last - first, self.parameters.rate), priming=priming)


@dataclass(frozen=True, slots=True)
class Mp3Track:
    """Sound whose frames all have this rate; the size of their padding apart, they are alike."""

    track: Track
    frame: Mp3Header

    @property
    def seconds(self) -> Fraction:
        """How long it is."""
        return self.track.seconds

    def between(self, begin: Fraction, end: Fraction) -> Mp3Track:
        """Return the frames from one second on to another, to the nearest."""
        return replace(self, track=self.track.part(round(begin * self.track.rate), ceil(end * self.track.rate)))


SoundTrack = AacTrack | Mp3Track
