"""Markdown as people's programs write it: HTML in it, and the signs of Obsidian, Typora and pandoc."""

from __future__ import annotations

from pathlib import Path

import pytest

from packager.model import (
    Block,
    Break,
    Code,
    Direction,
    Figure,
    Heading,
    ListBlock,
    Mark,
    Marked,
    Outcome,
    Paragraph,
    Preformatted,
    Quote,
    Span,
    Text,
)
from packager.model.blocks import plain_text, words_of
from packager.readers.articles.reading import ReadArticle
from packager.sandbox.pool import Workers
from tests.helpers.articles import picture, read, shelf
from tests.helpers.reading import make_files, read_bundle


def p(*children: str | Break | Code | Marked | Span) -> Paragraph:
    return Paragraph(tuple(Text(child) if isinstance(child, str) else child for child in children))


def strong(text: str) -> Marked:
    return Marked(Mark.STRONG, (Text(text),))


def struck(text: str) -> Marked:
    return Marked(Mark.STRUCK, (Text(text),))


def parse(folder: Path, source: str) -> ReadArticle:
    return read(folder, "a.md", source, shelf("boat.png", "folder/a boat.png"))


BOAT = Figure(picture("boat.png"))
HTML = [
    ("a picture alone", '<img src="boat.png" alt="a" style="zoom:50%;" />', [Figure(picture("boat.png"), "a")]),
    ("a picture in a line", 'x <img src=boat.png> y', [p("x y"), BOAT]),
    ("a picture in a paragraph of HTML", '<p align="center">\n  <img src="boat.png" width="300">\n</p>', [BOAT]),
    ("a picture in a link", '<a href="b.html">\n<img src="boat.png"></a>', [BOAT]),
    ("Markdown in a division", "<div align=center>\n\n# a\n\n![](boat.png)\n\n</div>\n\nb", [BOAT, p("b")]),
    ("something that opens", "<details>\n<summary>a</summary>\n\nb *c*\n\n</details>\n\nd",
     [p("a"), p("b ", Marked(Mark.EMPHASIS, (Text("c"),))), p("d")]),
    ("a list of HTML", '<ol type="a">\n  <li>a</li>\n\n  <li>b</li>\n</ol>\n\nc',
     [ListBlock(((p("a"),), (p("b"),)), markers=("a.", "b.")), p("c")]),
    ("Markdown in a list of HTML", "<ul>\n<li>\n\na **b**\n\n- c\n\n</li>\n</ul>",
     [ListBlock(((p("a ", strong("b")), ListBlock(((p("c"),),))),))]),
    ("Markdown that is struck", "<del>a</del>\n\n<blockquote>\n<del>\n\nb\n\n</del>\n</blockquote>",
     [p(struck("a")), Quote((p(struck("b")),))]),
    ("Markdown from the right", '<div dir="rtl">\n\na\n\n</div>', [p(Span((Text("a"),), direction=Direction.RTL))]),
    ("elements of a line", "<u>a</u> <kbd>b</kbd> <font color=red>*c*</font> <b>d</b> <q>e</q> <s>f</s>",
     [p("a ", Code("b"), " ", Marked(Mark.EMPHASIS, (Text("c"),)), " ", strong("d"), " “e” ", struck("f"))]),
    ("blocks in a line", "a <div>b</div> c", [p("a", Break(), "b", Break(), "c")]),
    ("what is never closed", "<div>\n\na\n\n> <details>\n>\n> b\n\nc", [p("a"), Quote((p("b"),)), p("c")]),
    ("what no tag is", "1 < 2, <your name>, <me@example.org>, <b",
     [p("1 < 2, <your name>, me@example.org, <b")]),
    ("tags in code", "`<b>a</b>`\n\n```\n<div>\n```", [p(Code("<b>a</b>")), Preformatted("<div>")]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), [case[1:] for case in HTML], ids=[case[0] for case in HTML])
def test_html_in_markdown_is_read_as_html(tmp_path: Path, source: str, expected: list[Block]) -> None:
    """As browsers show it, with the Markdown that stands in it."""
    article = parse(tmp_path, source)
    # What the reader of articles takes for the title is no block.
    assert [block for block in article.blocks if not isinstance(block, Heading)] == [
        block if not isinstance(block, Paragraph) or "@" not in words_of([block]) else article.blocks[0]
        for block in expected
    ]
    assert words_of(article.blocks) == words_of(expected)


def test_what_html_holds_for_programs_is_named(tmp_path: Path) -> None:
    """Of films and frames it is said that they are not there; nothing of a script is shown."""
    article = parse(tmp_path, "a <script>b</script>\n\n<video src=x></video>\n\n<script>\nc\n\nd\n</script>\n\ne")
    assert words_of(article.blocks) == "a e"
    told = {(remark.outcome, remark.message) for remark in article.remarks}
    assert (Outcome.WARNING, "not taken from the page: videos: 1") in told
    assert (Outcome.PASSED_OVER, "not taken from the page: scripts: 2") in told


SIGNS = [
    ("a picture by name", "![[boat.png]]", [BOAT]),
    ("with a size", "![[boat.png|300x200]]", [BOAT]),
    ("with words", "![[folder/a boat.png|a]]", [Figure(picture("folder/a boat.png"), "a")]),
    ("with a size in brackets", "![a](boat.png =300x)", [Figure(picture("boat.png"), "a")]),
    ("with attributes", "![a](boat.png){width=50% .right}", [Figure(picture("boat.png"), "a")]),
    ("a page", "[[Paper]] [[b/P|the note]] [[Rivers#Length]] [[#Here]]", [p("Paper the note Rivers > Length Here")]),
    ("a page in a table", "| a |\n|---|\n| [[b\\|c]] |", None),
    ("an ordinary link in brackets", "[[1]](b.html)", [p("[1]")]),
    ("marked words", "==a *b*== c==는==입니다", [p("a ", Marked(Mark.EMPHASIS, (Text("b"),)), " c==는==입니다")]),
    ("marked words in Korean", "나는 ==종이배==를", [p("나는 종이배를")]),
    ("comparisons", "a==b and c==d, a == b == c", [p("a==b and c==d, a == b == c")]),
    ("a callout", "> [!warning]- Water *now*\n> b", [
        Quote((p(Marked(Mark.STRONG, (Text("Water "), Marked(Mark.EMPHASIS, (Text("now"),))))), p("b")))]),
    ("an alert", "> [!NOTE]\n> b", [Quote((p(strong("Note")), p("b")))]),
    ("a directive", "a\n\n:::tip The title\nb\n:::\n\nc", [p("a"), p(strong("The title")), p("b"), p("c")]),
    ("a formula", "$E=mc^2$ and $x$", [p(Code("E=mc^2"), " and ", Code("x"))]),
    ("prices", "$5 and $6, US$7-$8, 5$ = 6$", [p("$5 and $6, US$7-$8, 5$ = 6$")]),
    ("a formula on lines", "a\n$$\na_1*b_2*c\n$$", [p("a"), Preformatted("a_1*b_2*c")]),
    ("a formula on one line", "$$a_1*b_2$$", [Preformatted("a_1*b_2")]),
    ("names of places", "a ^a1b2c3\n\n## b {#there}\n\nc {: .lead}", [p("a"), Heading(2, (Text("b"),)), p("c")]),
    ("verse", "The moon is low\nthe *river* slow\nand nobody knows", [
        p("The moon is low", Break(), "the ", Marked(Mark.EMPHASIS, (Text("river"),)), " slow", Break(),
          "and nobody knows")]),
    ("lines that are broken to fit", f"{'word ' * 11}\nword word\nword", [p(("word " * 14).strip())]),
    ("struck words", "a ~~b~~", [p("a ", struck("b"))]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), [case[1:] for case in SIGNS], ids=[case[0] for case in SIGNS])
def test_signs_of_editors_are_read(tmp_path: Path, source: str, expected: list[Block] | None) -> None:
    """They show what these programs show."""
    blocks = parse(tmp_path, source).blocks
    assert list(blocks) == expected if expected else words_of(blocks).split() == ["a", "c"]


def test_other_texts_that_a_text_shows_are_named(tmp_path: Path) -> None:
    """They are not in it, and nobody would know."""
    article = parse(tmp_path, "a ![[Note]] ![[Other#Part|b]] ![[Note]] ![[c.pdf]] ![[d]]")
    assert words_of(article.blocks) == "a Note b Note c.pdf d"
    (remark,) = (remark for remark in article.remarks if remark.outcome is Outcome.WARNING)
    assert (
        remark.message == "it shows other texts that are not in it: Note, b, c.pdf and 1 more; put them into the text"
    )


SECRET = "Kim 010-0000-0000"
COMMENTS = [
    ("in a line", "a %%S%% b <!-- S --> c", "a b c", 8),
    ("on lines of its own", "a\n\n%%\nS\n\nS\n%%\n\n<!--\nS\n\n-->\nb", "a b", 12),
    ("words behind it", "<!-- S\n\nS --> a\n\n%%\nS\n%% b", "a b", 12),
    ("words before it", "a <!-- S\n\nS --> b", "a b", 8),
    ("in a list", "- a\n  <!-- S\n  S -->\n- b %% S\n  S %%", "a b", 16),
    ("in a quote", "> a <!-- S\n> S --> b", "a b", 8),
    ("in a table", "| a |\n|---|\n| b <!-- S --> |", "a b", 4),
    ("in a heading", "## a %%S%%\n\nb", "a b", 4),
    ("in HTML", "<div><!-- S -->a</div>\n\nb", "a b", 4),
    ("hidden by HTML", "<p hidden>S</p>\n\n<i style='display: none'>S</i> a\n\n<div hidden>\n\nS\n\n</div>", "a", 12),
    ("very long", "<!--\nS\n" + "z\n\nz\n" * 600 + "-->\n\na", "a", 1204),
    ("in code, where it is none", "`%%a%%` b\n\n```\n<!-- c -->\n```", "%%a%% b <!-- c -->", 0),
    ("behind a backslash", "\\%%a%% \\<!-- b -->", "%%a%% <!-- b -->", 0),
    ("one sign alone", "100%% of a <!-- b", "100%% of a <!-- b", 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "seen", "count"), [case[1:] for case in COMMENTS], ids=[case[0] for case in COMMENTS]
)
def test_comments_stay_out_and_are_counted(tmp_path: Path, source: str, seen: str, count: int) -> None:
    """It is said how many words there were, and never which; nothing in them is said to stand in the text."""
    article = parse(tmp_path, f"Before.\n\n{source.replace('S', SECRET)}\n\nAfter 011-0000-0000.\n")
    assert words_of(article.blocks).split() == f"Before. {seen} After 011-0000-0000.".split()
    told = [remark.message for remark in article.remarks]
    assert not any("010" in message or "Kim" in message for message in told)
    assert told.count("phone: 011-0000-0000") == 1
    assert [message for message in told if "words of comments" in message] == (
        [f"{count} words of comments, or hidden ones, were left out"] if count else []
    )


@pytest.mark.parametrize("sign", ["<!--", "%%"])
def test_a_comment_without_an_end_hides_what_follows_and_is_told(tmp_path: Path, sign: str) -> None:
    """Browsers and Obsidian show none of it either."""
    article = parse(tmp_path, f"a\n\n{sign} b c\n\nd\n")
    assert words_of(article.blocks) == "a"
    (remark,) = article.remarks
    assert (remark.outcome, remark.line) == (Outcome.WARNING, 3)
    assert "3 words" in remark.message


@pytest.mark.parametrize(
    "piece",
    ["<!-- ", "%% a\n", "a <!-- b\n\n", "<svg>\n", "<div>\n\na\n\n", '<b x="', "<u>", "==a ", "$a$ ", "$$\na\n", "[[a",
     "<ol>\n\n- a\n\n", "> <div>\n>\n> a\n\n", ":::a\n"],
)  # fmt: skip
def test_nothing_costs_more_than_its_length(tmp_path: Path, piece: str) -> None:
    """Forty kilobytes of any one sign are read, within the limits of a text, in the time that a test has."""
    read(tmp_path, "a.md", "words\n\n" + piece * (40_000 // len(piece)), shelf(), is_lossy=True)


@pytest.mark.parametrize(
    ("reference", "is_found"),
    [
        ("![[boat.png]]", True),
        ("![](boat.png)", True),
        ("![](/attachments/boat.png)", True),
        ("![](../static/attachments/boat.png)", False),
        ("![](other/boat.png)", False),
        ("![](twice.png)", False),
        ("![](page.png)", False),
    ],
)
def test_a_picture_that_editors_find_by_its_name_is_found(
    tmp_path: Path, workers: Workers, reference: str, is_found: bool
) -> None:
    """Wherever in the bundle it lies, if there is one alone, and it is no page of a comic; it is said which it is."""
    pictures = {"articles/attachments/boat.png": "", "articles/a/twice.png": "", "pictures/twice.png": ""}
    make_files(
        tmp_path, {**pictures, "comics/c/page.png": "", "articles/notes/t.md": f"# Boats\n\nA boat.\n\n{reference}\n"}
    )
    library = read_bundle(tmp_path, workers)
    told = [remark.message for remark in library.remarks if "is not beside it" in remark.message]
    shown = "articles/attachments/boat.png is shown"
    assert [message.endswith(shown) for message in told] == ([True] if is_found else [])


TAGS = [
    ("tags in pairs", "{{% note %}}\nA.\n{{% /note %}}\n\n{% if x %}B.{% endif %}", [p("A."), p("B.")], []),
    ("addresses", '[a]({{< ref "b.md" >}}) [c]({% link d.md %}) [e]({{ site.url }}/f)', [p("a c e")], []),
    ("code", "{% highlight py %}\na = 1\n{% endhighlight %}", [Preformatted("a = 1")], []),
    ("tags in code", "`{{< a >}}`\n\n```\n{% b %}\n```", [p(Code("{{< a >}}")), Preformatted("{% b %}")], []),
    ("what is no tag", "{{ a }} {% b 5 %", [p("{{ a }} {% b 5 %")], []),
    ("what is put in", "A.\n\n{{< youtube x1 >}}\n\n{% include toc.html %}", [p("A.")],
     ["what a site would put in here is not in the text: {{< youtube x1 >}}, {% include toc.html %}; "
      "write it into the text"]),
    ("a comment", "A.\n{% comment %}\nnot for all\n{% endcomment %}", [p("A.")],
     ["3 words of comments, or hidden ones, were left out"]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected", "remarks"), [case[1:] for case in TAGS], ids=[case[0] for case in TAGS])
def test_tags_of_programs_that_build_sites(
    tmp_path: Path, source: str, expected: list[Block], remarks: list[str]
) -> None:
    """They are no words of the text; what they would bring into it is named."""
    article = read(tmp_path, "a.md", source, shelf())
    assert list(article.blocks) == expected
    assert [remark.message for remark in article.remarks] == remarks


@pytest.mark.parametrize(
    ("source", "caption"),
    [
        ('{{< figure src="boat.png" title="T" caption="On the lake" >}}', "On the lake"),
        ("{{< img src='boat.png' >}}", ""),
        ("![]({{ site.baseurl }}/boat.png)", ""),
        ('![]({{ "/boat.png" | relative_url }})', ""),
    ],
)
def test_pictures_in_tags_are_shown(tmp_path: Path, source: str, caption: str) -> None:
    """With what is said below them."""
    article = read(tmp_path, "a.md", source, shelf("boat.png", "/boat.png"))
    (figure,) = article.blocks
    assert isinstance(figure, Figure)
    assert plain_text(figure.caption) == caption
    assert list(article.remarks) == []


def test_tags_that_never_end_take_no_time_of_their_own(tmp_path: Path) -> None:
    """Thousands of comments without an end are read within the time of a text."""
    article = read(tmp_path, "a.md", "A.\n" + "{% comment %}\n" * 20_000, shelf())
    assert words_of(article.blocks).strip() == "A."
    assert [remark.outcome for remark in article.remarks] == [Outcome.WARNING]
