"""Memory does not grow, neither with the number of comics nor with the length of a strip; too little of it is said."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from packager.errors import SourceError
from tests.helpers.builders import make_bundle, make_comic, make_picture
from tests.helpers.memory import peak_bytes

pytestmark = pytest.mark.slow

MEGABYTE = 1_000_000
MOST = 400 * MEGABYTE
BUILDS_AS_LONG = 12  # builds of 11 tiles take as long as one of 220
NOISE = 1.15  # of one build against another: when the allocator gives back is not in our hands


def _built(bundle: Path, output: Path) -> int:
    """The most memory that building takes."""
    return peak_bytes("build", str(bundle), "-o", str(output))


def make_pages(folder: Path, count: int, size: tuple[int, int]) -> None:
    """Numbered pages of which every tenth is drawn and the others are copies with another name."""
    folder.mkdir(parents=True)
    drawn = [make_picture(folder.parent / f"drawn-{seed}.jpg", size, seed).read_bytes() for seed in range(10)]
    for seed in range(10):
        (folder.parent / f"drawn-{seed}.jpg").unlink()
    for number in range(count):
        (folder / f"{number:03}.jpg").write_bytes(drawn[number % 10])


@pytest.mark.prove
@pytest.mark.skipif(sys.platform != "linux", reason="proportional memory is Linux's")
def test_ten_comics_take_no_more_memory_than_one(tmp_path: Path) -> None:
    """140 pages of 1984 x 2800 and ten times as many, all processes together under 400 MB."""
    make_pages(tmp_path / "one" / "comics" / "c", 140, (1984, 2800))
    for number in range(10):
        make_pages(tmp_path / "ten" / "comics" / f"c{number}", 140, (1984, 2800))
    one, ten = (_built(tmp_path / name, tmp_path / f"{name}-out") for name in ("one", "ten"))
    print(f"one comic {one / MEGABYTE:.0f} MB, ten comics {ten / MEGABYTE:.0f} MB")
    assert max(one, ten) < MOST
    assert ten < one * NOISE


@pytest.mark.prove
@pytest.mark.skipif(sys.platform != "linux", reason="proportional memory is Linux's")
def test_a_long_strip_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    """220 tiles of 850 x 3700 against 11, which are built often enough that as many moments are looked at."""
    for name, tiles in (("short", 11), ("long", 220)):
        make_pages(tmp_path / name / "comics" / "c", tiles, (850, 3700))
        (tmp_path / name / "bundle.toml").write_text(
            '[[publication]]\nsource = "comics/c"\nflow = "strip"\n', encoding="utf-8"
        )
    short = max(_built(tmp_path / "short", tmp_path / "short-out") for _ in range(BUILDS_AS_LONG))
    long = _built(tmp_path / "long", tmp_path / "long-out")
    print(f"11 tiles {short / MEGABYTE:.0f} MB, 220 tiles {long / MEGABYTE:.0f} MB")
    assert max(short, long) < MOST
    assert long < short * NOISE


def test_a_strip_longer_than_any_picture_may_be_is_built(tmp_path: Path) -> None:
    """80,000 rows: more than a JPEG can hold, cut into slices that join to all of them."""
    make_pages(tmp_path / "b" / "comics" / "c", 20, (120, 4000))
    _built(tmp_path / "b", tmp_path / "out")
    (folder,) = [path.parent for path in (tmp_path / "out" / "b").glob("*/001.jpg")]
    heights = []
    for path in folder.glob("*.jpg"):
        with Image.open(path) as image:
            heights.append(image.height)
    assert sum(heights) == 80_000


# --- where the system gives little ----------------------------------------------------------------------------


def limited(folder: Path, limits: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """The command in a shell with these options of `ulimit`."""
    words = shlex.join([sys.executable, "-m", "packager", *map(str, arguments)])
    shell = ["bash", "-c", f"ulimit {limits} && exec {words}"]
    root = {"PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(shell, cwd=folder, env=os.environ | root, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a bundle, and something to check."""
    folder = tmp_path_factory.mktemp("small")
    make_bundle(folder / "window")
    make_comic(folder / "pages", pages=30, size=(60, 90))
    return folder


WORK = (
    ("build", "window", "-o", "out"),
    ("plan", "window"),
    ("check", "pages"),
    ("inspect", "pages"),
    ("import", "pages", "b"),
)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count other things")
@pytest.mark.parametrize("kilobytes", [100_000, 200_000, 400_000, 700_000])
@pytest.mark.parametrize("work", WORK, ids=lambda words: words[0])
def test_too_little_memory_is_one_clear_line(small: Path, work: tuple[str, ...], kilobytes: int) -> None:
    """Before anything is read or made: no traceback, no picture that counts as damaged."""
    done = limited(small, f"-v {kilobytes}", *work)
    assert (done.returncode, done.stdout) == (SourceError.exit_code, "")
    assert re.fullmatch(r"packager: the system gives a program \d+ MB of memory, .+\n  Free .+\n", done.stderr)
    assert not (small / "out").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count other things")
@pytest.mark.parametrize("kilobytes", [800_000, 1_500_000])
def test_enough_memory_is_enough(small: Path, tmp_path: Path, kilobytes: int) -> None:
    """What a source may take, and what a process reserves for itself, is all that must be there."""
    done = limited(small, f"-v {kilobytes}", "build", "window", "-o", tmp_path / "out", "--jobs", 2)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count other things")
@pytest.mark.parametrize("work", WORK, ids=lambda words: words[0])
def test_threads_that_cannot_be_started_are_no_fault_of_ours(small: Path, work: tuple[str, ...]) -> None:
    """A thread takes as much as a stack may: eight of 256 MiB are more than a process here has."""
    done = limited(small, "-s 262144 -v 1200000", *work, "--jobs", 8)
    assert done.returncode == SourceError.exit_code, done.stdout
    assert re.fullmatch(r"packager: there is too little memory, or too much runs at once\n  Free .+\n", done.stderr)
