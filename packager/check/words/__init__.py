"""Words that must not be in a tree, looked for in every form in which bytes can hold them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain

from packager.check.facts import WordMatch
from packager.check.words import traces
from packager.check.words.pieces import (
    SHORTEST_IN_BINARY,
    Coding,
    Content,
    Piece,
    cases,
    composed,
    encoded,
    in_base64,
    in_utf16,
    pieces,
)
from packager.check.words.readings import TextKind, find_readable, is_short
from packager.files.signatures import extension

__all__ = ["NO_WORDS", "Coding", "WordSearch", "find_in_name", "find_in_notes", "find_words", "word_search"]

MOST_METADATA_BYTES = 1024 * 1024  # of a picture are read as text
LEGIBLE = re.compile(rb"[^\x00-\x08\x0b\x0c\x10-\x1a\x1c-\x1f\x7f]{4,}")  # SO, SI and ESC shift letters of ISO 2022
CODE_NAMES = frozenset(("css", "js", "mjs"))
# A date that every book must have; EPUB 3.3, 5.5.5.
MODIFIED = re.compile(rb"(<meta\s[^<>]*\bdcterms:modified\b[^<>]*>)[^<]*")


@dataclass(frozen=True, slots=True)
class WordSearch:
    """What to look for: words that somebody forbids, in any form, and traces of a builder, each exactly."""

    never: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()


NO_WORDS = WordSearch()


def word_search(never: Iterable[str], traces_: Iterable[str]) -> WordSearch:
    """Return what to look for, without doubles; of traces only those that are no everyday words."""
    return WordSearch(_distinct(never), traces.without_everyday_words(_distinct(traces_)))


def find_words(data: bytes, search: WordSearch, name: str = "") -> tuple[WordMatch, ...]:
    """Return the words that `data`, a whole file or member of an archive called `name`, holds."""
    if search == NO_WORDS:
        return ()
    kind = TextKind.CODE if extension(name) in CODE_NAMES else TextKind.DOCUMENT
    matches: dict[WordMatch, None] = {}
    for piece in pieces(data):
        lowered = piece.data.lower()
        for word in search.never:
            codings = _codings(word, piece.data, lowered, is_text=piece.is_text)
            matches |= dict.fromkeys(WordMatch(word, coding) for coding in codings)
        if piece.is_read:
            known = {match.word for match in matches}
            left = [word for word in search.never if word not in known]
            if piece.is_text:
                words = find_readable(piece.data, left, kind)
            else:
                metadata = b"\n".join(LEGIBLE.findall(piece.data, 0, MOST_METADATA_BYTES))
                words = find_readable(metadata, left, TextKind.METADATA)
            matches |= dict.fromkeys(WordMatch(word, Coding.READ) for word in words)
        matches |= dict.fromkeys(_traces(piece, search.traces))
    return tuple(matches)


def find_in_name(path: str, search: WordSearch, titles: str = "") -> tuple[WordMatch, ...]:
    """Return the words in the last step of `path`, the name of a file or folder, in whatever encoding it was meant.

    Of the names of a computer not those that are words of `titles`, after which files may be called.
    """
    name = path.rpartition("/")[2]
    spellings = {encoded(name)}
    for codec, errors in (("utf-8", "surrogateescape"), ("cp437", "strict")):  # of Linux, and of ZIP
        with suppress(UnicodeEncodeError):
            spellings.add(name.encode(codec, errors))
    readable = (find_readable(data, search.never, TextKind.NAME) for data in sorted(spellings))
    words = dict.fromkeys(chain.from_iterable(readable))
    telling = (word for word in search.traces if traces.ends_in(word, path, encoded(titles)))
    return (
        *(WordMatch(word, Coding.NAME) for word in words),
        *(WordMatch(word, Coding.NAME, is_trace=True) for word in telling),
    )


def find_in_notes(notes: bytes, search: WordSearch) -> tuple[WordMatch, ...]:
    """Return the words in comments and extra fields of an archive, in whatever encoding they are."""
    lowered = notes.lower()
    words = {word: False for word in search.never if any(_codings(word, notes, lowered, is_text=False))}
    words |= dict.fromkeys(find_readable(notes, search.never, TextKind.NAME), False)
    for trace in search.traces:
        if any(traces.codings(trace, notes, lowered, Content.METADATA)):
            words.setdefault(trace, True)
    return tuple(WordMatch(word, Coding.BESIDE, is_trace=is_trace) for word, is_trace in words.items())


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(str.strip, words))))


def _traces(piece: Piece, names: tuple[str, ...]) -> Iterator[WordMatch]:
    data = MODIFIED.sub(rb"\1", piece.data) if b"dcterms:modified" in piece.data else piece.data
    if piece.is_text and b"&#" in data:
        data = b"\n".join((data, html.unescape(data.decode(errors="replace")).encode(errors="replace")))
    lowered = data.lower() if names else b""
    for name in names:
        for coding in traces.codings(name, data, lowered, piece.content):
            yield WordMatch(name, coding, is_trace=True)


def _codings(word: str, data: bytes, lowered: bytes, *, is_text: bool) -> Iterator[Coding]:
    """Yield the codings in which `data` holds a word; in what is no text short ones come up by chance."""
    if is_short(word):
        return
    is_wide = not word.isascii() or b"\0" in data
    for coding, forms in _forms(word).items():
        if coding is Coding.UTF16 and not is_wide:
            continue
        where = data if coding is Coding.BASE64 else lowered
        if any(form in where for form in forms if is_text or len(form) >= SHORTEST_IN_BINARY):
            yield coding


@cache
def _forms(word: str) -> dict[Coding, frozenset[bytes]]:
    """Return what to look for, in small ASCII letters but for base64."""
    forms = composed(cases(word))
    return {
        Coding.TEXT: frozenset(encoded(form).lower() for form in forms),
        Coding.UTF16: frozenset(wide.lower() for form in forms for wide in in_utf16(form)),
        Coding.BASE64: frozenset(letters for form in forms for _, letters in in_base64(encoded(form))),
    }
