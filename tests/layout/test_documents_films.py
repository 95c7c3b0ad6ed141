"""The documents of films and sound in real browsers: nothing is cut off, all can be reached, old ones show a link."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from packager.build.build import build
from packager.build.request import Request
from packager.sandbox.pool import Workers
from tests.helpers import engines, films
from tests.helpers.browsers import Browser, Chromium
from tests.helpers.browsers.playing import start_playing
from tests.helpers.builders import write
from tests.layout.test_documents import LOOK, dump
from tests.layout.test_documents_access import complaints

pytestmark = pytest.mark.slow

DEFINITION = """
title = { ko = "작은 책장", en = "A small shelf", ar = "رف صغير" }
languages = ["ko", "en", "ar"]
"""
# What a browser without pictures or players writes of the first film, piece after piece.
TOLD = (
    "길이 0:02 | 자막: 한국어 | 물결 · 1/2 | .mp4 틀기 | .srt | 파일을 여세요. | 다음 2 둘째 날"
    " | 물결 · 1/2 | 2 둘째 날 | 안녕 | 다음"
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Path:
    """A series of two episodes, one with subtitles, and an album of two tracks."""
    folder = tmp_path_factory.mktemp("film pages")
    series, album = folder / "bundle/films/물결", folder / "bundle/sound/songs"
    series.mkdir(parents=True)
    album.mkdir(parents=True)
    films.made(series / "1 첫째 날.ko.mp4", seconds=2)
    shutil.copy(series / "1 첫째 날.ko.mp4", series / "2 둘째 날.ko.mp4")
    write(series / "1 첫째 날.ko.srt", "1\n00:00:00,000 --> 00:00:01,000\n안녕\n")
    for number in (1, 2):
        films.run("-f", "lavfi", "-i", f"sine=f={number * 300}:d=2", str(album / f"{number}.mp3"))
    write(folder / "bundle/bundle.toml", DEFINITION)
    result = build(Request(folder / "bundle", folder / "built"), lambda *_: None, workers)
    assert not result.is_refused, result.findings
    return folder / "built" / result.settings.definition.name


@pytest.fixture(params=["chromium", "firefox", "webkit"])
def browser(request: pytest.FixtureRequest) -> Browser:
    """Each engine in turn."""
    engine: Browser = request.getfixturevalue(request.param)
    return engine


def works(tree: Path) -> list[Path]:
    """The folders of both films and of the album."""
    folders = sorted(path.parent for path in tree.glob("*/index.html"))
    assert len(folders) == 3
    return folders


def test_nothing_is_cut_off_and_nothing_scrolls_sideways(browser: Browser, tree: Path) -> None:
    """At 320 and 360 pixels, in Korean, English and Arabic; the player is as wide as the text."""
    for page in sorted(tree.rglob("*.html")):
        for width in (320, 360):
            browser.open(page, width, 640)
            facts = browser.evaluate(LOOK)
            assert facts["overflow"] <= 0, page
            assert not facts["hidden"], page
            wide = browser.evaluate("[].map.call(document.querySelectorAll('video, audio'), (one) => one.offsetWidth)")
            assert len(set(wide)) <= 1, page
            assert all(width - 60 <= one <= width for one in wide), page


def test_axe_and_the_console_find_nothing(chromium: Chromium, tree: Path) -> None:
    """In light and dark, and in both directions."""
    pages = [folder / f"index{language}.html" for folder in works(tree) for language in ("", "-ar")]
    assert list(complaints(chromium, pages)) == []
    for page in pages:
        chromium.open(page, 360, 640)
        assert chromium.complaints() == [], page


@pytest.mark.needs("w3m")
def test_a_browser_of_plain_text_tells_everything_in_order(tree: Path) -> None:
    """The link, the words of the subtitles and the way on, one after the other."""
    text = dump(works(tree)[0] / "index.html")
    place = 0
    for piece in TOLD.split(" | "):
        assert piece in text[place:], f"{piece!r} does not follow in:\n{text}"
        place = text.index(piece, place) + len(piece)


def test_an_old_engine_shows_the_poster_and_leads_to_the_film(tree: Path) -> None:
    """One that knows no films, as of 2011: what stands inside the player."""
    with engines.DRIVEN["PhantomJS"]() as old:
        old.open(works(tree)[0] / "index.html", 360, 640)
        links = old.evaluate("[].map.call(document.links, function (one) { return one.href; })")
        assert sum(link.endswith(".mp4") for link in links) == 2
        poster = "(function (one) { return [one.naturalWidth, one.offsetWidth > 300, one.parentNode.tagName]; })"
        assert old.evaluate(f"{poster}(document.images[0])") == [320, True, "A"]


def test_a_folder_copied_alone_still_plays(chromium: Chromium, tree: Path, tmp_path: Path) -> None:
    """On somebody else's stick, below a path with spaces and Korean letters."""
    alone = shutil.copytree(works(tree)[0], tmp_path / "읽을 거리 (1) & more" / "film")
    chromium.open(alone / "index.html", 360, 640)
    start_playing(chromium)
