"""Markup parsed as a browser parses it, or taken out of a text, and what a text shows its readers and hides."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from packager.check.containers import DamageError
from packager.check.facts import Problem
from packager.check.findings import listed, show
from packager.text.mentions import MentionKind, mentions
from packager.text.terminal import HIDING, MARKS_OF_DIRECTION, RIGHT_TO_LEFT

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

MOST_TAGS = 1_000_000
MOST_DEPTH = 10_000
MOST_ATTRIBUTES = 10_000  # of one tag

# HTML Standard, 13.2.5: a name ends at a space, a slash or the end of the tag, and quotes count behind a "=" alone.
ATTRIBUTE = r"""[\s/]*+(?:=?[^\s/>=]++|=)(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?"""
TAG = re.compile(rf"<(/?)([A-Za-z][^\s/>]*+)((?:{ATTRIBUTE}){{0,{MOST_ATTRIBUTES + 1}}})[\s/]*+>?")
ONE_ATTRIBUTE = re.compile(ATTRIBUTE)
# What has no end, and what ends where the next of its kind begins.
SHALLOW = frozenset(
    """
    area base br col embed hr img input link meta param source track wbr p li dt dd option optgroup tr td th thead
    tbody tfoot colgroup rt rp
    """.split()
)

# A comment, of which browsers know short ones too; what only XML shows; code; a tag with its attributes. What ends
# nowhere ends with the text, so that no input is read over and over again.
MARKUP = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<!\[CDATA\[|\]\]>|<(script|style)\b(?:[^>]*/>|.*?(?:</\1\s*>|\Z))"
    r"|<(?:/?([a-z][^\s/>]*)|[/!?])[^>=]*+(?:=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?[^>=]*+)*(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
BLOCKS = frozenset(
    """
    address article aside audio blockquote body br button canvas caption center dd details dialog dir div dl dt
    fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li main
    menu nav noframes object ol optgroup option p plaintext pre script search section select style summary svg
    table tbody td text textarea tfoot th thead title tr ul video xmp
    """.split()
)

MOST_LETTERS = 5_000_000  # a long book; what stands further behind is not searched for mentions
MOST_EACH = 100  # findings of each kind in one file

MENTIONED = {
    MentionKind.ADDRESS: "P401",
    MentionKind.EMAIL: "P402",
    MentionKind.NAME: "P403",
    MentionKind.PHONE: "P404",
    MentionKind.DONATION: "P405",
}
PATH = re.compile(
    r"(?<![\w/.])/(?:home|Users)/[\w.-]+|\b[A-Za-z]:[\\/](?:Users|Documents and Settings)[\\/][^\s\\/\"'<>|]+", re.ASCII
)
DATA_URI = re.compile(r"data:[\w/+.-]{0,60};base64,[A-Za-z0-9+/=]*")
SPOKEN = re.compile(r"\b(?:alt|title)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)


def parse_html(text: str) -> LexborHTMLParser:
    """Return the document as browsers parse it; raises DamageError for one that a parser would take minutes for."""
    from selectolax.lexbor import LexborHTMLParser

    refuse_endless(text)
    return LexborHTMLParser(text)


def refuse_endless(text: str) -> None:
    """Raise DamageError for too many tags, elements in one another, or attributes of a tag.

    A parser looks at all attributes of a tag for each more of them, and at all open elements for each new block.
    """
    tags, open_elements = 0, list[str]()
    for tag in TAG.finditer(text):
        tags += 1
        if len(tag[3]) > MOST_ATTRIBUTES and len(ONE_ATTRIBUTE.findall(tag[3])) > MOST_ATTRIBUTES:
            raise DamageError(f"a tag in it has more than {MOST_ATTRIBUTES:,} attributes")
        name = tag[2].lower()
        if name in SHALLOW:
            continue
        if not tag[1]:
            open_elements.append(name)
        elif open_elements and open_elements[-1] == name:
            open_elements.pop()
        if tags > MOST_TAGS or len(open_elements) > MOST_DEPTH:
            raise DamageError(f"it has more than {MOST_TAGS:,} tags, or {MOST_DEPTH:,} elements in one another")


def visible_separator(markup: re.Match[str]) -> str:
    """Return what readers see in place of a match of MARKUP: a space for blocks and code, nothing inside a word."""
    if markup[2] is None:
        return " " if markup[1] else ""
    return " " if markup[2].rpartition(":")[2].lower() in BLOCKS else ""


def text_problems(text: str) -> tuple[Problem, ...]:
    """Return what the plain `text` shows of people, and what it hides from its readers."""
    return tuple(_problems(text.removeprefix("\ufeff"), text))


def document_text_problems(source: str) -> tuple[Problem, ...]:
    """Return the same of the document written in `source`, by the lines of its source."""
    bare = DATA_URI.sub("data:", source)
    shown = MARKUP.sub(_in_place_of, bare.removeprefix("\ufeff"))
    return tuple(_problems("\n".join(html.unescape(line).replace("\n", " ") for line in shown.split("\n")), bare))


def shows(words: str) -> str:
    """Return the finding's message on words that readers see."""
    return f"it shows {show(words)}"


def _problems(shown: str, source: str) -> Iterator[Problem]:
    for mention in islice(mentions(shown[:MOST_LETTERS]), MOST_EACH):
        yield MENTIONED[mention.kind], shows(mention.text), mention.line
    for name, line in islice(_unseen(shown), MOST_EACH):
        yield "P201", f"it holds a {name}", line
    if paths := tuple(islice(dict.fromkeys(match[0] for match in PATH.finditer(source)), MOST_EACH)):
        yield "P103", f"it names {listed(paths)}", None


def _in_place_of(markup: re.Match[str]) -> str:
    """Return what readers get of a tag, a comment, a style or a script, with the lines that it takes."""
    tag = markup[0]
    spoken = " ".join(one or two for one, two in SPOKEN.findall(tag)) if markup[2] else ""
    shown = f" {' '.join(spoken.split())} " if spoken else visible_separator(markup)
    return shown + "\n" * tag.count("\n")


def _unseen(text: str) -> Iterator[tuple[str, int]]:
    """Yield the letters that nobody sees, by their names, with their lines."""
    patterns = (HIDING,) if RIGHT_TO_LEFT.search(text) else (HIDING, MARKS_OF_DIRECTION)
    line, counted = 1, 0
    for at in merge(*((match.start() for match in pattern.finditer(text)) for pattern in patterns)):
        line += text.count("\n", counted, at)
        counted = at
        yield unicodedata.name(text[at], f"U+{ord(text[at]):04X}").lower(), line
