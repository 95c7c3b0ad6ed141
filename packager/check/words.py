"""Words that must not be in a tree, looked for in every form in which bytes can hold them."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from packager.check import jpeg, png
from packager.check.facts import Told
from packager.check.kinds import HEAD_BYTES, Kind, kind_of

SHORTEST_TRACE = 5  # letters: shorter names of users and hosts are words of any text
SHORTEST_IN_BINARY = 4  # bytes: shorter ones come up by chance
SHORTEST_BASE64 = 6  # letters
WRITTEN = frozenset((Kind.HTML, Kind.TEXT, Kind.SCRIPT))
DATA_URI = re.compile(rb"data:[\w/+.-]{0,60};base64,([A-Za-z0-9+/=]*)")


class How(StrEnum):
    """A form of a word in bytes; the value is how people are told."""

    TEXT = "as text"
    UTF16 = "in UTF-16"
    BASE64 = "in base64"


@dataclass(frozen=True, slots=True)
class Needle:
    """One word in one form; `written` are the bytes to look for, in small ASCII letters but for base64."""

    word: str
    how: How
    is_trace: bool
    written: frozenset[bytes]


def needles(never: Iterable[str], traces: Iterable[str]) -> tuple[Needle, ...]:
    """What to look for: words that somebody forbids, and the traces of a builder that are no everyday words."""
    telling = (trace for trace in traces if len(trace) >= SHORTEST_TRACE)
    return (*_needles(never, is_trace=False), *_needles(telling, is_trace=True))


def told(data: bytes, sought: tuple[Needle, ...]) -> tuple[Told, ...]:
    """The words of `sought` that `data`, a whole file or member of an archive, holds."""
    if not sought:
        return ()
    found: dict[Told, None] = {}
    for piece, is_text in _pieces(data):
        lowered = piece.lower()
        for needle in sought:
            where = piece if needle.how is How.BASE64 else lowered
            if any(form in where for form in needle.written if is_text or len(form) >= SHORTEST_IN_BINARY):
                found[Told(needle.word, needle.how, needle.is_trace)] = None
    return tuple(found)


def _pieces(data: bytes) -> Iterator[tuple[bytes, bool]]:
    """What in `data` can hold words, and whether it is text; the codes of pictures cannot."""
    kind = kind_of(data[:HEAD_BYTES])
    if kind is Kind.JPEG:
        yield _without_scan(data), False
    elif kind is Kind.PNG:
        yield _without_rows(data), False
    elif kind in WRITTEN:
        yield DATA_URI.sub(b"data:", data), True
        for address in DATA_URI.finditer(data):
            yield from _pieces(_from_base64(address[1]))
    else:
        yield data, False


def _from_base64(letters: bytes) -> bytes:
    try:
        return base64.b64decode(letters)
    except binascii.Error:  # and then no browser shows it
        return b""


def _without_scan(data: bytes) -> bytes:
    try:
        walked = jpeg.walk(data)
    except jpeg.MarkerError:
        return data
    return data[: walked.scan_start] + data[walked.scan_end :]


def _without_rows(data: bytes) -> bytes:
    try:
        return png.beside_rows(data)
    except png.ChunkError:
        return data


def _needles(listed: Iterable[str], *, is_trace: bool) -> Iterator[Needle]:
    for word in dict.fromkeys(one.strip() for one in listed):
        if not word:
            continue
        forms = {unicodedata.normalize(form, case) for case in _cases(word) for form in ("NFC", "NFD")}
        texts = frozenset(form.encode(errors="replace").lower() for form in forms)
        wide = frozenset(
            form.encode(codec, errors="replace").lower() for form in forms for codec in ("utf-16-le", "utf-16-be")
        )
        coded = frozenset(code for form in forms for code in _in_base64(form.encode(errors="replace")))
        yield Needle(word, How.TEXT, is_trace, texts)
        yield Needle(word, How.UTF16, is_trace, wide)
        yield Needle(word, How.BASE64, is_trace, coded)


def _cases(word: str) -> set[str]:
    return {word, word.lower(), word.upper(), word.title()}


def _in_base64(word: bytes) -> Iterator[bytes]:
    """The letters that stand for `word` in base64, whichever of three places in a group it begins at; RFC 4648."""
    for before in range(3):
        letters = base64.b64encode(bytes(before) + word)
        whole = letters[-(-before * 8 // 6) : (before + len(word)) * 8 // 6]
        if len(whole) >= SHORTEST_BASE64:
            yield whole
            yield whole.translate(bytes.maketrans(b"+/", b"-_"))
