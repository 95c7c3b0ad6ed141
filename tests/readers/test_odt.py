"""OpenDocument texts: tables, formulas, numbers and notes are kept, and what is hidden stays out and is counted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from packager.errors import SourceError
from packager.model import Figure, Footnote, Heading, ListBlock, Mark, Marked, Outcome, Paragraph, Preformatted, Table
from packager.model.blocks import plain_text, walk, words_of
from packager.readers.articles.reading import ReadArticle
from tests.helpers.articles import LABEL, Shelf, read
from tests.helpers.papers import png

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        *(("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("style", "style")),
        *(("fo", "xsl-fo-compatible"), ("svg", "svg-compatible")),
    )
)
STYLES = (
    '<style:style style:name="S" style:family="text"><style:text-properties style:text-line-through-style="solid"/>'
    '</style:style><style:style style:name="B" style:family="text" style:parent-style-name="S">'
    '<style:text-properties fo:font-weight="bold" style:text-line-through-style="none"/></style:style>'
    '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="P" style:family="paragraph"><style:text-properties text:display="none"/></style:style>'
    '<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-suffix="." text:start-value="3"/><text:list-level-style-bullet text:level="2"/></text:list-style>'
    '<text:list-style style:name="A"><text:list-level-style-number text:level="1" style:num-format="가" '
    'style:num-prefix="(" style:num-suffix=")"/></text:list-style>'
)


def odt(body: str, files: Mapping[str, bytes] | None = None) -> bytes:
    """A document with this text."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f'<office:document-content {SPACES} xmlns:xlink="http://www.w3.org/1999/xlink"><office:automatic-styles>'
            f"{STYLES}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        )
        for name, data in (files or {}).items():
            archive.writestr(name, data)
    return stream.getvalue()


def of(folder: Path, body: str, files: Mapping[str, bytes] | None = None, finder: Shelf | None = None) -> ReadArticle:
    """The article in a document with this text."""
    return read(folder, "a.odt", odt(body, files), finder)


def p(words: str, style: str = "") -> str:
    """A paragraph."""
    return f'<text:p text:style-name="{style}">{words}</text:p>'


def test_letters_are_set_as_their_styles_say(tmp_path: Path) -> None:
    """Struck words are struck; a style may undo what the one before it says."""
    body = p('Do <text:span text:style-name="S">not</text:span> <text:span text:style-name="B">pay</text:span>')
    (block,) = of(tmp_path, body).blocks
    assert isinstance(block, Paragraph)
    marked = [(child.mark, plain_text(child.children)) for child in block.children if isinstance(child, Marked)]
    assert marked == [(Mark.STRUCK, "not"), (Mark.STRONG, "pay")]


def test_what_was_not_meant_to_be_seen_stays_out_and_is_counted(tmp_path: Path) -> None:
    """Hidden words, paragraphs and parts, comments, and what was deleted."""
    deletion = f"<text:changed-region><text:deletion>{p('three words gone')}</text:deletion></text:changed-region>"
    comment = f"<office:annotation><dc:creator xmlns:dc='d'>Kim</dc:creator>{p('is it so')}</office:annotation>"
    body = f"<text:tracked-changes>{deletion}</text:tracked-changes>"
    body += p(f'Seen.<text:span text:style-name="H">a secret</text:span>{comment}<text:change/>') + p("hidden too", "P")
    body += f'<text:section text:display="none">{p("a part")}</text:section>'
    body += p('<text:hidden-text text:is-hidden="true">again</text:hidden-text>')
    article = of(tmp_path, body)
    assert words_of(article.blocks) == "Seen."
    (remark,) = article.remarks
    assert remark.outcome is Outcome.PASSED_OVER
    assert remark.message.removeprefix("not taken from the document: ").split(", ") == [
        *("comments: 1", "words of comments: 3", "deleted words: 3", "hidden words: 7")
    ]


def test_tables_keep_their_heads_and_their_merged_cells(tmp_path: Path) -> None:
    """Cells that others cover are none."""
    head = f"<table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned='2'>{p('A')}"
    head += "</table:table-cell><table:covered-table-cell/></table:table-row></table:table-header-rows>"
    row = f"<table:table-row><table:table-cell>{p('B')}</table:table-cell><table:table-cell>{p('C')}</table:table-cell>"
    (table,) = of(tmp_path, f"<table:table>{head}{row}</table:table-row></table:table>").blocks
    assert isinstance(table, Table)
    assert [[(cell.columns, cell.is_header) for cell in row] for row in table.rows] == [
        [(2, True)],
        [(1, False), (1, False)],
    ]


MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow><mi>E</mi><mo>=</mo><mi>m</mi></mrow></math>'


@pytest.mark.parametrize(
    ("inner", "files"),
    [(MATH, {}), ("", {"Object 1/content.xml": MATH.encode(), "ObjectReplacements/Object 1": png()})],
    ids=["in the text", "in a part of its own"],
)
def test_a_formula_is_words_of_the_text(tmp_path: Path, inner: str, files: dict[str, bytes]) -> None:
    """Not lost, and not shown a second time."""
    frame = f'<draw:frame><draw:object xlink:href="./Object 1">{inner}</draw:object>'
    frame += '<draw:image xlink:href="./ObjectReplacements/Object 1"/></draw:frame>'
    article = of(tmp_path, p(f"Here {frame} holds."), files)
    assert words_of(article.blocks) == "Here E=m holds."
    assert article.remarks == ()


@pytest.mark.parametrize("written", ["9" * 5000, "-1", "two", "²"])
def test_numbers_that_are_none_lose_no_word(tmp_path: Path, written: str) -> None:
    """Whoever writes a document by hand may write anything where a number belongs."""
    heading = f'<text:h text:outline-level="{written}">One</text:h>'
    item = f'<text:list-item text:start-value="{written}"><text:p>Two</text:p></text:list-item>'
    cell = f'<table:table-cell table:number-columns-repeated="{written}"><text:p>Three</text:p></table:table-cell>'
    body = f'{heading}<text:list text:style-name="N">{item}</text:list><table:table><table:table-row>{cell}'
    four = f'<text:p>Four<text:s text:c="{written}"/>five</text:p>'
    made = of(tmp_path, f"{p('Before.')}{body}</table:table-row></table:table>{four}")
    assert [word in words_of(made.blocks) for word in ("One", "Two", "Three", "Four", "five")] == [True] * 5


def test_lists_have_the_numbers_that_the_document_shows(tmp_path: Path) -> None:
    """Those of lists as such, counted on where they go on; others as words."""

    def items(*inner: str) -> str:
        return "".join(f"<text:list-item>{one}</text:list-item>" for one in inner)

    inner = f"<text:list>{items(p('in A'))}</text:list>"
    body = f'<text:list text:style-name="N">{items(p("A") + inner, p("B"))}</text:list>' + p("Between.")
    body += f'<text:list text:style-name="N" text:continue-numbering="true">{items(p("C"))}</text:list>'
    article = of(tmp_path, body + f'<text:list text:style-name="A">{items(p("D"), p("E"))}</text:list>')
    lists = [(block.start, len(block.items)) for block in walk(article.blocks) if isinstance(block, ListBlock)]
    assert lists == [(3, 2), (None, 1), (5, 1)]
    assert words_of(article.blocks[-2:]) == "(가) D (나) E"


def test_headings_notes_boxes_and_lines_are_what_they_are(tmp_path: Path) -> None:
    """With readings above words."""
    inner = f"<text:note-citation>1</text:note-citation><text:note-body>{p('A note.')}</text:note-body>"
    ruby = "<text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>かん</text:ruby-text></text:ruby>"
    box = f"<draw:frame><draw:text-box>{p('Boxed.')}</draw:text-box></draw:frame>"
    body = p("The boat", "Title") + '<text:h text:outline-level="2">Paper</text:h>'
    body += p(f"Fold it<text:note>{inner}</text:note><text:line-break/>a<text:s text:c='2'/>b{ruby}{box}")
    body += p("x = 1", "Preformatted_20_Text") + p("y = 2", "Preformatted_20_Text")
    article = of(tmp_path, body)
    heading, line, boxed, code, footnote = article.blocks
    assert article.title == "The boat"
    assert isinstance(heading, Heading)
    assert isinstance(line, Paragraph)
    assert isinstance(footnote, Footnote)
    assert code == Preformatted("x = 1\ny = 2")
    assert [words_of([block]) for block in (heading, line, boxed, footnote)] == [
        *("Paper", "Fold it a b漢", "Boxed.", "A note.")
    ]


def test_pictures_come_along_and_others_are_counted(tmp_path: Path) -> None:
    """With the words that describe them."""

    def frame(name: str) -> str:
        return p(f'<draw:frame><draw:image xlink:href="{name}"/><svg:title>A boat</svg:title></draw:frame>')

    body = p("Words.") + frame("Pictures/a.png") + frame("Pictures/b.svm") + frame("https://example.org/c.png")
    body += p("<draw:line/>") + p(f"<draw:custom-shape>{p('On a shape.')}</draw:custom-shape>")
    article = of(tmp_path, body, {"Pictures/a.png": png(), "Pictures/b.svm": b"drawn"}, Shelf())
    assert [block.alt for block in article.blocks if isinstance(block, Figure)] == ["A boat"]
    assert words_of(article.blocks).split() == ["Words.", "A", "boat", "A", "boat", "On", "a", "shape."]
    assert [remark.message for remark in article.remarks] == [
        "not taken from the document: drawings: 2, pictures that lie elsewhere: 1"
    ]


BROKEN = {
    "no archive": b"x",
    "no text": odt("").replace(b"content.xml", b"contant.xml"),
    "XML cut short": odt("<text:p>"),
    "locked": odt("", {"META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_document_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    """And the hint says what helps."""
    with pytest.raises(SourceError, match=f"{LABEL}: is no OpenDocument text") as refused:
        read(tmp_path, "a.odt", data)
    assert "save it again" in refused.value.hint
