"""Markdown is read into the tree, with nothing in it that is not Markdown."""

from __future__ import annotations

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
    Paragraph,
    Preformatted,
    Quote,
    Table,
    Text,
    ThematicRule,
)
from packager.model.blocks import words_of
from packager.readers.articles.markdown import read as read_markdown
from packager.readers.articles.reading import ReadArticle
from tests.helpers.articles import LABEL, Shelf, depth, picture, read, shelf


def parse(source: str, finder: Shelf | None = None) -> ReadArticle:
    return read_markdown(source, LABEL, finder or shelf())


def p(*children: str | Text | Break | Code | Link | Marked | FootnoteMark) -> Paragraph:
    return Paragraph(tuple(Text(child) if isinstance(child, str) else child for child in children))


def struck(text: str) -> Marked:
    return Marked(Mark.STRUCK, (Text(text),))


def emphasis(text: str) -> Marked:
    return Marked(Mark.EMPHASIS, (Text(text),))


ELEMENTS = [
    ("paragraphs", "a\nb\n\nc", [p("a b"), p("c")]),
    ("line ends in Chinese", "你\n好", [p("你好")]),
    ("hard breaks", "a  \nb\\\nc<br>d", [p("a", Break(), "b", Break(), "c", Break(), "d")]),
    (
        "marks",
        "*a* **b** ~~c~~ `d`",
        [p(emphasis("a"), " ", Marked(Mark.STRONG, (Text("b"),)), " ", struck("c"), " ", Code("d"))],
    ),
    ("headings by rank", "## a\n\n##### b", [Heading(2, (Text("a"),)), Heading(5, (Text("b"),))]),
    ("a list", "- a\n- b\n\n  c", [ListBlock(((p("a"),), (p("b"), p("c"))))]),
    ("a numbered list", "3. a\n4. b", [ListBlock(((p("a"),), (p("b"),)), 3)]),
    ("a quote in a quote", "> a\n>> b", [Quote((p("a"), Quote((p("b"),))))]),
    ("code", "```py\n<b>\n```", [Preformatted("<b>")]),
    ("a rule", "***", [ThematicRule()]),
    ("an outside link", "[a](https://example.org)", [p(Link("https://example.org", (Text("a"),)))]),
    ("a link inside", "[a](#b) [c](d.md)", [p("a c")]),
    ("a script as a link", "[a](javascript:b)", [p("a")]),
    ("what is no HTML as the letters it is", "a <your name> <b c", [p("a <your name> <b c")]),
    ("an editor's note", "a <!-- b --> c\n\n<!-- d\n\ne -->\n\nf", [p("a c"), p("f")]),
    ("a table", "|a|\n|-|\n|*b*|", [Table(((Cell((Text("a"),), is_header=True),), (Cell((emphasis("b"),)),)))]),
]


@pytest.mark.parametrize(("source", "expected"), [case[1:] for case in ELEMENTS], ids=[case[0] for case in ELEMENTS])
def test_markdown_becomes_parts_of_the_tree(source: str, expected: list[Block]) -> None:
    """Each construct is what it says."""
    assert list(parse(source).blocks) == expected


def test_footnotes_are_numbered_in_the_order_of_their_marks() -> None:
    """A note in the line, one used twice, one that nothing points to, and a mark without a note."""
    article = parse("a[^z] b^[c] d[^z] [^none]\n\n[^unused]: e\n[^z]: f\n\n    g")
    assert article.blocks == (
        p("a", FootnoteMark("1"), " b", FootnoteMark("2"), " d", FootnoteMark("1"), " [^none]"),
        Footnote("1", (p("f"), p("g"))),
        Footnote("2", (p("c"),)),
        Footnote("3", (p("e"),)),
    )


PICTURES = [
    ("alone", "![a](x.png)", [Figure(picture("x.png"), "a")]),
    ("with a title", '![a](x.png "b")', [Figure(picture("x.png"), "a", (Text("b"),))]),
    ("with a line below", "![a](x.png)\n*b*", [Figure(picture("x.png"), "a", (Text("b"),))]),
    ("with a paragraph below", "![a](x.png)\n\n_b_\n\nc", [Figure(picture("x.png"), "a", (Text("b"),)), p("c")]),
    ("in a line", "b ![a](x.png) c", [p("b c"), Figure(picture("x.png"), "a")]),
    ("in a mark", "**b ![a](x.png)**", [p(Marked(Mark.STRONG, (Text("b"),))), Figure(picture("x.png"), "a")]),
    ("of an encoded name", "![a](y%20%ED%95%9C.png)", [Figure(picture("y 한.png"), "a")]),
    ("of a name with spaces", "![a](y 한.png)", [Figure(picture("y 한.png"), "a")]),
    ("of a name with spaces and a title", '![a](y 한.png "b")', [Figure(picture("y 한.png"), "a", (Text("b"),))]),
    ("of a name with brackets", "![a](z (1).png) b", [Figure(picture("z (1).png"), "a"), p("b")]),
    ("of a name with one bracket", "![a](z 1).png)", [Figure(picture("z 1).png"), "a")]),
    ("two of names with spaces", "![](y 한.png) ![](y 한.png)", [Figure(picture("y 한.png"))] * 2),
    ("of a name with spaces in a link", "[![a](y 한.png)](b.html)", [Figure(picture("y 한.png"), "a")]),
    ("of a name with spaces in code", "`![a](y 한.png)`", [p(Code("![a](y 한.png)"))]),
    ("of no picture's name", "![a](y 한.pdf)", [p("![a](y 한.pdf)")]),
    ("lost", "![a](lost.png)", [p("a")]),
    ("far away", "![a](https://example.org/x.png)", [p("a")]),
    (
        "lost, before a caption",
        "![Six pots](lost.png)\n*In May*",
        [p("[Six pots] ", Marked(Mark.EMPHASIS, (Text("In May"),)))],
    ),
    ("lost, a formula", "It is ![x^2](lost.png).", [p("It is x^2.")]),
]


@pytest.mark.parametrize(("source", "expected"), [case[1:] for case in PICTURES], ids=[case[0] for case in PICTURES])
def test_pictures_become_figures(source: str, expected: list[Block]) -> None:
    """After the paragraph that they stand in, with the caption that they are given."""
    assert list(parse(source, shelf("x.png", "y 한.png", "z (1).png", "z 1).png")).blocks) == expected


def test_pictures_that_are_not_shown_are_reported() -> None:
    """By name where they should lie beside the text, by number and the first address where they lie on the web."""
    messages = [
        remark.message
        for remark in parse("![a](lost%20one.png) ![b](//example.org/x.png) ![c](file:///x/y.png)").remarks
    ]
    assert messages == [
        "picture not found: lost one.png",
        "pictures that lie on the web are not shown: 1 (//example.org/x.png); put them beside the text",
        "pictures that lie on the computer of whoever made it are not shown: 1 (/x/y.png); put them beside the text",
    ]


def test_the_first_heading_is_the_title_and_not_repeated() -> None:
    """Other headings of its level stay."""
    article = parse("intro\n\n# The *title*\n\n# Part\n\na")
    assert article.title == "The title"
    assert article.blocks == (p("intro"), Heading(1, (Text("Part"),)), p("a"))


FULL = """---
title: 강을 건너다
lang: ko_KR
direction: ltr
authors: [Danbi, Min Lee]
summary: >
  Two
  lines.
credit: "see: there"
section: Essays
series: The River
date: 2024-01-01
---
# 강을 건너다

Write to @danbi.
"""


def test_front_matter_says_what_the_text_is(tmp_path: Path) -> None:
    """Everything that it may say; the heading that repeats the title is not shown again; lines stay right."""
    article = read(tmp_path, "a.md", FULL)
    assert (article.title, article.language, article.direction) == ("강을 건너다", "ko-KR", Direction.LTR)
    assert (article.authors, article.summary, article.credit) == (("Danbi", "Min Lee"), "Two lines.", "see: there")
    assert (article.section, article.series) == ("Essays", "The River")
    assert article.blocks == (p("Write to @danbi."),)
    assert [(remark.line, remark.message) for remark in article.remarks] == [(16, "@name: @danbi")]


def test_a_title_of_its_own_leaves_the_heading_in_the_text(tmp_path: Path) -> None:
    """Front matter goes before the first heading, which then is a heading like others."""
    article = read(tmp_path, "a.md", "---\ntitle: 007\nlanguage: no\n---\n# Part\n\na")
    assert (article.title, article.language) == ("007", "no")
    assert article.blocks == (Heading(2, (Text("Part"),)), p("a"))


def test_headings_stand_on_levels_two_to_four(tmp_path: Path) -> None:
    """Whatever levels a text uses, their order of rank is kept."""
    article = read(tmp_path, "a.md", "# T\n\n### a\n\n###### b\n\n### c\n\nd")
    assert [block.level for block in article.blocks if isinstance(block, Heading)] == [2, 3, 2]


def test_a_rule_at_the_head_is_no_front_matter(tmp_path: Path) -> None:
    """Lines between two rules that hold no keys are text."""
    for source in ("---\n\na: b\n\n---\n\nc", "---\njust words\n---\n\nc", "---\n\nonly a rule"):
        assert words_of(read(tmp_path, "a.md", source).blocks).split()[-1] in ("c", "rule")


DEEP = [
    ("quotes", ">" * 10_000 + " deep"),
    ("quotes with spaces", "> " * 10_000 + "deep"),
    ("lists", "- " * 10_000 + "deep"),
    ("numbered lists", "1. " * 10_000 + "deep"),
    ("quotes in lists", "> - " * 10_000 + "deep"),
    ("lists by indent", "\n".join("  " * level + "- deep" for level in range(300))),
    ("notes in notes", "^[" * 1_000 + "deep" + "]" * 1_000),
    ("marks", "*a **b " * 1_000 + "deep" + "** *" * 1_000),
    ("pictures in pictures", "![" * 1_000 + "deep" + "](x)" * 1_000),
]


@pytest.mark.parametrize("source", [case[1] for case in DEEP], ids=[case[0] for case in DEEP])
def test_depths_lose_no_text(source: str) -> None:
    """Whatever is deeper than the tree may be is kept on its last level."""
    article = parse(f"before\n\n{source}\n\nafter")
    found = words_of(article.blocks)
    assert found.startswith("before")
    assert "after" in found
    assert found.count("deep") == source.count("deep")
    assert depth(article) <= 31
