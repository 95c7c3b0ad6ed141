"""Documents that would keep a parser of HTML busy for minutes: told by their tags, before they are parsed.

A parser looks at all attributes of a tag for each more of them, and at all open elements for each new block.
"""

from __future__ import annotations

import re

from packager.check.containers.origin import DamageError
from packager.check.tables import words

MOST_TAGS = 1_000_000
MOST_DEPTH = 10_000
MOST_ATTRIBUTES = 10_000  # of one tag

# HTML Standard, 13.2.5: a name ends at a space, a slash or the end of the tag, and quotes count behind a "=" alone.
ATTRIBUTE = r"""[\s/]*+(?:=?[^\s/>=]++|=)(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?"""
TAG = re.compile(rf"<(/?)([A-Za-z][^\s/>]*+)((?:{ATTRIBUTE}){{0,{MOST_ATTRIBUTES + 1}}})[\s/]*+>?")
ONE = re.compile(ATTRIBUTE)
# What has no end, and what ends where the next of its kind begins.
SHALLOW = words(
    "area base br col embed hr img input link meta param source track wbr",
    "p li dt dd option optgroup tr td th thead tbody tfoot colgroup rt rp",
)


def refuse_endless(text: str) -> None:
    """Raises DamageError for too many tags, elements in one another, or attributes of a tag."""
    tags, open_elements = 0, list[str]()
    for tag in TAG.finditer(text):
        tags += 1
        if len(tag[3]) > MOST_ATTRIBUTES and len(ONE.findall(tag[3])) > MOST_ATTRIBUTES:
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
