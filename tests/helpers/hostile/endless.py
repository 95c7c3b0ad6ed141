"""Small sources that ask for the same work again and again, or for far more of it than their bytes are worth."""

from __future__ import annotations

import io
import itertools
import struct
import tarfile
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import cache, partial

from tests.helpers.books import png as small_png
from tests.helpers.hostile.bomb import Bomb


def sources() -> Iterator[Bomb]:
    """Sources of a bundle."""
    yield Bomb("PDF: 4,900 pages of one picture", "comics/a.pdf", partial(_same_picture, 4_900))
    yield Bomb("PDF: 100 pages of one picture", "comics/a.pdf", partial(_same_picture, 100))
    yield Bomb("PDF: 700 pages of one picture and a spot", "comics/a.pdf", partial(_same_picture, 700, has_spot=True))
    yield Bomb("PDF: a tile, millions of times", "comics/a.pdf", partial(_tiles, 1))
    yield Bomb("PDF: a tile, millions of times, on 50 pages", "comics/a.pdf", partial(_tiles, 50))
    yield Bomb("PDF: forms in forms", "comics/a.pdf", partial(_forms, 20, 10))
    four_bytes = [(f"{number}.png", b"abcd") for number in range(65_000)]
    yield Bomb("65,000 pictures of four bytes", "comics/a.cbz", partial(zipped, four_bytes))
    for count, side in ((400, 11_000), (3_000, 4_000)):
        yield Bomb(f"{count} PNGs of {side} x {side}", "comics/a.cbz", partial(_blank_pages, count, side))
    yield Bomb("4,800 pages, three archives deep", "comics/a.cbz", _deep)
    chapters = ((f"{number}/1.png", small_png()) for number in range(3_000))
    yield Bomb("3,000 chapters", "comics/a.cbz", lambda: zipped(chapters))
    broken = [(f"{number}.png", b"abcd") for number in range(1_500)]
    yield Bomb("1,500 broken pictures", "comics/a.cbz", partial(zipped, broken))
    title = b"<ComicInfo><Title>%s</Title></ComicInfo>" % (b"a " * 490_000)
    titled = [(f"{number}.png", small_png()) for number in range(100)]
    yield Bomb("a title of 980,000 letters", "comics/a.cbz", partial(zipped, [*titled, ("ComicInfo.xml", title)]))
    abouts = [(f"{number}/about.md", b"words and words " * 100) for number in range(1_000)]
    yield Bomb("1,000 pages about the artist", "comics/a.cbz", partial(zipped, [*titled, *abouts]))
    yield Bomb("60,000 empty members", "comics/a.tar", partial(_empty_members, 60_000))
    yield Bomb("HTML: 40 pictures of 64 megapixels", "articles/a.html", partial(_page, range(40)))
    yield Bomb("HTML: one of 64 megapixels 4,900 times", "articles/a.html", partial(_page, [0] * 4_900))


def trees() -> Iterator[Bomb]:
    """Files of a tree that is checked."""
    attributes = " ".join(f"a{number}=1" for number in range(1_000_000))
    yield Bomb("a million attributes", "a.html", f"<!doctype html><p {attributes}>x</p>".encode)
    yield Bomb("300,000 deep", "a.html", lambda: b"<!doctype html>" + b"<div>" * 300_000)
    crossed = b"<div><object></div></object>" * 300_000
    yield Bomb("300,000 deep, closed crosswise", "a.html", lambda: b"<!doctype html>" + crossed)
    yield Bomb("6 million segments", "a.jpg", lambda: b"\xff\xd8" + b"\xff\xe5\0\2" * 6_000_000 + b"\xff\xd9")
    yield Bomb("a million chunks", "a.png", _chunks)
    yield Bomb("20 million blocks", "a.gif", lambda: b"GIF89a" + bytes(7) + b"\x21\xfe" + b"\1a" * 20_000_000 + b"\0;")
    four_bytes = [(f"{number}.png", b"abcd") for number in range(65_000)]
    yield Bomb("65,000 members", "a.cbz", partial(zipped, four_bytes))
    yield Bomb("200 PNGs of 9,900 x 9,900", "a.cbz", partial(_blank_pages, 200, 9_900))
    yield Bomb("30 million ends of lines", "a.txt", lambda: b"\n" * 30_000_000)


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP of (name, bytes), stored."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data)
    return stream.getvalue()


def blank(width: int, height: int, number: int = 0) -> bytes:
    """A PNG of one bit a pixel; pictures of different numbers have different bytes."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"nuMb", b"%d" % number),
        (b"IDAT", _blank_rows(width, height)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, body) for name, body in chunks)


@cache
def _blank_rows(width: int, height: int) -> bytes:
    return zlib.compress(bytes((1 + -(-width // 8)) * height), 9)


def chunk(name: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def pdf(pages: Iterable[bytes], resources: bytes, *shared: bytes) -> bytes:
    """A PDF of pages of 600 x 800 points with these contents; the `shared` objects have the numbers from 3 on."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", *shared]
    numbers: dict[bytes, int] = {}
    kids = []
    for content in pages:
        if content not in numbers:
            objects.append(stream(b"", content))
            numbers[content] = len(objects)
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<<%s>>/Contents %d 0 R>>"
        objects.append(page % (resources, numbers[content]))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    bodies = [b"%d 0 obj\n%s\nendobj\n" % (number, body) for number, body in enumerate(objects, start=1)]
    places = itertools.accumulate(map(len, bodies), initial=9)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place, _ in zip(places, bodies, strict=False))
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, 9 + sum(map(len, bodies)))
    return b"%PDF-1.7\n" + b"".join(bodies) + table + end


def stream(entries: bytes, content: bytes) -> bytes:
    """An object of a PDF with a stream, deflated."""
    packed = zlib.compress(content, 9)
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (entries, len(packed), packed)


def grey_picture(width: int = 3_000, height: int = 4_000) -> bytes:
    """The object of a PDF that is a picture of stripes."""
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
    return stream(entries % (width, height), bytes(range(250)) * (width * height // 250))


def _same_picture(pages: int, *, has_spot: bool = False) -> bytes:
    drawn = b"q 600 0 0 800 0 0 cm /I Do Q"
    spots = (b" 1 0 0 rg %d %d 3 3 re f" % (number % 600, number) if has_spot else b"" for number in range(pages))
    return pdf((drawn + spot for spot in spots), b"/XObject<</I 3 0 R>>", grey_picture())


def _tiles(pages: int) -> bytes:
    """A pattern whose tiles are large and lie close to each other, so that each is drawn by itself."""
    pattern = b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1000 1000]/XStep 0.05/YStep 0.05"
    fill = b"/Pattern cs /P scn 0 0 600 800 re f"
    tile = stream(pattern + b"/Resources<<>>", b"1 0 0 rg 0 0 1 1 re f")
    return pdf([fill] * pages, b"/Pattern<</P 3 0 R>>", tile)


def _forms(levels: int, uses: int) -> bytes:
    """Forms that each draw the next one several times."""
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]"
    inner = [
        stream(entries + b"/Resources<</XObject<</F %d 0 R>>>>" % (number + 1), b"/F Do " * uses)
        for number in range(3, 2 + levels)
    ]
    return pdf([b"/F Do"], b"/XObject<</F 3 0 R>>", *inner, stream(entries, b"0 0 9 9 re f"))


def _blank_pages(count: int, side: int) -> bytes:
    return zipped((f"{number:04}.png", blank(side, side, number)) for number in range(count))


def _deep() -> bytes:
    chapter = zipped((f"{number}.png", small_png()) for number in range(20))
    volume = zipped((f"{number}.cbz", chapter) for number in range(12))
    return zipped((f"{number}.cbz", volume) for number in range(20))


def _page(numbers: Iterable[int]) -> bytes:
    pictures = (b64encode(blank(8_000, 8_000, number)).decode() for number in numbers)
    return "<p>a b".join(f'<p>x y</p><img src="data:image/png;base64,{one}">' for one in pictures).encode()


def _empty_members(count: int) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for number in range(count):
            archive.addfile(tarfile.TarInfo(f"{number}.png"))
    return stream.getvalue()


def _chunks() -> bytes:
    picture = blank(30, 40)
    return picture[:33] + chunk(b"teXt", b"") * 1_000_000 + picture[33:]
