"""JPEG: what stands between segments, versions, comments and a missing end make no difference to its pixels."""

from __future__ import annotations

import struct

from packager.pictures.vips.formats import JPEG_END, JPEG_MARKER, JPEG_START_OF_SCAN
from packager.pictures.vips.mending.mended import Mended

# ITU T.81, table B.1
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_TABLES = {0xC4, 0xCC, 0xDB, 0xDD}  # Huffman, arithmetic, quantisation; restart interval
_ABOUT_COLOURS_AND_TURN = {0xE1, 0xE2, 0xEE}  # Exif, ICC, Adobe's transform
_WITHOUT_LENGTH = {*range(0x02, 0xC0), 0xC8, 0xD8, *range(0xF0, 0xFE)}  # reserved, and a second start
_JFIF, _JFIF_NAME, _JFIF_BODY = 0xE0, b"JFIF\0", b"JFIF\0\1\1\0\0\1\0\1\0\0"  # 1.1, square pixels, no thumbnail


def mend(data: bytes) -> Mended:
    """Return the picture as its tables, frame and scans alone, with an end."""
    parts, scans, components = [b"\xff\xd8"], list[bytes](), 0
    position = 2
    while (marker := JPEG_MARKER.search(data, position)) and marker[1][0] != JPEG_END:
        code, position = marker[1][0], marker.end()
        if code in _WITHOUT_LENGTH:
            continue
        end = position + int.from_bytes(data[position : position + 2])
        body = data[position + 2 : end]
        position = end
        if code in _FRAMES and len(body) > 5:
            components = body[5]
        if code == _JFIF and body.startswith(_JFIF_NAME):
            parts.append(_segment(code, _JFIF_BODY))
        elif code in _FRAMES | _TABLES | _ABOUT_COLOURS_AND_TURN:
            parts.append(_segment(code, body))
        elif code == JPEG_START_OF_SCAN:
            following = JPEG_MARKER.search(data, end)
            position = following.start() if following else len(data)
            scans.append(body)
            parts += [_segment(code, body), data[end:position].rstrip(b"\xff")]
    parts.append(b"\xff\xd9")
    return Mended(b"".join(parts), bool(scans) and (marker is not None or _has_every_scan(scans, components)))


def _segment(code: int, body: bytes) -> bytes:
    return b"\xff" + bytes([code]) + struct.pack(">H", 2 + len(body)) + body


def _has_every_scan(scans: list[bytes], components: int) -> bool:
    """Whether the scans bring each coefficient of each component to its last bit (ITU T.81, B.2.3 and G.1.1.1)."""
    unfinished: dict[int, set[int]] = {}
    for scan in scans:
        if not scan or len(scan) < 4 + 2 * scan[0]:
            return False
        count = scan[0]
        first, last, precision = scan[1 + 2 * count : 4 + 2 * count]
        for component in scan[1 : 1 + 2 * count : 2]:
            coefficients = unfinished.setdefault(component, set(range(64)))
            if not precision & 15:
                coefficients.difference_update(range(first, last + 1))
    return len(unfinished) == components and not any(unfinished.values())
