"""Broken and hostile films: refused, or made of what can be played; nothing beside them is read, and bounds hold."""

from __future__ import annotations

import random
import struct
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from packager.config import profile
from packager.errors import SourceError
from packager.film.decode import decoder
from packager.film.encoder import FilmEncoder, Recorded
from packager.film.ffmpeg import Ffmpeg
from packager.film.jobs import FilmJob, Rates, TrackJob
from packager.film.overlay import write_overlay
from packager.sandbox.programs import Programs
from tests.helpers import films
from tests.helpers.canary_command import NEEDS_ROOT, asked_for

pytestmark = pytest.mark.needs("ffmpeg")

_SIZE = "64x48"


@pytest.fixture(scope="module")
def ffmpeg() -> Ffmpeg:
    """The one of this system."""
    return Ffmpeg.found(Programs())


_PLAYLISTS = {
    "a list of pieces": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{url}\n#EXT-X-ENDLIST\n",
    "a list of files": "ffconcat version 1.0\nfile '{url}'\n",
    "a session": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
    "a manifest": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{url}</BaseURL></MPD>',
    "a drawing": "color=red:size=64x48",
}


@pytest.mark.parametrize("place", ["secret.mp4", "http://127.0.0.1:9/secret.mp4", "concat:secret.mp4|secret.mp4"])
@pytest.mark.parametrize("text", _PLAYLISTS.values(), ids=_PLAYLISTS)
def test_what_leads_to_other_files_is_refused(text: str, place: str, ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """Whatever its name says it is."""
    films.made(tmp_path / "secret.mp4", size=_SIZE, seconds=1)
    source = tmp_path / "film.mp4"
    source.write_text(text.format(url=place))
    with pytest.raises(SourceError, match="neither film nor sound"):
        ffmpeg.facts(source)


def _with_samples_at(place: bytes, film: bytes) -> bytes:
    """An MP4 that names another file for the samples of its pictures, of which it has none itself."""
    data = bytearray(film)
    samples = data.index(b"mdat") + 4
    size = int.from_bytes(data[samples - 8 : samples - 4]) - 8
    data[samples : samples + size] = bytes(size)
    url = data.index(b"url \0\0\0\1", samples)  # of the pictures, whose track is the first
    data[url + 4 : url + 8] = bytes(4) + place + b"\0"  # not in this file
    for box in (b"url ", b"dref", b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        at = data.rindex(box, 0, url + 4) - 4
        data[at : at + 4] = (int.from_bytes(data[at : at + 4]) + len(place) + 1).to_bytes(4)
    return bytes(data)


@NEEDS_ROOT
@pytest.mark.slow
@pytest.mark.needs("unshare", "ip")
@pytest.mark.parametrize("command", ["build", "plan"])
def test_no_film_reaches_the_network(command: str, tmp_path: Path) -> None:
    """A listener is the only way out of it, and hears nothing: neither names nor addresses are asked for."""
    folder = tmp_path / "bundle/films"
    folder.mkdir(parents=True)
    whole = films.made(folder / "whole.mp4", "-bf", "0", size=_SIZE, seconds=1)
    for number, host in enumerate(("canary.example", "203.0.113.9")):
        address = f"http://{host}/secret.mp4"
        (folder / f"elsewhere-{number}.mp4").write_bytes(_with_samples_at(address.encode(), whole.read_bytes()))
        for kind, text in enumerate(_PLAYLISTS.values()):
            for place in (address, f"concat:{address}|{address}", f"https://{host}/list.m3u8", f"tcp://{host}:80"):
                source = folder / f"{number}-{kind}-{place.partition(':')[0]}.mp4"
                source.write_text(text.format(url=place))
        (folder / f"whole.{number}.ass").write_text(f"[Script Info]\nVideo File: {address}\nAudio URI: {address}\n")
    assert asked_for(command, tmp_path / "bundle", "-o", tmp_path / "out", "--skip-damaged") == []


def test_a_film_whose_pictures_lie_in_another_file_shows_none_of_them(ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """An MP4 can name a file that holds its samples (ISO 14496-12, 8.7.2)."""
    secret = films.made(tmp_path / "secret.mp4", "-bf", "0", size=_SIZE, seconds=1)
    source = tmp_path / "film.mp4"
    source.write_bytes(_with_samples_at(b"secret.mp4", secret.read_bytes()))
    made = _made(source, ffmpeg, tmp_path)
    assert made is None or films.counted(made.files[0].path) != films.counted(secret)


def _huge(path: Path) -> Path:
    """A picture of 400 million pixels in half a megabyte."""
    side = 20_000
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + side // 8)) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    png = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    write_overlay(path, side, side, [(0, b"\x89PNG\r\n\x1a\n" + png)])
    return path


def _endless(path: Path) -> Path:
    """Two pictures, the second of them a day behind the first."""
    drawn = f"color=size={_SIZE}:rate=1:duration=2,setpts=N*86400/TB"
    films.run("-f", "lavfi", "-i", drawn, "-vsync", "0", "-c:v", "libx264", str(path))
    return path


def _slow(path: Path) -> Path:
    """A second of sound that says of itself that it has one sample a second."""
    films.run("-f", "lavfi", "-i", "sine=440:duration=1", "-f", "wav", str(path))
    data = bytearray(path.read_bytes())
    data[24:28] = struct.pack("<I", 1)
    path.write_bytes(data)
    return path


def _hasty(path: Path) -> Path:
    """A thousand pictures a second."""
    return films.made(path, "-c:v", "mjpeg", rate="1000", size=_SIZE, seconds=1)


@pytest.mark.parametrize(
    ("make", "name"),
    [(_huge, "a.mkv"), (_endless, "a.mkv"), (_slow, "a.wav"), (_hasty, "a.avi")],
    ids=["too large", "too long", "too slow", "too fast"],
)
def test_bombs_go_off_within_bounds(make: Callable[[Path], Path], name: str, ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """What a source may last follows from its bytes; what it may show has a limit."""
    source = make(tmp_path / name)
    made = _made(source, ffmpeg, tmp_path)
    assert made is None if make is _huge else made is None or made.seconds < ffmpeg.most_seconds(source) + 1


_FORMS = (
    "mp4",
    "mov",
    "mkv",
    "webm",
    "avi",
    "ts",
    "mpg",
    "flv",
    "wmv",
    "3gp",
    "mp3",
    "ogg",
    "flac",
    "wav",
    "m4a",
    "aac",
)
_SOUND = ("mp3", "ogg", "flac", "wav", "m4a", "aac")
_EACH = 13


@pytest.mark.prove
def test_200_broken_films_are_refused_or_made_of_what_can_be_played(ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """Cut off, with bytes exchanged, with pieces left out: whatever comes of it is whole in itself."""
    chance, ends = random.Random(16), Counter[str]()
    flaw = decoder(Programs())
    for form in _FORMS:
        whole = _of_form(form, tmp_path).read_bytes()
        for number in range(_EACH):
            source = tmp_path / f"{form}-{number}.{form}"
            source.write_bytes(_broken(whole, number, chance))
            made = _made(source, ffmpeg, tmp_path)
            ends["refused" if made is None else "played"] += 1
            if made is not None:
                assert made.seconds < ffmpeg.most_seconds(source) + 1
                assert not any(flaw(file.path, made.seconds) for file in made.files), source
    assert sum(ends.values()) >= 200
    print(
        f"{ends['played']} of {sum(ends.values())} broken films and pieces of sound played, {ends['refused']} refused"
    )


def _of_form(form: str, folder: Path) -> Path:
    path = folder / f"whole.{form}"
    if form in _SOUND:
        films.run("-f", "lavfi", "-i", "sine=440:duration=2", str(path))
        return path
    options = {"3gp": "-c:v h263 -s 128x96 -ar 8000 -ac 1 -c:a aac", "webm": "-c:v libvpx -deadline realtime"}.get(
        form, ""
    )
    return films.made(path, *options.split(), size="128x96" if form == "3gp" else _SIZE, seconds=1)


def _broken(whole: bytes, number: int, chance: random.Random) -> bytes:
    data = bytearray(whole)
    if number < 4:  # cut off
        return bytes(data[: len(data) * (number + 1) // 5])
    if number < 6:  # a piece left out
        begin = chance.randrange(len(data))
        del data[begin : begin + len(data) // 10]
    reach = len(data) if number % 2 else min(len(data), 800)  # everywhere, or where headers lie
    for _ in range(1 << (number - 4)):
        data[chance.randrange(reach)] = chance.choice((0, 0xFF, 0x7F, chance.randrange(256)))
    return bytes(data)


def _made(source: Path, ffmpeg: Ffmpeg, folder: Path) -> Recorded | None:
    """What is made of a source; None where it is refused."""
    scratch = folder / f"made-{source.name}"
    scratch.mkdir()
    encoder = FilmEncoder(ffmpeg, scratch)
    try:
        facts = ffmpeg.facts(source)
        if facts.video is None:
            return encoder.track(TrackJob(source, facts, facts.audio[0], 64_000, channels=1))
        audio = next(iter(facts.audio), None)
        return encoder.film(FilmJob(source, facts, audio, profile.load("any").film, Rates(100_000, 64_000)))
    except SourceError:
        return None
