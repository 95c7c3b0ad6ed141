"""What the documents of an EPUB hold, and whether the book is read as pictures or as text."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packager.archive.read import read_member
from packager.errors import SourceError
from packager.readers.epub.package import Package, resolve
from packager.sandbox.limits import LIMITS, Limits
from packager.text.terminal import clean

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

# A page of a picture book has a sentence or two, a page of a novel some 1,500 letters. On pages of a fixed layout
# balloons and captions may be letters rather than drawn.
_LETTERS_A_PICTURE = 200
_LETTERS_A_FIXED_PAGE = 800
_UNSPOKEN = "script, style, title, nav, noscript"
_LINES = "p, div, br, li, dt, dd, tr, td, th, h1, h2, h3, h4, h5, h6, figure, figcaption, blockquote, pre, text"


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a book: its member, the members of its pictures in order, and its words in lines."""

    name: str
    pictures: tuple[str, ...]
    lines: tuple[str, ...]


def documents(path: Path, package: Package, limits: Limits = LIMITS) -> tuple[Document, ...]:
    """What each document of the spine holds; raises SourceError for a book with too many, or one that is unreadable."""
    if len(package.spine) > limits.pages:
        raise SourceError(f"has more than {limits.pages} documents")
    return tuple(_document(path, name, package, limits) for name in package.spine)


def is_of_pictures(package: Package, found: Sequence[Document]) -> bool:
    """Whether the book is read as a comic: it has pictures, and few letters for each of them."""
    pictures = len({picture for document in found for picture in document.pictures})
    letters = sum(len(line) for document in found for line in document.lines)
    most = _LETTERS_A_FIXED_PAGE if package.is_fixed_layout else _LETTERS_A_PICTURE
    return bool(pictures) and letters < most * pictures


def _document(path: Path, name: str, package: Package, limits: Limits) -> Document:
    if package.types.get(name, "").startswith("image/") and not package.types[name].endswith("svg+xml"):
        return Document(name, (name,), ())
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
    return Document(name, known, tuple(_lines(tree)))


def _lines(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css(_UNSPOKEN):
        node.decompose()
    for node in tree.css(_LINES):
        node.insert_before("\n")
    words = tree.body.text() if tree.body else ""
    lines = (" ".join(clean(line).split()) for line in words.splitlines())
    return filter(None, lines)
