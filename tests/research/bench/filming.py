"""What films cost beside what ffmpeg itself takes, and how the memory of a build grows with their length."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

from packager.config import profile
from packager.film.encoder import FilmEncoder
from packager.film.ffmpeg import Ffmpeg
from packager.film.jobs import FilmJob, Rates
from packager.sandbox.programs import Programs
from tests.helpers import films
from tests.helpers.memory import peak_bytes
from tests.research.bench.ratio import Ratio, medians

FOLDER = Path(".bench") / "filming"
RUNS = 3
SECONDS = 40
LENGTHS_S = (60, 1200)
RATES = Rates(pictures=600_000, sound=96_000)
_NUMBERS = count()


def measure() -> Iterator[Ratio]:
    """A film for each container against one command with the same settings; then a short one and a long one."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    source = films.made(FOLDER / "film.mkv", size="854x480", seconds=SECONDS)
    ffmpeg = Ffmpeg.found(Programs())
    for name, theirs in (("any", _H264), ("player", _MPEG4)):
        our_s, their_s = medians(partial(_ours, source, name, ffmpeg), partial(_plain, source, theirs), runs=RUNS)
        yield Ratio(f"{SECONDS} s of film for {name}", "plain ffmpeg", our_s, their_s, 1.1)
    short, long = (_peak(seconds) for seconds in LENGTHS_S)
    yield Ratio("memory for a film of 20 minutes", "of one", long / 1e6, short / 1e6, 1.1, "MB")
    shutil.rmtree(FOLDER)


def _ours(source: Path, name: str, ffmpeg: Ffmpeg) -> None:
    facts = ffmpeg.facts(source)
    folder = FOLDER / f"ours-{next(_NUMBERS)}"
    folder.mkdir()
    FilmEncoder(ffmpeg, folder).film(FilmJob(source, facts, facts.audio[0], profile.load(name).film, RATES))


_SOUND = "-ar 44100 -ac 2 -map 0:v -map 0:a -threads 1"
_H264 = (
    f"-vf scale=640:358:flags=lanczos -c:v libx264 -profile:v baseline -b:v 600k -maxrate 1200k -bufsize 1200k -g 125 \
-c:a aac -b:a 96k {_SOUND} -f mp4"
)
_MPEG4 = (
    f"-vf scale=720:400:flags=lanczos -c:v mpeg4 -mbd rd -trellis 1 -b:v 600k -maxrate 1200k -bufsize 1200k -g 125 \
-c:a libmp3lame -b:a 96k {_SOUND} -f avi"
)


def _plain(source: Path, options: str) -> None:
    films.run("-threads", "1", "-i", str(source), *options.split(), str(FOLDER / "theirs"))


def _peak(seconds: int) -> int:
    bundle = FOLDER / f"bundle-{seconds}"
    (bundle / "films").mkdir(parents=True)
    films.made(bundle / "films" / "film.mkv", size="64x48", seconds=seconds)
    (bundle / "bundle.toml").write_text('title = "Film"\nlanguages = ["en"]\n')
    return peak_bytes("build", str(bundle), "-o", str(FOLDER / f"built-{seconds}"))
