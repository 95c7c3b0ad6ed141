"""Questions about a node of sanitized HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from packager.readers.articles.html.sanitizing import BLOCK, INLINE

_BLOCKS = ", ".join(sorted(BLOCK | {"hr"}))
_NOT_IN_CELLS = "table, h1, h2, h3, h4, h5, h6, ul, ol, dl, blockquote, figure, pre, hr"


def attribute(node: LexborNode, name: str) -> str:
    """Return the value of an attribute; "" where there is none."""
    return node.attributes.get(name) or ""


def number(node: LexborNode, name: str, default: int) -> int:
    """Return the number in an attribute, else `default`."""
    text = attribute(node, name).strip()
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else default


def words(node: LexborNode) -> str:
    """Return the text of a node on one line."""
    return " ".join(verbatim(node).split())


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
    # Of styles only those pass the sanitizing that hide an element.
    if "hidden" in attributes or "style" in attributes or tag in ("nav", "title", "meta"):
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
