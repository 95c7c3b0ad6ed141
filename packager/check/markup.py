"""Markup: parsed as a browser parses it, or taken out of a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packager.check.containers import DamageError

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


def gap(markup: re.Match[str]) -> str:
    """Return what readers see in place of a match of MARKUP: a space for blocks and code, nothing inside a word."""
    if markup[2] is None:
        return " " if markup[1] else ""
    return " " if markup[2].rpartition(":")[2].lower() in BLOCKS else ""
