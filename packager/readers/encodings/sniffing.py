"""Which encoding the bytes of a text are in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from packager.readers.encodings.alphabets import ALPHABETS, EVERY_SCRIPT, Alphabet, Script

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))

_PLAUSIBLE = 0.4
_UNREADABLE = -4.0
_OUT_OF_PLACE = 0.1
_CONVINCING = 0.3
_SAMPLE_BYTES = 1 << 16
_WORDS = re.compile(r"[\w\u0e30-\u0e4e]+|[^\w\s]")


def codec_of(data: bytes, declared: str = "") -> str:
    """The Python codec that the text is most likely in.

    A byte order mark wins, then strict UTF-8, then `declared` where it fits, then what reads best.
    """
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return codec
    if has_controls(data):
        return _wide_codec(data) or ("utf-8" if b"\0" in data else _likely_codec(data))
    if b"\x1b$" in data:
        return "iso2022_kr" if b"\x1b$)C" in data else "iso2022_jp_2"
    for codec in ("utf-8", declared):
        if codec and _fits(data, codec):
            return codec
    return _likely_codec(data)


def has_controls(data: bytes) -> bool:
    """Whether there are bytes that no text of one byte a letter has."""
    return len(data.translate(None, _CONTROLS)) < len(data)


def _fits(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _wide_codec(data: bytes) -> str:
    """The encoding of a text whose control characters are halves of letters; "" where it is none."""
    sample = data[:_SAMPLE_BYTES]
    for codec in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        text = sample.decode(codec, errors="replace")
        is_whole = text.count("\ufffd") <= 1 and not has_controls(text.encode("utf-8", errors="replace"))
        if is_whole and _share(text, EVERY_SCRIPT) >= _CONVINCING:
            return codec
    return ""


def _share(text: str, letters: frozenset[str]) -> float:
    return sum(letter in letters for letter in text) / max(1, len(text))


def _likely_codec(data: bytes) -> str:
    sample = data[:_SAMPLE_BYTES]
    if _is_nearly_utf8(sample):
        return "utf-8"
    # Several bytes in a row make a common letter by chance far less often than one byte does.
    for scripts in ({Script.WIDE}, {Script.LATIN, Script.OTHER}):
        score, codec = _best(sample, (alphabet for alphabet in ALPHABETS if alphabet.script in scripts))
        if score >= _CONVINCING:
            return codec
    from charset_normalizer import from_bytes

    match = from_bytes(sample).best()
    return match.encoding if match and _fits(data, match.encoding) else "cp1252"


def _is_nearly_utf8(data: bytes) -> bool:
    """Whether a few damaged bytes are all that keeps the text from being UTF-8."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return broken * 4 < sum(letter >= "\x80" for letter in text) - broken


def _best(data: bytes, alphabets: Iterable[Alphabet]) -> tuple[float, str]:
    """The encoding that reads best, the first of equals, with its score."""
    scores = [
        (_score(data.decode(alphabet.codec, errors="replace"), alphabet), alphabet.codec) for alphabet in alphabets
    ]
    return max(scores, key=lambda scored: scored[0])


def _score(text: str, alphabet: Alphabet) -> float:
    """How much of what is not ASCII reads as text of the alphabet's languages: 1 for all of it."""
    words = _WORDS.findall(text)
    foreign = [(letter, word) for word in words for letter in word if letter >= "\x80"]
    return sum(_weight(letter, word, alphabet) for letter, word in foreign) / max(1, len(foreign))


def _weight(letter: str, word: str, alphabet: Alphabet) -> float:
    if letter == "\ufffd" or unicodedata.category(letter) in ("Cc", "Cn", "Co", "Cs"):
        return _UNREADABLE
    if not _is_in_place(word, alphabet.script):
        return _OUT_OF_PLACE
    if letter in alphabet.frequent:
        return 1.0
    return _PLAUSIBLE if _is_common(letter, alphabet) else 0.0


def _is_in_place(word: str, script: Script) -> bool:
    if script is Script.WIDE or len(word) == 1:
        return True
    has_ascii = any(letter < "\x80" for letter in word)
    return has_ascii is (script is Script.LATIN)


@cache
def _is_common(letter: str, alphabet: Alphabet) -> bool:
    if not alphabet.standard:
        return False
    try:
        return alphabet.first <= letter.encode(alphabet.standard)[0] <= alphabet.last
    except UnicodeEncodeError:
        return False
