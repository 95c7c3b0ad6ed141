"""Pictures that devices play already keep every byte of theirs; all others are encoded."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from packager.check.recordings import recording_facts
from packager.config import profile
from packager.files.signatures import FileType
from packager.film.encoder import FilmEncoder
from packager.film.ffmpeg import Ffmpeg
from packager.film.jobs import FilmJob, Rates, TrackJob
from packager.sandbox.programs import Programs
from tests.helpers import films
from tests.helpers.planted_films import WORDS
from tests.helpers.rewoven_films import BEHIND, H264, MPEG4, Change, coded

pytestmark = pytest.mark.needs("ffmpeg")

_PLAIN = "-c:v libx264 -profile:v baseline -level 3.0 -b:v 200k -maxrate 300k -bufsize 300k"
_MPEG4 = "-c:v mpeg4 -profile:v 0 -level 3 -b:v 400k"
_RATES = Rates(pictures=900_000, sound=96_000)


@pytest.fixture(scope="module")
def ffmpeg() -> Ffmpeg:
    """The one of this system."""
    return Ffmpeg.found(Programs())


@pytest.mark.parametrize(
    ("name", "file", "options"),
    [
        ("any", "source.mp4", _PLAIN),
        ("any", "source.mkv", _PLAIN),
        ("any", "source.ts", _PLAIN),
        ("player", "source.avi", _MPEG4),
        ("player", "source.mp4", _MPEG4),
        ("player", "source.avi", "-c:v libxvid -bf 0 -b:v 400k"),
    ],
)
def test_pictures_that_conform_are_passed_through(
    name: str, file: str, options: str, ffmpeg: Ffmpeg, tmp_path: Path
) -> None:
    """They are what they were, to the bit; nothing of their encoder stays, and clicks are in their seconds."""
    source = films.made(tmp_path / file, *options.split(), "-c:a", "pcm_s16le" if file.endswith("avi") else "aac")
    film = _film(source, ffmpeg, tmp_path, name)
    assert _coded(film, name) == _coded(source, name)
    assert films.counted(film) == list(range(50))
    assert films.clicks(film) == pytest.approx([0, 1], abs=0.03)
    assert not any(text in film.read_bytes() for text in (b"x264", b"Lavf", b"Lavc", b"XviD"))
    with film.open("rb") as opened:
        facts = recording_facts(FileType.AVI if name == "player" else FileType.MP4, opened, film.stat().st_size)
    assert (facts.problems, facts.error) == ((), "")


_ODD = {
    "in slices": "-slices 4 -aud 1",
    "with all parameters again and again": "-x264-params repeat-headers=1",
    "with colours told": "-color_primaries bt709 -color_trc bt709 -colorspace bt709",
    "refreshed without keys": "-x264-params intra-refresh=1",
    "for a line of constant rate": "-x264-params nal-hrd=cbr",
    "with references to many pictures": "-refs 5",
    "with weighted pictures": "-profile:v main -bf 0 -x264-params weightp=2",
}


@pytest.mark.slow
@pytest.mark.parametrize("options", _ODD.values(), ids=_ODD)
def test_what_is_passed_through_or_not_has_the_form_that_is_checked(
    options: str, ffmpeg: Ffmpeg, tmp_path: Path
) -> None:
    """Whatever other encoders write beside pictures."""
    film = _film(films.made(tmp_path / "source.mp4", *_PLAIN.split(), *options.split()), ffmpeg, tmp_path)
    with film.open("rb") as file:
        facts = recording_facts(FileType.MP4, file, film.stat().st_size)
    assert (facts.problems, facts.error) == ((), "")
    assert films.counted(film) == list(range(50))


_OTHERS = {
    "with B-frames": ("any", "-c:v libx264 -profile:v main -bf 2 -b:v 200k"),
    "of a higher profile": ("any", "-c:v libx264 -profile:v high -bf 0 -b:v 200k"),
    "of a higher level": ("any", f"{_PLAIN} -level 4.1"),
    "of another codec": ("any", "-c:v mpeg4 -b:v 200k"),
    "at a rate that varies": ("any", f"{_PLAIN} -vsync vfr -vf select=not(between(n\\,20\\,30))"),
    "with more bits than are to be had": ("any", f"{_PLAIN} -b:v 1500k -maxrate 3M -bufsize 3M"),
    "with stretched pixels": ("any", f"{_PLAIN} -vf setsar=2"),
    "of fields": ("any", "-c:v libx264 -profile:v main -flags +ildct+ilme -bf 0 -b:v 200k"),
    "MPEG-4 with B-frames": ("player", "-c:v mpeg4 -bf 2 -b:v 400k"),
    "MPEG-4 with quarter pixels": ("player", "-c:v mpeg4 -flags +qpel -b:v 400k"),
    "MPEG-4 with global motion": ("player", "-c:v libxvid -gmc 1 -bf 0 -b:v 400k"),
    "MPEG-4 of fields": ("player", "-c:v mpeg4 -flags +ildct+ilme -b:v 400k"),
}


@pytest.mark.parametrize(("name", "options"), _OTHERS.values(), ids=_OTHERS)
def test_other_pictures_are_encoded(name: str, options: str, ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """What was drawn is not what was there."""
    source = films.made(tmp_path / "source.mkv", *options.split())
    assert _decoded(_film(source, ffmpeg, tmp_path, name)) != _decoded(source)


_HIDDEN = (
    *(("any", "source.mp4", what, change) for what, change in H264.items()),
    *(("player", "source.avi", what, change) for what, change in {**MPEG4, "bytes behind a picture": BEHIND}.items()),
)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "file", "what", "change"), _HIDDEN, ids=[f"{one[1]}: {one[2]}" for one in _HIDDEN])
def test_pictures_that_hold_what_nobody_sees_are_encoded(
    name: str, file: str, what: str, change: Change, ffmpeg: Ffmpeg, tmp_path: Path
) -> None:
    """Or left behind, whatever of it a decoder notices."""
    source = tmp_path / file
    source.write_bytes(change(coded("mp4" if name == "any" else "avi")).woven())
    film = _film(source, ffmpeg, tmp_path, name)
    with film.open("rb") as opened:
        facts = recording_facts(FileType.AVI if name == "player" else FileType.MP4, opened, film.stat().st_size)
    assert (facts.problems, facts.error) == ((), ""), what
    assert WORDS not in film.read_bytes()
    assert change is not BEHIND or _coded(film, name)[1:] != _coded(source, name)[1:]


@pytest.mark.parametrize(("name", "file"), [("any", "source.mp4"), ("player", "source.avi")])
def test_the_same_pictures_without_it_are_passed_through(name: str, file: str, ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """So that it is for this that the others are encoded."""
    source = tmp_path / file
    source.write_bytes(coded("mp4" if name == "any" else "avi").woven())
    assert _coded(_film(source, ffmpeg, tmp_path, name), name) == _coded(source, name)


def _film(source: Path, ffmpeg: Ffmpeg, folder: Path, name: str = "any") -> Path:
    facts = ffmpeg.facts(source)
    job = FilmJob(source, facts, next(iter(facts.audio), None), profile.load(name).film, _RATES)
    return FilmEncoder(ffmpeg, folder).film(job).files[0].path


def _coded(path: Path, name: str) -> list[bytes]:
    """The pictures of a stream as they are coded, without what stands beside them: slices of H.264, or of MPEG-4."""
    form = "h264" if name == "any" else "m4v"
    units = films.run("-i", str(path), "-map", "0:v", "-c", "copy", "-f", form, "pipe:1").split(b"\0\0\1")
    kinds = (b"\x01\x21\x41\x61\x25\x45\x65") if form == "h264" else b"\xb6"
    return [unit.rstrip(b"\0") for unit in units if unit and unit[0] in kinds]


def _decoded(path: Path) -> str:
    raw = films.run("-i", str(path), "-map", "0:v", "-vsync", "0", "-f", "rawvideo", "pipe:1")
    return hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize(
    ("options", "is_kept"),
    [("-b:a 64k -ac 1", True), ("-b:a 96k -ac 1", False), ("-q:a 5 -ac 1", False), ("-b:a 64k -ac 2", False)],
    ids=["at the rate that is asked for", "at a higher rate", "at a rate that varies", "with two channels"],
)
def test_mp3_at_a_constant_rate_is_passed_through(options: str, is_kept: bool, ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """What is heard is what was heard, to the sample; no tag stays."""
    source = tmp_path / "source.mp3"
    films.run(
        "-i", str(films.made(tmp_path / "source.mkv")), "-metadata", "title=Somebody", *options.split(), str(source)
    )
    facts = ffmpeg.facts(source)
    track = (
        FilmEncoder(ffmpeg, tmp_path).track(TrackJob(source, facts, facts.audio[0], 64_000, channels=1)).files[0].path
    )
    assert (_heard(track) == _heard(source)) is is_kept
    assert films.clicks(track) == pytest.approx([0, 1], abs=0.08)
    assert not any(name in track.read_bytes() for name in (b"Somebody", b"LAME", b"Lavf", b"Lavc", b"TSSE", b"Info"))


def _heard(path: Path) -> list[int]:
    """The samples of the second click, wherever it begins: a tag tells decoders what to leave out before the first."""
    raw = np.frombuffer(films.run("-i", str(path), "-ac", "1", "-f", "s16le", "pipe:1"), np.int16)
    last = int(np.flatnonzero(np.abs(raw) > 10_000)[-1])
    return [int(sample) for sample in raw[last - 400 : last]]
