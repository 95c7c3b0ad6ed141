"""Films and sound -> files for the profile's devices, and a poster where a film has none."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from packager.config.film_limits import FilmLimits
from packager.config.profile import Profile
from packager.film.encode import Container, FilmForm, FilmJob, Rates, TrackJob
from packager.film.encoder import FilmEncoder
from packager.film.ffmpeg import Ffmpeg
from packager.model import Film, Picture, Recording, Rendition, Role, RoleRenditions, Source, Version
from packager.sandbox.programs import Programs


class FilmMeasurer:
    """Makes the files of films and sound in `scratch`; ffmpeg is looked for when the first is to be made."""

    def __init__(self, scratch: Path, programs: Programs) -> None:
        self._scratch = scratch
        self._programs = programs

    @cached_property
    def _ffmpeg(self) -> Ffmpeg:
        return Ffmpeg.found(self._programs)

    @cached_property
    def _encoder(self) -> FilmEncoder:
        return FilmEncoder(self._ffmpeg, self._scratch)

    def with_poster(self, version: Version, path: Path) -> Version:
        """Return the version; a film without a picture that stands for it with one of its own, in the new `path`."""
        work = version.work
        if not isinstance(work, Film) or work.cover is not None:
            return version
        source = work.recording.source
        with path.open("xb") as file:
            file.write(self._ffmpeg.picture(source.path, self._ffmpeg.facts(source.path)))
        cover = Picture(Source(path, source.label), work.recording.width, work.recording.height)
        return replace(version, work=replace(work, cover=cover))

    def files(self, version: Version, profile: Profile) -> tuple[RoleRenditions, ...]:
        """Return the files of a film or of sound as the profile's devices play them; none for other works."""
        if isinstance(version.work, Film):
            return (RoleRenditions(Role.FILM, self._film(version.work.recording, profile.film)),)
        tracks = tuple(self._track(recording, profile) for recording in version.recordings)
        return (RoleRenditions(Role.TRACK, tracks),) if tracks else ()

    def _film(self, recording: Recording, limits: FilmLimits) -> tuple[Rendition, ...]:
        facts = self._ffmpeg.facts(recording.source.path)
        assert facts.video is not None  # or it would be sound
        form = FilmForm(
            Container(limits.container), limits.width, limits.height, Fraction(limits.frame_rate), 2, limits.level
        )
        rates = Rates(limits.bit_rate, limits.sound_bit_rate, limits.channels, limits.sample_rate)
        job = FilmJob(recording.source.path, facts.video, next(iter(facts.audio), None), form, rates)
        return self._encoder.film(job)

    def _track(self, recording: Recording, profile: Profile) -> Rendition:
        facts, limits = self._ffmpeg.facts(recording.source.path), profile.sound
        audio = facts.audio[0]
        channels = min(2, audio.channels)
        return self._encoder.track(
            TrackJob(recording.source.path, audio, limits.music_bit_rate, channels, limits.sample_rate)
        )
