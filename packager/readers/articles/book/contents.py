"""The lines of a book's table of contents as headings, where the text has none at the places they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from packager.readers.articles.html.markup import BLOCK, HEADINGS, INLINE
from packager.readers.articles.html.nodes import outwards
from packager.readers.epub import ContentsLine
from packager.readers.epub.documents import holds

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_PLAIN = ("body", "div", "section", "article", "main", "header", "p")
_BLOCKS = ", ".join(sorted(BLOCK))
_NEAR = 3  # blocks behind an anchor among which its heading may stand, as behind a picture or a number


def same_words(one: str, other: str) -> bool:
    """Whether two lines say the same, but for signs, spaces and case."""
    return bool(_letters(one)) and _letters(one) == _letters(other)


def put_headings(tree: LexborHTMLParser, lines: Iterable[ContentsLine]) -> None:
    """Put the title of each line before the element that it leads to, unless its heading stands there."""
    lines = [line for line in lines if line.fragment]
    by_id = {node.attributes.get("id") or node.attributes.get("name"): node for node in tree.css("[id], a[name]")}
    told: set[int] = set()
    spoken: dict[int, LexborNode] = {}
    for line in lines:
        target = by_id.get(line.fragment)
        block = next((node for node in outwards(target) if node.tag not in INLINE), None)
        if target is None or block is None or block.tag not in _PLAIN:
            continue  # a heading, or a part of a list or table, where none can stand
        # An anchor may stand alone between blocks.
        place = target if target.tag in BLOCK or (holds(block, _BLOCKS) and not target.text().strip()) else block
        near = list(islice(_leaves(place), _NEAR))
        first = near[0] if near else block
        if first.mem_id in told:
            continue
        told.add(first.mem_id)
        if any(node.tag in HEADINGS for node in near):
            continue
        heading = tree.create_node("h2")
        heading.insert_child(line.title)
        (first.first_child or first if first.tag == "body" else first).insert_before(heading)
        if same_words(first.text(), line.title):
            spoken[first.mem_id] = first
    for node in spoken.values():
        node.decompose()


def _leaves(start: LexborNode) -> Iterator[LexborNode]:
    """Yield the blocks of text from an element on, in the order of reading; empty ones are no blocks of text."""
    node: LexborNode | None = start
    while node is not None:
        if node.is_element_node and node.tag in BLOCK | {"body"} and node.text().strip():
            if not holds(node, _BLOCKS) or node.tag in HEADINGS:
                yield node
            else:
                node = node.first_child
                continue
        while node is not None and node.next is None:
            node = node.parent if node.tag != "body" else None
        node = node.next if node is not None else None


def _letters(words: str) -> str:
    return re.sub(r"[\W_]+", "", words).casefold()
