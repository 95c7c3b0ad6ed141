"""An article written as Markdown reads back to the same tree, whatever it was read from."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from packager.importing.markdown import front_matter, markdown
from packager.model import Figure
from packager.readers.articles.reading import ReadArticle
from tests.helpers.articles import Shelf, read

_PICTURES = Shelf({f"{name}.png": (100, 100) for name in "abc"})

_letters = st.text(
    st.one_of(st.sampled_from("ab가漢あ*_`[]()<>&\\|~!^#-+=.:1 \u3000\xa0\"'$@/%{}"), st.sampled_from("abcde ")),
    min_size=1,
    max_size=12,
)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _in(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name.split(maxsplit=1)[0]}>"


_leaf = st.one_of(
    _letters.map(_escape),
    _letters.map(lambda text: _in("code", _escape(text))),
    st.just("<br>"),
    st.just("<ruby>漢<rt>かん</rt></ruby>"),
)
_element = st.sampled_from(
    [
        "em",
        "strong",
        "sub",
        "sup",
        "s",
        'span lang="ko"',
        'span dir="rtl"',
        'a href="https://example.org/a_b?c=1&amp;d=(é)"',
        'a href="//x.org"',
    ]
)
_inline = st.recursive(
    _leaf,
    lambda inner: st.tuples(_element, st.lists(inner, min_size=1, max_size=3)).map(lambda t: _in(t[0], "".join(t[1]))),
    max_leaves=6,
)
_run = st.lists(_inline, min_size=1, max_size=4).map("".join)
_picture = st.tuples(st.sampled_from("abc"), _letters.map(_escape)).map(
    lambda t: f'<img src="{t[0]}.png" alt="{t[1].replace(chr(34), "")}">'
)
_cell = st.tuples(st.sampled_from(["td", "th", 'td colspan="2"']), _run).map(lambda t: _in(*t))
_table = st.tuples(
    st.sampled_from(["", "<caption>a <em>b</em></caption>"]),
    st.lists(
        st.lists(_cell, min_size=1, max_size=3).map(lambda cells: _in("tr", "".join(cells))), min_size=1, max_size=3
    ).map("".join),
).map(lambda t: _in("table", "".join(t)))
_plain_table = st.lists(st.tuples(_run, _run), min_size=1, max_size=3).map(
    lambda rows: _in(
        "table", _in("tr", "<th>a<th>b") + "".join(_in("tr", _in("td", a) + _in("td", b)) for a, b in rows)
    )
)
_flat = st.one_of(
    _run.map(lambda text: _in("p", text)),
    _run.map(lambda text: _in("p", _in("em", text))),
    _run.map(lambda text: _in("h2", text)),
    _run.map(lambda text: _in("h3", text)),
    _letters.map(lambda text: _in("pre", _escape(text) + "\n\n  ```\n" + _escape(text))),
    st.just("<hr>"),
    _picture,
    st.tuples(_picture, _run).map(lambda t: _in("figure", f"{t[0]}<figcaption>{t[1]}</figcaption>")),
    _table,
    _plain_table,
)


def _lists(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    items = st.lists(
        st.lists(inner, min_size=1, max_size=2).map(lambda blocks: _in("li", "".join(blocks))), min_size=1, max_size=3
    )
    names = st.sampled_from(["ul", "ol", 'ol start="7"', 'ol start="0"', 'ol type="a"', "ol reversed", 'ol type="I"'])
    return st.one_of(
        st.tuples(names, items.map("".join)).map(lambda t: _in(*t)),
        st.lists(inner, min_size=1, max_size=3).map(lambda blocks: _in("blockquote", "".join(blocks))),
    )


_block = st.recursive(_flat, _lists, max_leaves=6)
pages = st.lists(_block, min_size=1, max_size=5).map(lambda blocks: "<p>Words.</p>" + "".join(blocks))


def written(article: ReadArticle) -> str:
    said = {"title": article.title, "authors": article.authors, "language": article.language}
    return front_matter(said) + "\n" + markdown(article.blocks, _name)


def _name(figure: Figure) -> str:
    return figure.picture.source.path.name


def read_in(content: str, name: str) -> ReadArticle:
    with tempfile.TemporaryDirectory() as folder:
        return read(Path(folder), name, content, _PICTURES)


@given(page=pages)
@example(page='<p>Words.</p><p><a href="https://example.org/a_b?c=1&amp;d=(é)">&lt;a\xa0</a></p>')
@example(page="<p>Words.</p><p>1<code> </code>1</p>")
@example(page='<p>Words.</p><p>]<a href="//x.org">1</a></p>')
@example(page='<p>Words.</p><p><a href="//x.org">\\\\</a></p>')
@example(page="<p>Words.</p><ul><li><p>&lt;!--</p></li></ul><ul><li><pre>1\n\n  1</pre></li></ul>")
@settings(max_examples=60, deadline=None)
def test_what_is_written_as_markdown_reads_back_to_the_same_tree(page: str) -> None:
    """Headings, lists, quotes, tables, figures, notes, ruby, emphasis, languages and directions."""
    first = read_in(f'<title>T: "1"</title>{page}', "a.html")
    again = read_in(written(first), "a.md")
    assert again.blocks == first.blocks
    assert again.title == first.title


@pytest.mark.prove
@given(page=pages)
@settings(max_examples=5_000, deadline=None)
def test_five_thousand_pages_read_back_to_the_same_tree(page: str) -> None:
    """The same, at length."""
    first = read_in(page, "a.html")
    assert read_in(written(first), "a.md").blocks == first.blocks
