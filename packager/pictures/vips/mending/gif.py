"""GIF: what stands behind its last whole picture makes no difference to its pixels."""

from __future__ import annotations

from contextlib import suppress

from packager.pictures.vips.formats import GIF_PICTURE, gif_blocks
from packager.pictures.vips.mending.mended import Mended

_TRAILER = b";"


def mend(data: bytes) -> Mended:
    """Return the pictures that are whole, with an end."""
    end = 0
    with suppress(IndexError):
        for kind, position in gif_blocks(data):
            end = position if kind == GIF_PICTURE else end
    return Mended(data[:end] + _TRAILER) if end else Mended(data, is_whole=False)
