"""Things that can be wrong in archives, comics and books: each has one file, and a code of its own."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import py7zr

from tests.helpers.clean_tree import Tree, after_header, cbz, clean_tree, comic_cbz, comic_pages, image, jpeg, segment
from tests.helpers.containers import COPY, book, chapter, clean_book, fix_time, in_order, sevenzipped, zipped
from tests.helpers.defects import ARCHIVE as CBZ
from tests.helpers.defects import COMIC, Defect, add_linked, body, encrypted, lying, patched, put, swap

Change = Callable[[bytes], bytes]
LAST = "window/w402/001.jpg"
PACKAGE, CHAPTER = "book.opf", "1.xhtml"
LZMA2 = ({"id": py7zr.FILTER_LZMA2},)
PPMD = ({"id": py7zr.FILTER_PPMD, "order": 6, "mem": 24},)


@dataclass(frozen=True, slots=True)
class Broken:
    """A file with one thing wrong: its name, its bytes, and where what is found under which code."""

    name: str
    file: str
    make: Callable[[], bytes]
    code: str
    path: str = ""


def tree(make: Callable[[Tree], None]) -> Tree:
    """The clean tree with something done to it."""
    made = clean_tree()
    make(made)
    return made


def packed(defect: Defect) -> tuple[Broken, ...]:
    """A tree with one defect, as ZIP and as 7z; paths begin with the folder that the tree is in."""
    path = f"window/{defect.path}" if defect.path else ""
    return (
        Broken(f"{defect.name} in a ZIP", "window.zip", lambda: zipped(tree(defect.make)), defect.code, path),
        Broken(f"{defect.name} in a 7z", "window.7z", lambda: sevenzipped(tree(defect.make)), defect.code, path),
    )


def zip_of(make: Change) -> Callable[[], bytes]:
    """The tree as a ZIP with something done to its bytes."""
    return lambda: make(zipped(clean_tree()))


def with_member(name: str, content: bytes = b"a\n", **options: object) -> Callable[[], bytes]:
    """The tree as a ZIP with one member more, which has `options` set."""
    return lambda: appended(zipped(clean_tree()), name, content, **options)


def with_last(**options: object) -> Callable[[], bytes]:
    """The tree as a ZIP whose last picture has `options` set."""

    def make() -> bytes:
        others = clean_tree()
        last = others.pop(LAST.removeprefix("window/"))
        return appended(zipped(others), LAST, last, **options)

    return make


def appended(content: bytes, name: str, member: bytes, **options: object) -> bytes:
    """A ZIP with one member more."""
    file = io.BytesIO(content)
    options = {"create_system": 3, "external_attr": 0o100644 << 16, **options}
    with zipfile.ZipFile(file, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of two members with one name
        info = zipfile.ZipInfo(name)
        for option, value in options.items():
            setattr(info, option, value)
        archive.writestr(info, member)
    return file.getvalue()


def damaged(content: bytes) -> bytes:
    """A ZIP with a byte of its last member changed."""
    at = content.rfind(b"PK\x03\x04") + 500
    return patched(content, at, bytes((content[at] ^ 1,)))


def overlapping(content: bytes) -> bytes:
    """A ZIP whose last two members share their bytes."""
    central = content.rfind(b"PK\x01\x02")
    before = content.rfind(b"PK\x01\x02", 0, central)
    return patched(content, central + 42, content[before + 42 : before + 46])


def bomb() -> bytes:
    """A ZIP with a member that unpacks to a thousand times its size."""
    made = tree(add_linked("w402/2.txt", b""))
    del made["w402/2.txt"]
    return appended(zipped(made), "window/w402/2.txt", bytes(70 << 20), compress_type=zipfile.ZIP_DEFLATED)


def two_headers(content: bytes) -> bytes:
    """A ZIP whose last member has another name in its own header."""
    return patched(content, content.rfind(b"PK\x03\x04") + 30, b"W")


def last_streamed(content: bytes) -> bytes:
    """A ZIP whose last member says that its sizes follow it, and they do not."""
    return patched(content, content.rfind(b"PK\x03\x04") + 6, b"\x08\0")


def damaged_7z() -> bytes:
    """A 7z with one byte of its last member changed."""
    content = sevenzipped(clean_tree())
    at = 32 + int.from_bytes(content[12:20], "little") - 100
    return patched(content, at, bytes((content[at] ^ 1,)))


def twins_7z() -> bytes:
    """A 7z with two members of one name."""
    file = io.BytesIO()
    with py7zr.SevenZipFile(file, "w", filters=list(COPY)) as archive:
        archive.set_encoded_header_mode(False)
        for number, (path, content) in enumerate([*in_order(clean_tree()), ("twin.jpg", jpeg())]):
            archive.writestr(content, f"window/{path}")
            fix_time(archive, number)
        archive.files[number].file_properties()["filename"] = "window/w401/001.jpg"
    return file.getvalue()


def info(content: str) -> Callable[[], bytes]:
    """A comic with this in its ComicInfo.xml."""
    return lambda: cbz([("ComicInfo.xml", f"<ComicInfo>{content}</ComicInfo>".encode()), *comic_pages()])


def epub(make: Callable[[Tree], None]) -> Callable[[], bytes]:
    """The book with something done to its members."""

    def made() -> bytes:
        members = clean_book()
        make(members)
        return book(members)

    return made


def inside(path: str, old: str, new: str) -> Callable[[], bytes]:
    """The book with some text replaced in one of its files."""
    return epub(swap(path, old, new))


def item(written: str) -> Callable[[], bytes]:
    """The book with one more item in its manifest."""
    return inside(PACKAGE, "</manifest>", f'<item {written} media-type="a/b"/></manifest>')


def without_contents(members: Tree) -> None:
    swap(PACKAGE, ' properties="nav"', "")(members)
    swap(PACKAGE, "application/x-dtbncx+xml", "text/xml")(members)


def mimetype_last(members: Tree) -> None:
    members["mimetype"] = members.pop("mimetype")


def without(path: str) -> Callable[[], bytes]:
    """The book without one of its files."""
    return epub(lambda members: members.__delitem__(path))


def with_item(name: str, content: bytes) -> Callable[[], bytes]:
    """The book with one more file, which its manifest lists."""

    def make(members: Tree) -> None:
        members[f"{name}"] = content
        swap(PACKAGE, "</manifest>", f'<item id="more" href="{name}" media-type="a/b"/></manifest>')(members)

    return epub(make)


IN_EVERY_ARCHIVE = (
    Defect("a picture cut short", "J101", "w401/001.jpg", put("w401/001.jpg", jpeg(shade=90)[:900])),
    Defect("a link to a missing page", "L102", COMIC, body('<a href="7.html">a</a>')),
    Defect("a picture from the network", "X101", COMIC, body(image("http://example.org/a.jpg"))),
    Defect("a name in Korean", "N102", "창.txt", add_linked("창.txt", b"a\n")),
    Defect("a program", "T201", "more.exe", put("more.exe", b"MZ\x90\0" + bytes(99))),
    Defect("what macOS leaves", "T205", "w401/.DS_Store", put("w401/.DS_Store", b"a")),
    Defect("no title", "H105", COMIC, swap(COMIC, "<title>index</title>", "<title> </title>")),
    Defect("Exif", "J105", "w402/001.jpg", put("w402/001.jpg", after_header(jpeg(), segment(0xE1, b"Exif\0\0II*\0")))),
    Defect("a compressed CBZ", "A102", CBZ, put(CBZ, comic_cbz(compress_type=8))),
    Defect(
        "an archive in a CBZ", "A110", "cbz/w401.cbz", put("cbz/w401.cbz", cbz([*comic_pages(), ("w.zip", cbz([]))]))
    ),
)

ZIPS = (
    Broken("a ZIP cut short", "a.zip", zip_of(lambda content: content[:-60]), "A101"),
    Broken("a ZIP cut in half", "a.zip", zip_of(lambda content: content[: len(content) // 2]), "A101"),
    Broken("a ZIP of three bytes", "a.zip", lambda: b"PK\3", "A101"),
    Broken("a damaged member", "a.zip", zip_of(damaged), "A101", LAST),
    Broken("a lying size", "a.zip", zip_of(lying), "A101", LAST),
    Broken("two headers that differ", "a.zip", zip_of(two_headers), "A101", LAST),
    Broken("sizes promised and not there", "a.zip", zip_of(last_streamed), "A101", LAST),
    Broken("an unusual packing", "a.zip", with_last(compress_type=zipfile.ZIP_BZIP2), "A101"),
    Broken("a time in an extra field", "a.zip", with_last(extra=struct.pack("<HHL", 0x5455, 4, 7)), "A104"),
    Broken("a lock", "a.zip", zip_of(encrypted), "A105"),
    Broken("two members of one name", "a.zip", with_member("window/w401/001.jpg"), "A106"),
    Broken("a file called as a folder", "a.zip", with_member("window/w401"), "A106"),
    Broken("a member that climbs", "a.zip", with_member("../more.txt"), "A107"),
    Broken("a member of Windows", "a.zip", with_member("C:\\more.txt"), "A107"),
    Broken("a link", "a.zip", with_member("window/w401/004.jpg", b"001.jpg", external_attr=0o120777 << 16), "A107"),
    Broken("bytes behind", "a.zip", zip_of(lambda content: content + b"hello"), "A111"),
    Broken("members that overlap", "a.zip", zip_of(overlapping), "A112"),
    Broken("a member without measure", "a.zip", bomb, "A113"),
    Broken("the time of the clock", "a.zip", with_last(date_time=(2026, 11, 22, 13, 45, 6)), "A114"),
    Broken("another system's mark", "a.zip", with_last(create_system=0), "A116"),
    Broken("a mode of its own", "a.zip", with_last(external_attr=0o100640 << 16), "A115"),
)

SEVENZIPS = (
    Broken("cut short", "a.7z", lambda: sevenzipped(clean_tree())[:-60], "A101"),
    Broken("cut in its first bytes", "a.7z", lambda: sevenzipped(clean_tree())[:5], "A101"),
    Broken("a changed byte", "a.7z", damaged_7z, "A101", LAST),
    Broken("packed by LZMA2", "a.7z", lambda: sevenzipped(clean_tree(), LZMA2), "A101"),
    Broken("packed by PPMd", "a.7z", lambda: sevenzipped(clean_tree(), PPMD), "A101"),
    Broken("a password", "a.7z", lambda: sevenzipped(clean_tree(), (), "open"), "A105"),
    Broken("two members of one name", "a.7z", twins_7z, "A106"),
)

COMICS = (
    Broken("a deflated page", "a.cbz", lambda: comic_cbz(compress_type=8), "A102"),
    Broken("pages out of order", "a.cbz", lambda: cbz(comic_pages()[::-1]), "A108"),
    Broken("an element that ComicInfo does not know", "a.cbz", info("<Titel>a</Titel>"), "A109"),
    Broken("elements in the wrong order", "a.cbz", info("<Series>a</Series><Title>a</Title>"), "A109"),
    Broken("a number that is none", "a.cbz", info("<Year>soon</Year>"), "A109"),
    Broken("a page without its number", "a.cbz", info('<Pages><Page Type="Story"/></Pages>'), "A109"),
    Broken("a text among the pages", "a.cbz", lambda: cbz([*comic_pages(), ("read.txt", b"a\n")]), "A110"),
    Broken("half a page", "a.cbz", lambda: cbz([("001.jpg", jpeg()[:900]), *comic_pages()[1:]]), "J101", "001.jpg"),
)

BOOKS = (
    Broken("a mimetype that is not first", "a.epub", epub(mimetype_last), "A201", "mimetype"),
    Broken("no mimetype", "a.epub", without("mimetype"), "A201", "mimetype"),
    Broken("a mimetype with a line end", "a.epub", inside("mimetype", "zip", "zip\n"), "A201", "mimetype"),
    Broken("no container", "a.epub", without("META-INF/container.xml"), "A202", "META-INF/container.xml"),
    Broken("a container that leads nowhere", "a.epub",
           inside("META-INF/container.xml", "book.opf", "more.opf"), "A202", "META-INF/container.xml"),
    Broken("a torn package document", "a.epub", inside(PACKAGE, "</manifest>", ""), "A202", PACKAGE),
    Broken("an item without an address", "a.epub", item('id="a"'), "A203", PACKAGE),
    Broken("two items of one file", "a.epub", item('id="a" href="001.jpg"'), "A203", PACKAGE),
    Broken("an item that is not there", "a.epub", item('id="a" href="2.css"'), "L102", PACKAGE),
    Broken("an item on the network", "a.epub", item('id="a" href="https://a.org/2"'), "X101", PACKAGE),
    Broken("a file that is no item", "a.epub", epub(put("2.jpg", jpeg(shade=7))), "A204", "2.jpg"),
    Broken("a spine of strangers", "a.epub", inside(PACKAGE, 'idref="d1"', 'idref="d2"'), "A205", PACKAGE),
    Broken("no table of contents", "a.epub", epub(without_contents), "A206", PACKAGE),
    Broken("no language", "a.epub", inside(PACKAGE, "<dc:language>en</dc:language>\n", ""), "A207", PACKAGE),
    Broken("the program that made it", "a.epub",
           inside(PACKAGE, "</metadata>", '<meta name="generator" content="Kim 77"/></metadata>'), "P102", PACKAGE),
    Broken("who helped with it", "a.epub",
           inside(PACKAGE, "</metadata>", "<dc:contributor>Kim 77</dc:contributor></metadata>"), "P102", PACKAGE),
    Broken("a protection", "a.epub", epub(put("META-INF/encryption.xml", b"<encryption/>")), "A208"),
    Broken("a document that is no XML", "a.epub", inside(CHAPTER, "Fold.", "Fold.<br>"), "A209", CHAPTER),
    Broken("an undeclared prefix", "a.epub", inside(CHAPTER, '<p>F', '<p a:b="c">F'), "A209", CHAPTER),
    Broken("entities of its own", "a.epub",
           inside(CHAPTER, "<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY a "a">]>'), "X203", CHAPTER),
    Broken("a remote picture", "a.epub", inside(CHAPTER, "001.jpg", "http://a.org/001.jpg"), "X101", CHAPTER),
    Broken("a remote style", "a.epub",
           inside("style.css", "margin:0", "background:url(//a.org/a);margin:0"), "X101", "style.css"),
    Broken("a form", "a.epub", epub(put(CHAPTER, chapter('<h2 id="h1">One</h2><form></form>'))), "X201", CHAPTER),
    Broken("a chapter that is not there", "a.epub",
           inside(CHAPTER, "Fold.", '<a href="two.xhtml">a</a>'), "L102", CHAPTER),
    Broken("a place that is not in the chapter", "a.epub",
           inside("nav.xhtml", "#h1", "#h7"), "L106", "nav.xhtml"),
    Broken("a telling picture", "a.epub",
           epub(put("001.jpg", after_header(jpeg(), segment(0xE1, b"Exif\0\0II*\0")))), "J105", "001.jpg"),
    Broken("a program", "a.epub", with_item("a.exe", b"MZ\x90\0" + bytes(9)), "T201", "a.exe"),
)  # fmt: skip

BROKEN = (*(one for defect in IN_EVERY_ARCHIVE for one in packed(defect)), *ZIPS, *SEVENZIPS, *COMICS, *BOOKS)
