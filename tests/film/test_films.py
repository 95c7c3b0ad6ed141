"""Of what was drawn and clicked every picture and every click is in the file, in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from packager.config import profile
from packager.film.encoder import FilmEncoder
from packager.film.ffmpeg import Ffmpeg
from packager.film.jobs import FilmJob, Rates, TrackJob
from packager.model import Role
from packager.sandbox.programs import Programs
from tests.helpers import films

pytestmark = pytest.mark.needs("ffmpeg")

_RATES = Rates(pictures=300_000, sound=64_000)


@pytest.fixture(scope="module")
def ffmpeg() -> Ffmpeg:
    """The one of this system."""
    return Ffmpeg.found(Programs())


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds with 75 pictures and three clicks."""
    return films.made(tmp_path_factory.mktemp("films") / "sample.mkv")


@pytest.mark.parametrize("name", ["player", "any", "phone-old"], ids=["AVI", "MP4", "MP4 of an old phone"])
def test_no_picture_is_lost_and_sound_stays_with_pictures(
    name: str, sample: Path, ffmpeg: Ffmpeg, tmp_path: Path
) -> None:
    """The counter runs from the first picture to the last; a click stands within a picture of its second."""
    facts, limits = ffmpeg.facts(sample), profile.load(name).film
    made = FilmEncoder(ffmpeg, tmp_path).film(FilmJob(sample, facts, facts.audio[0], limits, _RATES))
    (film,) = made.files
    assert (film.role, film.width, film.height, film.size_bytes) == (Role.FILM, 320, 240, film.path.stat().st_size)
    every = 2 if name == "phone-old" else 1
    assert films.counted(film.path) == list(range(0, 75, every))
    assert films.clicks(film.path) == pytest.approx([0, 1, 2], abs=0.03)
    assert made.seconds == pytest.approx(3, abs=0.1)


def test_a_track_is_mp3_with_every_click(sample: Path, ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """In its second, but for the delay of the encoder, which every MP3 without a tag has."""
    job = TrackJob(sample, ffmpeg.facts(sample).audio[0], 64_000, channels=1)
    (track,) = FilmEncoder(ffmpeg, tmp_path).track(job).files
    assert (track.role, track.size_bytes) == (Role.TRACK, track.path.stat().st_size)
    assert films.clicks(track.path) == pytest.approx([0, 1, 2], abs=0.06)
