"""Notes that stand in another document of a book than their marks: each is put behind the text that points to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from packager.readers.articles.book.pages import is_mark
from packager.readers.articles.html.markup import HEADINGS, INLINE
from packager.readers.articles.html.nodes import outwards
from packager.readers.epub import EpubPackage
from packager.readers.epub.documents import tree_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_NOTE = re.compile(r"(?:foot|end|rear)notes?\b")
_HEADINGS = ", ".join(HEADINGS)
_NO_NOTE = f"{_HEADINGS}, article, main, body"
_PARAGRAPHS = ("p", "blockquote", "ul", "ol", "dd", "pre")

Place = tuple[str, str]  # a document, and the id of an element in it


@dataclass(frozen=True, slots=True)
class _NoteMark:
    """A link that may be the mark of a note: its document, the ids around it, and whether the book calls it one."""

    document: str
    around: tuple[str, ...]
    is_called_mark: bool


class NotesElsewhere:
    """Moves the notes of one book; `html` are its pages by their members, of which some change."""

    def __init__(self, html: dict[str, str], package: EpubPackage) -> None:
        self._html = html
        self._package = package
        self._marks: dict[str, dict[str, list[_NoteMark]]] = {}  # by the document and the id that they lead to
        self._found: dict[str, dict[Place, str]] = {}  # notes as HTML, by the document of their mark
        self._count = 0

    def look_for_marks(self, tree: LexborHTMLParser, name: str) -> None:
        """Remember what looks like a mark of a note in another document."""
        for link in tree.css("a[href*='#']"):
            document, fragment = self._target(name, link)
            if document != name and document in self._html and is_mark(link):
                nodes = (*islice(outwards(link), 3), *_anchors_before(link))
                around = tuple(node.id for node in nodes if node.id)
                is_called_mark = "noteref" in _said(link)
                if not is_called_mark and (_begins_block(link) or self._are_marked(name, around)):
                    continue  # which leads back from a note
                mark = _NoteMark(name, around, is_called_mark)
                self._marks.setdefault(document, {}).setdefault(fragment, []).append(mark)

    def move(self) -> frozenset[str]:
        """Move the notes, and return the documents of which only headings are left."""
        emptied = frozenset(document for document, marks in self._marks.items() if self._take(document, marks))
        for name, notes in self._found.items():
            self._html[name] = self._with_notes(name, notes)
        return emptied

    def _take(self, document: str, marks: dict[str, list[_NoteMark]]) -> bool:
        """Take the notes out of a document, and return whether only headings are left of it."""
        tree = tree_of(self._html[document])
        by_id = {node.id: node for node in tree.css("[id]") if node.id}
        taken: dict[int, LexborNode] = {}
        for fragment, of_note in marks.items():
            nodes = _note(by_id.get(fragment), of_note)
            if any(outer.mem_id in taken for node in nodes[:1] for outer in outwards(node.parent)):
                continue  # a note in a note comes with it
            _drop_backlinks(nodes, {key for mark in of_note for key in mark.around})
            note = "".join(node.html or "" for node in nodes)
            for mark in of_note if nodes else ():
                self._found.setdefault(mark.document, {})[document, fragment] = note
            taken |= {node.mem_id: node for node in nodes}
        inside = {key for key, node in taken.items() if any(outer.mem_id in taken for outer in outwards(node.parent))}
        for key, node in taken.items():
            if key not in inside:
                node.decompose()
        self._html[document] = tree.html or ""
        return bool(taken) and not _has_text(tree)

    def _are_marked(self, name: str, ids: tuple[str, ...]) -> bool:
        return not self._marks.get(name, {}).keys().isdisjoint(ids)

    def _target(self, name: str, link: LexborNode) -> Place:
        reference = link.attributes.get("href") or ""
        return self._package.member(name, reference), unquote(reference.partition("#")[2])

    def _with_notes(self, name: str, notes: dict[Place, str]) -> str:
        """The page with its notes at the end, and its marks leading there."""
        tree = tree_of(self._html[name])
        ids: dict[Place, str] = {}
        marks: dict[Place, str] = {}
        for link in tree.css("a[href*='#']"):
            place = self._target(name, link)
            if place in notes and is_mark(link):
                if place not in ids:
                    self._count += 1
                    ids[place] = f"note-elsewhere-{self._count}"
                    marks[place] = link.text().strip(" []()")
                link.attrs["href"] = f"#{ids[place]}"
                link.attrs["role"] = "doc-noteref"
        for place, key in ids.items():
            note = tree_of(f'<div id="{key}">{notes[place]}</div>').css_first(f"#{key}")
            if note is not None and tree.body is not None:
                _drop_mark(note, marks[place])
                tree.body.insert_child(note)
        return tree.html or ""


def _note(target: LexborNode | None, marks: Sequence[_NoteMark]) -> list[LexborNode]:
    """The block that is the note, with the paragraphs of it that follow; none where it is no note."""
    block = next((node for node in outwards(target) if node.tag not in INLINE), None)
    if block is not None and block.tag in ("td", "th"):
        block = block.parent
    if block is None or block.css_first(_NO_NOTE) is not None or block.tag in ("body", "html", *HEADINGS):
        return []
    around = {key for mark in marks for key in mark.around}
    leads_back = any((link.attributes.get("href") or "").partition("#")[2] in around for link in block.css("a[href]"))
    says_so = any(_NOTE.search(_said(node)) for node in outwards(block))
    if not leads_back and not says_so and not any(mark.is_called_mark for mark in marks):
        return []
    nodes = [block]
    if block.tag in ("p", "dt"):
        following = block.next
        while following is not None and (following.is_text_node or _goes_on(following)):
            nodes.append(following)
            following = following.next
    return nodes


def _anchors_before(link: LexborNode) -> Iterator[LexborNode]:
    """Yield the empty anchor before a link, to which its note may lead back."""
    before = link.prev
    if before is not None and before.is_element_node and not before.text().strip():
        yield before


def _begins_block(link: LexborNode) -> bool:
    """Whether no words stand before a link in its block."""
    for outer in outwards(link):
        if outer.tag not in INLINE:
            break
        before = outer.prev
        while before is not None:
            if before.tag == "br" or (not before.is_comment_node and before.text().strip()):
                return before.tag == "br"
            before = before.prev
    return True


def _drop_backlinks(nodes: Sequence[LexborNode], around: set[str]) -> None:
    """Take out what leads from a note back to its mark."""
    links = [link for node in nodes if node.is_element_node for link in node.css("a[href*='#']")]
    for link in links:
        words = link.text().strip()
        if (link.attributes.get("href") or "").partition("#")[2] in around and (is_mark(link) or len(words) == 1):
            link.decompose()


def _drop_mark(note: LexborNode, mark: str) -> None:
    """Take out the number that a note begins with: it gets another."""
    texts = (node for node in note.traverse(include_text=True) if node.is_text_node)
    first = next((text for text in texts if (text.text_content or "").strip()), None)
    words = (first.text_content or "").lstrip() if first is not None else ""
    if first is not None and (begins := re.match(rf"[\[(]?{re.escape(mark)}[\])]?[.:]?\s+|[.:\])]+\s+", words)):
        first.replace_with(words[begins.end() :])


def _goes_on(node: LexborNode) -> bool:
    """Whether a block behind the first of a note belongs to it: nothing else points to it."""
    return node.tag in _PARAGRAPHS and not node.id and node.css_first("[id]") is None and node.css_first("a") is None


def _said(node: LexborNode) -> str:
    return f"{node.attributes.get('epub:type') or ''} {node.attributes.get('role') or ''}"


def _has_text(tree: LexborHTMLParser) -> bool:
    """Whether more than headings is left of a page."""
    body = tree.body
    words = len("".join(body.text().split())) if body is not None else 0
    headings = sum(len("".join(node.text().split())) for node in tree.css(_HEADINGS))
    return words > headings or tree.css_first("img") is not None
