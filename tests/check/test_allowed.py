"""Documents pass when everything in them is on the list: ours by construction, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from packager.check import allowed
from packager.check.document import document_facts
from packager.model.text import Mark
from packager.output import templates
from tests.check.test_check import examined
from tests.helpers.clean_tree import Tree, clean_tree, document, write
from tests.helpers.defects import COMIC
from tests.helpers.planted import PLANTED

PAGES = ("head.html", "blocks.html", "home.html", "comic.html", "article.html", "film.html")


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clean tree, of which each test changes one document."""
    return write(clean_tree(), tmp_path_factory.mktemp("allowed") / "window")


@pytest.mark.parametrize("make", PLANTED.values(), ids=PLANTED)
def test_what_is_not_on_the_list_is_found(make: Callable[[Tree], None], window: Path) -> None:
    """Whatever was thought up to walk round rules: its code is no matter here."""
    tree = clean_tree()
    make(tree)
    assert tree[COMIC] != clean_tree()[COMIC]
    (window / COMIC).write_bytes(tree[COMIC])
    assert examined(window) != ()


def test_templates_have_no_element_attribute_or_class_that_is_not_on_the_list() -> None:
    """So that what readers of articles keep, and all that we put around it, passes whatever it holds."""
    for name in PAGES:
        source = re.sub(
            r"{%.*?%}|{#.*?#}", "", (templates.folder() / name).read_text("utf-8"), flags=re.DOTALL
        ).replace("h{{ block.level }}", "h2")
        for tag in re.findall(r"<([a-z][a-z0-9]*)((?:[^<>\"]|\"[^\"]*\")*)>", source):
            assert tag[0] in allowed.ELEMENTS, tag
            for attribute, value in re.findall(r'([a-z-]+)="([^"]*)"', tag[1]):
                if tag[0] != "meta":
                    form = allowed.form_of(tag[0], attribute)
                    assert form is not None, (name, tag)
                    assert "{{" in value or allowed.has_form(value, form), (name, tag)


def test_marks_of_texts_are_elements_on_the_list() -> None:
    """The names of what a text can be marked as are those of elements."""
    assert {mark.value for mark in Mark} <= allowed.ELEMENTS.keys()


def test_no_element_on_the_list_fetches_runs_or_sends() -> None:
    """The one that holds a script has to be one of ours, and a picture has one place for its address."""
    addresses = {
        (name, key) for name, forms in allowed.ELEMENTS.items() for key, form in forms.items() if form == "link"
    }
    assert addresses == {("a", "href"), ("audio", "src"), ("video", "src"), ("video", "poster")}
    assert [name for name, forms in allowed.ELEMENTS.items() if "picture" in forms.values()] == ["img"]
    assert (
        not {"form", "iframe", "object", "embed", "link", "base", "svg", "template", "button"} & allowed.ELEMENTS.keys()
    )


def codes(body: str) -> set[str]:
    return {code for code, *_ in document_facts(document(body))[0].problems}


@pytest.mark.parametrize(
    "function", ["url", "image-set", "attr", "var", "src", "image", "cross-fade", "element", "paint"]
)
def test_no_style_may_hold_a_function_that_takes_an_address(function: str) -> None:
    """In a sheet and in an attribute."""
    assert codes(f'<p style="background: {function}(a)">a</p>') & {"X302", "H207"}
    assert function not in allowed.IN_BOOKS["functions"] or function in ("attr", "var")


# Old documents of ours are written so, and what a browser makes of them is what stands there.
ALIKE = [
    "<table><tr><td>1</td></tr></table>",
    "<table><tbody><tr><td>1</td></tr></tbody></table>",
    "<pre>\na\n  b</pre>",
    "<p>a<br>b &amp; &lt;c&gt; &#39;d&#39; &#34;e&#34;</p>",
    "<ruby>窓<rp>(</rp><rt>まど</rt><rp>)</rp></ruby>",
    '<ul><li><p>a</p><ol start="3"><li>b</li></ol></li></ul>',
    "<div>\n\n<p>a</p>\n</div>",
]


@pytest.mark.parametrize("body", ALIKE)
def test_what_browsers_read_as_it_is_written_passes(body: str) -> None:
    """Rows without a tbody, line ends, and the letters that markup needs as codes."""
    assert codes(body) == set()


# What browsers mend as they read it.
MENDED = [
    "<p><div>a</div></p>",
    "<p><ul><li>a</li></ul></p>",
    '<a href="2.html"><a href="2.html">a</a></a>',
    "<b><p>a</b></p>",
    "<table><p>a</p><tr><td>1</td></tr></table>",
    "<table><td>1</td></table>",
    "<h1>a<h2>b</h2></h1>",
    "<ul><li>a<li>b</li></li></ul>",
    "<br></br>",
    "<hr><p>a",
    "</p>",
    "<title>a<b>b</b></title>",
]


@pytest.mark.parametrize("body", MENDED)
def test_what_browsers_mend_is_found(body: str) -> None:
    """Two parsers that read it would not have the same document."""
    assert "H106" in codes(body)
