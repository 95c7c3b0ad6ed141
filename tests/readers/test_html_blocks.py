"""Tables, code, verse, notes and formulas of pages keep what they say by where it stands."""

from __future__ import annotations

import pytest

from packager.model import (
    Block,
    Break,
    Code,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    Paragraph,
    Preformatted,
    Ruby,
    Table,
    Text,
)
from packager.model.blocks import plain_text, words_of
from packager.readers.articles.html import PageOrigin
from packager.readers.articles.html import read as read_html
from tests.helpers.articles import LABEL, shelf

LEAD = "Words of a text that stand before it."


def blocks(html: str, sheets: tuple[str, ...] = ()) -> tuple[Block, ...]:
    """What follows a first paragraph."""
    page = f"<h1>T</h1><p>{LEAD}</p>{html}"
    return read_html(page, LABEL, shelf(), origin=PageOrigin(sheets=sheets)).blocks[1:]


def lines(children: tuple[Inline, ...]) -> list[str]:
    """The lines of a run."""
    return "".join("\n" if isinstance(child, Break) else plain_text([child]) for child in children).split("\n")


def cells(html: str) -> list[list[list[str]]]:
    """The lines of the cells of a table's rows."""
    (table,) = blocks(html)
    assert isinstance(table, Table)
    return [[lines(cell.children) for cell in row] for row in table.rows]


TABLES = {
    "a list": ("<tr><th>a<th>b<tr><td>c<td><ul><li>d<li>e</ul>", [[["a"], ["b"]], [["c"], ["• d", "• e"]]]),
    "a numbered list": ("<tr><td>c<td>d<tr><td>e<td><ol start=3><li>f<li>g</ol>",
                        [[["c"], ["d"]], [["e"], ["3. f", "4. g"]]]),
    "paragraphs": ("<tr><td>a<td><p>b</p><p>c</p>", [[["a"], ["b", "c"]]]),
    "divisions and breaks": ("<tr><td>a<td><div>b<br>c</div><div>d</div>", [[["a"], ["b", "c", "d"]]]),
    "a table": (
        "<tr><th>a<th>b<tr><td>c<td><table><tr><td>d<td>4<tr><td>e<td>8</table>",
        [[["a"], ["b"]], [["c"], ["d | 4", "e | 8"]]],
    ),
    "code": ("<tr><th>a<th>b<tr><td>c<td><pre>d\ne</pre>", [[["a"], ["b"]], [["c"], ["d", "e"]]]),
    "a quote": ("<tr><th>a<tr><td><blockquote>b<p>c</blockquote>", [[["a"]], [["b", "c"]]]),
    "a foot before the body": ("<thead><tr><td>a<tfoot><tr><td>z<tbody><tr><td>b", [[["a"]], [["b"]], [["z"]]]),
}  # fmt: skip


@pytest.mark.parametrize(("html", "expected"), TABLES.values(), ids=TABLES)
def test_a_table_stays_one_whatever_is_in_its_cells(html: str, expected: list[list[list[str]]]) -> None:
    """Blocks become lines of the cell; the foot comes last."""
    assert cells(f"<table>{html}</table>") == expected


def test_captions_of_tables_inside_others_are_their_own() -> None:
    """The outer one has its own alone."""
    inner = "<table><caption>inner</caption><tr><td>d<td>e</table>"
    (table,) = blocks(f"<table><caption>outer</caption><tr><th>a<th>b<tr><td>c<td>{inner}</table>")
    assert isinstance(table, Table)
    assert plain_text(table.caption) == "outer"


def test_a_page_that_is_laid_out_in_a_table_is_none() -> None:
    """Headings or long text in a cell, or a role that says so."""
    text = "This is a long text of many words. " * 30
    assert not any(isinstance(block, Table) for block in blocks(f"<table><tr><td><ul><li>a</ul><td>{text}<p>x</table>"))
    assert not any(isinstance(block, Table) for block in blocks("<table><tr><th>a<th><h2>b</h2><p>c</table>"))
    assert not any(isinstance(block, Table) for block in blocks("<table role=presentation><tr><td>a<td>b</table>"))


CODE = {
    "a division a line": ("<pre><code><div>if x:</div><div>    y</div></code></pre>", [Preformatted("if x:\n    y")]),
    "a break a line": ("<pre>if x:<br>    y</pre>", [Preformatted("if x:\n    y")]),
    "a paragraph a line": ("<pre><p>a</p><p>b</p></pre>", [Preformatted("a\nb")]),
    "spans with line ends": ("<pre><span>a\n</span><span>  b\n</span></pre>", [Preformatted("a\n  b")]),
    "rows of a table": ("<pre><table><tr><td>a</td></tr><tr><td>b</td></tr></table></pre>", [Preformatted("a\nb")]),
    "numbers of lines beside it": (
        '<table><tr><td class="lineno"><pre>1\n2</pre><td><pre>a\nb</pre></table>',
        [Preformatted("a\nb")],
    ),
    "a row of a table a line": (
        "<table><tr><td class=blob-num>1<td>if x:<tr><td class=blob-num>2<td><span>  </span>y</table>",
        [Preformatted("if x:\n  y")],
    ),
    "breaks outside of pre": ("<p><code>a<br>b</code>", [Paragraph((Code("a"), Break(), Code("b")))]),
}


@pytest.mark.parametrize(("html", "expected"), CODE.values(), ids=CODE)
def test_code_keeps_its_lines(html: str, expected: list[Block]) -> None:
    """However the page parts them."""
    assert list(blocks(html)) == expected


VERSE = {
    "a style of its own": '<p style="white-space:pre-line">a\nb</p>',
    "a style around it": '<div style="white-space: break-spaces"><p>a\nb</p></div>',
    "a class": "<style>.v{color:red;white-space:pre-wrap}</style><p class=v>a\nb</p>",
    "a name": "<style>#v{white-space:pre}</style><p id=v>a\nb</p>",
    "a class in a media query": "<style>@media screen{.x,.v{white-space:pre}}</style><p class=v>a\nb</p>",
    "spans shown as blocks": "<style>p .l{display:block}</style><p><span class=l>a</span><span class=l>b</span></p>",
    "spans that are blocks": '<p><span style="display:block">a</span> <span style="display:block">b</span></p>',
    "spans with breaks too": '<p><span style="display:block">a</span><br><span style="display:block">b</span></p>',
    "a division a line": '<div class="stanza"><div>a</div><div>b</div></div>',
    "divisions called lines": '<div><div class="line">a</div><div class="line">b</div></div>',
    "paragraphs called verse": '<p class="verse">a</p><p class="verse indent">b</p>',
    "words of a drawing": "<svg><text>a</text><text>b</text></svg>",
}


@pytest.mark.parametrize("html", VERSE.values(), ids=VERSE)
def test_lines_of_verse_stay_lines(html: str) -> None:
    """Of one paragraph."""
    (paragraph,) = blocks(html)
    assert isinstance(paragraph, Paragraph)
    assert lines(paragraph.children) == ["a", "b"]


def test_stanzas_are_paragraphs_and_sheets_beside_the_page_count() -> None:
    """What styles say of lines holds in a style sheet that came with the page too."""
    html = "<div class=p><div>a</div><div>b</div></div>".replace("<div>", "<span class=q>").replace("</div>", "</span>")
    (first, second) = blocks('<div class="poem"><div class="stanza"><p>a<p>b</div><div class="stanza"><p>c</div></div>')
    assert isinstance(first, Paragraph)
    assert isinstance(second, Paragraph)
    assert (lines(first.children), lines(second.children)) == (["a", "b"], ["c"])
    (paragraph,) = blocks(f"<p>{html[13:-7]}</p>", (".q { display: block }",))
    assert isinstance(paragraph, Paragraph)
    assert lines(paragraph.children) == ["a", "b"]


NOTES = {
    "a word": "[note 1]",
    "another language's": "[註 1]",
    "a class of notes": "[lower-alpha 1]",
    "a letter": "[a]",
}


@pytest.mark.parametrize("mark", NOTES.values(), ids=NOTES)
def test_marks_of_notes_may_hold_words(mark: str) -> None:
    """As encyclopedias write them."""
    html = f'<p>a<sup id="r"><a href="#n">{mark}</a></sup></p><ol><li id="n"><a href="#r">^</a> Note.</ol>'
    assert blocks(html) == (Paragraph((Text("a"), FootnoteMark("1"))), Footnote("1", (Paragraph((Text("Note."),)),)))


TEXT_WITH_TWO = (
    '<p>a<a id=r1 href="#n1">[1]</a> b<a href="#n2"><span id=r2></span>[2]</a></p>'
    '<p>c<a id=r3 href="#n3">[3]</a></p><hr><div>{}</div>'
)
CLOSE_NOTES = {
    "breaks": "<a id=n{0} href='#r{0}'>[{0}]</a> Note {0}.<br>",
    "breaks, and an anchor before": "<a name=n{0}></a><a href='#r{0}'>[{0}]</a> Note <i>{0}</i>.<br/>",
    "spans": "<span class=note><span id=n{0}></span><a href='#r{0}'>[{0}]</a> Note {0}.</span>",
}


@pytest.mark.parametrize("note", CLOSE_NOTES.values(), ids=CLOSE_NOTES)
def test_notes_in_one_block_are_notes_of_their_own(note: str) -> None:
    """Whatever parts them."""
    found = blocks(TEXT_WITH_TWO.format("".join(map(note.format, (1, 2, 3)))))
    first, second = Paragraph((Text("a"), FootnoteMark("1"), Text(" b"), FootnoteMark("2"))), FootnoteMark("3")
    assert found[:2] == (first, Paragraph((Text("c"), second)))
    assert [(block.label, words_of(block.blocks)) for block in found[2:] if isinstance(block, Footnote)] == [
        ("1", "Note 1."),
        ("2", "Note 2."),
        ("3", "Note 3."),
    ]


READINGS = {
    "a base and a reading": ("<rb>東京</rb><rp>(</rp><rt>とう</rt><rp>)</rp>", [("東京", "とう")]),
    "one after the other": ("東<rt>とう</rt>京<rt>きょう</rt>", [("東", "とう"), ("京", "きょう")]),
    "bases before readings": ("<rb>東</rb><rb>京</rb><rt>とう</rt><rt>きょう</rt>", [("東", "とう"), ("京", "きょう")]),
    "two readings of one base": ("護<rt>まも</rt><rtc><rt>guard</rt></rtc>", [("護", "まも guard")]),
    "a base in parts": ("<b>東</b>京<rt>とう</rt>", [("東京", "とう")]),
}


@pytest.mark.parametrize(("html", "expected"), READINGS.values(), ids=READINGS)
def test_each_base_has_its_reading(html: str, expected: list[tuple[str, str]]) -> None:
    """Whichever stands first."""
    assert blocks(f"<p><ruby>{html}</ruby></p>") == (Paragraph(tuple(Ruby(*pair) for pair in expected)),)


def test_a_note_that_is_cited_twice_has_no_ways_back() -> None:
    """Neither the links nor the sign before them."""
    html = (
        '<p>a<sup id="r1"><a href="#n">[1]</a></sup> b<sup id="r2"><a href="#n">[1]</a></sup></p><ol><li id="n">'
        '<b>^</b> <a href="#r1"><sup><i>a</i></sup></a> <a href="#r2"><sup><i>b</i></sup></a> Note.</li></ol>'
    )
    mark = FootnoteMark("1")
    assert blocks(html) == (
        Paragraph((Text("a"), mark, Text(" b"), mark)),
        Footnote("1", (Paragraph((Text("Note."),)),)),
    )


DRAWN = "<span class=katex-html aria-hidden=true>E=mc2</span>"
TEX = "<annotation encoding=application/x-tex>E=mc^2</annotation>"
MATH = '<math alttext="E=mc^2"></math>'
FORMULAS = {
    "an annotation": f"<math><semantics><mi>E</mi>{TEX}</semantics></math>",
    "an alternative text": '<math alttext="E=mc^2"><mi>E</mi></math>',
    "one of an encyclopedia": '<math alttext="{\\displaystyle E=mc^2}"><mi>E</mi></math>',
    "neither": "<math><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></math>",
    "KaTeX": f"<span class=katex><span class=katex-mathml>{MATH}</span>{DRAWN}</span>",
    "MathJax 2": '<i class=MathJax_Preview>x</i><i class=MathJax>x</i><script type="math/tex">E=mc^2</script>',
    "MathJax 2, not yet run": '<script type="math/tex; mode=display">E=mc^2</script>',
    "MathJax 3": f"<mjx-container><svg></svg><mjx-assistive-mml>{MATH}</mjx-assistive-mml></mjx-container>",
    "a picture": '<img class="mwe-math-fallback-image-inline" src="x.svg" alt="{\\displaystyle E=mc^2}">',
}


@pytest.mark.parametrize("html", FORMULAS.values(), ids=FORMULAS)
def test_a_formula_is_text_once(html: str) -> None:
    """In the words that the page keeps of it, else its signs in a row."""
    assert words_of(blocks(f"<p>So {html} is.</p>")) == "So E=mc^2 is."


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<mi>x</mi><mo>&lt;</mo><mn>0</mn>", "x<0"),
        ("<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mi>c</mi></mrow></mfrac>", "a/(b+c)"),
        ("<msqrt><mn>2</mn></msqrt>", "√2"),
        ("<msub><mi>x</mi><mn>1</mn></msub>", "x_1"),
        ("<mtable><mtr><mtd>1</mtd><mtd>2</mtd></mtr><mtr><mtd>3</mtd><mtd>4</mtd></mtr></mtable>", "1, 2; 3, 4"),
    ],
)
def test_the_signs_of_a_formula_stand_in_a_row(formula: str, text: str) -> None:
    """Nothing of them is lost, and what stands above or below is told."""
    assert words_of(blocks(f"<p><math>{formula}</math></p>")) == text


HEADINGS = {
    "a button in it": "<h2><button type=button aria-expanded=false>How is it done?</button></h2>",
    "a button in a span": "<h2><span><button>How is it done?</button></span></h2>",
    "a button before what it opens": "<button>How is it done?</button>",
    "a button alone": "<button class=accordion>How is it done?</button>",
    "a role": "<div role=heading aria-level=2>How is it done?</div>",
    "a button to copy its address": "<h2>How is it done?<button>Copy link</button></h2>",
    "a link to edit it": '<h2>How is it done?<span class="mw-editsection">[<a href="x">edit</a>]</span></h2>',
}


@pytest.mark.parametrize("html", HEADINGS.values(), ids=HEADINGS)
def test_a_heading_that_opens_something_is_one(html: str) -> None:
    """What it opens is shown; a button for something else is no part of it."""
    (heading, answer) = blocks(f"{html}<div hidden role=tabpanel><p>So.</p></div>")
    assert isinstance(heading, Heading | Paragraph)
    assert plain_text(heading.children) == "How is it done?"
    assert answer == Paragraph((Text("So."),))
