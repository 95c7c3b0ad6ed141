"""How long it takes to plan and build a large comic into too small a space, against a build without a medium."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PIL import Image

from tests.helpers.samples import SAMPLES
from tests.research.bench.ratio import Ratio, medians

PAGES = 1_400
SIZE = (740, 1045)
SHIFTS = 40  # columns and rows that a page may be moved by, so that no two are equal
SPACE = "200MB"
FOLDER = Path(".bench") / "fitting"
CACHE = FOLDER / "cache"
DENSE = 7.0  # a dense encoding takes some ten times as long as a plain one, and decoding is most of a plain build


def measure() -> Iterator[Ratio]:
    """A build and a plan of 1,400 pages into 200 MB, and the same build after a plan that kept what it measured."""
    library = make_library()
    shutil.rmtree(CACHE, ignore_errors=True)
    kept = ("--cache", str(CACHE))
    plain, built, planned, rebuilt = medians(
        partial(_packager, "build", library),
        partial(_packager, "build", library, "--fit", SPACE),
        partial(_packager, "plan", library, "--fit", SPACE, *kept),
        partial(_packager, "build", library, "--fit", SPACE, *kept),
        runs=1,
    )
    shutil.rmtree(CACHE)
    what = f"of {PAGES:,} pages into {SPACE}"
    yield Ratio(f"packager build {what}", "a build without a medium", built, plain, DENSE)
    yield Ratio(f"packager plan --cache {what}", "a build without a medium", planned, plain, DENSE)
    yield Ratio("packager build --cache after it", "a build without a medium", rebuilt, plain, 1.1)


def make_library() -> Path:
    """Ten comics of 140 pages, cut from pages of the samples, each at another place; made once and kept."""
    library = FOLDER / "library"
    if not (library / "bundle.toml").exists():
        sources = sorted((SAMPLES / "comics" / "pepper-carrot-06").glob("*P0[1-9].png"))
        if not sources:
            sys.exit("the fitting benchmark needs the samples: set PACKAGER_SAMPLES")
        for comic in range(10):
            (library / "comics" / f"comic{comic}").mkdir(parents=True, exist_ok=True)
        for first, source in enumerate(sources):
            _cut_pages(source, library, range(first, PAGES, len(sources)))
        (library / "bundle.toml").write_text('editions = ["site"]\n', encoding="utf-8")
    return library


def _cut_pages(source: Path, library: Path, numbers: range) -> None:
    width, height = SIZE
    with Image.open(source) as opened:
        drawn = opened.convert("RGB").resize((width + SHIFTS, height + SHIFTS), Image.Resampling.LANCZOS)
    for place, number in enumerate(numbers):
        left, top = divmod(place, SHIFTS)
        comic, page = divmod(number, PAGES // 10)
        file = library / "comics" / f"comic{comic}" / f"{page:03}.jpg"
        drawn.crop((left, top, left + width, top + height)).save(file, quality=90)


def _packager(command: str, library: Path, *options: str) -> None:
    arguments = [command, str(library), "-o", str(FOLDER / "out"), *options]
    subprocess.run([sys.executable, "-m", "packager", *arguments], check=True, capture_output=True)
