"""What a second build takes of the first, with nothing changed, a page, or an article."""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from tests.research.bench.ratio import Ratio

WORKS, PAGES, ARTICLES = 100, 50, 1_000  # pages of each work
SIZE = (1100, 1560)
UNCHANGED, ONE_CHANGED = 0.05, 0.07  # of a first build
FOLDER = Path(".bench") / "rebuilding"
WORDS = "paper boats swim in the rain and nobody knows where the river ends before the evening comes".split()


def measure() -> Iterator[Ratio]:
    """Processor time beyond that of a start, which is what an unchanged bundle of one article takes."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    small = _article(FOLDER / "small" / "articles" / "one.md", random.Random(0)).parents[1]
    _built(small)
    start = _built(small)
    library = make_library(FOLDER / "library")
    first = _built(library) - start
    what = f"{WORKS * PAGES:,} pages and {ARTICLES:,} articles"
    yield Ratio(f"a second build of {what}", "the first", _built(library) - start, first, UNCHANGED)
    _page(library / "comics" / "work003" / "007.jpg", random.Random(-1))
    yield Ratio("the same with one page changed", "the first", _built(library) - start, first, ONE_CHANGED)
    _article(library / "articles" / "text00007.md", random.Random(-2))
    yield Ratio("the same with one article changed", "the first", _built(library) - start, first, ONE_CHANGED)
    shutil.rmtree(FOLDER)


def make_library(folder: Path) -> Path:
    """Comics and articles, none like another."""
    chance = random.Random(7)
    for work in range(WORKS):
        for page in range(1, PAGES + 1):
            _page(folder / "comics" / f"work{work:03}" / f"{page:03}.jpg", chance)
    for number in range(ARTICLES):
        _article(folder / "articles" / f"text{number:05}.md", chance)
    return folder


def _page(file: Path, chance: random.Random) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.effect_noise((SIZE[0] // 4, SIZE[1] // 4), 30).resize(SIZE).filter(ImageFilter.GaussianBlur(2))
    picture = picture.convert("RGB")
    draw = ImageDraw.Draw(picture)
    for _ in range(14):
        left, top = chance.randrange(1000), chance.randrange(1400)
        colour = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
        draw.rectangle((left, top, left + 200, top + 200), outline="#000000", fill=colour, width=4)
    draw.text((300, 700), f"{chance.random()}", fill="#000000")
    picture.save(file, quality=88)


def _article(file: Path, chance: random.Random) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    paragraphs = (" ".join(chance.choices(WORDS, k=60)) + "." for _ in range(12))
    file.write_text(f"# {chance.random()}\n\n" + "\n\n".join(paragraphs) + "\n", encoding="utf-8")
    return file


def _built(bundle: Path) -> float:
    """Seconds of the processor that a build takes with its workers."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "packager", "build", str(bundle), "-o", f"{bundle}-built"]
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
