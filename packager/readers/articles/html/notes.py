"""The footnotes of a page behind the wall: links that mark a place, and the elements that hold the notes' words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from packager.readers.articles.html.nodes import attribute, words
from packager.readers.articles.html.wall import INLINE

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_MARK = re.compile(r"[\[(]?\s?\w{0,3}[\w*†‡§¶#.]{1,3}\s?[\])]?")
_NO_NOTE = "h1, h2, h3, h4, h5, h6, article, main, body"
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Notes:
    """The footnotes that `root` points to, wherever in the page they stand; `labels` number them as they come."""

    def __init__(self, page: LexborHTMLParser, root: LexborNode) -> None:
        self._by_id = {name: node for node in page.css("[id], a[name]") for name in _names(node)}
        self._labels: dict[int, str] = {}
        self._marks: dict[int, str] = {}
        self._backlinks: set[int] = set()
        self.elements: dict[str, LexborNode] = {}
        for link in root.css("a[href]"):
            self._take(link)

    def label(self, link: LexborNode) -> str:
        """The label of the note that a link marks; "" where it marks none."""
        return self._marks.get(link.mem_id, "")

    def is_note(self, node: LexborNode) -> bool:
        """Whether the element is a note, which is shown at the end."""
        return node.mem_id in self._labels

    def is_backlink(self, link: LexborNode) -> bool:
        """Whether the link only leads from a note back to its mark."""
        return link.mem_id in self._backlinks

    def _take(self, link: LexborNode) -> None:
        target = self._by_id.get(_fragment(link))
        note = _block_around(target) if target else None
        if note is None or self.is_backlink(link) or not _MARK.fullmatch(words(link)) or _holds(note, link):
            return
        if note.tag in _HEADINGS or note.css_first(_NO_NOTE) is not None:
            return
        around = {name for node in _with_outer(link, 3) for name in _names(node)}
        back = [other for other in note.css("a[href]") if _fragment(other) in around]
        if back or "noteref" in f"{attribute(link, 'role')} {attribute(link, 'epub:type')}":
            label = self._labels.setdefault(note.mem_id, str(len(self._labels) + 1))
            self._marks[link.mem_id] = label
            self._backlinks.update(other.mem_id for other in back)
            self.elements.setdefault(label, note)


def _names(node: LexborNode) -> Iterator[str]:
    return filter(None, (attribute(node, "id"), attribute(node, "name") if node.tag == "a" else ""))


def _fragment(link: LexborNode) -> str:
    """What stands behind `#`; browsers that save a page write the whole address before it."""
    return attribute(link, "href").partition("#")[2]


def _block_around(node: LexborNode | None) -> LexborNode | None:
    while node is not None and node.tag in INLINE:
        node = node.parent
    return node


def _with_outer(node: LexborNode, count: int) -> Iterator[LexborNode]:
    outer: LexborNode | None = node
    while outer is not None and count and (outer is node or outer.tag in INLINE):
        yield outer
        outer, count = outer.parent, count - 1


def _holds(node: LexborNode, inner: LexborNode) -> bool:
    outer: LexborNode | None = inner
    while outer is not None:
        if outer.mem_id == node.mem_id:
            return True
        outer = outer.parent
    return False
