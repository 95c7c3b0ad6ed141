"""Languages: which one a name says or a text is written in, and what each is called in English."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from packager.text.spelling import UNDETERMINED, language_tag

_TABLE = tomllib.loads(Path(__file__).with_name("languages.toml").read_text(encoding="utf-8"))
_CODES = frozenset(_TABLE["codes"].split())
_FREQUENT_WORDS: dict[str, list[str]] = {tag: words.split() for tag, words in _TABLE["frequent_words"].items()}

_TAG = re.compile(r"([a-z]{2,3})([-_](hans|hant|latn|cyrl|arab))?([-_]([a-z]{2}|[0-9]{3}))?")

# The letters of a script, and the language that most texts in it are in. Han is Japanese where Kana stands beside it.
_SCRIPTS = {
    "ko": re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]"),
    "ja": re.compile("[\u3041-\u309f\u30a1-\u30fa\u30fd-\u30ff]"),
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
    "ru": re.compile("[\u0400-\u052f]"),
    "ar": re.compile("[\u0620-\u064a\u0671-\u06d3]"),
    "he": re.compile("[\u05d0-\u05ea]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "th": re.compile("[\u0e01-\u0e3a]"),
    "hi": re.compile("[\u0904-\u0939]"),
    "": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}

# Letters that tell the neighbours of a script's first language from it.
_TELLING_LETTERS = {"ru": ("uk", re.compile("[іїєґІЇЄҐ]")), "ar": ("fa", re.compile("[پچژگ]"))}

_ENOUGH = 100_000  # characters; more do not change the answer


def known_language(word: str) -> str:
    """Return the tag that a folder's or a file's name says, as in `ko`, `zh-Hant`; "" where it names no language.

    Stricter than BCP 47, in which `my-comic` would be a variant of Burmese.
    """
    match = _TAG.fullmatch(word.lower())
    return language_tag(word) if match and match[1] in _CODES else ""


def language_called(text: str) -> str:
    """Return the tag that a text says, as in `ko`, `en_US.UTF-8`, `Korean`; "" where it says none."""
    word = text.strip().partition(".")[0]
    named = next((tag for tag, name in _TABLE["names"].items() if name.lower() == word.lower()), "")
    return named or language_tag(word)


def split_language(stem: str) -> tuple[str, str]:
    """`window.ko` -> (`window`, `ko`); a stem without a language is returned whole, with ""."""
    base, dot, word = stem.rpartition(".")
    language = known_language(word) if dot and base else ""
    return (base, language) if language else (stem, "")


def guess(text: str) -> str:
    """Return the language of `text` by its script, of Latin letters by frequent words; "und" where neither tells."""
    if language := guess_by_script(text):
        return language
    words = Counter(re.findall(r"[^\W\d_]+", text[:_ENOUGH].lower()))
    hits = {language: sum(words[word] for word in frequent) for language, frequent in _FREQUENT_WORDS.items()}
    (first, most), (_, second) = sorted(hits.items(), key=lambda hit: -hit[1])[:2]
    return first if most >= 2 and most > second else UNDETERMINED


def guess_by_script(text: str) -> str:
    """Return the language that most texts in the script of `text` are in; "" for Latin letters and for none."""
    text = text[:_ENOUGH]
    counts = {language: len(letters.findall(text)) for language, letters in _SCRIPTS.items()}
    if counts["ja"] * 20 > counts["zh"]:
        counts["ja"] += counts.pop("zh")
    language = max(counts, key=lambda candidate: counts[candidate])
    if language in _TELLING_LETTERS:
        neighbour, letters = _TELLING_LETTERS[language]
        return neighbour if letters.search(text) else language
    return language if counts[language] else ""


def language_name(tag: str) -> str:
    """`ko` -> `Korean (ko)`, `zh-Hant` -> `Chinese (zh-Hant)`; the tag in backticks where the name is not known."""
    if tag == UNDETERMINED:
        return "an unknown language"
    name = _TABLE["names"].get(tag.partition("-")[0])
    return f"{name} ({tag})" if name else f"`{tag}`"


def same_language(one: str, other: str) -> bool:
    """Whether two tags share their primary language."""
    return one.partition("-")[0] == other.partition("-")[0]


def prefer(available: Iterable[str], wanted: Iterable[str]) -> str:
    """Return the first of `available` that `wanted` asks for, in the order of `wanted`, else the first; "" of none."""
    tags = list(available)
    matches = (tag for wish in wanted for tag in tags if same_language(tag, wish))
    return next(matches, tags[0] if tags else "")
