"""The comic reader's script in three engines: keys, taps, swipes, sizes, the place kept, far pictures unloaded."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from packager.build.build import build
from packager.build.request import Request
from packager.sandbox.pool import Workers
from tests.helpers.browsers import Browser, Chromium
from tests.helpers.browsers.process import until
from tests.helpers.builders import make_picture, write
from tests.helpers.markers import INTERFACE_LANGUAGES

pytestmark = pytest.mark.slow

TILES = 14  # of the long strip, which makes more than a hundred slices
ONE_ROW = 44  # pixels: buttons may not be less than 24 tall
PHONE, TURNED, LAPTOP = (360, 640), (640, 360), (1280, 800)
BUTTONS = "document.querySelector('.bar').getBoundingClientRect().top < document.documentElement.clientHeight"
DEFINITION = """
title = "Shelf"
languages = ["en"]
editions = ["site", "phone"]

[[publication]]
source = "comics/long"
id = "long"
language = "ko"
flow = "strip"

[[publication]]
source = "comics/book"
id = "book"
language = "en"
flow = "pages"

[[publication]]
source = "comics/right"
id = "right"
language = "ar"
flow = "pages"
direction = "rtl"

[[publication]]
source = "comics/parts"
id = "parts"
language = "en"
flow = "pages"
"""
WIDE = 4  # the page of the book, from 1, that is a spread of two


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A long strip in Korean, a book with a cover and a spread in English, and one from right to left in Arabic."""
    folder = tmp_path_factory.mktemp("reader")
    for name in ("long", "book", "right"):
        (folder / "shelf" / "comics" / name).mkdir(parents=True)
    for number in range(TILES):
        tile = Image.linear_gradient("L").resize((400, 3000))
        tile.convert("RGB").save(folder / "shelf" / "comics" / "long" / f"{number:02}.png")
    for number in range(1, 8):
        size = (600, 420) if number == WIDE else (300, 420)
        for name in ("book", "right"):
            make_picture(folder / "shelf" / "comics" / name / f"{number}.png", size, seed=number)
    for number, chapter in enumerate(("Morning", "Noon", "Night"), 1):
        make_picture(folder / "shelf" / "comics" / "parts" / f"{number} {chapter}" / "1.png", (300, 420), seed=number)
    write(folder / "shelf" / "bundle.toml", DEFINITION)
    with Workers() as workers:
        result = build(Request(folder / "shelf", folder / "built"), lambda *_: None, workers)
    assert not result.is_refused, result.findings
    return folder / "built" / "shelf"


@pytest.fixture(params=["chromium", "firefox", "webkit"])
def browser(request: pytest.FixtureRequest) -> Browser:
    """Each engine in turn."""
    engine: Browser = request.getfixturevalue(request.param)
    return engine


def top(browser: Browser, index: int) -> float:
    """How far below the upper edge of the screen a picture begins."""
    found: float = browser.evaluate(f"document.images[{index}].getBoundingClientRect().top")
    return found


def box(browser: Browser, index: int) -> list[float]:
    """Left, top, width and height of a picture on the screen, rounded."""
    found: list[float] = browser.evaluate(
        f"(function (b) {{ return [b.left, b.top, b.width, b.height].map(Math.round) }})"
        f"(document.images[{index}].getBoundingClientRect())"
    )
    return found


def scroll_to(browser: Browser, index: int, part: float = 0.0) -> None:
    """Put a row of a picture at the upper edge of the screen, and wait until the reader has settled."""
    browser.evaluate(
        f"(function (b) {{ scrollBy(0, Math.round(b.top + {part} * b.height)) }})"
        f"(document.images[{index}].getBoundingClientRect())"
    )
    wait(browser, f"document.images[{index}].complete && document.images[{index}].naturalWidth > 0")


def wait(browser: Browser, condition: str) -> None:
    """Wait until a condition holds on the page."""
    until(lambda: browser.evaluate(f"!!({condition}) || null"))


def arrive(browser: Browser, path: str) -> None:
    """Wait until a document has loaded; while an engine leaves the one before it may refuse to answer."""

    def ask() -> bool | None:
        with suppress(AssertionError):
            place, is_there = browser.evaluate("[location.pathname, document.readyState === 'complete']")
            return True if place.endswith(path) and is_there else None
        return None

    until(ask)


def tap(browser: Browser, across: float, down: float) -> None:
    """Touch the screen at a part of its width and height."""
    browser.evaluate(
        "(function (x, y) { document.elementFromPoint(x, y).dispatchEvent("
        'new MouseEvent("click", {clientX: x, clientY: y, bubbles: true})) })'
        f"(innerWidth * {across}, innerHeight * {down})"
    )


def swipe(browser: Browser, by: int) -> None:
    """Draw a finger across the middle of the screen; where there is no touch screen only the handlers are there."""
    browser.evaluate(
        f"(document.ontouchstart({{touches: [{{clientX: 180, clientY: 300}}]}}),"
        f"document.ontouchend({{changedTouches: [{{clientX: {180 + by}, clientY: 310}}]}}), 1)"
    )


def state(browser: Browser) -> Any:
    """What a browser would keep."""
    return browser.evaluate("[location.href, history.length, document.title]")


def test_a_key_never_skips_a_row_of_a_strip(browser: Browser, tree: Path) -> None:
    """Space goes on by less than a screen or to where a slice begins, with shift back again."""
    browser.open(tree / "long" / "index.html", *LAPTOP)
    kept = state(browser)
    browser.press(" ")
    assert box(browser, 0)[1] == 0
    heights = [box(browser, index)[3] for index in range(4)]
    assert max(heights) < LAPTOP[1]
    for index in range(1, 4):
        browser.press(" ")
        assert abs(top(browser, index)) < 2
    browser.press("p")
    assert abs(top(browser, 2)) < 2
    assert state(browser) == kept


def test_a_page_taller_than_the_screen_is_read_to_its_end(browser: Browser, tree: Path) -> None:
    """Space shows the rest of it before the next; a letter turns at once."""
    browser.open(tree / "book" / "index.html", 640, 360)
    browser.press("n")
    assert abs(top(browser, 0)) < 2
    browser.press(" ")
    assert -360 < top(browser, 0) < -200, "the rest of the page"
    browser.press(" ")
    assert abs(top(browser, 1)) < 2
    browser.press("n")
    assert abs(top(browser, 2)) < 2


def test_home_and_end_lead_to_both_ends(browser: Browser, tree: Path) -> None:
    """Of a document most of whose pictures are not loaded, which come when they are needed."""
    browser.open(tree / "long" / "index.html", *PHONE)
    browser.press("End")
    wait(browser, "innerHeight + pageYOffset >= document.documentElement.scrollHeight - 2")
    wait(browser, "document.images[document.images.length - 1].naturalWidth > 0")
    browser.press("Home")
    wait(browser, "pageYOffset === 0 && document.images[0].naturalWidth > 0")


def test_the_last_picture_leads_to_the_next_document(browser: Browser, tree: Path) -> None:
    """By the plain link that stands there; the first one leads back."""
    browser.open(tree / "long" / "index.html", *LAPTOP)
    browser.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    browser.press("n")
    arrive(browser, "book/index.html")
    browser.press("p")
    arrive(browser, "long/index.html")


def test_taps_at_the_edges_turn_pages(browser: Browser, tree: Path) -> None:
    """On the right forwards, on the left back; in a comic from right to left the other way round."""
    for path, on in (("book", 0.9), ("right", 0.1)):
        browser.open(tree / path / "index.html", *PHONE)
        kept = state(browser)
        scroll_to(browser, 0)
        for across, index in ((on, 1), (on, 2), (1 - on, 1)):
            tap(browser, across, 0.3)
            assert abs(top(browser, index)) < 2, (path, across)
        assert state(browser) == kept


def test_taps_above_and_below_move_a_strip(browser: Browser, tree: Path) -> None:
    """Below goes on, above goes back."""
    browser.open(tree / "long" / "index.html", *PHONE)
    scroll_to(browser, 5)
    wait(browser, f"!({BUTTONS})")
    tap(browser, 0.5, 0.9)
    assert abs(top(browser, 6)) < 2
    tap(browser, 0.5, 0.1)
    assert abs(top(browser, 5)) < 2


def test_the_buttons_come_when_asked_and_go_when_one_reads(browser: Browser, tree: Path) -> None:
    """In the words of the document, with the number of the picture; a question mark adds what the keys do."""
    browser.open(tree / "long" / "index.html", *PHONE)
    assert not browser.evaluate(BUTTONS)
    browser.evaluate("document.querySelector('.view').click()")
    wait(browser, BUTTONS)
    scroll_to(browser, 7)
    wait(browser, f"!({BUTTONS})")
    tap(browser, 0.5, 0.5)
    wait(browser, BUTTONS)
    assert browser.evaluate("document.querySelector('.counter').textContent").startswith("8 / 1")
    assert "Fit width" in browser.evaluate("document.querySelector('.bar').innerText")
    assert "Keys" not in browser.evaluate("document.querySelector('.bar').innerText")
    browser.press("?")
    assert "Keys" in browser.evaluate("document.querySelector('.bar').innerText")
    browser.press("Escape")
    wait(browser, f"!({BUTTONS})")


def test_the_comic_is_on_the_first_screen(browser: Browser, tree: Path) -> None:
    """Below its title, its language and one way back: no more than a fifth of a phone, nor of a laptop."""
    for size in (PHONE, LAPTOP):
        browser.open(tree / "long" / "index.html", *size)
        assert top(browser, 0) <= size[1] / 5
        above = browser.evaluate("document.getElementById('head').innerText")
        assert "한국어" in above
        assert browser.evaluate("document.getElementById('head').getElementsByTagName('a').length") == 1
        assert "001.jpg" not in above
        assert "phone/" not in above


def test_a_file_for_phones_has_its_contents_and_leads_to_them(browser: Browser, tree: Path) -> None:
    """By chapters, where scripts run; folded up until one asks, and nothing of it in the history."""
    browser.open(tree / "phone" / "parts.html", *PHONE)
    kept = state(browser)
    assert browser.evaluate("document.getElementById('contents').open") is False
    browser.evaluate("document.querySelector('summary').click()")
    assert browser.evaluate(
        "[].map.call(document.querySelectorAll('#contents li'), function (one) { return one.innerText })"
    ) == [
        "1 Morning",
        "2 Noon",
        "3 Night",
    ]
    browser.evaluate("document.querySelectorAll('#contents li')[1].click()")
    wait(browser, "Math.abs(document.querySelectorAll('.chapter')[1].getBoundingClientRect().top) < 2")
    assert state(browser) == kept


def test_what_to_open_instead_is_said_where_pictures_are_missing(browser: Browser, tree: Path, tmp_path: Path) -> None:
    """A document alone, as a phone hands it to a viewer, tells the file to open; one with its pictures does not."""
    is_told = "document.getElementById('notice').getClientRects().length > 0"
    browser.open(tree / "book" / "index.html", *PHONE)
    assert not browser.evaluate(is_told)
    shutil.copy(tree / "book" / "index.html", tmp_path / "alone.html")
    browser.open(tmp_path / "alone.html", *PHONE)
    wait(browser, is_told)
    assert "phone/book.html" in browser.evaluate("document.getElementById('notice').innerText")


def test_what_to_open_instead_is_said_where_no_script_could_tell(chromium: Chromium, tree: Path) -> None:
    """Above the comic, as ever."""
    with chromium.without_scripts():
        chromium.open(tree / "book" / "index.html", *PHONE)
        assert chromium.evaluate("document.getElementById('notice').getClientRects().length") == 1


def test_a_button_that_the_keyboard_is_on_is_seen(chromium: Chromium, tree: Path) -> None:
    """Also where they were out of the way. In Chromium: Firefox without a window tells no page that it has focus."""
    chromium.open(tree / "long" / "index.html", *PHONE)
    scroll_to(chromium, 7)
    wait(chromium, f"!({BUTTONS})")
    chromium.evaluate("document.querySelector('.bar .button').focus()")
    chromium.press("Tab")
    wait(chromium, BUTTONS)


def test_the_buttons_take_one_row_of_the_narrowest_phone(chromium: Chromium, tmp_path: Path) -> None:
    """In every language that has interface words, with the number of a page of a long comic."""
    lines = ['title = "Shelf"', f"languages = {list(INTERFACE_LANGUAGES)}", 'editions = ["site"]', "[[publication]]"]
    write(tmp_path / "words" / "bundle.toml", "\n".join([*lines, 'source = "book"', 'id = "book"', 'flow = "pages"']))
    for language in INTERFACE_LANGUAGES:
        (tmp_path / "words" / "book" / language).mkdir(parents=True)
        for number in (1, 2):
            make_picture(tmp_path / "words" / "book" / language / f"{number}.png", (300, 420), seed=number)
    with Workers() as workers:
        assert not build(Request(tmp_path / "words", tmp_path / "built"), lambda *_: None, workers).is_refused
    pages = sorted((tmp_path / "built" / "words").glob("book*/index.html"))
    assert len(pages) == len(INTERFACE_LANGUAGES)
    for page in pages:
        chromium.open(page, 320, 568)
        chromium.evaluate("document.querySelector('.counter').firstChild.nodeValue = '188 / 188'")
        height, wide = chromium.evaluate(
            "[document.querySelector('.bar').offsetHeight, document.documentElement.scrollWidth]"
        )
        assert height <= ONE_ROW, page
        assert wide == 320, page


@pytest.mark.parametrize(("path", "on"), [("book", -100), ("right", 100)])
def test_a_swipe_turns_a_page(browser: Browser, tree: Path, path: str, on: int) -> None:
    """To the left forwards, in a comic from right to left to the right; a short one is none."""
    browser.open(tree / path / "index.html", *PHONE)
    kept = state(browser)
    scroll_to(browser, 0)
    for by, index in ((on, 1), (on // 5, 1), (on, 2), (-on, 1)):
        swipe(browser, by)
        assert abs(top(browser, index)) < 2, by
    assert state(browser) == kept


def test_pages_fit_the_width_the_height_or_stay_as_they_are(browser: Browser, tree: Path) -> None:
    """A key goes through all three, and the page that one reads stays where it is."""
    browser.open(tree / "book" / "index.html", 1200, 300)
    scroll_to(browser, 2)
    sizes = []
    for _ in range(4):
        browser.press("f")
        sizes.append(box(browser, 2)[2:])
        assert abs(top(browser, 2)) < 2
    room = browser.evaluate("document.documentElement.clientWidth")
    assert sizes == [[round(300 * 300 / 420), 300], [300, 420], [room, round(room * 420 / 300)], sizes[0]]


def test_a_tap_brings_the_buttons_back_where_a_page_is_wider_than_the_screen(browser: Browser, tree: Path) -> None:
    """Wherever it is: a page that one moves about in must not turn by itself."""
    browser.open(tree / "book" / "index.html", 240, 400)
    scroll_to(browser, 1)
    browser.press("f")
    browser.press("f")
    assert box(browser, 1)[2:] == [300, 420]
    scroll_to(browser, 2)
    browser.press("Escape")
    wait(browser, f"!({BUTTONS})")
    tap(browser, 0.9, 0.3)
    wait(browser, BUTTONS)
    assert abs(top(browser, 2)) < 2


def test_two_pages_stand_side_by_side_and_the_cover_alone(browser: Browser, tree: Path) -> None:
    """A spread has the screen to itself, and from right to left the first of two stands on the right."""
    for path, is_rtl in (("book", False), ("right", True)):
        browser.open(tree / path / "index.html", *LAPTOP)
        browser.press("d")
        boxes = [box(browser, index) for index in range(7)]
        rows = [[index for index in range(7) if boxes[index][1] == top] for top in sorted({b[1] for b in boxes})]
        assert rows == [[0], [1, 2], [3], [4, 5], [6]]
        for first, second in ((1, 2), (4, 5)):
            left, right = (second, first) if is_rtl else (first, second)
            assert abs(boxes[left][0] + boxes[left][2] - boxes[right][0]) <= 1, "they meet in the middle"
        browser.press("n")
        browser.press("n")
        browser.press("n")
        assert abs(top(browser, 3)) < 2, "pairs are turned as one"


@pytest.mark.parametrize("path", ["long", "book"])
def test_the_place_is_kept_when_a_phone_is_turned(browser: Browser, tree: Path, path: str) -> None:
    """The same row of the same picture stands at the upper edge, there and back."""
    browser.open(tree / path / "index.html", *PHONE)
    index = 90 if path == "long" else 4
    scroll_to(browser, index, 0.4)
    wait(browser, f"document.querySelector('.counter').textContent.indexOf('{index + 1} /') === 0")
    for size in (TURNED, PHONE, LAPTOP, PHONE):
        browser.resize(*size)
        wait(browser, f"document.documentElement.clientWidth <= {size[0]}")
        part = f"(function (b) {{ return -b.top / b.height }})(document.images[{index}].getBoundingClientRect())"
        wait(browser, f"Math.abs({part} - 0.4) < 0.01")


def test_far_pictures_of_a_long_strip_are_unloaded_and_come_back(browser: Browser, tree: Path) -> None:
    """At no place more than a few are held, all near ones are there, and nothing moves."""
    browser.open(tree / "long" / "index.html", *PHONE)
    count, height = browser.evaluate("[document.images.length, document.documentElement.scrollHeight]")
    assert count > 100
    tops = [top(browser, index) for index in range(count)]
    for index in (*range(0, count, 9), *range(count - 1, 0, -30)):
        scroll_to(browser, index)
        wait(browser, "document.querySelectorAll('img[src]').length <= 20")
        assert browser.evaluate("document.documentElement.scrollHeight") == height
        assert abs(browser.evaluate("pageYOffset") + top(browser, index) - tops[index]) < 2
    shown = browser.evaluate("[].map.call(document.images, function (one) { return one.naturalWidth > 0 })")
    assert 1 <= sum(shown) <= 20


def test_a_picture_that_failed_is_tried_again(browser: Browser, tree: Path, tmp_path: Path) -> None:
    """Twice by itself, then at a tap, and meanwhile it says so in its place."""
    folder = shutil.copytree(tree / "book", tmp_path / "book")
    for name in ("001.jpg", "002.jpg"):
        (folder / name).rename(folder / f"away-{name}")
    browser.open(folder / "index.html", *PHONE)
    wait(browser, "document.images[0].className === 'failed' && document.images[1].className === 'failed'")
    (folder / "away-001.jpg").rename(folder / "001.jpg")
    wait(browser, "document.images[0].naturalWidth > 0 && document.images[0].className === ''")
    assert browser.evaluate("document.images[0].alt") == "Page 1"
    assert "try again" in browser.evaluate("document.images[1].alt")
    wait(browser, "performance.now() > 4500")
    (folder / "away-002.jpg").rename(folder / "002.jpg")
    scroll_to_failed = "document.images[1].dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    browser.evaluate(scroll_to_failed)
    wait(browser, "document.images[1].naturalWidth > 0 && document.images[1].className === ''")


def test_an_error_of_the_script_puts_everything_back(browser: Browser, tree: Path) -> None:
    """All pictures are there again in sizes of their own, as for a browser without scripts."""
    browser.open(tree / "long" / "index.html", *PHONE)
    wait(browser, "document.querySelectorAll('img[src]').length < document.images.length")
    browser.evaluate("(Element.prototype.getBoundingClientRect = null, scrollTo(0, 5000))")
    wait(browser, "document.querySelectorAll('img[src]').length === document.images.length")
    assert browser.evaluate("document.documentElement.className + document.images[0].style.width") == "notranslate"
    wait(browser, "document.images[document.images.length - 1].naturalWidth > 0")
