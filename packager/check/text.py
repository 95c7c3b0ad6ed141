"""What a text tells beside its story: addresses and names, letters that nobody sees, paths of a computer."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from heapq import merge
from itertools import islice

from packager.check.facts import TextFacts, Unseen
from packager.check.markup import MARKUP, gap
from packager.text.mentions import mentions
from packager.text.terminal import HIDING, MARKS_OF_DIRECTION, RIGHT_TO_LEFT

MOST_LETTERS = 5_000_000  # a long book; what stands further behind is not searched for mentions
MOST_EACH = 100  # findings of each kind in one file

PATH = re.compile(
    r"(?<![\w/.])/(?:home|Users)/[\w.-]+|\b[A-Za-z]:[\\/](?:Users|Documents and Settings)[\\/][^\s\\/\"'<>|]+", re.ASCII
)
DATA_URI = re.compile(r"data:[\w/+.-]{0,60};base64,[A-Za-z0-9+/=]*")
SPOKEN = re.compile(r"\b(?:alt|title)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)


def text_facts(text: str) -> TextFacts:
    """Return what the plain `text` shows and hides."""
    return _facts(text.removeprefix("\ufeff"), text)


def document_text_facts(source: str) -> TextFacts:
    """Return what the document written in `source` shows and hides, by the lines of its source."""
    bare = DATA_URI.sub("data:", source)
    shown = MARKUP.sub(_in_place_of, bare.removeprefix("\ufeff"))
    return _facts("\n".join(html.unescape(line).replace("\n", " ") for line in shown.split("\n")), bare)


def _facts(shown: str, source: str) -> TextFacts:
    return TextFacts(
        mentions=tuple(islice(mentions(shown[:MOST_LETTERS]), MOST_EACH)),
        unseen=tuple(islice(_unseen(shown), MOST_EACH)),
        paths=tuple(islice(dict.fromkeys(match[0] for match in PATH.finditer(source)), MOST_EACH)),
    )


def _in_place_of(markup: re.Match[str]) -> str:
    """Return what readers get of a tag, a comment, a style or a script, with the lines that it takes."""
    tag = markup[0]
    spoken = " ".join(one or two for one, two in SPOKEN.findall(tag)) if markup[2] else ""
    shown = f" {' '.join(spoken.split())} " if spoken else gap(markup)
    return shown + "\n" * tag.count("\n")


def _unseen(text: str) -> Iterator[Unseen]:
    patterns = (HIDING,) if RIGHT_TO_LEFT.search(text) else (HIDING, MARKS_OF_DIRECTION)
    line, counted = 1, 0
    for at in merge(*((match.start() for match in pattern.finditer(text)) for pattern in patterns)):
        line += text.count("\n", counted, at)
        counted = at
        yield Unseen(unicodedata.name(text[at], f"U+{ord(text[at]):04X}").lower(), line)
