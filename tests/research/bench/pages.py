"""How fast a comic of 140 pages is built, against tools that only resize its pictures and pack them."""

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

PAGES = 140
SIZE = (1984, 2800)
WIDTH = 1220  # what the profile `any` makes of such a page
RUNS = 3
FOLDER = Path(".bench")


def measure() -> Iterator[Ratio]:
    """`packager build`, editions site and cbz, against sharp-cli and vipsthumbnail, each with 7z."""
    pages = make_pages(FOLDER / "library" / "comics" / "pages")
    rivals = {"sharp-cli + 7z": _sharp(pages), "vipsthumbnail + 7z": _vips(pages)}
    jobs = {name: job for name, job in rivals.items() if job}
    for name in rivals.keys() - jobs.keys():
        print(f"left out: {name} is not installed here", file=sys.stderr)
    ours, *theirs = medians(partial(_build, FOLDER / "library"), *jobs.values(), runs=RUNS)
    for name, seconds in zip(jobs, theirs, strict=True):
        yield Ratio(f"packager build of {PAGES} pages", name, ours, seconds, 1.0)


def make_pages(folder: Path) -> list[Path]:
    """140 JPEG pages of 1984 x 2800, made by enlarging pages of the samples, each a little different."""
    sources = sorted((SAMPLES / "comics" / "pepper-carrot-06").glob("*P0[1-9].png"))
    if not sources:
        sys.exit("the page benchmark needs the samples: set PACKAGER_SAMPLES")
    folder.mkdir(parents=True, exist_ok=True)
    pages = [folder / f"{number:03}.jpg" for number in range(PAGES)]
    for number, page in enumerate(pages):
        if not page.exists():
            with Image.open(sources[number % len(sources)]) as source:
                shifted = source.convert("RGB").crop((number % 7, 0, source.width, source.height - number % 11))
                shifted.resize(SIZE, Image.Resampling.LANCZOS).save(page, quality=92)
    (folder.parents[1] / "bundle.toml").write_text('editions = ["site", "cbz"]\n', encoding="utf-8")
    return pages


def _build(bundle: Path) -> None:
    shutil.rmtree(FOLDER / "out", ignore_errors=True)
    command = [sys.executable, "-m", "packager", "build", str(bundle), "-o", str(FOLDER / "out")]
    subprocess.run(command, check=True, capture_output=True)


def _sharp(pages: list[Path]) -> partial[None] | None:
    sharp = FOLDER / "node" / "node_modules" / ".bin" / "sharp"
    if not sharp.exists() and shutil.which("npm"):
        install = ["npm", "install", "--silent", "--no-save", "--prefix", str(FOLDER / "node"), "sharp-cli"]
        subprocess.run(install, check=False, capture_output=True)
    if not sharp.exists() or not shutil.which("7z"):
        return None
    resize = [str(sharp), "-i", *map(str, pages), "-o", str(FOLDER / "rival"), "-f", "jpeg", "-q", "80"]
    return partial(_rival, [*resize, "resize", str(WIDTH)])


def _vips(pages: list[Path]) -> partial[None] | None:
    vips = shutil.which("vipsthumbnail")
    if not vips or not shutil.which("7z"):
        return None
    output = str((FOLDER / "rival").resolve() / "%s.jpg[Q=80,strip]")
    return partial(_rival, [vips, "-s", f"{WIDTH}x", "-o", output, *map(str, pages)])


def _rival(command: list[str]) -> None:
    folder = FOLDER / "rival"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    subprocess.run(command, check=True, capture_output=True)
    packed = sorted(str(path) for path in folder.iterdir())
    assert len(packed) == PAGES
    subprocess.run(["7z", "a", "-tzip", "-mx0", str(folder / "rival.cbz"), *packed], check=True, capture_output=True)
