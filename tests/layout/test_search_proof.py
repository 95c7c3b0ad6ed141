"""Words found in ten megabytes of Korean: what the index takes, what it finds, and how soon."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from statistics import median

import pytest

from packager.layout.search import FOLDER
from tests.helpers.browsers import Chromium
from tests.helpers.browsers.process import until
from tests.helpers.builders import packager, write

pytestmark = pytest.mark.prove

ARTICLES, TEXT_BYTES = 2000, 5000
QUERIES = 60
MOST_SHARE, MOST_FILES, MOST_MS, SLOWED = 0.30, 6, 100, 6
PARTICLES = ("은", "는", "이", "가", "을", "를", "에", "에서", "의", "으로", "까지", "", "", "")
IS_DONE = "document.getElementById('texts').className === '' ? 1 : 0"
LINKS = """JSON.stringify([].map.call(document.querySelectorAll('#texts p a'), function (one) {
  return one.getAttribute('href');
}))"""


def test_ten_megabytes_of_korean_are_found(tmp_path: Path) -> None:
    """The index takes less than a third of the texts; every article is found and no other, the first at once."""
    chance = random.Random(11)
    words, weights = _words(chance)
    texts = [_text(chance, words, weights) for _ in range(ARTICLES)]
    for number, text in enumerate(texts):
        write(tmp_path / "bundle" / "articles" / f"{number:04}.md", f"# 글 {number}\n\n{text}\n")
    write(tmp_path / "bundle" / "bundle.toml", 'folder = "w"\neditions = ["site"]\n')
    packager("build", tmp_path / "bundle", "--output", tmp_path / "built")
    tree = tmp_path / "built" / "w"
    text_bytes = sum(len(text.encode()) for text in texts)
    share = sum(file.stat().st_size for file in (tree / FOLDER).rglob("*.txt")) / text_bytes - 1
    missed, wrong, files, times = 0, 0, [], []
    with Chromium() as browser:
        browser.open(tree / "index.html")
        until(lambda: browser.evaluate("window.found ? 1 : 0") or None)
        for _ in range(QUERIES):
            asked = " ".join(chance.choices(words, weights, k=chance.choice((1, 1, 2))))
            wanted = {number for number, text in enumerate(texts) if all(word in text for word in asked.split())}
            before = browser.evaluate("document.scripts.length")
            _ask(browser, asked)
            files.append(browser.evaluate("document.scripts.length") - before)
            with browser.slowed(SLOWED):
                times.append(_again(browser, asked))
            shown = _all_shown(browser)
            missed += len(wanted - shown)
            wrong += len(shown - wanted)
    print(f"index {share:.0%} of {text_bytes >> 20} MB, {QUERIES} queries: {missed} missed, {wrong} wrong")
    print(f"at most {max(files)} files; slowed {SLOWED} times {median(times):.0f} ms, at most {max(times):.0f}")
    assert share <= MOST_SHARE
    assert (missed, wrong) == (0, 0)
    assert max(files) <= MOST_FILES
    assert median(times) <= MOST_MS


def _words(chance: random.Random) -> tuple[list[str], list[float]]:
    """Words of a language with eleven hundred syllables, the first most frequent (Zipf)."""
    syllables = chance.sample([chr(code) for code in range(0xAC00, 0xD7A4)], 1100)
    frequent = [1 / (rank + 1) ** 0.8 for rank in range(len(syllables))]
    made = ("".join(chance.choices(syllables, frequent, k=chance.choice((2, 2, 3, 3, 4, 5)))) for _ in range(60_000))
    words = list(dict.fromkeys(made))
    return words, [1 / (rank + 3) for rank in range(len(words))]


def _text(chance: random.Random, words: list[str], weights: list[float]) -> str:
    paragraphs: list[str] = []
    while sum(len(one.encode()) for one in paragraphs) < TEXT_BYTES:
        chosen = chance.choices(words, weights, k=40)
        paragraphs.append(" ".join(word + chance.choice(PARTICLES) for word in chosen) + ".")
    return "\n\n".join(paragraphs)


def _ask(browser: Chromium, words: str) -> None:
    box = "document.getElementById('find')"
    browser.evaluate(f"(function (box) {{ box.value = {json.dumps(words)}; box.oninput(); }})({box})")
    until(lambda: browser.evaluate(IS_DONE) or None)


def _again(browser: Chromium, words: str) -> float:
    """Milliseconds from when the same is looked for again to when it is shown; its files are there."""
    _ask(browser, "")
    browser.evaluate(
        "(function () { var real = window.setTimeout; window.setTimeout = function (then) { window.setTimeout = real;"
        " var start = performance.now(); then(); window.took = performance.now() - start; }; })()"
    )
    _ask(browser, words)
    took = browser.evaluate("window.took")
    assert isinstance(took, int | float)
    return took


def _all_shown(browser: Chromium) -> set[int]:
    """The numbers of all articles that are shown, when what is more has been asked for to the end."""
    more = "document.querySelector('#texts button')"
    while browser.evaluate(f"{more}.style.display") != "none":
        browser.evaluate(f"{more}.onclick()")
    return {int(re.findall(r"([0-9]+)/index", link)[0][-4:]) - 1 for link in json.loads(browser.evaluate(LINKS))}
