"""One page of a book, mended so that what it shows by other means than text and `img` stands in it as these."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from packager.readers.account import Words, words
from packager.readers.epub import EpubPackage
from packager.readers.epub.documents import tree_of
from packager.readers.epub.styles import BookStyles

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_PAGE_BREAKS = "[epub\\:type~=pagebreak], [role=doc-pagebreak], .pagenum, .pageno, .page-number, .pagenumber"
_PAGE_NUMBER = re.compile(
    r"\W{0,2}(?:(?:pages?|pg|p|seite|s)\b\W{0,2})?(?:\d{1,5}|[ivxlc]{1,9})?\W{0,2}", re.IGNORECASE
)
_MARK = re.compile(r"[\[(]?(?:\d{1,4}|[*†‡§¶]{1,3})[\])]?")
_HOLDERS = "object, embed, iframe, video, audio, canvas, img[src*='.svg' i]"
_MEDIA = ("video", "audio")  # which are counted as such where they stand
_SVG_WORDS = "text, foreignObject"
_MOVED = ("x", "y", "dx", "dy")


class PageMender:
    """Mends the pages of one book; `html` gives that of a member.

    A drawing that lies in a file of its own, and a picture that styles show, stand on the first page that shows them.
    """

    def __init__(self, package: EpubPackage, styles: BookStyles, html: Callable[[str], str]) -> None:
        self._package = package
        self._styles = styles
        self._html = html
        self._drawings: set[str] = set()
        self._by_style: set[str] = set()
        self.drawn: dict[str, int] = {}
        self.instead: Words = Counter()  # for those who cannot show what is shown

    def mend(self, tree: LexborHTMLParser, name: str) -> None:
        """Mend the page that is the member `name`; what is drawn in it is counted in `drawn`."""
        # The innermost first: what lies in a node ends with it.
        for node in reversed(tree.css(_PAGE_BREAKS)):
            if _PAGE_NUMBER.fullmatch(node.text().strip()) and node.css_first("img, image") is None:
                _take_out_page_number(node)
        self._show_pictures_of_styles(tree, name)
        for node in reversed(tree.css(_HOLDERS)):
            self._replace_holder(tree, node, name)
        inner = {node.mem_id for node in tree.css("svg svg")}
        for node in tree.css("svg"):
            if node.mem_id not in inner:
                _put_before(node, self._parts(tree, node, name, name))
                node.decompose()
        for link in tree.css("a[href*='#']"):
            _raise_mark(tree, link)

    def _show_pictures_of_styles(self, tree: LexborHTMLParser, name: str) -> None:
        by_node = self._styles.addresses(tree, name)
        for node in [node for node in tree.css("*") if node.mem_id in by_node]:
            members = [self._package.member(place, address) for place, address in by_node[node.mem_id]]
            for member in dict.fromkeys(filter(self._package.is_picture, members)):
                if member not in self._by_style:
                    self._by_style.add(member)
                    _put_before(node, [_image(tree, _reference(name, member))])

    def _replace_holder(self, tree: LexborHTMLParser, node: LexborNode, name: str) -> None:
        """Show the picture that an element names, else what stands in it for those who cannot show its content."""
        attributes = node.attributes
        address = attributes.get("poster") or attributes.get("data") or attributes.get("src") or ""
        member = self._package.member(name, address)
        if node.tag == "img" and not self._package.is_drawing(member):
            return
        parts = list(node.iter(include_text=True))
        if self._package.is_picture(member):
            parts = [_image(tree, _reference(name, member)), *(parts if node.tag in _MEDIA else ())]
        elif self._package.is_drawing(member):
            parts = self._drawing(tree, member, name)
        _put_before(node, parts)
        self.instead.update(words(node.text(separator=" ")))
        if node.tag in _MEDIA:  # its sound is still missing
            for child in list(node.iter(include_text=True)):
                child.decompose()
        else:
            node.decompose()

    def _drawing(self, tree: LexborHTMLParser, member: str, name: str) -> list[LexborNode]:
        """What a file with a drawing holds, for the page that shows it first."""
        if member in self._drawings:
            return []
        self._drawings.add(member)
        drawing = tree_of(self._html(member)).css_first("svg")
        return self._parts(tree, drawing, member, name) if drawing is not None else []

    def _parts(self, tree: LexborHTMLParser, drawing: LexborNode, place: str, name: str) -> list[LexborNode]:
        """The pictures and the words in a drawing, which stands in `place`, as parts of the page `name`."""
        parts: list[LexborNode] = []
        for image in drawing.css("image"):
            address = image.attributes.get("xlink:href") or image.attributes.get("href") or ""
            member = self._package.member(place, address)
            parts.append(_image(tree, _reference(name, member) if member else address))
        for part in drawing.css(_SVG_WORDS):
            block = tree.create_node("div")
            for child in [_words(part)] if part.tag == "text" else part.iter(include_text=True):
                block.insert_child(child)
            parts.append(block)
        if drawing.css_first("image") is None and next(drawing.iter(), None) is not None:
            self.drawn[name] = self.drawn.get(name, 0) + 1
        return parts


def marks_in(tree: LexborHTMLParser) -> Words:
    """Return what in a page is no word of its text: numbers of pages, and marks of notes, which get others."""
    numbers = [node.text() for node in tree.css(_PAGE_BREAKS) if _PAGE_NUMBER.fullmatch(node.text().strip())]
    marks = [link.text() for link in tree.css("a[href*='#']") if is_mark(link)]
    return words(*numbers, *marks)


def _put_before(node: LexborNode, parts: list[LexborNode]) -> None:
    """Put nodes before another, or into what holds the whole page."""
    body = node.parser.body if node.tag in ("html", "body") else None
    for part in parts:
        if body is None:
            node.insert_before(part)
        elif body.first_child is None:
            body.insert_child(part)
        else:
            body.first_child.insert_before(part)


def _take_out_page_number(node: LexborNode) -> None:
    """Take a page's number out of the text; its anchor stays, and words on both sides stay one where they were."""
    for child in list(node.iter(include_text=True)):
        child.decompose()


def is_mark(link: LexborNode) -> bool:
    """Whether the words of a link look like the mark of a note."""
    return bool(_MARK.fullmatch(link.text().strip()))


def _raise_mark(tree: LexborHTMLParser, link: LexborNode) -> None:
    """Set the mark of a note above the line, where it would stand as a digit at the end of a word."""
    before = link.prev
    is_glued = before is not None and before.is_text_node and (before.text_content or " ")[-1:].strip() != ""
    is_note = "noteref" in f"{link.attributes.get('epub:type') or ''} {link.attributes.get('role') or ''}"
    is_raised = (link.parent is not None and link.parent.tag == "sup") or link.css_first("sup") is not None
    if (is_glued or is_note) and not is_raised and is_mark(link):
        raised = tree.create_node("sup")
        raised.insert_child(link)
        link.replace_with(raised)


def _image(tree: LexborHTMLParser, address: str) -> LexborNode:
    image = tree.create_node("img")
    image.attrs["src"] = address
    return image


def _reference(page: str, member: str) -> str:
    return quote(posixpath.relpath(member, posixpath.dirname(page) or "."))


def _words(text: LexborNode) -> str:
    """The words of a line in a drawing; pieces that are set in places of their own are words of their own."""
    return " ".join("".join(_pieces(text)).split())


def _pieces(text: LexborNode) -> Iterator[str]:
    for node in text.traverse(include_text=True):
        if node.is_text_node:
            yield node.text_content or ""
        elif any(node.attributes.get(name) for name in _MOVED):
            yield " "
