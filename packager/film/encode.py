"""A film -> files for a class of devices: its pictures and its sound, each encoded by ffmpeg, woven by us."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from packager.config.film_limits import FilmContainer
from packager.film.avi import write_avi
from packager.film.decode import decoder
from packager.film.ffmpeg import SourceReading
from packager.film.jobs import FilmJob
from packager.film.mp4 import write_mp4
from packager.film.passed import passed_pictures
from packager.film.pictures import encoded_pictures
from packager.film.sound import encoded_sound
from packager.film.track import AacTrack, Mp3Track, PictureTrack, SoundTrack, Tell
from packager.sandbox.programs import FailedProgram

# Bytes of a file beside its streams: at the beginning, and for each picture with the sound behind it (headers and
# index of two chunks and a byte to even each in AVI; tables of a picture and three frames of sound in MP4).
_HEADERS, _BESIDE = 4_096, 50
_LONGER_S = 1  # of sound than of pictures: less is silence at the end, more is not cut off


@dataclass(frozen=True, slots=True)
class WovenFilm:
    """What a film's file is woven of; its sound is as long as its pictures, but for a frame."""

    pictures: PictureTrack
    sound: SoundTrack | None

    @property
    def seconds(self) -> Fraction:
        """How long it is."""
        return self.pictures.track.seconds

    def write(self, path: Path, container: FilmContainer) -> None:
        """Write the file, which must not exist."""
        if container is FilmContainer.AVI:
            assert not isinstance(self.sound, AacTrack)  # as limits have it
            write_avi(path, self.pictures, self.sound)
        else:
            assert not isinstance(self.sound, Mp3Track)
            write_mp4(path, self.pictures, self.sound)

    def remove(self) -> None:
        """Remove the files that it is woven of."""
        for one in (self.pictures, self.sound):
            if one is not None:
                one.track.path.unlink()

    def part(self, first: int, end: int) -> WovenFilm:
        """Return the film from the picture of index `first` on, a key, before that of `end`."""
        pictures, rate = self.pictures.part(first, end), self.pictures.track.rate
        return WovenFilm(pictures, self.sound and self.sound.between(first / rate, end / rate))

    def parts(self, most_bytes: int) -> Iterator[WovenFilm]:
        """Yield the film in parts that each take no more, as long as the pictures between two keys allow."""
        keys, sizes = self.pictures.track.keys, self.pictures.track.sizes
        bytes_a_picture = _BESIDE + (
            0 if self.sound is None else self.sound.track.bytes_a_second / self.pictures.track.rate
        )
        first, taken = 0, Fraction(_HEADERS)
        for key, following in zip(keys, (*keys[1:], len(sizes)), strict=True):
            size = sum(sizes[key:following]) + bytes_a_picture * (following - key)
            if taken + size > most_bytes and key > first:
                yield self.part(first, key)
                first, taken = key, Fraction(_HEADERS)
            taken += size
        yield self.part(first, len(sizes))


def encode_film(job: FilmJob, reading: SourceReading, folder: Path, tell: Tell) -> WovenFilm:
    """Bring both streams into files in `folder`; SourceError where nothing comes of it."""
    drawn, heard = folder / "pictures", folder / "sound"
    pictures = _passed(job, reading, drawn) or encoded_pictures(job, reading, drawn, tell)
    sound = _sound(job, pictures.track.seconds, reading, heard)
    if sound and (longer := sound.seconds - pictures.track.seconds) > _LONGER_S:
        pictures = encoded_pictures(job, reading, drawn, tell, held=longer)
    return WovenFilm(pictures, sound).part(0, len(pictures.track.sizes))


def _sound(job: FilmJob, seconds: Fraction, reading: SourceReading, path: Path) -> SoundTrack | None:
    """Return the sound; None, which is said, where a film breaks off before any of it."""
    try:
        return encoded_sound(job, seconds, reading, path)
    except FailedProgram as error:
        if path.exists() and path.stat().st_size:
            raise
        path.unlink(missing_ok=True)
        reading.said.append(f"missing sound: {error.what}\n")
        return None


def _passed(job: FilmJob, reading: SourceReading, path: Path) -> PictureTrack | None:
    """The source's own pictures in the bare file `path`, if devices play them and all of them can be decoded."""
    pictures = passed_pictures(job, reading, path)
    if pictures is None:
        return None
    film = path.with_name("passed")
    WovenFilm(pictures, None).write(film, job.limits.container)
    flaw = decoder(reading.ffmpeg.programs)(film, float(pictures.track.seconds))
    film.unlink()
    return None if flaw else pictures
