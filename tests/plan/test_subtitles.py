"""Words lie over the pictures of a film from the first picture of their time to the last, and can be read."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from packager.config import profile
from packager.errors import SourceError
from packager.files.store import Store
from packager.film.encoder import FilmEncoder
from packager.film.ffmpeg import Ffmpeg
from packager.film.jobs import FilmJob, Rates
from packager.film.kept import FilmCache
from packager.film.overlay import Overlay
from packager.model import Cue, Subtitles
from packager.plan.subtitles import overlay
from packager.sandbox.pool import Workers
from packager.sandbox.programs import Programs
from tests.helpers import films

pytestmark = pytest.mark.needs("ffmpeg")

SIZE = (320, 240)
CUES = (Cue(0, 200, ("처음",)), Cue(1_001, 1_480, ("강을 건너면", "돌아올 수 없어.")), Cue(2_920, 9_000, ("마지막",)))
SEEN = {*range(5), *range(26, 37), *range(73, 75)}  # of 25 pictures a second, each whose time is in that of a cue


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Two processes."""
    with Workers(2) as both:
        yield both


@pytest.fixture(scope="module")
def ffmpeg() -> Ffmpeg:
    """The one of this system."""
    return Ffmpeg.found(Programs())


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds, 75 pictures."""
    return films.made(tmp_path_factory.mktemp("films") / "sample.mkv", seconds=3)


def laid(folder: Path, workers: Workers, *cues: Cue) -> tuple[Overlay, tuple[str, ...]]:
    return overlay(Subtitles("ko", cues), SIZE, workers, folder)


@pytest.mark.parametrize("name", ["player", "any"], ids=["AVI", "MP4"])
def test_words_are_seen_in_their_pictures_and_no_picture_is_lost(
    name: str, sample: Path, ffmpeg: Ffmpeg, workers: Workers, tmp_path: Path
) -> None:
    facts, limits = ffmpeg.facts(sample), profile.load(name).film
    words, warnings = laid(tmp_path / "words", workers, *CUES)
    job = FilmJob(sample, facts, facts.audio[0], limits, Rates(600_000, 64_000))
    encoder = FilmEncoder(ffmpeg, tmp_path)
    (plain,), (shown,) = encoder.film(job).files, encoder.film(replace(job, words=words)).files
    assert warnings == ()
    assert films.counted(shown.path) == list(range(75))
    without, with_words = (films.pictures(film.path, width=320, height=240).astype(int) for film in (plain, shown))
    differs = np.abs(with_words - without)[:, 120:].max(axis=2) > 100
    assert {number for number, rows in enumerate(differs) if rows.any()} == SEEN
    (again,) = encoder.film(replace(job, words=laid(tmp_path / "again", workers, *CUES)[0])).files
    assert again.path.read_bytes() == shown.path.read_bytes()


def test_no_letter_is_cut_off_below_or_above(workers: Workers, tmp_path: Path) -> None:
    """Tails and accents, with what is drawn around them, end within the picture of the words."""
    words, _ = laid(tmp_path / "words", workers, Cue(0, 1000, ("Ågj", "Ågj", "Ågj", "Ågj going? (y, Q)")))
    drawn = films.run("-i", str(words.path), "-frames:v", "1", "-pix_fmt", "rgba", "-f", "rawvideo", "pipe:1")
    opaque = np.frombuffer(drawn, np.uint8).reshape(-1, SIZE[0], 4)[..., 3]
    assert opaque.max() == 255
    assert not opaque[-1].any()
    assert not opaque[0].any()


@pytest.mark.parametrize("ground", ["white", "black", "gray"])
def test_words_can_be_read_on_any_ground(ground: str, workers: Workers, tmp_path: Path) -> None:
    """One line has white letters at least 16 pixels tall with black around them, and the edge that TVs hide is free."""
    words, _ = laid(tmp_path / "words", workers, Cue(0, 1000, ("강을 건너요",)))
    source = ("-f", "lavfi", "-i", f"color={ground}:s=320x240:d=0.2", "-i", str(words.path))
    drawn = films.run(
        *source, "-filter_complex", f"[0][1]overlay=y={words.top}:shortest=1", "-frames:v", "1", *films.GREYS
    )
    picture = np.frombuffer(drawn, np.uint8).reshape(240, 320)
    empty = picture[0, 0]
    inked = np.argwhere(picture != empty)
    (top, left), (bottom, right) = inked.min(axis=0), inked.max(axis=0)
    assert 16 <= bottom - top <= 30
    assert top > 180
    assert bottom < 240 - 8
    assert left > 16
    assert right < 320 - 16
    assert (picture[top:bottom, left:right] > 230).mean() > 0.15
    assert (picture[top:bottom, left:right] < 25).mean() > 0.15


def test_words_of_any_length_have_room(workers: Workers, tmp_path: Path) -> None:
    """A text that is far too long is set smaller, and nothing of it is cut off at the top."""
    words, (warning,) = laid(tmp_path / "words", workers, Cue(0, 1000, ("어머니 조금만 더 가요",) * 40))
    assert warning == "subtitles of more than 160 letters at once are set small over the pictures: 1"
    alpha = ("-vf", "alphaextract", *films.GREYS)
    rows = np.frombuffer(films.run("-i", str(words.path), "-frames:v", "1", *alpha), np.uint8).reshape(-1, 320)
    assert rows.any()
    assert not rows[:2].any()


def test_signs_without_a_font_stand_as_their_numbers(workers: Workers, tmp_path: Path) -> None:
    _, (warning,) = laid(tmp_path / "words", workers, Cue(0, 1000, ("가 \U00013000",)))
    assert "U+13000" in warning


def test_words_that_were_kept_are_not_set_again(workers: Workers, tmp_path: Path) -> None:
    """The same file, and the same is said; other words are set."""
    kept = FilmCache(Store(tmp_path / "cache"))
    said = Subtitles("ko", (Cue(0, 1000, ("가 \U00013000",)),))
    first, warnings = overlay(said, SIZE, workers, tmp_path / "first", kept)
    with Workers(1, timeout_s=0) as none:  # in which no job comes to its end
        again, told = overlay(said, SIZE, none, tmp_path / "again", kept)
        with pytest.raises(SourceError):
            overlay(replace(said, language="ja"), SIZE, none, tmp_path / "other", kept)
    assert (again.path.read_bytes(), again.top, told) == (first.path.read_bytes(), first.top, warnings)


@pytest.mark.prove
def test_thousands_of_words_stand_at_their_pictures_in_flat_memory(workers: Workers, tmp_path: Path) -> None:
    """In a film of two hours with 3,600 of them no picture is wrong, and ffmpeg takes no more than for a tenth."""
    peaks = [_laid_over_whole_film(number, workers, tmp_path / f"words-{number}") for number in (360, 3_600)]
    print(f"{peaks[0] >> 20} MB with 360 of them, {peaks[1] >> 20} MB with 3,600")
    assert peaks[1] < peaks[0] * 1.1


def _laid_over_whole_film(number: int, workers: Workers, folder: Path) -> int:
    """See every picture of a film with a word each two seconds; return the most bytes that ffmpeg held."""
    cues = [Cue(2_000 * one + 300, 2_000 * one + 1_100 + one % 700, (f"강 {one}",)) for one in range(number)]
    words, _ = laid(folder, workers, *cues)
    film = ("-f", "lavfi", "-i", f"color=gray:s=320x240:r=24000/1001:d={2 * number}", "-i", str(words.path))
    brightest = "crop=320:60:0:170,scale=32:6:flags=area"
    filters = f"[0][1:v]overlay=y={words.top}:shortest=1,format=gray,{brightest}"
    command = ["ffmpeg", "-v", "error", *film, "-filter_complex", filters, *films.GREYS]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        raw, held = bytearray(), 0
        while piece := process.stdout.read(1 << 16):
            raw += piece
            held = max(held, psutil.Process(process.pid).memory_info().rss)
    assert process.returncode == 0
    shown = np.frombuffer(raw, np.uint8).reshape(-1, 32 * 6)
    seen = set(np.flatnonzero(np.ptp(shown.astype(int), axis=1) > 20).tolist())
    times = [picture * 1_001_000 / 24_000 for picture in range(len(shown))]
    assert seen == {
        picture for picture, time in enumerate(times) if 300 <= time % 2_000 < 1_100 + int(time // 2_000) % 700
    }
    return held
