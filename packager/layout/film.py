"""Films and sound: a document that leads to the files in the folder beside it, and numbered files for players."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from math import inf
from pathlib import PurePosixPath

from packager.config.film_limits import FilmCodec, SubtitlePlace
from packager.config.profile import Pages
from packager.layout.build_input import BuildInput
from packager.layout.cues import in_order
from packager.layout.film_views import FilmView, TrackView, TranscriptView
from packager.layout.interface_words import Words
from packager.layout.photo import MOST_IN_FOLDER, file_name
from packager.layout.series import place_in_series, ways_in_series
from packager.layout.subtitles import beside, minutes, named, within
from packager.layout.views import Frame, LinkView, PictureView
from packager.layout.works import (
    WorkLayout,
    abouts,
    byline,
    clock,
    credit_lines,
    picture_entry,
    site_frame,
)
from packager.model import Article, Comic, Document, Edition, Entry, Film, Rendition, Role, Subtitles

POSTER = "poster.jpg"
_LATE_S = 2  # behind a film's end, which is seen to it; what comes later would stand in a file and never be shown


def site(work: WorkLayout, build: BuildInput) -> Iterator[Entry]:
    """The documents of one version of a film or of sound, then its files."""
    for language in work.paths.languages:
        frame = replace(
            site_frame(work, build, 1, 1, language), notice="", contents=ways_in_series(work, build, language)
        )
        path = work.paths.document(1, language)
        yield build.document(path, Document("film.html", _view(work, build, frame)))
    if poster := _poster(work):
        yield picture_entry(work.paths.folder / POSTER, poster)
    yield from photo(work, build)


def photo(work: WorkLayout, build: BuildInput) -> Iterator[Entry]:
    """The files alone, for what knows no documents, each film with its subtitles."""
    for position, path, file in files(work, build):
        yield picture_entry(path, file)
        end = file.seconds + _LATE_S if file.seconds else inf
        yield from beside(path, (within(one, 0, end) for one in _words(work, position)), build)
    if picture := _poster_beside(work, build):
        yield picture_entry(work.paths.number / file_name(work.paths.own_number, "jpg", build), picture)


def _poster_beside(work: WorkLayout, build: BuildInput) -> Rendition | None:
    """The organizer's poster, for what shows folders of pictures; a folder that may be full of files has none."""
    is_shown = work.version.work.cover is not None and build.profile.pages is Pages.NONE
    is_full = bool(work.publication.series) or len(work.files) >= MOST_IN_FOLDER
    shown = work.renditions.of(Role.PHOTO) if is_shown and not is_full else ()
    return next((one for one in shown if isinstance(one, Rendition)), None)


def _words(work: WorkLayout, position: int) -> tuple[Subtitles, ...]:
    """The subtitles of what a film's file at that position, from 1, holds."""
    film = work.version.work
    lengths = [file.seconds if isinstance(file, Rendition) else 0 for file in work.files]
    begin = sum(lengths[: position - 1])
    end = begin + lengths[position - 1] if position < len(lengths) else inf
    return tuple(within(one, begin, end) for one in film.subtitles) if isinstance(film, Film) else ()


def files(work: WorkLayout, build: BuildInput) -> tuple[tuple[int, PurePosixPath, Rendition], ...]:
    """The files of a film or of sound: position in the work from 1, path in the tree, and what lies there."""
    shown = enumerate(work.files, 1)
    return tuple((at, _path(work, build, at, file), file) for at, file in shown if isinstance(file, Rendition))


def _path(work: WorkLayout, build: BuildInput, position: int, file: Rendition) -> PurePosixPath:
    """Where a file lies: tracks have numbers, 99 in a folder.

    A film and what is alone is called as its folder, so that nobody has to guess which of many 001.mp4 is which.
    """
    paths, is_listed = work.paths, Edition.SITE in work.editions
    folder, name = (paths.folder, paths.folder.name) if is_listed else (paths.number, paths.own_number)
    if len(work.files) > 1:
        if isinstance(work.version.work, Film):
            name = name if position == 1 else f"{name}_{position}"
        else:
            name, part = f"{position:03}", (position - 1) // MOST_IN_FOLDER
            folder = folder / str(part + 1) if part else folder
    return folder / file_name(name, file.path.suffix[1:], build)


def to_open(work: WorkLayout, build: BuildInput) -> tuple[PurePosixPath, ...]:
    """What to open on other devices: the files of a film; of sound the first track, behind which players go on."""
    paths = tuple(path for _, path, _ in files(work, build)) if work.version.recordings else ()
    return paths if isinstance(work.version.work, Film) else paths[:1]


def _poster(work: WorkLayout) -> Rendition | None:
    """The largest picture that stands for the work."""
    shown = (*work.renditions.of(Role.PAGE), *work.renditions.of(Role.COVER))
    return next((one for one in shown if isinstance(one, Rendition)), None)


def _view(work: WorkLayout, build: BuildInput, frame: Frame) -> FilmView:
    words, recorded = frame.words, work.version.work
    assert not isinstance(recorded, (Comic, Article))
    poster, opened = _poster(work), to_open(work, build)
    chapters = recorded.chapters if isinstance(recorded, Film) else ()
    is_film = isinstance(recorded, Film)
    return FilmView(
        frame=frame,
        byline=byline(work, build, frame.reader, is_first=True),
        facts=tuple(_facts(work, build, words)),
        place=place_in_series(work, build, frame.reader),
        tracks=tuple(_tracks(work, build, words)),
        is_film=is_film,
        plays=not is_film or build.profile.film.codec is FilmCodec.H264,
        opening=words.if_not_playing.format(file=opened[0]) if opened else "",
        poster=PictureView(POSTER, poster.width, poster.height, "") if poster else None,
        chapters=tuple((clock(ms / 1000), title) for title, ms in chapters),
        coming=next((after for this, after in pairwise(frame.contents) if this.is_here), None),
        subtitles=tuple(_beside(work, build)),
        transcripts=tuple(_transcripts(work, build, words)),
        passages=tuple(abouts(recorded.about, work, build, frame.reader, words.about_work)),
        credit=credit_lines(work),
    )


def _facts(work: WorkLayout, build: BuildInput, words: Words) -> Iterator[str]:
    made, recorded = files(work, build), work.version.work
    if len(made) > 1 and not isinstance(recorded, Film):
        yield words.tracks.format(n=len(made))
    if made:
        yield words.megabytes.format(n=_megabytes(sum(file.size_bytes for _, _, file in made)))
    if isinstance(recorded, Film) and recorded.subtitles:
        languages = sorted((one.language for one in recorded.subtitles), key=lambda one: one != words.language)
        names = ", ".join(map(build.name_of, languages))
        yield words.subtitles.format(languages=names)


def _beside(work: WorkLayout, build: BuildInput) -> Iterator[LinkView]:
    for position, path, _ in files(work, build):
        yield from (LinkView(name.name, name.name) for name, _ in named(path, _words(work, position), build))


def _transcripts(work: WorkLayout, build: BuildInput, words: Words) -> Iterator[TranscriptView]:
    made, is_played = files(work, build), SubtitlePlace.PAGE in build.profile.film.subtitles
    for film, (position, _, _) in enumerate(made):
        for one in in_order(_words(work, position), (words.language, *build.languages)):
            name = build.name_of(one.language)
            heading = words.subtitles.format(languages=name)
            if len(made) > 1:
                heading = f"{heading} · {words.part.format(n=position, total=len(work.files))}"
            direction, number = build.direction_of(one.language), str(film) if is_played else ""
            yield TranscriptView(heading, name, one.language, direction, tuple(minutes(one.cues)), number)


def _megabytes(size_bytes: int) -> float:
    """The megabytes to be told: of less than one the tenths."""
    exact = size_bytes / 1_000_000
    return round(exact) if exact >= 1 else max(0.1, round(exact, 1))


def _tracks(work: WorkLayout, build: BuildInput, words: Words) -> Iterator[TrackView]:
    for position, path, file in files(work, build):
        facts = [words.megabytes.format(n=_megabytes(file.size_bytes))]
        if isinstance(work.version.work, Film):
            title = words.part.format(n=position, total=len(work.files))
        else:
            recording = work.version.recordings[position - 1]
            title = recording.title or str(position)
            facts.insert(0, clock(file.seconds))
        play = words.play.format(file=path.name)
        yield TrackView(
            str(path.relative_to(work.paths.folder)), play, title, " · ".join(facts), file.width, file.height
        )
