"""No picture is so hard to code that a film has more bits than its devices take: a build makes what check allows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from packager.check import check
from packager.config import profile
from packager.film.encoder import FilmEncoder
from packager.film.ffmpeg import Ffmpeg
from packager.film.jobs import FilmJob, Rates
from packager.sandbox.pool import Workers
from packager.sandbox.programs import Programs
from tests.helpers import films

pytestmark = pytest.mark.needs("ffmpeg")

_PROFILES = [name for name in profile.names() if {"avi", "mp4"} & {*profile.load(name).types}]
_NOISE = "nullsrc=s={width}x{height}:r={frame_rate}:d=2,geq=lum='255*random(1)':cb=128:cr=128"


@pytest.mark.slow
@pytest.mark.parametrize("name", _PROFILES)
def test_noise_is_encoded_within_the_limits_of_every_profile(name: str, workers: Workers, tmp_path: Path) -> None:
    """As many pixels and pictures a second as there may be, each pixel at random, and sound as well."""
    devices = profile.load(name)
    limits, source, ffmpeg = devices.film, tmp_path / "noise.mkv", Ffmpeg.found(Programs())
    size = {"width": limits.width, "height": limits.height, "frame_rate": limits.frame_rate}
    noise = ("-f", "lavfi", "-i", _NOISE.format(**size), "-f", "lavfi", "-i", "anoisesrc=d=2")
    films.run(*noise, "-c:v", "ffv1", "-c:a", "flac", str(source))
    facts = ffmpeg.facts(source)
    rates = Rates(limits.bit_rate, limits.sound_bit_rate)
    (film,) = FilmEncoder(ffmpeg, tmp_path).film(FilmJob(source, facts, facts.audio[0], limits, rates)).files
    assert not [one for one in check(film.path, devices, workers) if one.code.startswith("F")]


@pytest.mark.slow
def test_of_a_film_with_noise_only_the_noise_is_made_softer(tmp_path: Path) -> None:
    """What is before it and behind it has all its detail."""
    ffmpeg, limits, source = Ffmpeg.found(Programs()), profile.load("player-small").film, tmp_path / "film.mkv"
    size = {"width": limits.width, "height": limits.height, "frame_rate": limits.frame_rate}
    calm = "testsrc2=s={width}x{height}:r={frame_rate}:d=4"
    noise = _NOISE.replace(":d=2", ":d=6")
    shown = f"{calm}[a];{noise}[b];{calm}[c];[a][b][c]concat=n=3,format=yuv420p".format(**size)
    films.run("-f", "lavfi", "-i", shown, "-c:v", "ffv1", str(source))
    job = FilmJob(source, ffmpeg.facts(source), None, limits, Rates(limits.bit_rate, 0))
    (film,) = FilmEncoder(ffmpeg, tmp_path).film(job).files
    drawn, made = (films.pictures(path, width=320, height=240).astype(int) for path in (source, film.path))
    away, of_noise = np.abs(made - drawn).mean(axis=(1, 2)), slice(5 * 24, 9 * 24)
    assert made[of_noise].std() < drawn[of_noise].std() / 2
    assert max(away[: 3 * 24].mean(), away[11 * 24 :].mean()) < 4
