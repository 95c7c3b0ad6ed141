"""What it takes to build a large comic into too small a space, against a build without a medium."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar, TypeVarTuple

from PIL import Image

from packager.build.build import preview
from packager.build.request import Request
from packager.model import Encoded
from packager.pictures import worker_jobs
from packager.pictures.worker_jobs import Timed
from packager.sandbox.pool import Workers
from packager.text.spelling import size_in_bytes
from tests.helpers.samples import SAMPLES
from tests.research.bench.ratio import Ratio

PAGES = 1_400
SIZE = (740, 1045)
SHIFTS = 40  # columns and rows that a page may be moved by, so that no two are equal
SPACES = ("200MB", "120MB")
FOLDER = Path(".bench") / "fitting"
CACHE = FOLDER / "cache"

R = TypeVar("R")
Arguments = TypeVarTuple("Arguments")


class Counted(Workers):
    """Workers that count the pages they encode, in `encoded`; slices of strips aside."""

    encoded = 0

    def submit_within(
        self, processor_s: float, function: Callable[[*Arguments], R], *arguments: *Arguments
    ) -> Future[R]:
        """The same, counted."""
        future = super().submit_within(processor_s, function, *arguments)
        future.add_done_callback(self._count)
        return future

    def _count(self, future: Future[R]) -> None:
        timed = future.result()
        if isinstance(timed, Timed) and isinstance(timed.value, tuple):
            self.encoded += sum(isinstance(each, Encoded) and bool(each.data) for each in timed.value)


def measure() -> Iterator[Ratio]:
    """Processor time, encodings and what is left free of 1,400 pages in two spaces; and a build after a plan."""
    library = make_library()
    plain = _processor_seconds("build", library)
    for space in SPACES:
        what = f"{PAGES:,} pages into {space}"
        built = _processor_seconds("build", library, "--fit", space)
        yield Ratio(f"packager build of {what}", "a build without a medium", built, plain, 2, "s of the processor")
        with Counted() as workers:
            workers.start(worker_jobs.load)
            request = Request(library, FOLDER / "planned", fit_bytes=size_in_bytes(space))
            plan = preview(request, workers).trees[0].plan
        yield Ratio(f"encodings of {what}", "pictures", workers.encoded, PAGES, 2, "pictures")
        free = plan.medium.payload_bytes - plan.occupied_bytes
        yield Ratio(f"what {what} leave free", "the space", free / 1e6, plan.medium.payload_bytes / 1e6, 0.03, "MB")
    shutil.rmtree(CACHE, ignore_errors=True)
    kept = ("--fit", SPACES[0], "--cache", str(CACHE))
    _processor_seconds("plan", library, *kept)
    rebuilt = _processor_seconds("build", library, *kept)
    shutil.rmtree(CACHE)
    yield Ratio("packager build --cache after a plan", "a build without a medium", rebuilt, plain, 1.1)


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


def _processor_seconds(command: str, library: Path, *options: str) -> float:
    """What a command and its workers take of the processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    arguments = [command, str(library), "-o", str(FOLDER / "out"), *options]
    subprocess.run([sys.executable, "-m", "packager", *arguments], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
