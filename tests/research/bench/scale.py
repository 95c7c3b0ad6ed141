"""What ten times as many pages take of time and memory: 100,000 of them in 2,000 comics, beside 20,000 articles."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.helpers.dry_bundle import make_dry_bundle
from tests.helpers.memory import peak_bytes
from tests.research.bench.documents import KILOBYTE, LIST_BYTES
from tests.research.bench.ratio import Ratio

PAGES, TIMES = 10_000, 10
FOLDER = Path(".bench") / "scale"
MEGABYTE = 1_000_000
PROFILE = 'extends = "laptop"\n[tree]\nmax_files = 1_000_000\n'


def measure() -> Iterator[Ratio]:
    """Processor time and memory of a plan and of a build, all processes together, and the heaviest list in it."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    more, fewer = f"{TIMES * PAGES:,} pages", f"{PAGES:,} pages"
    for verb in ("plan", "build"):
        (little_s, little), (much_s, much) = (_taken(verb, pages) for pages in (PAGES, TIMES * PAGES))
        yield Ratio(f"packager {verb} of {more}", fewer, much_s, little_s, 1.1 * TIMES, "s of the processor")
        yield Ratio(f"memory for a {verb} of {more}", fewer, much / MEGABYTE, little / MEGABYTE, 1.15, "MB")
    tree = _place(TIMES * PAGES) / "built" / "bundle"
    heaviest = max(page.stat().st_size for page in (tree / "index.html", *tree.glob("list/*.html")))
    yield Ratio(f"heaviest list page of {more}", "promised", heaviest / KILOBYTE, LIST_BYTES / KILOBYTE, 1.0, "KB")
    shutil.rmtree(FOLDER)


def _place(pages: int) -> Path:
    return FOLDER / str(pages)


def _taken(verb: str, pages: int) -> tuple[float, int]:
    """The seconds of the processor that a command and its workers take, and the most bytes that they hold at once."""
    bundle, built = _place(pages) / "bundle", _place(pages) / "built"
    if not bundle.exists():
        make_dry_bundle(bundle, pages, 'profile = "many.toml"\neditions = ["site"]\n')
        (bundle / "many.toml").write_text(PROFILE, encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = peak_bytes(verb, str(bundle.resolve()), "-o", str(built.resolve()))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak
