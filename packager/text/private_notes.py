"""Passages of a text that may be notes of those who made it, and not meant for readers (pure)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from packager.text.mentions import Mention, MentionKind

_BEHIND = 100  # letters that belong to a note behind what marks it
_MARKS = r"[\s>*_#※•·~/–—-]{0,8}"  # before the first word: of lists and headings
_OPENED = r"(?:^|[(\[{（［【〔※])"
_CLOSED = r"(?=[\s*_]*(?:$|[:：.!。！)\]）］】〕–—]|-(?:\s|$)))"
_REST_OF_LINE, _REST_OF_BRACKET = re.compile(rf"[^\n]{{0,{_BEHIND}}}"), re.compile(rf"[^\n)\]）］】〕]{{0,{_BEHIND}}}")


def private_notes(text: str) -> Iterator[Mention]:
    """What in each line of `text` may be a private note, in reading order: from its mark on, at most about a line."""
    for number, line in enumerate(text.split("\n"), start=1):
        for first, last in spans(line):
            yield Mention(MentionKind.PRIVATE, line[first:last].strip(" \t*_"), number)


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each of them begins and ends; none reaches over the end of a line or into another."""
    pattern, place = _pattern(), 0
    while match := pattern.search(text, place):
        rest = _REST_OF_BRACKET if text[match.start()] in "([{（［【〔" else _REST_OF_LINE
        behind = rest.match(text, match.end())
        place = behind.end() if behind else match.end()
        yield match.start(match.lastgroup or 0), place


@cache
def _pattern() -> re.Pattern[str]:
    file = Path(__file__).with_name("private_notes.toml")
    tables = tomllib.loads(file.read_text(encoding="utf-8")).values()
    of = {kind: "|".join(one for table in tables for one in table[kind]) for kind in next(iter(tables))}
    marked = (
        rf"{_OPENED}{_MARKS}(?P<labelled>(?:{of['labels']})[*_]*\s?[:：])",
        rf"(?:{_OPENED}|[.!?。！？]\s){_MARKS}(?P<stamped>(?:{of['stamps']}){_CLOSED})",
        rf"{_OPENED}{_MARKS}(?P<started>{of['starts']})",
        rf"(?P<said>{of['phrases']})",
        rf"(?P<bracketed>[\[［【〔](?:{of['bracketed']})[\]］】〕])",
    )
    return re.compile("|".join(marked), re.IGNORECASE | re.MULTILINE)
