"""Small files that ask for much: for memory, for time, for depth. Each is one source of a bundle."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import itertools
import lzma
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache, partial

import py7zr
from PIL import Image

from tests.helpers import papers
from tests.helpers.books import CONTAINER, XHTML, package, page
from tests.helpers.books import png as small_png
from tests.helpers.hostile import endless
from tests.helpers.hostile.bomb import Bomb
from tests.helpers.hostile.quine import quine
from tests.helpers.rars import rar5
from tests.helpers.zips import Part, deflated, zip_of

_CHUNK_BYTES = 1 << 20  # of LZMA2, which can have twice as many
MEGABYTE = 1 << 20
LARGE = 600 * MEGABYTE
"""More than a source may take; what stands for it is made in pieces."""


def bombs() -> Iterator[Bomb]:
    """All of them, neighbours of every family."""
    families = (_zips(), _packed(), _pictures(), _pages(), _texts(), _books(), endless.sources())
    for row in itertools.zip_longest(*families):
        yield from (one for one in row if one is not None)


# Archives


@cache
def zeros(packed_by: str, size: int = LARGE) -> bytes:
    """`size` zeros in one stream."""
    if packed_by in ("bzip2", "xz"):
        slow = bz2.BZ2Compressor(9) if packed_by == "bzip2" else lzma.LZMACompressor(preset=0)
        return b"".join([*(slow.compress(bytes(MEGABYTE)) for _ in range(size // MEGABYTE)), slow.flush()])
    # After a full flush the same bytes may follow again and again.
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    again = squeezer.compress(bytes(MEGABYTE)) + squeezer.flush(zlib.Z_FULL_FLUSH)
    stream = again * (size // MEGABYTE) + b"\3\0"
    if packed_by == "zlib":
        return b"\x78\xda" + stream + struct.pack(">L", (size % 65_521) << 16 | 1)
    if packed_by == "gzip":
        checksum = 0
        for _ in range(size // MEGABYTE):
            checksum = zlib.crc32(bytes(MEGABYTE), checksum)
        return b"\x1f\x8b\x08" + bytes(7) + stream + struct.pack("<LL", checksum, size)
    return stream


def _flat(name: bytes, size: int | None = LARGE, method: int = 8) -> bytes:
    """One member of zeros that says it has `size`."""
    stored = zeros(*{8: ("deflate", LARGE), 12: ("bzip2", 200 * MEGABYTE), 14: ("xz", 300 * MEGABYTE)}[method])
    return zip_of([Part(name, b"", stored=stored, size=size, method=method, crc=0)])


def _overlapping(members: int, name: str = "{}.png") -> bytes:
    """Many members whose bytes are the same ones."""
    kernel = deflated(bytes(20 * MEGABYTE))
    first = Part(name.format(0).encode(), b"", stored=kernel, size=20 * MEGABYTE, method=8)
    rest = [
        Part(name.format(number).encode(), b"", stored=kernel, size=20 * MEGABYTE, method=8, offset=0)
        for number in range(1, members)
    ]
    return zip_of([first, *rest])


def _quoting(members: int) -> bytes:
    """Each member's bytes are the header of the next, and all that follows (Fifield 2019)."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("0.png", bytes(1000))
    inner = whole.getvalue()[:1035]
    parts = [Part(b"0.png", b"", stored=inner * members, stored_size=len(inner) * members)]
    parts += [
        Part(f"{number}.png".encode(), inner[35:] + inner * (members - number), offset=len(inner) * number + 35)
        for number in range(1, members)
    ]
    return zip_of(parts)


def _nested(levels: int, width: int = 1, ending: str = "cbz") -> bytes:
    data = zip_of([Part(b"1.png", small_png())])
    for _ in range(levels):
        data = zip_of([Part(f"{n}.{ending}".encode(), data, stored=deflated(data), method=8) for n in range(width)])
    return data


def _members(count: int, name: str = "{}", *, comment: int = 0) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(count):
            info = zipfile.ZipInfo(name.format(number))
            info.comment = b"c" * comment
            archive.writestr(info, b"")
    return stream.getvalue()


def _zips() -> Iterator[Bomb]:
    for ending, name in (("zip", b"1.png"), ("cbz", b"1.png"), ("cbr", b"1.jpg"), ("cbz", b"ComicInfo.xml")):
        for said in (None, 1000, LARGE, 0xFFFF_FFF0):
            size = 0 if said is None else said
            yield Bomb(
                f"flat {ending}, {name.decode()} says {size} bytes", f"comics/a.{ending}", partial(_flat, name, size)
            )
    for method in (12, 14):
        yield Bomb(f"flat, method {method}", "comics/a.cbz", partial(_flat, b"1.png", LARGE, method))
    for members in (2, 50, 1000, 60_000):
        yield Bomb(f"{members} members of the same bytes", "comics/a.cbz", partial(_overlapping, members))
    for members in (3, 100, 500):
        yield Bomb(f"{members} members that quote one another", "comics/a.zip", partial(_quoting, members))
    for levels, width in ((5, 1), (20, 1), (4, 10), (6, 4), (200, 1)):
        yield Bomb(f"{levels} levels of {width}", "comics/a.cbz", partial(_nested, levels, width))
    yield Bomb("a ZIP that holds itself", "comics/a.zip", quine)
    yield Bomb("levels of zip", "comics/a.zip", partial(_nested, 12, 2, "zip"))
    for count in (66_000, 1_000_000):
        yield Bomb(f"{count} empty members", "comics/a.cbz", partial(_members, count))
    yield Bomb("65,000 names of 900 letters", "comics/a.cbz", partial(_members, 65_000, "x" * 900 + "{}"))
    yield Bomb("65,000 comments of 60 kB", "comics/a.cbz", partial(_members, 2_000, comment=60_000))
    yield Bomb("65,000 pictures of no bytes", "comics/a.cbz", partial(_members, 65_000, "{}.png"))
    yield Bomb("a name of 10,000 folders", "comics/a.cbz", partial(_members, 3, "d/" * 10_000 + "{}.png"))
    yield Bomb("30 folders, 60,000 times", "comics/a.cbz", partial(_members, 60_000, "d/" * 30 + "{}/1.png"))


def _tar(size: int, content: bytes = b"", count: int = 1, headers: dict[str, str] | None = None) -> bytes:
    """A tar whose members say that they have `size` bytes."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for number in range(count):
            info = tarfile.TarInfo(f"{number}.png")
            info.pax_headers = headers or {}
            info.size = size
            archive.fileobj.write(info.tobuf())
            archive.fileobj.write(content)
    return stream.getvalue()


def _sparse_header(size: int) -> bytes:
    return _tar(0, headers={"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(size)})


def _huge_name(kind: bytes) -> bytes:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = kind, LARGE
    return gzip.compress(info.tobuf(), 1) + zeros("gzip")


def _sevenzip_of_zeros(name: str = "1.png", *, count: int = 1) -> bytes:
    stream = io.BytesIO()
    with py7zr.SevenZipFile(stream, "w", filters=[{"id": py7zr.FILTER_LZMA2, "preset": 1}]) as archive:
        for number in range(count):
            with tempfile.TemporaryFile() as hole:
                hole.truncate(LARGE // count)
                archive.writef(hole, f"{number}{name}")
    return stream.getvalue()


def _sevenzip_with_header(size: int) -> bytes:
    """A 7z whose packed header unpacks to `size` zeros (7zFormat.txt, "EncodedHeader")."""
    packed = lzma.compress(bytes(size), lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 20}])
    properties = b"\x5d" + struct.pack("<L", 1 << 20)
    header = b"\x17\x06" + _number(0) + b"\x01\x09" + _number(len(packed)) + b"\x00"
    header += b"\x07\x0b\x01\x00\x01\x23\x03\x01\x01\x05" + properties + b"\x0c" + _number(size) + b"\x00\x00"
    start = struct.pack("<QQL", len(packed), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<L", zlib.crc32(start)) + start + packed + header


def sevenzip_with_dictionary(size: int, name: str = "1.png") -> bytes:
    """A 7z of one member of that many zeros whose method wants a dictionary as large as they are; a power of two."""
    # A chunk that begins with a new dictionary, and others with the old: control 0xE0 and 0xC0 (lzma2_decoder.c)
    lzma2 = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 21}]
    chunk = lzma.compress(bytes(_CHUNK_BYTES), lzma.FORMAT_RAW, filters=lzma2)[:-1]
    packed = chunk + (bytes([chunk[0] & ~0x20]) + chunk[1:]) * (size // _CHUNK_BYTES - 1) + b"\0"
    named = b"\0" + f"{name}\0".encode("utf-16-le")
    header = b"\x01\x04\x06" + _number(0) + b"\x01\x09" + _number(len(packed)) + b"\x00"
    header += b"\x07\x0b\x01\x00\x01\x21\x21\x01" + bytes([2 * size.bit_length() - 26]) + b"\x0c" + _number(size)
    header += b"\x00\x08\x00\x00\x05\x01\x11" + _number(len(named)) + named + b"\x00\x00"
    start = struct.pack("<QQL", len(packed), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<L", zlib.crc32(start)) + start + packed + header


def _number(value: int) -> bytes:
    """A number of 7z in its longest form."""
    return b"\xff" + struct.pack("<Q", value)


def _sevenzip_members(count: int) -> bytes:
    stream = io.BytesIO()
    with py7zr.SevenZipFile(stream, "w", filters=[{"id": py7zr.FILTER_COPY}]) as archive:
        for number in range(count):
            archive.writestr(b"", f"{number}.png")
    return stream.getvalue()


def _packed() -> Iterator[Bomb]:
    for packing, size in (("gzip", LARGE), ("bzip2", 200 * MEGABYTE), ("xz", 300 * MEGABYTE)):
        yield Bomb(f"zeros in {packing}, no tar", "comics/a.cbt", partial(zeros, packing, size))
    member = partial(_tar, LARGE)
    yield Bomb("a member of zeros in gzip", "comics/a.tar.gz", lambda: gzip.compress(member()) + zeros("gzip"))
    yield Bomb(
        "a member of zeros in bzip2", "comics/a.cbt", lambda: bz2.compress(member()) + zeros("bzip2", 200 * MEGABYTE)
    )
    yield Bomb("a member of zeros in xz", "comics/a.cbt", lambda: lzma.compress(member()) + zeros("xz", 300 * MEGABYTE))
    yield Bomb("a member that says a terabyte", "comics/a.tar", partial(_tar, 1 << 40))
    yield Bomb("a member that says less than nothing", "comics/a.tar", _negative)
    yield Bomb("sparse, of a terabyte", "comics/a.tar", partial(_sparse_header, 1 << 40))
    for kind in (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE):
        yield Bomb(f"a header of 600 MB ({kind.decode()})", "comics/a.tar.gz", partial(_huge_name, kind))
    yield Bomb("100,000 empty members", "comics/a.tar.gz", lambda: gzip.compress(_tar(0, count=100_000), 1))
    yield Bomb("headers before headers", "comics/a.tar", lambda: _tar(0, headers={f"k{n}": "v" for n in range(50_000)}))
    yield Bomb("solid 7z of zeros", "comics/a.cb7", _sevenzip_of_zeros)
    yield Bomb("solid 7z of 20 times zeros", "comics/a.7z", partial(_sevenzip_of_zeros, ".png", count=20))
    for size in (64, 300, 600):
        what = f"7z with a header of {size} MB"
        yield Bomb(what, "comics/a.cb7", partial(_sevenzip_with_header, size * MEGABYTE))
    yield Bomb("7z with a dictionary of a gigabyte", "comics/a.cb7", partial(sevenzip_with_dictionary, 1 << 30))
    yield Bomb("7z of 66,000 empty members", "comics/a.cb7", partial(_sevenzip_members, 66_000))
    yield Bomb("RAR of 66,000 members", "comics/a.cbr", lambda: rar5({f"{n}.png": b"" for n in range(66_000)}))
    yield Bomb("RAR of zeros", "comics/a.cbr", lambda: rar5({"1.png": bytes(300 * MEGABYTE)})[: 20 * MEGABYTE])
    yield Bomb("gzip in gzip", "comics/a.tar.gz", lambda: gzip.compress(zeros("gzip")))


def _negative() -> bytes:
    header = bytearray(tarfile.TarInfo("1.png").tobuf())
    header[124:136] = b"\xff" * 12
    header[148:156] = b" " * 8
    header[148:156] = f"{sum(header):06o}\0 ".encode()
    return bytes(header) + bytes(1024)


# Pictures


def _png(width: int, height: int, rows: bytes, chunk: tuple[bytes, bytes] = (b"", b""), **how: int) -> bytes:
    """A PNG with this header and packed rows, and one more chunk; `how` may be depth, colour and interlaced."""
    form = (how.get("depth", 8), how.get("colour", 0), 0, 0, how.get("interlaced", 0))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, *form)), *([chunk] if chunk[0] else [])]
    chunks += [(b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _apng(frames: int, side: int) -> bytes:
    rows = zlib.compress(bytes(side * (side + 1)), 9)
    head = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)), (b"acTL", struct.pack(">II", frames, 0))]
    body = [(b"fcTL", struct.pack(">IIIIIHHBB", 0, side, side, 0, 0, 1, 10, 0, 0)), (b"IDAT", rows)]
    for number in range(1, frames):
        control = struct.pack(">IIIIIHHBB", 2 * number - 1, side, side, 0, 0, 1, 10, 0, 0)
        body += [(b"fcTL", control), (b"fdAT", struct.pack(">I", 2 * number) + rows)]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in [*head, *body, (b"IEND", b"")])


def _gif(frames: int, side: int) -> bytes:
    """Frames of few bytes that each say they fill a large screen."""
    head = b"GIF89a" + struct.pack("<HHBBB", side, side, 0x80, 0, 0) + bytes(3) + b"\xff" * 3
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, side, side, 0) + b"\x02\x02\x44\x01\x00"
    return head + frame * frames + b"\x3b"


def _webp(frames: int, side: int) -> bytes:
    stream = io.BytesIO()
    first = Image.new("RGB", (side, side), "white")
    rest = [Image.new("RGB", (side, side), (number % 256, 0, 0)) for number in range(1, frames)]
    first.save(stream, "WEBP", save_all=True, append_images=rest, lossless=True, method=0)
    return stream.getvalue()


def _saved(kind: str, size: tuple[int, int], mode: str = "L", **options: object) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size).save(stream, kind, **options)
    return stream.getvalue()


def _tiff(width: int, height: int, strips: int, *, next_at: int = 0, rows: int | None = None) -> bytes:
    """A TIFF whose strips all are the same few bytes."""
    body = zlib.compress(bytes(1 << 16))
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1), (277, 3, 1, 1)]
    tags.insert(5, (273, 4, strips, 0))
    tags += [(278, 4, 1, rows or max(1, height // strips)), (279, 4, strips, 0)]
    data_at = 8 + 2 + 12 * len(tags) + 4
    offsets_at = data_at + len(body)
    placed = {273: offsets_at if strips > 1 else data_at, 279: offsets_at + 4 * strips if strips > 1 else len(body)}
    lines = b"".join(struct.pack("<HHLL", tag, kind, count, placed.get(tag, value)) for tag, kind, count, value in tags)
    head = b"II*\0" + struct.pack("<L", 8) + struct.pack("<H", len(tags)) + lines + struct.pack("<L", next_at)
    return head + body + struct.pack("<L", data_at) * strips + struct.pack("<L", len(body)) * strips


def _bmp(width: int, height: int) -> bytes:
    head = struct.pack("<LllHHLLllLL", 40, width, height, 1, 8, 1, 0, 0, 0, 256, 0)
    rows = (b"\xff\0" * min(width // 255 + 1, 10_000) + b"\0\0") * 10 + b"\0\1"
    return b"BM" + struct.pack("<LLL", 54 + 1024 + len(rows), 0, 54 + 1024) + head + bytes(1024) + rows


def _jpeg(width: int, height: int) -> bytes:
    """A small JPEG whose header says another size."""
    data = bytearray(_saved("JPEG", (16, 16)))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def _jpeg_of_scans(side: int, scans: int) -> bytes:
    """A progressive JPEG in which one scan comes again and again, each to be decoded over the whole picture."""
    data = _saved("JPEG", (side, side), progressive=True)
    last = data.rindex(b"\xff\xda")
    scan = data[last:-2]
    return data[:last] + scan * scans + b"\xff\xd9"


def _pictures() -> Iterator[Bomb]:
    yield from _pngs()
    yield from _moving()
    yield from _other_pictures()


def _blank(width: int, height: int, *, depth: int = 8, colour: int = 0) -> bytes:
    """A PNG of one colour."""
    rows = (width * depth * {0: 1, 2: 3, 6: 4}[colour] // 8 + 1) * height
    return _png(width, height, zeros("zlib", -(-rows // MEGABYTE) * MEGABYTE), depth=depth, colour=colour)


def _pngs() -> Iterator[Bomb]:
    for width, height in ((13_350, 13_350), (20_000, 20_000), (1, 300_001), (300_001, 1), (299_999, 1_000)):
        yield Bomb(f"PNG of {width} x {height}", "comics/a/1.png", partial(_blank, width, height))
    for width, height in ((2**31 - 1, 2**31 - 1), (100_000, 100_000), (0, 0), (2**31 - 1, 1)):
        yield Bomb(f"PNG that says {width} x {height}", "comics/a/1.png", partial(_png, width, height, b"x"))
    wide = partial(_blank, 11_000, 11_000, depth=16, colour=6)
    yield Bomb("PNG of 121 megapixels, 16 bits, four channels", "comics/a/1.png", wide)
    for name in ("iCCP", "zTXt", "iTXt", "eXIf", "tEXt"):
        body = {"iTXt": b"k\0\1\0\0\0", "eXIf": b""}.get(name, b"k\0\0") + zeros("zlib")
        chunk = partial(_png, 30, 40, zlib.compress(bytes(31 * 40)), (name.encode(), body))
        yield Bomb(f"PNG with 600 MB in {name}", "comics/a/1.png", chunk)
    interlaced = partial(_png, 12_000, 12_000, zeros("zlib", 150 * MEGABYTE), interlaced=1)
    yield Bomb("PNG of 144 megapixels, interlaced", "comics/a/1.png", interlaced)
    chunks = _chunk(b"teXt", b"")
    yield Bomb(
        "PNG of a million chunks", "comics/a/1.png", lambda: small_png()[:33] + chunks * 10**6 + small_png()[33:]
    )


def _moving() -> Iterator[Bomb]:
    for frames, side in ((3_000, 4_000), (10_001, 100), (60_000, 10)):
        yield Bomb(f"APNG of {frames} frames of {side}", "comics/a/1.png", partial(_apng, min(frames, 3_000), side))
        yield Bomb(f"GIF of {frames} frames of {side}", "comics/a/1.gif", partial(_gif, frames, side))
    for side in (20_000, 65_535):
        yield Bomb(f"GIF of {side} x {side}", "comics/a/1.gif", partial(_gif, 1, side))
    yield Bomb("WebP of 1,000 frames of 400", "comics/a/1.webp", partial(_webp, 1_000, 400))
    yield Bomb("WebP of 16,383 x 16,383", "comics/a/1.webp", partial(_saved, "WEBP", (16_383, 16_383), "RGB"))


def _other_pictures() -> Iterator[Bomb]:
    for strips, height in ((1, 60_000), (60_000, 60_000), (1_000_000, 1_000_000), (2, 2**31)):
        yield Bomb(f"TIFF of {strips} strips", "comics/a/1.tif", partial(_tiff, 60_000, height, strips))
    yield Bomb("TIFF whose strip has 600 MB", "comics/a/1.tif", partial(_tiff, 100, 100, 1, rows=2**31))
    yield Bomb("TIFF that follows itself", "comics/a/1.tif", partial(_tiff, 256, 256, 1, next_at=8))
    for side in (11_000, 50_000, 2**31 - 1):
        yield Bomb(f"BMP of {side} x {side} in a few bytes", "comics/a/1.bmp", partial(_bmp, side, side))
    for side in (11_000, 65_500):
        yield Bomb(f"JPEG that says {side} x {side}", "comics/a/1.jpg", partial(_jpeg, side, side))
    yield Bomb("JPEG of 5,000 scans", "comics/a/1.jpg", partial(_jpeg_of_scans, 4_000, 5_000))
    for kind, ending in (("JPEG2000", "jpg"), ("ICO", "png"), ("PPM", "bmp"), ("TGA", "tif"), ("EPS", "png")):
        mode = "RGB" if kind != "ICO" else "RGBA"
        make = partial(_saved, kind, (256, 256) if kind in ("ICO", "EPS") else (9_000, 9_000), mode)
        yield Bomb(f"{kind} called .{ending}", f"comics/a/1.{ending}", make)
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="1.png"/></svg>'
    yield Bomb("SVG called .png", "comics/a/1.png", lambda: drawing * 10_000)


# Texts


def _nesting(before: str, after: str = "", count: int = 100_000, words: str = "x y z") -> bytes:
    return (before * count + words + after * count).encode()


def _laughs(start: str = "", end: str = "") -> str:
    """Entities of entities: ten lines, ten billion laughs."""
    lines = ['<!ENTITY a "ha">'] + [f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in itertools.pairwise("abcdefghijk")]
    return f"<?xml version='1.0'?><!DOCTYPE r [{''.join(lines)}]>{start}&k;{end}"


def _quadratic(start: str = "", end: str = "") -> str:
    name = "&a;" * 100_000
    return f"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a \"{'ha' * 50_000}\">]>{start}{name}{end}"


def _pages() -> Iterator[Bomb]:
    nests = {"div": 1_000_000, "b": 200_000, "blockquote": 100_000, "ul><li": 100_000, "table><tr><td": 50_000}
    for tag, count in nests.items():
        closing = "".join(f"</{one}>" for one in reversed(tag.split("><")))
        yield Bomb(f"HTML: {count} <{tag}>", "articles/a.html", partial(_nesting, f"<{tag}>", closing, count))
        yield Bomb(f"HTML: {count} <{tag}>, never closed", "articles/a.html", partial(_nesting, f"<{tag}>", "", count))
    endless = {
        "formatting left open": "<p><b><i><u><a>" * 20_000 + "x</p>" + "<p>y" * 20_000,
        "a million attributes": f"<p {' '.join(f'a{n}=1' for n in range(1_000_000))}>x</p>",
        "an attribute of 20 MB": f'<p title="{"x" * 20_000_000}">x</p>',
        "angle brackets": "<" * 5_000_000,
        "half a comment": "<!--" * 2_000_000,
        "half a CDATA": "<![CDATA[" * 500_000,
        "two million entities": "&amp;" * 2_000_000,
        "numbers as entities": "&#x10FFFFFFFFFFFFF;" * 500_000,
        "a million links": '<a href="a">x</a>' * 1_000_000,
        "a million line breaks": "<br>" * 1_000_000,
        "a table of a million cells": f"<table>{'<tr>' + '<td>x' * 1000}" * 1_000,
        "a cell over all columns": "<table><tr><td colspan=99999999 rowspan=99999999>x</td></tr></table>",
        "half a million pictures that are not there": '<img src="x.png">' * 500_000,
        "a million ruby": "<ruby>x<rt>y</rt></ruby>" * 300_000,
        "selects in tables": "<table><select><table><select>" * 30_000 + "x",
        "templates": "<template>" * 100_000 + "x",
        "svg and math in turn": "<svg><foreignObject><math><mtext>" * 30_000 + "x",
        "frames": "<iframe srcdoc='" * 100_000 + "x",
    }
    for what, text in endless.items():
        yield Bomb(f"HTML: {what}", "articles/a.html", f"<p>word {text}".encode)
    yield Bomb("HTML: 100 MB", "articles/a.html", lambda: b"<p>" + b"words and " * 10_000_000)
    yield Bomb("XHTML: ten billion laughs", "articles/a.xhtml", lambda: _laughs("<html><p>", "</p></html>").encode())
    picture = base64.b64encode(_png(20_000, 20_000, b"x")).decode()
    many = f'<p>x<img src="data:image/png;base64,{picture}">' * 20_000
    yield Bomb("HTML: a picture of 400 megapixels, 20,000 times", "articles/a.html", many.encode)
    flat = base64.b64encode(_png(30, 40, zlib.compress(bytes(31 * 40)), (b"zTXt", b"k\0\0" + zeros("zlib")))).decode()
    yield Bomb(
        "HTML: a picture with 600 MB of words",
        "articles/a.html",
        f'<img src="data:image/png;base64,{flat}">x'.encode,
    )


def _texts() -> Iterator[Bomb]:
    repeated = {
        "quotes": (">", 100_000),
        "lists": ("- ", 50_000),
        "numbered lists": ("1. ", 50_000),
        "brackets": ("[", 100_000),
        "brackets of pictures": ("![", 100_000),
        "links in links": ("[a](", 50_000),
        "stars": ("*a **b ", 50_000),
        "stars alone": ("*", 200_000),
        "underscores": ("_a __b ", 50_000),
        "backticks": ("`" * 500 + "a", 500),
        "ticks of rising length": ("", 0),
        "notes in notes": ("[^1]: ", 20_000),
        "inline notes": ("^[", 50_000),
        "comments": ("<!--", 200_000),
        "breaks": ("<br", 200_000),
        "angle brackets": ("<a ", 200_000),
        "mailboxes": ("<a@", 200_000),
        "entities": ("&a", 500_000),
        "back-slashes": ("\\", 2_000_000),
        "headings": ("# ", 200_000),
        "rules": ("---\n", 300_000),
        "tabs": ("\t", 1_000_000),
        "empty lines": ("\n", 5_000_000),
        "tables": ("|a", 100_000),
    }
    for what, (text, count) in repeated.items():
        if count:
            yield Bomb(f"Markdown: {what}", "articles/a.md", partial(_nesting, text, "", count))
    rising = " ".join("`" * number for number in range(1, 3_000))
    deep = "\n".join(f"{'  ' * number}- x" for number in range(2_000))
    definition = f"[a]: <{'x' * 100_000}>\n\n" + "[a] " * 20_000
    table = f"|{'a|' * 5_000}\n|{'-|' * 5_000}\n" + "|b\n" * 2_000
    others = {
        "ticks of rising length": rising,
        "a list of 2,000 levels": deep,
        "a definition used 20,000 times": definition,
        "a table that fills up with empty cells": table,
        "20,000 notes": "".join(f"x[^{n}]\n\n[^{n}]: y[^{n + 1}]\n\n" for n in range(20_000)),
        "definitions": "".join(f"[a{n}]: b\n" for n in range(200_000)),
    }
    for what, text in others.items():
        yield Bomb(f"Markdown: {what}", "articles/a.md", text.encode)
    aliases = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [{','.join([f'*{a}'] * 10)}]\n" for a, b in itertools.pairwise("abcdefghij")
    )
    fronts = {
        "aliases of aliases": f"title: x\n{aliases}",
        "the title is an alias of aliases": f"{aliases}title: *j\n",
        "brackets": f"title: {'[' * 50_000}",
        "braces": f"title: {'{a: ' * 20_000}",
        "50,000 keys": "".join(f"k{number}: v\n" for number in range(50_000)),
        "a number of a million digits": f"title: {'9' * 1_000_000}",
        "a call": "title: !!python/object/apply:os.system [touch /tmp/x]",
        "a date that is none": "date: 99999-99-99\ntitle: x",
    }
    for what, front in fronts.items():
        yield Bomb(f"front matter: {what}", "articles/a.md", f"---\n{front}\n---\n\nx y\n".encode)
    yield Bomb("text: one line of 30 MB", "articles/a.txt", lambda: b"words " * 5_000_000)
    yield Bomb("text: 100 MB", "articles/a.txt", lambda: b"words\n" * 17_000_000)
    yield Bomb("text: nothing but marks", "articles/a.txt", lambda: "\u0301".encode() * 2_000_000)
    yield Bomb("text: half an encoding", "articles/a.txt", lambda: b"\xc3\x28\x81" * 3_000_000)
    yield Bomb("text: tabs and lines", "articles/a.txt", lambda: b"\t \n" * 2_000_000)
    yield Bomb("text: addresses", "articles/a.txt", lambda: b"a@b." * 1_000_000)
    yield Bomb("text: signs of a mailbox", "articles/a.txt", lambda: b"@" * 2_000_000 + b" x")


# Books and documents


def _docx(body: str) -> bytes:
    return papers.docx(body)


def _docx_nested(before: str, after: str, count: int) -> bytes:
    return papers.docx(_nesting(before, after, count).decode())


def _docx_with(part: str, data: bytes, *, stored: bytes | None = None) -> bytes:
    """Word's document in which one part is another; `stored` is how it lies there."""
    parts = []
    with zipfile.ZipFile(io.BytesIO(papers.docx(papers.paragraph("x y z")))) as archive:
        for info in archive.infolist():
            own = data if info.filename == part else archive.read(info)
            lies = stored if info.filename == part else None
            size = LARGE if lies else None
            parts.append(Part(info.filename.encode(), own, stored=lies, size=size, method=8 if lies else 0))
    return zip_of(parts)


def _epub(documents: int = 1, body: str = "<p>x y z</p>", spine: int = 0, part: tuple[str, bytes] = ("", b"")) -> bytes:
    names = [f"t/{number}.xhtml" for number in range(documents)]
    opf = package(names, [])
    if spine:
        opf = opf.replace("</spine>", '<itemref idref="d0"/>' * spine + "</spine>")
    members = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER.encode(),
        "OEBPS/content.opf": opf.encode(),
        **{f"OEBPS/{name}": XHTML.format(body).encode() for name in names},
    }
    if part[0]:
        members[part[0]] = part[1]
    return zip_of([Part(name.encode(), data) for name, data in members.items()])


def _books() -> Iterator[Bomb]:
    document = "word/document.xml"
    yield Bomb("DOCX: 600 MB of XML", "articles/a.docx", lambda: _docx_with(document, b"", stored=zeros("deflate")))
    for what, make in (("ten billion laughs", _laughs), ("quadratic entities", _quadratic)):
        xml = make("<r>", "</r>").encode()
        yield Bomb(f"DOCX: {what}", "articles/a.docx", partial(_docx_with, document, xml))
        relations = partial(_docx_with, "word/_rels/document.xml.rels", xml)
        yield Bomb(f"DOCX: {what} in its relations", "articles/a.docx", relations)
        info = partial(zip_of, [Part(b"1.png", small_png()), Part(b"ComicInfo.xml", make("<C>", "</C>").encode())])
        yield Bomb(f"ComicInfo: {what}", "comics/a.cbz", info)
        container = make("<container>", "</container>").encode()
        yield Bomb(
            f"EPUB: {what} in its container",
            "articles/a.epub",
            partial(_epub, part=("META-INF/container.xml", container)),
        )
        opf = make("<package>", "</package>").encode()
        yield Bomb(f"EPUB: {what} in its package", "articles/a.epub", partial(_epub, part=("OEBPS/content.opf", opf)))
        chapter = make("<html><body>", "</body></html>").encode()
        yield Bomb(f"EPUB: {what} in a chapter", "articles/a.epub", partial(_epub, part=("OEBPS/t/0.xhtml", chapter)))
    outside = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>'
    yield Bomb("DOCX: an entity from outside", "articles/a.docx", lambda: _docx_with(document, outside.encode()))
    depths = {
        "tables in tables": ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 20_000),
        "boxes in boxes": ("<w:p><w:r><w:pict>", "</w:pict></w:r></w:p>", 20_000),
        "changes in changes": ("<w:ins>", "</w:ins>", 100_000),
    }
    for what, (before, after, count) in depths.items():
        yield Bomb(f"DOCX: {what}", "articles/a.docx", partial(_docx_nested, before, after, count))
    yield Bomb("DOCX: 300,000 paragraphs", "articles/a.docx", lambda: _docx(papers.paragraph("x") * 300_000))
    yield Bomb(
        "DOCX: the same picture 50,000 times",
        "articles/a.docx",
        lambda: papers.docx(papers.shown("a") * 50_000, {"a.png": small_png()}),
    )
    yield Bomb(
        "DOCX: 20,000 pictures",
        "articles/a.docx",
        lambda: papers.docx("<w:p/>", {f"a{n}.png": b"x" for n in range(20_000)}),
    )
    yield Bomb("EPUB: one chapter 100,000 times", "articles/a.epub", partial(_epub, spine=100_000))
    yield Bomb("EPUB: 20,000 chapters", "articles/a.epub", partial(_epub, 20_000))
    yield Bomb("EPUB: 100,000 levels", "articles/a.epub", lambda: _epub(body=_nesting("<div>", "</div>").decode()))
    yield Bomb("EPUB: a picture on 50,000 lines", "comics/a.epub", lambda: _epub(body=page("1.png") * 50_000))
    yield Bomb("EPUB: flat", "articles/a.epub", partial(_flat, b"OEBPS/content.opf"))
    yield Bomb(
        "MHTML: 100,000 parts",
        "articles/a.mhtml",
        lambda: papers.mhtml("<p>x", {f"{n}.png": b"x" for n in range(100_000)}),
    )
    yield Bomb("MHTML: parts in parts", "articles/a.mht", _mhtml_nested)
    yield Bomb("MHTML: 60 MB of one header", "articles/a.mht", lambda: b"Subject: " + b"=?utf-8?q?x?= " * 4_000_000)
    for count in (100_000, 1_000_000):
        yield Bomb(f"PDF: {count} pages", "comics/a.pdf", partial(_pdf, count))
    yield Bomb("PDF: brackets in brackets", "comics/a.pdf", lambda: b"%PDF-1.7\n1 0 obj\n" + b"[" * 1_000_000)
    yield Bomb("PDF: a page of 200 inches drawn", "comics/a.pdf", partial(_pdf, 1, box="0 0 14400 14400"))
    yield Bomb("PDF: a page of a hundred million points", "comics/a.pdf", partial(_pdf, 1, box="0 0 99999999 99999999"))
    yield Bomb("PDF: 600 MB of drawing", "comics/a.pdf", partial(_pdf, 1, content=True))


def _mhtml_nested() -> bytes:
    lines = ["MIME-Version: 1.0"]
    for number in range(5_000):
        lines += [f'Content-Type: multipart/related; boundary="b{number}"', "", f"--b{number}"]
    return "\r\n".join([*lines, "Content-Type: text/html", "", "<p>x"]).encode()


def small_pdf() -> bytes:
    """A PDF of one small page."""
    return _pdf(1)


def _pdf(pages: int, box: str = "0 0 100 100", *, content: bool = False) -> bytes:
    """A PDF in which one page stands `pages` times."""
    stream = zeros("zlib") if content else b""
    kids = b"3 0 R " * pages
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R>>" % box.encode(),
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    body, places = b"%PDF-1.7\n", []
    for number, thing in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)
