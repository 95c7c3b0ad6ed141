"""Of what was drawn and clicked every picture and every click is in the file, in its place, as it was to be seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from packager.config import profile
from packager.film.encoder import FilmEncoder, Recorded
from packager.film.ffmpeg import Ffmpeg
from packager.film.jobs import FilmJob, Rates, TrackJob
from packager.model import Role
from packager.sandbox.programs import Programs
from tests.helpers import films

pytestmark = pytest.mark.needs("ffmpeg")


@pytest.fixture(scope="module")
def ffmpeg() -> Ffmpeg:
    """The one of this system."""
    return Ffmpeg.found(Programs())


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds with 50 pictures and two clicks."""
    return films.made(tmp_path_factory.mktemp("films") / "sample.mkv")


@pytest.mark.parametrize("name", ["player", "any", "phone-old"], ids=["AVI", "MP4", "MP4 of an old phone"])
def test_no_picture_is_lost_and_sound_stays_with_pictures(
    name: str, sample: Path, ffmpeg: Ffmpeg, tmp_path: Path
) -> None:
    """The counter runs from the first picture to the last; a click stands within a picture of its second."""
    made = _film(sample, name, ffmpeg, tmp_path)
    (film,) = made.files
    assert (film.role, film.width, film.height, film.size_bytes) == (Role.FILM, 320, 240, film.path.stat().st_size)
    every = 2 if name == "phone-old" else 1
    assert films.counted(film.path) == list(range(0, 50, every))
    assert films.clicks(film.path) == pytest.approx([0, 1], abs=0.03)
    assert made.seconds == pytest.approx(2, abs=0.1)


@dataclass(frozen=True)
class _Kind:
    """A source: its file's name, how it is made, and the pixels and counters that are expected of it."""

    file: str
    options: str = ""
    rate: str = "25"
    size: str = "320x240"
    filters: str = ""
    shown: tuple[int, int] = (320, 240)
    counted: Iterable[int] = range(50)
    unit: int = 1


_HDR = "-pix_fmt yuv420p10le -c:v libx265 -x265-params log-level=none:colorprim=bt2020:colormatrix=bt2020nc:transfer="
_KINDS = {
    "23.976 pictures a second": _Kind("a.mp4", rate="24000/1001", counted=range(48)),
    "29.97 pictures a second": _Kind("a.mov", rate="30000/1001", counted=range(60)),
    "60 pictures a second": _Kind(
        "a.webm", "-c:v libvpx -deadline realtime -b:v 2M", rate="60", counted=range(0, 120, 2)
    ),
    "a rate that varies": _Kind(
        "a.mkv",
        "-vsync vfr",
        filters="select=not(between(n\\,20\\,39))",
        counted=[*range(20), *[19] * 20, *range(40, 50)],
    ),
    "interlaced": _Kind(
        "a.ts",
        "-c:v mpeg2video -flags +ildct+ilme -top 1 -b:v 8M",
        rate="50",
        size="720x576",
        filters="tinterlace=interleave_top",
        shown=(600, 480),
        unit=2,  # a field, of which a picture has two
    ),
    "turned by a quarter": _Kind("turned.mp4", filters="transpose=cclock"),
    "stretched pixels": _Kind("a.mkv", size="720x480", filters="setsar=32/27", shown=(640, 360)),
    "ten bits a colour": _Kind("a.mkv", "-c:v libx264 -pix_fmt yuv420p10le"),
    "colours in full": _Kind("a.mov", "-c:v mjpeg -q:v 2 -pix_fmt yuvj444p"),
    "more light than screens have, PQ": _Kind("a.mkv", _HDR + "smpte2084"),
    "more light than screens have, HLG": _Kind("a.mkv", _HDR + "arib-std-b67"),
    "larger than may be": _Kind("a.mp4", size="960x540", shown=(640, 360)),
    "smaller than may be": _Kind(
        "a.3gp", "-c:v h263 -s 176x144 -ar 8000 -ac 1 -c:a aac", size="176x144", shown=(192, 144)
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", _KINDS.values(), ids=_KINDS)
def test_whatever_a_source_is_its_pictures_come_out_upright_and_in_time(
    kind: _Kind, sample: Path, ffmpeg: Ffmpeg, tmp_path: Path
) -> None:
    """With square pixels, never larger; each picture looks like the one that was drawn."""
    source = films.made(
        tmp_path / kind.file, *kind.options.split(), rate=kind.rate, size=kind.size, filters=kind.filters
    )
    if kind.file.startswith("turned"):
        films.turned(source)
    (film,) = _film(source, "any", ffmpeg, tmp_path).files
    assert (film.width, film.height) == kind.shown
    counted = [number // kind.unit for number in films.counted(film.path)]
    assert counted == list(kind.counted)
    assert films.clicks(film.path) == pytest.approx([0, 1], abs=0.03)
    drawn = films.pictures(source).astype(int)
    if len(drawn) > max(counted):
        away = np.abs(films.pictures(film.path) - drawn[counted])
        assert away.mean() < (40 if kind.options.startswith(_HDR) else 4)


@pytest.mark.prove
@pytest.mark.parametrize("name", ["player", "any"], ids=["AVI", "MP4"])
@pytest.mark.parametrize("rate", ["24000/1001", "25"])
def test_in_an_hour_no_picture_is_lost_and_sound_drifts_by_less_than_one(
    rate: str, name: str, ffmpeg: Ffmpeg, tmp_path: Path
) -> None:
    """The last picture is there, and the last click stands in its second."""
    source = films.made(tmp_path / "hour.mkv", "-c:v", "mpeg4", "-q:v", "5", seconds=3600, rate=rate, size="64x48")
    (film,) = _film(source, name, ffmpeg, tmp_path).files
    pictures = len(films.counted(source))
    counted = films.counted(film.path)
    assert counted == [number % (1 << 16) for number in range(pictures)]
    clicks = films.clicks(film.path)
    assert clicks == pytest.approx(list(range(3600)), abs=0.035)
    drift = max(abs((late - number) - clicks[0]) for number, late in enumerate(clicks))
    print(f"{pictures:,} pictures and {len(clicks):,} clicks of an hour: 0 lost, drift {1000 * drift:.1f} ms")


@pytest.mark.parametrize(
    ("size", "seconds", "shown"),
    [("320x240", 0.04, (320, 240)), ("320x240", 4, (320, 240)), ("1920x1080", 1, (1280, 720))],
    ids=["one picture", "a film", "a large one"],
)
def test_every_film_has_a_picture_that_can_stand_for_it(
    size: str, seconds: float, shown: tuple[int, int], ffmpeg: Ffmpeg, tmp_path: Path
) -> None:
    """Even one that is shorter than what is looked at."""
    source = films.made(tmp_path / "film.mkv", "-c:v", "mpeg4", size=size, seconds=seconds, has_sound=False)
    facts = ffmpeg.facts(source)
    assert facts.video is not None
    with Image.open(BytesIO(ffmpeg.picture(source, facts.video, facts.seconds))) as picture:
        assert (picture.format, picture.size) == ("PNG", shown)


def test_a_track_is_mp3_with_every_click(sample: Path, ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """In its second, but for the delay of the encoder, which every MP3 without a tag has."""
    facts = ffmpeg.facts(sample)
    job = TrackJob(sample, facts, facts.audio[0], 64_000, channels=1)
    (track,) = FilmEncoder(ffmpeg, tmp_path).track(job).files
    assert (track.role, track.size_bytes) == (Role.TRACK, track.path.stat().st_size)
    assert films.clicks(track.path) == pytest.approx([0, 1], abs=0.06)


def _film(source: Path, name: str, ffmpeg: Ffmpeg, folder: Path) -> Recorded:
    """The film as the devices of a profile play it."""
    facts, limits = ffmpeg.facts(source), profile.load(name).film
    rates = Rates(pictures=400_000, sound=64_000)
    return FilmEncoder(ffmpeg, folder).film(FilmJob(source, facts, facts.audio[0], limits, rates))
