"""Rules asked of inventories that no disk need hold: they are pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from packager import profile as profiles
from packager.check.document import document_facts
from packager.check.facts import FileFacts, Found, Inventory, Node, PictureFacts
from packager.check.kinds import Kind
from packager.check.rules import documents, sizes
from packager.medium import Filesystem, Medium, space
from packager.model import Finding, Severity
from packager.profile import Profile
from tests.clean_tree import document, image

ANY = profiles.load("any")
CLUSTER = 32 * 1024
Rules = Callable[[Inventory, Profile], Iterable[Finding]]


def file(path: str, size_bytes: int = 1) -> FileFacts:
    return FileFacts(Found(path, Node.FILE, size_bytes))


def codes(found: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(finding.code, finding.path) for finding in found]


def test_a_document_that_shows_too_many_bytes_is_a_warning() -> None:
    """Each picture counts once, however often it is shown, and those inside the document count with it."""
    facts, _ = document_facts(document(image("a.jpg") + image("b.jpg") + image("a.jpg")))
    page = replace(file("index.html", 10_000_000), kind=Kind.HTML, document=facts)
    pictures = [
        replace(
            file(f"{name}.jpg", 20_000_000),
            kind=Kind.JPEG,
            pictures=(PictureFacts("", Kind.JPEG, 20_000_000, 120, 160),),
        )
        for name in "ab"
    ]
    light, heavy = page, replace(page, found=replace(page.found, size_bytes=10_000_001))
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
    assert "exFAT; most of it: w401 9.0 MB, w402 2.0 MB, a.txt 1 KB, .jpg 11.0 MB, .txt 1 KB" in finding.message
