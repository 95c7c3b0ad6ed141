"""Plain text is read as a careful reader would read it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.model import (
    Block,
    Break,
    Heading,
    ListBlock,
    Outcome,
    Paragraph,
    Preformatted,
    Quote,
    Ruby,
    Text,
    ThematicRule,
)
from packager.model.blocks import words_of
from packager.readers.articles.plain import read as read_text
from packager.readers.articles.reading import ReadArticle
from tests.helpers.articles import LABEL, read, shelf
from tests.helpers.samples import SAMPLES, needs_samples

LONG = "The river was frozen that night, and the guards had gone inside to keep warm by their stove until the morning."
LONG_KOREAN = "그날 밤 강은 얼어 있었고, 경비병들은 아침까지 난로 곁에서 몸을 녹이려고 모두 안으로 들어가 있었다."
LONG_CHINESE = "那天夜里河水结了冰，守卫们都到屋里去烤火取暖，一直待到第二天早上才出来。没有人看见他们过河。"


def parse(text: str) -> ReadArticle:
    return read_text(text, LABEL, shelf())


def outline(text: str) -> list[str]:
    """The kinds of the blocks under a title."""
    return [kind(block) for block in parse(f"A title\n\n{text}").blocks]


def kind(block: Block) -> str:
    match block:
        case Heading():
            return f"h{block.level}"
        case ListBlock(items=items, start=start):
            return f"list {len(items)}" if start is None else f"list {len(items)} from {start}"
        case Quote(blocks=blocks):
            return f"quote {len(blocks)}"
        case Paragraph(children=children):
            lines = sum(isinstance(child, Break) for child in children) + 1
            return "p" if lines == 1 else f"lines {lines}"
        case _:
            return type(block).__name__


def test_a_heading_with_many_spaces_is_read_at_once() -> None:
    """Signs that close a heading are taken off, however far behind they stand; others are words."""
    spaces = " " * 100_000
    read_back = parse(f"A title\n\n# C#{spaces}D ##\n\n{LONG}\n\n# C#\n\n{LONG}").blocks
    assert [words_of([block]).split() for block in read_back if isinstance(block, Heading)] == [["C#", "D"], ["C#"]]


WRAPPED = """The river was frozen that night, and the
guards had gone inside to keep warm by
their stove. We waited until the moon was
behind the hill.

Then we ran. Nobody spoke until the trees
were around us, and my sister's hand in
mine was as cold as the ice."""
WRAPPED_WITHOUT_EMPTY_LINES = """  The river was frozen that night, and the
guards had gone inside to keep warm by
their stove. We waited until the moon was
behind the hill.
  Then we ran. Nobody spoke until the trees
were around us, and my sister's hand in
mine was as cold as the ice."""
WRAPPED_CHINESE = """那天夜里河水结了冰，守卫们都到屋里去烤火取
暖，一直待到第二天早上才出来。没有人看见他
们过河。

后来我们跑了起来，直到树林把我们围住，谁也
没有说话。"""
POEM = """I dreamed of a window
that faced the sea
and in the window
a lamp for me"""

LONG_POEM = """The moon is low above the quiet river where the boats of paper go,
And nobody who folds them in the evening knows how far,
The wind is in the reeds and on the water and the lights are slow
Before the morning takes them past the harbour and the bar"""
BROKEN = """It was the best of papers, it was the worst of papers, it was the age of
folding. It was the age of tearing, it was the epoch of boats, and it
was the epoch of hats. Nobody knew in which of them we were."""
CHAT = """[Haneul] [1:02 PM] Did you fold the boat that we wanted to take?
[Min] [1:03 PM] Yes
[Min] [1:03 PM] There is no paper left, so that it is a small one
[Haneul] [1:10 PM] I bring some tomorrow"""
FRAMED = """+----------+------+
| Place    | 2019 |
+----------+------+
| Hyesan   | 4200 |
+----------+------+"""

SEEN = [
    ("paragraphs parted by empty lines", f"{LONG}\n\n{LONG}", ["p", "p"]),
    ("a paragraph on each line", f"{LONG}\n{LONG}\n{LONG}", ["p", "p", "p"]),
    ("lines broken at a column", WRAPPED, ["p", "p"]),
    ("broken lines with indents for paragraphs", WRAPPED_WITHOUT_EMPTY_LINES, ["p", "p"]),
    ("broken lines of Chinese", WRAPPED_CHINESE, ["p", "p"]),
    ("indented Chinese paragraphs", f"　　{LONG_CHINESE}\n　　{LONG_CHINESE}", ["p", "p"]),
    ("a heading over a paragraph", f"The Crossing\n{LONG}", ["h2", "p"]),
    ("a heading that stands alone", f"The Crossing\n\n{WRAPPED}", ["h2", "p", "p"]),
    ("a heading in Korean", f"강을 건너다\n{LONG_KOREAN}", ["h2", "p"]),
    ("a heading in Chinese", f"第一章　过河\n{LONG_CHINESE}", ["h2", "p"]),
    ("a heading over a heading", f"Part One\n\nThe Crossing\n\n{LONG}", ["h2", "h2", "p"]),
    ("an underlined heading", f"The Crossing\n------------\n{LONG}", ["h2", "p"]),
    ("a heading after number signs", f"## The Crossing\n{LONG}", ["h2", "p"]),
    ("a short sentence is none", f"We ran.\n{LONG}", ["p", "p"]),
    ("a question is none", f"Why not?\n{LONG}", ["p", "p"]),
    ("a line that ends in a colon is none", f"She said to us all:\n{LONG}", ["p", "p"]),
    ("a salutation is none", f"Dear friend,\n{LONG}", ["p", "p"]),
    ("a short line at the end is none", f"{LONG}\nThe End", ["p", "p"]),
    ("hyphens", "Bring:\n- bread\n- a lamp\n- warm socks", ["p", "list 3"]),
    ("bullets", "• bread\n• a lamp", ["list 2"]),
    ("numbers", "3. bread\n4. a lamp\n5. socks", ["list 3 from 3"]),
    ("numbers in circles", "① 빵\n② 등불\n③ 양말", ["list 3"]),
    ("letters of Korean", "가. 빵\n나. 등불", ["list 2"]),
    ("a letter alone", f"가. {LONG_KOREAN}", ["p"]),
    ("letters that do not follow", "A) bread\nC) a lamp", ["lines 2"]),
    ("words between hyphens", f"{LONG}\n\n- The end -", ["p", "p"]),
    ("verse in long lines", f"{BROKEN}\n\n{LONG_POEM}\n\n{BROKEN}", ["p", "lines 4", "p"]),
    ("verse in long lines alone", f"{LONG_POEM}\n\n{LONG_POEM}", ["lines 4", "lines 4"]),
    ("broken lines beside verse", f"{LONG_POEM}\n\n{BROKEN}", ["lines 4", "p"]),
    ("a talk in lines", CHAT, ["lines 4"]),
    ("a table in frames", FRAMED, ["Preformatted"]),
    ("a table of boxes", FRAMED.replace("+", "┼").replace("|", "│").replace("-", "─"), ["Preformatted"]),
    (
        "a table in columns",
        "Place     2019     2020\nHyesan    4200     5000\nWonsan     100    15000",
        ["Preformatted"],
    ),
    ("a table in Korean columns", "곳        값\n혜산      4200\n신의주    4100", ["Preformatted"]),
    ("a table between tabs", "Place\t2019\nHyesan\t4200", ["Table"]),
    ("items parted by empty lines", "1. bread\n\n2. a lamp\n\n3. socks", ["list 3 from 1"]),
    ("items that go on", "- bread and\n  butter\n- a lamp", ["list 2"]),
    ("a list in a list", "- food\n  - bread\n  - rice\n- a lamp", ["list 2"]),
    ("numbers that do not follow are kept", f"1. {LONG}\n7. {LONG}", ["list 1 from 1", "list 1 from 7"]),
    ("a year is no item", f"2011. {LONG}", ["p"]),
    ("one hyphen", f"- {LONG}", ["list 1"]),
    ("quote signs", f"> {LONG}\n> {LONG}\n\n{LONG}", ["quote 2", "p"]),
    ("quoted words alone", f"“{LONG}”\n{LONG}", ["p", "p"]),
    ("dialogue", f"“{LONG}”\n— And then? — asked she who had been waiting for the whole night. {LONG}", ["p", "p"]),
    ("verse", f"{LONG}\n\n{POEM}\n\n{LONG}", ["p", "lines 4", "p"]),
    ("short lines keep their ends", "We ran.\nWe fell.\nWe ran again.\nWe were there.", ["lines 4"]),
    (
        "numbered sections",
        f"1. The Ice\n\n{LONG}\n\n2. The Wood\n\n{LONG}",
        ["list 1 from 1", "p", "list 1 from 2", "p"],
    ),
    (
        "an indented poem",
        f"{WRAPPED}\n\n    I dreamed\n    of a window\n    by the sea\n\n{WRAPPED}",
        ["p", "p", "lines 3", "p", "p"],
    ),
    ("a signature", f"{WRAPPED}\n\nYours,\nDanbi", ["p", "p", "lines 2"]),
    ("stars", f"{LONG}\n\n* * *\n\n{LONG}", ["p", "ThematicRule", "p"]),
    ("an asterism", f"{LONG}\n\n⁂\n\n{LONG}", ["p", "ThematicRule", "p"]),
    ("hyphens after a paragraph", f"{LONG}\n---\n{LONG}", ["p", "ThematicRule", "p"]),
]


@pytest.mark.parametrize(("text", "kinds"), [case[1:] for case in SEEN], ids=[case[0] for case in SEEN])
def test_the_parts_of_a_text_are_seen(text: str, kinds: list[str]) -> None:
    """What a careful reader sees in the lines is what the tree says."""
    assert outline(text) == kinds


def test_broken_lines_are_joined_as_the_script_wants() -> None:
    """With a space in English, without one in Chinese, and with the hyphen of a compound kept."""
    assert words_of(parse(f"Title\n\n{WRAPPED}").blocks[:1]) == (
        "The river was frozen that night, and the guards had gone inside to keep warm by their stove. "
        "We waited until the moon was behind the hill."
    )
    assert "烤火取暖，一直" in words_of(parse(f"过河\n\n{WRAPPED_CHINESE}").blocks)


def test_the_first_line_is_the_title_and_a_byline_names_the_authors() -> None:
    """Neither is repeated in the text."""
    article = parse(f"강을 건너다\n글: 김철수, 이영희\n\n{LONG_KOREAN}")
    assert (article.title, article.authors) == ("강을 건너다", ("김철수", "이영희"))
    assert article.blocks == (Paragraph((Text(LONG_KOREAN),)),)


BYLINES = [
    ("By: Ju Ok Jeon", ("Ju Ok Jeon",)),
    ("by Danbi Kim and Min Lee", ()),
    ("작가：전주옥", ("전주옥",)),
    ("文：王小明、李雷", ("王小明", "李雷")),
    ("بقلم: محمد علي", ("محمد علي",)),
    ("By: King, Martin", ("King, Martin",)),
    ("By the river we waited", ()),
]


@pytest.mark.parametrize(("line", "authors"), BYLINES, ids=[case[0] for case in BYLINES])
def test_bylines(line: str, authors: tuple[str, ...]) -> None:
    """A line after the title that says who wrote it, in the ways people write it."""
    assert parse(f"A title\n{line}\n\n{LONG}").authors == authors


def test_a_text_without_a_title_loses_nothing() -> None:
    """A first line that is a long paragraph stays one."""
    article = parse(f"{LONG} {LONG}\n\n{LONG}")
    assert article.title == ""
    assert words_of(article.blocks) == f"{LONG} {LONG} {LONG}"


def test_a_title_and_an_article_are_one_article() -> None:
    """Nothing is said of several articles where sections merely follow each other."""
    sections = "\n\n".join(f"Section {name}: what came next\n\n{LONG}\n\n{LONG}" for name in "ABCDE")
    assert not parse(f"A title\nBy: Danbi\n\n{LONG}\n\n{sections}").remarks


SEVERAL = [
    ("by its byline", f"{LONG}\n\nAnother Window\nBy: Min Lee\n\n{LONG}\n{LONG}", 8),
    ("after what closed a page", f"{LONG}\nDonate now\nAnother Window - What Came Next\n{LONG}\n{LONG}", 8),
    ("after many empty lines", f"{LONG}\n\n\n\n\n\nAnother Window | The Second Part\n{LONG}\n{LONG}", 12),
]


@pytest.mark.parametrize(("text", "line"), [case[1:] for case in SEVERAL], ids=[case[0] for case in SEVERAL])
def test_several_articles_in_one_text_are_reported(text: str, line: int) -> None:
    """The remark says where each seems to begin, and what to do."""
    article = parse(f"A Window\nBy: Danbi\n\n{LONG}\n\n{text}")
    found = [remark for remark in article.remarks if "several articles" in remark.message]
    assert [remark.line for remark in found] == [line]
    assert "line 1 (A Window)" in found[0].message
    assert "cut it into one file each" in found[0].message


def test_a_long_headline_is_cut_at_a_word(tmp_path: Path) -> None:
    """Half a word would look like a fault of the text."""
    headline = "Foreign Broadcasts Everywhere - Changing Perceptions Throughout Society"
    article = parse(f"A Window\nBy: Danbi\n\n{LONG}\n\n{LONG}\n\n{headline}\nBy: Min Lee\n\n{LONG}\n{LONG}")
    assert "(Foreign Broadcasts Everywhere - Changing Perceptions …)" in article.remarks[0].message


def test_mentions_are_shown_with_their_lines(tmp_path: Path) -> None:
    """Front matter has no readers, and does not shift the lines."""
    article = read(
        tmp_path, "a.txt", f"---\ncredit: see example.org\n---\nTitle\n\n{LONG}\nWrite to @danbi or a@example.com"
    )
    shown = [(remark.line, remark.message) for remark in article.remarks if remark.outcome is Outcome.SHOWN]
    assert shown == [(7, "@name: @danbi"), (7, "e-mail: a@example.com")]


def test_front_matter_is_no_gap_that_a_picture_left(tmp_path: Path) -> None:
    """Only empty lines inside the text tell of a picture."""
    keys = "\n".join(f"{key}: x" for key in ("title", "author", "credit", "section", "series", "summary"))
    assert not read(tmp_path, "a.txt", f"---\n{keys}\n---\nAnother title\n\n{LONG}").remarks


words = st.lists(
    st.text(st.sampled_from("abcdefgh가나다라한글漢字あいう"), min_size=1, max_size=8), min_size=1, max_size=30
)


@given(st.lists(words, min_size=1, max_size=8))
def test_words_in_are_words_out_in_order(paragraphs: list[list[str]]) -> None:
    """Whatever the shape of the paragraphs, each word is in the tree once, in order."""
    source = "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)
    article = parse(source)
    assert f"{article.title} {words_of(article.blocks)}".split() == source.split()


@given(st.text(st.sampled_from("ab .\n>-*#=“”–1) :　가。"), max_size=200))
def test_letters_in_are_letters_out(source: str) -> None:
    """No arrangement of marks, signs and spaces loses a letter."""
    article = parse(f"T\n\n{source}")
    assert [letter for letter in words_of(article.blocks) if letter.isalpha()] == [x for x in source if x.isalpha()]


@needs_samples
def test_the_sample_is_read_as_an_editor_would() -> None:
    """Two articles as copied text: title, author, headings, the list, and where the second begins."""
    source = (SAMPLES / "articles" / "webcomic-and-foreign-media.txt").read_text(encoding="utf-8")
    article = parse(source)
    assert article.title == "Webcomic: Escape From North Korea"
    assert article.authors == ("Ju Ok Jeon",)
    headings = [words_of([block]) for block in article.blocks if isinstance(block, Heading)]
    assert headings == [
        "About the Artist",
        "From Artist to Activist",
        "Reimagining North Korea’s Future",
        "Foreign Media in North Korea - How Kpop is Challenging the Regime",
        "Forced Isolation and the Regime’s Information Monopoly",
        "The Spread of Foreign Media",
        "Information Technology in North Korea",
        "How Foreign Media Changes Perceptions",
        "The Regime’s Response",
        "Accelerating Foreign Media Access and Change",
    ]
    assert [len(block.items) for block in article.blocks if isinstance(block, ListBlock)] == [6]
    assert not [block for block in article.blocks if isinstance(block, ThematicRule)]
    assert [remark.line for remark in article.remarks if "several articles" in remark.message] == [46]
    assert [remark.line for remark in article.remarks if "empty lines" in remark.message] == [4]


def test_what_numbers_a_list_is_kept() -> None:
    """As it is written; common numbers with a point are counted."""
    for text, markers in (
        ("가. 빵\n나. 등불", ("가.", "나.")),
        ("1) bread\n2) a lamp", ("1)", "2)")),
        ("(1) bread\n(2) a lamp", ("(1)", "(2)")),
        ("一、面包\n二、灯", ("一、", "二、")),
        ("1. bread\n2. a lamp", ()),
    ):
        (found,) = parse(f"A title\n\n{text}").blocks
        assert isinstance(found, ListBlock)
        assert found.markers == markers


def test_a_table_keeps_its_columns() -> None:
    """Line by line, without the margin."""
    (found,) = parse("A title\n\n" + "\n".join(f"  {line}" for line in FRAMED.split("\n"))).blocks
    assert found == Preformatted(FRAMED)


def test_signs_of_aozora_are_read(tmp_path: Path) -> None:
    """Readings stand above their words, notes of those who typed it are none of the text, titles stay as they are."""
    text = "吾輩《わがはい》は猫\n\n　｜青い舟《あおいふね》は川《かわ》を［＃「川」に傍点］下る。読《红楼梦》。\n"
    article = read(tmp_path, "a.txt", text)
    assert article.title == "吾輩は猫"
    assert article.blocks == (
        Paragraph(
            (
                Ruby("青い舟", "あおいふね"),
                Text("は"),
                Ruby("川", "かわ"),
                Text("を下る。読《红楼梦》。"),
            )
        ),
    )
