"""A picture of a page is found wherever the page keeps its address; what stands in its place until then is none."""

from __future__ import annotations

import base64

import pytest

from packager.model import Figure, Picture, Preformatted
from packager.model.blocks import figures, words_of
from packager.readers.articles.html import read as read_html
from tests.helpers.articles import LABEL, Shelf, picture, shelf

SPOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
PIXELS = "data:image/png;base64," + base64.b64encode(b"pixels").decode()


class SpotShelf(Shelf):
    """A finder for which what lies in the page is a spot of one pixel, but for PIXELS."""

    def embedded(self, data: bytes, name: str) -> Picture:
        return picture(name, 100, 100) if data == b"pixels" else picture(name, 1, 1)


def found(html: str, *names: str) -> list[str]:
    """The names of the pictures that are shown."""
    article = read_html(f"<h1>T</h1><p>Words.</p>{html}<p>More.</p>", LABEL, SpotShelf(dict.fromkeys(names, (99, 99))))
    return [figure.picture.source.label for figure in figures(article.blocks)]


KEPT = {
    "a comma in an address": '<img srcset="a.png 1x, w_8,c_fit,b.png 2x">',
    "commas without spaces behind": '<img srcset="a.png 1x,w_8,c_fit,b.png 2x">',
    "an address that ends in a comma": '<img srcset="a.png, w_8,c_fit,b.png">',
    "parentheses in a descriptor": '<img srcset="a.png 1x(x,y), w_8,c_fit,b.png 2x">',
    "a script that loads late": f'<img src="{SPOT}" data-src="w_8,c_fit,b.png">',
    "one that has its own name for it": f'<img src="{SPOT}" data-lazy-srcset="w_8,c_fit,b.png 2x, a.png 1x">',
    "no script, behind": f'<img src="{SPOT}"><noscript><img src="w_8,c_fit,b.png"></noscript>',
    "no script, before": f'<noscript><img src="w_8,c_fit,b.png"></noscript><img src="{SPOT}">',
    "no script, alone": '<noscript><p>No.</p><img src="w_8,c_fit,b.png"></noscript>',
    "no script, in a link": f'<a href="x"><img src="{SPOT}"></a> <noscript><img src="w_8,c_fit,b.png"></noscript>',
    "a source of a picture": '<picture><source srcset="w_8,c_fit,b.png 1x"><img src="none.png"></picture>',
    "a picture without an image's own": f'<picture><source srcset="w_8,c_fit,b.png"><img src="{SPOT}"></picture>',
    "code": '<pre>a <img src="w_8,c_fit,b.png"></pre>',
    "a drawing": '<svg><image xlink:href="w_8,c_fit,b.png"/></svg>',
    "a heading": '<h2><img src="w_8,c_fit,b.png"> x</h2>',
    "a caption of a table": '<table><caption><img src="w_8,c_fit,b.png">x</caption><tr><td>x<td>y</table>',
    "a style of an empty division": '<div style="background: #fff url(w_8,c_fit,b.png) no-repeat"></div>',
    "a style of an empty span": "<p>x<span style=\"background-image:url('w_8,c_fit,b.png')\"></span></p>",
    "a division that a script fills": '<div class="lazy" data-bg="w_8,c_fit,b.png"></div>',
    "an object": '<object type="image/png" data="w_8,c_fit,b.png">x</object>',
    "a page for phones": '<amp-img src="w_8,c_fit,b.png" width=9></amp-img>',
    "a button": '<button><img src="w_8,c_fit,b.png"></button>',
}


@pytest.mark.parametrize("html", KEPT.values(), ids=KEPT)
def test_a_picture_is_found_where_it_is_kept(html: str) -> None:
    """Once, as the only one that there is."""
    assert found(html, "w_8,c_fit,b.png") == ["w_8,c_fit,b.png"]


def test_a_page_of_one_file_keeps_its_pictures_in_its_styles() -> None:
    """SingleFile writes each once, as a variable, and a spot where it is shown."""
    style = f"<style>:root{{--sf-img-3: url(\"{SPOT}\");--sf-img-4:url('{PIXELS}')}}</style>"
    html = f'{style}<img src="{SPOT}" style="background-blend-mode:normal;background-image:var(--sf-img-4)!important">'
    assert found(html) == ["picture 2"]


def test_two_pictures_of_which_one_is_not_scripted_are_two() -> None:
    """What is there for want of scripts is another than the picture beside it."""
    assert found('<img src="a.png"><noscript><img src="b.png"></noscript>', "a.png", "b.png") == ["a.png", "b.png"]


def test_a_picture_that_is_nowhere_is_named_once() -> None:
    """By one of its addresses, whole."""
    article = read_html('<h1>T</h1><p>W</p><img srcset="w_8,c_fit,b.png 2x" alt="A boat">', LABEL, shelf())
    assert [remark.message for remark in article.remarks] == ["picture not found: w_8,c_fit,b.png"]
    assert words_of(article.blocks) == "W [A boat]"


def test_the_words_around_a_picture_in_code_stay() -> None:
    """The picture follows them."""
    html = '<h1>T</h1><pre>if x:\n  <img src="a.png" alt="A">y</pre>'
    blocks = read_html(html, LABEL, shelf("a.png")).blocks
    assert blocks == (Preformatted("if x:\n  y"), Figure(picture("a.png"), "A"))
