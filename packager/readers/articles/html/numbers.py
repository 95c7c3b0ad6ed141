"""What stands before the items of a list of HTML: counted as browsers do, or as the page itself says."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from packager.readers.articles.html.nodes import attribute, list_styles, outwards
from packager.text.numbering import STYLES, marker

_TYPES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_BULLETS = ("disc", "circle", "square", "none", "")
_NUMBER = re.compile(r"[+-]?[0-9]{1,6}")
_LONGEST = 40
# How documents of ours write what stands before an item.
_MARKED, _MARKER = "marked", "span.marker"


class Numbers:
    """Counts the items of one list; those of `ul` have numbers where a style says so."""

    def __init__(self, node: LexborNode) -> None:
        if attribute(node, "class") == _MARKED:
            _take_markers(node)
        is_ordered = node.tag == "ol"
        named = [style for style in list_styles(node) if style in _BULLETS or style in STYLES]
        by_type = _TYPES.get(attribute(node, "type").strip(), "decimal") if is_ordered else ""
        self._style = named[0] if named else by_type
        self._step = -1 if is_ordered and "reversed" in node.attributes else 1
        count = sum(child.tag == "li" for child in node.iter()) if self._step < 0 else 1
        self._next = _number(attribute(node, "start"), count)

    def marker(self, item: LexborNode) -> str:
        """Return what stands before the next item; "" for a bullet."""
        number = _number(attribute(item, "value"), self._next)
        self._next = number + self._step
        if "data-marker" in item.attributes:
            return " ".join(attribute(item, "data-marker").split())[:_LONGEST]
        return "" if self._style in _BULLETS else marker(number, self._style)


def _take_markers(node: LexborNode) -> None:
    for item in node.iter():
        written = item.css_first(_MARKER)
        if (
            written is not None
            and next(outer for outer in outwards(written) if outer.tag == "li").mem_id == item.mem_id
        ):
            item.attrs["data-marker"] = written.text()
            written.decompose()


def _number(text: str, default: int) -> int:
    return int(text) if _NUMBER.fullmatch(text.strip()) else default
