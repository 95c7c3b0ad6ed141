"""Names in archives that do not say how they are written -> text, by all names of one archive together."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, filterfalse
from pathlib import Path

from packager.archive import Member

_SAMPLE_BYTES = 2_048  # of names are enough to tell
_PLAUSIBLE = 0.4
_POSSIBLE, _CLEAR_LEAD = -0.5, 0.5  # of the points of a reading that no other comes near
_WORD_BONUS = 0.5
_FEW = 20
_SLOPE = 0.4  # of points, from the most frequent of the common letters to the last
_RARE_PAGES = {"johab": 0.3, "mac_roman": 0.2, "mac_latin2": 0.2, "koi8-u": 0.1}
_SIGNS = frozenset("«»‹›„“”‘’–—…№°·¿¡ºª×©®™§¹²³½¼¾♥★☆♪×※→←")
_WIDE_SIGNS = re.compile("[　-〿・ー！-～￥～〜…—–“”‘’·《》①-⑳Ⅰ-Ⅻ★☆♥♪×※→←↑↓○●◎△▲□■]")
_KANA = re.compile("[ぁ-ヿ]")
_HALF_KANA = re.compile("[｡-ﾟ]")  # what single bytes of other encodings turn into
# libarchive makes slashes of all backslashes in names of RAR 4, of those too that end a character of two bytes.
_SPLIT = re.compile(b"(?<=[\x81-\x9f\xe0-\xfc])/")
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_WORDS = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+")
_UNREADABLE_WORDS = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")
_VOWELS = frozenset("aeiouyаеиоуыэюяієæøœıαεηιουω")
_WITH_VOWELS, _GREEK, _THAI = re.compile("[A-Za-z\u00c0-\u04ff]"), re.compile("[α-ω]"), re.compile("[ก-๛]")
_THAI_VOWELS = re.compile("[\u0e30-\u0e39\u0e40-\u0e44]")
_NO_THAI = re.compile(
    "[\u0e30-\u0e39][\u0e30\u0e31\u0e34-\u0e39]|[\u0e40-\u0e44](?![ก-ฮ])|^[\u0e30-\u0e39\u0e47-\u0e4e]"
)
# The lead bytes of the characters that a plain set counts to its first, common level; of Korean, all syllables.
_FIRST_LEVELS = {"euc_kr": (0xB0, 0xC8), "euc_jp": (0xB0, 0xCF), "gb2312": (0xB0, 0xD7), "big5": (0xA4, 0xC6)}
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DecodedNames:
    """Names as text; `code_page` is the one that was guessed, "" where there was nothing to guess, or UNKNOWN.

    Of names in an unknown code page, numbers stand in the place of the letters that cannot be told.
    """

    names: tuple[str, ...]
    code_page: str = ""


@dataclass(frozen=True, slots=True)
class _Language:
    script: str
    code_pages: tuple[str, ...]
    common: Mapping[str, float]
    rare: frozenset[str]
    words: frozenset[str]
    plain: str


def decoded(raw_names: Sequence[tuple[bytes, bool]]) -> DecodedNames:
    """Each name of an archive as text: those that say so (`True`) from UTF-8, the others by all of them together."""
    raw_names = [(raw, is_utf8 and _decoded(raw, "utf-8") is not None) for raw, is_utf8 in raw_names]
    undeclared = [raw for raw, is_utf8 in raw_names if not is_utf8]
    page = _page_of(undeclared)
    if page == UNKNOWN:
        numbered = iter(_numbered(undeclared))
        told = (raw.decode("utf-8", "replace") if is_utf8 else next(numbered) for raw, is_utf8 in raw_names)
        return DecodedNames(tuple(told), page)
    codec = page.partition(" ")[0] or "utf-8"
    names = (raw.decode("utf-8" if is_utf8 else codec, "replace") for raw, is_utf8 in raw_names)
    return DecodedNames(tuple(names), page)


def told(members: Sequence[Member]) -> tuple[Member, ...]:
    """The members of an archive whose names hold bytes that are no UTF-8 as surrogates, with readable names."""
    raw_names = [member.name.encode("utf-8", "surrogateescape") for member in members]
    if all(_decoded(name, "utf-8") is not None for name in raw_names):
        return tuple(members)
    read = decoded([(name, False) for name in raw_names])
    if read.code_page == UNKNOWN:
        restored = decoded([(_SPLIT.sub(b"\\\\", name), False) for name in raw_names])
        read = read if restored.code_page == UNKNOWN else restored
    return tuple(
        replace(member, name=name, code_page=read.code_page) for member, name in zip(members, read.names, strict=True)
    )


def _page_of(names: Iterable[bytes]) -> str:
    """The code page and its script; "" for UTF-8 and ASCII, UNKNOWN where no text that people write comes out."""
    sample = _sample_of(names)
    if not sample or _is_utf8(sample):
        return ""
    readings = [(codec, one) for one in _languages() for codec in one.code_pages]
    scores = [_score(sample, codec, language) for codec, language in readings]
    score, (codec, language) = max(zip(scores, readings, strict=True), key=lambda item: item[0])
    others = (other for other, (page, _) in zip(scores, readings, strict=True) if page != codec)
    if score >= _PLAUSIBLE or (score >= _POSSIBLE and score - max(others) >= _CLEAR_LEAD):
        return f"{codec} ({language.script})"
    return "" if _decoded(sample, "utf-8") else UNKNOWN


def _sample_of(names: Iterable[bytes]) -> bytes:
    """Different parts of names that are not ASCII, a line each."""
    parts, size = dict[bytes, None](), 0
    for part in chain.from_iterable(name.split(b"/") for name in names if not name.isascii()):
        if not part.isascii() and part not in parts:
            parts[part] = None
            size += len(part)
            if size > _SAMPLE_BYTES:
                break
    return b"\n".join(parts)


def _is_utf8(sample: bytes) -> bool:
    """Whether it is UTF-8, and not two bytes each of another code page that look like rare letters."""
    text = _decoded(sample, "utf-8") or ""
    foreign = [letter for letter in text if not letter.isascii()]
    odd = sum("\u0080" <= letter <= "\u00bf" or "\u0180" <= letter <= "\u02ff" for letter in foreign)
    return bool(foreign) and odd * 2 < len(foreign)


def common_letters(script: str) -> frozenset[str]:
    """Return the commonest letters of the first language that is written in a script."""
    return frozenset(next(language.common for language in _languages() if language.script == script))


@cache
def _languages() -> tuple[_Language, ...]:
    table = tomllib.loads(Path(__file__).with_name("code_pages.toml").read_text(encoding="utf-8"))
    return tuple(
        _Language(
            one["script"],
            tuple(one["code_pages"]),
            {letter: 1 - _SLOPE * place / max(_FEW, len(one["common"])) for place, letter in enumerate(one["common"])},
            frozenset(one.get("rare", "")),
            frozenset(one["words"]),
            one.get("plain", ""),
        )
        for one in table["language"]
    )


def _score(sample: bytes, codec: str, language: _Language) -> float:
    """How likely it is, at most 1 and more where known words are in it, that a sample is so written."""
    text = _decoded(sample, codec)
    if text is None:
        return -9
    text = unicodedata.normalize("NFC", text)
    points = list(_points_of_characters(text, language) if language.plain else _points_of_letters(text, language))
    if not points:
        return -9
    folded = text.casefold()
    found = language.words & set(_WORDS.findall(folded)) or (language.plain and any(map(folded.count, language.words)))
    bonus = _WORD_BONUS if found else 0
    is_small = (
        language.script != "Latin" and "".join(filterfalse(str.isascii, text)).islower()
    )  # names begin with capitals
    return sum(points) / len(points) + bonus - _RARE_PAGES.get(codec, 0) - 0.1 * is_small


def _points_of_letters(text: str, language: _Language) -> Iterator[float]:
    """Points for each letter that is not ASCII: words are in one script, and small behind a capital."""
    for sign in text:
        if sign in _SIGNS:
            yield 0.45
        elif not sign.isascii() and not unicodedata.category(sign).startswith(("L", "M")):
            yield -4
    for word in _WORDS.findall(text):
        foreign = [letter for letter in word if not letter.isascii()]
        is_odd = _is_odd_in_latin(word, foreign) if language.script == "Latin" else len(foreign) < len(word)
        malus = (
            2 * is_odd + 0.3 * (len(word) > 1 and word.isupper()) + _malus(word) * (word.lower() not in language.words)
        )
        for place, letter in enumerate(word):
            if not letter.isascii():
                small = letter.lower()
                points = language.common.get(small, 0.5 if small in language.rare else -2)
                yield points - malus - 2 * (place > 0 and letter.isupper() and not word.isupper())


def _malus(word: str) -> float:
    """What speaks against a word of a script that writes vowels: none, or signs where no word has them."""
    letters = unicodedata.normalize("NFD", word.lower())
    if _THAI.match(word):
        return 1.0 * (_NO_THAI.search(word) is not None or (len(word) > 2 and not _THAI_VOWELS.search(word)))
    if not _WITH_VOWELS.match(word):
        return 0
    is_unspeakable = len(word) > 2 and _VOWELS.isdisjoint(letters)
    has_no_stress = _GREEK.match(letters) and len(word) > 3 and "\u0301" not in letters and not word.isupper()
    return is_unspeakable + ("ς" in word[:-1]) + 0.3 * bool(has_no_stress)


def _is_odd_in_latin(word: str, foreign: Sequence[str]) -> bool:
    """Whether a word has hardly a letter without an accent."""
    return len(word) > 1 and (len(foreign) == len(word) or (len(word) > 3 and 3 * len(foreign) > 2 * len(word)))


def _points_of_characters(text: str, language: _Language) -> Iterator[float]:
    before = "\n"
    for letter in text:
        if not letter.isascii():
            is_swallowed = before.isascii() and before.isalpha()  # the next letter of a western word, by an accent
            yield _points_of_character(letter, language) - is_swallowed
        before = letter


def _points_of_character(letter: str, language: _Language) -> float:
    if letter in language.common:
        return 1
    if _WIDE_SIGNS.match(letter):
        return 0.4
    if _HALF_KANA.match(letter):
        return -1
    if _KANA.match(letter):
        return 1 if language.script == "Japanese" else 0
    if language.script == "Korean" and not "가" <= letter <= "힣":
        return -0.5
    return _points_of_level(letter, language.plain)


def _points_of_level(letter: str, plain: str) -> float:
    try:
        code = letter.encode(plain)
    except UnicodeEncodeError:
        return -0.5
    first, last = _FIRST_LEVELS[plain]
    return -0.5 if len(code) > 2 else 0.5 if first <= code[0] <= last else 0.1


def _decoded(text: bytes, encoding: str) -> str | None:
    try:
        return text.decode(encoding)
    except UnicodeDecodeError:
        return None


def _numbered(raw_names: Sequence[bytes]) -> Iterator[str]:
    """Names with what words of their parts are ASCII, and a number where too little is left to tell two parts apart."""
    told: dict[tuple[str, bytes], str] = {}
    used, counts = set[str](), Counter[str]()
    for name in raw_names:
        path = ""
        for part in re.split(rb"[/\\]", name):
            if (path, part) not in told:
                told[path, part] = _untaken(path, part, used, counts)
            path = told[path, part]
        yield path


def _untaken(path: str, part: bytes, used: set[str], counts: Counter[str]) -> str:
    """A path below `path` that no other part has; `counts` are the numbers that were given, and are not tried again."""
    readable = " ".join(_UNREADABLE_WORDS.sub(b"", part).decode("ascii").split())
    stem, dot, ending = readable.rpartition(".")
    stem, ending = (stem.strip(), dot + ending) if dot else (ending, "")
    place = f"{path}/" if path else ""
    own = f"{place}{stem}{ending}"
    while own in used or not any(map(str.isalnum, stem)):
        counts[f"{place}{stem}{ending}"] += 1
        number = counts[f"{place}{stem}{ending}"]
        own = f"{place}{stem} {number}{ending}" if any(map(str.isalnum, stem)) else f"{place}{number}{ending}"
        if own not in used:
            break
    used.add(own)
    return own
