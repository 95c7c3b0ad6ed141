"""Films and sound as a build makes them, and all that others leave in theirs, planted in these."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from struct import pack, unpack_from
from tempfile import TemporaryDirectory
from typing import Literal

from packager.config.profile import load
from packager.film.encoder import FilmEncoder
from packager.film.ffmpeg import Ffmpeg
from packager.film.jobs import FilmJob, Rates, TrackJob
from packager.sandbox.programs import Programs
from tests.helpers import films

Change = Callable[[bytes], bytes]
Kind = Literal["mp4", "avi", "mp3"]
WORDS = b"meet me at the well"
_LISTS = (b"RIFF", b"LIST")


@cache
def own(kind: Kind) -> bytes:
    """Two seconds of film, or of sound, as a build makes them."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        source = films.made(folder / "source.mkv", seconds=2, size="160x120")
        ffmpeg = Ffmpeg.found(Programs())
        facts, encoder = ffmpeg.facts(source), FilmEncoder(ffmpeg, folder)
        assert facts.video is not None
        if kind == "mp3":
            return encoder.track(TrackJob(source, facts, facts.audio[0], 64_000, channels=1)).files[0].path.read_bytes()
        limits = load("any" if kind == "mp4" else "player").film
        job = FilmJob(source, facts, facts.audio[0], limits, Rates(pictures=100_000, sound=64_000))
        return encoder.film(job).files[0].path.read_bytes()


def others(*options: str, kind: str) -> bytes:
    """What ffmpeg makes of the same source with these options."""
    with TemporaryDirectory() as name:
        return films.made(Path(name, f"film.{kind}"), *options, seconds=2, size="160x120").read_bytes()


def _parts(data: bytes, start: int, end: int, *, is_avi: bool) -> Iterator[tuple[bytes, int, int]]:
    """The name of each box or chunk in turn, of a list what it is a list of, and where it begins and ends."""
    while start < end:
        if is_avi:
            name, size = unpack_from("<4sI", data, start)
            size = 8 + size + size % 2
            name = data[start + 8 : start + 12] if name in _LISTS else name
        else:
            size, name = unpack_from(">I4s", data, start)
        yield name, start, start + size
        start += size


_OWN_BYTES = {b"stsd": 8, b"avc1": 78, b"mp4a": 28, b"dref": 8}  # of a box, before those in it


def edited(data: bytes, path: str, change: Change, *, is_avi: bool = False) -> bytes:
    """The file with something done to the content of the first box or chunk at that path; sizes and places follow."""
    made = _edited(data, 0, len(data), tuple(one.encode() for one in path.split("/")), change, is_avi=is_avi)
    grown = len(made) - len(data)
    if not is_avi and grown and not path.startswith("mdat"):
        at = 0
        while (at := made.find(b"stco", at + 1)) > 0:
            count = unpack_from(">I", made, at + 8)[0]
            places = unpack_from(f">{count}I", made, at + 12)
            shifted = pack(f">{count}I", *(place + grown for place in places))
            made = made[: at + 12] + shifted + made[at + 12 + 4 * count :]
    return made


def _edited(data: bytes, start: int, end: int, path: tuple[bytes, ...], change: Change, *, is_avi: bool) -> bytes:
    if not path:
        return change(data[start:end])
    for name, begin, stop in _parts(data, start, end, is_avi=is_avi):
        if name == path[0]:
            head = 12 if data[begin : begin + 4] in _LISTS else 8
            own_bytes = 0 if is_avi or len(path) == 1 else _OWN_BYTES.get(name, 0)
            content = data[begin + head : begin + head + own_bytes]
            content += _edited(data, begin + head + own_bytes, stop, path[1:], change, is_avi=is_avi)
            if is_avi:
                whole = data[begin : begin + 4] + pack("<I", len(content) + head - 8) + data[begin + 8 : begin + head]
            else:
                whole = pack(">I", len(content) + 8) + name
            return data[start:begin] + whole + content + data[stop:end]
    raise KeyError(path[0])


def box(name: bytes, content: bytes) -> bytes:
    """A box of an MP4."""
    return pack(">I", 8 + len(content)) + name + content


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of an AVI."""
    return name + pack("<I", len(content)) + content + bytes(len(content) % 2)


def _put(at: int, new: bytes, content: bytes) -> bytes:
    return content[:at] + new + content[at + len(new) :]


def at(place: int, new: bytes) -> Change:
    """Write these bytes over those at a place."""
    return partial(_put, place, new)


def plus(new: bytes) -> Change:
    """Write these bytes behind all others."""
    return lambda content: content + new


def mp4(path: str, change: Change) -> Change:
    """Do something to a box of an MP4."""
    return lambda data: edited(data, path, change)


def avi(path: str, change: Change) -> Change:
    """Do something to a chunk of an AVI."""
    return lambda data: edited(data, f"AVI /{path}", change, is_avi=True)


def _second_picture(remark: bytes) -> Change:
    """Put a unit before the second picture of an MP4, in its place."""

    def change(data: bytes) -> bytes:
        sizes = data.index(b"stsz") + 16
        first, second = unpack_from(">2I", data, sizes)
        start = unpack_from(">I", data, data.index(b"stco") + 12)[0] + first
        rest = data[start + 4 : start + second - 4 - len(remark)]
        made = pack(">I", len(remark)) + remark + pack(">I", len(rest)) + rest
        return data[:start] + made + data[start + second :]

    return change


def behind_a_picture(data: bytes) -> bytes:
    """An MP4 with words behind the codes of its second picture, in a container that knows of them."""
    sizes, grown = data.index(b"stsz") + 16, bytearray(data)
    first, second = unpack_from(">2I", data, sizes)
    start = unpack_from(">I", data, data.index(b"stco") + 12)[0] + first
    grown[start : start + second] = pack(">I", second - 4 + len(WORDS)) + data[start + 4 : start + second] + WORDS
    grown[sizes + 4 : sizes + 8] = pack(">I", second + len(WORDS))
    table = 0
    while (table := grown.find(b"stco", table + 1)) > 0:
        for place in range(table + 12, table + 12 + 4 * unpack_from(">I", grown, table + 8)[0], 4):
            moved = unpack_from(">I", grown, place)[0]
            grown[place : place + 4] = pack(">I", moved + len(WORDS) * (moved > start))
    body = grown.index(b"mdat") - 4
    grown[body : body + 4] = pack(">I", len(grown) - body)
    return bytes(grown)


def _first_of(name: bytes, change: Change) -> Change:
    """Do something to the first chunk of that name among the samples of an AVI, which stays as long as it was."""

    def changed(data: bytes) -> bytes:
        start = data.index(name, data.index(b"movi")) + 8
        end = start + unpack_from("<I", data, start - 4)[0]
        return data[:start] + change(data[start:end])[: end - start] + data[end:]

    return changed


def _remark(content: bytes) -> bytes:
    """A remark before the picture of an MPEG-4."""
    start = content.index(b"\0\0\1\xb6")
    return content[:start] + b"\0\0\1\xb2" + WORDS + content[start:]


def _sound_sample(change: Change) -> Change:
    """Do something to the second frame of sound of an MP4, which stays as long as it was."""

    def changed(data: bytes) -> bytes:
        first, second = unpack_from(">2I", data, data.rindex(b"stsz") + 16)
        start = unpack_from(">I", data, data.rindex(b"stco") + 12)[0] + first
        return data[:start] + change(data[start : start + second])[:second] + data[start + second :]

    return changed


_TRAK, _STBL = "moov/trak", "moov/trak/mdia/minf/stbl"
_TIME = at(4, pack(">I", 3_800_000_000))
_ID3 = b"ID3\3\0\0" + bytes((0, 0, 0, 10 + 20)) + b"PRIV" + pack(">IH", 20, 0) + b"www.shop.example\0me"

# What it is -> how it is planted; each is found as something beside the film.
MP4: dict[str, Change] = {
    "time of the film": mp4("moov/mvhd", _TIME),
    "time of a stream": mp4(f"{_TRAK}/tkhd", _TIME),
    "time of its media": mp4(f"{_TRAK}/mdia/mdhd", at(8, pack(">I", 3_800_000_000))),
    "name of a handler": mp4(f"{_TRAK}/mdia/hdlr", lambda old: old[:-1] + b"VideoHandler\0"),
    "name of a compressor": mp4(f"{_STBL}/stsd/avc1", at(42, b"\x0cLavc libx264")),
    "vendor": mp4(f"{_STBL}/stsd/avc1", at(20, b"FFMP")),
    "language": mp4(f"{_TRAK}/mdia/mdhd", at(20, b"\x2d\xcf")),
    "program in udta": mp4("moov", plus(box(b"udta", box(b"\xa9too", WORDS)))),
    "place in udta": mp4("moov", plus(box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7+37.5+127.0/")))),
    "buyer's account": mp4("moov", plus(box(b"meta", box(b"ilst", box(b"apID", WORDS))))),
    "title of a stream": mp4(_TRAK, plus(box(b"udta", box(b"name", WORDS)))),
    "unused space": mp4("moov", plus(box(b"free", WORDS))),
    "XMP": plus(box(b"uuid", bytes(16) + WORDS)),
    "box of no kind": mp4("moov", plus(box(b"abcd", WORDS))),
    "box behind the end": plus(box(b"skip", WORDS)),
    "bytes before the samples": lambda data: edited(data, "mdat", lambda old: WORDS + old),
    "bytes behind the samples": mp4("mdat", plus(WORDS)),
    "brand": at(8, b"qt  "),
    "file elsewhere": mp4(f"{_TRAK}/mdia/minf/dinf/dref/url ", lambda _: bytes(4) + b"http://elsewhere.example/\0"),
    "reserved field": mp4(f"{_TRAK}/tkhd", at(24, b"me")),
    "preview": mp4("moov/mvhd", at(72, WORDS)),
    "remark of x264": _second_picture(b"\6\5\x13" + bytes(16) + WORDS),
    "unit of no picture": _second_picture(b"\x0c" + WORDS),
    "bytes behind a set of parameters": mp4(f"{_STBL}/stsd/avc1/avcC", plus(WORDS)),
    "other length": mp4("moov/mvhd", at(16, b"\0\0\x11\x11")),
    "rate of no frame": mp4(f"{_STBL}/stts", at(12, pack(">I", 7))),
    "text before a frame of sound": _sound_sample(lambda old: b"\xc1" + WORDS + old),
    "bytes behind a frame of sound": _sound_sample(lambda old: old[:-9] + b"at 7 pm\0\0"),
    "rate that is none": lambda data: _put(data.index(b"\x40\x15") + 5, pack(">II", 64_000, 64_000), data),
}
AVI: dict[str, Change] = {
    "unused space": avi("hdrl", plus(chunk(b"JUNK", WORDS))),
    "unused space among samples": avi("movi", plus(chunk(b"JUNK", WORDS))),
    "unused space behind a stream": avi("hdrl/strl", plus(chunk(b"JUNK", WORDS))),
    "program": lambda data: edited(data, "AVI ", plus(chunk(b"LIST", b"INFO" + chunk(b"ISFT", WORDS))), is_avi=True),
    "date": avi("hdrl", plus(chunk(b"IDIT", WORDS))),
    "name of a stream": avi("hdrl/strl", plus(chunk(b"strn", WORDS))),
    "data of a stream": avi("hdrl/strl", plus(chunk(b"strd", WORDS))),
    "reserved field": avi("hdrl/avih", at(40, WORDS[:16])),
    "priority": avi("hdrl/strl/strh", at(12, b"me")),
    "language": avi("hdrl/strl/strh", at(14, b"me")),
    "other code": avi("hdrl/strl/strf", at(16, b"FMP4")),
    "colours": avi("hdrl/strl/strf", at(32, b"me")),
    "remark of XviD": _first_of(b"00dc", _remark),
    "bytes behind the end": plus(chunk(b"JUNK", WORDS)),
}
MP3: dict[str, Change] = {
    "buyer's account in a tag": lambda data: _ID3 + data,
    "tag at the end": plus(b"TAG" + WORDS.ljust(125, b"\0")),
    "APE tag": plus(b"APETAGEX" + pack("<IIII8x", 2000, 32, 0, 0)),
    "private bit": at(2, b"\x51"),
    "emphasis": at(3, b"\xc1"),
}
_TABLES: tuple[tuple[Kind, dict[str, Change]], ...] = (("mp4", MP4), ("avi", AVI), ("mp3", MP3))
PLANTED = tuple((kind, what, change) for kind, table in _TABLES for what, change in table.items())
