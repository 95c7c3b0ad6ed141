"""The footnotes of a page: links that mark a place, and the elements that hold the notes' words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, takewhile

from selectolax.lexbor import LexborHTMLParser, LexborNode

from packager.readers.articles.html.markup import BLOCK, HEADINGS
from packager.readers.articles.html.nodes import attribute, outwards, words

_MARK = re.compile(r"[\[(]?\s?\w{0,3}[\w*†‡§¶#.]{1,3}\s?[\])]?|\[\s?(?:[^\W\d_]{1,12}\.?[ -]){1,2}\w{1,4}\s?\]")
_TOO_LARGE = (*HEADINGS, "article", "main", "body", "html")
_NO_NOTE = ", ".join(_TOO_LARGE)


def part_notes(tree: LexborHTMLParser) -> None:
    """Give each of several notes in one block, parted by breaks or spans alone, a division of its own."""
    order: dict[int, int] = {}
    by_id: dict[str, LexborNode] = {}
    for place, node in enumerate(tree.css("[id], a[name], a[href*='#']")):
        order[node.mem_id] = place
        by_id.update(dict.fromkeys(_names(node), node))
    notes: dict[int, dict[int, LexborNode]] = {}
    for link in tree.css("a[href*='#']"):
        target = by_id.get(_fragment(link))
        if target is None or order[target.mem_id] <= order[link.mem_id] or not _MARK.fullmatch(words(link)):
            continue
        block = next((outer for outer in outwards(target) if outer.tag in BLOCK), None)
        if block is not None and block.mem_id != target.mem_id:
            notes.setdefault(block.mem_id, {})[target.mem_id] = target
    places = {name: order[node.mem_id] for name, node in by_id.items()}
    for block_id, targets in notes.items():
        if len(targets) > 1:
            _part(tree, block_id, targets, places)


def _part(tree: LexborHTMLParser, block: int, targets: Mapping[int, LexborNode], places: Mapping[str, int]) -> None:
    around = Counter(outer.mem_id for node in targets.values() for outer in _below(block, outwards(node)))
    firsts = [
        [node, *takewhile(lambda outer: around[outer.mem_id] == 1, outwards(node))][-1] for node in targets.values()
    ]
    begin = {node.mem_id for node in firsts}
    for first, target in zip(firsts, targets.values(), strict=True):
        run = [first]
        while (following := run[-1].next) is not None and following.mem_id not in begin and following.tag not in BLOCK:
            run.append(following)
        links = (link for node in run if node.is_element_node for link in (node, *node.css("a")))
        if any(places.get(_fragment(link), len(places)) < places[next(_names(target))] for link in links):
            first.insert_before(tree.create_node("div"))
            if (division := first.prev) is not None:
                for node in run:
                    division.insert_child(node)
                    node.decompose()


def _below(block: int, outer: Iterable[LexborNode]) -> Iterator[LexborNode]:
    return takewhile(lambda node: node.mem_id != block, outer)


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
        near = (*islice(inline, 3), *link.css("[id]"))
        around = [name for node in near for name in _names(node)]
        back = [other for name in around for other in links.get(name, ())]
        if back or (links and "noteref" in f"{attribute(link, 'role')} {attribute(link, 'epub:type')}"):
            label = self._labels.setdefault(note.mem_id, str(len(self._labels) + self._first))
            self._marks[link.mem_id] = label
            self._backlinks.update(back)
            self.elements.setdefault(label, note)

    def _links_in(self, note: LexborNode) -> dict[str, list[int]]:
        """The links in an element by where they lead; "" leads nowhere. Nothing where it is too large for a note."""
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
