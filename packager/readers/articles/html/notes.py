"""The footnotes of a sanitized page: links that mark a place, and the elements that hold the notes' words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, takewhile

from selectolax.lexbor import LexborHTMLParser, LexborNode

from packager.readers.articles.html.markup import BLOCK
from packager.readers.articles.html.nodes import attribute, outwards, words

_MARK = re.compile(r"[\[(]?\s?\w{0,3}[\w*†‡§¶#.]{1,3}\s?[\])]?|\[\s?(?:[^\W\d_]{1,12}\.?[ -]){1,2}\w{1,4}\s?\]")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TOO_LARGE = (*_HEADINGS, "article", "main", "body", "html")
_NO_NOTE = ", ".join(_TOO_LARGE)


class Notes:
    """The footnotes that `root` points to, wherever in the page they stand, numbered from `first` as they come.

    Links in the elements of `left_out` point to none.
    """

    def __init__(
        self, page: LexborHTMLParser, root: LexborNode, first: int = 1, left_out: frozenset[int] = frozenset()
    ) -> None:
        self._first = first
        self._by_id = {name: node for node in page.css("[id], a[name]") for name in _names(node)}
        self._labels: dict[int, str] = {}
        self._marks: dict[int, str] = {}
        self._backlinks: set[int] = set()
        self._links: dict[int, dict[str, list[int]]] = {}
        self.elements: dict[str, LexborNode] = {}
        for link in root.css("a[href*='#']"):
            if not left_out or not any(outer.mem_id in left_out for outer in outwards(link)):
                self._take(link)

    def label(self, link: LexborNode) -> str:
        """Return the label of the note that a link marks; "" where it marks none."""
        return self._marks.get(link.mem_id, "")

    def is_note(self, node: LexborNode) -> bool:
        """Whether the element is a note, which is shown at the end."""
        return node.mem_id in self._labels

    def is_backlink(self, link: LexborNode) -> bool:
        """Whether the link only leads from a note back to its mark."""
        return link.mem_id in self._backlinks

    def _take(self, link: LexborNode) -> None:
        target = self._by_id.get(_fragment(link))
        note = next((outer for outer in outwards(target) if outer.tag in BLOCK), None) if target else None
        if note is None or self.is_backlink(link) or not _MARK.fullmatch(words(link)):
            return
        if note.mem_id in {outer.mem_id for outer in outwards(link)}:
            return
        links = self._links_in(note)
        inline = takewhile(lambda outer: outer.mem_id == link.mem_id or outer.tag not in BLOCK, outwards(link))
        around = [name for node in islice(inline, 3) for name in _names(node)]
        back = [other for name in around for other in links.get(name, ())]
        if back or (links and "noteref" in f"{attribute(link, 'role')} {attribute(link, 'epub:type')}"):
            label = self._labels.setdefault(note.mem_id, str(len(self._labels) + self._first))
            self._marks[link.mem_id] = label
            self._backlinks.update(back)
            self.elements.setdefault(label, note)

    def _links_in(self, note: LexborNode) -> dict[str, list[int]]:
        """The links in an element by where they lead; only "" leads nowhere. None where it is too large for a note."""
        if note.mem_id not in self._links:
            found: dict[str, list[int]] = {}
            if note.tag not in _TOO_LARGE and note.css_first(_NO_NOTE) is None:
                found[""] = []
                for link in note.css("a[href*='#']"):
                    found.setdefault(_fragment(link), []).append(link.mem_id)
            self._links[note.mem_id] = found
        return self._links[note.mem_id]


def _names(node: LexborNode) -> Iterator[str]:
    return filter(None, (attribute(node, "id"), attribute(node, "name") if node.tag == "a" else ""))


def _fragment(link: LexborNode) -> str:
    """What stands behind `#`; browsers that save a page write the whole address before it."""
    return attribute(link, "href").partition("#")[2]
