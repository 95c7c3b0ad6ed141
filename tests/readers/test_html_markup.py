"""However elements are opened, closed or called, no word of a page is lost, and none that others hide is shown."""

from __future__ import annotations

import pytest

from packager.model import Heading, Marked, Paragraph, Quote, Text
from packager.model.blocks import words_of
from packager.readers.articles.html import PageOrigin
from packager.readers.articles.html import read as read_html
from packager.readers.articles.html.markup import prepared
from packager.readers.articles.reading import ReadArticle
from tests.helpers.articles import LABEL, shelf

PAGE = "<html><head><title>T</title></head><body><h1>T</h1><p>First words.</p>{}<p>Last words.</p></body></html>"


def parse(html: str) -> ReadArticle:
    return read_html(html, LABEL, shelf())


def shown(html: str) -> str:
    return words_of(parse(PAGE.format(html)).blocks)


OPEN = {
    "shapes of a drawing": "<svg><g>" + "<path d='M0'/>" * 300 + "</g></svg>",
    "shapes outside a drawing": "<path d='M0'/>" * 300,
    "shapes that nothing closes": "<svg>" + "<path d='M0'>" * 300 + "</svg>",
    "anchors": "<p><a name=x>a " * 300,
    "fonts": "<p><font color=red>a " * 300,
    "bold": "<p><b>a " * 300,
    "elements nobody knows": "<x-y>" * 300,
    "divisions": "<div>" * 300,
    "spans": "<span>" * 300,
    "list items": "<ul>" + "<li>a" * 300,
    "cells": "<table>" + "<tr><td>a" * 300 + "</table>",
    "options": "<select>" + "<option>a" * 300 + "</select>",
    "scripts": "<script src=x></script>" * 300,
}


@pytest.mark.parametrize("html", OPEN.values(), ids=OPEN)
@pytest.mark.parametrize("code", ["<script>var a='</p>';</script>", "<style>p{}</style>", "<textarea>x</textarea>"])
def test_elements_left_open_in_any_number_swallow_nothing(html: str, code: str) -> None:
    """Nor does the script, style or field behind them, whose own words are none of the page's."""
    found = shown(f"{html}{code}<p>Middle words.</p>")
    assert found.startswith("First words.")
    assert found.endswith("Middle words. Last words.")
    assert "var a" not in found
    assert "p{}" not in found


EMPTY = ["a", "b", "i", "div", "span", "p", "em", "path", "x-y", "script", "style", "title", "iframe", "textarea", "td"]


@pytest.mark.parametrize("name", EMPTY)
def test_an_element_that_ends_in_a_slash_is_empty(name: str) -> None:
    """As its author meant, be the page HTML or XML: what follows is neither lost nor bold."""
    blocks = parse(PAGE.format(f"<p>a<{name} class='x'/>b</p>")).blocks
    assert words_of(blocks).replace(" ", "") == "Firstwords.abLastwords."
    assert not any(isinstance(child, Marked) for block in blocks for child in getattr(block, "children", ()))


@pytest.mark.parametrize("name", ["text", "view", "desc", "line", "switch", "set", "metadata", "marker", "mask", "use"])
def test_elements_called_as_those_of_drawings_keep_their_words(name: str) -> None:
    """Only in a drawing are they what they are called."""
    assert shown(f"<{name}>said here</{name}>") == "First words. said here Last words."


ODD = {
    "a comment in an attribute": "<p title='a <!-- b'>said here</p>",
    "a tag in an attribute": "<p title='</p><script>'>said here</p>",
    "a sign of more in an attribute": "<p title='a > b'>said here</p>",
    "a comment with two dashes": "<!-- a -- b --><p>said here</p>",
    "an empty comment": "<!--><p>said here</p>",
    "a heading closed as another": "<h2>said</h3> here",
    "paragraphs in a heading": "<h2><p>said here</p></h2>",
    "a table in a paragraph": "<p><table><tr><td>said here</table>",
    "words in a table": "<table>said <tr><td>here</table>",
    "marks that overlap": "<b>said <i>here</b></i>",
    "HTML in a drawing": "<svg><path><p>said here</p></svg>",
    "HTML in a foreign object": "<svg><foreignObject><p>said here</p></foreignObject></svg>",
    "words in a drawing": "<svg><title>no</title><g><text><tspan>said here</tspan></text></g></svg>",
    "a program's fallback": "<object data=x><param name=a value=b><p>said here</p></object>",
    "a sound's fallback": "<audio src=x>said here</audio>",
    "a canvas": "<canvas>said here</canvas>",
}


@pytest.mark.parametrize("html", ODD.values(), ids=ODD)
def test_words_in_odd_places_stay(html: str) -> None:
    """As browsers show them, or would if they could not show what stands around them."""
    assert shown(html) == "First words. said here Last words."


def test_what_a_player_says_of_browsers_is_no_text() -> None:
    """It is said to browsers that this page will never see."""
    assert shown("<video src=x>Your browser does not support videos.</video>") == "First words. Last words."


SHADOWS = ["shadowrootmode=open", 'shadowmode="open"', "shadowroot=closed"]


@pytest.mark.parametrize("attribute", SHADOWS)
def test_shadow_trees_are_read(attribute: str) -> None:
    """As two ways of saving a page write them; a template of the page's own scripts shows nothing."""
    inner = "<template><p>no</p></template><div>b</div><x-z><template shadowrootmode=open>c</template></x-z>"
    page = f"<x-y><template {attribute}><style>p{{}}</style><p>a{inner}</template></x-y><template><p>no</p></template>"
    assert shown(page) == "First words. a b c Last words."


def test_a_framed_page_that_lies_in_the_page_is_read() -> None:
    """Whatever it leaves open ends with it, and its title is none of the page's."""
    framed = "<title>No</title><h1>Framed</h1><p>said here<b><div><script>a"
    article = parse(PAGE.format(f'<iframe srcdoc="{framed}">no frames</iframe>'))
    assert article.title == "T"
    assert article.blocks == (
        Paragraph((Text("First words."),)),
        Heading(1, (Text("Framed"),)),
        Paragraph((Text("said here"),)),
        Paragraph((Text("Last words."),)),
    )


FRAMESET = "<html><head><title>T</title></head><frameset cols=1><frame src=a><frame src=b>{}</frameset></html>"
WITHOUT = "<noframes><body><p>No frames here.</p></body></noframes>"


def test_a_page_of_frames_is_what_they_show() -> None:
    """Where their pages are known; else what it says to those who have none."""
    pages = {"a": "<p>one</p>", "b": "<h1>two</h1>"}
    origin = PageOrigin(frame=lambda address: pages.get(address, ""))
    assert words_of(read_html(FRAMESET.format(WITHOUT), LABEL, shelf(), origin=origin).blocks) == "one two"
    alone = parse(FRAMESET.format(WITHOUT))
    assert words_of(alone.blocks) == "No frames here."
    assert "not taken from the page: frames: 2" in [remark.message for remark in alone.remarks]


def test_frames_that_show_each_other_end() -> None:
    """Each is read once."""
    pages = {"a": "<p>one</p><iframe src=b></iframe>", "b": "<p>two</p><iframe src=a></iframe><iframe src=b></iframe>"}
    found = prepared("<iframe src=a></iframe><iframe src=a></iframe>", lambda address: pages.pop(address, ""))
    assert (found.count("one"), found.count("two")) == (1, 1)


QUADRATIC = ["<div>", "<span>", "<b>", "<p><b>x", "<table><tr><td>", "<svg><div></svg>", "<b><div></b>", "<ul><li>"]


@pytest.mark.parametrize("piece", [*QUADRATIC, "<a ", "<a b='", "<!--", "<title>", "</x>", "<![CDATA[", "&#8238;"])
def test_the_markup_grows_no_faster_than_the_page(piece: str) -> None:
    """Two hundred thousand of anything leave something that a parser reads at once."""
    source = piece * (400_000 // len(piece))
    assert len(prepared(source)) <= 3 * len(source)


def test_a_quote_keeps_who_said_it() -> None:
    """A footer in a quote is the quote's."""
    (_, quote, _) = parse(PAGE.format("<blockquote><p>a</p><footer>— b</footer></blockquote>")).blocks
    assert quote == Quote((Paragraph((Text("a"),)), Paragraph((Text("— b"),))))
