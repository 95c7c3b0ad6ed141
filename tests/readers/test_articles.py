"""Every kind of text is read into one tree: the same words in the same order, and the same remarks."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.errors import SourceError
from packager.model import Block, Heading, ListBlock, Outcome, Paragraph, Picture, Quote, Source, Text
from packager.model.blocks import words_of
from packager.readers.articles.article import READERS, parse
from packager.readers.articles.pictures import Answers
from packager.readers.publications import mentions_in
from packager.sandbox.limits import LIMITS
from tests.helpers.articles import LABEL, read, shelf
from tests.helpers.papers import docx, epub, mhtml, paragraph

Tree = tuple[Block, ...]

_word = st.text(st.sampled_from("abcdefgABC가나다한글漢字あいうéßłабвابت"), min_size=1, max_size=7)
_words = st.lists(_word, min_size=2, max_size=25).map(" ".join)
_paragraph = _words.map(lambda words: Paragraph((Text(words),)))
_flat = st.lists(_paragraph, min_size=1, max_size=3).map(tuple)
_block = st.one_of(
    _paragraph,
    _words.map(lambda words: Heading(2, (Text(words),))),
    _flat.map(Quote),
    st.lists(_flat, min_size=2, max_size=4).map(lambda items: ListBlock(tuple(items))),
)
trees = st.lists(_block, min_size=1, max_size=8).map(tuple)


def markdown(blocks: Tree) -> str:
    return "\n\n".join(map(_markdown, blocks))


def _markdown(block: Block) -> str:
    match block:
        case Heading():
            return f"## {words_of([block])}"
        case Quote(blocks=inner):
            return "\n".join(f"> {line}" for line in markdown(inner).splitlines())
        case ListBlock(items=items):
            # The comment parts lists that would otherwise be one.
            return "\n".join("- " + markdown(item).replace("\n", "\n  ") for item in items) + "\n\n<!-- -->"
        case _:
            return words_of([block])


def page(blocks: Tree) -> str:
    return "<!DOCTYPE html><html><body><h1>T</h1>" + "".join(map(_element, blocks)) + "</body></html>"


def _element(block: Block) -> str:
    match block:
        case Quote(blocks=inner):
            return f"<blockquote>{''.join(map(_element, inner))}</blockquote>"
        case ListBlock(items=items):
            return "<ul>" + "".join(f"<li>{''.join(map(_element, item))}</li>" for item in items) + "</ul>"
        case Heading():
            return f"<h2>{html.escape(words_of([block]))}</h2>"
        case _:
            return f"<p>{html.escape(words_of([block]))}</p>"


WRITERS: dict[str, Callable[[Tree], str]] = {
    ".md": lambda tree: f"# T\n\n{markdown(tree)}",
    ".html": page,
    ".txt": lambda tree: "T\n\n" + "\n\n".join(words_of([block]) for block in tree),
}
FORMATS = sorted(WRITERS)


@pytest.mark.parametrize("suffix", FORMATS)
@given(tree=trees)
@settings(max_examples=60, deadline=None)
def test_words_in_are_words_out_in_order(suffix: str, tree: Tree) -> None:
    """Written in any format and read again, a text has every word once and in its place."""
    with tempfile.TemporaryDirectory() as folder:
        article = read(Path(folder), f"a{suffix}", WRITERS[suffix](tree))
    assert article.title == "T"
    assert words_of(article.blocks).split() == words_of(tree).split()


PAPERS: dict[str, Callable[[Tree], bytes]] = {
    ".mhtml": lambda tree: mhtml(page(tree)),
    ".epub": lambda tree: epub({"1.xhtml": page(tree)}),
    ".docx": lambda tree: docx(paragraph("T", "Title") + "".join(paragraph(words_of([block])) for block in tree)),
}


def test_a_stray_control_character_is_dropped_with_a_remark(tmp_path: Path) -> None:
    """A bell in a short text is no reason to refuse it."""
    article = read(tmp_path, "a.txt", "T\n\nA \x07bell and \x1b[1mbold\x1b[0m.\n")
    assert words_of(article.blocks) == "A bell and bold."
    assert "characters that only a terminal obeys were dropped: 3" in [remark.message for remark in article.remarks]


@pytest.mark.parametrize("suffix", PAPERS)
@given(tree=trees)
@settings(max_examples=20, deadline=None)
def test_words_in_papers_are_words_out_in_order(suffix: str, tree: Tree) -> None:
    """The same of documents, books and pages in one file."""
    with tempfile.TemporaryDirectory() as folder:
        article = read(Path(folder), f"a{suffix}", PAPERS[suffix](tree))
    words = words_of(article.blocks).split()
    assert words[words.index("T") + 1 if suffix == ".epub" else 0 :] == words_of(tree).split()


@pytest.mark.parametrize("suffix", [".md", ".html"])
@given(tree=trees)
@settings(max_examples=60, deadline=None)
def test_formats_with_marks_give_the_tree_back(suffix: str, tree: Tree) -> None:
    """Paragraphs, headings, quotes and lists come back as they were."""
    with tempfile.TemporaryDirectory() as folder:
        article = read(Path(folder), f"a{suffix}", WRITERS[suffix](tree))
    assert article.blocks == tree


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_every_kind_of_text_shows_its_mentions(tmp_path: Path, suffix: str) -> None:
    """Whatever the format, an organizer is told what names and addresses readers will see."""
    article = read(tmp_path, f"A{suffix.upper()}", "<p>Title</p>\n\nWrite to @danbi or see www.example.org.\n")
    shown = [remark.message for remark in article.remarks if remark.outcome is Outcome.SHOWN]
    assert shown == ["@name: @danbi", "address: www.example.org"]


def test_where_a_link_leads_is_not_what_readers_see(tmp_path: Path) -> None:
    """The address behind words is dropped with the link; an address as words is shown."""
    source = "# T\n\n[words](https://hidden.example.org) ![a](b.com.png) <https://seen.example.org>\n\n[x]: http://ref.example.org\n"
    source += "\n[^1]: see note.example.org\n"
    shown = [remark for remark in read(tmp_path, "a.md", source).remarks if remark.outcome is Outcome.SHOWN]
    assert [(remark.line, remark.message) for remark in shown] == [
        (3, "address: seen.example.org"),
        (7, "address: note.example.org"),
    ]


@pytest.mark.parametrize("suffix", sorted(READERS))
@pytest.mark.parametrize("content", ["", " \n\ufeff\n\t\n", "<!-- -->"], ids=["nothing", "spaces", "a comment"])
def test_a_text_without_words_is_refused(tmp_path: Path, suffix: str, content: str) -> None:
    """An article that would be an empty page is an error of its source; a comment is text only where text is all."""
    if content == "<!-- -->" and suffix in (".txt", ".text"):
        assert read(tmp_path, f"a{suffix}", f"T\n\n{content}").blocks
        return
    with pytest.raises(SourceError, match=f"{LABEL}: holds no text"):
        read(tmp_path, f"a{suffix}", content)


@pytest.mark.parametrize(
    ("suffix", "content", "reason"),
    [
        (".txt", "word\n" * (LIMITS.text_lines + 1), "lines"),
        (".txt", "long words " * 600_000, "of words"),
        (".md", "word\n\n" + "---\n" * LIMITS.text_parts, "paragraphs and other parts"),
        (".mht", "".join(f"Content-Type: multipart/related; boundary=b{n}\n\n--b{n}\n" for n in range(2_000)), "deep"),
    ],
)
def test_a_text_of_more_than_any_text_has_is_refused(tmp_path: Path, suffix: str, content: str, reason: str) -> None:
    """It would be read, laid out and checked for minutes."""
    with pytest.raises(SourceError, match=reason):
        read(tmp_path, f"a{suffix}", content)


def test_a_text_that_shows_more_pictures_than_any_is_refused(tmp_path: Path) -> None:
    """The same one over and over too: each would be laid out."""
    (tmp_path / "a.html").write_text('<p>x<img src="a.png">' * (LIMITS.text_pictures + 1), encoding="utf-8")
    with pytest.raises(SourceError, match="pictures"):
        parse(Source(tmp_path / "a.html", LABEL), ".html", Answers())


def test_a_file_that_is_not_there_or_too_large_is_refused_by_name(tmp_path: Path) -> None:
    """The error says which file, and what is the matter with it."""
    from packager.readers.articles.article import MAX_BYTES, read_article

    with pytest.raises(SourceError, match=f"{LABEL}: cannot be read: No such file"):
        read_article(Source(tmp_path / "a.md", LABEL), ".md", shelf())
    with (tmp_path / "b.md").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(SourceError, match=f"{LABEL}: is larger than 64 MB"):
        read_article(Source(tmp_path / "b.md", LABEL), ".md", shelf())


MENTIONED = [
    ("addresses", "see https://example.org/a?b=1. Or www.foo.kr, or example.co.uk/x", 3),
    ("an address in Korean", "주소는 libertyinnorthkorea.org입니다", 1),
    ("e-mail addresses, once each", "a.b@c.org or ju@naver.com or a.b@c.org", 2),
    ("names", "@unistudio_juok and (@북한)", 2),
    ("telephone numbers", "010-1234-5678, +82 10 1234 5678, (212) 555-1234, +821012345678, 02-123-4567", 5),
    ("years and numbers", "in 2011-2013, 1,234.56 and 3.14 on 2020-12-05, v1.2.3, 192.168.1.1, 978-3-16-148410-0", 0),
    ("words with points", "e.g. this, i.e.that, the regime.In the U.S.A. and README.md", 0),
    ("rules of styles", "@media print and @import x", 0),
    ("times and prices", "@ 3pm @2011 5@ a@b", 0),
]


@pytest.mark.parametrize(("line", "count"), [case[1:] for case in MENTIONED], ids=[case[0] for case in MENTIONED])
def test_mentions_are_counted_without_false_alarms(line: str, count: int) -> None:
    """Each address, name and number once, and no year or price."""
    assert len(mentions_in(line, LABEL)) == count
    assert [remark.line for remark in mentions_in(f"\n{line}", LABEL)] == [2] * count


def test_of_very_many_addresses_most_are_counted() -> None:
    """A list that nobody reads would fill the report, and this computer's memory."""
    remarks = mentions_in("a@example.com\n" * 5_000, LABEL)
    assert len(remarks) == 1_001
    assert remarks[-1].message == "e-mail: and 4,000 more"


def test_mentions_say_what_they_are() -> None:
    """In the order of the line, without what every address begins with."""
    line = "+1 212 555 0199 @danbi a@example.org https://example.org/x"
    assert [remark.message for remark in mentions_in(line, LABEL)] == [
        "phone: +1 212 555 0199",
        "@name: @danbi",
        "e-mail: a@example.org",
        "address: example.org/x",
    ]


def test_a_text_shows_the_pictures_that_it_was_given_and_no_other() -> None:
    """What a worker that was taken over names is a file of this computer, which nobody asked for."""
    boat = Picture(Source(Path("a.png"), "a.png"), 3, 4)
    other = Picture(Source(Path("/etc/passwd"), "a.png"), 3, 4)
    answers = Answers({"a.png": boat, "b.png": None})
    assert answers.gives([boat, boat])
    assert not answers.gives([boat, other])
