"""Memory does not grow: neither with the number of comics nor with the length of a strip."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.builders import make_picture
from tests.memory import peak_bytes

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
