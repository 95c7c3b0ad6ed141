"""Words in the codings that bytes of any kind can hold them in: UTF-8, UTF-16 and base64."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum

SHORTEST_IN_BINARY = 4  # bytes: shorter ones come up by chance
SHORTEST_BASE64 = 6  # letters
LETTERS = re.compile(rb"[A-Za-z0-9+/_-]*")  # of both alphabets; RFC 4648
AROUND = 240  # bytes that are read before and behind a word, to see what it is a part of


class Coding(StrEnum):
    """How a word is written; the value is what people read of it."""

    TEXT = "as text"
    READ = "as readers see it"
    UTF16 = "in UTF-16"
    BASE64 = "in base64"
    NAME = "as a part of its name"
    BESIDE = "beside its files"


def composed(words: Iterable[str]) -> set[str]:
    """Return the words with their accents as letters of their own and as parts of letters."""
    return {unicodedata.normalize(form, word) for word in words for form in ("NFC", "NFD")}


def cases(word: str) -> set[str]:
    """Return the ways in which people and programs write `word`."""
    return {word, word.lower(), word.upper(), word.title()}


def encoded(word: str, codec: str = "utf-8") -> bytes:
    """Return the bytes of `word`, whatever a system has put in it."""
    return word.encode(codec, errors="replace")


def in_utf16(word: str) -> Iterator[bytes]:
    """Yield the bytes of `word` in either order."""
    return (encoded(word, codec) for codec in ("utf-16-le", "utf-16-be"))


def in_base64(word: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the letters that stand for `word` at each of three places in a group, and how far in that is."""
    for before in range(3):
        letters = base64.b64encode(bytes(before) + word)
        skipped = -(-before * 8 // 6)
        whole = letters[skipped : (before + len(word)) * 8 // 6]
        if len(whole) >= SHORTEST_BASE64:
            yield skipped, whole
            yield skipped, whole.translate(bytes.maketrans(b"+/", b"-_"))


def utf16_around(data: bytes, at: int) -> bytes:
    """Return the text, in UTF-8, around the letter of UTF-16 at `at`, in both orders of bytes."""
    start = max(0, at - AROUND)
    near = b"\0" * ((at - start) % 2) + data[start : at + AROUND]
    near += b"\0" * (len(near) % 2)
    return b"\0".join(near.decode(codec, errors="replace").encode() for codec in ("utf-16-le", "utf-16-be"))


def base64_around(data: bytes, at: int) -> bytes:
    """Return the bytes that stand in base64 around the group of four letters that begins at `at`."""
    before = data[max(0, at - AROUND) : at]
    run = LETTERS.match(before[::-1])
    letters = before[len(before) - (len(run[0]) // 4 * 4 if run else 0) :] + data[at : at + AROUND]
    whole = LETTERS.match(letters)
    code = whole[0].translate(bytes.maketrans(b"-_", b"+/")) if whole else b""
    # What is left of the last group stands for bytes too; its zeros are no part of them.
    return base64.b64decode(code + b"A" * (-len(code) % 4))[: len(code) * 6 // 8]
