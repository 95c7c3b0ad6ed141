"""What styles of others ask for: those of books and drawings, and what is found where only ours may stand.

They are parsed as CSS Syntax Module Level 3 has it, so that nothing hides behind a comment, a string or a bracket; what
a parser had to recover from is not allowed, for browsers do not agree on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from packager.check.allowed import IN_BOOKS

Node = Any  # of tinycss2, which has no types

MOST_LETTERS = 500_000  # some seconds for the parser
MOST_DIGITS = 100  # in a row: Python, and with it the parser, reads no number of some thousands
MOST_DEPTH = 100  # brackets in one another
RUNNING = frozenset(("behavior", "-ms-behavior", "-moz-binding"))  # properties that run code
PREFIX = re.compile("-(?:webkit|moz|ms|o)-")
BROKEN = "what browsers read in different ways"

_TOO_MANY_DIGITS = re.compile(f"[0-9]{{{MOST_DIGITS + 1}}}")


@dataclass(frozen=True, slots=True)
class StyleFacts:
    """What a style asks for: `forbidden` is what may run code or fetch."""

    addresses: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    has_comments: bool = False


def style_facts(style: str) -> StyleFacts:
    """Return what `style`, a stylesheet or a style attribute, asks for."""
    if len(style) > MOST_LETTERS:
        return StyleFacts(forbidden=(f"{len(style):,} letters, too many to read",))
    if _TOO_MANY_DIGITS.search(style):
        return StyleFacts(forbidden=(f"a number of more than {MOST_DIGITS} digits",))
    import tinycss2

    addresses: list[str] = []
    forbidden = ["\\"] if "\\" in style else []  # letters may not be written as codes
    has_comments = False
    for node, depth in _nodes(tinycss2.parse_component_value_list(style)):
        if depth > MOST_DEPTH:
            return StyleFacts(tuple(addresses), (*forbidden, f"more than {MOST_DEPTH} brackets in one another"))
        has_comments = has_comments or node.type == "comment"
        if address := _address(node):
            addresses.append(address)
        elif reason := _reason(node):
            forbidden.append(reason)
    return StyleFacts(tuple(addresses), tuple(dict.fromkeys(forbidden)), has_comments)


def _nodes(nodes: list[Node]) -> Iterator[tuple[Node, int]]:
    """Yield every node, and in how many brackets it stands; no deeper ones than are looked at."""
    waiting = [(node, 0) for node in reversed(nodes)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        inner = getattr(node, "arguments" if node.type == "function" else "content", None)
        if isinstance(inner, list):
            waiting += [(each, depth + 1) for each in reversed(inner)]


def _address(node: Node) -> str:
    if node.type == "url":
        return str(node.value).strip() or "url()"
    if node.type == "function" and node.lower_name == "url":
        return "".join(str(each.value) for each in node.arguments if each.type == "string").strip() or "url()"
    return ""


def _reason(node: Node) -> str:
    """Return why no style with this node may stay, "" for a node that may."""
    if node.type == "function" and PREFIX.sub("", node.lower_name) not in IN_BOOKS["functions"]:
        return f"{node.lower_name}()"
    if node.type == "at-keyword" and node.lower_value == "import":
        return "@import"
    if node.type == "ident" and node.lower_value in RUNNING:
        return str(node.lower_value)
    if node.type == "error" and node.kind in ("bad-string", "bad-url"):
        return "a string or an address that does not end"
    is_comment_of_html = node.type == "literal" and node.value in ("<!--", "-->")
    return BROKEN if node.type == "error" or is_comment_of_html else ""
