"""What kind of picture some bytes are, and whether the file is there to its end, by its structure alone.

Decoders forgive a missing end; these checks do not. Bytes after the end are tolerated: they hold no picture.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from enum import StrEnum

from packager.errors import DamagedPicture
from packager.files.signatures import HEAD_BYTES, file_type


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
    found = file_type(data[:HEAD_BYTES])
    if found.name in Kind.__members__:
        return Kind[found.name]
    kinds = ", ".join(Kind)
    raise DamagedPicture(f"not a picture of a kind that is read ({kinds})", hint="Save it as PNG or JPEG.")


def check_whole(kind: Kind, data: bytes) -> None:
    """Raise DamagedPicture unless the structure of the file goes to its end without a break."""
    try:
        is_whole = _CHECKS[kind](data) if kind in _CHECKS else True
    except (struct.error, IndexError):
        is_whole = False
    if not is_whole:
        raise DamagedPicture(f"damaged or cut short (the structure of the {kind} file is broken)")


_JPEG_MARKER = re.compile(rb"\xff([^\x00\x01\xff\xd0-\xd7])")  # not stuffing, fill or restarts (ITU T.81, B.1.1)
_JPEG_START_OF_SCAN, _JPEG_END = 0xDA, 0xD9


def _is_whole_jpeg(data: bytes) -> bool:
    position, has_scan = 2, False
    while marker := _JPEG_MARKER.search(data, position):
        code = marker[1][0]
        if code == _JPEG_END:
            return has_scan
        has_scan |= code == _JPEG_START_OF_SCAN
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


def _is_whole_gif(data: bytes) -> bool:
    position, frames = 13 + _colour_table_bytes(data[10]), 0
    while data[position] != 0x3B:
        if data[position] == 0x2C:
            frames += 1
            position += 11 + _colour_table_bytes(data[position + 9])
        elif data[position] == 0x21:
            position += 2
        else:
            return False
        while length := data[position]:
            position += 1 + length
        position += 1
    return frames > 0


def _colour_table_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


_PIECE_BYTES = 1 << 20  # inflated at a time: a small file can hold gigabytes
_TIFF_COMPRESSION, _TIFF_STRIPS, _TIFF_TILES, _TIFF_DEFLATE = 259, (273, 279), (324, 325), {8, 32946}


def _is_whole_tiff(data: bytes) -> bool:
    tags = dict(_tiff_tags(data, "<" if data[:2] == b"II" else ">"))
    offsets, lengths = (
        tags.get(strip) or tags.get(tile, ()) for strip, tile in zip(_TIFF_STRIPS, _TIFF_TILES, strict=True)
    )
    parts = [data[offset : offset + length] for offset, length in zip(offsets, lengths, strict=False)]
    if not parts or [len(part) for part in parts] != list(lengths):
        return False
    is_deflated = tags.get(_TIFF_COMPRESSION, (1,))[0] in _TIFF_DEFLATE
    return not is_deflated or all(_inflates(part) for part in set(parts))  # a million strips may be the same bytes


def _tiff_tags(data: bytes, order: str) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Number and values of the tags with integers in the first directory (TIFF 6.0, section 2)."""
    (directory,) = struct.unpack_from(order + "I", data, 4)
    (entries,) = struct.unpack_from(order + "H", data, directory)
    end = directory + 2 + 12 * entries
    struct.unpack_from(order + "I", data, end)  # where the next directory is: the last thing in many files
    for entry in range(directory + 2, end, 12):
        tag, type_, count = struct.unpack_from(order + "HHI", data, entry)
        code, size = {3: ("H", 2), 4: ("I", 4)}.get(type_, ("", 0))
        if not code:
            continue
        is_inline = count * size <= 4
        start = entry + 8 if is_inline else struct.unpack_from(order + "I", data, entry + 8)[0]
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
