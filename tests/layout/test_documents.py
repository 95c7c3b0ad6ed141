"""The documents in real browsers: what a reader sees, in three engines and without scripts."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from PIL import Image

from packager.build.build import build
from packager.build.request import Request
from packager.build.result import BuildResult
from packager.layout.views import ArticleView, ComicView, HomeView
from packager.model import Document
from packager.output import templates
from packager.sandbox.pool import Workers
from tests.helpers.browsers import Browser, Chromium
from tests.helpers.every_kind import COLOURS, MISSING_PAGE, STRIP_TONES, make_every_kind

pytestmark = pytest.mark.slow

WORDS = sorted((templates.folder() / "words").glob("*.toml"))
ENGINES = ("chromium", "chromium without scripts", "firefox", "webkit")
NARROW = (320, 360)  # CSS pixels: the narrowest phones in use, and the most common ones
# A path as it may be on a reader's stick; every document is opened from below it.
HERE = "읽을 거리 (1) & more"

LOOK = """({
    title: document.title, language: document.documentElement.lang, direction: document.documentElement.dir,
    overflow: document.documentElement.scrollWidth - innerWidth,
    hidden: [].filter.call(document.getElementsByTagName("*"), function (one) {
        return getComputedStyle(one).overflowX === "hidden" && one.scrollWidth > one.clientWidth;
    }).length,
    pictures: [].filter.call(document.images, function (one) { return one.className !== "cover"; }).map(function (one) {
        var box = one.getBoundingClientRect();
        return {name: one.src.slice(0, 5) === "data:" ? "inside" : one.src.split("/").pop(),
                size: [one.naturalWidth, one.naturalHeight],
                is_shown: one.complete && one.naturalWidth > 0 && box.left >= 0 && box.right <= innerWidth,
                shape: Math.round(1000 * box.width / box.height) / 1000, top: box.top};
    }),
    links: [].map.call(document.links, function (one) { return one.href; })
})"""

# What a browser without pictures or styles writes of some documents, piece after piece.
TOLD = {
    "index.html": "작은 책장 | English | 긴 그림 | phone/strip.html | A plain text | phone/plain.html",
    "boats/index.html": "그림이 보이지 않으면 | 전체 목록 | 종이배 접는 법 | 종이 한 장이면 된다. | 차례 | 하나 | 넷"
    " | 첫 문단. | [1] | 하나 | 배 한 척 | 물 위의 배. | 1. 접는다. | 살살 | 강을 따라 | 신문지 | 줄을 바꾸지 않는 글"
    " | 마지막 문단. | [1] | 물 한 그릇을 | Keep a cup | 끝 | 전체 목록",
    "plain/index.html": "All works | A plain text | No pictures here. | 韓國(한국) | Only words.",
    "pages/index.html": "phone/pages.html | A. Author, B. Author | Page 1 | Hello | Page 2 | Goodbye"
    " | Page 3 is missing. | Page 4",
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A built tree, and what was planned for it."""

    tree: Path
    result: BuildResult

    @property
    def documents(self) -> dict[str, Document]:
        """Every document by its path in the tree."""
        entries = self.result.trees[0].plan.entries
        return {str(entry.path): entry.content for entry in entries if isinstance(entry.content, Document)}

    def folders(self) -> list[Path]:
        """The folders of the site editions."""
        return sorted(path.parent for path in self.tree.glob("*/index.html"))


@dataclass(frozen=True, slots=True)
class Seen:
    """One engine, the shelf it has looked at, and what it saw by (path, width)."""

    browser: Browser
    shelf: Shelf
    pages: dict[tuple[str, int], dict[str, Any]]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """A tree with every kind of document, built once, below a path with spaces and Korean letters."""
    folder = tmp_path_factory.mktemp("documents") / HERE
    bundle = make_every_kind(folder / "bundle")
    with Workers() as workers:
        result = build(Request(bundle, folder / "built", skip_damaged=True), lambda *_: None, workers)
    assert not result.is_refused, result.findings
    return Shelf(folder / "built" / result.settings.definition.name, result)


@pytest.fixture(scope="module", params=ENGINES)
def seen(request: pytest.FixtureRequest, shelf: Shelf) -> Iterator[Seen]:
    """Every document as each engine shows it on two phones."""
    name = request.param.split()[0]
    browser: Browser = request.getfixturevalue(name)
    with ExitStack() as stack:
        if request.param != name:
            assert isinstance(browser, Chromium)
            stack.enter_context(browser.without_scripts())
        yield Seen(
            browser, shelf, {key: page for path in shelf.documents for key, page in narrow(browser, shelf, path)}
        )


@pytest.fixture(params=["chromium", "firefox", "webkit"])
def browser(request: pytest.FixtureRequest) -> Browser:
    """Each engine in turn, scripts and all."""
    engine: Browser = request.getfixturevalue(request.param)
    return engine


def narrow(browser: Browser, shelf: Shelf, path: str) -> Iterator[tuple[tuple[str, int], dict[str, Any]]]:
    """A document as a narrow phone shows it when it opens, and when it has become wider."""
    yield (path, NARROW[0]), look(browser, shelf.tree / path, NARROW[0])
    for width in NARROW[1:]:
        browser.resize(width, 640)
        yield (path, width), browser.evaluate(LOOK)


def look(browser: Browser, page: Path, width: int) -> dict[str, Any]:
    """What a browser tells of a page in a viewport of this width."""
    browser.open(page, width, 640)
    facts: dict[str, Any] = browser.evaluate(LOOK)
    return facts


def picture(screenshot: bytes) -> Image.Image:
    """A screenshot as a picture."""
    return Image.open(io.BytesIO(screenshot)).convert("RGB")


def test_every_picture_is_shown_whole_and_in_order(seen: Seen) -> None:
    """The pictures that were planned for a document stand in their own shape: one below the other, or on shelves."""
    for (path, width), page in seen.pages.items():
        shown = page["pictures"]
        assert all(one["is_shown"] for one in shown), (path, width, shown)
        if not path.startswith("index"):
            assert [one["top"] for one in shown] == sorted(one["top"] for one in shown), (path, width)
        for one in shown:
            assert one["shape"] == pytest.approx(one["size"][0] / one["size"][1], rel=0.02), (path, width, one)


def test_no_picture_is_left_out_and_none_comes_twice(seen: Seen) -> None:
    """The documents of a folder show its files in their order; so many pictures are in the one-file edition too."""
    for folder in seen.shelf.folders():
        documents = [path for path in seen.shelf.documents if Path(path).parent.name == folder.name]
        paths = [path for path in documents if re.search(r"/(index|\d+)\.html$", path)]
        shown = [one["name"] for path in paths for one in seen.pages[path, 360]["pictures"]]
        assert shown == sorted(file.name for file in folder.glob("*.jpg")), folder
        parts = [path for path in seen.shelf.documents if re.fullmatch(rf"phone/{folder.name}(-\d+)?\.html", path)]
        assert parts
        assert sum(len(seen.pages[path, 360]["pictures"]) for path in parts) == len(shown), parts


def test_nothing_is_cut_off_and_nothing_scrolls_sideways(seen: Seen) -> None:
    """At 320 and 360 pixels the document is as wide as the screen, long words and tables included."""
    wide = [(key, page["overflow"], page["hidden"]) for key, page in seen.pages.items()]
    assert [one for one in wide if one[1] > 0 or one[2]] == []


def test_titles_languages_and_directions_are_as_planned(seen: Seen) -> None:
    """What the window, the history and a voice are told."""
    for path, document in seen.shelf.documents.items():
        assert isinstance(document.view, HomeView | ComicView | ArticleView)
        frame = document.view.frame
        page = seen.pages[path, 360]
        told = page["title"], page["language"], page["direction"]
        assert told == (frame.title, frame.language, frame.direction), path
        assert re.fullmatch(r"index|(strip|pages|right|boats|plain)( - \d)?", page["title"]), "titles tell nothing"


def test_every_link_leads_to_a_document_and_every_document_is_linked(seen: Seen) -> None:
    """From the library all but the further parts of files for phones is reached, and no link lies inside a document."""
    reached = set()
    for (path, _), page in seen.pages.items():
        for link in map(urlsplit, page["links"]):
            target = Path(unquote(link.path)).relative_to(seen.shelf.tree)
            assert (link.scheme, link.fragment, link.query) == ("file", "", ""), (path, link)
            assert str(target) in seen.shelf.documents, (path, link)
            reached.add(str(target))
    assert {path for path in seen.shelf.documents if not re.search(r"^phone/.*-\d+\.html$", path)} == reached


def shown(page: dict[str, Any]) -> list[dict[str, Any]]:
    """The pictures of a page without where they stand, which in WebKit depends on when one looks."""
    return [{key: value for key, value in picture.items() if key != "top"} for picture in page["pictures"]]


def test_a_folder_copied_alone_loses_no_picture(seen: Seen, tmp_path: Path) -> None:
    """A publication's folder on somebody else's stick shows what it showed at home."""
    for folder in seen.shelf.folders():
        alone = shutil.copytree(folder, tmp_path / HERE / folder.name)
        for path in sorted(alone.glob("*.html")):
            page = look(seen.browser, path, 360)
            at_home = seen.pages[f"{folder.name}/{path.name}", 360]
            assert shown(page) == shown(at_home), path


def test_a_single_file_copied_alone_loses_nothing(seen: Seen, tmp_path: Path) -> None:
    """The library and the one-file edition show the same where a phone hands over one file and nothing beside it."""
    for path in (path for path in seen.shelf.documents if path.startswith(("index", "phone/"))):
        alone = tmp_path / path.replace("/", "-").removesuffix(".html")
        alone.mkdir()
        shutil.copy(seen.shelf.tree / path, alone / "한 파일.html")
        page, at_home = look(seen.browser, alone / "한 파일.html", 360), seen.pages[path, 360]
        assert {**page, "links": [], "pictures": shown(page)} == {**at_home, "links": [], "pictures": shown(at_home)}, (
            path
        )
        assert not path.startswith("phone/") or page["links"] == [], path


def test_pages_show_the_pages_of_the_source_in_its_order(browser: Browser, shelf: Shelf) -> None:
    """By their colours; the damaged one says that it is missing, between its neighbours."""
    for path in ("pages/index.html", "phone/pages.html"):
        browser.open(shelf.tree / path, 360, 640)
        whole = [colour for number, colour in enumerate(COLOURS, 1) if number != MISSING_PAGE]
        assert [nearest(colour) for colour in colours(browser)] == whole
        gap, before, after = browser.evaluate(
            '[document.querySelector(".gap"), document.images[1], document.images[2]].map('
            "function (one) { return one.getBoundingClientRect().top })"
        )
        assert before < gap < after
        assert "3" in browser.evaluate('document.querySelector(".gap").textContent')


def test_pages_from_right_to_left_follow_one_another_downwards(browser: Browser, shelf: Shelf) -> None:
    """The order of the source holds whatever the direction, and the words stand at the right edge."""
    browser.open(shelf.tree / "right" / "index.html", 360, 640)
    assert [nearest(colour) for colour in colours(browser)] == list(COLOURS[:3])
    left, right = browser.evaluate(
        '(function (range) { range.selectNodeContents(document.querySelector("h1")); range = range.getClientRects()[0];'
        "return [range.left, innerWidth - range.right] })(document.createRange())"
    )
    assert right < left


def colours(browser: Browser) -> list[tuple[int, ...]]:
    """The colour in the middle of each picture on the page, as the screen shows it."""
    found = []
    for index in range(browser.evaluate("document.images.length")):
        browser.evaluate(f"document.images[{index}].scrollIntoView()")
        top, height = browser.evaluate(
            f"(function (box) {{ return [box.top, box.height] }})(document.images[{index}].getBoundingClientRect())"
        )
        found.append(pixel(picture(browser.screenshot()), 180, int(top + height / 2)))
    return found


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    """Red, green and blue of one pixel."""
    value = image.getpixel((x, y))
    assert isinstance(value, tuple)
    return value


def nearest(colour: tuple[int, ...]) -> tuple[int, ...]:
    """The page colour that a colour on the screen can only be."""
    return min(COLOURS, key=lambda known: sum(abs(a - b) for a, b in zip(known, colour, strict=True)))


@pytest.mark.parametrize("width", [360, 412, 720])
def test_a_strip_has_no_seams(browser: Browser, shelf: Shelf, width: int) -> None:
    """Down the middle of a strip of slowly changing tone no row stands out, at slices of broken heights either."""
    browser.open(shelf.tree / "strip" / "index.html", width, 640)
    seams = browser.evaluate("document.images.length") - 1
    assert seams >= 1
    for index in range(seams):
        top = browser.evaluate(
            f"(window.scrollTo(0, document.images[{index + 1}].getBoundingClientRect().top + pageYOffset - 320),"
            f"document.images[{index + 1}].getBoundingClientRect().top)"
        )
        shot = picture(browser.screenshot())
        rows = [pixel(shot, width // 2, row)[0] for row in range(int(top) - 40, int(top) + 40)]
        assert max(abs(a - b) for a, b in pairwise(rows)) <= 2, rows


def test_a_strip_is_whole_from_its_first_tone_to_its_last(browser: Browser, shelf: Shelf) -> None:
    """Document after document the tone rises from where it began in the source to where it ended."""
    paths = [path for path in shelf.documents if re.fullmatch(r"strip/(index|\d+)\.html", path)]
    tones = []
    for path in paths:
        browser.open(shelf.tree / path, 360, 640)
        tones += [colour[0] for colour in colours(browser)]
    assert tones == sorted(tones)
    assert len(set(tones)) == len(tones)
    assert STRIP_TONES[0] < tones[0] < STRIP_TONES[0] + 50
    assert STRIP_TONES[1] - 50 < tones[-1] < STRIP_TONES[1]


@pytest.mark.parametrize("path", ["strip/index.html", "pages/index.html", "right/index.html"])
def test_keys_turn_pages_and_never_change_the_address(browser: Browser, shelf: Shelf, path: str) -> None:
    """Forwards and backwards by letters and by arrows, in the comic's own direction, with nothing for the history."""
    browser.open(shelf.tree / path, 360, 640)
    before = browser.evaluate("[location.href, history.length]")
    forwards, backwards = ("ArrowLeft", "ArrowRight") if path.startswith("right") else ("ArrowRight", "ArrowLeft")
    for key, index in (("n", 0), (forwards, 1), (backwards, 0), (forwards, 1), ("p", 0)):
        browser.press(key)
        assert browser.evaluate(f"Math.abs(document.images[{index}].getBoundingClientRect().top) < 2"), (key, index)
    assert browser.evaluate("[location.href, history.length]") == before


def test_no_document_complains_to_the_console(chromium: Chromium, shelf: Shelf) -> None:
    """No error, no warning, nothing that our own policy had to refuse, while loading and while paging."""
    for path in shelf.documents:
        chromium.open(shelf.tree / path, 360, 640)
        chromium.press("n")
        assert chromium.complaints() == [], path


def test_a_document_stays_as_light_as_promised(shelf: Shelf) -> None:
    """Style and script together weigh at most 12 KB in every document that carries them."""
    for path in shelf.documents:
        text = (shelf.tree / path).read_text(encoding="utf-8")
        carried = re.findall(r"<(style|script)\b[^>]*>(.*?)</\1>", text, re.DOTALL)
        assert sum(len(code.encode()) for _, code in carried) <= 12_000, path


@pytest.mark.needs("w3m")
def test_a_browser_of_plain_text_tells_everything_in_order(shelf: Shelf) -> None:
    """What to open instead, title, words, notes, credit and the way on, one after the other."""
    for path, wanted in TOLD.items():
        text = dump(shelf.tree / path)
        place = 0
        for piece in wanted.split(" | "):
            assert piece in text[place:], f"{piece!r} does not follow in {path}:\n{text}"
            place = text.index(piece, place) + len(piece)


def dump(page: Path) -> str:
    """What w3m writes of a page."""
    command = ["w3m", "-dump", "-cols", "80", "-I", "UTF-8", "-O", "UTF-8", str(page)]
    result = subprocess.run(command, capture_output=True, check=True, stdin=subprocess.DEVNULL)
    return result.stdout.decode()


def test_every_language_has_the_same_words_with_the_same_blanks() -> None:
    """No document ever lacks a word, and none shows a blank that was not filled in."""
    tables = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in WORDS}
    english = tables["en"]
    for language, table in tables.items():
        assert list(table) == list(english), language
        for key, word in table.items():
            assert word.strip() == word != "", (language, key)
            assert sorted(re.findall(r"{\w+}", word)) == sorted(re.findall(r"{\w+}", english[key])), (language, key)
