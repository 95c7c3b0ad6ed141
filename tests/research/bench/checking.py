"""How fast a tree of 2,000 pictures is checked, against `sha256sum` on all cores, and whether memory grows with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PIL import Image

from tests.helpers.memory import peak_bytes
from tests.helpers.samples import SAMPLES
from tests.research.bench.ratio import Ratio, medians

FOLDER = Path(".bench") / "checking"
COMIC_PAGES = 200
SIZE = (1220, 1720)  # what the profile `any` makes of a page
SHIFTS = 40  # columns and rows that a page may be moved by, so that no two are equal
RUNS = 3
MEGABYTE = 1_000_000


def measure() -> Iterator[Ratio]:
    """The time of checking, strict decoding included, and the most memory of ten times as many pictures."""
    if not shutil.which("sha256sum"):
        print("left out: sha256sum is not installed here", file=sys.stderr)
        return
    tree, small = make_tree(2_000), make_tree(200)
    ours, theirs = medians(partial(_check, tree), partial(_sha256sum, tree), runs=RUNS)
    yield Ratio("packager check of 2,000 pictures", "sha256sum on all cores", ours, theirs, 5.0)
    if sys.platform == "linux":
        large, less = (peak_bytes("check", str(each), "--quiet") / MEGABYTE for each in (tree, small))
        yield Ratio("memory to check 2,000 pictures", "200 pictures", large, less, 1.15, unit="MB")


def make_tree(pictures: int) -> Path:
    """A tree of comics of 200 pages, each as folder and CBZ, built when first asked for and kept."""
    library = FOLDER / f"library-{pictures}"
    built = FOLDER / f"built-{pictures}"
    if not built.exists():
        for comic in range(pictures // COMIC_PAGES):
            _make_pages(library / "comics" / f"comic{comic}", range(comic * COMIC_PAGES, (comic + 1) * COMIC_PAGES))
        (library / "bundle.toml").write_text('editions = ["site", "cbz"]\n', encoding="utf-8")
        command = [sys.executable, "-m", "packager", "build", str(library), "-o", str(built)]
        subprocess.run(command, check=True, capture_output=True)
        shutil.rmtree(library)
    return built / library.name


def _make_pages(folder: Path, numbers: range) -> None:
    """Pages cut from pages of the samples, each at another place."""
    sources = sorted((SAMPLES / "comics" / "pepper-carrot-06").glob("*P0[1-9].png"))
    if not sources:
        sys.exit("the checking benchmark needs the samples: set PACKAGER_SAMPLES")
    folder.mkdir(parents=True)
    width, height = SIZE
    for first, source in enumerate(sources):
        with Image.open(source) as opened:
            drawn = opened.convert("RGB").resize((width + SHIFTS, height + SHIFTS), Image.Resampling.LANCZOS)
        for number in numbers[first :: len(sources)]:
            left, top = divmod(number // len(sources), SHIFTS)
            page = drawn.crop((left, top, left + width, top + height))
            page.save(folder / f"{number:04}.jpg", quality=88)


def _check(tree: Path) -> None:
    subprocess.run([sys.executable, "-m", "packager", "check", str(tree), "--quiet"], check=True, capture_output=True)


def _sha256sum(tree: Path) -> None:
    line = 'find "$0" -type f -print0 | xargs -0 -n 8 -P "$1" sha256sum'
    subprocess.run(["sh", "-c", line, str(tree), str(os.cpu_count())], check=True, capture_output=True)
