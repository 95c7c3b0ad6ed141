"""Single nodes of sanitized HTML: what they are, and what stands in them for a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborNode

from packager.model import Figure, FootnoteMark, Inline, Link, Mark, Marked, Missing, Picture, Ruby, Text
from packager.readers import account
from packager.readers.account import Words
from packager.readers.articles.html.sanitizing import BLOCK, HIDING, INLINE, LAZY, STRIKING
from packager.readers.articles.pictures import References
from packager.readers.articles.reading import outside_address

_BLOCKS = ", ".join(sorted(BLOCK | {"hr"}))
_NOT_IN_CELLS = "table, h1, h2, h3, h4, h5, h6, ul, ol, dl, blockquote, figure, pre, hr"
_MARKS = {
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), Mark.EMPHASIS),
    **dict.fromkeys(("strong", "b"), Mark.STRONG),
    "sub": Mark.SUB,
    "sup": Mark.SUP,
}
STRUCK = ("s", "strike", "del")
_SPACER = 2
_ICON = 32
"""Pixels: what is no larger on both sides stands for a word, and its alternative text says it."""


def attribute(node: LexborNode, name: str) -> str:
    """Return the value of an attribute; "" where there is none."""
    return node.attributes.get(name) or ""


def styles(node: LexborNode) -> list[str]:
    """Return what sanitizing left of the styles of a node."""
    return attribute(node, "style").split()


def is_struck(node: LexborNode) -> bool:
    """Whether the words of a node are struck out."""
    return node.tag in STRUCK or STRIKING in styles(node)


def number(node: LexborNode, name: str, default: int) -> int:
    """Return the number in an attribute, else `default`."""
    text = attribute(node, name).strip()
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else default


def words(node: LexborNode) -> str:
    """Return the text of a node on one line."""
    return " ".join(verbatim(node).split())


def spaced(node: LexborNode) -> Words:
    """Return the words in a node, parted by its elements, for the account."""
    return account.words(node.text(separator=" "))


def outwards(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the node and those around it, the innermost first."""
    outer: LexborNode | None = node
    while outer is not None:
        yield outer
        outer = outer.parent


def is_inline(node: LexborNode) -> bool:
    """Whether a node is part of a line of text: no block, and none in it."""
    if node.is_text_node:
        return True
    return node.tag in INLINE and node.css_first(_BLOCKS) is None


def is_data(table: LexborNode) -> bool:
    """Whether a table is one, not a frame for a page's parts: several cells that hold no blocks but paragraphs."""
    cells = table.css("td, th")
    is_frame = attribute(table, "role") == "presentation" or any(cell.css_first(_NOT_IN_CELLS) for cell in cells)
    return (len(cells) > 1 or attribute(table, "role") == "table") and not is_frame


def is_hidden(node: LexborNode) -> bool:
    """Whether a reader of the page would not see it as text: hidden, closed, or there for getting about."""
    attributes, tag = node.attributes, node.tag
    if "hidden" in attributes or HIDING in styles(node) or tag in ("nav", "title", "meta"):
        return True
    if attribute(node, "role") in ("navigation", "search", "dialog"):
        return True
    is_permalink = tag == "a" and attribute(node, "aria-hidden") == "true"
    return (
        is_permalink
        or (tag == "dialog" and "open" not in attributes)
        or (tag == "button" and not node.css_first("img"))
    )


def is_at_side(node: LexborNode) -> bool:
    """Whether it is a page's header, footer or aside, and none of its title's block and notes."""
    if node.tag not in ("header", "footer", "aside") or attribute(node, "role").startswith("doc-"):
        return False
    return node.tag != "header" or node.css_first("h1") is None or node.css_first("nav") is not None


def list_members(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the items of a list and what else lies in it; those of definitions may be grouped in divisions."""
    for child in node.iter(include_text=True):
        if child.tag == "div" and node.tag == "dl":
            yield from child.iter(include_text=True)
        else:
            yield child


def verbatim(node: LexborNode) -> str:
    """Return the text of a node with its own spaces and line ends."""
    parts = node.traverse(include_text=True)
    return "".join("\n" if part.tag == "br" else (part.is_text_node and part.text_content) or "" for part in parts)


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
