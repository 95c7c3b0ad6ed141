"""Every word that a source holds is in the article, or a remark names it; what is neither is told as a fault."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from packager.model import Outcome, Paragraph, Source, Text
from packager.readers import account
from packager.readers.account import OPEN, Account, closed, of_markdown, of_markup, of_plain, words
from packager.readers.articles.article import CONTAINERS
from tests.helpers.articles import Shelf, open_lines, read
from tests.helpers.papers import docx, epub, mhtml, paragraph
from tests.readers.test_odt import odt, p

TEXT = "The boat is on the lake. It's small, and nobody knows where it goes."


def told(held: str, given: str, named: str = "") -> list[str]:
    """The words that an account of texts leaves open."""
    remarks = list(closed(Account((("a", words(held)),), words(named)), (Paragraph((Text(given),)),), "A title"))
    assert all(remark.outcome is Outcome.WARNING for remark in remarks)
    return [word for remark in remarks for word in re.search(r"\((.*)\)", remark.message)[1].split()]  # type: ignore[index]


@pytest.mark.parametrize(
    ("held", "given", "named", "lost"),
    [
        ("one two three", "three one two", "", []),
        ("one two three", "ONE two — three!", "", []),
        ("one two three", "one three", "", ["two"]),
        ("one two three", "one three", "two", []),
        ("one two two", "one two", "", ["two"]),
        ("o n e two", "one two", "", []),
        ("one two", "on e tw o", "", []),
        ("caf\u00e9 nai\u0308ve", "cafe\u0301 na\u00efve", "", []),
        ("soft\u00adly", "softly", "", []),
        ("\u7d19\u306e\u8239", "\u7d19\u8239", "", ["\u306e"]),
        ("\uc885\uc774 \ubc30", "\uc885\uc774", "", ["\ubc30"]),
        (
            "\u0928\u092e\u0938\u094d\u0924\u0947 \u091c\u0932",
            "\u0928\u092e\u0938\u094d\u0924\u0947",
            "",
            ["\u091c\u0932"],
        ),
    ],
    ids=[
        "moved",
        "in another case",
        "lost",
        "named",
        "said once instead of twice",
        "parted by marks",
        "parted by our marks",
        "composed otherwise",
        "with a hyphen that is not seen",
        "Japanese",
        "Korean",
        "Hindi",
    ],
)
def test_an_account_tells_what_is_lost_and_nothing_else(held: str, given: str, named: str, lost: list[str]) -> None:
    """Words count, whatever their order, case and marks."""
    assert told(held, given, named) == lost


def test_what_is_told_of_a_text_stands_for_no_words_of_others() -> None:
    """The letters of a summary are not those of words that were parted elsewhere; its words are its own."""
    held = Account((("a", words("boats swim")),))
    assert [remark.source for remark in closed(held, (), "swims, boats and more")] == ["a"]
    assert list(closed(held, (), "boats swim")) == []


def test_what_is_lost_is_told_of_the_chapter_that_held_it() -> None:
    """With how many words it is, and the first of them."""
    book = Account((("one", words("a b c")), ("two", words("a d e f g h i"))))
    (remark,) = closed(book, Paragraph((Text("a a b c"),)))
    assert remark.source == "two"
    words_of_it = "6 words of it are in no part of the article, and nothing says why (d e f g h …)"
    assert remark.message == f"{words_of_it}: compare the article with its source"
    assert OPEN in remark.message


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("<p title='a > b'>One<b>two</b> &amp; &eacute;</p>", "One two é"),
        ("<!-- no -->One<!doctype x><?no?>", "One"),
        ("One<script>no</script><style>no</style><textarea>no</textarea>two", "One two"),
        ("One<SCRIPT>no</SCRIPT >two", "One two"),
        ("One<script>two", "One two"),
        ("3 < 4 <5 one", "3 4 5 one"),
        ("One<div data-a='", "One"),
        ('<template shadowrootmode="open">One</template><template>no</template>', "One"),
    ],
)
def test_the_words_of_a_page_are_those_that_browsers_show(markup: str, seen: str) -> None:
    """Neither programs nor fields, nor what stands in tags; what is not closed hides nothing."""
    assert words(of_markup(markup)) == words(seen)


def test_drawings_count_in_documents_and_not_on_pages_of_sites() -> None:
    """There they are icons; an element without content ends where it begins in a document alone."""
    markup = "<title/>One<svg><text>two</text></svg>"
    assert words(of_markup(markup)) == words("One")
    assert words(of_markup(markup, is_whole=True)) == words("One two")


def test_the_marks_of_markdown_are_no_words() -> None:
    """Nor are addresses, labels of notes, names of languages and numbers of lists."""
    text = (
        "# One *two*{.lead}\n\n1. [three](four.html) ![five](six.png)\n\n[seven][x]\n\n[x]: eight 'nine'\n\n"
        "ten[^note]\n\n[^note]: eleven\n\n```python\ntwelve\n```\n\n[[page|thirteen]] <u>fourteen</u>\n"
    )
    assert words(of_markdown(text)) == words("one two three five seven ten eleven twelve thirteen fourteen")
    assert words(of_plain("1. one\n2) two\n3 boats")) == words("one two 3 boats")


@pytest.mark.parametrize(
    "piece", ['<a "', "<!--", "<svg>", "<", "&", "[^", "[[", "](", "{#", "\n", " ", "1.\n", "> ", "`", "a", "\u7d19"]
)
def test_counting_takes_a_time_that_grows_with_the_text_alone(piece: str) -> None:
    """Whatever is begun and not ended: each of these would take hours where it were read again and again."""
    text = piece * (1_000_000 // len(piece))
    assert of_markdown(text) is not None
    assert words(of_markup(text)).total() <= len(text)


BODY = f"<p>{TEXT}</p><ul><li>First</li><li>Second<sup>1</sup></li></ul><table><tr><th>A</th><td>B</td></tr></table>"
TEXTS: dict[str, str | bytes] = {
    "a.md": f"# Boats\n\n{TEXT}\n\n1. First\n2. *Sec*ond[^1]\n\n| A | B |\n|---|---|\n| c | `d` |\n\n[^1]: A note.\n",
    "a.txt": f"Boats\nBy: Min Lee\n\n{TEXT}\n\n1. First\n2. Second\n",
    "a.html": f"<title>Boats</title><nav>Home</nav><article><h1>Boats</h1>{BODY}</article><footer>Imprint</footer>",
    "a.mhtml": mhtml(f"<html><body><h1>Boats</h1>{BODY}</body></html>"),
    "a.epub": epub({"one.xhtml": f"<h1>One</h1>{BODY}", "two.xhtml": f"<h1>Two</h1>{BODY}"}),
    "a.docx": docx(paragraph("Boats", "Title") + paragraph(TEXT)),
    "a.odt": odt(p("Boats", "Title") + p(TEXT)),
    "a.rtf": f"{{\\rtf1 Boats\\par {TEXT}\\par}}",
    "a.fb2": f"<FictionBook><body><title><p>Boats</p></title><p>{TEXT}</p></body></FictionBook>",
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_account_of_every_format_closes(tmp_path: Path, name: str) -> None:
    """What was never meant as the text, such as menus, is named by the reader."""
    assert open_lines(read(tmp_path, name, TEXTS[name]).remarks) == []


@pytest.mark.parametrize("kind", CONTAINERS)
def test_every_reader_opens_an_account(tmp_path: Path, kind: str) -> None:
    """It holds the words of the text, so that none can be lost unseen."""
    path = tmp_path / f"a{kind}"
    text = TEXTS["a.mhtml" if kind == ".mht" else f"a{kind}"]
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    opened = CONTAINERS[kind](Source(path, "a"), Shelf()).account
    assert words(TEXT) <= sum((held for _, held in opened.held), account.Words())
