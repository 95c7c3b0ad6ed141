"""Traces of a computer in bytes of any kind: its names as whole words, its home as whole parts of a path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from urllib.parse import quote

from packager.check.words.pieces import (
    AROUND,
    Coding,
    Content,
    base64_around,
    cases,
    composed,
    encoded,
    in_base64,
    in_utf16,
    utf16_around,
)

SHORTEST = 5  # letters: shorter names of users and hosts are words of any text
LONGEST_WORD = 12  # letters: a name that is longer, or has other signs in it, is hardly a word of a text
LONGEST_IN_NAMES = 7  # letters of the words that names of files are made of: index, content, chapter
# Names that so many users and hosts have that they tell of none; a home that has one in it is a path all the same.
EVERYBODYS = frozenset(
    """
    admin administrator alpine archlinux builder centos container debian default desktop docker fedora guest
    jenkins laptop localhost localhost.localdomain macbook mimetype nobody owner public raspberrypi runner server
    ubuntu vagrant windows workspace
    """.split()
)
DRIVE = re.compile(r"[A-Za-z]:(?=[\\/])|\\(?=\\)")
SLASH = r"(?:[/\\]+|%2[Ff]|%5[Cc])"  # as paths, scripts and addresses have it
# The only part of a path is a word like others: `</root>` ends an element, and `example.org/root` is an address.
ALONE = r"(?:(?<![\w.<~)\]/\\-])|(?<=file://)|(?<=localhost)|(?<=%[0-9A-Fa-f]{2}))(?:\\?/|%2[Ff])"
# What stands before the path of an address, which is no path of a computer.
ADDRESS = re.compile(
    rb"(?:\A|[\0\s\"'<>(=,;\x80-\xff])(?:(?!file:)[a-z][a-z0-9+.-]*://[^\s\"'<>?#]+"
    rb"|/{0,2}[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?::\d+)?(?:/[^\s\"'<>?#]*)?)\Z",
    re.IGNORECASE,
)
HOMES = r"(?i:home|users|documents and settings|run/media)"
MAKERS = (
    "(?i:creator|contributor|publisher|author|artist|owner|lastmodifiedby|company|manager|user(?:name)?|host(?:name)?"
    "|computer)"
)
MOST_POSITIONS = 10_000  # of one trace in one file are looked at


@dataclass(frozen=True, slots=True)
class Trace:
    """One trace: `whole` finds it where it is whole; without one of the `prefilter` it is nowhere.

    Where `sure` is not None it may be an ordinary word, and is taken for a trace in texts where that finds it too.
    """

    is_path: bool
    is_alone: bool
    ignores_case: bool
    whole: re.Pattern[bytes]
    sure: re.Pattern[bytes] | None
    prefilter: tuple[bytes, ...]
    wide: tuple[bytes, ...]
    coded: tuple[tuple[int, bytes], ...]


def without_everyday_words(traces: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of `traces` that are no everyday words."""
    return tuple(one for one in traces if len(one.rstrip("/\\")) >= SHORTEST and one.lower() not in EVERYBODYS)


def codings(word: str, data: bytes, lowered: bytes, content: Content) -> Iterator[Coding]:
    """Yield the codings in which `data` holds a trace; `lowered` is the same in small letters."""
    trace = _trace(word)
    if trace.is_alone and content is Content.SYNTAX:
        return
    text = lowered if trace.ignores_case else data
    if any(part in text for part in trace.prefilter) and _stands_in(trace, data, content):
        yield Coding.TEXT
    if any(_stands_in(trace, utf16_around(data, at), content) for form in trace.wide for at in _positions(form, data)):
        yield Coding.UTF16
    for skipped, code in trace.coded:
        if any(_stands_in(trace, base64_around(data, max(0, at - skipped)), content) for at in _positions(code, data)):
            yield Coding.BASE64
            break


def ends_in(word: str, path: str, titles: bytes) -> bool:
    """Return whether the name that ends `path` has a trace in it or ends one, and no title has it."""
    trace = _trace(word)
    data = encoded(f"/{path}")
    last = data.rindex(b"/")
    if trace.sure is not None and any(found.end() == len(data) for found in trace.sure.finditer(data)):
        return not trace.is_alone
    if trace.is_alone or (trace.sure is not None and len(word) <= LONGEST_IN_NAMES):
        return False
    is_in_it = any(found.end() > last + 1 for found in trace.whole.finditer(data))
    return is_in_it and (trace.is_path or not re.search(trace.whole.pattern, titles, re.IGNORECASE))


def _stands_in(trace: Trace, data: bytes, content: Content) -> bool:
    for found in islice(trace.whole.finditer(data), MOST_POSITIONS):
        before = max(0, found.start() - AROUND)
        if trace.is_path and ADDRESS.search(data[before : found.start()]):
            continue
        if content is Content.METADATA or trace.sure is None or trace.sure.search(data[before : found.end() + AROUND]):
            return True
    return False


def _positions(form: bytes, data: bytes) -> Iterator[int]:
    at = data.find(form)
    for _ in range(MOST_POSITIONS):
        if at < 0:
            return
        yield at
        at = data.find(form, at + 1)


@cache
def _trace(word: str) -> Trace:
    """Return how `word` is looked for: in any case as a path, or as a name with a sign in it, else in its own."""
    is_path = word.startswith("/") or DRIVE.match(word) is not None
    is_alone = is_path and not DRIVE.match(word) and len(_parts(word)) == 1
    ignores_case = not is_alone if is_path else not (word.isascii() and word.isalpha())
    ways = sorted(composed({word}))
    flags = re.IGNORECASE if ignores_case else 0
    whole = "|".join(_path(way) if is_path else _name(way) for way in ways)
    prefilter = {part for way in ways for part in ({way, quote(way)} if not is_path else _longest(way))}
    written = composed(cases(word) if ignores_case else {word})
    may_be_a_word = word.isascii() and word.isalpha() and len(word) <= LONGEST_WORD
    sure = f"(?:{whole})(?={SLASH}\\w)" if is_alone else _sure(word) if may_be_a_word else ""
    return Trace(
        is_path,
        is_alone,
        ignores_case,
        re.compile(encoded(whole), flags),
        re.compile(encoded(sure)) if sure else None,
        tuple(encoded(part).lower() if ignores_case else encoded(part) for part in prefilter),
        tuple(form for one in written for form in in_utf16(one)),
        tuple(dict.fromkeys(code for one in written for code in in_base64(encoded(one)))),
    )


def _sure(name: str) -> str:
    """A name beside what makes it one: a folder of homes, an @, an address, what says who made a document."""
    begins, ends = r"(?<![\w.@-])", r"(?![\w-]|\.\w)"
    return "|".join(
        (
            f"{SLASH}{HOMES}{SLASH}{name}{ends}",
            rf"{begins}{name}@(?=\w)",
            rf"(?<=\w@){name}{ends}",
            rf"(?<=://){name}(?=[/:\s\"'<]|\Z)",
            rf"(?<![\w:.\\-])(?:\\\\|\\\\\\\\){name}\\+(?=\w)",
            rf"{begins}{name}\.(?:local|lan|localdomain)\b",
            rf"{MAKERS}(?:[\"']?[^<>\n]{{0,80}}>\s*|[\"'][^<>\n]{{0,40}}\b(?:content|value)\s*=\s*[\"']|\s*=\s*[\"'])"
            rf"{name}(?=\s*[\"'<])",
        )
    )


def _path(word: str) -> str:
    parts = _parts(word)
    begins = ALONE if len(parts) == 1 and not DRIVE.match(word) else SLASH
    ways = SLASH.join(f"(?:{re.escape(part)}|{re.escape(quote(part))})" for part in parts)
    return f"{begins}{ways}(?![\\w-]|\\.\\w)"


def _longest(word: str) -> set[str]:
    part = max(_parts(word), key=len)
    return {part, quote(part)}


def _parts(word: str) -> list[str]:
    return [part for part in re.split(r"[/\\]", DRIVE.sub("", word, count=1)) if part]


def _name(word: str) -> str:
    whole = f"(?<!{_alike(word[0])}){re.escape(word)}(?!{_alike(word[-1])})"
    return whole if word.isascii() else f"{whole}|(?<!%[0-9A-Fa-f]{{2}}){re.escape(quote(word))}"


def _alike(letter: str) -> str:
    """What a name goes on with when it is a part of another one."""
    return "[0-9]" if letter.isdigit() else "[A-Za-z0-9]" if letter.isascii() else "[^\\x00-\\xff]"
