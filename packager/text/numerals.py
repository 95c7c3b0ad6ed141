"""Names written with plain numbers: whatever signs and words people count with become digits."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

MINUS = "−"
NUMBER = re.compile(rf"{MINUS}?\d+(?:[.,]\d+)*")
"""In what `plain` returns."""

_FRACTION = re.compile("(\\d\\s*)?([¼-¾⅐-⅞])")
_CIRCLED = re.compile("[⓫-⓿❶-➓]")  # those that NFKC leaves as they are
_SIGN = re.compile(rf"((?<=\d)[.,](?=\d)|{MINUS}(?=\d))|[\W_]")

_KANJI = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {
    **{"零": 0, "壱": 1, "弐": 2, "参": 3, "十": 10, "廿": 20, "百": 100, "千": 1_000, "万": 10_000, "萬": 10_000}
}
_KANJI_RUN = re.compile(f"[{''.join(_KANJI)}]+")
_MOST_DIGITS = 1_000  # Python computes with 4,300

# Two volumes or three: `上 中 下`, `前編 後編`, `상권 하권`; not the words for what stands before and behind a text.
_PARTS = {"上": 1, "前": 1, "中": 2, "下": 3, "後": 3, "后": 3, "상": 1, "전": 1, "중": 2, "하": 3, "후": 3}
_PART = re.compile(r"[上中下]|前(?![書言文])|[後后](?![書記记])|(?<![가-힣])[상중하전후](?=[권편부화]?(?:\W|$))")

_ROMAN = r"(?=[ivxlc])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_FRONT_MATTER = 1_000_000
"""Pages i, ii, iii of a book come before its pages 1, 2, 3."""

_Spans = dict[int, tuple[int, str]]  # where a word begins: where it ends, and the number that it says
# The times in names of screenshots and photographs, where a day has twelve hours twice.
_AFTERNOON = ("pm", "오후", "午後", "下午")
_HALF_DAY = re.compile(
    r"(?:(오전|오후|午前|午後|上午|下午) ?)?(?<!\d)(0?[1-9]|1[0-2])((?:[.:_-][0-5]\d){1,2})(?(1)|[ _]?([ap]m)\b)(?!\d)"
)


def plain(name: str) -> str:
    """Return a name as its words and numbers with one space between them; a minus is kept where a number follows.

    Names that people would call alike become equal: case, signs between words, and forms of digits make no difference.
    """
    digits = _CIRCLED.sub(lambda sign: str(int(unicodedata.numeric(sign[0]))), _FRACTION.sub(_as_decimal, name))
    folded = unicodedata.normalize("NFKC", digits).casefold()
    folded = _KANJI_RUN.sub(lambda run: f" {_kanji_value(run[0])} ", folded)
    folded = _HALF_DAY.sub(_of_whole_day, folded)
    folded = re.sub(r"(?<![\w)\]])[-−](?=\d)", MINUS, folded)
    return " ".join(_SIGN.sub(lambda sign: sign[1] or " ", folded).split())


def with_digits(names: Sequence[str]) -> list[str]:
    """Return plain names that lie beside each other with digits for Roman numbers and words, where these count.

    They count where names that begin alike go on with such numbers, of which at least two follow each other.
    """
    for way in _WAYS_TO_COUNT:
        names = _replaced(names, _counted(names, way))
    return _replaced(names, _volumes(names))


def _of_whole_day(time: re.Match[str]) -> str:
    """A time such as 1.03 PM as 13.03."""
    first, hour, rest, last = time.groups()
    return f" {int(hour) % 12 + 12 * ((first or last) in _AFTERNOON):02}{rest}"


def _as_decimal(fraction: re.Match[str]) -> str:
    """`10½` -> `10.500`, `½` -> `0.500`."""
    decimals = f"{unicodedata.numeric(fraction[2]):.3f}"
    return (fraction[1] or "0").strip() + decimals.removeprefix("0")


def _kanji_value(run: str) -> int:
    """`二十一` -> 21, `百五` -> 105; without a ten in it as digits in a row: `二〇二六` -> 2026."""
    values = [_KANJI[sign] for sign in run]
    if max(values) < 10:
        return int("".join(map(str, values[:_MOST_DIGITS])))
    total = section = digit = 0
    for value in values:
        if value < 10:
            digit = value
        elif value < 10_000:
            section, digit = section + max(digit, 1) * value, 0
        else:
            total, section, digit = total + max(section + digit, 1) * value, 0, 0
    return total + section + digit


def _roman_value(numeral: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    return sum(-one if one < following else one for one, following in zip(values, [*values[1:], 0], strict=True))


@dataclass(frozen=True, slots=True)
class _Counting:
    """A way to write numbers in letters: the pattern of its words, and what each says."""

    words: re.Pattern[str]
    value_of: Callable[[str], int]


def _whole_words(pattern: str) -> re.Pattern[str]:
    """Return a pattern for words that no Latin letter touches: those of another script may, as in `第II話`."""
    return re.compile(rf"(?<![a-zß-ɏ])(?:{pattern})(?![a-zß-ɏ])")


def _counting(words: str) -> _Counting:
    values = {word: value for value, word in enumerate(words.split())}
    return _Counting(_whole_words("|".join(values)), values.__getitem__)


_WAYS_TO_COUNT = (
    _counting(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty"
    ),
    _counting("zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"),
    _counting("الصفر الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر"),
    _Counting(_whole_words(_ROMAN), _roman_value),
)


def _counted(names: Sequence[str], way: _Counting) -> list[_Spans]:
    """Return for each name the words that are numbers, where the names that begin alike count with them."""
    found = [[(word.start(), word[0]) for word in way.words.finditer(name)] for name in names]
    values: defaultdict[str, set[int]] = defaultdict(set)
    hits: Counter[str] = Counter()
    for name, words in zip(names, found, strict=True):
        for start, word in words:
            values[name[:start]].add(way.value_of(word))
            hits[name[:start]] += 1
    consecutive = {before for before, numbers in values.items() if any(number + 1 in numbers for number in numbers)}
    in_words, in_digits = _going_on(names, consecutive)
    counting = {before for before in consecutive if hits[before] * 2 >= in_words[before]}

    def number(before: str, word: str) -> str:
        value = way.value_of(word)
        return f"{MINUS}{_FRONT_MATTER - value}" if in_digits[before] else str(value)

    return [
        {
            start: (start + len(word), number(name[:start], word))
            for start, word in words
            if counting and name[:start] in counting
        }
        for name, words in zip(names, found, strict=True)
    ]


def _going_on(names: Iterable[str], prefixes: set[str]) -> tuple[Counter[str], Counter[str]]:
    """Return of each prefix how many names go on behind it with a word, and how many with a number."""
    words: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    lengths = {len(prefix) for prefix in prefixes}
    for name in names:
        for length in lengths:
            prefix, rest = name[:length], name[length : length + 2]
            if rest and prefix in prefixes:
                (numbers if NUMBER.match(rest) else words)[prefix] += 1
    return words, numbers


def _volumes(names: Sequence[str]) -> list[_Spans]:
    """Return for each name its sign for a first, middle or last part, where names that begin alike have others."""
    found = [[(part.start(), _PARTS[part[0]]) for part in _PART.finditer(name)] for name in names]
    values: defaultdict[str, set[int]] = defaultdict(set)
    for name, parts in zip(names, found, strict=True):
        for start, value in parts:
            values[name[:start]].add(value)
    return [
        {start: (start + 1, str(value)) for start, value in parts if len(values[name[:start]]) > 1}
        for name, parts in zip(names, found, strict=True)
    ]


def _replaced(names: Sequence[str], spans: Sequence[_Spans]) -> list[str]:
    return [_with_numbers(name, of_name) if of_name else name for name, of_name in zip(names, spans, strict=True)]


def _with_numbers(name: str, spans: _Spans) -> str:
    pieces, end = [], 0
    for start, (next_end, number) in spans.items():
        pieces += [name[end:start], number]
        end = next_end
    return " ".join(" ".join([*pieces, name[end:]]).split())
