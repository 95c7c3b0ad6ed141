"""EPUB: what a package says, in which order its pages stand, and which books are read as pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from packager.archive import LockedArchive
from packager.archive.xml import parse
from packager.errors import SourceError
from packager.model import Direction
from packager.readers import epub
from packager.readers.epub import resolve
from tests.helpers.books import METADATA, XHTML, comic_book, package, page, png, write_epub

PICTURES = ["img/z.png", "img/a.png"]
BODIES = {"2.xhtml": page("img/z.png", "Where to?"), "1.xhtml": page("img/a.png")}
LAYOUT = '<meta property="rendition:layout">pre-paginated</meta>'


def read(path: Path) -> tuple[epub.EpubPackage, tuple[epub.BookDocument, ...]]:
    """The package of a book and its documents."""
    book = epub.read_book(path)
    return book.package, book.documents


def test_pages_stand_in_the_order_of_the_spine(tmp_path: Path) -> None:
    """Names say nothing of it; each page has its pictures and its words."""
    book, documents = read(comic_book(tmp_path / "a.epub", BODIES, PICTURES))
    assert [document.name for document in documents] == ["OEBPS/text/2.xhtml", "OEBPS/text/1.xhtml"]
    assert [document.pictures for document in documents] == [("OEBPS/img/z.png",), ("OEBPS/img/a.png",)]
    assert [document.lines for document in documents] == [("Where to?",), ()]
    assert (book.title, book.authors, book.language) == ("A window", ("Ju Ok",), "ko")


def test_a_package_tells_direction_layout_and_cover(tmp_path: Path) -> None:
    """As EPUB 3 writes them, and the cover as EPUB 2 did."""
    metadata = f'{METADATA}{LAYOUT}<meta name="cover" content="p1"/>'
    path = comic_book(
        tmp_path / "a.epub", BODIES, PICTURES, metadata=metadata, spine='page-progression-direction="rtl"'
    )
    book = epub.read_package(path)
    assert (book.direction, book.is_fixed_layout, book.cover) == (Direction.RTL, True, "OEBPS/img/a.png")


TABLES = {
    "navigation": (
        '<item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>',
        XHTML.format('<nav epub:type="toc"><ol><li><a href="text/2.xhtml#x">The <b>road</b></a></li></ol></nav>'),
        "x",
    ),
    "NCX": (
        '<item id="n" href="nav.xhtml" media-type="application/x-dtbncx+xml"/>',
        '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "x.dtd"><ncx xmlns="http://www.daisy.org/z3986/2005/ncx/">'
        "<navMap><navPoint><navLabel><text>The road</text></navLabel>"
        '<content src="text/2.xhtml"/></navPoint></navMap></ncx>',
        "",
    ),
}


@pytest.mark.parametrize(("item", "table", "fragment"), TABLES.values(), ids=list(TABLES))
def test_the_table_of_contents_leads_to_documents(tmp_path: Path, item: str, table: str, fragment: str) -> None:
    """Words inside other elements count, and what stands behind `#` is the place there."""
    opf = package(["text/2.xhtml"], [], more=item)
    path = write_epub(tmp_path / "a.epub", {"content.opf": opf, "text/2.xhtml": XHTML.format(""), "nav.xhtml": table})
    assert epub.read_package(path).contents == (epub.ContentsLine("The road", "OEBPS/text/2.xhtml", fragment),)


KINDS = {
    "a picture a page": (METADATA, [""] * 4, 4, True),
    "a sentence a picture": (METADATA, ["word " * 20] * 4, 4, True),
    "a novel with a cover": (METADATA, ["", "word " * 400, "word " * 400], 1, False),
    "a fixed layout with balloons": (METADATA + LAYOUT, ["word " * 100] * 3, 3, True),
    "a magazine of fixed layout": (METADATA + LAYOUT, ["word " * 500] * 3, 3, False),
    "no picture": (METADATA, ["", ""], 0, False),
}


@pytest.mark.parametrize(("metadata", "words", "count", "expected"), KINDS.values(), ids=list(KINDS))
def test_a_book_is_of_pictures_or_of_text(
    tmp_path: Path, metadata: str, words: list[str], count: int, expected: bool
) -> None:
    """By the letters that stand beside each picture."""
    pictures = [f"img/{number}.png" for number in range(count)]
    bodies = {
        f"{number}.xhtml": page(pictures[number], text) if number < count else f"<p>{text}</p>"
        for number, text in enumerate(words)
    }
    book = epub.read_book(comic_book(tmp_path / "a.epub", bodies, pictures, metadata=metadata))
    assert book.is_of_pictures is expected


@pytest.mark.parametrize(
    ("reference", "member"),
    [
        ("../img/a%20b.png#x", "OEBPS/img/a b.png"),
        ("b.png?size=2", "OEBPS/text/b.png"),
        ("../../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        (r"..\img\a.png", "OEBPS/img/a.png"),
        (r"\\example.org\a.png", ""),
        ("http://example.org/a.png", ""),
        ("//example.org/a.png", ""),
        ("data:image/png;base64,AAAA", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_a_reference_stays_in_the_book(reference: str, member: str) -> None:
    """What leads to the network means nothing, and nothing leads above the root of the book."""
    assert resolve("OEBPS/text/1.xhtml", reference) == member


def test_a_protected_book_is_named_as_such(tmp_path: Path) -> None:
    """A book whose fonts alone are garbled is not protected."""
    xml = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><x:EncryptedData '
        'xmlns:x="http://www.w3.org/2001/04/xmlenc#"><x:CipherReference URI="{}"/></x:EncryptedData></encryption>'
    )
    files: dict[str, str | bytes] = {"content.opf": package([], ["a.png"]), "a.png": png(), "a.ttf": "x"}
    fonts = write_epub(tmp_path / "a.epub", files | {"META-INF/encryption.xml": xml.format("OEBPS/a.ttf")})
    assert epub.read_package(fonts).title == "A window"
    pictures = write_epub(tmp_path / "b.epub", files | {"META-INF/encryption.xml": xml.format("OEBPS/a.png")})
    with pytest.raises(LockedArchive, match="copy protection"):
        epub.read_package(pictures)


BROKEN = {
    "no container": {"META-INF/container.xml": "<a/>"},
    "no package": {"other.opf": ""},
    "no XML": {"content.opf": "<package>"},
    "entities": {"content.opf": '<!DOCTYPE p [<!ENTITY a "aaaa">]><package>&a;</package>'},
    "elements in one another": {"content.opf": "<a>" * 5000 + "</a>" * 5000},
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("files", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_book_is_refused(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    """With a reason, whatever is wrong with it."""
    with pytest.raises(SourceError):
        epub.read_package(write_epub(tmp_path / "a.epub", files))


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b"<!DOCTYPE a [<!ELEMENT a ANY>]><a/>",
        '<!DOCTYPE a [<!ENTITY x "y">]><a/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        b"<a></b>",
        b"",
    ],
    ids=["outside entity", "declaration", "utf-16", "encoding", "crossed", "empty"],
)
def test_hostile_xml_is_refused(data: bytes) -> None:
    """Nothing is expanded or fetched, and nothing but a SourceError comes out."""
    with pytest.raises(SourceError):
        parse(data)


def test_a_document_type_that_is_only_named_is_read() -> None:
    """Tables of contents of EPUB 2 have one; nothing is fetched for it."""
    assert parse(b'<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://127.0.0.1:9/x.dtd"><ncx/>').tag == "ncx"
