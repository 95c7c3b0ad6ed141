"""Inline elements of HTML behind the wall -> inline parts of the tree."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from packager.model import FootnoteMark, Inline, Link, Mark, Marked, Ruby, Text
from packager.readers.articles.html.nodes import outside_address, words

_MARKS = {
    "em": Mark.EMPHASIS,
    "i": Mark.EMPHASIS,
    "cite": Mark.EMPHASIS,
    "dfn": Mark.EMPHASIS,
    "var": Mark.EMPHASIS,
    "strong": Mark.STRONG,
    "b": Mark.STRONG,
    "sub": Mark.SUB,
    "sup": Mark.SUP,
}


def wrapped(node: LexborNode, children: tuple[Inline, ...]) -> Inline | None:
    """What an inline element makes of its words; None where it makes nothing of them."""
    if node.tag == "sup" and all(isinstance(child, FootnoteMark) for child in children):
        return None
    if node.tag in _MARKS:
        return Marked(_MARKS[node.tag], children)
    address = outside_address(node) if node.tag == "a" else ""
    return Link(address, children) if address else None


def ruby(node: LexborNode) -> Iterator[Inline]:
    """Each base with its reading; parentheses for browsers without ruby are not taken."""
    base = ""
    for child in node.iter(include_text=True):
        if child.is_text_node:
            base += child.text_content or ""
        elif child.tag == "rt":
            yield Ruby(base.strip(), words(child)) if base.strip() else Text(words(child))
            base = ""
        elif child.tag != "rp":
            base += child.text()
    yield Text(base)
