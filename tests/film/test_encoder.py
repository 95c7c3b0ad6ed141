"""Finished files are kept, proven and made the same again; what is lost of a source is said."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from packager.config import profile
from packager.errors import SourceError
from packager.files.store import Draft, Store
from packager.film.encoder import FilmEncoder, Recorded
from packager.film.ffmpeg import Ffmpeg
from packager.film.jobs import FilmJob, Rates, TrackJob
from packager.film.kept import FilmCache, holds_files
from packager.sandbox.programs import Programs
from tests.helpers import films

pytestmark = pytest.mark.needs("ffmpeg")

_RATES = Rates(pictures=200_000, sound=64_000)


@pytest.fixture(scope="module")
def ffmpeg() -> Ffmpeg:
    """The one of this system."""
    return Ffmpeg.found(Programs())


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds with 50 pictures and two clicks."""
    return films.made(tmp_path_factory.mktemp("films") / "sample.mkv", "-g", "10")


@pytest.fixture(scope="module")
def job(sample: Path, ffmpeg: Ffmpeg) -> FilmJob:
    """The sample for old players."""
    facts = ffmpeg.facts(sample)
    return FilmJob(sample, facts, facts.audio[0], profile.load("player").film, _RATES)


def test_what_was_kept_is_not_made_again(job: FilmJob, ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """A later run has the same files without an ffmpeg; other settings and other sources are made anew."""
    track = TrackJob(job.source, job.facts, job.facts.audio[0], 64_000, channels=1)
    cache = tmp_path / "cache"
    first = _encoder(ffmpeg, tmp_path / "1", cache)
    film, heard, poster = first.film(job), first.track(track), first.poster(job.source, job.video, 2)
    later = _encoder(replace(ffmpeg, path="/nonexistent/ffmpeg"), tmp_path / "2", cache)
    assert _bytes(later.film(job)) == _bytes(film)
    assert _bytes(later.track(track)) == _bytes(heard)
    assert later.poster(job.source, job.video, 2) == poster
    assert later.film(job).seconds == film.seconds
    for other in (
        replace(job, rates=replace(_RATES, pictures=200_001)),
        replace(job, audio=None),
        replace(job, limits=replace(job.limits, level="3")),
    ):
        with pytest.raises(SourceError, match="not installed"):
            later.film(other)
    newer = replace(ffmpeg, path="/nonexistent/ffmpeg", version="ffmpeg version 6.0")
    with pytest.raises(SourceError, match="not installed"):
        _encoder(newer, tmp_path / "3", cache).film(job)


def test_a_kept_file_that_is_not_what_it_was_is_made_again(job: FilmJob, ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """A byte that changed, and an end that is missing."""
    film = _bytes(_encoder(ffmpeg, tmp_path / "1", tmp_path / "cache").film(job))
    kept = next(path for path in tmp_path.glob("cache/*/*"))
    entry = kept.read_bytes()
    for number, damaged in enumerate((entry[:1000] + bytes([entry[1000] ^ 1]) + entry[1001:], entry[:-1])):
        kept.write_bytes(damaged)
        assert _bytes(_encoder(ffmpeg, tmp_path / f"again-{number}", tmp_path / "cache").film(job)) == film


@pytest.mark.parametrize(
    "told",
    [
        *("[[2.0], []", '[["2"], []]', "[[2.0], [5]]", "[[], []]", "[[2.0, 1.0], []]", "[[-1.0], []]", "[[NaN], []]"),
        *("[[5000.0], []]", "[[1e308], []]", '{"files": ["x.exe"], "about": "[]"}', "5", "[[2.0], " + "[" * 100_000),
        f"[[{'9' * 5000}], []]",
    ],
)
def test_a_whole_entry_of_something_else_counts_for_nothing(
    told: str, job: FilmJob, ffmpeg: Ffmpeg, tmp_path: Path
) -> None:
    """Others may write into a shared folder, and the ending of a file is never theirs to say."""
    encoder, store = _encoder(ffmpeg, tmp_path / "1", tmp_path / "cache"), Store(tmp_path / "cache")
    made = encoder.poster(job.source, job.video, 1)
    (key,) = (path.name for path in tmp_path.glob("cache/*/*"))
    draft = Draft(store, key)
    draft.add(told.encode())
    draft.add(b"something else")
    draft.place()
    draft.end()
    file = store.entry(key)
    assert file is not None
    with file:
        assert not holds_files(file) or told in ("[[5000.0], []]", "[[1e308], []]")
    assert encoder.poster(job.source, job.video, 1) == made


def test_files_side_by_side_have_the_bytes_of_files_alone(job: FilmJob, ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """However many are made at a time."""
    alone = _bytes(_encoder(ffmpeg, tmp_path / "alone").film(job))
    encoder = _encoder(ffmpeg, tmp_path / "side by side")
    with ThreadPoolExecutor(3) as threads:
        assert [_bytes(made) for made in threads.map(encoder.film, [job] * 3)] == [alone] * 3


def test_a_film_that_is_too_large_comes_in_parts_that_play_alone(job: FilmJob, ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """Each below the limit; together they have every picture and every click, in their order."""
    source = films.made(tmp_path / "long.mkv", seconds=16)
    facts = ffmpeg.facts(source)
    for name in ("player", "any"):
        limits = replace(profile.load(name).film, max_bytes=250_000)
        long = FilmJob(source, facts, facts.audio[0], limits, Rates(200_000, 64_000))
        made = _encoder(ffmpeg, tmp_path / name).film(long)
        assert len(made.files) > 1
        assert all(file.size_bytes <= 250_000 for file in made.files)
        assert [number for file in made.files for number in films.counted(file.path)] == list(range(400))
        begin = 0.0
        for file in made.files:
            seconds = len(films.counted(file.path)) / 25
            clicks = [begin + click for click in films.clicks(file.path) if click < seconds]
            assert clicks == pytest.approx([*range(round(begin), round(begin + seconds))], abs=0.04)
            begin += seconds


def test_what_is_missing_of_a_source_is_said(sample: Path, ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """A film that breaks off is made of what is there."""
    whole = films.made(tmp_path / "whole.mkv", "-bf", "0", seconds=8)
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    facts = ffmpeg.facts(cut)
    job = FilmJob(cut, facts, facts.audio[0], profile.load("any").film, _RATES)
    made = _encoder(ffmpeg, tmp_path / "cut").film(job)
    assert any("says that it lasts 0:08, and ends after 0:0" in loss for loss in made.losses)
    counted = films.counted(made.files[0].path)
    assert list(dict.fromkeys(counted)) == list(range(counted[-1] + 1))
    assert counted[-1] > 50


def test_a_film_that_begins_late_is_as_long_as_what_is_shown(sample: Path, ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """Matroska tells of the time of its end, and not of its length."""
    late = tmp_path / "late.mkv"
    films.run("-itsoffset", "5", "-i", str(sample), "-c", "copy", "-copyts", str(late))
    facts = ffmpeg.facts(late)
    assert facts.seconds == pytest.approx(2, abs=0.1)
    made = _encoder(ffmpeg, tmp_path / "made").film(
        FilmJob(late, facts, facts.audio[0], profile.load("any").film, _RATES)
    )
    assert made.losses == ()
    assert made.seconds == pytest.approx(2, abs=0.1)


def _encoder(ffmpeg: Ffmpeg, scratch: Path, cache: Path | None = None) -> FilmEncoder:
    scratch.mkdir()
    return FilmEncoder(ffmpeg, scratch, FilmCache(Store(cache)) if cache else None)


def _bytes(made: Recorded) -> list[bytes]:
    return [file.path.read_bytes() for file in made.files]
