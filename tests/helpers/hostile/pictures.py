"""Pictures of every kind, broken in every way that a seed chooses; and the jobs that try them in worker processes."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from PIL import Image

from packager.errors import DamagedPicture
from packager.model import RenditionSpec, Role, Source
from packager.pictures import worker_jobs
from packager.pictures.worker_jobs import PageJob

PAGE = RenditionSpec(Role.PAGE, width=100, max_side=2048, max_pixels=2_097_152, quality=70)
SPECS = (PAGE, RenditionSpec(Role.COVER, width=60, max_side=2048, max_pixels=2_097_152, quality=70))

# Pillow's name of a kind, a mode, and how it is saved.
KINDS: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("JPEG", "RGB", {}),
    ("JPEG", "CMYK", {}),
    ("JPEG", "L", {"progressive": True}),
    ("JPEG", "RGB", {"exif": b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"}),
    ("PNG", "RGB", {}),
    ("PNG", "P", {}),
    ("PNG", "I;16", {}),
    ("PNG", "RGBA", {"save_all": True, "append_images": [Image.new("RGBA", (40, 56))]}),
    ("WEBP", "RGB", {}),
    ("WEBP", "RGBA", {"lossless": True}),
    ("WEBP", "RGB", {"save_all": True, "append_images": [Image.new("RGB", (40, 56))]}),
    ("AVIF", "RGB", {}),
    ("GIF", "P", {}),
    ("GIF", "P", {"save_all": True, "append_images": [Image.new("P", (40, 56), 3)]}),
    ("TIFF", "RGB", {}),
    ("TIFF", "RGB", {"compression": "tiff_lzw"}),
    ("TIFF", "CMYK", {"compression": "tiff_adobe_deflate"}),
    ("TIFF", "1", {"compression": "group4"}),
    ("TIFF", "YCbCr", {"compression": "jpeg"}),
    ("TIFF", "L", {"save_all": True, "append_images": [Image.new("L", (40, 56))]}),
    ("BMP", "RGB", {}),
    ("BMP", "1", {}),
)


def broken(seed: int) -> bytes:
    """The picture of this seed: the same everywhere and always."""
    chance = random.Random(seed)
    data = bytearray(whole(seed % len(KINDS)))
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        chance.choice(BREAKS)(data, chance)
    return bytes(data)


@lru_cache(maxsize=len(KINDS))
def whole(number: int) -> bytes:
    """The picture of one kind, unbroken."""
    kind, mode, options = KINDS[number]
    drawn = Image.linear_gradient("L").resize((40, 56))
    stream = io.BytesIO()
    drawn.convert("RGB").convert(mode).save(stream, kind, **options)
    return stream.getvalue()


def _flip(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _put(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(len(data))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))


def _put_in_the_head(data: bytearray, chance: random.Random) -> None:
    """Beyond the first bytes, which say what it is."""
    data[chance.randrange(4, min(len(data), 200))] = chance.randrange(256)


def _put_a_number(data: bytearray, chance: random.Random) -> None:
    """An end of a range where a size, a count or a place may stand."""
    form = chance.choice(("<H", ">H", "<L", ">L"))
    most = 1 << 8 * struct.calcsize(form)
    value = chance.choice((0, 1, most - 1, most // 2, most // 2 - 1, chance.randrange(most)))
    at = chance.randrange(4, max(5, len(data) - 4))
    data[at : at + struct.calcsize(form)] = struct.pack(form, value)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(5, len(data)) :]
    data.extend(bytes(max(0, 12 - len(data))))


def _lose(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(4, len(data))
    del data[at : at + chance.randrange(1, 60)]
    data.extend(bytes(max(0, 12 - len(data))))


def _repeat(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(4, len(data))
    data[at:at] = data[at : at + chance.randrange(1, 300)] * chance.randrange(1, 5)


def _insert(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(4, len(data))
    data[at:at] = chance.randbytes(chance.randrange(1, 40))


def _hole(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(4, len(data))
    length = min(chance.randrange(1, 200), len(data) - at)
    data[at : at + length] = bytes(length)


def _graft(data: bytearray, chance: random.Random) -> None:
    """A piece of another kind of picture."""
    other = whole(chance.randrange(len(KINDS)))
    at, start = chance.randrange(4, len(data)), chance.randrange(len(other))
    data[at : at + chance.randrange(1, 100)] = other[start : start + chance.randrange(1, 100)]


BREAKS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip,
    _put,
    _put_in_the_head,
    _put_a_number,
    _cut,
    _lose,
    _repeat,
    _insert,
    _hole,
    _graft,
)


def tried(seed: int) -> str:
    """What becomes of a broken picture: "shown", or why it is refused; a job for a worker."""
    from packager.pictures import vips

    data = broken(seed)
    try:
        header = vips.probe(data)
        edge = vips.edge_colour(data)
        made = vips.render_picture(data, SPECS)
        strip = vips.start_strip(max(1, min(header.width, 300)), SPECS[:1], edge)
        (strip, slices), _ = vips.feed_strip(strip, data, 0)
    except DamagedPicture as error:
        return error.what
    assert len(made) == len(SPECS), "a picture that is neither shown nor refused"
    assert [*slices, *vips.finish_strip(strip)], "a strip without slices"
    return "shown"


def tried_file(path: Path) -> str:
    """The same for a file of somebody's collection."""
    source = Source(path, path.name)
    try:
        worker_jobs.probe(source)
    except DamagedPicture as error:
        return error.what
    made = worker_jobs.page(PageJob(source, SPECS, 0)).value
    if isinstance(made, DamagedPicture):
        return made.what
    assert isinstance(made, tuple)
    assert len(made) == len(SPECS)
    return "shown"
