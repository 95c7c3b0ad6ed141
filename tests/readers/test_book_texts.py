"""Books of text: every word of an EPUB is in the article, in its place, or named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar, TypeVarTuple

import pytest

from packager.model import (
    Block,
    Break,
    Figure,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    Mark,
    Marked,
    Outcome,
    Paragraph,
    Source,
    Text,
)
from packager.readers.articles.article import read_article
from packager.readers.articles.reading import ReadArticle
from packager.sandbox.pool import Workers
from tests.helpers.articles import shelf
from tests.helpers.books import write_epub
from tests.helpers.papers import epub, png
from tests.helpers.reading import read_bundle

R = TypeVar("R")
Arguments = TypeVarTuple("Arguments")

HTML = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head>{}</head>'
    "<body>{}</body></html>"
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'


def read_book(
    folder: Path,
    documents: Mapping[str, str],
    files: Mapping[str, str] | None = None,
    contents: Sequence[tuple[str, str]] = (),
    head: str = "",
    outside: Sequence[str] = (),
) -> ReadArticle:
    """The article in a book with these bodies of documents; `outside` are those that its order leaves out."""
    texts = {name: body if body.startswith("<?xml") else HTML.format(head, body) for name, body in documents.items()}
    lines = "".join(f'<li><a href="{address}">{title}</a></li>' for address, title in contents)
    texts |= {"nav.xhtml": HTML.format("", f'<nav epub:type="toc"><ol>{lines}</ol></nav>'), **(files or {})}
    items = "".join(
        f'<item id="d{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(documents)
    )
    order = "".join(f'<itemref idref="d{n}"/>' for n, name in enumerate(documents) if name not in outside)
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>A book</dc:title></metadata><manifest>{items}"
        '<item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/></manifest>'
        f"<spine>{order}</spine></package>"
    )
    path = write_epub(folder / "a.epub", {"content.opf": opf, **texts})
    return read_article(Source(path, "a.epub"), ".epub", shelf("OEBPS/a.png"))


def told(blocks: Sequence[Block]) -> list[str]:
    """Each block as a line: its kind by a sign, and its words."""
    lines = []
    for block in blocks:
        match block:
            case Heading(level=level, children=children):
                lines.append(f"{'#' * level} {run(children)}")
            case Paragraph(children=children):
                lines.append(run(children))
            case Footnote(label=label, blocks=inner):
                lines.append(f"{label}: {' '.join(told(inner))}")
            case Figure():
                lines.append("[picture]")
            case _:
                lines.append(repr(block))
    return lines


def run(children: Sequence[Inline]) -> str:
    """The words of a line, with `/` for a break in it, `^` before the label of a note, and raised words in brackets."""
    words = ""
    for child in children:
        match child:
            case Break():
                words += "/"
            case FootnoteMark(label=label):
                words += f"^{label}"
            case Marked(children=inner):
                words += f"({run(inner)})"
            case _:
                words += getattr(child, "text", "")
    return words


SELF_CLOSED = {
    name: f"<h1>One</h1><{name}/><p>The boat.<{name} id='a'/></p><p>It swims.</p>"
    for name in ("title", "script", "iframe", "textarea", "b", "i", "a", "span", "div", "blockquote", "style", "select")
}


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0"?>'], ids=["bare", "declared"])
@pytest.mark.parametrize("body", SELF_CLOSED.values(), ids=list(SELF_CLOSED))
@pytest.mark.parametrize("flaw", ["", "<br>"], ids=["well-formed", "not well-formed"])
def test_an_element_that_closes_itself_swallows_nothing(tmp_path: Path, declaration: str, body: str, flaw: str) -> None:
    """Documents of books are XML, whether or not they say so, and in most of those that are not well-formed too."""
    document = declaration + HTML.format("<title/>", body + flaw)
    article = read_book(tmp_path, {"1.xhtml": document if declaration else body + flaw}, head="<title/>")
    assert told(article.blocks) == ["## One", "The boat.", "It swims."]


def test_what_html_names_is_a_character_in_a_book(tmp_path: Path) -> None:
    """Document types declare the names, and nobody fetches those."""
    bodies = {"1.xhtml": "<p>Caf&eacute;&nbsp;&amp; &copy; &mdash;</p>"}
    article = read_book(tmp_path, bodies, contents=[("1.xhtml", "Th&eacute;")])
    assert told(article.blocks) == ["## Thé", "Café\xa0& © —"]


CONTENTS = {
    "a heading there": ('<p>End.</p><h2 id="a">Chapter 2</h2><p>It.</p>', ["End.", "# Chapter 2", "It."]),
    "an anchor before the heading": ('<p>End.</p><a id="a"/><h2>Chapter 2</h2>', ["End.", "# Chapter 2"]),
    "a section with its heading": ('<p>End.</p><div id="a"><h2>The 2nd</h2></div>', ["End.", "# The 2nd"]),
    "a paragraph that says it": (
        '<p>End.</p><p id="a"><b>CHAPTER 2.</b></p><p>It.</p>',
        ["End.", "# Chapter 2", "It."],
    ),
    "nothing that says it": ('<p>End.</p><p>x<a name="a"/></p><p>It.</p>', ["End.", "# Chapter 2", "x", "It."]),
    "an anchor between paragraphs": (
        '<p>x</p><p>End.</p><a id="a"/><p>It.</p>',
        ["x", "End.", "# Chapter 2", "It."],
    ),
    "no such place": ("<p>End.</p>", ["End."]),
    "a list": ('<ul><li id="a">It.</li></ul>', None),
}


@pytest.mark.parametrize(("body", "expected"), CONTENTS.values(), ids=list(CONTENTS))
def test_a_line_of_the_contents_stands_where_it_leads(tmp_path: Path, body: str, expected: list[str] | None) -> None:
    """Never above the end of the chapter before it, and not twice."""
    article = read_book(tmp_path, {"1.xhtml": body}, contents=[("1.xhtml#a", "Chapter 2")])
    lines = [line.replace("##", "#") for line in told(article.blocks)]
    assert lines == (expected if expected is not None else lines)
    assert sum(line.startswith("#") for line in lines) == (expected is not None and len(expected) > 1)


def test_two_lines_of_the_contents_that_lead_between_paragraphs_both_stand_there(tmp_path: Path) -> None:
    """The first of them does not stand for the other."""
    body = '<p>0.</p><a id="a"/><p>1.</p><p>2.</p><p>3.</p><p>4.</p><a id="b"/><p>5.</p>'
    contents = [("1.xhtml", "Ice"), ("1.xhtml#a", "The crack"), ("1.xhtml#b", "The thaw")]
    lines = told(read_book(tmp_path, {"1.xhtml": body}, contents=contents).blocks)
    expected = ["Ice", "0.", "The crack", "1.", "2.", "3.", "4.", "The thaw", "5."]
    assert [line.lstrip("# ") for line in lines] == expected
    assert [line.lstrip("# ") for line in lines if line.startswith("#")] == ["Ice", "The crack", "The thaw"]


@pytest.mark.parametrize("way", ["a sheet", "its head"])
def test_words_that_the_styles_of_a_book_strike_out_are_struck(tmp_path: Path, way: str) -> None:
    """They would read as valid otherwise."""
    sheet = ".gone { text-decoration: line-through } p.note { text-decoration: underline }"
    head = f"<style>{sheet}</style>" if way == "its head" else '<link rel="stylesheet" href="s.css"/>'
    body = '<p class="note">You must <span class="gone">not</span> row.</p>'
    (paragraph,) = read_book(tmp_path, {"1.xhtml": body}, {"s.css": sheet}, head=head).blocks
    assert isinstance(paragraph, Paragraph)
    assert paragraph.children == (Text("You must "), Marked(Mark.STRUCK, (Text("not"),)), Text(" row."))


def test_a_title_that_stands_behind_a_picture_is_not_doubled(tmp_path: Path) -> None:
    """The line leads to the document as a whole."""
    body = '<img src="a.png"/><p class="t">The Boat</p><p>It swims.</p>'
    article = read_book(tmp_path, {"1.xhtml": body}, {"a.png": ""}, contents=[("1.xhtml", "The boat")])
    assert told(article.blocks) == ["[picture]", "## The Boat", "It swims."]


NOTES = {
    "asides": ('<aside epub:type="footnote" id="n1"><p>1. A.</p><p>B.</p></aside>', "A. B."),
    "list": ('<ol><li id="n1"><p>A. <a href="1.xhtml#r1">↩</a></p></li></ol>', "A."),
    "paragraphs with anchors": ('<p><a id="n1" href="1.xhtml#r1">1</a>. A.</p><p>B.</p><p id="n2">C.</p>', "A. B."),
    "table": ('<table><tr><td id="n1"><a href="1.xhtml#r1">1</a></td><td>A.</td></tr></table>', "A."),
}
MARKS = {
    "typed": '<a epub:type="noteref" id="r1" href="2.xhtml#n1">1</a>',
    "raised": '<sup><a id="r1" href="2.xhtml#n1">1</a></sup>',
    "after its anchor": '<a id="r1"></a><a href="2.xhtml#n1">[1]</a>',
}


@pytest.mark.parametrize("mark", MARKS.values(), ids=list(MARKS))
@pytest.mark.parametrize(("notes", "words"), NOTES.values(), ids=list(NOTES))
def test_a_note_in_another_document_is_a_note(tmp_path: Path, mark: str, notes: str, words: str) -> None:
    """Its mark leads to it, and of a document of notes alone no heading is left."""
    notes = "<h1>Notes</h1>" + notes.replace('<p id="n2">C.</p>', "")
    article = read_book(tmp_path, {"1.xhtml": f"<p>The river{mark} is long.</p>", "2.xhtml": notes})
    assert told(article.blocks) == ["The river^1 is long.", f"1: {words}"]


def test_what_is_only_linked_to_is_read_behind_the_rest(tmp_path: Path) -> None:
    """Also notes, in a document that the order of the book leaves out."""
    bodies = {
        "1.xhtml": '<p>A<a epub:type="noteref" href="n.xhtml#n">1</a> <a href="x.xhtml">more</a>.</p>',
        "n.xhtml": '<h1>Notes</h1><p id="n">A note.</p>',
        "x.xhtml": "<p>More.</p>",
        "2.xhtml": "<p>B.</p>",
    }
    article = read_book(tmp_path, bodies, outside=["n.xhtml", "x.xhtml"])
    assert told(article.blocks) == ["A^1 more.", "B.", "More.", "1: A note."]
    assert article.remarks == ()


def test_what_points_to_another_text_is_no_note(tmp_path: Path) -> None:
    """A number may lead to a chapter; it is raised rather than a digit of the word before it."""
    bodies = {"1.xhtml": '<p>See it<a href="2.xhtml#c">2</a>.</p>', "2.xhtml": '<p id="c">The second chapter.</p>'}
    assert told(read_book(tmp_path, bodies).blocks) == ["See it(2).", "The second chapter."]


NUMBERS = (
    '<span epub:type="pagebreak" id="p">12</span>',
    '<span role="doc-pagebreak">xii</span>',
    '<span class="pagenum">[Pg 12]</span>',
)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_number_of_a_printed_page_parts_no_word(tmp_path: Path, number: str) -> None:
    """It tells of another edition."""
    assert told(read_book(tmp_path, {"1.xhtml": f"<p>It is lo{number}ng.</p>"}).blocks) == ["It is long."]


LINE, STYLED = '<span class="line">{}</span>', '<span class="x">{}</span>'
VERSE = {
    "divisions": ('<div class="poem">{}{}</div>', '<div class="stanza">{}{}</div>', "<div>{}</div>"),
    "paragraphs": ('{}<p class="line">\xa0</p>{}', "{}{}", '<p class="line">{}</p>'),
    "spans": ("{}{}", "<p>{} {}</p>", LINE),
    "spans by the styles": ("{}{}", "<p>{}{}</p>", STYLED),
    "their type": ("{}{}", '<div epub:type="z3998:verse">{}{}</div>', "<p>{}</p>"),
}


@pytest.mark.parametrize(("poem", "stanza", "line"), VERSE.values(), ids=list(VERSE))
def test_verse_keeps_its_lines_and_stanzas(tmp_path: Path, poem: str, stanza: str, line: str) -> None:
    """Whatever makes a line of it."""
    lines = [line.format(letter) for letter in "ABCD"]
    body = poem.format(stanza.format(*lines[:2]), stanza.format(*lines[2:]))
    head = "<style>p span.x { color: red; display: block }</style>"
    assert told(read_book(tmp_path, {"1.xhtml": body}, head=head).blocks) == ["A/B", "C/D"]


def test_prose_stays_prose(tmp_path: Path) -> None:
    """Short paragraphs are no verse, and a number of a line does not stick to its last word."""
    body = '<p>“No.”</p><p>“<span class="voice">Yes</span>.”</p><p>Word<span class="linenum">10</span></p>'
    assert told(read_book(tmp_path, {"1.xhtml": body}).blocks) == ["“No.”", "“Yes.”", "Word 10"]


INSTEAD = {
    "object": '<object data="a.xml"><p>The words.</p></object>',
    "objects in one another": "<object><object><p>The words.</p></object></object>",
    "audio": '<audio src="a.mp3"><p>The words.</p></audio>',
    "video": '<video><source src="a.mp4"/><p>The words.</p></video>',
    "canvas": "<canvas><p>The words.</p></canvas>",
    "switch": "<epub:switch><epub:case>No.</epub:case><epub:default>The words.</epub:default></epub:switch>",
    "noscript": "<noscript><p>The words.</p></noscript>",
    "drawing": SVG.format("<g><text>The <tspan>words.</tspan></text></g>"),
    "drawing of moved pieces": SVG.format('<text><tspan x="1">The</tspan><tspan x="1" y="2">words.</tspan></text>'),
    "page in a drawing": SVG.format(
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">The words.</p></foreignObject>'
    ),
    "drawing in a file": '<img src="a.svg"/>',
    "drawing as an object": '<object data="a.svg"/>',
}


@pytest.mark.parametrize("body", INSTEAD.values(), ids=list(INSTEAD))
def test_words_in_what_is_not_shown_are_read(tmp_path: Path, body: str) -> None:
    """They stand where it stood."""
    files = {"a.svg": SVG.format("<text>The words.</text>")}
    article = read_book(tmp_path, {"1.xhtml": f"<p>A.</p>{body}<p>B.</p>"}, files)
    assert told(article.blocks) == ["A.", "The words.", "B."]


def test_pictures_that_styles_show_stand_in_the_text(tmp_path: Path) -> None:
    """Once, however many pages show them."""
    body = '<p>A.</p><div class="x"/><p>B.</p><div class="x"/>'
    head = '<link rel="stylesheet" href="s.css"/>'
    article = read_book(tmp_path, {"1.xhtml": body}, {"s.css": ".x { background: url(a.png) }", "a.png": ""}, head=head)
    assert told(article.blocks) == ["A.", "[picture]", "B."]


def test_what_is_left_out_of_a_book_is_named(tmp_path: Path) -> None:
    """Drawings, documents outside its order, pictures that no page shows."""
    files = {"b.png": ""}
    bodies = {"1.xhtml": "<p>A.</p>" + SVG.format('<path d="M0 0"/>'), "2.xhtml": "<p>B.</p>"}
    article = read_book(tmp_path, bodies, files, outside=["2.xhtml"])
    assert [(remark.outcome, remark.message) for remark in article.remarks] == [
        (Outcome.WARNING, "drawings (SVG) that cannot be shown: 1 (1.xhtml); words in them stand in the text"),
        (Outcome.WARNING, "documents that are not in the order of the book are left out: 2.xhtml"),
        (Outcome.PASSED_OVER, "pictures of the book that no page shows: 1 (b.png)"),
    ]


class Observed(Workers):
    """A worker, and a count of the readings of texts that it is given."""

    def __init__(self) -> None:
        super().__init__(1)
        self.readings = 0

    def submit_within(
        self, processor_s: float, function: Callable[[*Arguments], R], *arguments: *Arguments
    ) -> Future[R]:
        self.readings += function.__name__ == "_parsed"
        return super().submit_within(processor_s, function, *arguments)


def test_a_book_is_read_once_with_its_pictures(tmp_path: Path) -> None:
    """It may be long, and lists its pictures itself."""
    chapters = {f"{n}.xhtml": f"<p>{'Many words of it. ' * 50}</p><img src='{n}.png'/>" for n in range(3)}
    path = tmp_path / "articles" / "a.epub"
    path.parent.mkdir()
    path.write_bytes(epub(chapters, {f"{n}.png": png(f"#3{n}3228") for n in range(3)}))
    with Observed() as workers:
        (publication,) = read_bundle(tmp_path, workers).publications
        assert len(list(publication.versions[0].all_pictures)) == 3
        assert workers.readings == 1
