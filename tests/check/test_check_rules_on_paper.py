"""Rules asked of inventories that no disk need hold: they are pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from packager.check.document import document_facts
from packager.check.facts import FileFacts, Inventory, Node, PictureFacts, Shape, TreeEntry
from packager.check.rules import documents, names, sizes, types
from packager.config import profile as profiles
from packager.config.filesystems import Filesystem
from packager.config.media import Medium, space
from packager.config.profile import Profile
from packager.files.signatures import FileType
from packager.model import Finding, Severity
from tests.helpers.clean_tree import document, image

ANY = profiles.load("any")
CLUSTER = 32 * 1024
Rules = Callable[[Inventory, Profile], Iterable[Finding]]


def file(path: str, size_bytes: int = 1) -> FileFacts:
    return FileFacts(TreeEntry(path, Node.FILE, size_bytes))


def codes(found: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(finding.code, finding.path) for finding in found]


def test_a_document_that_shows_too_many_bytes_is_a_warning() -> None:
    """Each picture counts once, however often it is shown, and those inside the document count with it."""
    facts, _ = document_facts(document(image("a.jpg") + image("b.jpg") + image("a.jpg")))
    page = replace(file("index.html", 10_000_000), kind=FileType.HTML, document=facts)
    pictures = [
        replace(
            file(f"{name}.jpg", 20_000_000),
            kind=FileType.JPEG,
            pictures=(PictureFacts("", FileType.JPEG, 20_000_000, 120, 160),),
        )
        for name in "ab"
    ]
    light, heavy = page, replace(page, entry=replace(page.entry, size_bytes=10_000_001))
    assert codes(documents.findings(Inventory((light, *pictures)), ANY)) == []
    [finding] = documents.findings(Inventory((heavy, *pictures)), ANY)
    assert (finding.code, finding.path, finding.severity) == ("H209", "index.html", Severity.WARNING)


# (what it is, files, folders, clusters of 32 KiB): a folder takes one, a file as many as it needs, an empty one none.
WEIGHED = [
    ("one file", [("a.jpg", 1)], [], 2),
    ("a file that fills a cluster", [("a.jpg", CLUSTER)], [], 2),
    ("a file of one byte more", [("a.jpg", CLUSTER + 1)], [], 3),
    ("an empty file", [("a.jpg", 0)], [], 1),
    ("a folder", [("b/a.jpg", 1)], ["b"], 3),
    ("empty folders", [], ["b", "b/c"], 3),
    ("a folder of many names", [(f"{n:040}.jpg", 0) for n in range(300)], [], 2),
    ("a name of bytes that are no text", [("\udcff.jpg", 1)], [], 2),
]


@pytest.mark.parametrize(("files", "folders", "clusters"), [case[1:] for case in WEIGHED], ids=[c[0] for c in WEIGHED])
def test_a_tree_is_weighed_to_the_cluster(files: list[tuple[str, int]], folders: list[str], clusters: int) -> None:
    """With exactly its clusters it fits, with one byte less it does not."""
    inventory = Inventory(tuple(file(*one) for one in files), tuple(folders))
    assert codes(sizes.on_medium(inventory, "window", space(clusters * CLUSTER))) == []
    [finding] = sizes.on_medium(inventory, "window", space(clusters * CLUSTER - 1))
    assert (finding.code, finding.path) == ("S301", "")


def test_what_takes_most_of_a_medium_is_named() -> None:
    """Folders and types, the largest first, so that an organizer knows where to save."""
    inventory = Inventory((file("w401/1.jpg", 9_000_000), file("w402/1.jpg", 2_000_000), file("a.txt", 1_000)))
    [finding] = sizes.on_medium(inventory, "window", Medium("", 1, Filesystem.EXFAT, 128 * 1024))
    assert "exFAT; most of it: w401 9.0 MB, w402 2.0 MB, a.txt 1.0 KB, .jpg 11.0 MB, .txt 1.0 KB" in finding.message


def picture(path: str, seconds: int = 0, position: int | None = None) -> FileFacts:
    return FileFacts(TreeEntry(path, Node.FILE, 9, seconds * 10**9, position), FileType.JPEG, sha256=path)


# (what it is, (name, seconds, place on the medium) of the pictures in a folder, the findings).
ORDERED = [
    ("all orders alike", [("1.jpg", 0, 0), ("2.jpg", 2, 1)], []),
    ("one time for all", [("1.jpg", 0, 0), ("2.jpg", 0, 1)], []),
    ("times too near for FAT", [("1.jpg", 1, 0), ("2.jpg", 0, 1)], []),
    ("the second page is older", [("1.jpg", 4, 0), ("2.jpg", 0, 1)], ["N203"]),
    ("the second page was written first", [("1.jpg", 0, 7), ("2.jpg", 2, 3)], ["N202"]),
    ("where nothing is known of writing", [("1.jpg", 0, None), ("2.jpg", 2, None)], []),
    ("numbers without zeros", [("10.jpg", 0, None), ("9.jpg", 0, None)], ["N201"]),
    ("capital letters among small ones", [("B.jpg", 0, None), ("a.jpg", 0, None)], ["N201"]),
]
LAPTOP = profiles.load("laptop")


@pytest.mark.parametrize(("told", "expected"), [case[1:] for case in ORDERED], ids=[case[0] for case in ORDERED])
def test_pictures_have_one_order(told: list[tuple[str, int, int | None]], expected: list[str]) -> None:
    """By name, by writing and by time: a player may sort by any."""
    inventory = Inventory(tuple(picture(f"w/{name}", seconds, place) for name, seconds, place in told), ("w",))
    assert codes(names.findings(inventory, LAPTOP)) == [(code, "w") for code in expected]


def test_a_name_that_fat_cannot_hold_is_found() -> None:
    """255 UTF-16 units are the most; a letter beyond the first plane has two."""
    roomy = replace(LAPTOP, tree=replace(LAPTOP.tree, max_path=999, name_pattern=".*"))
    fits, too_long = "\U0001f600" * 125 + "a.txt", "\U0001f600" * 126 + ".txt"
    assert codes(names.findings(Inventory((file(fits), file(too_long))), roomy)) == [("N108", too_long)]


def test_an_archive_in_an_archive_is_found() -> None:
    """At the top of a tree an archive is a publication; inside another archive it is hidden."""
    books = (replace(file("a.cbz"), kind=FileType.ZIP),)
    assert codes(types.findings(Inventory(books), LAPTOP)) == []
    assert codes(types.findings(Inventory(books, shape=Shape.PARCEL), LAPTOP)) == [("T207", "a.cbz")]


def test_a_book_may_hold_what_books_are_made_of() -> None:
    """Documents, styles and its mark lie in an EPUB whatever the profile lists for the tree; a program does not."""
    parts = ("mimetype", "META-INF/container.xml", "a/page.xhtml", "a/style.css", "a/book.opf")
    book = Inventory(tuple(replace(file(path), kind=FileType.TEXT) for path in parts), shape=Shape.BOOK)
    assert codes(types.findings(book, ANY)) == []
    program = replace(book, files=(*book.files, replace(file("run.exe"), kind=FileType.PROGRAM)))
    assert codes(types.findings(program, ANY)) == [("T201", "run.exe")]
