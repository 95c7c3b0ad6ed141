"""Subtitles are read without the loss of a cue, to the millisecond, in every language of a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.model import Cue, Subtitles
from packager.readers.encodings import decode
from packager.readers.films.subtitles import subtitles
from tests.helpers.subtitle_files import CUES, SubtitleFile, subtitle_files

SRT = "{}\n00:00:01,000 --> 00:00:02,000\n{}\n"


@pytest.mark.parametrize("file", tuple(subtitle_files()), ids=lambda file: file.name)
def test_files(file: SubtitleFile) -> None:
    found = {one.language: one.cues for one in subtitles(decode(file.data))}
    assert {language: len(cues) for language, cues in found.items()} == dict.fromkeys(file.tracks, CUES)
    wrong = [pair for language, cues in file.tracks.items() for pair in zip(cues, found[language], strict=True)]
    assert [pair for pair in wrong if pair[0] != pair[1]] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("00:01 --> 00:02\n42\n\n00:03 --> 00:04\n43\n", ["42", "43"]),
        ("1\n00:01 --> 00:02\n42\n2\n00:03 --> 00:04\n43", ["42", "43"]),
        ("1\n00:01 -> 00:02\nstop\n\n\n\n2\n0:0:3.5 --> 0:0:4.25\ngo", ["stop", "go"]),
        ("1\n00:01 --> 00:02\none\n\nmore\n\n2\n00:03 --> 00:04\ntwo", ["one more", "two"]),
        ("WEBVTT\n\n00:01.0 --> 00:02.0\nR&amp;B <00:01.500>now\n\nNOTE\nno\n\n0:3 --> 0:4\nx", ["R&B now", "x"]),
        ("<SYNC Start=1000><P>a<SYNC Start=2000><P>b<br>c<SYNC Start=3000><P>&nbsp;", ["a", "b c"]),
        ("<SYNC Start=1000><P>a<!-- not\nshown --> b<SYNC Start=2000><P>&nbsp", ["a b"]),
        ("<SYNC Start=1000><P>a<P>b<SYNC Start=2000><P>&nbsp", ["a b"]),
        ("<SYNC Start=2000><P>b<SYNC Start=3000><P>&nbsp<SYNC Start=500><P>a<SYNC Start=900><P>&nbsp", ["a", "b"]),
        ("[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,Well, well\\Nno", ["Well, well no"]),
    ],
)  # fmt: skip
def test_words(text: str, words: list[str]) -> None:
    (found,) = subtitles(text)
    assert [" ".join(cue.lines) for cue in found.cues] == words


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("1:02:03.4 --> 1:02:03.45\na", [(3_723_400, 3_723_450)]),
        ("00:01,5 --> 00:01,5\na\n\n00:02,0 --> 00:03,0\nb", [(1500, 2000), (2000, 3000)]),
        ("00:05,000 --> 00:04,000\nabc", [(5000, 5833)]),
        ("<SYNC Start=1000><P>a<SYNC Start=1500><P>b", [(1000, 1500), (1500, 2333)]),
        ("<SYNC Start=1000 End=1200><P>a<SYNC Start=1500><P>b<SYNC Start=9000><P>&nbsp;", [(1000, 1200), (1500, 9000)]),
        (
            "<SYNC Start=1000><P Class=K>a<SYNC Start=1500>&nbsp;<SYNC Start=9000><P Class=K>b",
            [(1000, 1500), (9000, 9833)],
        ),
        ("<SYNC Start=1000.5ms><P>a<SYNC Start=-5><P>b<SYNC Start=10><P>", [(0, 10), (1000, 1833)]),
        ("999:59:59,999 --> 999:59:59,999\na", [(360_000_000, 360_000_833)]),
        ("<SYNC Start=" + "9" * 5000 + "><P>a", [(360_000_000, 360_000_833)]),
        ("00:01,000 --> 00:09,000\na\n\n00:02,000 --> 00:03,000\nb", [(1000, 9000), (2000, 3000)]),
    ],
    ids=[
        "fractions",
        "no length",
        "ends before it begins",
        "open",
        "end of its own",
        "ended without a class",
        "odd numbers",
        "later than any film",
        "a number without end",
        "two at once",
    ],
)
def test_times(text: str, times: list[tuple[int, int]]) -> None:
    (found,) = subtitles(text)
    assert [(cue.start_ms, cue.end_ms) for cue in found.cues] == times


_ASS = "[Script Info]\n[Events]\nDialogue: 0,{},0:00:02.00,Default,,0,0,0,,{}"
_LATER = "\n3\n00:00:05,000 --> 00:00:06,000\nBye\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            _ASS.format("0:00:01.00", r"{\an7\p1}m 0 0 l 9 9{\p0}Left {\b1}of it{\p4}m 5 5{\pos(1,2)} l 6 6"),
            ["Left of it"],
        ),
        (_ASS.format("9" * 5000 + ":00:01.00", "Late"), ["Late"]),
        (_ASS.format("soon", "No time"), ["No time"]),
        ("<SYNC Start=+2000><P>a<SYNC Start=x><P>b<SYNC><P>c<SYNC Start=3000><P>&nbsp;", ["a b c"]),
        (SRT.format(1, "Do <i think> or <b or c>, <i>really</i>?"), ["Do <i think> or <b or c>, really?"]),
        (SRT.format(1, "<b class='x'>1</b> <c.red.bold>2</c> <v Ann>3 <font color=red>4</font> <I >5"), ["1 2 3 4 5"]),
        (SRT.format(1, "[Events]") + _LATER, ["[Events]", "Bye"]),
        (SRT.format(1, "Type <sync start> twice") + _LATER, ["Type <sync start> twice", "Bye"]),
        (SRT.format(1, "a&#x200b;b&#8203;c&zwnj;&lrm;d&shy;e&#27;&#0;&#x2028;f") + _LATER, ["abcde\ufffd f", "Bye"]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n&lrm;A&rlm; b", ["A b"]),
        ("<SYNC start=" + " " * 500_000 + "x><P class=" + " " * 500_000 + '">a', ["a"]),
    ],
    ids=[
        "drawn",
        "a number without end",
        "no time",
        "odd times",
        "no tags",
        "tags",
        "another form in words",
        "a mark in words",
        "hidden",
        "marks",
        "many spaces",
    ],
)
def test_what_is_said_stays_and_nothing_hidden(text: str, words: list[str]) -> None:
    """Whatever stands around it; what hides in text is removed from that written as an entity, too."""
    (found,) = subtitles(text)
    assert [" ".join(cue.lines) for cue in found.cues] == words


def test_one_language_behind_another() -> None:
    korean = "<SYNC Start=1000><P Class=KRCC>가요<SYNC Start=2000><P Class=KRCC>&nbsp;"
    english = "<SYNC Start=1100><P Class=ENCC>Go<SYNC Start=1900><P Class=ENCC>&nbsp;"
    found = {one.language: one.cues for one in subtitles(f"<SAMI><BODY>{korean}{english}</BODY></SAMI>")}
    assert found == {"ko": (Cue(1000, 2000, ("가요",)),), "en": (Cue(1100, 1900, ("Go",)),)}


def test_what_has_no_class_belongs_to_the_only_one() -> None:
    words = "<SYNC Start=1><P Class=KRCC>가요<SYNC Start=9><P>나<SYNC Start=20><P Class=KRCC>다<SYNC Start=30>&nbsp;"
    assert subtitles(words) == (Subtitles("ko", (Cue(1, 9, ("가요",)), Cue(9, 20, ("나",)), Cue(20, 30, ("다",)))),)


def test_nothing_without_a_class_ends_what_all_say() -> None:
    words = "<SYNC Start=1><P Class=KRCC>가요<P Class=ENCC>Go<SYNC Start=9>&nbsp;<SYNC Start=20><P Class=KRCC>다"
    found = {one.language: one.cues[0].end_ms for one in subtitles(words)}
    assert found == {"ko": 9, "en": 9}


@pytest.mark.parametrize(
    ("text", "told", "language"),
    [
        (SRT.format(1, "그래도 가야 해요."), "", "ko"),
        (SRT.format(1, "그래도 가야 해요."), "ja", "ja"),
        (SRT.format(1, "가요.\nWe have to go all the same, whatever comes."), "", "ko"),
        (SRT.format(1, "..."), "", "und"),
        ("<STYLE>.A {lang: zh-TW;}</STYLE><SYNC Start=1><P Class=A>走", "", "zh-TW"),
        ("<STYLE>.KRCC {lang: ;}</STYLE><SYNC Start=1><P Class=KRCC>go", "", "ko"),
    ],
)
def test_language(text: str, told: str, language: str) -> None:
    assert [one.language for one in subtitles(text, told)] == [language]


def test_english_in_the_korean_code_page() -> None:
    words = "I don’t know where the boat is, and you don’t. “We have it,” she said to them…"
    (found,) = subtitles(decode(SRT.format(1, words).encode("cp949")))
    assert found.cues == (Cue(1000, 2000, (words,)),)


@pytest.mark.parametrize(
    "text", ["", "A day on the river.\n\n1\nGo --> there\n", "WEBVTT\n\nNOTE nothing", "<SAMI></SAMI>"]
)
def test_no_subtitles(text: str) -> None:
    assert subtitles(text) == ()


@given(
    st.lists(st.sampled_from((*"<>{}\n \\1a:,", "-->", "<sync start=5>", "<p class=a>", "00:01", "[Events]\n", "<!--")))
)
def test_anything(pieces: list[str]) -> None:
    for found in subtitles("".join(pieces)):
        assert all(cue.end_ms > cue.start_ms >= 0 and all(cue.lines) and cue.lines for cue in found.cues)
