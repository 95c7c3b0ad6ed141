"""Words that must not be in a tree, looked for in every form in which bytes can hold them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from packager.check import jpeg, png, traces
from packager.check.coded import How, cases, composed, encoded, in_base64, in_utf16
from packager.check.facts import Told
from packager.check.kinds import HEAD_BYTES, Kind, kind_of

__all__ = ["NOTHING", "How", "Sought", "needles", "told"]

SHORTEST_IN_BINARY = 4  # bytes: shorter ones come up by chance
WRITTEN = frozenset((Kind.HTML, Kind.TEXT, Kind.SCRIPT))
DATA_URI = re.compile(rb"data:[\w/+.-]{0,60};base64,([A-Za-z0-9+/=]*)")


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
    for piece, is_text in _pieces(data):
        lowered = piece.lower()
        for word in sought.never:
            found |= {Told(word, how, is_trace=False): None for how in _forms_of(word, piece, lowered, is_text)}
        for word in sought.traces:
            found |= {Told(word, how, is_trace=True): None for how in traces.forms_of(word, piece, lowered)}
    return tuple(found)


def _forms_of(word: str, data: bytes, lowered: bytes, is_text: bool) -> Iterator[How]:
    """The forms in which `data` holds a word, by chance those that are too short for what is no text."""
    for how, forms in _written(word).items():
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
