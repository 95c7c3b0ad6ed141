"""Words that must not be in a tree, looked for in every form in which bytes can hold them."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from packager.check import gif, jpeg, png, traces
from packager.check.coded import How, cases, composed, encoded, in_base64, in_utf16
from packager.check.containers.origin import Origin
from packager.check.facts import Told
from packager.check.kinds import HEAD_BYTES, Kind, kind_of
from packager.check.seen import folded, readings, texts

__all__ = ["NOTHING", "How", "Sought", "needles", "told", "told_beside", "told_in_name", "told_in_notes"]

SHORTEST_IN_BINARY = 4  # bytes: shorter ones come up by chance
MOST_METADATA_BYTES = 1024 * 1024  # of a picture are read as text
WRITTEN = frozenset((Kind.HTML, Kind.TEXT, Kind.SCRIPT))
MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What programs write into pictures, books and films of many kinds.
XMP = re.compile(rb"<x:xmpmeta(?:(?!<x:xmpmeta).)*?</x:xmpmeta>", re.DOTALL)
DATA_URI = re.compile(rb"data:[\w/+.;=-]{0,80}?;base64,([A-Za-z0-9+/=]*)")


@dataclass(frozen=True, slots=True)
class Sought:
    """What to look for: words that somebody forbids, in any form, and traces of a builder, each exactly."""

    never: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()


NOTHING = Sought()


def needles(never: Iterable[str], traces_: Iterable[str]) -> Sought:
    """What to look for, without doubles; of traces only those that are no everyday words."""
    cleaned = (tuple(dict.fromkeys(word for one in listed if (word := one.strip()))) for listed in (never, traces_))
    forbidden, telling = cleaned
    return Sought(forbidden, traces.telling(telling))


def told(data: bytes, sought: Sought) -> tuple[Told, ...]:
    """The words of `sought` that `data`, a whole file or member of an archive, holds."""
    if sought == NOTHING:
        return ()
    found: dict[Told, None] = {}
    for piece, is_text, is_read in _pieces(data):
        lowered = piece.lower()
        for word in sought.never:
            found |= {Told(word, how, is_trace=False): None for how in _forms_of(word, piece, lowered, is_text)}
        if is_read:
            found |= {Told(word, How.SEEN, is_trace=False): None for word in _seen(piece, sought.never, found, is_text)}
        for word in sought.traces:
            found |= {Told(word, how, is_trace=True): None for how in traces.forms_of(word, piece, lowered)}
    return tuple(found)


def _seen(data: bytes, listed: tuple[str, ...], found: Iterable[Told], is_text: bool) -> tuple[str, ...]:
    """Those of the words that readers find in the text in `data`, apart from those that were found in its bytes."""
    known = {one.word for one in found}
    left = [word for word in listed if word not in known and (is_text or len(encoded(word)) >= SHORTEST_IN_BINARY)]
    if not left:
        return ()
    sources = texts(data) if is_text else (data[:MOST_METADATA_BYTES].decode(errors="replace"),)
    shown = "\n".join(folded(reading) for text in sources for reading in readings(text))
    return tuple(word for word in left if _folded(word) in shown)


@cache
def _folded(word: str) -> str:
    return folded(word) or word  # of what nobody sees nothing would be left


def told_beside(origin: Origin, sought: Sought) -> tuple[Told, ...]:
    """The words in bytes that are no file; raises OSError."""
    with origin.open() as file:
        data = file.read()
    return _beside(data, sought) if data.strip(b"\0") else ()


def told_in_notes(notes: bytes, sought: Sought) -> tuple[Told, ...]:
    """The words in comments and extra fields of an archive, in whatever encoding they are."""
    found = _beside(notes, sought)
    words = _seen(notes, sought.never, found, is_text=True)
    return (*found, *(Told(word, How.BESIDE, is_trace=False) for word in words))


def _beside(data: bytes, sought: Sought) -> tuple[Told, ...]:
    lowered = data.lower()
    never = [one for one in sought.never if any(_forms_of(one, data, lowered, is_text=False))]
    telling = [one for one in sought.traces if any(traces.forms_of(one, data, lowered))]
    return tuple(Told(one, How.BESIDE, is_trace=one not in never) for one in (*never, *telling))


def told_in_name(name: str, sought: Sought) -> tuple[Told, ...]:
    """The forbidden words that people may read in the name of a file or folder, in whatever encoding it was meant."""
    if not sought.never:
        return ()
    written = {encoded(name)}
    for codec, errors in (("utf-8", "surrogateescape"), ("cp437", "strict")):  # of Linux, and of ZIP
        with suppress(UnicodeEncodeError):
            written.add(name.encode(codec, errors))
    words = dict.fromkeys(word for data in sorted(written) for word in _seen(data, sought.never, (), is_text=True))
    return tuple(Told(word, How.NAME, is_trace=False) for word in words)


def _forms_of(word: str, data: bytes, lowered: bytes, is_text: bool) -> Iterator[How]:
    """The forms in which `data` holds a word; in what is no text short ones come up by chance, and are passed over."""
    is_wide = not word.isascii() or b"\0" in data
    for how, forms in _written(word).items():
        if how is How.UTF16 and not is_wide:
            continue
        where = data if how is How.BASE64 else lowered
        if any(form in where for form in forms if is_text or len(form) >= SHORTEST_IN_BINARY):
            yield how


@cache
def _written(word: str) -> dict[How, frozenset[bytes]]:
    """What to look for, in small ASCII letters but for base64."""
    forms = composed(cases(word))
    return {
        How.TEXT: frozenset(encoded(form).lower() for form in forms),
        How.UTF16: frozenset(wide.lower() for form in forms for wide in in_utf16(form)),
        How.BASE64: frozenset(code for form in forms for _, code in in_base64(encoded(form))),
    }


def _pieces(data: bytes) -> Iterator[tuple[bytes, bool, bool]]:
    """What in `data` can hold words, whether it is text, and whether it is read as one; codes of pictures hold none."""
    head = data[:HEAD_BYTES]
    kind = kind_of(head)
    if kind in WITHOUT_CODES:
        yield _without_codes(WITHOUT_CODES[kind], data), False, True
    elif kind in WRITTEN:
        yield DATA_URI.sub(b"data:", data), True, True
        for address in DATA_URI.finditer(data):
            yield from _pieces(_from_base64(address[1]))
    else:
        # No text of today, but it may be one in another encoding.
        is_read = head.startswith(MARKS) or (kind is Kind.UNKNOWN and b"\0" not in head)
        yield data, is_read, is_read
        yield from ((packet[0], True, True) for packet in XMP.finditer(data))


def _from_base64(letters: bytes) -> bytes:
    try:
        return base64.b64decode(letters)
    except binascii.Error:  # and then no browser shows it
        return b""


def _without_codes(kept: Callable[[bytes], bytes], data: bytes) -> bytes:
    try:
        return kept(data)
    except (jpeg.MarkerError, png.ChunkError, gif.BlockError):
        return data


WITHOUT_CODES = {Kind.JPEG: jpeg.beside_scans, Kind.PNG: png.beside_rows, Kind.GIF: gif.beside_codes}
