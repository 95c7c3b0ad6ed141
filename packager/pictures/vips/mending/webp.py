"""WebP: its size, padding and what stands behind the picture make no difference to its pixels."""

from __future__ import annotations

import struct

from packager.pictures.vips.mending.mended import Mended

_PICTURES = (b"VP8 ", b"VP8L", b"ANMF")
_BEFORE = (b"VP8X", b"ICCP", b"ANIM", b"ALPH")
_MOST_READ = 1 << 20  # bytes


def mend(data: bytes) -> Mended:
    """Return the chunks that make the picture; a film is its first picture where a later one is cut short."""
    parts, is_whole = _chunks(data)
    return Mended(_file(parts), is_whole)


def filled_up(data: bytes, filler: bytes) -> bytes:
    """Return the picture with `filler` for what is missing of its last chunk, more of it than any picture reads."""
    parts, _ = _chunks(data)
    name, body = parts[-1]
    return _file([*parts[:-1], (name, body + _MOST_READ * filler)])


def _chunks(data: bytes) -> tuple[list[tuple[bytes, bytes]], bool]:
    """Return the names and bodies of the chunks to the last of the picture, and whether that is whole."""
    parts, position, is_whole = list[tuple[bytes, bytes]](), 12, False
    while (kind := data[position : position + 4]) in (*_PICTURES, *_BEFORE):
        (length,) = struct.unpack_from("<I", data, position + 4)
        body = data[position + 8 : position + 8 + length]
        if is_whole and len(body) < length:
            break
        parts.append((kind, body))
        is_whole = kind in _PICTURES and len(body) == length
        position += 8 + length + length % 2
    return parts, is_whole


def _file(parts: list[tuple[bytes, bytes]]) -> bytes:
    chunks = (kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2) for kind, body in parts)
    body = b"".join((b"WEBP", *chunks))
    return b"RIFF" + struct.pack("<I", len(body)) + body
