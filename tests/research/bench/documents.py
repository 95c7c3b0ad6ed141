"""How soon a slow machine shows the first screen of a large library and of a strip, and what documents weigh."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.helpers.browsers import Chromium
from tests.helpers.every_kind import make_every_kind
from tests.helpers.large_library import make_large_library
from tests.research.bench.ratio import Ratio

FOLDER = Path(".bench") / "documents"
WORKS = 5_000
SLOWER = 6  # times: a cheap phone or a laptop of 2009, by Chromium's own throttle
RUNS = 5
LIST_BYTES, CODE_BYTES, KILOBYTE = 600_000, 12_000, 1_000

# The last of what was painted before anybody touched the page: words, or the largest picture of the first screen.
PAINTED = """new Promise(function (done) {
    var last = 0;
    new PerformanceObserver(function (seen) {
        seen.getEntries().forEach(function (one) { last = Math.max(last, one.startTime); });
    }).observe({type: "largest-contentful-paint", buffered: true});
    function ask() {
        var first = performance.getEntriesByName("first-contentful-paint")[0];
        if (first && last) { done(Math.max(first.startTime, last) / 1000); } else { setTimeout(ask, 20); }
    }
    ask();
})"""


def measure() -> Iterator[Ratio]:
    """Seconds to the first screen, and bytes of lists, styles and scripts, each against what is promised."""
    if not shutil.which("chromium"):
        print("left out: chromium is not installed here", file=sys.stderr)
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    library, comics = make_large_library(FOLDER / "library", WORKS), _built()
    with Chromium() as browser, browser.slowed(SLOWER):
        for name, page in {
            f"home page of {WORKS} publications": library / "index.html",
            "page of covers": next(iter(sorted(library.glob("list/*.html")))),
            "strip": comics / "strip" / "index.html",
        }.items():
            yield Ratio(f"first screen, {SLOWER} times slower: {name}", "promised", _shown(browser, page), 1.0, 1.0)
    heaviest = max(page.stat().st_size for page in library.glob("list/*.html"))
    yield Ratio("heaviest list page", "promised", heaviest / KILOBYTE, LIST_BYTES / KILOBYTE, 1.0, unit="KB")
    code = max(_code_bytes(page) for tree in (library, comics) for page in tree.rglob("*.html"))
    yield Ratio("style and script of a page", "promised", code / KILOBYTE, CODE_BYTES / KILOBYTE, 1.0, unit="KB")


def _built() -> Path:
    bundle = make_every_kind(FOLDER / "every")
    command = [sys.executable, "-m", "packager", "build", str(bundle), "-o", str(FOLDER / "built"), "--skip-damaged"]
    subprocess.run(command, check=True, capture_output=True)
    return FOLDER / "built" / "every"


def _shown(browser: Chromium, page: Path) -> float:
    """The median seconds from asking for a page until its first screen is painted."""
    times: list[float] = []
    for _ in range(RUNS):
        browser.go("about:blank")
        browser.open(page, 360, 640)
        times.append(browser.evaluate(PAINTED))
    return median(times)


def _code_bytes(page: Path) -> int:
    carried = re.findall(r"<(style|script)\b[^>]*>(.*?)</\1>", page.read_text(encoding="utf-8"), re.DOTALL)
    return sum(len(code.encode()) for _, code in carried)
