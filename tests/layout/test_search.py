"""Words found in texts: in every engine that runs the library's script, from local files, and nothing is missed."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.check import search
from packager.output import templates
from packager.text import search_terms
from tests.helpers import films
from tests.helpers.books import jpeg
from tests.helpers.browsers import Browser, Chromium, Firefox, WebKit
from tests.helpers.browsers.phantom import Phantom
from tests.helpers.browsers.process import until
from tests.helpers.builders import packager, write

pytestmark = pytest.mark.needs("ffmpeg")

ENGINES = (Chromium, Firefox, WebKit, Phantom)
ARTICLES = 24  # more than FROM_ARTICLES
# What stands in one article alone, or in some: by the words that are looked for, the numbers of the articles.
PLANTED = {
    3: "그는 평양냉면을 먹었다고 말했다.",
    5: "냉면 두 그릇과 Straßenbahn, 그리고 Café Déjà vu.",
    7: 'The reunification committee met in 1972, and "nobody" wrote it down in a\\b.',
    9: "東京の図書館で本を読む。",
    11: "Первая встреча в Москве.",
    13: "في المدينة القديمة",
}
ASKED = {
    "냉면": {3, 5},
    "평양냉면": {3},
    "그릇 냉면": {5},
    "ㄴㅁ 그릇": {5},
    "reunif": {7},
    "COMMITTEE met": {7},
    "nobody": {7},
    "図書館": {9},
    "москв": {11},
    "المدينة": {13},
    "1972": {7},
    "없는말이다": set(),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree of articles in made-up Korean, with the planted sentences in the middle of some, and a film with words."""
    bundle = tmp_path_factory.mktemp("search") / "bundle"
    chance = random.Random(5)
    for number in range(ARTICLES):
        paragraphs = [" ".join(_word(chance) for _ in range(60)) + "." for _ in range(40)]
        paragraphs.insert(20, PLANTED.get(number, "끝이 없다."))
        write(bundle / "articles" / f"{number:02}.md", f"# Text {number}\n\n" + "\n\n".join(paragraphs) + "\n")
    write(bundle / "films" / "river.ko.srt", "1\n00:00:00,000 --> 00:00:01,000\n강물 위의 등불\n")
    films.made(bundle / "films" / "river.mp4", seconds=1)
    write(bundle / "bundle.toml", 'folder = "window"\n')
    packager("build", bundle, "--output", bundle.parent / "built")
    return bundle.parent / "built" / "window"


def _word(chance: random.Random) -> str:
    """Two to four syllables of some three hundred, as frequent as those of a language are."""
    letters = [chr(0xAC00 + 31 * int(300 * chance.random() ** 2)) for _ in range(chance.randint(2, 4))]
    return "".join(letters)


def results(browser: Browser, words: str) -> list[tuple[str, str]]:
    """The address and the passage of everything that is shown of texts for these words."""
    box = "document.getElementById('find')"
    browser.evaluate(f"(function (box) {{ box.value = {json.dumps(words)}; box.oninput(); }})({box})")
    shown = until(lambda: browser.evaluate(_SHOWN) or None)
    return [tuple(one) for one in json.loads(shown)]


# Nothing while something is on its way.
_SHOWN = """(function () {
  var texts = document.getElementById("texts"), lines = texts.getElementsByTagName("p"), made = [], i;
  if (texts.className) { return null; }
  for (i = 0; i < lines.length; i++) {
    made.push([lines[i].getElementsByTagName("a")[0].getAttribute("href"), lines[i].textContent]);
  }
  return JSON.stringify(made);
})()"""


@pytest.fixture(scope="module", params=ENGINES, ids=lambda engine: engine.__name__)
def browser(request: pytest.FixtureRequest, library: Path) -> Iterator[Browser]:
    """Each engine in turn, with the library open and its script at work."""
    with request.param() as one:
        one.open(library / "index.html")
        until(lambda: one.evaluate("window.found ? 1 : 0") or None)
        yield one


@pytest.mark.parametrize("words", ASKED)
def test_words_are_found_where_they_stand(browser: Browser, library: Path, words: str) -> None:
    """Each article that holds them, no other, and the link leads to the paragraph."""
    shown = results(browser, words)
    assert {_number(address) for address, _ in shown} == ASKED[words]
    for address, _ in shown:
        path, _, place = address.partition("#")
        html = unescape((library / path).read_text(encoding="utf-8"))
        assert PLANTED[_number(address)] in html.partition(f'<span id="{place}"></span>')[2][:400]


def test_words_of_films_are_found(browser: Browser, library: Path) -> None:
    """The link leads to the page of the film."""
    [(address, passage)] = results(browser, "등불")
    assert "강물 위의 등불" in passage
    assert list((library / address).parent.glob("*.mp4"))


def _number(address: str) -> int:
    """The number of the article that a document shows: its folder is the number of a work, from 1."""
    return int(re.findall(r"[0-9]+", address)[0][-2:]) - 1


def test_accents_do_not_matter(library: Path) -> None:
    """Where the browser can take them off, as all have been able to since 2015."""
    with Chromium() as browser:
        browser.open(library / "index.html")
        until(lambda: browser.evaluate("window.found ? 1 : 0") or None)
        [(_, passage)] = results(browser, "cafe deja")
        assert "Café Déjà vu" in passage


def test_a_query_loads_few_files_and_keeps_nothing(library: Path) -> None:
    """At most six of the index, none from elsewhere, and no trace of it in the address or the history."""
    with Chromium() as browser:
        browser.open(library / "index.html")
        until(lambda: browser.evaluate("window.found ? 1 : 0") or None)
        before = browser.evaluate("[location.href, history.length]")
        results(browser, "냉면")
        loaded = browser.evaluate("[].map.call(document.scripts, function (one) { return one.getAttribute('src'); })")
        index = [src for src in loaded if src and src != search.CODE]
        assert 2 <= len(index) <= 7  # the directory, and six of what it leads to
        assert all(src.startswith("find/0/") for src in index)
        assert browser.evaluate("[location.href, history.length]") == before
        assert browser.complaints() == []


def test_signs_are_parted_in_the_script_as_in_the_index() -> None:
    """For every sign of the first plane: part of a word, one of those that are looked up in pairs, or between words."""
    source = (templates.folder() / "texts.js").read_text(encoding="utf-8")
    kinds = dict(re.findall(r"var (DENSE|BETWEEN) = (\".*\");", source))
    assert json.loads(kinds["DENSE"]) == search_terms.DENSE
    every = "".join(map(chr, range(0x10000)))
    with Chromium() as browser:
        told = browser.evaluate(
            f"(function () {{ var dense = new RegExp('[' + {kinds['DENSE']} + ']'), made = '', i, sign;"
            f" var between = new RegExp('[' + {kinds['BETWEEN']} + ']');"
            " for (i = 0; i < 65536; i++) { sign = String.fromCharCode(i);"
            " made += dense.test(sign) ? 'd' : between.test(sign) ? 'b' : 'w'; } return made; })()"
        )
    dense, between = (re.compile(f"[{kind}]") for kind in (search_terms.DENSE, search_terms.BETWEEN))
    assert told == "".join("d" if dense.match(sign) else "b" if between.match(sign) else "w" for sign in every)


def test_few_articles_are_looked_through_by_their_titles(tmp_path: Path) -> None:
    """Where nobody asks for it, no index is made for them; `search = true` asks for it."""
    bundle = tmp_path / "bundle"
    for number in range(2):
        write(bundle / "articles" / f"{number}.md", f"# Text {number}\n\nWords.\n")
    packager("build", bundle, "--output", tmp_path / "usual")
    write(bundle / "bundle.toml", "search = true\n")
    packager("build", bundle, "--output", tmp_path / "asked")
    assert not (tmp_path / "usual" / "bundle" / "find").exists()
    index = tmp_path / "asked" / "bundle" / "find"
    assert (index / "find.txt").is_file()
    told = json.loads(packager("plan", bundle, "--output-format", "json").stdout)
    assert told["search_bytes"] == sum(file.stat().st_size for file in index.rglob("*.txt"))


def test_words_lead_to_the_version_in_whose_language_they_are(tmp_path: Path) -> None:
    """And not to another one that has them beside its own; what stands there alone is found there."""
    comic = tmp_path / "bundle" / "comics" / "window"
    for language in ("ko", "en"):
        for number in (1, 2):
            (comic / language).mkdir(parents=True, exist_ok=True)
            (comic / language / f"{number}.jpg").write_bytes(jpeg(seed=number))
    for language, line in (("ko", "등불"), ("en", "lantern"), ("fr", "lanterne")):
        write(comic / f"transcript.{language}.md", f"## 001\n\n{line}\n")
    write(tmp_path / "bundle" / "articles" / "a.md", "# Another work\n\nWords.\n")
    write(tmp_path / "bundle" / "bundle.toml", 'languages = ["ko", "en"]\nsearch = true\n')
    packager("build", tmp_path / "bundle", "--output", tmp_path / "built")
    (texts,) = (
        file.read_text(encoding="utf-8")
        for file in (tmp_path / "built" / "bundle" / "find" / "0").iterdir()
        if "index.html" in file.read_text(encoding="utf-8")
    )
    units = dict(re.findall(r"(\w+-?\w*)/index\.html\t([^\"]*?)\t\t", texts))
    comics = [said.split("\t") for said in units.values() if "Words." not in said]
    assert [("등불" in said, "lantern" in said) for said in comics] == [(True, False), (False, True)]
    assert all("lanterne" in said for said in comics)


@given(st.sets(st.integers(0, 5000), min_size=1, max_size=300).map(sorted))
def test_packed_numbers_are_the_numbers(numbers: list[int]) -> None:
    """Read as Rice codes are defined: ones, a zero, and as many bits as the first sign says."""
    code = search_terms.packed(numbers)
    signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-"
    parameter = signs.index(code[0])
    bits = "".join(f"{signs.index(sign):06b}" for sign in code[1:])
    found, last = [], -1
    while match := re.compile(f"(1*)0([01]{{{parameter}}})").match(bits):
        last += 1 + (len(match[1]) << parameter) + int(match[2] or "0", 2)
        found.append(last)
        bits = bits[match.end() :]
    assert found == numbers
    assert set(bits) <= {"1"}
