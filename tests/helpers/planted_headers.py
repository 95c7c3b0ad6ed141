"""Defects of pictures and archives, thought up before the rules were written: whatever its code, each is found."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from packager.archive.write import write_7z, write_zip
from packager.pictures.vips.encode import encode
from packager.pictures.vips.engine import Image
from tests.helpers.clean_tree import INFO, cbz, comic_pages, drawn_as
from tests.helpers.defects import chunk

Change = Callable[[bytes], bytes]
WORDS = b"meet me at the well"
MOMENT = datetime(2020, 1, 1, tzinfo=UTC)


@cache
def own_jpeg(number: int = 0, *, is_dense: bool = False) -> bytes:
    """A picture as a build encodes it."""
    noise = Image.gaussnoise(96, 80, mean=100 + 9 * number, sigma=30, seed=number).cast("uchar")
    return encode(
        noise.bandjoin([noise.invert(), noise.gaussblur(3)]).copy(interpretation="srgb"), 80, is_dense=is_dense
    )


@cache
def own_cbz() -> bytes:
    """A comic of three pictures, as a build packs it."""
    return _packed(write_zip, [("ComicInfo.xml", INFO), *((f"00{each}.jpg", own_jpeg(each)) for each in (1, 2, 3))])


@cache
def own_zip() -> bytes:
    """Three pictures, as a build packs a tree."""
    return _packed(write_zip, [(f"00{each}.jpg", own_jpeg(each)) for each in (1, 2, 3)])


@cache
def own_7z() -> bytes:
    """Three pictures, as a build packs a tree."""
    return _packed(write_7z, [(f"00{each}.jpg", own_jpeg(each)) for each in (1, 2, 3)])


def _with_info(change: Change) -> Change:
    """The comic with something done to what it says of itself."""
    return lambda _: cbz([("ComicInfo.xml", change(INFO)), *comic_pages()])


def _packed(write: Callable[..., object], members: list[tuple[str, bytes]]) -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "packed"
        write(file, members, MOMENT)
        return file.read_bytes()


def at(mark: bytes, offset: int, value: bytes, *, last: bool = False) -> Change:
    """Overwrite bytes so far from where a mark stands first, or last."""

    def change(content: bytes) -> bytes:
        found = (content.rindex if last else content.index)(mark) + offset
        assert content[found : found + len(value)] != value
        return content[:found] + value + content[found + len(value) :]

    return change


def instead(old: bytes, new: bytes) -> Change:
    """Replace bytes where they stand first."""

    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new, 1)

    return change


def before(mark: bytes, inserted: bytes, *, last: bool = False) -> Change:
    """Insert bytes in front of a mark."""

    def change(content: bytes) -> bytes:
        found = (content.rindex if last else content.index)(mark)
        return content[:found] + inserted + content[found:]

    return change


def behind(added: bytes) -> Change:
    return lambda content: content + added


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


DQT, SOF, DHT, SOS, EOI, APP0 = b"\xff\xdb", b"\xff\xc0", b"\xff\xc4", b"\xff\xda", b"\xff\xd9", b"\xff\xe0"
SPARE_TABLE = WORDS.ljust(64, b"!")
SPARE_CODES = bytes((0, 0, 0, 0, len(WORDS), *bytes(11))) + WORDS


def _twice(marker: bytes) -> Change:
    def change(content: bytes) -> bytes:
        start = content.index(marker)
        end = start + 2 + int.from_bytes(content[start + 2 : start + 4], "big")
        return content[:end] + content[start:]

    return change


def _moved(marker: bytes, ahead_of: bytes) -> Change:
    def change(content: bytes) -> bytes:
        start = content.index(marker)
        end = start + 2 + int.from_bytes(content[start + 2 : start + 4], "big")
        taken, rest = content[start:end], content[:start] + content[end:]
        found = rest.index(ahead_of)
        return rest[:found] + taken + rest[found:]

    return change


def _joined(content: bytes) -> bytes:
    """Both quantization tables in one segment."""
    first = content.index(DQT)
    both = content[first + 4 : first + 69] + content[first + 73 : first + 138]
    return content[:first] + _segment(0xDB, both) + content[first + 138 :]


def _swapped_codes(content: bytes) -> bytes:
    """Two signs of the longest code of a table change places: another picture, or one in which nobody used them."""
    end = content.index(SOS)
    return content[: end - 2] + content[end - 2 : end][::-1] + content[end:]


def _shorter(count: int) -> Change:
    return lambda content: content[: -len(EOI) - count] + EOI


def _filled_with_zeros(content: bytes) -> bytes:
    """Which may fill it too, by T.81 F.1.2.3; encoders write ones."""
    assert content[-3] & 1
    return content[:-3] + bytes((content[-3] & ~1,)) + EOI


JPEGS: dict[str, Change] = {
    **{
        f"fill bytes before {name}": before(mark, b"\xff")
        for name, mark in (("APP0", APP0), ("DQT", DQT), ("SOF", SOF), ("DHT", DHT), ("SOS", SOS))
    },
    "many fill bytes": before(DQT, b"\xff" * 40),
    "a fill byte before the end": before(EOI, b"\xff", last=True),
    **{f"{size} bytes behind the end": behind(b"a" * size) for size in (1, 2, 40)},
    "a second picture behind": lambda content: content * 2,
    "a second end": behind(EOI),
    **{
        f"{len(one)} bytes behind the scan: {one.hex()[:8]}": before(EOI, one, last=True)
        for one in (WORDS, *(WORDS[:size] for size in (*range(1, 9), 12)), *map(bytes, range(1, 10)), b"\xff\x00" * 9)
    },
    **{f"{count} bytes less of the scan": _shorter(count) for count in (1, 2, 3)},
    "zeros that fill the last byte": _filled_with_zeros,
    "a restart marker": before(EOI, b"\xff\xd0", last=True),
    "a restart interval": before(SOF, _segment(0xDD, b"\0\7")),
    "a restart interval of none": before(SOF, _segment(0xDD, b"\0\0")),
    "a table of quantities that nothing uses": before(SOF, _segment(0xDB, b"\2" + SPARE_TABLE)),
    "words in a table before the right one": before(DQT, _segment(0xDB, b"\0" + SPARE_TABLE)),
    "words in the last quantities": lambda content: (
        content[: content.index(SOF) - 9] + WORDS[:9] + content[content.index(SOF) :]
    ),
    "one other quantity": lambda content: at(DQT, 68, bytes((content[content.index(DQT) + 68] ^ 1,)))(content),
    "a quantity of nothing": at(DQT, 30, b"\0"),
    "quantities of two bytes": before(SOF, _segment(0xDB, b"\x12" + bytes((0, 9)) * 64)),
    "a table of codes that nothing uses": before(SOS, _segment(0xC4, b"\2" + SPARE_CODES)),
    "words in a table of codes before the right one": before(DHT, _segment(0xC4, b"\0" + SPARE_CODES)),
    "codes for lights that nothing uses": before(SOS, _segment(0xC4, b"\x13" + SPARE_CODES)),
    "the same codes twice": _twice(DHT),
    "the same quantities twice": _twice(DQT),
    "the frame twice": _twice(SOF),
    "both quantities in one segment": _joined,
    "quantities behind the frame": _moved(DQT, DHT),
    "codes before the frame": _moved(DHT, SOF),
    "two codes the other way round": _swapped_codes,
    "a density": at(APP0, 12, b"\0\x48\0\x48"),
    "a density's unit": at(APP0, 11, b"\1"),
    "another version": at(APP0, 10, b"\2"),
    "no JFIF header": lambda content: content[:2] + content[20:],
    "a longer JFIF header": instead(
        b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0", b"\xff\xe0\0\x13JFIF\0\1\1\0\0\1\0\1\0\0abc"
    ),
    "a thumbnail": instead(b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0", b"\xff\xe0\0\x13JFIF\0\1\1\0\0\1\0\1\1\1abc"),
    "JFIF of no length": instead(b"JFIF\0", b"JFIG\0"),
    "a second JFIF header": _twice(APP0),
    "JFXX": before(DQT, _segment(0xE0, b"JFXX\0\x10" + WORDS)),
    "AVI1": before(DQT, _segment(0xE0, b"AVI1" + WORDS)),
    "ids of components in the frame and the scan": lambda content: at(SOS, 5, b"w")(at(SOF, 10, b"w")(content)),
    "ids of components as letters": lambda content: at(SOS, 5, b"R")(at(SOF, 10, b"R")(content)),
    "the scan's range": at(SOS, 11, b"\1"),
    "the scan's last": at(SOS, 12, b"\x3e"),
    "the scan's bits": at(SOS, 13, b"\x11"),
    "eight bits are twelve": at(SOF, 4, b"\x0c"),
    "an extended frame": at(SOF, 1, b"\xc1"),
    "a progressive frame": at(SOF, 1, b"\xc2"),
    "a frame with other sampling": at(SOF, 11, b"\x21"),
    "colour sampled as light": at(SOF, 14, b"\x22"),
    "another table for a colour": at(SOF, 18, b"\0"),
    "lines told behind": before(EOI, _segment(0xDC, b"\0\x50"), last=True),
    **{
        f"segment {marker:02X}": before(DQT, _segment(marker, WORDS))
        for marker in (0xE1, 0xE2, 0xE3, 0xEC, 0xED, 0xEE, 0xEF, 0xFE, 0xF0, 0xF7, 0xFD, 0xC8, 0xCC, 0xDE, 0xDF)
    },
    "Adobe's segment": before(DQT, _segment(0xEE, b"Adobe\0\x64\0\0\0\0\1")),
    "a comment behind the scan": before(EOI, _segment(0xFE, WORDS), last=True),
    "an empty comment": before(SOF, _segment(0xFE, b"")),
    "a marker that stands alone": before(DQT, b"\xff\x01"),
}

LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"


def _both(local: int, central: int, value: bytes) -> Change:
    """The same in a member's own header and in the directory."""
    return lambda content: at(CENTRAL, central, value)(at(LOCAL, local, value)(content))


def _grown(content: bytes, at_byte: int, added: bytes) -> bytes:
    """With bytes before the directory's end, which it counts in or not, and with its start where it is now."""
    end = content.rindex(END)
    start = int.from_bytes(content[end + 16 : end + 20], "little")
    start += len(added) if at_byte <= start else 0
    content = content[: end + 16] + start.to_bytes(4, "little") + content[end + 20 :]
    return content[:at_byte] + added + content[at_byte:]


def _local_extra(content: bytes) -> bytes:
    """An extra field in the last member's own header alone."""
    where = content.rindex(LOCAL)
    name = int.from_bytes(content[where + 26 : where + 28], "little")
    changed = at(LOCAL, 28, b"\x06\0", last=True)(content)
    return _grown(changed, where + 30 + name, b"\x75\x75\2\0ab")


def _central_extra(field: int) -> Change:
    """An extra field or a comment in the directory, behind the first name."""

    def change(content: bytes) -> bytes:
        where, end = content.index(CENTRAL), content.rindex(END)
        size = int.from_bytes(content[end + 12 : end + 16], "little") + 6
        changed = at(END, 12, size.to_bytes(4, "little"))(at(CENTRAL, field, b"\6\0")(content))
        name = int.from_bytes(content[where + 28 : where + 30], "little")
        return changed[: where + 46 + name] + b"\x75\x75\2\0ab" + changed[where + 46 + name :]

    return change


def _directory_turned(content: bytes) -> bytes:
    start, end = content.index(CENTRAL), content.rindex(END)
    parts = content[start:end].split(CENTRAL)[1:]
    return content[:start] + b"".join(CENTRAL + part for part in parts[::-1]) + content[end:]


def _gap(content: bytes) -> bytes:
    return _grown(content, content.index(CENTRAL), WORDS)


ZIPS: dict[str, Change] = {
    **{f"made by system {system}": at(CENTRAL, 5, bytes((system,))) for system in (0, 7, 10, 19, 255)},
    **{f"made by version {version}": at(CENTRAL, 4, bytes((version,))) for version in (10, 21, 63, 255)},
    "version needed": at(CENTRAL, 6, b"\x0a"),
    "version needed, high byte": at(CENTRAL, 7, b"a"),
    "version needed in its own header": at(LOCAL, 4, b"\x0a"),
    "its high byte": at(LOCAL, 5, b"a"),
    "version needed in both": _both(4, 6, b"\x15"),
    **{
        f"flag {flag:04x} in both": _both(6, 8, flag.to_bytes(2, "little"))
        for flag in (2, 4, 6, 0x10, 0x80, 0x800, 0x8000)
    },
    "a flag in its own header": at(LOCAL, 6, b"\2"),
    "a flag in the directory": at(CENTRAL, 8, b"\2"),
    "a streaming flag in the directory": at(CENTRAL, 8, b"\x08"),
    "a time in its own header": at(LOCAL, 10, b"\x21"),
    "a date in its own header": at(LOCAL, 12, b"\x22"),
    "a clock in its own header": at(LOCAL, 10, b"\x55\x55\x7c\x5b"),
    "an odd time in both": _both(10, 12, b"\x13\x22"),
    "a clock in the last member": at(CENTRAL, 12, b"\x55\x55\x7c\x5b", last=True),
    "a date in both": _both(12, 14, b"\x7c\x5b"),
    "a text file": at(CENTRAL, 36, b"\1"),
    "internal attributes": at(CENTRAL, 36, b"\0\xa0"),
    **{f"attribute {bits:02x} of DOS": at(CENTRAL, 38, bytes((bits,))) for bits in (1, 2, 4, 0x10, 0x20, 0x40, 0x80)},
    "the second byte of attributes": at(CENTRAL, 39, b"a"),
    **{
        f"mode {mode:o}": at(CENTRAL, 40, mode.to_bytes(2, "little"))
        for mode in (0, 0o644, 0o100600, 0o100755, 0o100666, 0o104644, 0o20644, 0o10644, 0o120644, 0o170644)
    },
    "a disk": at(CENTRAL, 34, b"\1"),
    "another disk": at(CENTRAL, 35, b"a"),
    "the disk's number": at(END, 4, b"\1"),
    "the directory's disk": at(END, 6, b"\1"),
    "members on this disk": at(END, 8, b"\3"),
    "members": at(END, 10, b"\3"),
    "more members": at(END, 8, b"\5\0\5\0"),
    "a comment": lambda content: at(END, 20, b"\2")(content) + b"ab",
    "a comment that is not there": at(END, 20, b"\2"),
    "an extra field of a member": _local_extra,
    "an extra field in the directory": _central_extra(30),
    "a comment on a member": _central_extra(32),
    "a directory in another order": _directory_turned,
    "bytes before the directory": _gap,
    "bytes behind the directory": before(END, WORDS, last=True),
    "bytes before all": lambda content: WORDS + content,
    "bytes behind all": behind(WORDS),
    "one byte behind": behind(b"\0"),
    "a second end": lambda content: content + content[content.rindex(END) :],
    "a CRC in its own header": at(LOCAL, 14, b"abcd"),
    "a size in its own header": at(LOCAL, 18, b"\1\1"),
    "another name in its own header": at(LOCAL, 30, b"comicInfo"),
    "ESC in a name": _both(30, 46, b"\x1b"),
    "a comment in ComicInfo": _with_info(before(b"<Title>", b"<!--meet-->")),
    "an instruction in it": _with_info(before(b"<Title>", b"<?meet me?>")),
    "a style sheet for it": _with_info(before(b"<ComicInfo>", b"<?xml-stylesheet href='http://a'?>\n")),
    "words between its elements": _with_info(before(b"<Manga>", b"meet me")),
    "an attribute": _with_info(instead(b"<Title>", b'<Title a="meet">')),
    "an attribute of the whole": _with_info(instead(b"<ComicInfo>", b'<ComicInfo xmlns:a="http://a">')),
    "a type from outside": _with_info(before(b"<ComicInfo>", b'<!DOCTYPE ComicInfo SYSTEM "http://a">')),
    "notes": _with_info(before(b"<Manga>", b"<Notes>meet</Notes>\n")),
    "an address": _with_info(before(b"<Manga>", b"<Web>http://a</Web>\n")),
    "spaces behind": _with_info(behind(b" ")),
    "letters in codes": _with_info(instead(b"<Title>A", b"<Title>&#65;")),
    "a raw speech mark": _with_info(instead(b"&#34;", b'"')),
    "other speech marks": _with_info(instead(b'"FrontCover"', b"'FrontCover'")),
    "a count that is none": _with_info(instead(b">2<", b">3<")),
    "an element twice": _with_info(before(b"<Title>", b"<Title>meet</Title>\n")),
    "a number with a sign": _with_info(before(b"<PageCount>", b"<Number>+1</Number>\n")),
    "a slash for the directory": at(END, 16, b"\1"),
}


def _header_of(content: bytes) -> tuple[int, bytes]:
    offset, size = struct.unpack_from("<QQ", content, 12)
    return 32 + offset, content[32 + offset : 32 + offset + size]


def with_header(content: bytes, header: bytes, start: int | None = None) -> bytes:
    """The 7z with this header in the place of its own, and the sums that go with it."""
    begin = _header_of(content)[0]
    body = content[32:begin]
    told = struct.pack("<QQL", start if start is not None else len(body), len(header), zlib.crc32(header))
    return content[:8] + struct.pack("<L", zlib.crc32(told)) + told + body + header


def header(change: Change) -> Change:
    """Something done to the header of a 7z, with right sums."""
    return lambda content: with_header(content, change(_header_of(content)[1]))


def _between(content: bytes) -> bytes:
    begin, own = _header_of(content)
    return with_header(content[:begin] + WORDS + content[begin:], own, begin - 32 + len(WORDS))[:32] + (
        content[32:begin] + WORDS + own
    )


TIMES, ATTRIBUTES = b"\x14\x1a\1\0", b"\x15\x0e\1\0"
SEVENZIPS: dict[str, Change] = {
    "version": at(b"7z", 6, b"\0\3"),
    "version above": at(b"7z", 7, b"\5"),
    "bytes behind": behind(WORDS),
    "one byte behind": behind(b"\0"),
    "bytes before the header": _between,
    **{
        f"attribute {bits:02x}": header(at(ATTRIBUTES, 4, bytes((bits,))))
        for bits in (0, 1, 2, 4, 0x21, 0x22, 0x30, 0xA0)
    },
    "the second byte of attributes": header(at(ATTRIBUTES, 5, b"a")),
    **{
        f"mode {mode:o}": header(at(ATTRIBUTES, 6, mode.to_bytes(2, "little")))
        for mode in (0o100600, 0o100755, 0o104644, 0o20644)
    },
    "a clock": header(at(TIMES, 4, b"\x13\x37")),
    "a tick of the clock": header(at(TIMES, 4, b"\x01")),
    "the time of the last": header(at(TIMES, 20, b"\x13\x37")),
    "times of making": header(before(TIMES, b"\x12\x1a\1\0" + bytes(24))),
    "times of access": header(before(TIMES, b"\x13\x1a\1\0" + bytes(24))),
    "a start position": header(before(TIMES, b"\x18\x1a\1\0" + bytes(24))),
    "filler": header(before(TIMES, b"\x19\x05" + bytes(5))),
    "filler with words": header(before(TIMES, b"\x19\x05hello")),
    "a comment": header(before(TIMES, b"\x16\x07\0a\0b\0\0\0")),
    "an unknown property": header(before(TIMES, b"\x1f\x05hello")),
    "archive properties": header(lambda own: b"\1\2\x31\5hello\0" + own[1:]),
    "bytes behind the header's end": header(behind(WORDS)),
    "a number written long": header(lambda own: own.replace(b"\x14\x1a", b"\x14\x80\x1a", 1)),
    "an external name list": header(lambda own: own.replace(b"\x11", b"\x11", 1) + b"\0"),
    "anti items": header(before(TIMES, b"\x10\1\0")),
    "empty streams": header(before(TIMES, b"\x0e\1\0")),
}


def _png_changed(name: bytes, change: Change) -> Change:
    """Something done to the body of a chunk, with a right sum."""

    def make(content: bytes) -> bytes:
        start = content.index(name) - 4
        size = int.from_bytes(content[start : start + 4], "big")
        body = content[start + 8 : start + 8 + size]
        return content[:start] + chunk(name, change(body)) + content[start + 12 + size :]

    return make


def _png(name: bytes, body: bytes, mark: bytes = b"IDAT") -> Change:
    def make(content: bytes) -> bytes:
        start = content.index(mark) - 4
        return content[:start] + chunk(name, body) + content[start:]

    return make


PNGS: dict[str, Change] = {
    **{
        f"a {name.decode()} chunk": _png(name, body)
        for name, body in (
            (b"PLTE", WORDS[:18]),
            (b"tRNS", b"abcdef"),
            (b"pHYs", b"abcdefgh\1"),
            (b"gAMA", b"abcd"),
            (b"cHRM", WORDS.ljust(32)),
            (b"sRGB", b"\0"),
            (b"bKGD", b"abcdef"),
            (b"sBIT", b"\5\6\5"),
            (b"tEXt", b"Title\0a"),
            (b"zTXt", b"a\0\0"),
            (b"iTXt", WORDS),
            (b"tIME", bytes(7)),
            (b"eXIf", b"MM\0*"),
            (b"iCCP", b"a\0\0"),
            (b"sPLT", WORDS),
            (b"hIST", WORDS[:18]),
            (b"acTL", bytes(8)),
            (b"prVt", WORDS),
            (b"vpAg", bytes(9)),
            (b"cICP", bytes(4)),
        )
    },
    "sixty chunks": lambda content: _png(b"pHYs", b"abcdefgh\1")(_png(b"pHYs", b"ijklmnop\1")(content)),
    "bytes behind": behind(WORDS),
    "a second picture behind": lambda content: content * 2,
    "bytes in the end": _png_changed(b"IEND", behind(WORDS)),
    "an empty row chunk": _png(b"IDAT", b""),
    "rows in odd pieces": lambda content: _png(b"IDAT", content[content.index(b"IDAT") + 4 :][:3])(
        _png_changed(b"IDAT", lambda body: body[3:])(content)
    ),
    "bytes behind the rows": _png_changed(b"IDAT", behind(WORDS)),
    "another compression": _png_changed(b"IHDR", lambda body: body[:10] + b"\1" + body[11:]),
    "another filter": _png_changed(b"IHDR", lambda body: body[:11] + b"\1" + body[12:]),
}

GIF_END = b"\x3b"


def _gif(block: bytes) -> Change:
    return before(GIF_END, block, last=True)


def _in_front(block: bytes) -> Change:
    """Behind the screen's palette."""

    def make(content: bytes) -> bytes:
        start = 13 + (3 << (content[10] & 7) + 1)
        return content[:start] + block + content[start:]

    return make


def _in_codes(content: bytes) -> bytes:
    """Words in a block of codes behind the last one."""
    return content[:-2] + bytes((len(WORDS),)) + WORDS + b"\0" + GIF_END


def _unused_colour(content: bytes) -> bytes:
    """Words in the last colours of the palette."""
    end = 13 + (3 << (content[10] & 7) + 1)
    return content[: end - 6] + WORDS[:6] + content[end:]


FRAME = b"\x2c" + struct.pack("<4H", 0, 0, 1, 1) + b"\0\2\2\x44\1\0"
GIFS: dict[str, Change] = {
    "an aspect": at(b"GIF", 12, b"a"),
    "a background": at(b"GIF", 11, b"a"),
    "a screen larger than its picture": at(b"GIF", 6, b"\x79"),
    "a comment": _gif(b"\x21\xfe\5hello\0"),
    "a program's data": _gif(b"\x21\xff\x0bMARKMARKMAR\5hello\0"),
    "words in the loops": _in_front(b"\x21\xff\x0bNETSCAPE2.0\5hello\0"),
    "loops of one frame": _in_front(b"\x21\xff\x0bNETSCAPE2.0\3\1\0\0\0"),
    "a text": _gif(b"\x21\1\x0c" + bytes(12) + b"\0"),
    "a second frame": _gif(FRAME),
    "a frame shown for no time": _gif(b"\x21\xf9\4\0\0\0\0\0" + FRAME),
    "two control blocks": _in_front(b"\x21\xf9\4\0\0\0\0\0" * 2),
    "words in a control block": _in_front(b"\x21\xf9\4\0abc\0"),
    "a longer control block": _in_front(b"\x21\xf9\5\0\0\0\0a\0"),
    "bytes behind": behind(WORDS),
    "a second picture": lambda content: content * 2,
    "bytes behind the codes": _in_codes,
    "words in the last colours": _unused_colour,
    "an unknown extension": _gif(b"\x21\x42\5hello\0"),
    "a control block at the end": _gif(b"\x21\xf9\4\0\0\0\0\0"),
}

PLANTED: tuple[tuple[str, Callable[[], bytes], dict[str, Change]], ...] = (
    ("001.jpg", own_jpeg, JPEGS),
    ("a.cbz", own_cbz, ZIPS),
    ("a.7z", own_7z, SEVENZIPS),
    ("001.png", lambda: drawn_as("PNG"), PNGS),
    ("001.gif", lambda: drawn_as("GIF"), GIFS),
)
