"""Films and sound -> files for the profile's devices, and a poster where a film has none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, cached_property, partial
from pathlib import Path

from packager.build.film_progress import FilmProgress
from packager.build.result import PlannedTree
from packager.config.film_limits import SubtitlePlace
from packager.config.profile import Pages, Profile
from packager.errors import SourceError
from packager.files.digests import FileDigests
from packager.film.encoder import FilmEncoder, Recorded, is_short
from packager.film.ffmpeg import Ffmpeg, poster_size
from packager.film.jobs import FilmJob, Rates, TrackJob
from packager.film.overlay import Overlay
from packager.film.probe import SourceFacts
from packager.film.standing import KeptFilms
from packager.film.track import Tell
from packager.layout.build_input import BuildInput
from packager.layout.cues import in_order
from packager.model import (
    Film,
    Outcome,
    Picture,
    Recording,
    Remark,
    Remarks,
    Renditions,
    Source,
    Version,
    VersionKey,
    warning,
)
from packager.model.progress import SILENT, Progress
from packager.output import staging
from packager.pictures.renderer import Specs
from packager.plan.filling import Files, filled
from packager.plan.rates import RecordingKey, is_speech, needs, recorded_bytes
from packager.plan.sizes import foretold_poster
from packager.plan.subtitles import overlay
from packager.readers.language import language_name
from packager.sandbox.pool import Workers
from packager.sandbox.programs import FailedProgram


class DamagedRecordings(SourceError):
    """Films and sound of which nothing can be made: each with the id of its publication, and a remark that says why."""

    damaged: tuple[tuple[str, Remark], ...] = ()


class FilmMeasurer:
    """Makes the files of films and sound in `scratch`, side by side; ffmpeg is looked for when the first is made.

    What is `kept` of an earlier run is not made again; sources that are `hashed` are not hashed again. What
    `only_foretells` opens no film: a plan of a hundred of them takes no longer than one of a hundred comics. `remarks`
    tell what sources lack.
    """

    def __init__(
        self,
        scratch: Path,
        workers: Workers,
        progress: Progress = SILENT,
        kept: KeptFilms | None = None,
        hashed: FileDigests | None = None,
        *,
        only_foretells: bool = False,
    ) -> None:
        self._only_foretells = only_foretells
        self._scratch = scratch
        self._workers = workers
        self._progress = progress
        self._kept = kept
        self._hashed = hashed
        self.remarks: Remarks = ()
        self._words: dict[VersionKey, Overlay] = {}
        self._made: dict[RecordingKey, tuple[Rates, Recorded]] = {}

    @cached_property
    def _ffmpeg(self) -> Ffmpeg:
        return Ffmpeg.found(self._workers.programs)

    @cached_property
    def _facts(self) -> Callable[[Path], SourceFacts]:
        """What a source is; ffmpeg is asked once."""
        return cache(self._ffmpeg.facts)

    @cached_property
    def _encoder(self) -> FilmEncoder:
        return FilmEncoder(self._ffmpeg, self._scratch, self._kept, self._hashed)

    def with_poster(self, version: Version, path: Path) -> Version:
        """Return the version; a film without a picture that stands for it with one of its own, in the new `path`.

        One that gives none has none: what it lacks is told when it is encoded.
        """
        work = version.work
        if self._only_foretells or not isinstance(work, Film) or work.cover is not None:
            return version
        source = work.recording.source
        try:
            facts = self._facts(source.path)
            picture = self._encoder.poster(source.path, facts.video, facts.seconds) if facts.video else b""
        except SourceError:
            return version
        if not facts.video or not picture:
            return version
        with path.open("xb") as file:
            file.write(picture)
        cover = Picture(Source(path, source.label), *poster_size(facts.video))
        return replace(version, work=replace(work, cover=cover))

    def with_foretold_poster(self, version: Version, renditions: Renditions, wanted: Specs) -> Renditions:
        """Return the renditions, where films are not opened with a poster as large as they usually are."""
        work = version.work
        if not self._only_foretells or not isinstance(work, Film) or work.cover is not None:
            return renditions
        return replace(renditions, sets=foretold_poster(work.recording, wanted))

    def prepare(self, key: VersionKey, version: Version, build: BuildInput, stem: Path) -> Remarks:
        """Set the words that are burnt into a film's pictures, in new files whose names begin with `stem`.

        The remarks tell of subtitles that have no place in the tree beside that.
        """
        film, limits = version.work, build.profile.film
        if self._only_foretells or not isinstance(film, Film) or not film.subtitles:
            return ()
        if SubtitlePlace.BURNT not in limits.subtitles:
            return ()
        burnt, *others = in_order(film.subtitles, build.languages)
        shape = self._film_job(film.recording, Rates(0, 0), build.profile).shape
        folder = stem.with_name(f"{stem.name}-words")
        size = (shape.width, shape.height)
        try:
            self._words[key], said = overlay(burnt, size, self._workers, folder, self._kept)
        except SourceError as error:
            error.where = error.where or version.title
            raise
        remarks = tuple(warning(version.title, one) for one in said)
        if not others or build.profile.pages is Pages.SITE or limits.subtitles != (SubtitlePlace.BURNT,):
            return remarks
        names = " and ".join(language_name(one.language) for one in others)
        what = f"its pictures show subtitles in {language_name(burnt.language)}; those in {names} have no place here"
        return *remarks, warning(version.title, what)

    def recorded(self, tree: PlannedTree) -> PlannedTree:
        """Return the tree with its films and sound in the place of what was foretold of them.

        Raises DamagedRecordings for all sources that give none, DoesNotFit where they are larger than can be, and
        OutputError where the disk has no space for them.
        """
        staging.require_space(self._scratch, recorded_bytes(tree.renditions))
        with self._told(tree.build, needs(tree.build)) as told:
            record = partial(self._record, tree.build, told)
            return replace(tree, plan=filled(tree.build, tree.plan, tree.renditions, record))

    def broken_off(self, build: BuildInput) -> dict[VersionKey, dict[int, float]]:
        """Return how many seconds recordings last that were made and are shorter than they say, by their numbers."""
        found: dict[VersionKey, dict[int, float]] = {}
        versions = dict(build.library.versions)
        for (key, number), (_, made) in self._made.items():
            if is_short(versions[key].recordings[number].seconds, made.seconds):
                found.setdefault(key, {})[number] = made.seconds
        return found

    def record(self, build: BuildInput, rates: Mapping[RecordingKey, Rates]) -> Files:
        """Return the files of these recordings, each at its rates; raises DamagedRecordings and OutputError."""
        with self._told(build, rates) as told:
            return self._record(build, told, rates)

    def _record(self, build: BuildInput, told: FilmProgress, rates: Mapping[RecordingKey, Rates]) -> Files:
        versions = dict(build.library.versions)

        def make(key: RecordingKey, rates: Rates) -> Recorded | SourceError:
            old_rates, old = self._made.pop(key, (rates, None))
            if old and old_rates != rates:
                for file in old.files:
                    if file.path.is_relative_to(self._scratch):  # and not in the tree that stands
                        file.path.unlink()
            of_version, number = key
            with told.one(key) as tell:
                if not old or old_rates != rates:
                    try:
                        old = self._recorded(of_version, versions[of_version], number, rates, build.profile, tell)
                    except SourceError as error:
                        return error
            self._made[key] = rates, old
            return old

        labels = {(key, number): versions[key].recordings[number].source.label for key, number in rates}
        with ThreadPoolExecutor(max_workers=self._workers.jobs) as threads:
            every = dict(zip(rates, threads.map(make, rates.keys(), rates.values()), strict=True))
        good = {key: one for key, one in every.items() if isinstance(one, Recorded)}
        bad = {key: (labels[key], _why(one)) for key, one in every.items() if isinstance(one, SourceError)}
        _refuse_damaged(bad)
        for key, one in good.items():
            self._tell(labels[key], one.losses)
        return {key: one.files for key, one in good.items()}

    def _recorded(
        self, key: VersionKey, version: Version, number: int, rates: Rates, profile: Profile, tell: Tell
    ) -> Recorded:
        recording = version.recordings[number]
        if isinstance(version.work, Film):
            job = self._film_job(recording, rates, profile)
            return self._encoder.film(replace(job, words=self._words.get(key)), tell)
        return self._encoder.track(self._track_job(recording, rates, profile), tell)

    def _tell(self, label: str, losses: Iterable[str]) -> None:
        """Keep what is new: a film that is encoded again lacks the same."""
        remarks = (Remark(label, Outcome.WARNING, loss) for loss in losses)
        self.remarks = tuple(dict.fromkeys((*self.remarks, *remarks)))

    def _film_job(self, recording: Recording, rates: Rates, profile: Profile) -> FilmJob:
        path = recording.source.path
        facts = self._facts(path)
        heard = facts.audio[recording.heard] if facts.audio else None
        return FilmJob(path, facts, heard, profile.film, rates)

    def _track_job(self, recording: Recording, rates: Rates, profile: Profile) -> TrackJob:
        path = recording.source.path
        facts = self._facts(path)
        audio = facts.audio[recording.heard]
        channels = 1 if is_speech(recording) else min(2, audio.channels)
        return TrackJob(path, facts, audio, rates.sound, channels, profile.sound.sample_rate)

    @contextmanager
    def _told(self, build: BuildInput, keys: Iterable[RecordingKey]) -> Iterator[FilmProgress]:
        """What passes on how far the making of these recordings is."""
        recordings: dict[RecordingKey, tuple[str, float]] = {}
        versions = dict(build.library.versions)
        for key, number in keys:
            recording = versions[key].recordings[number]
            recordings[key, number] = recording.title or versions[key].title, recording.seconds
        told = FilmProgress(self._progress, recordings)
        with told.all():
            yield told


def _why(error: SourceError) -> str:
    """What organizers are told: the last words of ffmpeg alone do not say whose they are."""
    return f"ffmpeg gives up on it: {error.what}" if isinstance(error, FailedProgram) else error.what


def _refuse_damaged(damaged: Mapping[RecordingKey, tuple[str, str]]) -> None:
    """Raise DamagedRecordings for all recordings that cannot be made, each with its label and the reason."""
    if not damaged:
        return
    lines = "".join(f"\n  {label}: {reason}" for label, reason in damaged.values())
    which = "1 film or track" if len(damaged) == 1 else f"{len(damaged)} films or tracks"
    what = f"nothing can be made of {which}:{lines}"
    error = DamagedRecordings(what, hint="Mend or replace them, or add --skip-damaged to build without them.")
    error.damaged = tuple(
        (key[0], Remark(label, Outcome.DAMAGED, reason)) for (key, _), (label, reason) in damaged.items()
    )
    raise error
