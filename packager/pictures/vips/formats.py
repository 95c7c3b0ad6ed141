"""What kind of picture some bytes are, and whether the file is there to its end, by its structure alone.

Decoders forgive a missing end; these checks do not. Bytes after the end are tolerated: they hold no picture.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import StrEnum
from itertools import islice

from packager.errors import DamagedPicture
from packager.files.signatures import HEAD_BYTES, FileType, file_type
from packager.sandbox.limits import LIMITS


class Kind(StrEnum):
    """The kinds of picture that are read; the value is Pillow's name for the kind."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    AVIF = "AVIF"
    GIF = "GIF"
    TIFF = "TIFF"
    BMP = "BMP"
    HEIC = "HEIF"
    JXL = "JXL"


def kind_of(data: bytes) -> Kind:
    """Return the kind by the first bytes, whatever the file is called; DamagedPicture when it is none that is read."""
    if not data:
        raise DamagedPicture("an empty file", hint="Put the picture itself in its place.")
    found = file_type(data[:HEAD_BYTES])
    if found.name in Kind.__members__:
        return Kind[found.name]
    kinds = ", ".join(Kind)
    what = "" if found is FileType.UNKNOWN else f"{found}, "
    raise DamagedPicture(f"{what}not a picture of a kind that is read ({kinds})", hint="Save it as PNG or JPEG.")


def check_whole(kind: Kind, data: bytes) -> None:
    """Raise DamagedPicture unless the structure of the file goes to its end without a break."""
    try:
        is_whole = _CHECKS[kind](data) if kind in _CHECKS else True
    except (struct.error, IndexError):
        is_whole = False
    if not is_whole:
        raise DamagedPicture(f"damaged or cut short (the structure of the {kind} file is broken)")


JPEG_MARKER = re.compile(rb"\xff([^\x00\x01\xff\xd0-\xd7])")  # not stuffing, fill or restarts (ITU T.81, B.1.1)
JPEG_START_OF_SCAN, JPEG_END = 0xDA, 0xD9


def _is_whole_jpeg(data: bytes) -> bool:
    position, has_scan = 2, False
    while marker := JPEG_MARKER.search(data, position):
        code = marker[1][0]
        if code == JPEG_END:
            return has_scan
        has_scan |= code == JPEG_START_OF_SCAN
        position = marker.end() + int.from_bytes(data[marker.end() : marker.end() + 2])
    return False


def _is_whole_png(data: bytes) -> bool:
    position = 8
    while True:
        (length,) = struct.unpack_from(">I", data, position)
        body = memoryview(data)[position + 4 : position + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, position + 8 + length)
        if zlib.crc32(body) != checksum:
            return False
        if bytes(body[:4]) == b"IEND":
            return True
        position += 12 + length


# A download that reserved its space first ends in zeros. 1,024 of them cannot be the end of real WebP data: as much
# would code many megapixels of one colour.
_UNWRITTEN = bytes(1024)


def _is_whole_webp(data: bytes) -> bool:
    (length,) = struct.unpack_from("<I", data, 4)
    return 8 + length <= len(data) and not data.endswith(_UNWRITTEN, 0, 8 + length)


_BOXES = {b"ftyp", b"free", b"skip", b"meta", b"mdat", b"moov", b"uuid"}


def _has_whole_boxes(data: bytes) -> bool:
    """Whether each box lies wholly in the file (ISO 14496-12, 4.2); what is no box is behind the end."""
    position = 0
    while data[position + 4 : position + 8] in _BOXES:
        (length,) = struct.unpack_from(">I", data, position)
        if length == 0:  # to the end of the file, wherever that is
            return True
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, position + 8)
        position += max(length, 8)
    return position <= len(data)


GIF_PICTURE, _GIF_EXTENSION, _GIF_TRAILER = 0x2C, 0x21, 0x3B  # GIF89a, appendix A


def _is_whole_gif(data: bytes) -> bool:
    kinds = [kind for kind, _ in gif_blocks(data)]
    return kinds[-1:] == [_GIF_TRAILER] and GIF_PICTURE in kinds


def gif_blocks(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the kind and the end of each whole block to the trailer, or to what is no block; IndexError at a cut."""
    position = 13 + _colour_table_bytes(data[10])
    while (kind := data[position]) in (GIF_PICTURE, _GIF_EXTENSION):
        position += 11 + _colour_table_bytes(data[position + 9]) if kind == GIF_PICTURE else 2
        while length := data[position]:
            position += 1 + length
        position += 1
        yield kind, position
    if kind == _GIF_TRAILER:
        yield kind, position + 1


def _colour_table_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


_PIECE_BYTES = 1 << 20  # inflated at a time: a small file can hold gigabytes
# The kind of a directory, width, height and orientation; of its kinds a smaller copy and a mask are no pages.
_TIFF_ABOUT_PAGE, _TIFF_NO_PAGE, _TIFF_LYING = (254, 256, 257, 274), 1 | 4, 5
_TIFF_COMPRESSION, _TIFF_STRIPS, _TIFF_TILES, _TIFF_DEFLATE, _TIFF_OLD_JPEG = 259, (273, 279), (324, 325), {8, 32946}, 6


def _is_whole_tiff(data: bytes) -> bool:
    tags = next(_tiff_directories(data), {})
    offsets, lengths = (
        tags.get(strip) or tags.get(tile, ()) for strip, tile in zip(_TIFF_STRIPS, _TIFF_TILES, strict=True)
    )
    parts = [data[offset : offset + length] for offset, length in zip(offsets, lengths, strict=False)]
    if not parts or [len(part) for part in parts] != list(lengths):
        return False
    is_deflated = tags.get(_TIFF_COMPRESSION, (1,))[0] in _TIFF_DEFLATE
    return not is_deflated or all(_inflates(part) for part in set(parts))  # a million strips may be the same bytes


def tiff_pages(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield number, width and height of each directory that is a page, neither a thumbnail nor a mask."""
    with suppress(struct.error):
        for number, tags in enumerate(islice(_tiff_directories(data, most_values=1), LIMITS.pages)):
            kind, width, height, turn = (sum(tags.get(tag, ())) for tag in _TIFF_ABOUT_PAGE)
            if not kind & _TIFF_NO_PAGE:
                yield (number, height, width) if turn >= _TIFF_LYING else (number, width, height)


def has_old_jpeg(data: bytes) -> bool:
    """Whether a TIFF is packed as version 6.0 had it, and nobody after 1995 (Technical Note 2)."""
    with suppress(struct.error):
        return next(_tiff_directories(data, most_values=1), {}).get(_TIFF_COMPRESSION) == (_TIFF_OLD_JPEG,)
    return False


def _tiff_directories(data: bytes, most_values: int | None = None) -> Iterator[dict[int, tuple[int, ...]]]:
    """Yield number and values of the tags with integers in each directory (TIFF 6.0, section 2; BigTIFF).

    Tags with more than `most_values` are left out: each directory may name the same million of them. Raises
    struct.error where a directory is cut short; ends where one comes again.
    """
    order = "<" if data[:2] == b"II" else ">"
    is_big = data[2:4] in (b"+\0", b"\0+")
    offset, counter = (order + "Q", order + "Q") if is_big else (order + "I", order + "H")
    inline, known = struct.calcsize(offset), set[int]()
    (directory,) = struct.unpack_from(offset, data, 8 if is_big else 4)
    while directory and directory not in known:
        known.add(directory)
        (entries,) = struct.unpack_from(counter, data, directory)
        start = directory + struct.calcsize(counter)
        end = start + (4 + 2 * inline) * entries
        if end > len(data):
            raise struct.error("a directory behind the end")
        # Where the next directory is: the last thing in many files.
        (directory,) = struct.unpack_from(offset, data, end)
        yield dict(_tiff_tags(data, order, offset, range(start, end, 4 + 2 * inline), most_values))


def _tiff_tags(
    data: bytes, order: str, offset: str, entries: range, most_values: int | None
) -> Iterator[tuple[int, tuple[int, ...]]]:
    for entry in entries:
        tag, type_ = struct.unpack_from(order + "HH", data, entry)
        (count,) = struct.unpack_from(offset, data, entry + 4)
        code = {3: "H", 4: "I", 16: "Q"}.get(type_, "")
        if not code or (most_values and count > most_values):
            continue
        value = entry + 4 + struct.calcsize(offset)
        is_inline = count * struct.calcsize(code) <= struct.calcsize(offset)
        start = value if is_inline else struct.unpack_from(offset, data, value)[0]
        yield tag, struct.unpack_from(f"{order}{count}{code}", data, start)


def _inflates(part: bytes) -> bool:
    """Whether a zlib stream is whole; decoders stop at the last pixel, before its checksum."""
    inflater = zlib.decompressobj()
    try:
        while part and not inflater.eof:
            inflater.decompress(part, _PIECE_BYTES)
            part = inflater.unconsumed_tail
    except zlib.error:
        return False
    return inflater.eof


# Where the number of pictures stands behind a name: PNG 3, 11.3.6.1, before the first data; ISO 14496-12, 8.7.3.
_FILMS = {Kind.PNG: re.compile(rb"acTL(....)", re.DOTALL), Kind.AVIF: re.compile(rb"stsz.{8}(....)", re.DOTALL)}


def film_frames(kind: Kind, data: bytes) -> int:
    """Return how many pictures an animated PNG or AVIF says that it holds; 1 for any other."""
    film = _FILMS[kind].search(data, 0, data.find(b"IDAT" if kind is Kind.PNG else b"mdat")) if kind in _FILMS else None
    return int.from_bytes(film[1]) if film else 1


_CHECKS: dict[Kind, Callable[[bytes], bool]] = {
    Kind.JPEG: _is_whole_jpeg,
    Kind.PNG: _is_whole_png,
    Kind.WEBP: _is_whole_webp,
    Kind.AVIF: _has_whole_boxes,
    Kind.HEIC: _has_whole_boxes,
    Kind.GIF: _is_whole_gif,
    Kind.TIFF: _is_whole_tiff,
}
