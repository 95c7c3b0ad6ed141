"""Books are walked by an allow-list: those that are built pass, and whatever is changed or added in one is found."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from packager.check import check
from packager.config import profile as profiles
from tests.check.test_check import Here
from tests.helpers.clean_tree import Tree, jpeg
from tests.helpers.containers import book, chapter, clean_book
from tests.helpers.defects import swap
from tests.helpers.made_books import publication, write_books
from tests.layout.test_epub import EVERY_KIND

ANY = profiles.load("any")


def told(path: Path) -> list[str]:
    return [f"{one.code} {one.path}" for one in check(path, ANY, Here())]


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_what_is_built_has_nothing_wrong(kind: str, tmp_path: Path) -> None:
    """Of every kind of work."""
    (made,) = write_books(tmp_path, publication("w1", EVERY_KIND[kind]))
    assert [one for one in told(made) if one[0] != "J"] == []  # its pictures are the helper's


def more(name: str, content: bytes, media_type: str = "") -> Callable[[Tree], None]:
    """One more file, listed where it has a type."""

    def change(members: Tree) -> None:
        members[name] = content
        if media_type:
            item = f'<item id="more" href="{name}" media-type="{media_type}"/>\n</manifest>'
            swap("book.opf", "</manifest>", item)(members)

    return change


def in_text(old: str, new: str) -> Callable[[Tree], None]:
    return swap("1.xhtml", old, new)


def in_package(old: str, new: str) -> Callable[[Tree], None]:
    return swap("book.opf", old, new)


def of_metadata(written: str) -> Callable[[Tree], None]:
    return in_package("</metadata>", f"{written}\n</metadata>")


PLANTED: dict[str, Callable[[Tree], None]] = {
    "a script": in_text("</body>", "<script>a</script></body>"),
    "a script in an attribute": in_text("<p>F", '<p onclick="a">F'),
    "a script as a link": in_text("Fold", '<a href="javascript:a">Fold</a>'),
    "a script in a file": more("a.js", b"a()\n", "text/javascript"),
    "a link to the network": in_text("Fold", '<a href="https://a.org/">Fold</a>'),
    "a link to another book": in_text("Fold", '<a href="../w2.epub">Fold</a>'),
    "a remote picture": in_text("001.jpg", "https://a.org/001.jpg"),
    "a picture as data": in_text("001.jpg", "data:image/gif;base64,R0lGODlhAQABAAAAACw="),
    "a comment": in_text("Fold", "<!-- by me -->Fold"),
    "a comment of the package": of_metadata("<!-- by me -->"),
    "a comment of the contents": swap("toc.ncx", "<navMap>", "<!-- by me -->\n<navMap>"),
    "a comment of the style": swap("style.css", "margin:0", "/* by me */margin:0"),
    "a hiding style": swap("style.css", "margin:0", "display:none;margin:0"),
    "a style in a document": in_text("</head>", "<style>p{color:red}</style>\n</head>"),
    "a style in an attribute": in_text("<p>F", '<p style="display:none">F'),
    "an attribute that hides": in_text("<p>F", '<p hidden="hidden">F'),
    "a class of its own": in_text("<p>F", '<p class="k7">F'),
    "a name of its own": in_text("<p>F", '<p id="k7">F'),
    "an attribute of data": in_text("<p>F", '<p data-k="7">F'),
    "an element of its own": in_text("Fold", "<x>Fold</x>"),
    "an instruction": in_text("Fold", "<?k 7?>Fold"),
    "letters as they stand": in_text("Fold", "<![CDATA[Fold]]>"),
    "a letter as a code": in_text("Fold", "&#70;old"),
    "a drawing": in_text("Fold", '<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>'),
    "a film": in_text("Fold", "<video/>"),
    "a form": in_text("Fold", "<form><input/></form>"),
    "a frame": in_text("Fold", '<iframe src="1.xhtml"/>'),
    "another meta element": in_text("</head>", '<meta name="author" content="k"/>\n</head>'),
    "another title": in_text("<title>Boats", "<title>Ships"),
    "another language": in_text('lang="en" xml:lang="en"', 'lang="en" xml:lang="ko"'),
    "words behind the end": in_text("</html>", "</html>\n"),
    "a font": more("a.otf", b"OTTO" + bytes(40), "font/otf"),
    "a sound": more("a.mp3", b"ID3\3" + bytes(40), "audio/mpeg"),
    "a text": more("notes.txt", b"by me\n", "text/plain"),
    "a picture that nothing shows": more("002.jpg", jpeg(shade=9), "image/jpeg"),
    "a document that is not read": more("2.xhtml", chapter("<p>words</p>"), "application/xhtml+xml"),
    "a file beside its container": more("META-INF/com.apple.ibooks.display-options.xml", b"<a/>"),
    "a second package": more("META-INF/more.opf", b"<package/>"),
    "metadata beside its container": more("META-INF/metadata.xml", b"<metadata/>"),
    "a maker": of_metadata('<meta name="generator" content="k"/>'),
    "a publisher": of_metadata("<dc:publisher>k</dc:publisher>"),
    "a date": of_metadata("<dc:date>2026-01-01</dc:date>"),
    "rights": of_metadata("<dc:rights>k</dc:rights>"),
    "another moment": in_package("2020-01-01T00", "2026-01-01T00"),
    "another identifier": in_package("urn:uuid:10c72ddf", "urn:isbn:10c72ddf"),
    "two identifiers": swap("toc.ncx", "10c72ddf", "10c72dde"),
    "an odd type": in_package('"image/jpeg"', '"image/jpg"'),
    "a property": in_package('href="1.xhtml" media-type', 'href="1.xhtml" properties="scripted" media-type'),
    "a document out of the order": in_package('<itemref idref="d1"/>', '<itemref idref="d1" linear="no"/>'),
    "a fallback": in_package('id="d1" href', 'id="d1" fallback="p1" href'),
    "a guide": in_package("</spine>", "</spine>\n<guide/>"),
    "a prefix": in_package(' version="3.0"', ' prefix="k: http://a.org/" version="3.0"'),
    "contents that say something else": swap("toc.ncx", "One", "Two"),
    "contents that lead elsewhere": swap("toc.ncx", "1.xhtml#h1", "1.xhtml"),
    "more contents": swap("nav.xhtml", "</nav>", "</nav>\n<p>words</p>"),
    "a second rootfile": swap(
        "META-INF/container.xml", "</rootfiles>", '<rootfile full-path="1.xhtml" media-type="a/b"/>\n</rootfiles>'
    ),
}


@pytest.mark.parametrize("plant", PLANTED.values(), ids=list(PLANTED))
def test_what_ours_never_hold_is_found(plant: Callable[[Tree], None], tmp_path: Path) -> None:
    """Whatever else is right about it."""
    members = clean_book()
    plant(members)
    (tmp_path / "a.epub").write_bytes(book(members))
    assert told(tmp_path / "a.epub") != []


def packed_as(change: Callable[[zipfile.ZipInfo], None], comment: bytes = b"") -> bytes:
    """The clean book with something done to what its ZIP says of each member."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in clean_book().items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            change(info)
            archive.writestr(info, content)
        archive.comment = comment
    return file.getvalue()


def _set(**fields: object) -> Callable[[zipfile.ZipInfo], None]:
    def change(info: zipfile.ZipInfo) -> None:
        if info.filename != "mimetype":
            for name, value in fields.items():
                setattr(info, name, value)

    return change


PACKED = {
    "packed members": lambda: packed_as(_set(compress_type=zipfile.ZIP_DEFLATED)),
    "a comment": lambda: packed_as(_set(), b"by me"),
    "comments of members": lambda: packed_as(_set(comment=b"by me")),
    "extra fields": lambda: packed_as(_set(extra=b"\xfe\xca\1\0a")),
    "times": lambda: packed_as(_set(date_time=(2026, 5, 4, 3, 2, 2))),
    "rights": lambda: packed_as(_set(external_attr=0o100777 << 16)),
    "another system": lambda: packed_as(_set(create_system=0)),
    "bytes in front": lambda: b"by me" + packed_as(_set()),
    "bytes behind": lambda: packed_as(_set()) + b"by me",
    "another order": lambda: book(dict(sorted(clean_book().items(), key=lambda one: (one[0] != "mimetype", one[0])))),
}


@pytest.mark.parametrize("make", PACKED.values(), ids=list(PACKED))
def test_what_its_archive_says_is_of_one_form(make: Callable[[], bytes], tmp_path: Path) -> None:
    """Every field that could tell of people or hide something."""
    (tmp_path / "a.epub").write_bytes(packed_as(_set()))
    assert told(tmp_path / "a.epub") == []
    (tmp_path / "a.epub").write_bytes(make())
    assert told(tmp_path / "a.epub") != []
