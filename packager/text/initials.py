"""The letters under which titles stand in a list, and their order there."""

from __future__ import annotations

import unicodedata
from bisect import bisect
from dataclasses import dataclass

DIGITS = "0-9"
SIGNS = "#"  # a title without a letter or a digit

# Unicode's Hangul syllables stand in blocks of 588 to a first consonant; doubled ones are listed with their single.
_SYLLABLES = "가가나다다라마바바사사아자자차카타파하"
_FIRST_SYLLABLE, _LAST_SYLLABLE, _BLOCK = ord("가"), ord("힣"), 588
# The rows of the fifty sounds begin at these signs, in the order of Unicode; small vowels stand before large ones.
_ROW_STARTS = "ぁかさたなはまゃらゎ"
_ROWS = "あかさたなはまやらわ"
_KATAKANA = ord("ァ") - ord("ぁ")
_SCRIPT_OF = {"ko": "HANGUL", "ja": "HIRAGANA", "ru": "CYRILLIC", "ar": "ARABIC", "zh": "LATIN"}


@dataclass(frozen=True, slots=True, order=True)
class Initial:
    """A heading in a list of titles; sorts by `rank` (the reader's own script first), then by the label."""

    rank: int
    script: str
    label: str


def initial(title: str, language: str) -> Initial:
    """The letter for `title` in a list that readers of `language` look through."""
    sign = next((sign for sign in unicodedata.normalize("NFC", title) if sign.isalnum()), "")
    if not sign:
        return Initial(4, "", SIGNS)
    if sign.isdecimal():
        return Initial(0, "", DIGITS)
    script, label = _letter(sign)
    own = _SCRIPT_OF.get(language.partition("-")[0], "LATIN")
    return Initial(1 if script == own else 2 if script == "LATIN" else 3, script, label)


def sort_key(title: str, language: str) -> tuple[Initial, str, str]:
    """What titles are sorted by: the letter, then the sound of Chinese and Latin ones, then the signs."""
    from anyascii import anyascii

    first = initial(title, language)
    plain = "".join(sign for sign in title if sign.isalnum() or sign.isspace()).strip()
    return first, anyascii(plain).casefold() if first.script == "LATIN" else plain.casefold(), title


def _letter(sign: str) -> tuple[str, str]:
    """The script of a sign, and the letter that lists have for it."""
    code = ord(sign)
    if _FIRST_SYLLABLE <= code <= _LAST_SYLLABLE:
        return "HANGUL", _SYLLABLES[(code - _FIRST_SYLLABLE) // _BLOCK]
    if "ァ" <= sign <= "ヺ":
        sign = chr(code - _KATAKANA)
    if "ぁ" <= sign <= "ゖ":
        return "HIRAGANA", _ROWS[bisect(_ROW_STARTS, sign) - 1]
    base = unicodedata.normalize("NFKD", sign)[0].upper()
    script = unicodedata.name(base[0], "").partition(" ")[0]
    if script in ("LATIN", "CJK"):
        return "LATIN", _latin(base)
    return script, base


def _latin(sign: str) -> str:
    """A to Z: also for letters such as Ø, and for Chinese characters by their sound in pinyin."""
    from anyascii import anyascii

    spelt = anyascii(sign)[:1].upper()
    return spelt if "A" <= spelt <= "Z" else SIGNS
