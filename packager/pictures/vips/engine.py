"""libvips, set up for a worker process: one thread, no cache of operations, its errors told as damaged pictures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distributions, version
from typing import TypeAlias

from packager.errors import DamagedPicture

# libvips reads these when it is loaded. The pool gives each core a process, so threads would only fight each other;
# warnings would go to stderr, past the report.
os.environ.setdefault("VIPS_CONCURRENCY", "1")
os.environ.setdefault("VIPS_WARNING", "0")

import pyvips

pyvips.cache_set_max(0)

_DECODERS = ("pyvips", "pyvips-binary", "pillow", "pi-heif", "pylibjxl")

Image: TypeAlias = pyvips.Image
EngineError = pyvips.Error
BLOB = pyvips.GValue.blob_type

_BAND_ROWS = 512


@contextmanager
def strictly() -> Iterator[None]:
    """Turn what libvips raises while it decodes into DamagedPicture; decoding happens when pixels are asked for."""
    try:
        yield
    except pyvips.Error as error:
        reasons = error.detail.strip().splitlines()
        raise DamagedPicture(f"damaged or cut short ({reasons[0]})" if reasons else "damaged or cut short") from error


def versions() -> str:
    """Return the version of libvips, and of each package that brings it or another decoder."""
    installed = {name: version(name) for name in _DECODERS if any(distributions(name=name))}
    return f"libvips {'.'.join(str(pyvips.version(part)) for part in range(3))} {installed}"


def from_rows(rows: bytes, width: int) -> Image:
    """Return the sRGB picture whose rows lie one after another in `rows`, three bytes a pixel."""
    height = len(rows) // (3 * width)
    return Image.new_from_memory(rows, width, height, 3, "uchar").copy(interpretation="srgb")


def bands(image: Image, height: int = _BAND_ROWS) -> Iterator[bytes]:
    """Yield the rows of a picture from the top, so many at a time, decoded as they are taken."""
    region = pyvips.Region.new(image)
    for top in range(0, image.height, height):
        yield bytes(region.fetch(0, top, image.width, min(height, image.height - top)))
