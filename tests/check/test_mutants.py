"""Mutants of documents: each is found, or a browser makes of it what is written, and loads nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from packager.check.written import strictly
from tests.check.test_check import examined
from tests.helpers import canary
from tests.helpers.browsers import Chromium
from tests.helpers.builders import write as write_page
from tests.helpers.clean_tree import clean_tree, document, image, write
from tests.helpers.mutants import mutant
from tests.layout.test_documents_safety import CRY, OWN, listen

BODY = (
    '<h1 id="p1">창</h1><p class="notice">a <b>b</b> <em>c</em><br>d &amp; e</p>'
    '<p><a href="#p1">up</a> <a href="2.html">2</a></p>'
    '<table class="lines pair" role="presentation"><tr><td class="side" colspan="1">1</td><td>2</td></tr></table>'
    '<ul><li>a</li><li><ol start="3"><li>b</li></ol></li></ul>'
    '<div id="comic" class="strip" style="background-color: #222222">{}</div>'
    '<pre tabindex="0">a\n b</pre><p lang="ar" dir="rtl">نافذة</p><ruby>窓<rp>(</rp><rt>まど</rt><rp>)</rp></ruby>'
)
# What a browser made of a page: its elements, its words and links, and what it loaded.
SEEN = """JSON.stringify([
[].map.call(document.querySelectorAll('*:not(tbody)'), function (one) {
  var attributes = [].map.call(one.attributes, function (each) { return each.name + '=' + each.value; });
  return [one.localName].concat(attributes.sort());
}),
document.documentElement.textContent.replace(/\\s+/g, ''),
[].map.call(document.links, function (one) { return one.getAttribute('href'); }),
[].map.call(document.images, function (one) { return one.currentSrc.split('/').pop(); }),
performance.getEntriesByType('resource').length])"""


def written(source: str) -> list[object]:
    """The same as it is written, by the reading that the check holds against a browser's."""
    reading = strictly(source)
    elements = [(name, dict(attributes)) for _, name, attributes in reading.elements]
    words = "".join(text for *_, text in reading.words)
    return [
        [[name, *sorted(f"{key}={value}" for key, value in attributes.items())] for name, attributes in elements],
        re.sub(r"\s+", "", words),
        [attributes["href"] for name, attributes in elements if name == "a" and "href" in attributes],
        [attributes["src"] for name, attributes in elements if name == "img"],
        0,
    ]


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree of a document, of which mutants are made, another one, and two pictures."""
    tree = clean_tree()
    small = {"2.html": document('<p><a href="index.html">1</a></p>'), "001.jpg": tree["w401/001.jpg"]}
    small["index.html"] = document(BODY.replace("{}", image("001.jpg")), is_scripted=True)
    folder = write(small, tmp_path_factory.mktemp("mutants") / "window")
    assert examined(folder) == ()
    return folder


def passing(window: Path, numbers: range) -> Iterator[tuple[int, str]]:
    """The mutants that have no finding; those that are no other document are left out."""
    page = window / "index.html"
    source = page.read_bytes().decode()
    for number in numbers:
        made = mutant(source, number)
        page.write_bytes(made.encode(errors="replace"))
        if made != source and examined(window) == ():
            yield number, made
    page.write_bytes(source.encode())


def differing(window: Path, browser: Chromium, mutants: list[tuple[int, str]]) -> list[int]:
    """The numbers of those of which a browser makes anything but what is written."""
    page = window / "index.html"
    source = page.read_bytes()
    different = []
    for number, made in mutants:
        page.write_bytes(made.encode())
        browser.open(page)
        if json.loads(browser.evaluate(SEEN)) != written(made):
            different.append(number)
    page.write_bytes(source)
    return different


def test_a_mutant_is_found_or_is_what_is_written(window: Path, chromium: Chromium) -> None:
    """A hundred of them."""
    assert differing(window, chromium, list(passing(window, range(100)))) == []


@pytest.fixture(scope="module")
def unfound(window: Path) -> Mapping[int, str]:
    """Of a hundred thousand mutants those that pass, each document once."""
    documents = {made: number for number, made in passing(window, range(100_000))}
    return {number: made for made, number in documents.items()}


@pytest.mark.prove
def test_a_hundred_thousand_mutants_are_found_or_are_what_is_written(
    window: Path, unfound: Mapping[int, str], chromium: Chromium
) -> None:
    """All that pass are opened in Chromium."""
    assert differing(window, chromium, list(unfound.items())) == []
    print(f"{len(unfound)} other documents without a finding, each as it is written")


@pytest.mark.prove
@pytest.mark.parametrize("engine", canary.ENGINES)
def test_no_mutant_that_passes_asks_the_network_for_anything(
    engine: str, window: Path, unfound: Mapping[int, str], tmp_path: Path
) -> None:
    """No name and no connection of those, in the place of the one that they were made of."""
    pages = [write_page(window / f"{number}.html", made) for number, made in unfound.items()]
    heard = listen(engine, write_page(tmp_path / "loud.html", CRY), *pages)
    assert [told for told in heard["quiet"] if not told.endswith(OWN)] == []
    assert "dns img.canary.example" in heard["loud"]
    print(f"{engine}: {len(pages)} documents, nothing asked of the network")
