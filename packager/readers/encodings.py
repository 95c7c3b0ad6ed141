"""Bytes of unknown encoding -> clean text."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from packager.archive.names import common_letters
from packager.archive.read import read_source
from packager.errors import SourceError
from packager.model import Source
from packager.readers.language import guess_by_words, is_told_by_letters, is_told_by_script
from packager.readers.western import is_western
from packager.sandbox.limits import LIMITS
from packager.text.spelling import UNDETERMINED
from packager.text.terminal import clean

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_ISO_2022, _HZ_BEGIN, _HZ_END = b"\x1b$", b"~{", b"~}"
"""How the encodings of seven bits a byte begin to write other letters than ASCII's, and end it."""
_HZ_FIRST = frozenset((*range(0x21, 0x2A), *range(0x30, 0x58)))  # signs and the frequent letters; the others are rare
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))
_SAMPLE_BYTES = 1 << 16

_COMMON = re.compile(
    "[\t\n\r -~\xa0-\u17ff\u1e00-\u1eff\u2010-\u203f\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffee]"
)
_SHARED = 0.02  # of the letters in a text without mark: Chinese has few spaces and many upper bytes
_EAST_ASIAN = 0x30  # the upper byte of their first letters and signs
_RARE = (
    "cp1006 cp860 cp861 cp863 cp865 hp-roman8 iso8859-3 iso8859-10 iso8859-14 iso8859-16 koi8-t kz1048 mac-greek "
    "mac-iceland mac-latin2 ptcp154 utf-7".split()
)
"""Encodings that hardly any text is in, and that short texts are taken for."""
_OLD = (
    "cp1252 cp1250 cp1251 cp1254 cp1257 cp1253 cp1256 iso8859-2 iso8859-15 iso8859-5 iso8859-13 iso8859-16 "
    "iso8859-4 iso8859-10 iso8859-7 iso8859-6 koi8-r koi8-u cp866 cp850 cp852 cp855 cp775 cp857 cp861 cp737 cp720 "
    "mac-roman mac-latin2 mac-cyrillic mac-greek mac-turkish mac-iceland kz1048 ptcp154".split()
)
"""Encodings of a byte a letter; what they write is tried for sense where the likeliest encoding makes none."""
_WIDE = ("cp949", "utf-16-le", "utf-16-be")
_JUDGED_BYTES = 1 << 13
_FAR_EASTERN_QUOTES = re.compile(rb"[\x00-\x7f]*(?:\xa1[\xa6\xaa\xae-\xb1][\x00-\x7f]*)+")
"""English with the signs that Korean systems write, in KS X 1001; its quotes have the same places in GB 2312."""
_LETTERS_SHARE, _SIGNS_SHARE = 0.8, 0.2  # of what is not ASCII in a text: where letters are read as signs, it is none
_LATIN = "a-zA-Z\xaa\xba\xc0-\u024f\u1e00-\u1eff"
_TWO_SCRIPTS = re.compile(rf"[a-zA-Z][^\W\d_{_LATIN}]|[^\W\d_{_LATIN}][a-zA-Z]")
_UNREADABLE = ("Cc", "Cn", "Co", "Cs")
_ODD_SHARE = 0.03

_BINARY_SHARE = 0.02
_STRAY = 8
"""Control characters that any text may hold: terminals and old editors leave them."""
_CONTROL = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]|[\x00-\x08\x0e-\x19\x1b-\x1f]")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text, the codec it was in, and how many control characters were dropped from it.

    `is_guess` where nothing but its letters told the codec, and `is_poor` where the words that these make tell nothing.
    """

    text: str
    codec: str
    dropped: int
    is_guess: bool = False
    is_poor: bool = False


def decode(data: bytes, *, declared: str = "", label: str = "") -> str:
    """Return the text in `data`: NFC, lines ended by a newline, nothing in it that cannot be seen.

    `declared` is the codec that the text itself names. Raises SourceError, naming `label`, for what is not text.
    """
    return decoded(data, declared=declared, label=label).text


def decoded(data: bytes, *, declared: str = "", label: str = "") -> DecodedText:
    """Return what `decode` returns, with the codec and the number of characters dropped."""
    codec, is_guess = _codec_of(data, declared)
    text, dropped = _CONTROL.subn("", raw := data.decode(codec, errors="replace"))
    # No editor leaves zeros: a few of them are damage in a long text, and many in a short one a file of another kind.
    if dropped > max(0 if "\0" in raw else _STRAY, _BINARY_SHARE * len(raw)):
        raise SourceError("is not a text", where=label or None, hint="Save it as plain text, Markdown or HTML.")
    cleaned = clean(text)
    is_poor = is_guess and not _makes_sense(cleaned)
    return DecodedText(cleaned, codec, dropped, is_guess, is_poor)


def text_of(source: Source) -> str:
    """Return the words of a plain text in any encoding; raises SourceError. A job for a worker."""
    text = decode(read_source(source), label=source.label)
    if len(escape(text, quote=False).encode()) > LIMITS.text_bytes:  # as documents hold them
        what = f"has more than {LIMITS.text_bytes >> 20} MB of words"
        raise SourceError(what, where=source.label, hint="Split it into several texts.")
    return text


def _codec_of(data: bytes, declared: str) -> tuple[str, bool]:
    """Return the codec of a byte order mark, else strict UTF-8, else `declared` where it fits, else the likeliest.

    Also whether it is the likeliest only.
    """
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return codec, False
    sample = data[:_SAMPLE_BYTES]
    if len(data.translate(None, _CONTROLS)) < len(data):
        wide = _wide_codec(sample) or ("utf-8" if b"\0" in data else "")
        return (wide, False) if wide else (_likely_codec(sample), True)
    if data.isascii() and (_ISO_2022 in data or _is_hz(sample)):
        return _likely_codec(sample), True
    for codec in filter(None, ("utf-8", declared)):
        with suppress(UnicodeDecodeError, LookupError):
            data.decode(codec)
            return codec, False
    return ("utf-8", False) if _is_nearly_utf8(sample) else (_likely_codec(sample), True)


def _is_nearly_utf8(data: bytes) -> bool:
    """Whether a few damaged bytes are all that keeps the text from being UTF-8."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return broken * 4 < sum(letter >= "\x80" for letter in text) - broken


def _is_hz(data: bytes) -> bool:
    """Whether most of what stands between the signs of HZ, which shells and LaTeX have too, can be Chinese."""
    parts = (part.partition(_HZ_END) for part in data.split(_HZ_BEGIN)[1:])
    firsts = b"".join(inside[::2] for inside, end, _ in parts if end and len(inside) % 2 == 0)
    return len(firsts) < 2 * sum(first in _HZ_FIRST for first in firsts)


def _wide_codec(data: bytes) -> str:
    """Return the encoding of two or four bytes a letter that the text is in; "" where it is in none.

    Letters of one script share their upper byte, so that the wrong order of bytes shows many scripts.
    """
    possible = {
        "utf-32-le": len(data) % 4 == 0,
        "utf-32-be": len(data) % 4 == 0,
        "utf-16-le": _shares_upper(data[1::2], data[::2]),
        "utf-16-be": _shares_upper(data[::2], data[1::2]),
    }
    texts = {codec: data.decode(codec, errors="replace") for codec, is_possible in possible.items() if is_possible}
    uppers = {codec: {ord(letter) >> 8 for letter in text} for codec, text in texts.items() if _is_readable(text)}
    return min(uppers, key=lambda codec: len(uppers[codec]), default="")


def _shares_upper(uppers: bytes, lowers: bytes) -> bool:
    """Whether letters share an upper byte, be it the zero of spaces; in bytes of another kind both halves are alike."""
    (commonest, _), *_ = Counter(uppers).most_common(1) or [(0, 0)]
    return len(uppers) == len(lowers) and any(
        uppers.count(byte) > max(4 * lowers.count(byte), _SHARED * len(uppers)) for byte in (0, commonest)
    )


def _is_readable(text: str) -> bool:
    """Whether a text may have been meant: hardly a letter is rare, and scripts stand together as they do in texts.

    Chinese, Japanese and Korean spread over many upper bytes; letters of other scripts mix with ASCII, if only with
    spaces and line ends, or have one upper byte. A few bytes of a program are none of these.
    """
    if "\0" in text or len(_COMMON.findall(text)) < 0.9 * len(text):
        return False
    uppers = {ord(letter) >> 8 for letter in text}
    return len(uppers) == 1 or min(uppers, default=0) >= _EAST_ASIAN or any(map(str.isascii, text))


def _likely_codec(data: bytes) -> str:
    """Return the likeliest codec, else one in which the text is in a language with all of its letters."""
    codec, sample = _codec_by_letters(data), data[:_JUDGED_BYTES]
    text = sample.decode(codec, errors="replace")
    if codec in _WIDE or (_makes_sense(text) and is_told_by_letters(text)):
        return codec
    return next((other for other in _OLD if _is_told_in(other, sample)), codec)


def _is_told_in(codec: str, data: bytes) -> bool:
    text = data.decode(codec, errors="replace")
    is_possible = _share_of("LM", text) >= _LETTERS_SHARE and not _oddities(text) and not is_told_by_script(text)
    return is_possible and is_told_by_letters(text)


def _makes_sense(text: str) -> bool:
    """Whether it is in a language that is known, and not mostly of boxes and signs."""
    return guess_by_words(text) != UNDETERMINED and _share_of("S", text) <= _SIGNS_SHARE


def _share_of(categories: str, text: str) -> float:
    """How much of what is not ASCII in it is of these categories of Unicode."""
    foreign = [letter for letter in text if letter > "\x7f"]
    return sum(unicodedata.category(letter)[0] in categories for letter in foreign) / (len(foreign) or 1)


def _codec_by_letters(data: bytes) -> str:
    """Return the first codec that is likely and in which hardly a letter is out of place."""
    if _FAR_EASTERN_QUOTES.fullmatch(data):
        return "cp949"
    if is_western(data):
        return "cp1252"
    for codec in ("cp949", "utf-16-le", "utf-16-be"):
        if _is_korean(data.decode(codec, errors="replace")):
            return codec
    oddities = {}
    for codec in _candidates(data):
        text = data.decode(codec, errors="replace")
        oddities[codec] = _oddities(text)
        if oddities[codec] <= _ODD_SHARE * len(text):
            return codec
    return min(oddities, key=lambda codec: oddities[codec], default="cp1252")


def _is_korean(text: str) -> bool:
    """Whether at least half of what is not ASCII is syllables that Korean uses most."""
    foreign = [letter for letter in text if letter >= "\x80"]
    common = common_letters("Korean")
    return 0 < len(foreign) <= 2 * sum(letter in common for letter in foreign)


def _candidates(data: bytes) -> list[str]:
    """Return the codecs that the library thinks of, the likeliest first.

    It rules out every codec that a damaged byte does not fit: one half of the text at least may be intact. A half in
    ASCII tells nothing of the other.
    """
    from chardet import EncodingEra, detect_all

    lines = data.splitlines(keepends=True)
    halves = (b"".join(part) for part in (lines[: len(lines) // 2], lines[len(lines) // 2 :]))
    confidence: dict[str, float] = {}
    for part in dict.fromkeys((data, *(half for half in halves if not half.isascii()))):
        for match in detect_all(
            part,
            encoding_era=EncodingEra.ALL & ~EncodingEra.MAINFRAME,
            ignore_threshold=True,
            compat_names=False,
            exclude_encodings=_RARE,
        ):
            if codec := match["encoding"]:
                confidence[codec] = max(confidence.get(codec, 0), match["confidence"])
    return sorted(confidence, key=lambda codec: -confidence[codec])


def _oddities(text: str) -> int:
    """Return how many letters no writer would put there: unassigned ones, capitals or other scripts inside words."""
    unreadable = sum(
        letter == "\ufffd" or (letter not in "\t\n\v\f\r\x1a\x1b" and unicodedata.category(letter) in _UNREADABLE)
        for letter in text
    )
    capitals = sum(before.islower() and letter > "\x7f" and letter.isupper() for before, letter in pairwise(text))
    return unreadable + capitals + len(_TWO_SCRIPTS.findall(text))
