"""What parsers of HTML disagreed about before there was a standard: html5lib's cases, from its source distribution."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from packager.model.blocks import words_of
from packager.readers.articles import html
from packager.readers.articles.reading import NoText
from tests.helpers.articles import LABEL, read, shelf
from tests.helpers.sdists import files_of

pytestmark = pytest.mark.prove

# Elements that are passed over, drawn by scripts, or no part of the words: titles, readings of ruby.
_WITHOUT_WORDS = {
    *("applet", "button", "datalist", "dialog", "head", "iframe", "math", "nav", "noembed", "noframes", "noscript"),
    *("object", "rp", "rt", "script", "select", "style", "svg", "template", "textarea", "title"),
}
# What the standard of 2020 put behind an element in which browsers of today keep it.
_OTHERWISE = {
    "<head><noscript>XXX<!--foo--></noscript></head>",
    "<!doctype html><html><noscript><plaintext></plaintext>",
    "<!doctype html><table><select><plaintext>a<caption>b",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A page, and the words of its tree by the standard; None where the case is of a piece of a page."""

    page: str
    words: str | None


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The test data in the package's source distribution, which pip brings; skipped where it cannot."""
    return files_of("html5lib==1.1", tmp_path_factory.mktemp("html5lib")) / "html5lib/tests/testdata"


def test_every_tree_is_read_with_its_words(cases: Path) -> None:
    """The letters and digits that the standard's tree shows come out, in order."""
    every = [case for path in sorted(cases.glob("tree-construction/*.dat")) for case in _cases(path)]
    lost = []
    for case in every:
        article = html.read(case.page, LABEL, shelf(), origin=html.PageOrigin(is_whole=True))
        shown = iter(_letters(f"{article.title} {words_of(article.blocks)}"))
        if case.words and case.page not in _OTHERWISE and not all(letter in shown for letter in _letters(case.words)):
            lost.append(case)
    compared = sum(bool(case.words and _letters(case.words)) for case in every)
    print(f"{len(every)} pages, {compared} of them compared, {len(_OTHERWISE)} otherwise")
    assert compared > 500
    assert lost == []


def test_every_input_of_the_tokenizer_is_read(cases: Path) -> None:
    """Also what no editor writes: signs cut short, and characters that are none."""
    inputs = [
        test["input"]
        for path in sorted(cases.glob("tokenizer/*.test"))
        for test in json.loads(path.read_text(encoding="utf-8")).get("tests", ())
    ]
    for text in inputs:
        html.read(text, LABEL, shelf())
    assert len(inputs) > 1_000
    print(f"{len(inputs)} inputs")


def test_every_encoding_is_read(cases: Path, tmp_path: Path) -> None:
    """Pages that name their encodings in every right and wrong way."""
    pages = [page for path in cases.glob("encoding/*.dat") for page in path.read_bytes().split(b"#data\n")[1:]]
    for page in pages:
        with suppress(NoText):
            read(tmp_path, "a.html", page.partition(b"#encoding\n")[0])
    assert len(pages) > 50
    print(f"{len(pages)} pages")


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _cases(path: Path) -> Iterator[Case]:
    for block in path.read_text(encoding="utf-8").removeprefix("#data\n").split("\n#data\n"):
        page, _, rest = block.partition("\n#errors\n")
        is_piece = "#document-fragment\n" in rest or "#script-on\n" in rest
        yield Case(page, None if is_piece else _words(rest.partition("#document\n")[2]))


def _words(tree: str) -> str:
    """The text nodes of a tree in the notation of these cases, but for elements that show none of their words."""
    words: list[str] = []
    path: list[str] = []
    for indent, node in re.findall(
        r'^\|( +)("[^"]*"(?=\n|\Z)|".*?"(?=\n\||\n*\Z)|[^\n]*)', tree, re.MULTILINE | re.DOTALL
    ):
        depth = len(indent) // 2
        del path[depth:]
        path += [""] * (depth - len(path))
        if node.startswith('"'):
            words += [node.strip('"')] if not {*path} & (_WITHOUT_WORDS) else []
        elif match := re.match(r"<(?:svg |math )?([\w-]+)", node):
            path.append(match[1] if " " not in node.partition(">")[0] else node[1:].split()[0])
    return " ".join(words)
