"""What elements of a page are by what lies in and around them: parts of a line, lines of verse, or blocks."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from packager.readers.articles.html.markup import BLOCK
from packager.readers.articles.html.nodes import attribute
from packager.readers.articles.html.styles import Styles

_LINE = re.compile(r"(?:^|\s)(?:(?:verse|poem|poetry|lyrics?)[_-]?line|line|verse|vers|l|v)(?:$|[\s_-])", re.IGNORECASE)
_LINES = re.compile(
    r"(?:^|[\s_-])(?:stanza|strophe|linegroup|line-?block|lg|couplet|quatrain)(?:$|[\s_-])", re.IGNORECASE
)


class PageShape:
    """The elements of a page that hold blocks, and those that are lines of verse."""

    def __init__(self, body: LexborNode, styles: Styles) -> None:
        self.styles = styles
        self._holders: set[int] = set()
        for node in body.traverse():
            if node.tag in BLOCK:
                self._mark_around(node)

    def is_inline(self, node: LexborNode) -> bool:
        """Whether a node is part of a line of text or a line of verse: no block, and none in it."""
        if node.is_text_node:
            return True
        return node.mem_id not in self._holders and (node.tag not in BLOCK or self.is_line(node))

    def is_line(self, node: LexborNode) -> bool:
        """Whether an element without blocks in it is one line of several that stand close to one another."""
        if node.tag in ("div", "p"):
            around = attribute(node.parent, "class") if node.parent is not None else ""
            kind = attribute(node, "class")
            return _LINE.search(kind) is not None or _LINES.search(around) is not None
        return (node.tag == "tspan" and "x" in node.attributes) or self.styles.is_line(node)

    def _mark_around(self, node: LexborNode) -> None:
        outer = node.parent
        while outer is not None and outer.mem_id not in self._holders:
            self._holders.add(outer.mem_id)
            outer = outer.parent
