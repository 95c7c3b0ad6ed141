"""Pages saved from browsers are read as the article in them, and nothing else passes."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from packager.model import (
    Block,
    Break,
    Cell,
    Code,
    Direction,
    Figure,
    Footnote,
    FootnoteMark,
    Heading,
    Link,
    ListBlock,
    Mark,
    Marked,
    Outcome,
    Paragraph,
    Preformatted,
    Quote,
    Ruby,
    Span,
    Table,
    Text,
    ThematicRule,
)
from packager.model.blocks import words_of
from packager.readers.articles.html import read as read_html
from packager.readers.articles.reading import ReadArticle
from tests.helpers.articles import LABEL, Shelf, depth, picture, read, shelf

PIXEL = base64.b64encode(b"GIF89a...").decode()


def parse(html: str, finder: Shelf | None = None) -> ReadArticle:
    return read_html(html, LABEL, finder or shelf())


def blocks(html: str, finder: Shelf | None = None) -> tuple[Block, ...]:
    return parse(html, finder).blocks


def p(*children: str | Text | Break | Code | FootnoteMark | Link | Marked | Ruby | Span) -> Paragraph:
    return Paragraph(tuple(Text(child) if isinstance(child, str) else child for child in children))


ELEMENTS = [
    ("paragraphs", "<p>a<p>b", [p("a"), p("b")]),
    ("spaces as they show", "<p> a \n <b> b</b>  c </p>", [p("a ", Marked(Mark.STRONG, (Text("b"),)), " c")]),
    ("line ends in Chinese", "<p>你\n好", [p("你好")]),
    ("text in divisions", "<div>a<div>b</div>c</div>", [p("a"), p("b"), p("c")]),
    ("line breaks", "a<br>b<br><br>c", [p("a", Break(), "b"), p("c")]),
    ("marks", "<p><em>e</em><sup>2</sup>", [p(Marked(Mark.EMPHASIS, (Text("e"),)), Marked(Mark.SUP, (Text("2"),)))]),
    ("code", "<p><code>a  b</code>", [p(Code("a b"))]),
    ("a quotation in a line", "<p><q>a</q>", [p("“a”")]),
    (
        "a ruby",
        "<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby>",
        [p(Ruby("漢", "かん"), Ruby("字", "じ"))],
    ),
    ("a quote", "<blockquote><p>a<p>b</blockquote>", [Quote((p("a"), p("b")))]),
    ("verbatim", "<pre>\n a\n  b</pre>", [Preformatted(" a\n  b")]),
    ("a rule", "<hr>", [ThematicRule()]),
    ("a list", "<ul><li>a<li><p>b<p>c</ul>", [ListBlock(((p("a"),), (p("b"), p("c"))))]),
    ("a numbered list", "<ol start=3><li>a</ol>", [ListBlock(((p("a"),),), 3)]),
    ("a bare list in a list", "<ul><li>a<ul><li>b</ul></ul>", [ListBlock(((p("a"), ListBlock(((p("b"),),))),))]),
    ("bare text in a list", "<ul>a<li>b</ul>", [ListBlock(((p("a"),), (p("b"),)))]),
    ("definitions", "<dl><dt>a<dd>b</dl>", [ListBlock(((p(Marked(Mark.STRONG, (Text("a"),))), p("b")),))]),
    ("an outside link", "<p><a href='https://example.org/x'>a</a>", [p(Link("https://example.org/x", (Text("a"),)))]),
    ("a link inside", "<p><a href='#x'>a</a> <a href='b.html'>b</a>", [p("a b")]),
    ("a footnote's number", "<p>a<sup><a href='#fn1'>1</a></sup>", [p("a", Marked(Mark.SUP, (Text("1"),)))]),
    ("a layout table", "<table><tr><td><h2>a</h2><td><p>b</table>", [Heading(2, (Text("a"),)), p("b")]),
    (
        "cells of a table by their roles",
        "<div role=row><b role=columnheader>a</b><i role=cell>b</i></div>",
        [p(Marked(Mark.STRONG, (Text("a"),)), " ", Marked(Mark.EMPHASIS, (Text("b"),)))],
    ),
    ("elements nobody knows", "<p>a<x-y>b</x-y>", [p("ab")]),
]


@pytest.mark.parametrize(("html", "expected"), [case[1:] for case in ELEMENTS], ids=[case[0] for case in ELEMENTS])
def test_elements_become_parts_of_the_tree(html: str, expected: list[Block]) -> None:
    """Each element that the tree can hold is what it says; of all others the text remains."""
    assert list(blocks(html)) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a <s>b</s></p>", p("a ", Marked(Mark.STRUCK, (Text("b"),)))),
        ("<p>a <strike>b</strike></p>", p("a ", Marked(Mark.STRUCK, (Text("b"),)))),
        ("<p>a <del>b</del><ins>c</ins></p>", p("a ", Marked(Mark.STRUCK, (Text("b"),)), "c")),
        ('<p>a <i style="color: red; Text-Decoration: underline line-through">b</i></p>',
         p("a ", Marked(Mark.EMPHASIS, (Marked(Mark.STRUCK, (Text("b"),)),)))),
        ("<del><p>a</p></del>", p(Marked(Mark.STRUCK, (Text("a"),)))),
        ('<p style="text-decoration-line:line-through">a <b>b</b></p>',
         p(Marked(Mark.STRUCK, (Text("a "), Marked(Mark.STRONG, (Text("b"),)))))),
        ("<p><code>a <s>b</s></code></p>", p("a ", Marked(Mark.STRUCK, (Text("b"),)))),
        ('<p style="text-decoration: underline">a</p>', p("a")),
        ("<pre><s>a</s>\nb</pre>", p(Marked(Mark.STRUCK, (Text("a"),)), Break(), "b")),
        ("<style>.c1 { color: red; text-decoration: line-through }</style><p>a <span class=c1>b</span></p>",
         p("a ", Marked(Mark.STRUCK, (Text("b"),)))),
        ("<style>p.old, #x{text-decoration-line:line-through}</style><p class=old>a</p>",
         p(Marked(Mark.STRUCK, (Text("a"),)))),
        ("<style>.c{text-decoration:line-through}</style><p class=c style='text-decoration: none'>a</p>", p("a")),
        ("<style>a:hover{text-decoration:line-through} p{margin:0}</style><p><a>a</a></p>", p("a")),
    ],
)  # fmt: skip
def test_struck_words_are_struck(html: str, expected: Block) -> None:
    """Whatever says so: an element, one around blocks, a style, or the style sheet of the page."""
    assert blocks(html) == (expected,)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.html", "<title>Prices 50 30</title><h1>Prices <del>50</del> <b>30</b></h1><p>The text of it.</p>"),
        ("a.md", "# Prices ~~50~~ **30**\n\nThe text of it."),
    ],
)
def test_a_title_has_no_struck_words_and_its_heading_stays(tmp_path: Path, name: str, source: str) -> None:
    """A title is words alone, in which what is struck would read as valid."""
    article = read(tmp_path, name, source)
    assert article.title == "Prices 30"
    heading, text = article.blocks
    assert isinstance(heading, Heading)
    assert Marked(Mark.STRUCK, (Text("50"),)) in heading.children
    assert words_of([text]) == "The text of it."


def markers_of(html: str) -> tuple[int | None, tuple[str, ...]]:
    """The first number and the markers of the one list in a page."""
    (block,) = blocks(html)
    assert isinstance(block, ListBlock)
    return block.start, block.markers


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("ol", (1, ())),
        ('ol start="4"', (4, ())),
        ('ol type="a"', (None, ("a.", "b.", "c."))),
        ('ol type="I" start="4"', (None, ("IV.", "V.", "VI."))),
        ("ol reversed", (None, ("3.", "2.", "1."))),
        ('ol reversed start="10"', (None, ("10.", "9.", "8."))),
        ('ol style="margin: 0; list-style: hangul inside"', (None, ("가.", "나.", "다."))),
        ('ol style="list-style-type: none"', (None, ())),
        ('ul style="list-style-type: decimal"', (1, ())),
        ('ul type="a"', (None, ())),
    ],
)
def test_a_list_keeps_its_numbers(attributes: str, expected: tuple[int | None, tuple[str, ...]]) -> None:
    """Type, first number, style and direction of counting."""
    name = attributes.split(maxsplit=1)[0]
    assert markers_of(f"<{attributes}><li>a<li>b<li>c</{name}>") == expected


def test_items_of_a_list_may_say_their_numbers() -> None:
    """By a value, from which the next are counted, or by words."""
    assert markers_of("<ol><li value=4>a<li>b<li value=9>c<li value=x>d</ol>") == (None, ("4.", "5.", "9.", "10."))
    assert markers_of('<ol><li data-marker="Article 1.">a<li data-marker="(b)">b</ol>') == (None, ("Article 1.", "(b)"))
    assert markers_of("<ol><li><li value=7>a</ol>") == (7, ())


def test_a_table_keeps_its_spans_within_its_rows() -> None:
    """A cell that claims more rows than there are, or a million columns, is cut to what can be."""
    html = "<table><caption>C</caption><tr><th colspan=2>a<tr><td rowspan=9>b<td colspan=999999>c</table>"
    header = Cell((Text("a"),), is_header=True, columns=2)
    row = (Cell((Text("b"),)), Cell((Text("c"),), columns=100))
    assert blocks(html) == (Table(((header,), row), (Text("C"),)),)


def test_language_and_direction_are_said_where_they_differ() -> None:
    """The page's own are the article's; a part in another language is a span."""
    article = parse(
        "<html lang=ko-kr dir=ltr><body><p>a<p lang=ar dir=rtl>b <i lang=en>c</i><p lang=ko-KR>d"
        "<pre lang=ar dir=rtl>e</pre><pre>f</pre></body></html>"
    )
    assert (article.language, article.direction) == ("ko-KR", Direction.LTR)
    inner = Span((Text("c"),), "en")
    assert article.blocks == (
        p("a"),
        p(Span((Text("b "), Marked(Mark.EMPHASIS, (inner,))), "ar", Direction.RTL)),
        p("d"),
        Preformatted("e", "ar", Direction.RTL),
        Preformatted("f"),
    )


SAVED = """<!DOCTYPE html>
<!-- saved from url=(0030)https://example.org/secret/path -->
<html lang="en"><head><meta charset="utf-8"><title>The Crossing | A Site</title>
<meta name="author" content="Danbi"><meta property="og:description" content="A summary.">
<script src="page_files/tracker.js"></script><style>p { color: red }</style></head>
<body><header><a href="/">A Site</a><nav><ul><li>Menu</ul></nav></header>
<main><article><h1>The <em>Crossing</em></h1>
<p>First words. <script>track()</script></p>
<figure><img src="./page_files/a%20lamp.jpg" srcset="https://cdn.example.org/a.jpg 2x" alt="A lamp">
<figcaption>The <b>lamp</b></figcaption></figure>
<p>Before <img src="page_files/b.jpg" alt="B"> after</p>
<p><img src="page_files/gone.jpg" alt="words of a lost picture"></p>
<img src="data:image/gif;base64,{pixel}" data-src="page_files/late.jpg" alt="late">
<p><img src="https://cdn.example.org/c.jpg" alt="far away"></p>
<iframe src="https://ads.example.org"></iframe><form><input value="x"><p>In a form.</p></form>
<p hidden>hidden</p><div style="DISPLAY : none">hidden too</div>
</article><aside>Related</aside></main><footer>Imprint</footer></body></html>""".replace("{pixel}", PIXEL)


def test_a_saved_page_is_read_with_its_folder_of_pictures(tmp_path: Path) -> None:
    """The article, its pictures in place and order, what the page says of itself, and what was passed over."""
    finder = shelf("./page_files/a lamp.jpg", "page_files/b.jpg", "page_files/late.jpg")
    article = read(tmp_path, "page.html", SAVED, finder)
    assert (article.title, article.language, article.authors) == ("The Crossing", "en", ("Danbi",))
    assert article.summary == "A summary."
    assert article.blocks == (
        p("First words."),
        Figure(picture("./page_files/a lamp.jpg"), "A lamp", (Text("The "), Marked(Mark.STRONG, (Text("lamp"),)))),
        p("Before after"),
        Figure(picture("page_files/b.jpg"), "B"),
        p("[words of a lost picture]"),
        Figure(picture("page_files/late.jpg"), "late"),
        p("[far away]"),
        p("In a form."),
    )
    messages = "\n".join(remark.message for remark in article.remarks)
    assert "picture not found: page_files/gone.jpg" in messages
    assert "pictures that lie on the web are not shown: 1 (cdn.example.org/c.jpg)" in messages
    assert "scripts: 2, forms: 1, frames: 1" in messages
    assert "words outside the article" in messages


def test_pictures_inside_the_page_are_handed_over_as_bytes() -> None:
    """Pixels are taken out of the page; drawings and texts that call themselves pictures are not."""
    finder = shelf()
    sources = [f"data:image/gif;base64,{PIXEL}", "data:image/svg+xml,%3Csvg/%3E", "data:text/html,c", "data:0"]
    html = "".join(f"<img src='{source}' alt={alt}>" for source, alt in zip(sources, "abcd", strict=True))
    found = blocks(html + "<img srcset='data:0 1x' alt=e>", finder)
    assert finder.embedded_bytes == [b"GIF89a..."]
    assert found == (Figure(picture("picture 1"), "a"), p("bcde"))


def test_icons_and_spacers_are_no_figures() -> None:
    """What is too small to look at is its words, or nothing."""
    finder = Shelf({"smile.png": (20, 20), "dot.gif": (1, 1)})
    assert blocks('<p>a <img src="smile.png" alt="☺"><img src="dot.gif"> b', finder) == (p("a ☺ b"),)


ARTICLES = [
    ("the article", "<nav>x</nav><article>a</article><div>y</div>", "a"),
    ("the longest of several", "<article>tease</article><article>the article itself</article>", "the article itself"),
    ("main where articles are only teasers", f"<main>{'long text ' * 20}<article>b</article></main>", "long text"),
    ("the body without its sides", "<header>x</header><p>a</p><aside>y</aside><footer>z</footer>", "a"),
    ("the body with its notes", "<p>a</p><aside role=doc-endnotes>note</aside>", "a note"),
    ("the whole of a fragment", "just a <b>few</b> words", "just a few words"),
]


@pytest.mark.parametrize(("html", "words"), [case[1:] for case in ARTICLES], ids=[case[0] for case in ARTICLES])
def test_the_article_of_a_page_is_found(html: str, words: str) -> None:
    """What lies around it is passed over."""
    found = words_of(blocks(f"<html><body>{html}</body></html>"))
    assert found.startswith(words)
    assert not {"x", "y", "z"} & set(found.split())


TITLES = [
    ("the heading", "<title>t</title><article><h1>a<br>b</h1>c</article>", "a b"),
    ("what the page says to others", "<title>t - site</title><meta property=og:title content=t><p>c", "t"),
    ("the only heading of the page", "<title>t</title><h1>a</h1><article>c c c c c</article>", "a"),
    ("the title of the window", "<title>t &amp; u</title><p>c", "t & u"),
    ("none", "<p>c", ""),
]


@pytest.mark.parametrize(("html", "title"), [case[1:] for case in TITLES], ids=[case[0] for case in TITLES])
def test_the_title_of_a_page_is_found_and_not_repeated(html: str, title: str) -> None:
    """The nearest heading goes before what the page calls itself."""
    article = parse(html)
    assert article.title == title
    assert set(words_of(article.blocks)) <= {"c", " "}


ENCODED = [
    ("cp949", "<meta charset=euc-kr>"),
    ("cp949", '<meta http-equiv="Content-Type" content="text/html; charset=ks_c_5601-1987">'),
    ("utf-8", "<meta charset=euc-kr>"),
    ("utf-16", "<meta charset=utf-8>"),
    ("cp949", "<meta charset=nonsense>"),
]


@pytest.mark.parametrize(("codec", "meta"), ENCODED, ids=[" ".join(case) for case in ENCODED])
def test_pages_are_read_in_the_encoding_that_they_name(tmp_path: Path, codec: str, meta: str) -> None:
    """A wrong name does not spoil what can be told from the bytes."""
    article = read(tmp_path, "a.html", f"{meta}<h1>탈북</h1><p>그날 밤은 몹시 추웠다.".encode(codec))
    assert (article.title, words_of(article.blocks)) == ("탈북", "그날 밤은 몹시 추웠다.")


def test_xhtml_may_close_any_element_at_once(tmp_path: Path) -> None:
    """An empty title or script written as XML does not swallow the page."""
    page = (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="ja"><head><title/>'
        '<script src="x.js"/></head><body><div/><p><a id="n"/>本文</p></body></html>'
    )
    article = read(tmp_path, "a.xhtml", page)
    assert (article.language, article.blocks) == ("ja", (p("本文"),))


HOSTILE = [
    "<script>EVIL</script>",
    "<SCRIPT/x>EVIL</SCRIPT>",
    "<svg><script>EVIL</script></svg>",
    "<svg><style><img src=x onerror=EVIL></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=EVIL>",
    "<noscript><p title='</noscript><img src=x onerror=EVIL>'></noscript>",
    "<style>EVIL{}</style>",
    "<template><p>EVIL</p></template>",
    "<iframe srcdoc='<script>EVIL</script>' src=EVIL>EVIL</iframe>",
    "<object data=EVIL><param value=EVIL>words</object>",
    "<img src=x onerror=EVIL>",
    "<p onclick=EVIL style='background:url(EVIL)' class=EVIL id=EVIL>ok</p>",
    "<a href='javascript:EVIL'>ok</a>",
    "<a href='java\nscript:EVIL'>ok</a>",
    "<a href=' &#106;avascript:EVIL'>ok</a>",
    "<a href='data:text/html,EVIL'>ok</a>",
    "<a href='file:///EVIL'>ok</a>",
    "<img src='javascript:EVIL'>",
    "<img src='https://EVIL/'>",
    "<img src='//EVIL/'>",
    "<img src='data:text/html,EVIL'>",
    "<base href='https://EVIL/'><meta http-equiv=refresh content='0;url=EVIL'>",
    "<link rel=stylesheet href=EVIL>",
    "<!-- EVIL --><!--[if IE]>EVIL<![endif]-->",
    "<video src=EVIL>words</video><audio src=EVIL></audio>",
    "<select><option>EVIL</select><textarea>EVIL</textarea>",
    "<form action=EVIL><input value=EVIL></form>",
    "<title>EVIL</title>",
    "<![CDATA[<x EVIL]]>",
    "<?php EVIL ?>",
]


@pytest.mark.parametrize("vector", HOSTILE)
def test_nothing_hostile_passes(vector: str) -> None:
    """No script, style, address or attribute is in the tree; what stands beside it is."""
    article = parse(f"<h1>T</h1><p>before</p>{vector}<p>after</p>")
    assert "EVIL" not in repr(article.blocks)
    assert words_of(article.blocks).startswith("before")


@pytest.mark.parametrize(
    "tag", ["div", "blockquote", "ul><li", "span", "b", "table><tr><td", "dl><dd", "figure", "section><i"]
)
def test_ten_thousand_nested_elements_lose_no_text(tag: str) -> None:
    """Whatever is deeper than the tree may be is kept on its last level."""
    article = parse(f"<p>before</p>{f'<{tag}>' * 10_000}deep")
    assert words_of(article.blocks).split() == ["before", "deep"]
    assert depth(article) <= 30


def test_text_after_closed_depths_stands_by_itself() -> None:
    """Elements left out for depth do not join the words that they parted, nor swallow what follows."""
    article = parse(f"{'<div>' * 500}<p>a</p><div>b</div>c{'</div>' * 500}<h2>d</h2><p>e")
    assert words_of(article.blocks).split() == ["a", "b", "c", "d", "e"]
    assert article.blocks[-2:] == (Heading(2, (Text("d"),)), p("e"))


def test_what_is_passed_over_is_counted_apart_from_what_is_missed() -> None:
    """Scripts are nobody's loss; a video is."""
    remarks = parse("<p>a<script></script><video></video>").remarks
    assert [(remark.outcome, remark.message) for remark in remarks] == [
        (Outcome.PASSED_OVER, "not taken from the page: scripts: 1"),
        (Outcome.WARNING, "not taken from the page: videos: 1"),
    ]


NOTES = [
    ("a list", '<p>a<sup><a href="#n" id="r">[1]</a></sup></p><hr><ol><li id="n">Note. <a href="#r">↑</a></li></ol>'),
    (
        "the mark's parent",
        '<p>a<sup id="r"><a href="#n">1</a></sup></p><ol><li id="n"><b><a href="#r">^</a></b> Note.</ol>',
    ),
    (
        "a saved page",
        '<p>a<a id="r" href="https://x.org/y#n">1</a></p><div id="n"><p>Note. <a href="https://x.org/y#r">b</a>',
    ),
    ("Word", '<p>a<a href="#_ftn1" name="_ftnref1">[1]</a></p><p><a href="#_ftnref1" name="_ftn1">[1]</a> Note.</p>'),
    ("a role", '<p>a<a role="doc-noteref" href="#n">*</a></p><aside id="n" role="doc-footnote">Note.</aside>'),
]


@pytest.mark.parametrize("html", [case[1] for case in NOTES], ids=[case[0] for case in NOTES])
def test_notes_that_a_page_links_to_become_footnotes(html: str) -> None:
    """Whoever wrote the page: mark and note find each other, and the way back is dropped."""
    assert blocks(html) == (p("a", FootnoteMark("1")), Footnote("1", (p("Note."),)))


NO_NOTES = [
    ("a table of contents", '<p><a id="r" href="#s">1</a></p><h2 id="s">Part <a href="#r">up</a></h2>'),
    ("a word", '<p><a id="r" href="#s">see there</a></p><p id="s">Words. <a href="#r">back</a></p>'),
    ("one way", '<p>a<a href="#s">1</a></p><p id="s">Words.</p>'),
    ("inside itself", '<p id="s">a<a id="r" href="#s">1</a> <a href="#r">2</a></p>'),
]


@pytest.mark.parametrize("html", [case[1] for case in NO_NOTES], ids=[case[0] for case in NO_NOTES])
def test_other_links_inside_a_page_move_nothing(html: str) -> None:
    """What is no note stays where it stands."""
    assert not any(isinstance(block, Footnote) for block in blocks(html))


def test_the_article_in_a_whole_sites_page_is_found() -> None:
    """By its words, where the author marked nothing: neighbours and menus are counted, structure stays."""
    sentence = "The boats came back to the harbour in the evening, and nobody said what they had seen out there."
    paragraphs = "".join(f"<p>On day {day} it was like this. {sentence} So day {day} ended.</p>" for day in range(20))
    menu = "".join(f"<li><a href='/{number}'>Section {number}</a>" for number in range(30))
    teaser = "".join(f"<div class=card><h3>Story {number}</h3><p>Read it now</p></div>" for number in range(8))
    html = (
        f"<html><head><title>Boats</title></head><body><div class=top><ul>{menu}</ul></div><div class=wrap>"
        f"<div class=story><h1>Boats</h1>{paragraphs}<blockquote><p>{sentence}</p></blockquote></div>"
        f"<div class=more>{teaser}</div></div><div class=bottom><p>Contact, imprint</p></div></body></html>"
    )
    article = parse(html)
    assert article.title == "Boats"
    assert "Section 3" not in words_of(article.blocks)
    assert "Story 3" not in words_of(article.blocks)
    assert isinstance(article.blocks[-1], Quote)
    assert any("outside the article" in remark.message for remark in article.remarks)


def test_words_before_a_late_body_stay() -> None:
    """Browsers show them too; only the first such tag could mean anything else."""
    assert words_of(parse("<h1>T</h1><p>First.<body lang=en><p>Last.").blocks) == "First. Last."


def test_an_inside_picture_that_cannot_be_decoded_is_a_damaged_one() -> None:
    """Its bytes are kept as they stand, so that it is listed like every damaged picture."""
    finder = Shelf()
    parse("<p>a<img src='data:image/png;base64,!!!='>", finder)
    assert finder.embedded_bytes == [b"!!!="]
