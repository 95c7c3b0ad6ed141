"""What to make of a source: a film or a piece of sound, for a class of devices and within so many bits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packager.config.film_limits import FilmCodec, FilmContainer, FilmLimits
from packager.errors import SourceError
from packager.film.overlay import Overlay
from packager.film.probe import AudioFacts, SourceFacts, VideoFacts
from packager.film.shape import FrameShape, shape_in
from packager.film.streams import H264Samples, Mpeg4Samples

_LEEWAY = 1.1  # of what a film takes over what its rates tell


@dataclass(frozen=True, slots=True)
class Rates:
    """Bit/s of pictures and of sound, at the most."""

    pictures: int
    sound: int


@dataclass(frozen=True, slots=True)
class FilmJob:
    """One film to encode for a class of devices; its sound is the stream `audio`, None for a silent one.

    `words` are laid over its pictures.
    """

    source: Path
    facts: SourceFacts
    audio: AudioFacts | None
    limits: FilmLimits
    rates: Rates
    words: Overlay | None = None

    @property
    def video(self) -> VideoFacts:
        """The pictures; SourceError where there are none."""
        if self.facts.video is None:
            raise SourceError("has no pictures", where=str(self.source))
        return self.facts.video

    def samples(self, pieces: Iterable[bytes]) -> H264Samples | Mpeg4Samples:
        """The pictures of a bare stream that is coded as it is to be; AVI holds what MPEG-4 tells of itself in it."""
        if self.limits.codec is FilmCodec.H264:
            return H264Samples(pieces)
        return Mpeg4Samples(pieces, has_setup=self.limits.container is FilmContainer.AVI)

    @property
    def comes_in_parts(self) -> bool:
        """Whether it is likely to be larger than a file may be."""
        return (self.rates.pictures + self.rates.sound) / 8 * self.facts.seconds * _LEEWAY > self.limits.max_bytes

    @property
    def shape(self) -> FrameShape:
        """Pixels and rate of the pictures that are made."""
        return shape_in(self.video.width, self.video.height, self.video.rate, self.limits)


@dataclass(frozen=True, slots=True)
class TrackJob:
    """One piece of sound to encode: the stream `audio` of a source, as MP3 at a constant rate in bit/s."""

    source: Path
    facts: SourceFacts
    audio: AudioFacts
    bit_rate: int
    channels: int
    sample_rate: int = 44_100
