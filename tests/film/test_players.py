"""Players that are not ours play our films: every picture in its place, and as good as its rate lets it be."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from packager.config import profile
from packager.film.encoder import FilmEncoder
from packager.film.ffmpeg import Ffmpeg
from packager.film.jobs import FilmJob, Rates
from packager.sandbox.programs import Programs
from tests.helpers import films

pytestmark = pytest.mark.needs("ffmpeg")

_VLC_PLUGIN = "/usr/lib/x86_64-linux-gnu/vlc/plugins/demux/libavi_plugin.so"
_MPLAYER = "mplayer -noconfig all -nolirc -nojoystick -noconsolecontrols -benchmark -ao null -vo png:z=1:outdir=."
# A user who is not root, for whom alone it runs; what it reads is written again as it is.
_VLC = "unshare --user --map-user=1000 cvlc -I dummy --no-interact --sout-mux-caching=0 --sout"
_BROKEN = re.compile(r"index|error|corrupt|damaged|truncated|skipped", re.IGNORECASE)
# Structural similarity, of which 1 is the same: from some 0.95 down viewers notice blocks and smeared edges.
_ALIKE = 0.95


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds with a counter of pictures."""
    return films.made(tmp_path_factory.mktemp("films") / "source.mkv", seconds=4)


def made(source: Path, name: str, folder: Path) -> Path:
    """The source for the devices of a profile, in the quality that they get where there is space."""
    ffmpeg, limits = Ffmpeg.found(Programs()), profile.load(name).film
    facts = ffmpeg.facts(source)
    assert facts.video is not None
    pixels = facts.video.width * facts.video.height * min(25, limits.frame_rate)
    rates = Rates(round(limits.bits_per_pixel * pixels), limits.sound_bit_rate)
    return FilmEncoder(ffmpeg, folder).film(FilmJob(source, facts, facts.audio[0], limits, rates)).files[0].path


@pytest.mark.needs("mplayer")
@pytest.mark.parametrize("name", ["player", "player-small"])
def test_mplayer_shows_every_picture_of_an_avi(name: str, source: Path, tmp_path: Path) -> None:
    """In their order, and with no word on a broken index."""
    film, shown = made(source, name, tmp_path), tmp_path / "shown"
    shown.mkdir()
    played = subprocess.run([*_MPLAYER.split(), film], cwd=shown, capture_output=True, text=True, check=True)
    assert "AVI file format detected" in played.stdout
    assert "Exiting... (End of file)" in played.stdout
    assert not [line for line in (played.stdout + played.stderr).splitlines() if _BROKEN.search(line)]
    assert films.counted(shown / "%08d.png") == films.counted(film)


@pytest.mark.needs("cvlc", "unshare", _VLC_PLUGIN)
@pytest.mark.parametrize("name", ["player", "player-small", "any"])
def test_vlc_reads_every_picture(name: str, source: Path, tmp_path: Path) -> None:
    """In their order; its own writer alone loses the last one, of every film."""
    film, copy = made(source, name, tmp_path), tmp_path / "copy.avi"
    command = (*_VLC.split(), f"#std{{access=file,mux=avi,dst={copy}}}", str(film), "vlc://quit")
    home = {**os.environ, "HOME": str(tmp_path)}
    subprocess.run(command, env=home, capture_output=True, timeout=60, check=True)
    assert films.counted(copy) == films.counted(film)[:-1]


@pytest.mark.parametrize("name", ["player", "disc", "any", "laptop"])
def test_pictures_are_as_they_were_drawn(name: str, source: Path, tmp_path: Path) -> None:
    """By their structural similarity."""
    film = made(source, name, tmp_path)
    pairs = "[0:v]settb=1/25,setpts=N[made];[1:v]settb=1/25,setpts=N[drawn];[made][drawn]ssim"  # by their numbers
    asked = ("-i", film, "-i", source, "-lavfi", pairs, "-f", "null", "-")
    said = subprocess.run(["ffmpeg", "-nostdin", *asked], capture_output=True, text=True, check=True).stderr
    found = re.search(r"SSIM .* All:(\d\.\d+)", said)
    assert found
    assert float(found[1]) >= _ALIKE, said
