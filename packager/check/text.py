"""What a text tells beside its story: addresses and names, letters nobody sees, paths of a computer."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from heapq import merge
from itertools import islice

from packager.check.facts import TextFacts, Unseen
from packager.check.tables import words
from packager.text.mentions import mentions

MOST_LETTERS = 5_000_000  # a long book; what stands further behind is not searched for mentions
MOST_EACH = 100  # of one file are told

# Joiners shape letters in the scripts from Arabic to Khmer and glue emoji, variation selectors follow what they vary,
# and zero-width spaces part words in scripts of South-East Asia. Elsewhere they can only hide something.
JOINED = "\u0600-\u109f\u1780-\u18af\ua840-\uabff\ufe0f\u2600-\u27bf\U0001f000-\U0001faff"
SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
UNSEEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u202d\u202e\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U000e0000-\U000e0fff]"
    f"|(?<![{JOINED}])[\u200c\u200d]|(?<![{SPACELESS}])\u200b|(?<![^\\s\ufe00-\ufe0f])[\ufe00-\ufe0f]"
)
DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202c\u2066-\u2069]")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

PATH = re.compile(
    r"(?<![\w/.])/(?:home|Users)/[\w.-]+|\b[A-Za-z]:[\\/](?:Users|Documents and Settings)[\\/][^\s\\/\"'<>|]+", re.ASCII
)
DATA_URI = re.compile(r"data:[\w/+.-]{0,60};base64,[A-Za-z0-9+/=]*")
# What ends nowhere ends with the text, so that no input is read over and over again.
MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|</?([a-z][a-z0-9]*)?[^>]*(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
SPOKEN = re.compile(r"\b(?:alt|title)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
INLINE = words("b code em font i ruby s small span strong sub sup u")


def text_facts(text: str) -> TextFacts:
    """What the plain `text` shows and hides."""
    return _facts(text.removeprefix("\ufeff"), text)


def document_text_facts(source: str) -> TextFacts:
    """What the document written in `source` shows and hides, by the lines of its source."""
    bare = DATA_URI.sub("data:", source)
    shown = MARKUP.sub(_shown, bare.removeprefix("\ufeff"))
    return _facts("\n".join(html.unescape(line).replace("\n", " ") for line in shown.split("\n")), bare)


def _facts(shown: str, source: str) -> TextFacts:
    return TextFacts(
        mentions=tuple(islice(mentions(shown[:MOST_LETTERS]), MOST_EACH)),
        unseen=tuple(islice(_unseen(shown), MOST_EACH)),
        paths=tuple(islice(dict.fromkeys(match[0] for match in PATH.finditer(source)), MOST_EACH)),
    )


def _shown(markup: re.Match[str]) -> str:
    """What readers get of a tag, a comment, a style or a script, with the lines that it takes."""
    tag = markup[0]
    spoken = "" if markup[1] or tag.startswith("<!--") else " ".join(one or two for one, two in SPOKEN.findall(tag))
    gap = "" if (markup[2] or "").lower() in INLINE else " "
    return f"{gap}{spoken.replace(chr(10), ' ')}{gap}" + "\n" * tag.count("\n")


def _unseen(text: str) -> Iterator[Unseen]:
    patterns = (UNSEEN,) if RIGHT_TO_LEFT.search(text) else (UNSEEN, DIRECTIONS)
    line, counted = 1, 0
    found = ((match.start() for match in pattern.finditer(text)) for pattern in patterns)
    for at in merge(*found):
        line += text.count("\n", counted, at)
        counted = at
        yield Unseen(unicodedata.name(text[at], f"U+{ord(text[at]):04X}").lower(), line)
