"""Faults of a file that touch no pixel, taken away: bytes -> the same picture in a file without them.

Decoders warn of a comment with a wrong checksum as they warn of lost rows. What is written anew here holds nothing but
what the pixels and their colours are made of, so that whatever a decoder still warns of is a loss.
"""

from __future__ import annotations

import codecs
import struct
from contextlib import suppress

from packager.errors import DamagedPicture
from packager.pictures.vips.formats import Kind, kind_of
from packager.pictures.vips.mending import gif, jpeg, png, webp
from packager.pictures.vips.mending.mended import Mended

__all__ = ["Mended", "mend", "without_blanks"]

_BLANKS = b"\0\t\n\r "
_MENDERS = {Kind.JPEG: jpeg.mend, Kind.PNG: png.mend, Kind.WEBP: webp.mend, Kind.GIF: gif.mend}


def mend(data: bytes) -> Mended:
    """Return the picture without such faults, and without blank bytes before it; DamagedPicture for what is none."""
    data = without_blanks(data)
    kind = kind_of(data)
    try:
        return _MENDERS[kind](data) if kind in _MENDERS else Mended(data)
    except (struct.error, IndexError):  # the file ends in its head
        return Mended(data, is_whole=False)


def without_blanks(data: bytes) -> bytes:
    """Return the bytes from the first that is not blank on: scripts that hand out pictures print empty lines.

    Where the bytes are a picture as they are, which may begin with zeros, they stay so.
    """
    with suppress(DamagedPicture):
        kind_of(data)
        return data
    return data.removeprefix(codecs.BOM_UTF8).lstrip(_BLANKS)
