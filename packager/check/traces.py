"""Traces of a computer in bytes of any kind: its names as whole words, its home as whole parts of a path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from packager.check.coded import How, base64_around, cases, composed, encoded, in_base64, in_utf16, utf16_around
from packager.check.tables import words

SHORTEST = 5  # letters: shorter names of users and hosts are words of any text
# Names that so many users and hosts have that they tell of none; a home that has one in it is a path all the same.
EVERYBODYS = words(
    "admin administrator alpine archlinux builder centos debian default desktop docker fedora guest jenkins laptop",
    "localhost localhost.localdomain macbook nobody owner public raspberrypi runner server ubuntu vagrant windows",
    "workspace",
)
DRIVE = re.compile(r"[A-Za-z]:(?=[\\/])|\\(?=\\)")
SLASH = r"(?:[/\\]+|%2[Ff]|%5[Cc])"  # as paths, scripts and addresses have it
# The only part of a path is a word like others: `</root>` ends an element, and `example.org/root` is an address.
ALONE = r"(?:(?<![\w.<~)\]/\\-])|(?<=file://)|(?<=localhost)|(?<=%[0-9A-Fa-f]{2}))(?:\\?/|%2[Ff])"
MOST_PLACES = 10_000  # of one trace in one file are looked at


@dataclass(frozen=True, slots=True)
class Trace:
    """One trace: `pattern` finds it where it is whole; without one of the `cores` it is nowhere."""

    ignores_case: bool
    pattern: re.Pattern[bytes]
    cores: tuple[bytes, ...]
    wide: tuple[bytes, ...]
    coded: tuple[tuple[int, bytes], ...]


def telling(traces: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `traces` that are no everyday words."""
    return tuple(one for one in traces if len(one.rstrip("/\\")) >= SHORTEST and one.lower() not in EVERYBODYS)


def forms_of(word: str, data: bytes, lowered: bytes) -> Iterator[How]:
    """The forms in which `data` holds a trace; `lowered` is the same in small letters."""
    trace = _trace(word)
    text = lowered if trace.ignores_case else data
    if any(core in text for core in trace.cores) and trace.pattern.search(data):
        yield How.TEXT
    if any(trace.pattern.search(utf16_around(data, at)) for form in trace.wide for at in _places(form, data)):
        yield How.UTF16
    for skipped, code in trace.coded:
        if any(trace.pattern.search(base64_around(data, max(0, at - skipped))) for at in _places(code, data)):
            yield How.BASE64
            break


def _places(form: bytes, data: bytes) -> Iterator[int]:
    at = data.find(form)
    for _ in range(MOST_PLACES):
        if at < 0:
            return
        yield at
        at = data.find(form, at + 1)


@cache
def _trace(word: str) -> Trace:
    """How `word` is looked for: in any case as a path of Windows, or as a name with a sign in it, else in its own."""
    is_path = word.startswith("/") or DRIVE.match(word) is not None
    ignores_case = DRIVE.match(word) is not None if is_path else not word.isalpha()
    ways = sorted(composed({word}))
    patterns = "|".join(_path(way) if is_path else _name(way) for way in ways)
    cores = {core for way in ways for core in ({way} if not is_path else {_longest(way), quote(_longest(way))})}
    written = composed(cases(word) if ignores_case else {word})
    return Trace(
        ignores_case,
        re.compile(encoded(patterns), re.IGNORECASE if ignores_case else 0),
        tuple(encoded(core).lower() if ignores_case else encoded(core) for core in cores),
        tuple(form for one in written for form in in_utf16(one)),
        tuple(dict.fromkeys(code for one in written for code in in_base64(encoded(one)))),
    )


def _path(word: str) -> str:
    parts = _parts(word)
    begins = ALONE if len(parts) == 1 and not DRIVE.match(word) else SLASH
    ways = SLASH.join(f"(?:{re.escape(part)}|{re.escape(quote(part))})" for part in parts)
    return f"{begins}{ways}(?![\\w-]|\\.\\w)"


def _longest(word: str) -> str:
    return max(_parts(word), key=len)


def _parts(word: str) -> list[str]:
    return [part for part in re.split(r"[/\\]", DRIVE.sub("", word, count=1)) if part]


def _name(word: str) -> str:
    return f"(?<!{_alike(word[0])}){re.escape(word)}(?!{_alike(word[-1])})"


def _alike(letter: str) -> str:
    """What a name goes on with when it is a part of another one."""
    return "[0-9]" if letter.isdigit() else "[A-Za-z0-9]" if letter.isascii() else "[^\\x00-\\xff]"
