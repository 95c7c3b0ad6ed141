"""What reading is like in each engine that takes orders or clicks; the second table of docs/engines.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PIL import Image

from packager.build.build import build
from packager.build.request import Request
from packager.sandbox.pool import Workers
from tests.helpers import engines, markers
from tests.helpers.browsers import Browser
from tests.helpers.browsers.process import until
from tests.helpers.browsers.window import Window
from tests.research import engine_table

pytestmark = pytest.mark.prove

SCRIPTED = tuple(name for name in engines.DRIVEN if not name.endswith("without scripts"))
WIDE = 800  # pixels: on a window that wide Dillo too shows every picture whole
SLICES = 100
SLICE_SIZE = (400, 600)
DECODED_BYTES = SLICES * SLICE_SIZE[0] * SLICE_SIZE[1] * 4
LOADED = "[].filter.call(document.images, function (one) { return one.getAttribute('src'); }).length"
SHOWN_WORKS = "[].filter.call(document.querySelectorAll('.work'), function (one) { return one.offsetHeight; }).length"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The marked bundle with a strip of a hundred slices."""
    folder = tmp_path_factory.mktemp("driven")
    bundle = markers.make_marked(folder / "marked")
    long = bundle / "comics" / "long"
    long.mkdir()
    width, height = SLICE_SIZE
    for number in range(SLICES // 4):
        Image.linear_gradient("L").resize((width, height * 4)).convert("RGB").save(long / f"{number:02}.png")
    with (bundle / "bundle.toml").open("a", encoding="utf-8") as definition:
        definition.write('\n[[publication]]\nsource = "comics/long"\nid = "long"\nlanguage = "en"\nflow = "strip"\n')
    with Workers() as workers:
        result = build(Request(bundle, folder / "built"), lambda *_: None, workers)
    assert not result.is_refused, result.findings
    return folder / "built" / "marked"


@pytest.fixture(scope="module", params=SCRIPTED)
def engine(request: pytest.FixtureRequest) -> Iterator[tuple[str, Browser]]:
    """The name of each engine in turn, and a session of it."""
    with engines.DRIVEN[request.param]() as browser:
        yield request.param, browser


def scrolls(browser: Browser, tree: Path) -> bool:
    """Whether every slice is there when one has scrolled to it."""
    browser.open(tree / "long" / "index.html", 360, 640)
    count = browser.evaluate("document.images.length")
    for index in range(count):
        _scroll_to(browser, index)
    return bool(count >= SLICES)


def spares_memory(browser: Browser, tree: Path) -> bool:
    """Whether few slices are held at any time, and less memory is taken on the way than all of them would need."""
    browser.open(tree / "long" / "index.html", 360, 640)
    held, before = [], _memory_bytes()
    for index in range(0, browser.evaluate("document.images.length"), 3):
        _scroll_to(browser, index)
        held.append(browser.evaluate(LOADED))
    return max(held[1:]) < SLICES // 3 and _memory_bytes() - before < DECODED_BYTES


def keeps_the_place(browser: Browser, tree: Path) -> bool:
    """Whether the same slice stands at the upper edge after the phone was turned, and turned back."""
    browser.open(tree / "long" / "index.html", 360, 640)
    middle = SLICES // 2
    _scroll_to(browser, middle)
    for width, height in ((640, 360), (360, 640)):
        browser.resize(width, height)
        _wait_for_the_top(browser, middle)
    return True


def turns_by_keys(browser: Browser, tree: Path) -> bool:
    """Whether letters and arrows turn pages, both ways, and the address stays."""
    browser.open(tree / "pages" / "index.html", 360, 640)
    before = browser.evaluate("[location.href, history.length]")
    for key, index in (("n", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("p", 0)):
        browser.press(key)
        _wait_for_the_top(browser, index)
    return bool(browser.evaluate("[location.href, history.length]") == before)


def filters(browser: Browser, tree: Path) -> bool:
    """Whether works that do not match go as one types."""
    browser.open(tree / "index-en.html", 360, 640)
    browser.evaluate("document.getElementById('find').focus()")
    for letter in "boats":
        browser.press(letter)
    until(lambda: browser.evaluate(SHOWN_WORKS) == 1 or None)
    return True


CHECKS: dict[str, Callable[[Browser, Path], bool]] = {
    "100 slices scrolled": scrolls,
    "memory": spares_memory,
    "place kept when turned": keeps_the_place,
    "keys": turns_by_keys,
    "found as one types": filters,
}


@pytest.fixture(scope="module")
def table() -> Iterator[engine_table.Table]:
    """What the engines can do; when all have been asked, it stands in docs/engines.md."""
    told: engine_table.Table = {}
    yield told
    if len(told) == len(SCRIPTED) * len(CHECKS):
        engine_table.write("reading", told, tuple(CHECKS))


@pytest.mark.parametrize("check", CHECKS)
def test_a_comic_is_read_with_all_that_scripts_add(
    engine: tuple[str, Browser], tree: Path, check: str, table: engine_table.Table
) -> None:
    """In every engine that runs them."""
    name, browser = engine
    try:
        held = CHECKS[check](browser, tree)
    except TimeoutError:
        held = False
    table[name, check] = [] if held else [check]
    assert held == ((name, check) not in engine_table.KNOWN)


@pytest.mark.parametrize("name", engines.WINDOWS)
def test_a_click_on_each_cover_opens_the_work(name: str, tree: Path) -> None:
    """In engines that only a mouse can drive: the cover is a link to a document that shows the work's pictures."""
    with engines.WINDOWS[name](WIDE) as window:
        for place, publication in enumerate(markers.SHOWN):
            with window.showing(tree / "index.html"):
                home = window.picture(lambda picture: len(markers.places(picture)) >= len(markers.SHOWN))
                cover = markers.places(home)[place]
                window.click(cover.left + cover.width // 2, cover.top + cover.height // 2)
                assert _first_seen(window, publication) == markers.SHOWN[publication][0], publication


def _first_seen(window: Window, publication: str) -> markers.Colour | None:
    """The first picture on the screen once the library has gone."""
    library = tuple(shown[0] for shown in markers.SHOWN.values())
    wanted = markers.SHOWN[publication][:1]

    def is_done(picture: Image.Image) -> bool:
        seen = markers.seen(picture)
        return seen[:1] == wanted and seen[: len(library)] != library

    seen = markers.seen(window.picture(is_done))
    return seen[0] if seen and seen[: len(library)] != library else None


def _scroll_to(browser: Browser, index: int) -> None:
    browser.evaluate(f"document.images[{index}].scrollIntoView()")
    picture = f"document.images[{index}]"
    until(lambda: browser.evaluate(f"{picture}.complete && {picture}.naturalWidth > 0") or None)


def _wait_for_the_top(browser: Browser, index: int) -> None:
    top = f"Math.abs(document.images[{index}].getBoundingClientRect().top)"
    until(lambda: browser.evaluate(top) < 3 or None)


def _memory_bytes() -> int:
    processes = psutil.Process().children(recursive=True)
    return sum(process.memory_info().rss for process in processes if process.status() != psutil.STATUS_ZOMBIE)
