"""The order of names and titles: 2 before 10, and the letters under which titles stand in a list."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from dataclasses import dataclass
from pathlib import PurePosixPath

Tokens = tuple[tuple[int, str], ...]

_COVER_STEMS = frozenset({"cover", "folder"})


def tokens(name: str) -> Tokens:
    """Return a name as texts and numbers in turn, texts first; names that differ only in form have equal tokens.

    A number is its count of digits and the digits, so that numbers of any length compare without being computed.
    """
    parts = re.split(r"(\d+)", unicodedata.normalize("NFKC", name).casefold())
    return tuple(_number(part) if position % 2 else (0, part) for position, part in enumerate(parts))


def natural_key(name: str) -> tuple[Tokens, str]:
    """Return the key that sorts names naturally, names with equal tokens by their characters."""
    return tokens(name), name


def page_key(path: PurePosixPath) -> tuple[object, ...]:
    """Return the key that sorts pages: chapters (folders) in their place, and in each a picture called cover first.

    Stems go before whole names, so that `page.png` comes before `page-2.png`; and `1.png` before the folder `1`.
    """
    folders = ((1, natural_key(part)) for part in path.parts[:-1])
    return (*folders, (0 if is_called_cover(path) else 1, natural_key(path.stem)), (-1, path.name))


def is_called_cover(path: PurePosixPath) -> bool:
    """Whether a picture's name says that it comes before all pages."""
    return path.stem.casefold() in _COVER_STEMS


def is_numbered(path: PurePosixPath) -> bool:
    """Whether a picture's name holds a number, which makes it a page."""
    return any(sign.isdigit() for sign in path.stem)


def _number(digits: str) -> tuple[int, str]:
    plain = "".join(str(unicodedata.digit(digit)) for digit in digits).lstrip("0")
    return len(plain), plain


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
