"""Films and sound -> files for the profile's devices, and a poster where a film has none."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path

from packager.config.film_limits import SubtitlePlace
from packager.config.profile import Pages, Profile
from packager.film.encoder import FilmEncoder
from packager.film.ffmpeg import Ffmpeg
from packager.film.jobs import FilmJob, Rates, TrackJob
from packager.film.overlay import Overlay
from packager.layout.build_input import BuildInput
from packager.layout.cues import in_order
from packager.model import (
    Film,
    Outcome,
    Picture,
    Recording,
    Remark,
    Remarks,
    Rendition,
    Role,
    RoleRenditions,
    Source,
    Version,
)
from packager.plan.subtitles import overlay
from packager.readers.language import language_name
from packager.sandbox.pool import Workers


class FilmMeasurer:
    """Makes the files of films and sound in `scratch`; ffmpeg is looked for when the first is to be made."""

    def __init__(self, scratch: Path, workers: Workers) -> None:
        self._scratch = scratch
        self._workers = workers

    @cached_property
    def _ffmpeg(self) -> Ffmpeg:
        return Ffmpeg.found(self._workers.programs)

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

    def files(self, version: Version, build: BuildInput, stem: Path) -> tuple[tuple[RoleRenditions, ...], Remarks]:
        """Return the files of a film or of sound as the profile's devices play them; none for other works.

        The names of new files that are needed on the way begin with `stem`.
        """
        if isinstance(version.work, Film):
            shown, remarks = self._film(version, version.work, build, stem)
            return (RoleRenditions(Role.FILM, shown),), remarks
        tracks = tuple(self._track(recording, build.profile) for recording in version.recordings)
        return ((RoleRenditions(Role.TRACK, tracks),) if tracks else ()), ()

    def _film(
        self, version: Version, film: Film, build: BuildInput, stem: Path
    ) -> tuple[tuple[Rendition, ...], Remarks]:
        source, limits = film.recording.source.path, build.profile.film
        facts = self._ffmpeg.facts(source)
        rates = Rates(limits.bit_rate, limits.sound_bit_rate)
        heard = facts.audio[film.recording.heard] if facts.audio else None
        job = FilmJob(source, facts, heard, limits, rates)
        if not film.subtitles or SubtitlePlace.BURNT not in limits.subtitles:
            return self._encoder.film(job).files, ()
        words, remarks = self._words(version, film, job, build, stem)
        return self._encoder.film(replace(job, words=words)).files, remarks

    def _words(
        self, version: Version, film: Film, job: FilmJob, build: BuildInput, stem: Path
    ) -> tuple[Overlay, Remarks]:
        """What is burnt into a film's pictures, and which subtitles have no place in the tree beside that."""
        burnt, *others = in_order(film.subtitles, build.languages)
        path, size = stem.with_name(f"{stem.name}-words"), (job.shape.width, job.shape.height)
        words, remarks = overlay(burnt, size, self._workers, path, version.title)
        if not others or build.profile.pages is Pages.SITE or job.limits.subtitles != (SubtitlePlace.BURNT,):
            return words, remarks
        names = " and ".join(language_name(one.language) for one in others)
        what = f"its pictures show subtitles in {language_name(burnt.language)}; those in {names} have no place here"
        return words, (*remarks, Remark(version.title, Outcome.WARNING, what))

    def _track(self, recording: Recording, profile: Profile) -> Rendition:
        facts, limits = self._ffmpeg.facts(recording.source.path), profile.sound
        audio = facts.audio[0]
        channels = min(2, audio.channels)
        job = TrackJob(recording.source.path, facts, audio, limits.music_bit_rate, channels, limits.sample_rate)
        return self._encoder.track(job).files[0]
