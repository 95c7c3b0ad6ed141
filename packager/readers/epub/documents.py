"""The documents of an EPUB: the pictures that each shows, in order, and its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packager.archive.read import read_member
from packager.errors import SourceError
from packager.model import Chapter, Direction
from packager.readers.epub.beside import BookSection, take_sections
from packager.readers.epub.package import EpubPackage, read_package
from packager.readers.epub.styles import BookStyles
from packager.readers.epub.xhtml import html_of
from packager.readers.found import ComicInfo
from packager.sandbox.limits import LIMITS, Limits
from packager.text.terminal import clean

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

# A page of a picture book has a sentence or two, a page of a novel some 1,500 letters. On pages of a fixed layout
# balloons and captions may be letters rather than drawn.
_LETTERS_A_PICTURE = 200
_LETTERS_A_FIXED_PAGE = 800
_UNSPOKEN = "script, style, title, nav, noscript, metadata"
_LINES = "p, div, br, li, dt, dd, tr, td, th, h1, h2, h3, h4, h5, h6, figure, figcaption, blockquote, pre, text"
_LINES += ", tspan[x], tspan[y], tspan[dy]"
_DRAWN = "path, rect, circle, ellipse, line, polyline, polygon, text, use"
_PICTURES = ("img", "image", "picture")
_PLACED = "image, foreignObject"
_MOST_INSIDE = 3  # documents in frames of documents
_SEVERAL_PAGES = 2
_LETTERS_AN_UNSHOWN_PICTURE = 30  # such as the number of a page: the pictures are shown by means that are not read

# Where elements name a picture, best first; `source` counts for the `picture` or `video` around it.
_ATTRIBUTES = {
    "img": (
        "data-src",
        "src",
        "srcset",
    ),  # where there is the first, the second is what stands there until it is loaded
    "image": ("xlink:href", "href", "src"),
    "object": ("data",),
    "embed": ("src",),
    "iframe": ("src",),
    "input": ("src",),
    "video": ("poster",),
    **dict.fromkeys(("body", "table", "td"), ("background",)),
}


@dataclass(frozen=True, slots=True)
class BookDocument:
    """One document of a book: its member, the names of its pictures in order, and its words in lines.

    `drawings` counts what is drawn in it (SVG) and therefore not shown, `lost` are pictures that it shows and that
    nobody has. `sections` are what a book of ours says beside its pages.
    """

    name: str
    pictures: tuple[str, ...]
    lines: tuple[str, ...]
    drawings: int = 0
    lost: tuple[str, ...] = ()
    sections: tuple[BookSection, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadBook:
    """What an EPUB holds: its package, what its documents show, and by their names the pictures inside documents."""

    package: EpubPackage
    documents: tuple[BookDocument, ...]
    embedded: dict[str, bytes]

    @property
    def is_of_pictures(self) -> bool:
        """Whether it is read as a comic: it has pictures, and few letters for each of them."""
        letters = sum(len(line) for document in self.documents for line in document.lines)
        most = _LETTERS_A_FIXED_PAGE if self.package.is_fixed_layout else _LETTERS_A_PICTURE
        if not self.shows_pictures:
            most = _LETTERS_AN_UNSHOWN_PICTURE
        return letters < most * len(set(self.pages))

    @property
    def shows_pictures(self) -> bool:
        """Whether any document shows a picture in a way that is read."""
        return any(document.pictures for document in self.documents)

    @property
    def pages(self) -> tuple[str, ...]:
        """The names of the pictures in the order in which they are shown; where none is, all in the book's order."""
        return tuple(name for _, name in self._shown()) or self.package.pictures

    @property
    def ornaments(self) -> dict[str, int]:
        """The pictures that several documents show beside others, such as a sign of the publisher, each counted.

        They are pages where they stand first. A picture that has documents of its own, as a blank page has, is a page
        in each of them.
        """
        beside = Counter(name for one in self.documents for name in one.pictures if len(one.pictures) > 1)
        alone = {one.pictures[0] for one in self.documents if len(one.pictures) == 1}
        return {name: count for name, count in beside.items() if count >= _SEVERAL_PAGES and name not in alone}

    def _shown(self) -> Iterator[tuple[BookDocument, str]]:
        once, seen = self.ornaments, set[str]()
        for document in self.documents:
            for name in document.pictures:
                if name not in once or name not in seen:
                    yield document, name
                seen.add(name)

    @property
    def first_pages(self) -> dict[str, int]:
        """The index of the first page of each document that shows one, by the document's name."""
        first: dict[str, int] = {}
        for index, (document, _) in enumerate(self._shown()):
            first.setdefault(document.name, index)
        return first

    @property
    def info(self) -> ComicInfo:
        """What the book says of itself."""
        return ComicInfo(
            title=self.package.title,
            writers=self.package.authors,
            summary=self.package.summary,
            language=self.package.language,
            is_right_to_left=self.package.direction is Direction.RTL,
            origin="the book",
        )

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters, where the table of contents leads to more than one page."""
        first, titles = self.first_pages, dict[int, str]()
        for heading in self.package.contents:
            if heading.name in first:
                titles.setdefault(first[heading.name], heading.title)
        return tuple(Chapter(title, index) for index, title in sorted(titles.items())) if len(titles) > 1 else ()


def read_book(path: Path) -> ReadBook:
    """Return what the EPUB at `path` holds; raises SourceError. A job for a worker."""
    package = read_package(path)
    reader = DocumentReader(path, package)
    return ReadBook(package, tuple(reader.documents()), reader.embedded)


def tree_of(html: str) -> LexborHTMLParser:
    """Return the tree of a page."""
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(html)


def holds(node: LexborNode, selector: str) -> bool:
    """Whether any other node that the selector means lies in this one."""
    return any(inner.mem_id != node.mem_id for inner in node.css(selector))


class DocumentReader:
    """Reads the documents of one book; `embedded` grows with the pictures whose bytes stand in them."""

    def __init__(self, path: Path, package: EpubPackage, limits: Limits = LIMITS) -> None:
        self._path = path
        self._package = package
        self._limits = limits
        self._styles = BookStyles(path, package, limits)
        self._names: dict[bytes, str] = {}
        self._lost: dict[str, None] = {}
        self.embedded: dict[str, bytes] = {}

    def documents(self) -> Iterator[BookDocument]:
        """Yield what each document of the order holds; raises SourceError for too many, or one that cannot be read."""
        if len(self._package.spine) > self._limits.pages:
            raise SourceError(f"has more than {self._limits.pages} documents")
        read: dict[str, BookDocument] = {}
        for name in self._package.spine:
            if name not in read:
                read[name] = self._document(name)
            yield read[name]

    def _document(self, name: str) -> BookDocument:
        """Return what one document of the order holds, which may be a picture by itself."""
        if self._package.is_picture(name):
            return BookDocument(name, (name,), ())
        tree = self._tree(name)
        sections = tuple(take_sections(tree, lambda address: self._package.member(name, address)))
        self._lost = {}
        shown = list(self._shown(tree, name, inside=0))
        pictures = tuple(dict.fromkeys(picture for picture in shown if picture))
        lines = () if name == self._package.navigation else tuple(_lines(tree))
        return BookDocument(name, pictures, lines, drawings=shown.count(""), lost=tuple(self._lost), sections=sections)

    def _tree(self, name: str) -> LexborHTMLParser:
        return tree_of(html_of(read_member(self._path, name, self._limits), name, self._limits))

    def _shown(self, tree: LexborHTMLParser, name: str, inside: int) -> Iterator[str]:
        """Yield the pictures of a document as they come, and "" for each drawing without any."""
        by_style = self._styles.addresses(tree, name)
        covered, inner = set[int](), {node.mem_id for node in tree.css("svg svg")}
        for node in tree.root.traverse() if tree.root else ():
            for place, address in by_style.get(node.mem_id, ()):
                if picture := self._named(place, address):
                    yield picture
            if node.mem_id in covered:
                continue
            addresses = tuple(_addresses(node))
            picture = next(filter(None, (self._named(name, address) for address in addresses)), "")
            if picture:
                yield picture
                covered.update(inner.mem_id for inner in node.css("img, image, object, embed, iframe"))
            elif document := next(filter(None, (self._document_named(name, one) for one in addresses)), ""):
                if inside < _MOST_INSIDE:
                    yield from self._shown(self._tree(document), document, inside + 1)
            elif addresses and node.tag in _PICTURES:
                self._lost[addresses[0]] = None
            elif node.tag == "svg" and node.mem_id not in inner and node.css_first(_PLACED) is None:
                yield from [""] if node.css_first(_DRAWN) else ()

    def _named(self, place: str, address: str) -> str:
        """Return the name of the picture at an address, which may hold its bytes; "" for none."""
        if address[:5].lower() == "data:":
            from packager.readers.articles.pictures import embedded_bytes

            data = embedded_bytes(address)
            name = self._names.setdefault(data, f"{place}#{len(self.embedded) + 1}") if data else ""
            return name if not data or self.embedded.setdefault(name, data) else ""
        name = self._package.member(place, address)
        return name if name and not self._package.is_document(name) else ""

    def _document_named(self, place: str, address: str) -> str:
        name = self._package.member(place, address)
        return name if self._package.is_document(name) and name not in self._package.spine else ""


def _addresses(node: LexborNode) -> Iterator[str]:
    """Yield where the picture of an element may be, best first."""
    from packager.readers.articles.html.images import in_srcset

    tag = node.tag or ""
    parent = node.parent.tag if node.parent is not None else ""
    if tag == "img" and parent == "picture":
        return
    nodes = node.css("img, source") if tag == "picture" else [node]
    for one in sorted(nodes, key=lambda inner: inner.tag != "img"):
        for attribute in ("src", "srcset") if tag == "picture" else _ATTRIBUTES.get(tag, ()):
            value = (one.attributes.get(attribute) or "").strip()
            yield from in_srcset(value) if attribute == "srcset" else filter(None, [value])


def _lines(tree: LexborHTMLParser) -> Iterator[str]:
    for node in reversed(tree.css(_UNSPOKEN)):  # the innermost first: what lies in a node ends with it
        node.decompose()
    for node in tree.css(_LINES):
        node.insert_before("\n")
    words = tree.body.text() if tree.body else ""
    lines = (" ".join(clean(line).split()) for line in words.splitlines())
    return filter(None, lines)
