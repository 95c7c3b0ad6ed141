"""The engines that other tests look through show what is there."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.helpers.browsers import Browser, Chromium

_PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>창</title>
<style>body { margin: 0; background: #fff } #box { width: 100px; height: 100px; background: #f00 }</style></head>
<body><div id="box"></div><img src="there.png"><img src="gone.png">
<script>document.getElementById("box").style.background = "#00f"</script></body></html>
"""
_RED, _BLUE = (255, 0, 0), (0, 0, 255)


@pytest.fixture(params=["chromium", "firefox", "webkit"])
def browser(request: pytest.FixtureRequest) -> Browser:
    """Each engine in turn."""
    engine: Browser = request.getfixturevalue(request.param)
    return engine


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page with a red box that its script turns blue, a picture that is there and one that is not."""
    Image.new("RGB", (30, 20), _RED).save(tmp_path / "there.png")
    page = tmp_path / "page.html"
    page.write_text(_PAGE, encoding="utf-8")
    return page


def _colour_of_box(screenshot: bytes) -> object:
    return Image.open(io.BytesIO(screenshot)).convert("RGB").getpixel((50, 50))


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 800)])
def test_a_page_has_the_viewport_that_was_asked_for(browser: Browser, page: Path, width: int, height: int) -> None:
    """Layouts for phones and for laptops are seen at their true width."""
    browser.open(page, width, height)
    assert browser.evaluate("[innerWidth, innerHeight]") == [width, height]


def test_a_screenshot_shows_the_page_after_its_scripts(browser: Browser, page: Path) -> None:
    """The box that the script turned blue is blue on the picture, at the page's scale."""
    browser.open(page, 400, 300)
    assert _colour_of_box(browser.screenshot()) == _BLUE


def test_natural_sizes_tell_pictures_that_are_there_from_those_that_are_not(browser: Browser, page: Path) -> None:
    """Tests of built trees count pictures so."""
    browser.open(page)
    sizes = browser.evaluate("[].map.call(document.images, function (i) { return [i.naturalWidth, i.naturalHeight] })")
    assert sizes == [[30, 20], [0, 0]]


def test_text_comes_back_as_it_was_written(browser: Browser, page: Path) -> None:
    """Foreign letters survive the way from the page to the test."""
    browser.open(page)
    assert browser.evaluate("document.title") == "창"


def test_without_scripts_the_page_stays_as_its_html_says(chromium: Chromium, page: Path) -> None:
    """The first rung of a document can be looked at on its own, and afterwards scripts run again."""
    with chromium.without_scripts():
        chromium.open(page)
        assert _colour_of_box(chromium.screenshot()) == _RED
    chromium.open(page)
    assert _colour_of_box(chromium.screenshot()) == _BLUE


def test_a_whole_page_is_as_tall_as_its_content(chromium: Chromium, page: Path) -> None:
    """What lies below the viewport is on the picture too."""
    page.write_text('<!DOCTYPE html><body style="margin: 0"><div style="height: 3000px"></div>', encoding="utf-8")
    chromium.open(page, 320, 480)
    assert Image.open(io.BytesIO(chromium.screenshot(whole_page=True))).size == (320, 3000)
