"""Of what was drawn and clicked every picture and every click is in the file, in its place."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from packager.film.encode import Container, FilmForm, FilmJob, Rates, TrackJob
from packager.film.encoder import FilmEncoder
from packager.film.ffmpeg import Ffmpeg
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


@pytest.mark.parametrize("container", Container)
def test_no_picture_is_lost_and_sound_stays_with_pictures(
    container: Container, sample: Path, ffmpeg: Ffmpeg, tmp_path: Path
) -> None:
    """The counter runs from the first picture to the last; a click stands within a picture of its second."""
    facts = ffmpeg.facts(sample)
    assert facts.video is not None
    job = FilmJob(sample, facts.video, facts.audio[0], FilmForm(container, 320, 240, Fraction(25), 16), _RATES)
    (film,) = FilmEncoder(ffmpeg, tmp_path).film(job)
    assert (film.role, film.width, film.height, film.size_bytes) == (Role.FILM, 320, 240, film.path.stat().st_size)
    assert films.counted(film.path) == list(range(75))
    assert films.clicks(film.path) == pytest.approx([0, 1, 2], abs=0.03)


def test_a_track_is_mp3_with_every_click(sample: Path, ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """In its second, but for the delay of the encoder, which every MP3 without a tag has."""
    track = FilmEncoder(ffmpeg, tmp_path).track(TrackJob(sample, ffmpeg.facts(sample).audio[0], 64_000, channels=1))
    assert (track.role, track.size_bytes) == (Role.TRACK, track.path.stat().st_size)
    assert films.clicks(track.path) == pytest.approx([0, 1, 2], abs=0.06)
