"""Languages: which one a name says or a text is written in, and what each is called in English."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from packager.text.spelling import UNDETERMINED, language_tag, normal

_TABLE = tomllib.loads(Path(__file__).with_name("languages.toml").read_text(encoding="utf-8"))
_CODES = frozenset(_TABLE["codes"].split())
_TAG = re.compile(r"([a-z]{2,3})([-_](hans|hant|latn|cyrl|arab))?([-_]([a-z]{2}|[0-9]{3}))?")

# The letters of a script, and the language that most texts in it are in. Han is Japanese where Kana stands beside it.
_SCRIPTS = {
    "ko": re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]"),
    "ja": re.compile("[\u3041-\u309f\u30a1-\u30fa\u30fd-\u30ff]"),
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
    "ru": re.compile("[\u0400-\u052f]"),
    "ar": re.compile("[\u0620-\u064a\u0671-\u06d3\u06d5]"),
    "he": re.compile("[\u05d0-\u05ea]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "th": re.compile("[\u0e01-\u0e3a]"),
    "hi": re.compile("[\u0904-\u0939]"),
    "bn": re.compile("[\u0985-\u09b9]"),
    "pa": re.compile("[\u0a05-\u0a39]"),
    "gu": re.compile("[\u0a85-\u0ab9]"),
    "ta": re.compile("[\u0b85-\u0bb9]"),
    "te": re.compile("[\u0c05-\u0c39]"),
    "kn": re.compile("[\u0c85-\u0cb9]"),
    "ml": re.compile("[\u0d05-\u0d39]"),
    "si": re.compile("[\u0d85-\u0dc6]"),
    "lo": re.compile("[\u0e81-\u0eb0]"),
    "bo": re.compile("[\u0f40-\u0f6c]"),
    "my": re.compile("[\u1000-\u102a]"),
    "ka": re.compile("[\u10a0-\u10ff]"),
    "am": re.compile("[\u1200-\u137f]"),
    "km": re.compile("[\u1780-\u17b3]"),
    "hy": re.compile("[\u0531-\u0587]"),
    "": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}


@lru_cache(maxsize=1 << 16)
def _script_of(letter: str) -> str | None:
    """The first language of the script that a letter belongs to; None for what is no letter of them."""
    return next((language for language, letters in _SCRIPTS.items() if letters.match(letter)), None)


_TOLD_BY_WORDS = {"": "Latin", "ru": "Cyrillic", "ar": "Arabic", "hi": "Devanagari", "am": "Ethiopic"}
"""The scripts that many languages are written in, by the first of them: of these the words must tell."""
_SEVERAL = frozenset("az ha kk ks ku ky mn ms pa sd sr tg tk tt ug uz yi".split())
"""Languages that are written in more than one script."""
_LETTERS: dict[str, frozenset[str]] = {tag: frozenset(letters) for tag, letters in _TABLE["letters"].items()}

# Letters that tell the neighbours of a script's first language from it.
_TELLING_LETTERS = {
    "ru": ("uk", re.compile("[іїєґІЇЄҐ]")),
    "ar": ("fa", re.compile("[پچژگ]")),
    "he": ("yi", re.compile("[\u05f0-\u05f2]|[\u05d0][\u05b7\u05b8]")),
}

_WORD = re.compile("(?:[^\\W\\d_][\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u200c]*)+")
_LEAST_WORDS = 2
_LEAST_SHARE = 0.1  # of all words; of texts in languages that have many endings one word in nine is a frequent one
_LEAST_LEAD = 0.5  # the square of the lead, in parts of the score: as chance has it, a third of all ties would reach it
_FOREIGN = (2, 200)  # letters of names that any text may have, and one more in so many
_USUAL = frozenset("абвгдежзклмнопрстуфхцчш")  # letters that all alphabets of the script have
_FEW_WORDS = 12
_ENOUGH_TO_DOUBT = 100  # letters
_ENOUGH = 100_000  # characters; more do not change the answer

_BY_NAME = {
    normal(name).casefold(): tag for names in ("names", "own_names") for tag, name in reversed(_TABLE[names].items())
}


def known_language(word: str) -> str:
    """Return the tag that a folder's or a file's name says, as in `ko`, `zh-Hant`; "" where it names no language.

    Stricter than BCP 47, in which `my-comic` would be a variant of Burmese.
    """
    match = _TAG.fullmatch(word.lower())
    return language_tag(word) if match and match[1] in _CODES else ""


def folder_language(name: str) -> str:
    """Return the tag that the name of a folder of pages says, as `ko`, `Korean` or `한국어`; "" where it says none."""
    return known_language(name) or _BY_NAME.get(normal(name).strip().casefold(), "")


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
    """Return the language of `text` by its script, its letters and its frequent words; "und" where they do not tell.

    Of a few words in a script that many languages share, it is the one that most texts are in.
    """
    if (told := guess_by_words(text)) != UNDETERMINED:
        return told
    text = text[:_ENOUGH]
    is_brief = len(_WORD.findall(text)) < _FEW_WORDS
    usual = guess_by_script(text) if is_brief else ""
    return usual if usual and not _has_foreign_letters(text, usual, few=0) else UNDETERMINED


def guess_by_words(text: str) -> str:
    """Return the language of `text` by the script that it alone is written in, or by frequent words; "und" for none."""
    text = text[:_ENOUGH]
    script = _main_script(text)
    if script is None or script not in _TOLD_BY_WORDS:
        return (guess_by_script(text) if script else "") or UNDETERMINED
    words = Counter(_WORD.findall(text.lower()))
    total = words.total()
    lists = _weights()[_TOLD_BY_WORDS[script]]
    scores = {
        language: sum(words[word] * weight for word, weight in weights.items())
        for language, weights in lists.items()
        if not _has_foreign_letters(text, language)
    }
    ranked = sorted(scores.items(), key=lambda score: -score[1])
    if ranked:
        first, most = ranked[0]
        lead = most - (ranked[1][1] if len(ranked) > 1 else 0)
        found = [word for word in lists[first] if words[word]]
        # A letter that stands alone may name a thing, again and again.
        is_told = sum(words[word] if len(word) > 1 else 1 for word in found) >= _LEAST_WORDS
        is_usual = sum(words[word] for word in found) >= _LEAST_SHARE * total
        if is_told and is_usual and lead**2 >= _LEAST_LEAD * most:
            return first
    return UNDETERMINED


@cache
def _weights() -> dict[str, dict[str, dict[str, float]]]:
    """The words of each language, by script; a word of several languages tells less."""
    tables = {
        script: {tag: frozenset(words.split()) for tag, words in lists.items()}
        for script, lists in _TABLE["words"].items()
    }
    times = {script: Counter(word for words in lists.values() for word in words) for script, lists in tables.items()}
    return {
        script: {tag: {word: times[script][word] ** -0.5 for word in sorted(words)} for tag, words in lists.items()}
        for script, lists in tables.items()
    }


def _has_foreign_letters(text: str, language: str, few: int = _FOREIGN[0]) -> bool:
    """Whether it has more letters that the language has not than names of others bring."""
    if language not in _LETTERS:
        return False
    foreign = sum(
        count
        for letter, count in Counter(text.lower()).items()
        if letter > "\x7f" and letter.isalpha() and letter not in _LETTERS[language] and letter not in _USUAL
    )
    return foreign > few + len(text) // _FOREIGN[1]


def is_told_by_letters(text: str) -> bool:
    """Whether the text is in a language that has all of its letters, or in one of those that their script tells."""
    language = guess_by_words(text)
    return language != UNDETERMINED and not _has_foreign_letters(text, language, few=0)


def is_told_by_script(text: str) -> bool:
    """Whether the letters of the text write one language alone."""
    return _main_script(text) not in (None, *_TOLD_BY_WORDS)


def script_doubt(tag: str, text: str) -> str:
    """Return what letters a text is written in where its language is not written in them; "" where all is well."""
    text = text[:_ENOUGH]
    language = tag.partition("-")[0]
    script = _main_script(text)
    written_in = {key for key, name in _TOLD_BY_WORDS.items() if language in _TABLE["words"][name]}
    written_in |= {"zh", language} if language in ("ja", "ko") else {language} & _SCRIPTS.keys()
    if script is None or script in written_in or not written_in or language in _SEVERAL or tag.count("-Latn"):
        return ""
    letters = _letters_by_script(text)
    own, others = (sum(letters[key] for key in keys) for keys in (written_in, [script]))
    if others < _ENOUGH_TO_DOUBT or own * 10 > others:
        return ""
    return _TOLD_BY_WORDS.get(script) or _TABLE["names"][script]


def _main_script(text: str) -> str | None:
    """The script of most letters, by its first language; None for a text without letters."""
    counts = _letters_by_script(text)
    if counts["ja"] * 20 > counts["zh"]:
        counts["ja"] += counts.pop("zh")
    script = max(counts, key=lambda candidate: counts[candidate])
    return script if counts[script] else None


def _letters_by_script(text: str) -> Counter[str]:
    """How many letters of each script there are, each script by its first language, in the order of the table."""
    counts = Counter(dict.fromkeys(_SCRIPTS, 0))
    for letter, times in Counter(text).items():
        if (script := _script_of(letter)) is not None:
            counts[script] += times
    return counts


def guess_by_script(text: str) -> str:
    """Return the language that most texts in the script of `text` are in; "" for Latin letters and for none."""
    language = _main_script(text[:_ENOUGH]) or ""
    if language in _TELLING_LETTERS:
        neighbour, letters = _TELLING_LETTERS[language]
        return neighbour if letters.search(text) else language
    return language


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
