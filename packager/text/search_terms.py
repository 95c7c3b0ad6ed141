"""Texts -> the terms by which a reader's script finds them, and where each stands, as short strings of ASCII.

Words are found by their beginnings. Hangul, kana, Han and the scripts of South-East Asia have no spaces between words,
or endings that grow onto them: there each sign and each pair of signs that follow each other is a term. `find.js` does
the same with what is looked for; tests hold the two together.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import log2

DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3041-\u30fa\u30fc-\u30ff\u3131-\u314e\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff"
)
"""The signs of which pairs are terms, as the inside of a class of a regular expression."""

BETWEEN = (
    "\\0-/:-@\\[-`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964"
    "\u0965\u2000-\u206f\u20a0-\u20cf\u2100-\u214f\u2190-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3006-\u3020\u3030\u303d\u30fb"
    "\ud800-\udfff\ufe30-\ufe6f\ufeff-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufffc-\uffff"
)
"""What stands between words, likewise; the halves of signs beyond the first plane are among it."""

LONGEST = 24  # signs of a word; of longer ones the beginning is found
_RUN = re.compile(f"[{DENSE}]+|[^{DENSE}{BETWEEN}\U00010000-\U0010ffff]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_VOWEL_SIGNS = re.compile("[\u064b-\u0652\u0640]")
_IS_DENSE = re.compile(f"[{DENSE}]")
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-"
_MOST_BITS = 24


def folded(text: str) -> str:
    """Return the text as it is compared: without accents, Arabic vowel signs and large letters."""
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))
    return _VOWEL_SIGNS.sub("", plain.lower())


def is_dense(term: str) -> bool:
    """Whether a term is a sign or a pair of signs, and not a word."""
    return _IS_DENSE.match(term) is not None


def terms(text: str) -> frozenset[str]:
    """Return the terms of a text."""
    found: set[str] = set()
    for run in _RUN.findall(folded(text)):
        if is_dense(run):
            found.update(run)
            found.update(map("".join, pairwise(run)))
        else:
            found.add(run[:LONGEST])
    return frozenset(found)


def places(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Return every term of the texts with the numbers of those it stands in, from 0, in order and packed."""
    standing: defaultdict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        for term in terms(text):
            standing[term].append(number)
    return [(term, packed(standing[term])) for term in sorted(standing)]


def packed(numbers: Sequence[int]) -> str:
    """Return rising numbers as Golomb-Rice codes of their gaps, six bits a sign; the first sign is the parameter.

    Rice and Plaunt, "Adaptive variable-length coding" (1971). The last sign is filled up with ones, which are no code.
    """
    gaps = list(_gaps(numbers))
    mean = sum(gaps) / len(gaps)
    parameter = max(0, min(_MOST_BITS, round(log2(mean + 1) - 0.5)))
    low = (1 << parameter) - 1
    bits = "".join("1" * (gap >> parameter) + "0" + (f"{gap & low:0{parameter}b}" if parameter else "") for gap in gaps)
    bits += "1" * (-len(bits) % 6)
    return _SIGNS[parameter] + "".join(_SIGNS[int(bits[at : at + 6], 2)] for at in range(0, len(bits), 6))


def _gaps(numbers: Iterable[int]) -> Iterator[int]:
    last = -1
    for number in numbers:
        yield number - last - 1
        last = number
