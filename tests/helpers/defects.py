"""Things that can be wrong in a tree: each is put into a clean one, and has a code of its own."""

from __future__ import annotations

import base64
import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import quote

from PIL import Image

from packager.check import ANY_TARGET, CheckTarget
from packager.config import profile as profiles
from packager.config.media import space
from packager.config.profile import Profile
from packager.output import templates
from tests.helpers.clean_tree import (
    INFO,
    OWN_SCRIPT,
    Tree,
    after_header,
    cbz,
    comic_cbz,
    comic_pages,
    data_uri,
    document,
    drawn,
    drawn_as,
    encoded,
    image,
    jpeg,
    meta_policy,
    red_star_tag,
    segment,
)

ANY = profiles.load("any")
COMIC, FIRST, ARCHIVE, PHONE = "w401/index.html", "w401/001.jpg", "cbz/w401.cbz", "phone/w401.html"


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong: what it is, how to make it, and where it is found under which code.

    It offends the `profile` or the `target`. What is coded in another way has not the one form `also`.
    """

    name: str
    code: str
    path: str
    make: Callable[[Tree], None]
    profile: Profile = ANY
    target: CheckTarget = ANY_TARGET
    also: tuple[str, ...] = ()


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


def raw(old: bytes, new: bytes) -> Callable[[Tree], None]:
    """Replace some bytes in a document."""
    return lambda tree: tree.update({COMIC: tree[COMIC].replace(old, new, 1)})


def picture(content: bytes) -> Callable[[Tree], None]:
    """Replace the first picture of the comic, in its folder alone: the CBZ keeps the sound one."""
    return put(FIRST, content)


def without_home(tree: Tree) -> None:
    """Take the home document away, and the link up to it."""
    del tree["index.html"]
    swap(COMIC, '<a href="../index.html">up</a>', "")(tree)


def sheet(rules: str) -> Callable[[Tree], None]:
    """Put another style in the place of ours."""
    return swap(COMIC, templates.whole_style("article.css"), rules)


def newer_style(declarations: str) -> Callable[[Tree], None]:
    """Put declarations into a style."""
    return sheet(f"p {{ {declarations} }}")


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


def meta(name: str, content: str) -> Callable[[Tree], None]:
    """Put a meta element into the head of a document."""
    return swap(COMIC, "<style", f'<meta name="{name}" content="{content}"><style')


def css(content: bytes) -> Callable[[Tree], None]:
    """Add a stylesheet."""
    return add_linked("4.css", content)


def svg(content: str, before: str = "") -> Callable[[Tree], None]:
    """Add a drawing."""
    start = f'<?xml version="1.0"?>\n{before}<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    return add_linked("4.svg", f"{start}<title>a</title>{content}</svg>\n".encode())


def coded(words: str) -> Callable[[Tree], None]:
    """Put words into a document, in base64."""
    return body(f"<p>{base64.b64encode(words.encode()).decode()}</p>")


def tens(tree: Tree) -> None:
    """Add a folder whose pictures are 9.jpg and 10.jpg."""
    for number in (9, 10):
        add_linked(f"w403/{number}.jpg", jpeg(shade=9 * number))(tree)


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


def png(inserted: bytes, after_rows: bytes = b"") -> Callable[[Tree], None]:
    """Add a PNG with `inserted` behind its header, and bytes behind the rows inside its one IDAT."""
    start = PNG.index(b"IDAT") - 4
    end = start + 12 + int.from_bytes(PNG[start : start + 4], "big")
    rows = chunk(b"IDAT", PNG[start + 8 : end - 4] + after_rows)
    return add_linked("4.png", PNG[:33] + inserted + PNG[33:start] + rows + PNG[end:])


def chunk(name: bytes, content: bytes) -> bytes:
    """One PNG chunk."""
    return struct.pack(">L", len(content)) + name + content + struct.pack(">L", zlib.crc32(name + content))


def gif(inserted: bytes) -> Callable[[Tree], None]:
    """Add a GIF with one more block before its end."""
    return add_linked("4.gif", GIF[:-1] + inserted + b"\x3b")


def thumbnail(content: bytes) -> bytes:
    """A JPEG with a thumbnail of one pixel in its JFIF header."""
    return content[:2] + segment(0xE0, content[6:18] + b"\1\1" + b"rgb") + content[20:]


def without(marker: int, content: bytes) -> bytes:
    """A JPEG without one of its segments."""
    start = content.index(bytes((0xFF, marker)))
    return content[:start] + content[start + 2 + int.from_bytes(content[start + 2 : start + 4], "big") :]


def half(content: bytes) -> bytes:
    """A JPEG with the second half of its scan gone and its end in place."""
    start = content.index(b"\xff\xda") + 14
    return content[: (start + len(content)) // 2] + b"\xff\xd9"


META_POLICY = meta_policy(is_scripted=True)
FAR = "background: url(//a.org/b)"
GREY = encoded(drawn().convert("L"), subsampling=0)
CMYK = without(0xEE, encoded(drawn().convert("CMYK")))
ARITHMETIC = jpeg().replace(b"\xff\xc0", b"\xff\xc9", 1)
PNG, GIF = drawn_as("PNG"), drawn_as("GIF")
LAPTOP, READER = profiles.load("laptop"), profiles.load("ereader")
WIDE = replace(LAPTOP, types=(*LAPTOP.types, "css", "svg", "webp"))
OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99) + "_VBA_PROJECT".encode("utf-16-le")
NO_DANBI, BUILT = CheckTarget(never=("danbi", "단비")), CheckTarget(traces=("me", "builder7"))
NOISE = random.Random(7).randbytes(3 * 1400 * 1400)

DEFECTS = (
    # sizes
    Defect("a document too large for a phone", "S103", PHONE, body(f"<p>{'a' * 8_100_000}</p>", PHONE)),
    Defect("a file five folders down", "S203", "a/b/c/d/e.txt", add_linked("a/b/c/d/e.txt", b"a\n")),
    Defect("a tree larger than its medium", "S301", "", lambda _: None, target=CheckTarget(space(15 * 32 * 1024))),
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
    Defect("what Linux starts by itself", "T201", "autorun", put("autorun", b"a\n")),
    Defect("a program for Linux", "T201", "more.txt", put("more.txt", b"\x7fELF" + bytes(60))),
    Defect("an app for Android", "T201", "more.apk", put("more.apk", comic_cbz())),
    Defect("a web shortcut", "T201", "more.url", put("more.url", b"[InternetShortcut]\n")),
    Defect("a script for Windows", "T201", "more.vbs", put("more.vbs", b"a = 1\n")),
    Defect("an office document with macros", "T206", "more.docm", put("more.docm", b"a\n")),
    Defect("an old office document with macros", "T206", "more.doc", put("more.doc", OFFICE)),
    Defect("a PDF that runs a script", "T206", "more.pdf", put("more.pdf", b"%PDF-1.4\n<</S/JavaScript/JS(a)>>\n")),
    Defect("a PDF that hides a name", "T206", "more.pdf", put("more.pdf", b"%PDF-1.4\n<</#4A#53(a)>>\n")),
    Defect("a bundle", "T208", "mine/bundle.toml", put("mine/bundle.toml", b'title = "A"\n')),
    Defect("an empty file", "T301", "w401/004.jpg", add_linked("w401/004.jpg", b"")),
    # names
    Defect("capital letters", "N102", "Notes.txt", add_linked("Notes.txt", b"a\n")),
    Defect("a name in Korean", "N102", "창.txt", add_linked("창.txt", b"a\n")),
    Defect("a device's name", "N103", "aux.txt", add_linked("aux.txt", b"a\n")),
    Defect("a device's name as folder", "N103", "con", add_linked("con/a.txt", b"a\n")),
    Defect("a dot at the end of a folder", "N104", "w403.", add_linked("w403./a.txt", b"a\n")),
    Defect("a question mark", "N105", "why?.txt", add_linked("why?.txt", b"a\n")),
    Defect("decomposed letters", "N106", "e\u0301.txt", add_linked("e\u0301.txt", b"a\n")),
    Defect("a name turned round", "N109", r"a\u202egpj.txt", add_linked("a\u202egpj.txt", b"a\n"), LAPTOP),
    Defect("a name with a tag", "N109", r"a\U000e0062.txt", add_linked("a\U000e0062.txt", b"a\n"), LAPTOP),
    Defect("a dot that is none", "N109", "a\u2024b.txt", add_linked("a\u2024b.txt", b"a\n"), LAPTOP),
    Defect("a device with a space behind", "N103", "con .txt", add_linked("con .txt", b"a\n"), LAPTOP),
    Defect("a device of consoles", "N103", "conin$.txt", add_linked("conin$.txt", b"a\n"), LAPTOP),
    Defect("numbers without zeros", "N201", "w403", tens),
    # pictures
    Defect("a picture cut short", "J101", FIRST, picture(jpeg(shade=90)[:900])),
    Defect("half a picture", "J101", FIRST, picture(half(jpeg(shade=90)))),
    Defect("a zeroed scan", "J101", FIRST, picture(jpeg()[:700] + bytes(len(jpeg()) - 702) + b"\xff\xd9")),
    Defect("bytes hidden before the end", "J101", FIRST, picture(jpeg()[:-2] + b"secret" * 9 + b"\xff\xd9")),
    Defect("a progressive picture", "J102", FIRST, picture(jpeg(progressive=True)), also=("J106",)),
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
    Defect("a PNG with the name of its maker", "J105", "4.png", png(chunk(b"tEXt", b"Author\0me")), LAPTOP),
    Defect("a PNG with its time", "J105", "4.png", png(chunk(b"tIME", bytes(7))), LAPTOP),
    Defect("a PNG with Exif", "J105", "4.png", png(chunk(b"eXIf", b"MM\0*")), LAPTOP),
    Defect("a PNG with a colour profile", "J105", "4.png", png(chunk(b"iCCP", b"P3\0\0" + zlib.compress(b""))), LAPTOP),
    Defect("a PNG with a chunk of its own", "J110", "4.png", png(chunk(b"prVt", b"secret")), LAPTOP),
    Defect("a PNG with a histogram", "J110", "4.png", png(chunk(b"hIST", bytes(4))), LAPTOP),
    Defect("bytes after a PNG", "J107", "4.png", add_linked("4.png", PNG + b"hello"), LAPTOP),
    Defect("bytes in a PNG after its rows", "J101", "4.png", png(b"", b"secret"), LAPTOP),
    Defect("a PNG with a wrong checksum", "J101", "4.png", add_linked("4.png", patched(PNG, 29, b"\0\0")), LAPTOP),
    Defect("a PNG without its end", "J101", "4.png", add_linked("4.png", PNG[:-12]), LAPTOP),
    Defect("a GIF with a comment", "J105", "4.gif", gif(b"\x21\xfe\2me\0"), LAPTOP),
    Defect("a GIF with XMP", "J105", "4.gif", gif(b"\x21\xff\x0bXMP DataXMP\1a\0"), LAPTOP),
    Defect("a GIF with text", "J110", "4.gif", gif(b"\x21\x01\x0c" + bytes(12) + b"\2hi\0"), LAPTOP),
    Defect("bytes after a GIF", "J107", "4.gif", add_linked("4.gif", GIF + b"hello"), LAPTOP),
    Defect("a GIF cut short", "J101", "4.gif", add_linked("4.gif", GIF[:-9]), LAPTOP),
    Defect("a picture for print", "J103", FIRST, picture(CMYK), LAPTOP, also=("J106",)),
    Defect("arithmetic coding", "J109", FIRST, picture(ARITHMETIC), LAPTOP, also=("J106",)),
    Defect("a thumbnail", "J106", FIRST, picture(thumbnail(jpeg()))),
    Defect("a thumbnail on a laptop", "J106", FIRST, picture(thumbnail(jpeg())), LAPTOP),
    Defect("an empty page", "J301", FIRST, picture(encoded(Image.new("RGB", (120, 160), "white")))),
    Defect("a page twice", "J302", "w401/002.jpg", put("w401/002.jpg", comic_pages()[0][1])),
    Defect("too long a picture", "J201", "w401/4.jpg", add_linked("w401/4.jpg", jpeg(2056, 40))),
    Defect("too many pixels", "J202", "w401/4.jpg", add_linked("w401/4.jpg", jpeg(1500, 1400))),
    Defect(
        "too many bytes",
        "J203",
        "w401/4.jpg",
        add_linked("w401/4.jpg", encoded(Image.frombytes("RGB", (1400, 1400), NOISE), quality=100)),
    ),
    Defect("a picture whose parts are not known", "J111", "4.webp", add_linked("4.webp", drawn_as("WEBP")), WIDE),
    # documents
    Defect("no doctype", "H101", COMIC, swap(COMIC, "<!DOCTYPE html>\n", "")),
    Defect("a conditional comment left open", "H204", COMIC, swap(COMIC, "<!--<![endif]-->", "")),
    Defect("an old doctype", "H101", COMIC, swap(COMIC, "<!DOCTYPE html>", '<!DOCTYPE HTML PUBLIC "-//W3C//DTD">')),
    Defect("no charset", "H102", COMIC, swap(COMIC, "; charset=utf-8", "")),
    Defect("the charset too far down", "H102", COMIC, swap(COMIC, "<head>", f"<head>{' ' * 1000}")),
    Defect("bytes that are not UTF-8", "H103", COMIC, raw(b">next", b">\xb0\xa1")),
    Defect("an element that another cuts off", "H106", COMIC, body("<p><b>a</p></b>")),
    Defect("an element without an end", "H106", COMIC, body("<p>a<p>b</p>")),
    Defect("an attribute without quotes", "H106", COMIC, body("<p dir=ltr>a</p>")),
    Defect("an attribute that stands twice", "H106", COMIC, body('<p dir="ltr" dir="rtl">a</p>')),
    Defect("a letter as a code", "H106", COMIC, body("<p>&#97;</p>")),
    Defect("a line end of Windows", "H106", COMIC, body("<p>a\r\nb</p>")),
    Defect("words between the cells of a table", "H106", COMIC, body("<table><tr>a<td>b</td></tr></table>")),
    Defect("no language", "H104", COMIC, swap(COMIC, 'lang="en" ', "")),
    Defect("no title", "H105", COMIC, swap(COMIC, "<title>index</title>", "<title> </title>")),
    Defect("a new element", "H201", COMIC, body("<section><p>a</p></section>")),
    Defect("a drawing", "H201", COMIC, body('<svg><path d="M0 0"></path></svg>')),
    Defect("an unknown attribute", "H202", COMIC, body('<p data-camera="k7">a</p>')),
    Defect("an event handler", "H203", COMIC, body('<p onclick="go()">a</p>')),
    Defect("a comment in a document", "H204", COMIC, body("<!-- saved from my computer -->")),
    Defect("a comment after the document", "H204", COMIC, swap(COMIC, "</html>", "</html><!-- 7 -->")),
    Defect("a script that old browsers see", "H205", COMIC, body(f"<script>{OWN_SCRIPT}</script>"), also=("H208",)),
    Defect("boxes that flex", "H207", COMIC, sheet("p { display: flex }")),
    Defect("a length of today", "H207", COMIC, sheet("p { margin: 1rem }")),
    Defect("a length that is computed", "H207", COMIC, sheet("p { width: calc(100% - 9px) }")),
    Defect("a font of its own", "H207", COMIC, sheet("@font-face { font-family: a }")),
    Defect("a variable in a style", "H207", COMIC, sheet("p { --a: 1px }")),
    Defect("a box that stays", "H207", COMIC, body('<p style="position: fixed">a</p>')),
    Defect("round corners in an attribute", "H207", COMIC, body('<p style="border-radius: 4px">a</p>')),
    Defect("a gap between boxes", "H207", COMIC, sheet("p { gap: 1px }")),
    Defect("a long style", "H208", COMIC, sheet("p { color: #222222 } " * 600), also=("H207",)),
    Defect("a drawing with a script", "H210", "4.svg", svg("<script>var a</script>"), WIDE),
    Defect("a drawing that acts when shown", "H203", "4.svg", svg('<g onload="go()"/>'), WIDE),
    Defect("a style that is not UTF-8", "H103", "4.css", css(b"p {}\n" * 999 + b"\xff"), WIDE),
    Defect("no alt", "H301", COMIC, swap(COMIC, ' alt="a window"', "")),
    Defect("no height", "H302", COMIC, swap(COMIC, ' height="160"', "")),
    Defect("a height in percent", "H302", COMIC, swap(COMIC, 'height="160"', 'height="50%"')),
    Defect("a picture out of shape", "H303", COMIC, swap(COMIC, 'height="160"', 'height="150"')),
    Defect("a cover out of shape", "H303", "index.html", swap("index.html", 'height="80"', 'height="60"')),
    Defect("a picture for sharp screens", "H202", COMIC, swap(COMIC, 'src="001', 'srcset="002.jpg 2x" src="001')),
    Defect("a report of clicks", "H202", COMIC, body('<a href="2.html" ping="2.html">a</a>')),
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
    Defect("a link with a mark behind the name", "L109", COMIC, body('<a href="2.html?7">a</a>')),
    Defect("a link with codes for plain letters", "L109", COMIC, body('<a href="%32.html">a</a>')),
    Defect("a link by a longer way", "L109", COMIC, body('<a href="./2.html">a</a>')),
    Defect("a link with a thousand spaces", "L109", COMIC, body(f'<a href="{" " * 1001}2.html">a</a>')),
    # outside
    Defect("a picture from the network", "X101", COMIC, body(image("http://example.org/a.jpg"))),
    Defect("a link to the network", "X101", COMIC, body('<a href="https://example.org/">a</a>')),
    Defect("an address without a scheme", "X101", COMIC, body('<a href="//example.org/a">a</a>')),
    Defect("an address with a line end in it", "X101", COMIC, body('<a href=" ht\ntps://example.org/">a</a>')),
    Defect("an e-mail address", "X101", COMIC, body('<a href="mailto:a@example.org">a</a>')),
    Defect("a style from the network", "X101", COMIC, body('<p style="background: url(http://example.org/a)">a</p>')),
    Defect("letters written as codes", "X302", COMIC, sheet("p{c\\6flor: red}")),
    Defect("a sharp picture from the network", "X101", COMIC, swap(COMIC, 'src="', 'srcset="//a.org/2 2x" src="')),
    Defect("a report of clicks to the network", "X101", COMIC, body('<a href="2.html" ping="https://a.org/">a</a>')),
    Defect("a style's image from the network", "X101", COMIC, sheet("p{background:URL( //a.org/x )}")),
    Defect("a cursor from the network", "X101", COMIC, sheet("p{cursor:url('http://a.org/x'), auto}")),
    Defect("a telephone number to call", "X101", COMIC, body('<a href="tel:+821012345678">a</a>')),
    Defect("a file of the computer", "X102", COMIC, body('<a href="file:///etc/passwd">a</a>')),
    Defect("a Windows drive", "X102", COMIC, body('<a href="C:\\a.html">a</a>')),
    Defect("a network share", "X102", COMIC, body(image("\\\\host\\share\\a.jpg"))),
    Defect("a network share with other slashes", "X102", COMIC, body('<a href="/\\host/share">a</a>')),
    Defect("a page of the browser", "X102", COMIC, body('<a href="about:config">a</a>')),
    Defect("code in a link", "X103", COMIC, body('<a href="JavaScript:go()">a</a>')),
    Defect("a document in a link", "X104", COMIC, body('<a href="data:text/html,a">a</a>')),
    Defect("a frame", "X201", COMIC, body('<iframe src="2.html"></iframe>')),
    Defect("a form", "X201", COMIC, body('<form action="http://example.org/"></form>')),
    Defect("a video that starts by itself", "H202", COMIC, body('<video src="001.jpg" autoplay="autoplay"></video>')),
    Defect("another source of a video", "X201", COMIC, body('<video src="001.jpg"><source src="a.mp4"></video>')),
    Defect("an embedded thing", "X201", COMIC, body('<embed src="a.swf">')),
    Defect("an early connection", "X201", COMIC, swap(COMIC, "<style", '<link rel="preconnect" href="//a.org"><style')),
    Defect("a picture fetched ahead", "X201", COMIC, swap(COMIC, "<style", '<link imagesrcset="//a.org/a 2x"><style')),
    Defect("a stylesheet", "H211", COMIC, swap(COMIC, "<style", '<link rel="stylesheet" href="2.html"><style')),
    Defect("a class of others", "H206", COMIC, body('<p class="c1 c0">a</p>')),
    Defect("an id as a mark", "H206", COMIC, body('<p id="kim7">a</p>')),
    Defect("an early look-up", "X201", COMIC, swap(COMIC, "<style", '<link rel="dns-prefetch" href="//a.org"><style')),
    Defect("another base", "X201", COMIC, swap(COMIC, "<style", '<base href="2.html"><style')),
    Defect("a refresh", "X202", COMIC, swap(COMIC, "<style", '<meta http-equiv="Refresh" content="9"><style')),
    Defect("an entity in a drawing", "X203", "4.svg", svg("", '<!DOCTYPE svg [<!ENTITY a SYSTEM "b">]>'), WIDE),
    Defect("a drawing with a picture from the network", "X101", "4.svg", svg('<image xlink:href="//a.org/b"/>'), WIDE),
    Defect("a drawing with a style from afar", "X101", "4.svg", svg("", '<?xml-stylesheet href="//a.org/"?>'), WIDE),
    Defect("a style file with an address", "X101", "4.css", css(b"p { background: url(//a.org/b) }"), WIDE),
    Defect("a style file that imports", "X302", "4.css", css(b"@import 'a'; p { color: red }"), WIDE),
    Defect("a style file with code", "X302", "4.css", css(b"p { behavior: url(4.css) }"), WIDE),
    Defect("an import", "X302", COMIC, sheet("@IMPORT 'a.css';")),
    Defect("code in a style", "X302", COMIC, body('<p style="width: expression(go())">a</p>')),
    Defect("a picture of a style without url()", "X302", COMIC, newer_style("content: image-set('//a.org/b' 1x)")),
    Defect("a filter of Internet Explorer", "X302", COMIC, newer_style("filter: a.Loader(src='//a.org/b')")),
    Defect("an address between no comments", "X101", COMIC, newer_style(f"content: '/*'; {FAR}; quotes: '*/'")),
    Defect("an address behind half a comment", "X101", COMIC, newer_style(f"cursor: url(//a/*); {FAR}; quotes: '*/'")),
    Defect("a script", "X401", COMIC, body("<script>var a = 1;</script>")),
    Defect("a script behind ours", "X401", COMIC, script("localStorage.a = 1")),
    Defect("a script with letters escaped", "X401", COMIC, script("\\u0066etch('a')")),
    Defect("a script of another kind", "X401", COMIC, body("<script type=\"module\">import('a')</script>")),
    Defect("data for a script", "X401", COMIC, body("<script type=\"text/plain\">a</script>")),
    Defect("an empty script", "X401", COMIC, body("<script></script>")),
    Defect("no policy", "X501", COMIC, swap(COMIC, f"{META_POLICY}\n", "")),
    Defect("a policy that lets all in", "X502", COMIC, swap(COMIC, "img-src 'self'", "img-src * 'self'")),
    Defect("a policy without a default", "X502", COMIC, swap(COMIC, "default-src 'none'; ", "")),
    Defect("an address told to where a link leads", "X504", COMIC,
           swap(COMIC, '<meta name="referrer" content="no-referrer">\n', "")),
    Defect("an offer to translate", "X503", COMIC, swap(COMIC, ' translate="no"', "")),
    # privacy
    Defect("a tagged picture", "P101", FIRST, picture(jpeg(shade=90) + red_star_tag())),
    Defect("a tagged document", "P101", COMIC, lambda tree: tree.update({COMIC: tree[COMIC] + red_star_tag(1)})),
    Defect("the program that made a document", "P102", COMIC, meta("generator", "Word 12")),
    Defect("the author of a document", "P102", COMIC, meta("Author", "me")),
    Defect("a path of a home", "P103", COMIC, body("<p>/home/danbi/comics</p>")),
    Defect("a path on Windows", "P103", COMIC, swap(COMIC, 'alt="a window"', 'alt="C:\\Users\\danbi\\a.html"')),
    Defect("a space without width", "P201", COMIC, body("<p>a\u200bb</p>")),
    Defect("a joiner without width", "P201", COMIC, body("<p>a\u200db</p>")),
    Defect("letters of a hidden mark", "P201", COMIC, body("<p>a\U000e0041\U000e0042b</p>")),
    Defect("a hidden sign in a text file", "P201", "more.txt", add_linked("more.txt", "a\n\u2063b\n".encode())),
    Defect("text turned round", "P201", COMIC, body("<p>a\u202eb</p>")),
    Defect("a forbidden word", "P301", COMIC, body("<p>DanBi</p>"), target=NO_DANBI),
    Defect("a forbidden word in a text file", "P301", "more.txt", add_linked("more.txt", b"a danbi\n"), ANY, NO_DANBI),
    Defect("a forbidden word in base64", "P301", COMIC, coded("see Danbi"), target=NO_DANBI),
    Defect("a forbidden word in Korean", "P301", COMIC, body("<p>\u1103\u1161\u11ab\u1107\u1175</p>"), ANY, NO_DANBI),
    Defect("the builder in a text", "P303", COMIC, body("<p>made by builder7</p>"), target=BUILT),
    Defect("the builder in base64", "P302", COMIC, coded("by builder7"), target=BUILT),
    Defect("an address in a text", "P401", COMIC, body("<p>see example.org</p>")),
    Defect("an e-mail address in a text", "P402", COMIC, body("<p>write to danbi@example.org</p>")),
    Defect("a name in a text", "P403", COMIC, body("<p>by @danbi</p>")),
    Defect("a telephone number in a text", "P404", "more.txt", add_linked("more.txt", b"010-1234-5678\n")),
    Defect("a call for donations", "P405", "more.txt", add_linked("more.txt", "후원 계좌\n".encode())),
    Defect("an address in place of a picture", "P401", COMIC, swap(COMIC, 'alt="a window"', 'alt="example.org"')),
    # archives
    Defect("an archive cut short", "A101", ARCHIVE, put(ARCHIVE, comic_cbz()[:-100])),
    Defect("a member with a lying size", "A101", ARCHIVE, put(ARCHIVE, lying(comic_cbz()))),
    Defect("a damaged member", "A101", ARCHIVE, put(ARCHIVE, unreadable(comic_cbz()))),
    Defect("a compressed archive", "A102", ARCHIVE, put(ARCHIVE, comic_cbz(compress_type=8))),
    Defect("a member named in Korean", "A103", ARCHIVE, member("창.jpg", jpeg(shade=33))),
    Defect("times in extra fields", "A104", ARCHIVE, put(ARCHIVE, comic_cbz(extra=struct.pack("<HHL", 0x5455, 4, 7)))),
    Defect("a comment on members", "A104", ARCHIVE, put(ARCHIVE, comic_cbz(comment=b"by me"))),
    Defect("an encrypted member", "A105", ARCHIVE, put(ARCHIVE, encrypted(comic_cbz()))),
    Defect("two members of one name", "A106", ARCHIVE, member("003.jpg", jpeg())),
    Defect("a member that climbs", "A107", ARCHIVE, member("a/../../4.jpg", jpeg())),
    Defect("pictures out of order", "A108", ARCHIVE, comic(*comic_pages()[::-1])),
    Defect("an order that readers disagree on", "A108", ARCHIVE, comic(("10.jpg", jpeg()), ("9.jpg", jpeg(shade=33)))),
    Defect("a torn ComicInfo", "A109", ARCHIVE, comic(("ComicInfo.xml", INFO[:-4]), *comic_pages())),
    Defect("entities in a ComicInfo", "A109", ARCHIVE, comic(("ComicInfo.xml", b"<!DOCTYPE a>"), *comic_pages())),
    Defect("something else in a CBZ", "A110", ARCHIVE, member("zz.exe", b"MZ")),
    Defect("a CBZ without pictures", "A110", ARCHIVE, comic(("ComicInfo.xml", INFO))),
    Defect("bytes before an archive", "A111", ARCHIVE, put(ARCHIVE, b"PK\3\4" + bytes(40) + comic_cbz())),
    Defect("bytes behind an archive", "A111", ARCHIVE, put(ARCHIVE, comic_cbz() + b"hello")),
)  # fmt: skip
