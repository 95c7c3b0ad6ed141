"""Names stand in the order people expect, however the numbers in them are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.text.counts import counted_twice, gaps
from packager.text.order import in_order, is_called_cover, ordered, tokens, unnumbered

BESIDE_EACH_OTHER = {
    "2 before 10": "1.jpg|2.jpg|10.jpg",
    "capitals do not come first": "a1.jpg|A2.jpg|b1.jpg",
    "the stem before its continuations": "E06.png|E06P00.png|E06P01.png",
    "no number before a number": "page.jpg|page 2.jpg|page 10.jpg",
    "copies behind what they copy": "scan.jpg|scan (1).jpg|scan (2).jpg|scan (10).jpg",
    "letters behind a number": "12.jpg|12a.jpg|12b.jpg|13.jpg",
    "two pages in one picture": "p010.jpg|p011.jpg|p012-013.jpg|p014.jpg",
    "what stands before page 1": "00a.jpg|00b.jpg|000.jpg|001.jpg",
    "downloads with something behind the ending": "0.image.jpg257|2.image.jpg1|10.jpg_large|11.jpg?x=1",
    "halves behind the whole": "Chapter 3|Chapter 3.5|Chapter 4|Chapter 10|Chapter 10.5|Chapter 11",
    "halves before an underscore": "Ch.010_ The Door|Ch.010.5_ Extra|Ch.011_ The End",
    "halves before a colon": "Chapter 10: The Door|Chapter 10.5: Extra|Chapter 11: The End",
    "halves before a wide colon": "Chapter 10：The Door|Chapter 10.5：Extra|Chapter 11：The End",
    "halves before a bracket": "Chapter 10[Group]|Chapter 10.5[Group]|Chapter 11[Group]",
    "halves before a parenthesis": "10 (a)|10.5 (a)|11 (a)",
    "halves before Korean": "10화|10.5화|11화",
    "halves before Japanese": "第10話|第10.5話|第11話",
    "halves before the ending": "Vol. 5 Ch. 42.cbz|Vol. 5 Ch. 42.5.cbz|Vol. 5 Ch. 43.cbz",
    "halves as one sign": "½|1|1½|2",
    "times of half days": "at 12.05.00 AM|at 9.59.58 AM|at 10.03.04\u202fAM|at 12.01.00 PM|at 1.03.04 PM",
    "Korean times of half days": "2024-01-02 오전 9.05.01|2024-01-02 오전 11.05.01|2024-01-02 오후 1.05.01",
    "dates": "2025.12.31|2026.1.5|2026.1.20|2026.10.1",
    "points that part two numbers": "1.1.jpg|1.2.jpg|1.9.jpg|1.10.jpg|2.1.jpg",
    "below zero": "Chapter -1|Chapter 0|Chapter 1",
    "a hyphen is no minus": "page-1|page-2|page-10",
    "a hyphen behind a space is none either": "scan -1|scan -2|scan -10",
    "signs between words make no difference": "Chapter_1|chapter 2|CHAPTER-3|Chapter4",
    "full-width digits": "1.jpg|２.jpg|10.jpg",
    "circled numbers": "①.jpg|②.jpg|3.jpg|㉑.jpg",
    "Arabic digits": "الفصل ١|الفصل ٢|الفصل ٩|الفصل ١٠",
    "kanji numbers": "第一話|第二話|第三話|第九話|第十話|第十一話|第二十話|第二十一話|第百話|第百五話|第千二百話",
    "kanji and other digits": "第1話|第二話|第3話",
    "first, middle and last volume": "上|中|下",
    "first, middle and last part": "前編|中編|後編",
    "parts of several volumes": "1巻 上|1巻 下|2巻 上|2巻 下",
    "Korean volumes": "상권|중권|하권",
    "Korean parts of several volumes": "1권 전편|1권 후편|2권 상|2권 중|2권 하",
    "Korean names that begin so": "가방|상자|하늘",
    "Roman numbers": "Chapter I|Chapter II|Chapter IV|Chapter V|Chapter VI|Chapter IX|Chapter X|Chapter XI",
    "Roman numbers and titles": "I - The Door|II - Ants|V - Bees|IX - Cats",
    "Roman pages before others": "i.jpg|ii.jpg|iv.jpg|ix.jpg|1.jpg|2.jpg",
    "letters that could be Roman numbers": "page a|page c|page d|page i|page l|page v",
    "names that could be Roman numbers": "Kim|Li|Liv|Vi|Xi",
    "numbers in words": "Chapter One|Chapter Two|Chapter Three|Chapter Four",
    "Arabic numbers in words": "الفصل الأول|الفصل الثاني|الفصل الثالث",
    "chapters without a number": "Prologue|Chapter 1|Chapter 2|Epilogue|Extras|Omake 1|Omake 2",
    "chapters without a number, of one title": "Title - Prologue|Title - Chapter 1|Title - Chapter 2|Title - Extras",
    "chapters without a number in Japanese": "プロローグ|第1話|第10話|エピローグ|番外編",
    "what stands before and behind in Japanese": "前書き|第1話|第2話|後書き",
    "chapters without a number in Korean": "프롤로그|1화|10화|에필로그|외전 1",
    "extras of a volume": "Vol.1 Prologue|Vol.1 Ch.1|Vol.1 Ch.2|Vol.1 Extra|Vol.2 Ch.3",
    "newest chapters without a volume": "Vol.1 Ch.1|Vol.1 Ch.2|Vol.1 Extra|Ch.3|Vol.2 Ch.4|Ch.5|Ch.5.5|Ch.6|Extras",
    "other works among them": "Apple|Harbour Ch. 5|Harbour Vol. 1 Ch. 1|Lighthouse Vol. 1",
    "a cover beside them": "cover.jpg|Vol. 1 Ch. 2.cbz|Ch. 3.cbz|Vol. 2 Ch. 4.cbz",
    "seasons that count anew": "1화|2화|10화|2부 1화|2부 2화|3부 1화|에필로그",
    "seasons that count anew, in English": "Ep. 1|Ep. 2|Ep. 30|[Season 2] Ep. 1|[Season 2] Ep. 2",
    "titles that only hold such words": "Extra Time 1|Harbour 1|Special Agent 1",
    "a cover before the pages": "cover.jpg|001.jpg|002.jpg",
    "a folder picture before the pages": "Folder.jpg|001.jpg",
    "several covers": "Cover 1.jpg|Cover 2.jpg|001.jpg",
    "covers in Japanese": "表紙.jpg|001.jpg|裏表紙.jpg",
    "covers in Korean": "표지.jpg|001.jpg",
    "the back behind all": "p1.jpg|p2.jpg|back cover.jpg",
    "names drawn by lot, by their signs": "0aB91k.jpg|0aC01k.jpg|9zz1q0.jpg|Q1w2e3.jpg|q00000.jpg",
    "names of two numbers are not drawn by lot": "c1p10|c1p11|c10p1",
}


@pytest.mark.parametrize("names", BESIDE_EACH_OTHER.values(), ids=list(BESIDE_EACH_OTHER))
def test_names_stand_in_the_order_people_expect(names: str) -> None:
    """Whatever order a folder or an archive gives them in."""
    expected = names.split("|")
    for shuffled in (expected[::-1], sorted(expected), expected[1:] + expected[:1]):
        assert ordered(shuffled) == expected


ON_LEVELS = {
    "chapters in order, their covers first": "1/9.jpg|2/cover.jpg|2/1.jpg|10/1.jpg",
    "a picture before the folder of its name": "1.jpg|1/cover.jpg|1/1.jpg|2.jpg",
    "each level by its own names": "I/10.jpg|II/i.jpg|II/ii.jpg|IX/1.jpg|IX/2.jpg",
}


@pytest.mark.parametrize("names", ON_LEVELS.values(), ids=list(ON_LEVELS))
def test_pages_of_chapters_stand_in_order(names: str) -> None:
    """The names of one folder decide, then those in each folder."""
    expected = [PurePosixPath(name) for name in names.split("|")]
    for shuffled in (expected[::-1], sorted(expected), expected[1:] + expected[:1]):
        assert in_order(shuffled, lambda path: path) == expected


KANJI = "〇一二三四五六七八九"


def kanji(number: int) -> str:
    """A number below 1,000 as it is written out."""
    text = ""
    for value, sign in ((100, "百"), (10, "十")):
        count, number = divmod(number, value)
        text += ("" if count == 1 else KANJI[count]) + sign if count else ""
    return text + KANJI[number] if number or not text else text


def roman(number: int) -> str:
    """A number from 1 to 399."""
    signs = {100: "C", 90: "XC", 50: "L", 40: "XL", 10: "X", 9: "IX", 5: "V", 4: "IV", 1: "I"}
    text = ""
    for value, sign in signs.items():
        count, number = divmod(number, value)
        text += sign * count
    return text


SPELLINGS: dict[str, Callable[[int], str]] = {
    "plain": str,
    "padded": "{:03}".format,
    "full-width": lambda number: "".join(chr(ord("０") + int(digit)) for digit in str(number)),
    "Arabic": lambda number: "".join(chr(ord("٠") + int(digit)) for digit in str(number)),
    "kanji": kanji,
    "Roman": roman,
}
FRAMES = [
    "{}",
    "Chapter {}",
    "ch_{}.cbz",
    "Ch.{}: the door",
    "[group] title - {} (2026).cbz",
    "第{}話",
    "제{}화 시작",
    "v{}",
]


@given(
    numbers=st.integers(1, 300).flatmap(
        lambda first: st.lists(st.integers(1, 399), max_size=12).map(lambda others: {first, first + 1, *others})
    ),
    spelling=st.sampled_from(sorted(SPELLINGS)),
    frame=st.sampled_from(FRAMES),
    seed=st.randoms(use_true_random=False),
)
def test_however_numbers_are_written_they_count(numbers: set[int], spelling: str, frame: str, seed: Random) -> None:
    """What a person would call the same order is the same order."""
    if spelling == "Roman" and frame in ("v{}", "第{}話", "제{}화 시작"):
        frame = "Part {}"  # `vii` is not a number behind a letter, and no one writes the others so
    expected = [frame.format(SPELLINGS[spelling](number)) for number in sorted(numbers)]
    shuffled = list(expected)
    seed.shuffle(shuffled)
    assert ordered(shuffled) == expected


@given(st.lists(st.decimals(0, 500, places=1), unique=True, max_size=12), st.sampled_from(FRAMES))
def test_halves_and_tenths_stand_behind_their_number(numbers: list[object], frame: str) -> None:
    """10.5 behind 10 and before 11, with `.0` left out or not."""
    values = sorted({float(str(number)) for number in numbers})
    expected = [frame.format(f"{value:g}") for value in values]
    assert ordered(sorted(expected)) == expected


@given(st.lists(st.integers(min_value=0, max_value=10**40), unique=True))
def test_numbers_sort_by_value_however_they_are_padded(numbers: list[int]) -> None:
    """Padding and length change nothing."""
    values = {f"p{number:0{number % 7}}": number for number in numbers}
    assert [values[name] for name in ordered(values)] == sorted(numbers)


@given(st.lists(st.text(), unique=True))
def test_any_names_can_be_ordered(names: list[str]) -> None:
    """No name, however odd, stops the sorting; none is lost, and the order does not depend on where each stood."""
    assert sorted(ordered(names)) == sorted(names)
    assert ordered(names) == ordered(names[::-1])


def test_a_number_of_any_length_is_compared() -> None:
    """Python refuses to compute with more than 4,300 digits."""
    assert tokens("9" * 9_000) < tokens("1" + "0" * 9_000)


@pytest.mark.parametrize(
    "name", ["cover.jpg", "Front Cover.png", "Cover 1.jpg", "cover_b.jpg", "表紙.png", "표지.webp"]
)
def test_what_is_called_cover_is_one(name: str) -> None:
    """In several languages, with a number too."""
    assert is_called_cover(name)


@pytest.mark.parametrize("name", ["back cover.jpg", "裏表紙.png", "discover.jpg", "cover story 1.jpg", "1.jpg"])
def test_what_only_mentions_a_cover_is_none(name: str) -> None:
    """The back of a book comes last, and a story is a story."""
    assert not is_called_cover(name)


def test_names_without_a_number_are_told() -> None:
    """A cover is no chapter, and numbers may be Roman."""
    assert unnumbered(["Chapter 1", "Chapter 2", "Extras", "cover.jpg"]) == ["Extras"]
    assert unnumbered(["I", "II", "III", "Lighthouse"]) == ["Lighthouse"]
    assert unnumbered(["상권", "하권"]) == []


GAPS = {
    "one page": ("001.jpg|002.jpg|004.jpg", [("002.jpg", "004.jpg", 1)]),
    "several, in chapters too": (
        "c1 p1|c1 p2|c1 p4|c2 p1|c2 p2|c2 p3|c2 p5",
        [("c1 p2", "c1 p4", 1), ("c2 p3", "c2 p5", 1)],
    ),
    "chapters": ("Chapter 1|Chapter 2|Chapter 5|Chapter 6", [("Chapter 2", "Chapter 5", 2)]),
    "behind a half": ("1|2|2.5|4", [("2", "4", 1)]),
    "kanji": ("第一話|第二話|第四話", [("第二話", "第四話", 1)]),
}
NO_GAPS = {
    "all are there": "001.jpg|002.jpg|003.jpg",
    "two pages in one picture": "p010|p011|p012-013|p014",
    "letters behind a number": "1|2|2a|2b|3",
    "every second": "2|4|6|8|10",
    "tens": "10|20|30|40",
    "dates": "20260101_120001|20260103_120005|20260109_133300",
    "a few of many": "1|2|10",
    "a beginning elsewhere": "181|182|183",
    "copies": "scan|scan (1)|scan (2)|scan (3)",
    "names without numbers": "a|b|d",
}


@pytest.mark.parametrize(("names", "expected"), GAPS.values(), ids=list(GAPS))
def test_missing_numbers_are_found(names: str, expected: list[tuple[str, str, int]]) -> None:
    """With the names around them, and how many there are."""
    assert [(gap.before, gap.after, gap.missing) for gap in gaps(names.split("|"))] == expected


@pytest.mark.parametrize("names", NO_GAPS.values(), ids=list(NO_GAPS))
def test_usual_names_have_no_gaps(names: str) -> None:
    """Not every number counts pages."""
    assert gaps(names.split("|")) == []


def test_two_counts_in_one_folder_are_found() -> None:
    """Two comics, and not the front matter or the chapters of one."""
    assert counted_twice(f"{comic}_{page:02}.jpg" for comic in "ab" for page in range(1, 6)) == ("a_01.jpg", "b_01.jpg")
    assert counted_twice(["i1", "i2", "page 1", "page 2", "page 3", "page 4"]) is None
    assert counted_twice(f"ch {chapter} p {page}" for chapter in (1, 2) for page in range(5)) is None
    assert counted_twice(["front", "back"]) is None
