"""Documents and pages that others made, from the test data of packages, are read with all their words."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path

import pytest

from packager.importing.markdown import markdown
from packager.model.blocks import figures, words_of
from packager.readers.articles.reading import NoText
from tests.helpers.articles import Shelf, read
from tests.helpers.sdists import files_of

# Packages whose source distribution brings documents or saved pages, with the endings that are looked for.
PACKAGES = {"python-docx": ".docx", "trafilatura": ".html"}


@pytest.fixture(scope="module", params=PACKAGES)
def papers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The documents of one package; its name is a package index's, which may be out of reach."""
    folder = files_of(request.param, tmp_path_factory.mktemp("sdist"))
    return sorted(folder.rglob(f"*{PACKAGES[request.param]}"))


@pytest.mark.prove
def test_papers_of_others_keep_their_words(papers: list[Path], tmp_path: Path) -> None:
    """All words of a document come out in order, and all of a page's article again from the Markdown made of it."""
    letters = refused = 0
    for path in papers:
        try:
            article = read(tmp_path, f"a{path.suffix}", path.read_bytes())
        except NoText:
            refused += 1
            assert not _words_in(path), path
            continue
        shown = f"{article.title}{words_of(article.blocks)}"
        if path.suffix == ".docx":
            left = iter(_squeezed(shown))  # which holds more: numbers that Word counts, words of diagrams
            assert all(letter in left for letter in _words_in(path)), path
        names = {figure.picture.source.label: (100, 100) for figure in figures(article.blocks)}
        text = markdown(article.blocks, lambda figure: figure.picture.source.label)
        assert read(tmp_path, "a.md", text, Shelf(names)).blocks == article.blocks, path
        letters += len(_squeezed(shown))
    assert letters
    print(f"{len(papers)} files, {refused} of them without words, {letters} letters")


def _words_in(path: Path) -> str:
    """The letters that stand in the body of a document of Word; nothing is known of other files."""
    if path.suffix != ".docx":
        return ""
    with zipfile.ZipFile(path) as archive:
        body = archive.read("word/document.xml").decode()
    return _squeezed(unescape("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", body))))


def _squeezed(text: str) -> str:
    return "".join(text.split())
