"""No way to run a script or to reach another machine comes through an article of any format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from packager.build.build import build
from packager.build.request import Request
from packager.errors import SourceError
from packager.layout.views import MissingPicture, with_pictures
from packager.model import Block
from packager.output import templating
from packager.sandbox.pool import Workers
from tests.helpers import canary
from tests.helpers.articles import read
from tests.helpers.browsers import Chromium, Firefox
from tests.helpers.builders import write
from tests.helpers.hostile.markup import HOST, markdown_vectors, vectors
from tests.helpers.papers import docx, epub, mhtml, paragraph
from tests.layout.test_documents_safety import CRY, OWN, listen

PAGE = "<h1>T</h1><p>First words.</p>{}<p>Last words.</p>"
FORMS: dict[str, Callable[[str], str | bytes]] = {
    ".html": PAGE.format,
    ".md": "# T\n\nFirst words.\n\n{}\n\nLast words.\n".format,
    ".txt": "T\n\nFirst words.\n\n{}\n\nLast words.\n".format,
    ".mhtml": lambda vector: mhtml(PAGE.format(vector)),
    ".epub": lambda vector: epub({"1.xhtml": PAGE.format(vector)}),
    ".docx": lambda vector: docx(
        paragraph("First words.") + paragraph(_told_in_xml(vector)) + paragraph("Last words.")
    ),
}
_BARE = "h2 h3 h4 ul li blockquote table tr caption hr br code em strong s sub sup ruby rp rt"
# What templates/blocks.html writes, and nothing else: elements with their attributes.
ALLOWED = {
    **dict.fromkeys(_BARE.split(), ""),
    "div": "class tabindex",
    "p": "class lang dir",
    "pre": "tabindex lang dir",
    "span": "class lang dir",
    "ol": "start",
    "td": "colspan rowspan",
    "th": "colspan rowspan",
}
_LITERAL = "{% from 'blocks.html' import blocks with context %}{{ blocks(items, true) }}"


def _told_in_xml(text: str) -> str:
    """What XML can hold of a text."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)


class Seen(HTMLParser):
    """What a parser that shares nothing with ours sees in a document."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.others: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)


def shown(blocks: tuple[Block, ...]) -> str:
    """The blocks as a document shows them, addresses of links printed too."""
    settled = with_pictures(blocks, lambda figure: MissingPicture(figure.alt))
    return templating._environment().from_string(_LITERAL).render(items=settled)


def objections(html: str) -> Iterator[str]:
    """What in a document is not ours."""
    seen = Seen()
    seen.feed(html)
    seen.close()
    yield from seen.others
    for element, attributes in seen.elements:
        odd = set(attributes) - set(ALLOWED.get(element, "").split())
        if (
            element not in ALLOWED
            or odd
            or any(HOST in (value or "") or "cried" in (value or "") for value in attributes.values())
        ):
            yield f"{element} {attributes}"


def faults(form: str, folder: Path, chosen: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """The vectors that leave something in a document of this form."""
    found = []
    for vector in chosen:
        try:
            article = read(folder, f"a{form}", FORMS[form](vector), is_lossy=True)
        except SourceError:  # it holds no words, or is no text
            continue
        document = shown(article.blocks)
        told = list(objections(document))
        if told or "First words." not in document:
            found.append((vector, told or ["the words before it are lost"]))
    return found


def test_there_are_as_many_vectors_as_promised() -> None:
    """Each differs from all others."""
    assert len(vectors()) >= 500
    assert len(markdown_vectors()) >= 200


def test_what_is_not_ours_is_seen() -> None:
    """The judge of the tests below finds each of these."""
    for html in (
        "<script>x</script>",
        "<p onclick=x>",
        "<img src=x>",
        "<!-- x -->",
        f"<span class='http://{HOST}'>",
        "<?x?>",
    ):
        assert list(objections(html)), html


def test_no_vector_survives_in_a_page(tmp_path: Path) -> None:
    """Of all vectors nothing reaches a document but words, and the words before them stay."""
    assert faults(".html", tmp_path, vectors()) == []


def test_no_vector_survives_in_markdown(tmp_path: Path) -> None:
    """Neither what Markdown makes of signs of its own, nor the HTML that stands in it."""
    assert faults(".md", tmp_path, (*markdown_vectors()[::2], *vectors()[::4])) == []


@pytest.mark.parametrize("form", [".txt", ".mhtml", ".epub", ".docx"])
def test_no_vector_survives_in_other_formats(form: str, tmp_path: Path) -> None:
    """The same of a tenth of them, in every other format."""
    assert faults(form, tmp_path, vectors()[::10]) == []


@pytest.mark.prove
@pytest.mark.parametrize("form", FORMS)
def test_no_vector_survives_in_any_format(form: str, tmp_path: Path) -> None:
    """All of them, in every format."""
    chosen = (*vectors(), *markdown_vectors())
    assert faults(form, tmp_path, chosen) == []
    print(f"{form}: {len(chosen)} vectors, nothing in a document but words")


@pytest.fixture(scope="module")
def unguarded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree without its policy: every vector in every format, fifty in an article, and a third of them alone."""
    folder = tmp_path_factory.mktemp("vectors")
    for form, made in FORMS.items():
        chosen = (*vectors(), *(markdown_vectors() if form == ".md" else ()))
        for start in range(0, len(chosen), 50):
            text = "\n\n".join(chosen[start : start + 50])
            content = made(text)
            path = folder / "b" / "articles" / f"{form[1:]}{start:04}{form}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    for number, vector in enumerate(vectors()[::3]):
        write(folder / "b" / "articles" / f"alone{number:04}.html", PAGE.format(vector))
    write(folder / "b" / "bundle.toml", 'editions = ["site"]\n')
    with Workers() as workers:
        result = build(Request(folder / "b", folder / "built"), lambda *_: None, workers)
    assert not result.is_refused, result.findings
    for page in (folder / "built").rglob("*.html"):
        text, removed = re.subn(r'<meta http-equiv="Content-Security[^>]*>', "", page.read_text(encoding="utf-8"))
        assert removed
        page.write_text(text, encoding="utf-8")
    return folder / "built" / "b"


@pytest.mark.prove
@pytest.mark.parametrize("engine", canary.ENGINES)
def test_no_vector_reaches_the_network_in_a_browser(engine: str, unguarded: Path, tmp_path: Path) -> None:
    """No name is asked for and no connection made, with our policy taken out of the documents."""
    pages = sorted(unguarded.rglob("*.html"))
    heard = listen(engine, write(tmp_path / "loud.html", CRY), *pages)
    assert [told for told in heard["quiet"] if not told.endswith(OWN)] == []
    assert "dns img.canary.example" in heard["loud"]
    print(f"{engine}: {len(pages)} documents without their policy, nothing asked of the network")


@pytest.mark.prove
@pytest.mark.parametrize("kind", [Chromium, Firefox])
def test_no_vector_runs_a_script_in_a_browser(kind: type[Chromium] | type[Firefox], unguarded: Path) -> None:
    """None has left its mark, in any document."""
    with kind() as browser:
        for page in sorted(unguarded.rglob("*.html")):
            browser.open(page)
            assert browser.evaluate("typeof window.cried") == "undefined", page


def test_numbers_and_struck_words_stand_in_documents_as_text(tmp_path: Path) -> None:
    """Browsers of text know few styles of lists: what stands before an item is a word of its line."""
    page = "<p>One <del>two</del></p><ol type=a><li>three</li><li><ul><li>four</li></ul></li></ol>"
    document = shown(read(tmp_path, "a.html", f"<title>T</title>{page}").blocks)
    assert "<p>One <s>two</s></p>" in document
    assert '<li><p><span class="marker">a.</span> three</p>' in re.sub(r">\s+<", "><", document)
    assert '<p><span class="marker">b.</span></p><ul>' in re.sub(r">\s+<", "><", document)
