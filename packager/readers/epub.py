"""EPUB: what the package of a book says and its documents hold; of a book of pictures, the files of a comic."""

from __future__ import annotations

import posixpath
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from packager.archive import LockedArchive
from packager.archive.read import members, read_member
from packager.archive.xml import parse
from packager.errors import SourceError
from packager.model import Chapter, Direction, Source
from packager.readers.context import Scratch
from packager.readers.discovery import ComicInfo
from packager.readers.files import FileKind, SourceFile, printable
from packager.sandbox.limits import LIMITS, Limits
from packager.text.spelling import language_tag
from packager.text.terminal import clean

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from selectolax.lexbor import LexborHTMLParser

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_CIPHER = "{http://www.w3.org/2001/04/xmlenc#}CipherReference"
_FONTS = (".otf", ".ttf", ".woff", ".woff2")  # which EPUB itself lets be garbled
_UNLOCKED = "Ask for a copy without copy protection."

# A page of a picture book has a sentence or two, a page of a novel some 1,500 letters. On pages of a fixed layout
# balloons and captions may be letters rather than drawn.
_LETTERS_A_PICTURE = 200
_LETTERS_A_FIXED_PAGE = 800
_UNSPOKEN = "script, style, title, nav, noscript"
_LINES = "p, div, br, li, dt, dd, tr, td, th, h1, h2, h3, h4, h5, h6, figure, figcaption, blockquote, pre, text"


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """One line of the table of contents: its words, and the member that it leads to."""

    title: str
    name: str


@dataclass(frozen=True, slots=True)
class EpubPackage:
    """What an EPUB says of itself; names are those of members of the archive, "" and () where it says nothing.

    `types` holds the media type of each member that belongs to the book.
    """

    place: str
    title: str
    authors: tuple[str, ...]
    language: str
    summary: str
    direction: Direction | None
    is_fixed_layout: bool
    spine: tuple[str, ...]
    types: dict[str, str]
    cover: str
    contents: tuple[ContentsLine, ...]


@dataclass(frozen=True, slots=True)
class BookDocument:
    """One document of a book: its member, the members of its pictures in order, and its words in lines."""

    name: str
    pictures: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadBook:
    """What an EPUB holds: its package, what its documents show, and the size of each member in bytes."""

    package: EpubPackage
    documents: tuple[BookDocument, ...]
    sizes: dict[str, int]

    @property
    def is_of_pictures(self) -> bool:
        """Whether it is read as a comic: it has pictures, and few letters for each of them."""
        pictures = len(self.page_numbers)
        letters = sum(len(line) for document in self.documents for line in document.lines)
        most = _LETTERS_A_FIXED_PAGE if self.package.is_fixed_layout else _LETTERS_A_PICTURE
        return bool(pictures) and letters < most * pictures

    @property
    def page_numbers(self) -> dict[str, int]:
        """The pictures in the order in which they are first shown, each with its number from 1."""
        names = dict.fromkeys(picture for document in self.documents for picture in document.pictures)
        return {name: number for number, name in enumerate(names, start=1)}

    @property
    def info(self) -> ComicInfo:
        """What the book says of itself."""
        return ComicInfo(
            title=self.package.title,
            writers=self.package.authors,
            summary=self.package.summary,
            language=self.package.language,
            is_right_to_left=self.package.direction is Direction.RTL,
        )

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters, where the table of contents leads to more than one page."""
        numbers = self.page_numbers
        first = {document.name: numbers[document.pictures[0]] - 1 for document in self.documents if document.pictures}
        titles: dict[int, str] = {}
        for heading in self.package.contents:
            if heading.name in first and heading.title:
                titles.setdefault(first[heading.name], heading.title)
        return tuple(Chapter(title, index) for index, title in sorted(titles.items())) if len(titles) > 1 else ()


def read_package(path: Path, limits: Limits = LIMITS) -> EpubPackage:
    """Return the package of the EPUB at `path`; raises SourceError for a broken and LockedArchive for a locked one."""
    names = {member.name for member in members(path, limits)}
    if CONTAINER not in names:
        raise SourceError("is no EPUB: it has no META-INF/container.xml")
    container = parse(read_member(path, CONTAINER, limits), limits)
    places = (file.get("full-path", "") for file in container.iter(f"{_CONTAINER}rootfile"))
    place = next(filter(None, places), "")
    if place not in names:
        raise SourceError("is a broken EPUB: its package is missing")
    root = parse(read_member(path, place, limits), limits)
    package = _package(root, place, names)
    if ENCRYPTION in names:
        encryption = parse(read_member(path, ENCRYPTION, limits), limits)
        locked = {unquote(cipher.get("URI", "")) for cipher in encryption.iter(_CIPHER)}
        if any(name in package.types and not name.lower().endswith(_FONTS) for name in locked):
            raise LockedArchive("is locked by copy protection", hint=_UNLOCKED)
    return replace(package, contents=_contents(root, place, path, limits))


def _package(root: Element, place: str, names: set[str]) -> EpubPackage:
    items = {item.get("id", ""): item for item in root.iter(f"{_OPF}item")}
    member = {key: resolve(place, item.get("href", "")) for key, item in items.items()}
    spine = root.find(f"{_OPF}spine")
    order = [member.get(reference.get("idref", ""), "") for reference in root.iter(f"{_OPF}itemref")]
    directions = {"ltr": Direction.LTR, "rtl": Direction.RTL}
    return EpubPackage(
        place,
        title=next(_texts(root, "title"), ""),
        authors=tuple(dict.fromkeys(_texts(root, "creator"))),
        language=next(filter(None, map(language_tag, _texts(root, "language"))), ""),
        summary=next(_texts(root, "description"), ""),
        direction=directions.get(spine.get("page-progression-direction", "") if spine is not None else ""),
        is_fixed_layout=_is_fixed_layout(root),
        spine=tuple(dict.fromkeys(name for name in order if name in names)),
        types={member[key]: item.get("media-type", "") for key, item in items.items() if member[key] in names},
        cover=_cover(root, items, member, names),
        contents=(),
    )


def _texts(root: Element, name: str) -> Iterator[str]:
    texts = (" ".join(clean("".join(element.itertext())).split()) for element in root.iter(f"{_DC}{name}"))
    return filter(None, texts)


def _is_fixed_layout(root: Element) -> bool:
    """Whether the layout is fixed, as EPUB 3 says it or as shops did before."""
    values = {
        meta.get("property") or meta.get("name"): meta.get("content") or meta.text for meta in root.iter(f"{_OPF}meta")
    }
    return values.get("rendition:layout") == "pre-paginated" or values.get("fixed-layout") == "true"


def _cover(root: Element, items: dict[str, Element], member: dict[str, str], names: set[str]) -> str:
    by_property = [key for key, item in items.items() if "cover-image" in item.get("properties", "").split()]
    by_meta = [meta.get("content", "") for meta in root.iter(f"{_OPF}meta") if meta.get("name") == "cover"]
    covers = (member[key] for key in (*by_property, *by_meta) if key in member)
    return next((name for name in covers if name in names), "")


def _contents(root: Element, place: str, path: Path, limits: Limits) -> tuple[ContentsLine, ...]:
    """Return the first table of contents that can be read; a broken one is no reason to do without the book."""
    navigation = (item for item in root.iter(f"{_OPF}item") if "nav" in item.get("properties", "").split())
    tables = (item for item in root.iter(f"{_OPF}item") if item.get("media-type") == "application/x-dtbncx+xml")
    for item in (*navigation, *tables):
        name = resolve(place, item.get("href", ""))
        with suppress(SourceError):
            if lines := tuple(_contents_lines(parse(read_member(path, name, limits), limits), name)):
                return lines
    return ()


def _contents_lines(table: Element, place: str) -> Iterator[ContentsLine]:
    """Yield the lines of a navigation document (EPUB 3) or of an NCX (EPUB 2)."""
    for nav in table.iter(f"{_XHTML}nav"):
        if nav.get("{http://www.idpf.org/2007/ops}type") == "toc":
            for link in nav.iter(f"{_XHTML}a"):
                yield _contents_line("".join(link.itertext()), place, link.get("href", ""))
    for point in table.iter(f"{_NCX}navPoint"):
        label, content = point.find(f"{_NCX}navLabel"), point.find(f"{_NCX}content")
        if label is not None and content is not None:
            yield _contents_line("".join(label.itertext()), place, content.get("src", ""))


def _contents_line(words: str, place: str, reference: str) -> ContentsLine:
    return ContentsLine(" ".join(clean(words).split()), resolve(place, reference))


def resolve(document: str, reference: str) -> str:
    """Return the member that `reference` in `document` means; "" for what is no relative path inside the book."""
    try:
        parts = urlsplit(reference)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(document), unquote(parts.path)))
    return "" if path.startswith(("/", "..")) else path


def documents(path: Path, package: EpubPackage, limits: Limits = LIMITS) -> tuple[BookDocument, ...]:
    """Return what each document of the spine holds; raises SourceError for too many, or one that cannot be read."""
    if len(package.spine) > limits.pages:
        raise SourceError(f"has more than {limits.pages} documents")
    return tuple(_document(path, name, package, limits) for name in package.spine)


def read_book(path: Path) -> ReadBook:
    """Return what the EPUB at `path` holds; raises SourceError. A job for a worker."""
    package = read_package(path)
    sizes = {member.name: member.size_bytes for member in members(path)}
    return ReadBook(package, documents(path, package), sizes)


def comic_files(archive: SourceFile, book: ReadBook, scratch: Scratch) -> Iterator[SourceFile]:
    """Yield each picture that the book shows, numbered in its order, its words, and the pictures that it never shows.

    The words that stand beside the pictures become a transcript, which is kept in `scratch`.
    """
    numbers = book.page_numbers

    def member(name: str) -> Source:
        return Source(archive.source.path, f"{archive.source.label}/{printable(name)}", member=name)

    for name, number in numbers.items():
        path = archive.path / f"{number:05}{PurePosixPath(name).suffix.lower()}"
        yield SourceFile(member(name), path, FileKind.PICTURE, book.sizes[name])
    lines: list[str] = []
    for document in book.documents:
        if document.lines and document.pictures:
            lines.append(f"\n## {numbers[document.pictures[0]]:05}\n")
        lines += [f"- {line}" for line in document.lines]
    if lines:
        source = scratch.keep("\n".join(lines).encode(), f"{archive.source.label}/its words.md")
        path = archive.path / "transcript.md"
        yield SourceFile(source, path, FileKind.TRANSCRIPT, source.path.stat().st_size)
    for name in sorted(book.package.types.keys() - numbers.keys() - {book.package.cover}):
        if book.package.types[name].startswith("image/"):
            refusal = "no page of the book shows it"
            yield SourceFile(member(name), archive.path / name, FileKind.JUNK, book.sizes[name], refusal)


def _document(path: Path, name: str, package: EpubPackage, limits: Limits) -> BookDocument:
    """Return what one document of the spine holds, which may be a picture by itself."""
    if package.types.get(name, "").startswith("image/") and not package.types[name].endswith("svg+xml"):
        return BookDocument(name, (name,), ())
    from selectolax.lexbor import LexborHTMLParser

    data = read_member(path, name, limits)
    if len(data) > limits.xml_bytes:
        raise SourceError(f"holds a document that is larger than {limits.xml_bytes >> 20} MiB ({name})")
    tree = LexborHTMLParser(data.decode("utf-16" if data[:2] in (BOM_UTF16_LE, BOM_UTF16_BE) else "utf-8", "replace"))
    references = [
        node.attributes.get("src") or node.attributes.get("xlink:href") or node.attributes.get("href") or ""
        for node in tree.css("img, image")
    ]
    pictures = (resolve(name, reference) for reference in references)
    known = tuple(dict.fromkeys(picture for picture in pictures if picture in package.types))
    return BookDocument(name, known, tuple(_lines(tree)))


def _lines(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css(_UNSPOKEN):
        node.decompose()
    for node in tree.css(_LINES):
        node.insert_before("\n")
    words = tree.body.text() if tree.body else ""
    lines = (" ".join(clean(line).split()) for line in words.splitlines())
    return filter(None, lines)
