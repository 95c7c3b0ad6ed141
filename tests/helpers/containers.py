"""Clean trees packed as people pack them, ZIP and 7z; and a clean EPUB."""

from __future__ import annotations

import io
import zipfile

import py7zr
from py7zr.helpers import ArchiveTimestamp

from packager.output import templates
from tests.helpers.clean_tree import Tree, cbz, jpeg

MOMENT = 1_577_836_800  # the first second of 2020
COPY = ({"id": py7zr.FILTER_COPY},)

CONTAINER = (templates.folder() / "epub" / "container.xml").read_bytes().rstrip()
PACKAGE = b"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:10c72ddf-943e-81d7-8084-0e2080e78080</dc:identifier>
<dc:title>Boats</dc:title>
<dc:language>en</dc:language>
<meta property="dcterms:modified">2020-01-01T00:00:00Z</meta>
<meta name="cover" content="p1"/>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="css" href="style.css" media-type="text/css"/>
<item id="d1" href="1.xhtml" media-type="application/xhtml+xml"/>
<item id="p1" href="001.jpg" media-type="image/jpeg" properties="cover-image"/>
</manifest>
<spine toc="ncx" page-progression-direction="ltr">
<itemref idref="d1"/>
</spine>
</package>"""
CONTENTS = b"""<?xml version="1.0" encoding="utf-8"?>
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1" xml:lang="en">
<head>
<meta name="dtb:uid" content="urn:uuid:10c72ddf-943e-81d7-8084-0e2080e78080"/>
</head>
<docTitle>
<text>Boats</text>
</docTitle>
<navMap>
<navPoint id="t1" playOrder="1">
<navLabel>
<text>One</text>
</navLabel>
<content src="1.xhtml#h1"/>
</navPoint>
</navMap>
</ncx>"""
NAVIGATION = '<nav epub:type="toc" role="doc-toc">\n<h1 lang="en" xml:lang="en">Contents</h1>\n<ol>\n{}</ol>\n</nav>'


def chapter(body: str, direction: str = "") -> bytes:
    """One XHTML document of a book."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en"{direction}>
<head>
<title>Boats</title>
<link rel="stylesheet" href="style.css"/>
</head>
<body>
{body}
</body>
</html>""".encode()


def clean_book() -> Tree:
    """A book of one chapter as packager writes it, in the order in which its members stand."""
    contents = NAVIGATION.format('<li><a href="1.xhtml#h1">One</a></li>\n')
    return {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "book.opf": PACKAGE,
        "nav.xhtml": chapter(contents, ' dir="ltr"'),
        "toc.ncx": CONTENTS,
        "style.css": templates.style("epub/style.css").encode(),
        "1.xhtml": chapter(
            '<h2 id="h1">One</h2>\n<p>Fold.</p>\n<p><img src="001.jpg" width="1" height="1" alt="a boat"/></p>'
        ),
        "001.jpg": jpeg(),
    }


def book(tree: Tree) -> bytes:
    """The members as an EPUB, stored as they are."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in tree.items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            archive.writestr(info, content)
    return file.getvalue()


def zipped(tree: Tree, *, deflated: bool = False) -> bytes:
    """A tree as a ZIP, in one folder."""
    members = ((f"window/{path}", content) for path, content in in_order(tree))
    return cbz(members, compress_type=zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED)


def sevenzipped(tree: Tree, filters: tuple[dict[str, int], ...] = COPY, password: str | None = None) -> bytes:
    """A tree as a 7z, in one folder, packed as a build does, or by other filters."""
    file = io.BytesIO()
    with py7zr.SevenZipFile(file, "w", filters=list(filters) or None, password=password) as archive:
        archive.set_encoded_header_mode(filters != COPY)
        for number, (path, content) in enumerate(in_order(tree)):
            archive.writestr(content, f"window/{path}")
            fix_time(archive, number)
    return file.getvalue()


def fix_time(archive: py7zr.SevenZipFile, number: int) -> None:
    """Give a member of a 7z the time and the attributes that a build gives it, in the place of the clock's."""
    properties = archive.files[number].file_properties()
    properties["lastwritetime"] = ArchiveTimestamp.from_datetime(MOMENT + 2 * number)
    properties["attributes"] = 0o100644 << 16 | 0x8020


def in_order(tree: Tree) -> list[tuple[str, bytes]]:
    """Documents first, so that the last member is a picture, which leads to no others."""
    return sorted(tree.items(), key=lambda item: (not item[0].endswith("html"), item[0]))
