"""Films, sound, comics and articles on one medium, by the command line: real films, real trees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from packager.config.filesystems import Filesystem, occupied_bytes
from tests.helpers import films
from tests.helpers.builders import contents, make_comic, packager, write

pytestmark = pytest.mark.needs("ffmpeg")

MB = 1_000_000


def made(path: Path, seconds: float) -> Path:
    """A film of small noise, which takes as many bits as it is given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shown = f"testsrc2=size=320x240:rate=25:duration={seconds},noise=alls=15:allf=t"
    sound = f"anoisesrc=d={seconds}:c=pink:r=44100"
    films.run("-f", "lavfi", "-i", shown, "-f", "lavfi", "-i", sound, "-b:v", "1500k", "-ac", "2", str(path))
    return path


def heard(path: Path, seconds: float, *options: str) -> Path:
    """A piece of noise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    films.run("-f", "lavfi", "-i", f"anoisesrc=d={seconds}:c=pink:r=44100", *options, str(path))
    return path


def built(bundle: Path, output: Path, *options: object) -> tuple[str, dict[str, Any]]:
    """What was printed, and the report, of a build that must come to its end."""
    done = packager("build", bundle, "-o", output, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, json.loads((output / "keep/report.json").read_text(encoding="utf-8"))


def occupied(tree: Path, cluster: int = 32 * 1024) -> int:
    """What the files of a tree take on a FAT32 stick."""
    sizes = [(path.relative_to(tree), path.stat().st_size) for path in tree.rglob("*") if path.is_file()]
    return occupied_bytes(sizes, tree.name, Filesystem.FAT32, cluster)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two films of some seconds, the second of less importance, a song and a comic."""
    bundle = tmp_path_factory.mktemp("small") / "window"
    made(bundle / "films/one.mkv", 5)
    made(bundle / "films/two.mkv", 4)
    heard(bundle / "sound/song.wav", 4, "-ac", "2")
    make_comic(bundle / "comics/pages", pages=2)
    entries = (
        f'[[publication]]\nsource = "{source}"\npriority = {priority}\n'
        for source, priority in (("films/one.mkv", 1), ("films/two.mkv", 2), ("sound/song.wav", 1), ("comics/pages", 1))
    )
    write(bundle / "bundle.toml", "".join(entries))
    return bundle


@pytest.mark.slow
def test_films_take_what_is_left_and_never_more(small: Path, tmp_path: Path) -> None:
    """The important one gets more bits, both are told in a line, and `plan` foretold it."""
    cluster = ("--cluster", "4KiB")
    whole = built(small, tmp_path / "whole", "--fit", "1GB", *cluster)[1]
    assert whole["lowered"] == []
    space = whole["occupied_bytes"] - 60_000
    printed, told = built(small, tmp_path / "out", "--fit", space, *cluster)
    taken = occupied(tmp_path / "out/window", 4096)
    assert taken == told["occupied_bytes"]
    assert 0.99 * space <= taken <= space
    lines = [line for line in printed.splitlines() if line.startswith(("Films", "Sound"))]
    assert len(lines) == len({lost["id"] for lost in told["lowered"]}) > 0
    films_ = [lost for lost in told["lowered"] if lost["best"]["pictures"]]
    assert films_
    assert all(0.4 * lost["best"]["pictures"] <= lost["given"]["pictures"] for lost in films_)
    planned = packager("plan", small, "--fit", space, *cluster, "--output-format", "json")
    assert json.loads(planned.stdout)["occupied_bytes"] == pytest.approx(taken, rel=0.03)


@pytest.mark.slow
def test_any_number_of_jobs_makes_the_same_films(small: Path, tmp_path: Path) -> None:
    """Byte for byte, where the last is encoded into what is left; kept files are used the next time."""
    whole = built(small, tmp_path / "whole", "--fit", "1GB", "--cluster", "4KiB")[1]
    space = whole["occupied_bytes"] - 60_000
    options = ("--fit", space, "--cluster", "4KiB")
    built(small, tmp_path / "1", *options, "--jobs", 1, "--cache", tmp_path / "kept")
    built(small, tmp_path / "3", *options, "--jobs", 3)
    built(small, tmp_path / "again", *options, "--cache", tmp_path / "kept")
    assert contents(tmp_path / "1/window") == contents(tmp_path / "3/window") == contents(tmp_path / "again/window")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four comics, six articles, three films, an album and a series of radio, of two hours."""
    bundle = tmp_path_factory.mktemp("library") / "window"
    for number in range(4):
        make_comic(bundle / f"comics/comic {number}", pages=8, size=(900, 1300))
    for number in range(6):
        write(bundle / f"articles/{number}.md", f"# Article {number}\n\n" + "What it says must be read.\n\n" * 300)
    for number, minutes in enumerate((2, 1.5, 1), 1):
        made(bundle / f"films/film {number}.mkv", 60 * minutes)
    for number in range(1, 13):
        heard(bundle / f"sound/album/{number:02}.mka", 120, "-ac", "2", "-c:a", "ac3", "-b:a", "192k")
    for number in range(1, 6):
        heard(bundle / f"sound/radio/{number:02}.wav", 1_200, "-ac", "1", "-ar", "22050", "-c:a", "adpcm_ima_wav")
    return bundle


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is encoded, from one build to the next."""
    return tmp_path_factory.mktemp("kept") / "cache"


@pytest.mark.prove
@pytest.mark.parametrize("profile", ["any", "player"])
@pytest.mark.parametrize(("megabytes", "is_short"), [(64, True), (256, False), (1_000, False)])
def test_a_library_fits_a_medium_of_any_size(
    profile: str,
    megabytes: int,
    *,
    is_short: bool,
    library: Path,
    kept: Path,
    tmp_path: Path,
) -> None:
    """Never over; where it is short at most 1 % is unused, and each film and album that had to give is named."""
    printed, told = built(library, tmp_path / "out", "--profile", profile, "--fit", f"{megabytes}MB", "--cache", kept)
    taken, space = occupied(tmp_path / "out/window"), megabytes * MB
    assert taken == told["occupied_bytes"] <= space
    lines = [line for line in printed.splitlines() if line.startswith(("Films", "Sound", "Given up"))]
    print(f"{profile}: {taken / MB:.2f} of {megabytes} MB, {len(lines)} lines of what had to give")
    assert bool(lines) == bool(told["lowered"]) == is_short
    assert not is_short or taken >= 0.99 * space
    assert not told["dropped"]
    assert len(told["publications"]) == 4 + 6 + 3 + 1 + 1
