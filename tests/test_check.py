"""The check finds what is wrong in a tree, under its own code, and nothing else."""

from __future__ import annotations

import contextlib
import os
import random
import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from packager import profile as profiles
from packager.check import RULES, check
from packager.check.facts import FileFacts, Found, Inventory, Node
from packager.check.picture import picture_facts
from packager.check.rules import names, sizes
from packager.check.show import show
from packager.errors import SourceError, UsageError
from packager.model import Finding
from packager.profile import Profile
from packager.workers import Failure, Workers
from tests.clean_tree import (
    INFO,
    Tree,
    after_header,
    cbz,
    clean_tree,
    comic_cbz,
    comic_pages,
    data_uri,
    document,
    encoded,
    image,
    jpeg,
    red_star_tag,
    segment,
    write,
)

ANY = profiles.load("any")
COMIC, FIRST, ARCHIVE, PHONE = "w401/index.html", "w401/001.jpg", "cbz/w401.cbz", "phone/w401.html"
Item = TypeVar("Item")
Result = TypeVar("Result")


class Here:
    """Runs jobs in this process, as a pool would in its own."""

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item], *, ahead: int | None = None
    ) -> Iterator[Result]:
        return map(function, items)


def examined(folder: Path, profile: Profile = ANY) -> tuple[Finding, ...]:
    return check(folder, profile, Here())


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong: what it is, how to make it, and where it is found under which code."""

    name: str
    code: str
    path: str
    make: Callable[[Tree], None]


def put(path: str, content: bytes) -> Callable[[Tree], None]:
    """Replace or add one file."""
    return lambda tree: tree.update({path: content})


def add_linked(path: str, content: bytes) -> Callable[[Tree], None]:
    """Add one file and a link to it, so that it is not also unreachable."""

    def make(tree: Tree) -> None:
        tree[path] = content
        tree["index.html"] = tree["index.html"].replace(
            b"</body>", f'<p><a href="{quote(path)}">more</a></p></body>'.encode()
        )

    return make


def swap(path: str, old: str, new: str) -> Callable[[Tree], None]:
    """Replace some text in a document, where it stands first."""

    def make(tree: Tree) -> None:
        assert old.encode() in tree[path]
        tree[path] = tree[path].replace(old.encode(), new.encode(), 1)

    return make


def body(inserted: str, path: str = COMIC) -> Callable[[Tree], None]:
    """Put something into the body of a document."""
    return swap(path, "<body>", f"<body>{inserted}")


def picture(content: bytes) -> Callable[[Tree], None]:
    """Replace the first picture of the comic, in its folder alone: the CBZ keeps the sound one."""
    return put(FIRST, content)


def without_home(tree: Tree) -> None:
    """Take the home document away, and the link up to it."""
    del tree["index.html"]
    swap(COMIC, '<a href="../index.html">up</a>', "")(tree)


def script(code: str) -> Callable[[Tree], None]:
    """Put a line into the script of a document."""
    return swap(COMIC, "<script>", f"<script>{code};")


def comic(*members: tuple[str, bytes]) -> Callable[[Tree], None]:
    """Replace the members of the CBZ."""
    return put(ARCHIVE, cbz(members))


def member(name: str, content: bytes) -> Callable[[Tree], None]:
    """Put one more member at the end of the CBZ."""
    return comic(("ComicInfo.xml", INFO), *comic_pages(), (name, content))


def patched(content: bytes, at: int, value: bytes) -> bytes:
    return content[:at] + value + content[at + len(value) :]


def unreadable(content: bytes) -> bytes:
    """A stored ZIP with one byte of its last picture changed."""
    last = content.rfind(comic_pages()[2][1])
    return patched(content, last + 700, bytes((content[last + 700] ^ 1,)))


def lying(content: bytes) -> bytes:
    """A ZIP whose last member says in its directory that it is one byte larger when unpacked."""
    central = content.rfind(b"PK\x01\x02")
    size_bytes = int.from_bytes(content[central + 24 : central + 28], "little")
    return patched(content, central + 24, (size_bytes + 1).to_bytes(4, "little"))


def encrypted(content: bytes) -> bytes:
    """A ZIP whose last member says that it is encrypted, in both headers."""
    local, central = content.rfind(b"PK\x03\x04"), content.rfind(b"PK\x01\x02")
    return patched(patched(content, local + 6, b"\1\0"), central + 8, b"\1\0")


def half(content: bytes) -> bytes:
    """A JPEG with the second half of its scan gone and its end in place."""
    start = content.index(b"\xff\xda") + 14
    return content[: (start + len(content)) // 2] + b"\xff\xd9"


GREY = encoded(Image.new("L", (120, 160), 90))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)
NOISE = random.Random(7).randbytes(3 * 1400 * 1400)

DEFECTS = (
    # sizes
    Defect("a document too large for a phone", "S103", PHONE, body(f"<p>{'a' * 8_100_000}</p>", PHONE)),
    Defect("a file five folders down", "S203", "a/b/c/d/e.txt", add_linked("a/b/c/d/e.txt", b"a\n")),
    # types
    Defect("a picture of a type not listed", "T101", "w401/more.png", put("w401/more.png", PNG)),
    Defect("a name without an extension", "T101", "notes", put("notes", b"a\n")),
    Defect("a PNG called JPEG", "T102", "w401/004.jpg", add_linked("w401/004.jpg", PNG)),
    Defect("a document called text", "T102", "more.txt", add_linked("more.txt", document("<p>a</p>"))),
    Defect("an archive that is none", "T102", ARCHIVE, put(ARCHIVE, b"words\n")),
    Defect("text in a Korean code page", "T102", "more.txt", add_linked("more.txt", "창문\n".encode("cp949"))),
    Defect("text damaged far inside", "T103", "more.txt", add_linked("more.txt", b"a\n" * 4000 + b"\xff\n")),
    Defect("a program", "T201", "w401/more.jpg", put("w401/more.jpg", b"MZ\x90\0" + bytes(99))),
    Defect("a shell script", "T201", "more.txt", put("more.txt", b"#!/bin/sh\n")),
    Defect("a start file of Windows", "T201", "autorun.inf", put("autorun.inf", b"[autorun]\n")),
    Defect("a shortcut", "T201", "open.lnk", put("open.lnk", b"L\0\0\0")),
    Defect("a hidden file", "T204", "w401/.more.jpg", put("w401/.more.jpg", jpeg())),
    Defect("what Windows leaves", "T205", "w401/Thumbs.db", put("w401/Thumbs.db", b"a")),
    Defect("what macOS leaves", "T205", "._index.html", put("._index.html", b"a")),
    Defect("an empty file", "T301", "w401/004.jpg", add_linked("w401/004.jpg", b"")),
    # names
    Defect("capital letters", "N102", "Notes.txt", add_linked("Notes.txt", b"a\n")),
    Defect("a name in Korean", "N102", "창.txt", add_linked("창.txt", b"a\n")),
    Defect("a device's name", "N103", "aux.txt", add_linked("aux.txt", b"a\n")),
    Defect("a device's name as folder", "N103", "con", add_linked("con/a.txt", b"a\n")),
    Defect("a dot at the end of a folder", "N104", "w403.", add_linked("w403./a.txt", b"a\n")),
    Defect("a question mark", "N105", "why?.txt", add_linked("why?.txt", b"a\n")),
    Defect("decomposed letters", "N106", "e\u0301.txt", add_linked("e\u0301.txt", b"a\n")),
    # pictures
    Defect("a picture cut short", "J101", FIRST, picture(jpeg(shade=90)[:900])),
    Defect("half a picture", "J101", FIRST, picture(half(jpeg(shade=90)))),
    Defect("a zeroed scan", "J101", FIRST, picture(jpeg()[:700] + bytes(len(jpeg()) - 702) + b"\xff\xd9")),
    Defect("bytes hidden before the end", "J101", FIRST, picture(jpeg()[:-2] + b"secret" * 9 + b"\xff\xd9")),
    Defect("a progressive picture", "J102", FIRST, picture(jpeg(progressive=True))),
    Defect("a grey picture", "J103", FIRST, picture(GREY)),
    Defect("full colour sampling", "J104", FIRST, picture(jpeg(subsampling=0))),
    Defect("Exif", "J105", FIRST, picture(after_header(jpeg(), segment(0xE1, b"Exif\0\0II*\0")))),
    Defect("XMP", "J105", FIRST, picture(after_header(jpeg(), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0")))),
    Defect("a colour profile", "J105", FIRST, picture(after_header(jpeg(), segment(0xE2, b"ICC_PROFILE\0\1\1")))),
    Defect("IPTC", "J105", FIRST, picture(after_header(jpeg(), segment(0xED, b"Photoshop 3.0\0")))),
    Defect("a comment", "J105", FIRST, picture(after_header(jpeg(), segment(0xFE, b"made by me")))),
    Defect("no JFIF header", "J106", FIRST, picture(jpeg()[:2] + jpeg()[20:])),
    Defect("restart intervals", "J106", FIRST, picture(jpeg(restart_marker_rows=1))),
    Defect("bytes after the end", "J107", FIRST, picture(jpeg() + b"hello")),
    Defect("a PNG inside a document", "J108", PHONE, body(image(data_uri(PNG, "image/png")), PHONE)),
    Defect("a damaged data URI", "J108", PHONE, body(image("data:image/jpeg;base64,@@@"), PHONE)),
    Defect("half a picture in a document", "J101", PHONE, body(image(data_uri(half(jpeg()))), PHONE)),
    Defect("Exif in a CBZ", "J105", ARCHIVE, member("004.jpg", after_header(jpeg(), segment(0xE1, b"Exif\0\0")))),
    Defect("too long a picture", "J201", "w401/4.jpg", add_linked("w401/4.jpg", jpeg(2056, 40))),
    Defect("too many pixels", "J202", "w401/4.jpg", add_linked("w401/4.jpg", jpeg(1500, 1400))),
    Defect(
        "too many bytes",
        "J203",
        "w401/4.jpg",
        add_linked("w401/4.jpg", encoded(Image.frombytes("RGB", (1400, 1400), NOISE), quality=100)),
    ),
    # documents
    Defect("no doctype", "H101", COMIC, swap(COMIC, "<!DOCTYPE html>\n", "")),
    Defect("a conditional comment left open", "H204", COMIC, swap(COMIC, "<!--<![endif]-->", "")),
    Defect("an old doctype", "H101", COMIC, swap(COMIC, "<!DOCTYPE html>", '<!DOCTYPE HTML PUBLIC "-//W3C//DTD">')),
    Defect("no charset", "H102", COMIC, swap(COMIC, "; charset=utf-8", "")),
    Defect("the charset too far down", "H102", COMIC, swap(COMIC, "<head>", f"<head>{' ' * 1000}")),
    Defect("bytes that are not UTF-8", "H103", COMIC, lambda tree: tree.update({COMIC: tree[COMIC] + b"\xb0\xa1"})),
    Defect("no language", "H104", COMIC, swap(COMIC, 'lang="en" ', "")),
    Defect("no title", "H105", COMIC, swap(COMIC, "<title>index</title>", "<title> </title>")),
    Defect("a new element", "H201", COMIC, body("<section><p>a</p></section>")),
    Defect("a drawing", "H201", COMIC, body('<svg><path d="M0 0"/></svg>')),
    Defect("an unknown attribute", "H202", COMIC, body('<p data-camera="k7">a</p>')),
    Defect("an event handler", "H203", COMIC, body('<p onclick="go()">a</p>')),
    Defect("a comment in a document", "H204", COMIC, body("<!-- saved from my computer -->")),
    Defect("a comment after the document", "H204", COMIC, swap(COMIC, "</html>", "</html><!-- 7 -->")),
    Defect("a script that old browsers see", "H205", COMIC, body("<script>var a = 1;</script>")),
    Defect("no alt", "H301", COMIC, swap(COMIC, ' alt="a window"', "")),
    Defect("no height", "H302", COMIC, swap(COMIC, ' height="160"', "")),
    Defect("a height in percent", "H302", COMIC, swap(COMIC, 'height="160"', 'height="50%"')),
    Defect("a picture out of shape", "H303", COMIC, swap(COMIC, 'height="160"', 'height="150"')),
    Defect("a cover out of shape", "H303", "index.html", swap("index.html", 'height="80"', 'height="60"')),
    # links
    Defect("no home document", "L101", "", without_home),
    Defect("a link to a missing page", "L102", COMIC, body('<a href="7.html">a</a>')),
    Defect("a picture that is not there", "L102", COMIC, body(image("007.jpg"))),
    Defect("a picture without an address", "L102", COMIC, body(image(""))),
    Defect("a link in the wrong case", "L103", COMIC, body('<a href="Index.html">a</a>')),
    Defect("a link to a folder", "L104", COMIC, body('<a href="../w402/">a</a>')),
    Defect("a link to a folder without slash", "L104", COMIC, body('<a href="../w402">a</a>')),
    Defect("a link out of the tree", "L105", COMIC, body('<a href="../../index.html">a</a>')),
    Defect("a link out of the tree and back", "L105", COMIC, body('<a href="../../window/index.html">a</a>')),
    Defect("a link from the root", "L105", COMIC, body('<a href="/w402/index.html">a</a>')),
    Defect("an anchor that is not there", "L106", COMIC, body('<a href="2.html#p9">a</a>')),
    Defect("an anchor not in this document", "L106", COMIC, body('<a href="#p9">a</a>')),
    Defect("a file that nothing leads to", "L107", "w401/004.jpg", put("w401/004.jpg", jpeg(shade=7))),
    Defect("a picture of another publication", "L108", COMIC, body(image("../w402/001.jpg"))),
    # outside
    Defect("a picture from the network", "X101", COMIC, body(image("http://example.org/a.jpg"))),
    Defect("a link to the network", "X101", COMIC, body('<a href="https://example.org/">a</a>')),
    Defect("an address without a scheme", "X101", COMIC, body('<a href="//example.org/a">a</a>')),
    Defect("an address with a line end in it", "X101", COMIC, body('<a href=" ht\ntps://example.org/">a</a>')),
    Defect("an e-mail address", "X101", COMIC, body('<a href="mailto:a@example.org">a</a>')),
    Defect("a style from the network", "X101", COMIC, body('<p style="background: url(http://example.org/a)">a</p>')),
    Defect("an escaped address", "X101", COMIC, swap(COMIC, "p {", "p{background:u\\72l('\\2f/example.org')} p {")),
    Defect("a file of the computer", "X102", COMIC, body('<a href="file:///etc/passwd">a</a>')),
    Defect("a Windows drive", "X102", COMIC, body('<a href="C:\\a.html">a</a>')),
    Defect("a network share", "X102", COMIC, body(image("\\\\host\\share\\a.jpg"))),
    Defect("code in a link", "X103", COMIC, body('<a href="JavaScript:go()">a</a>')),
    Defect("a document in a link", "X104", COMIC, body('<a href="data:text/html,a">a</a>')),
    Defect("a frame", "X201", COMIC, body('<iframe src="2.html"></iframe>')),
    Defect("a form", "X201", COMIC, body('<form action="http://example.org/"></form>')),
    Defect("a stylesheet", "X201", COMIC, swap(COMIC, "<style", '<link rel="stylesheet" href="a.css"><style')),
    Defect("an early look-up", "X201", COMIC, swap(COMIC, "<style", '<link rel="dns-prefetch" href="//a.org"><style')),
    Defect("another base", "X201", COMIC, swap(COMIC, "<style", '<base href="2.html"><style')),
    Defect("a refresh", "X202", COMIC, swap(COMIC, "<style", '<meta http-equiv="Refresh" content="9"><style')),
    Defect("an import", "X301", COMIC, swap(COMIC, "p {", "@IMPORT 'a.css'; p {")),
    Defect("code in a style", "X302", COMIC, body('<p style="width: expression(go())">a</p>')),
    Defect("a store", "X401", COMIC, script("localStorage.a = 1")),
    Defect("a cookie", "X401", COMIC, script('document["cookie"] = 1')),
    Defect("a request", "X402", COMIC, script("fetch('a')")),
    Defect("a request with letters escaped", "X402", COMIC, script("\\u0066etch('a')")),
    Defect("a picture made by script", "X402", COMIC, script("new Image().src = a")),
    Defect("a place in the address", "X403", COMIC, script("location.hash = 'p7'")),
    Defect("a place in the history", "X403", COMIC, script("history.replaceState(0, 0, a)")),
    Defect("a document written by script", "X404", COMIC, script("document.write(a)")),
    Defect("no policy", "X501", COMIC, swap(COMIC, "Content-Security-Policy", "X-Policy")),
    Defect("a policy that lets all in", "X502", COMIC, swap(COMIC, "img-src 'self'", "img-src * 'self'")),
    Defect("a policy without a default", "X502", COMIC, swap(COMIC, "default-src 'none'; ", "")),
    Defect("an offer to translate", "X503", COMIC, swap(COMIC, ' translate="no"', "")),
    # privacy
    Defect("a tagged picture", "P101", FIRST, picture(jpeg(shade=90) + red_star_tag())),
    Defect("a tagged document", "P101", COMIC, lambda tree: tree.update({COMIC: tree[COMIC] + red_star_tag(1)})),
    # archives
    Defect("an archive cut short", "A101", ARCHIVE, put(ARCHIVE, comic_cbz()[:-100])),
    Defect("a member with a lying size", "A101", ARCHIVE, put(ARCHIVE, lying(comic_cbz()))),
    Defect("a damaged member", "A101", ARCHIVE, put(ARCHIVE, unreadable(comic_cbz()))),
    Defect("a compressed archive", "A102", ARCHIVE, put(ARCHIVE, comic_cbz(compress_type=8))),
    Defect("a member named in Korean", "A103", ARCHIVE, member("창.jpg", jpeg())),
    Defect("times in extra fields", "A104", ARCHIVE, put(ARCHIVE, comic_cbz(extra=struct.pack("<HHL", 0x5455, 4, 7)))),
    Defect("a comment on members", "A104", ARCHIVE, put(ARCHIVE, comic_cbz(comment=b"by me"))),
    Defect("an encrypted member", "A105", ARCHIVE, put(ARCHIVE, encrypted(comic_cbz()))),
    Defect("two members of one name", "A106", ARCHIVE, member("003.jpg", jpeg())),
    Defect("a member that climbs", "A107", ARCHIVE, member("a/../../4.jpg", jpeg())),
    Defect("pictures out of order", "A108", ARCHIVE, comic(*comic_pages()[::-1])),
    Defect("an order that readers disagree on", "A108", ARCHIVE, comic(("10.jpg", jpeg()), ("9.jpg", jpeg()))),
    Defect("a torn ComicInfo", "A109", ARCHIVE, comic(("ComicInfo.xml", INFO[:-4]), *comic_pages())),
    Defect("entities in a ComicInfo", "A109", ARCHIVE, comic(("ComicInfo.xml", b"<!DOCTYPE a>"), *comic_pages())),
    Defect("something else in a CBZ", "A110", ARCHIVE, member("zz.exe", b"MZ")),
    Defect("a CBZ without pictures", "A110", ARCHIVE, comic(("ComicInfo.xml", INFO))),
    Defect("bytes before an archive", "A111", ARCHIVE, put(ARCHIVE, b"PK\3\4" + bytes(40) + comic_cbz())),
    Defect("bytes behind an archive", "A111", ARCHIVE, put(ARCHIVE, comic_cbz() + b"hello")),
)  # fmt: skip


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_one_thing_wrong_is_found_under_its_own_code_alone(defect: Defect, tmp_path: Path) -> None:
    """A clean tree with one defect has findings of one rule, in one place."""
    tree = clean_tree()
    defect.make(tree)
    found = examined(write(tree, tmp_path / "window"))
    assert {(finding.code, finding.path) for finding in found} == {(defect.code, defect.path)}


def tree_limits(**limits: Any) -> Profile:
    return replace(ANY, tree=replace(ANY.tree, **limits))


LIMITS = (
    ("S101", ARCHIVE, tree_limits(max_file_bytes=len(comic_cbz()) - 1)),
    ("S104", COMIC, replace(ANY, document=replace(ANY.document, max_pixels=2 * 120 * 160 - 1))),
    ("S201", "", tree_limits(max_files=len(clean_tree()) - 1)),
    ("S202", "w401", tree_limits(max_files_in_folder=4)),
    ("N101", "phone/w401-2.html", tree_limits(max_path=len("phone/w401-2.html") - 1)),
)


@pytest.mark.parametrize(("code", "path", "profile"), LIMITS, ids=[code for code, _, _ in LIMITS])
def test_a_limit_of_the_profile_is_found_where_it_is_passed(
    code: str, path: str, profile: Profile, tmp_path: Path
) -> None:
    """A limit one below what the clean tree holds is passed in one place, and nothing else is wrong."""
    found = examined(write(clean_tree(), tmp_path), profile)
    assert {(finding.code, finding.path) for finding in found} == {(code, path)}


def listed_file(path: str, size_bytes: int = 1) -> FileFacts:
    return FileFacts(Found(path, Node.FILE, size_bytes))


# What not every disk can hold, as an inventory: (code, where, inventory, rules).
ON_PAPER = (
    ("S102", ["a.jpg"], Inventory((listed_file("a.jpg", 2**32),)), sizes.findings),
    ("S204", ["a"], Inventory(tuple(listed_file(f"a/{n:040}.jpg") for n in range(13_108))), sizes.findings),
    ("N107", ["A.jpg", "a.jpg"], Inventory((listed_file("A.jpg"), listed_file("a.jpg"))), names.findings),
    ("N107", ["Straße", "strasse"], Inventory((), ("Straße", "strasse")), names.findings),
)
ROOMY = tree_limits(max_files_in_folder=10**6)


@pytest.mark.parametrize(("code", "paths", "inventory", "family"), ON_PAPER, ids=lambda value: str(value)[:40])
def test_what_fat_cannot_hold_is_found(
    code: str, paths: list[str], inventory: Inventory, family: Callable[[Inventory, Profile], Iterable[Finding]]
) -> None:
    """Limits of FAT itself hold whatever the profile says."""
    assert [(finding.code, finding.path) for finding in family(inventory, ROOMY)] == [(code, path) for path in paths]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes in folders, and links only for administrators")
def test_links_and_pipes_are_found_and_not_opened(tmp_path: Path) -> None:
    """What is neither file nor folder has a finding; a link is not followed, wherever it leads."""
    folder = write(clean_tree(), tmp_path)
    (folder / "w401" / "004.jpg").symlink_to("001.jpg")
    (folder / "home").symlink_to("/")
    os.mkfifo(folder / "w402" / "pipe")
    found = examined(folder)
    assert [(one.path, one.code) for one in found] == [
        ("home", "T202"),
        ("w401/004.jpg", "T202"),
        ("w402/pipe", "T203"),
    ]


class OneFails:
    """A pool in which the job of one file comes to nothing."""

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item], *, ahead: int | None = None
    ) -> Iterator[Result | Failure]:
        for result in map(function, items):
            failed = isinstance(result, FileFacts) and result.path == "w402/001.jpg"
            yield Failure(SourceError("the process that read it died")) if failed else result


def test_a_file_that_kills_its_worker_is_a_finding(tmp_path: Path) -> None:
    """The rest of the tree is judged as if nothing had happened."""
    [finding] = check(write(clean_tree(), tmp_path), ANY, OneFails())
    assert (finding.code, finding.path) == ("T302", "w402/001.jpg")
    assert "the process that read it died" in finding.message


def test_every_rule_has_a_defect_here() -> None:
    """No rule stands in the table that no test has seen at work."""
    elsewhere = {"T202", "T203", "T302"}
    seen = {defect.code for defect in DEFECTS} | {code for code, *_ in (*LIMITS, *ON_PAPER)} | elsewhere
    assert seen == set(RULES)


def test_every_rule_says_what_holds_and_what_to_do() -> None:
    """A rule has a code of its family, words for people, and a source."""
    for code, rule in RULES.items():
        assert code == rule.code
        assert code[0] == rule.family.value
        assert code[1:].isdecimal()
        assert all((rule.summary, rule.remedy, rule.source))


def test_a_clean_tree_has_no_finding(tmp_path: Path) -> None:
    """What every defect is put into has nothing wrong with it; worker processes agree."""
    folder = write(clean_tree(), tmp_path)
    assert examined(folder) == ()
    with Workers(2) as workers:
        assert check(folder, ANY, workers) == ()


@pytest.mark.parametrize("beginning", ["MZ세대가 읽는 만화", "BM is a size of paper", "PK\n", "%Q"])
def test_a_text_is_not_taken_for_a_program_by_its_first_letters(beginning: str, tmp_path: Path) -> None:
    """Words that begin as some binary files do are words."""
    tree = clean_tree()
    add_linked("more.txt", f"{beginning}\n".encode())(tree)
    assert examined(write(tree, tmp_path)) == ()


def test_findings_come_sorted_and_alike_from_any_pool(tmp_path: Path) -> None:
    """Twelve things wrong at once are all found, by path and code, whoever did the work."""
    tree = clean_tree()
    for defect in random.Random(3).sample([one for one in DEFECTS if one.path in (COMIC, FIRST, PHONE)], 12):
        with contextlib.suppress(AssertionError):  # another defect has changed the same words
            defect.make(tree)
    folder = write(tree, tmp_path)
    found = examined(folder)
    assert [(one.path, one.code) for one in found] == sorted((one.path, one.code) for one in found)
    with Workers(2) as workers:
        assert check(folder, ANY, workers) == found


def test_a_message_holds_what_was_measured_and_the_limit(tmp_path: Path) -> None:
    """An organizer reads how much is too much."""
    tree = clean_tree()
    add_linked("w401/4.jpg", jpeg(2056, 40))(tree)
    [finding] = examined(write(tree, tmp_path))
    assert "2,056" in finding.message
    assert "2,048" in finding.message
    assert finding.remedy


def test_a_picture_in_the_tree_and_in_its_cbz_is_judged_once(tmp_path: Path) -> None:
    """A member that is byte for byte a picture of the tree has no finding of its own."""
    tree = clean_tree()
    telling = after_header(comic_pages()[0][1], segment(0xE1, b"Exif\0\0"))
    tree[FIRST] = telling
    comic(("001.jpg", telling), *comic_pages()[1:])(tree)
    assert [(one.code, one.path) for one in examined(write(tree, tmp_path))] == [("J105", FIRST)]


def test_names_and_text_of_files_never_reach_a_message_raw(tmp_path: Path) -> None:
    """Escape codes, bidi controls and bytes that are no text are shown as what they are."""
    tree = clean_tree()
    body("<!-- \x1b[31m\u202e -->")(tree)
    add_linked("a\u202egpj.txt", b"a\n")(tree)
    found = examined(write(tree, tmp_path))
    assert {one.code for one in found} == {"H204", "N102"}
    assert all(one.message.isprintable() and one.path.isprintable() for one in found)
    assert any("\\u202e" in one.path for one in found)


@given(st.text(st.characters(codec=None)))
def test_whatever_is_shown_can_be_printed(text: str) -> None:
    """Nothing that moves the cursor, turns the text round or cannot be encoded is left."""
    shown = show(text)
    assert all(letter.isprintable() or letter.isspace() for letter in shown)
    assert "\n" not in shown
    shown.encode()


@settings(deadline=None)  # the first decoding loads Pillow
@given(st.integers(1, 70), st.integers(1, 70), st.integers(5, 95), st.booleans(), st.randoms())
def test_no_sound_jpeg_is_called_damaged(
    width: int, height: int, quality: int, optimize: bool, chance: random.Random
) -> None:
    """Pictures of any size, content and quality decode, and their scan is neither too short nor too long."""
    noise = Image.frombytes("RGB", (width, height), chance.randbytes(3 * width * height))
    facts = picture_facts("", encoded(noise, quality=quality, optimize=optimize))
    assert (facts.error, facts.width, facts.height) == ("", width, height)


@settings(deadline=None)
@given(st.floats(0.01, 0.99))
def test_a_jpeg_cut_anywhere_is_called_damaged(share: float) -> None:
    """However much of a scan is left, with an end put behind it: what is missing is missed."""
    whole = encoded(Image.new("RGB", (320, 400), "black"))
    start = whole.index(b"\xff\xda") + 14
    kept = start + int((len(whole) - 6 - start) * share)
    assert picture_facts("", whole[:kept] + b"\xff\xd9").error


@settings(max_examples=50, deadline=None)
@given(st.randoms(use_true_random=False))
def test_no_damage_to_a_file_stops_the_check(chance: random.Random) -> None:
    """Bytes changed, cut, doubled and zeroed at random: the facts are gathered, whatever they are."""
    path, content = chance.choice(sorted(clean_tree().items()))
    at, end = sorted(chance.sample(range(1, len(content)), 2))
    damaged = chance.choice((content[:at], content[at:], content[:at] + bytes(end - at) + content[end:], content * 2))
    flipped = bytearray(damaged)
    for _ in range(chance.randrange(20)):
        flipped[chance.randrange(len(flipped))] = chance.randrange(256)
    with tempfile.TemporaryDirectory() as folder:
        assert isinstance(examined(write(clean_tree() | {path: bytes(flipped)}, Path(folder))), tuple)


@pytest.mark.parametrize("name", ["missing", "file.txt"])
def test_what_is_no_folder_is_an_error_of_use(name: str, tmp_path: Path) -> None:
    """A path that does not exist, or is a file, is told in one line and not judged."""
    (tmp_path / "file.txt").write_text("a")
    with pytest.raises(UsageError, match="folder"):
        examined(tmp_path / name)
