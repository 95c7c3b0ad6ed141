"""Clean trees packed as people pack them, ZIP and 7z; and a clean EPUB."""

from __future__ import annotations

import io
import zipfile

import py7zr
from py7zr.helpers import ArchiveTimestamp

from tests.helpers.clean_tree import Tree, cbz, jpeg

MOMENT = 1_577_836_800  # the first second of 2020
COPY = ({"id": py7zr.FILTER_COPY},)

CONTAINER = b"""<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>
"""
PACKAGE = b"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">w401</dc:identifier>
<dc:title>Boats</dc:title><dc:language>en</dc:language></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>
<item id="style" href="style.css" media-type="text/css"/>
<item id="cover" href="001.jpg" media-type="image/jpeg" properties="cover-image"/></manifest>
<spine><itemref idref="one"/><itemref idref="nav"/></spine></package>
"""


def chapter(body: str) -> bytes:
    """One XHTML document of a book."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="en">
<head><title>Boats</title><link rel="stylesheet" type="text/css" href="style.css"/></head>
<body>
{body}
</body></html>
""".encode()


def clean_book() -> Tree:
    """A book of one chapter, in the order in which its members stand."""
    return {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": PACKAGE,
        "OEBPS/nav.xhtml": chapter('<nav epub:type="toc"><ol><li><a href="one.xhtml#p1">One</a></li></ol></nav>'),
        "OEBPS/one.xhtml": chapter('<p id="p1"><a id="p2"/>Fold.</p><p><img src="001.jpg" alt="a boat"/></p>'),
        "OEBPS/style.css": b"p { margin: 0 }\n",
        "OEBPS/001.jpg": jpeg(),
    }


def book(tree: Tree) -> bytes:
    """The members as an EPUB: the first one stored, the others deflated."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number, (name, content) in enumerate(tree.items()):
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED
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
