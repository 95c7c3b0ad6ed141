"""Inline elements and images of sanitized HTML -> inline parts of the tree, and figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborNode

from packager.model import Figure, FootnoteMark, Inline, Link, Mark, Marked, Missing, Picture, Ruby, Text
from packager.readers.articles.html.nodes import attribute, words
from packager.readers.articles.html.sanitizing import LAZY
from packager.readers.articles.pictures import References
from packager.readers.articles.reading import outside_address

_MARKS = {
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), Mark.EMPHASIS),
    **dict.fromkeys(("strong", "b"), Mark.STRONG),
    "sub": Mark.SUB,
    "sup": Mark.SUP,
}
_SPACER = 2
_ICON = 32
"""Pixels: what is no larger on both sides stands for a word, and its alternative text says it."""


def wrapped(node: LexborNode, children: tuple[Inline, ...]) -> Inline | None:
    """Return what an inline element makes of its words; None where it makes nothing of them."""
    if node.tag == "sup" and all(isinstance(child, FootnoteMark) for child in children):
        return None
    if node.tag in _MARKS:
        return Marked(_MARKS[node.tag], children)
    address = outside_address(attribute(node, "href")) if node.tag == "a" else ""
    return Link(address, children) if address else None


def ruby(node: LexborNode) -> Iterator[Inline]:
    """Yield each base with its reading; parentheses for browsers without ruby are not taken."""
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


def image(node: LexborNode, embedded: Sequence[bytes], references: References) -> Figure | Text:
    """Return the picture, else its words, which may be none; `embedded` are those that were taken out of the page."""
    alt = " ".join(attribute(node, "alt").split())
    addresses = list(_addresses(node))
    for address in addresses:
        if address.startswith("data:"):
            picture = references.embedded(embedded[int(address[5:])])
        else:
            picture = references.picture(address)
        if picture is None or _is_within(picture, _SPACER):
            continue
        return Text(alt) if _is_within(picture, _ICON) else Figure(picture, alt)
    references.note_missing([address for address in addresses if not address.startswith("data:")])
    return Text(alt)


def _addresses(node: LexborNode) -> Iterator[str]:
    """Where the picture may be, best first: scripts that load late keep the true one beside a placeholder."""
    late = [attribute(node, name).strip() for name in LAZY]
    several = [part.split()[0] for part in attribute(node, "srcset").split(",") if part.strip() and "data:" not in part]
    every = [address for address in [*late, attribute(node, "src").strip(), *reversed(several)] if address]
    yield from (address for address in every if not address.lower().startswith("data:"))
    # Sanitizing has numbered the pictures inside the page; what else begins so is none.
    yield from (address for address in every if re.fullmatch(r"data:[0-9]{1,9}", address))


def _is_within(picture: Picture | Missing, side: int) -> bool:
    return isinstance(picture, Picture) and max(picture.width, picture.height) <= side
