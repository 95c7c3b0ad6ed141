"""What can be shown of a damaged picture: the rows that decode, and grey for the others."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import accumulate, takewhile
from typing import TypeVar

from packager.errors import DamagedPicture
from packager.model import WHITE
from packager.pictures.vips.decode import (
    check_size,
    open_picture,
    open_with_pillow,
    open_with_vips,
    prepared,
    with_eight_bits,
)
from packager.pictures.vips.engine import EngineError, Image, bands, strictly
from packager.pictures.vips.formats import Kind, has_old_jpeg, kind_of
from packager.pictures.vips.mending import mend, png, webp, without_blanks
from packager.sandbox.limits import LIMITS

T = TypeVar("T")
Opened = tuple[Image, str]  # with what of it is lost, in words
_GREY = 128
_GREYS = bytes(range(_GREY - 2, _GREY + 3))  # what JPEG makes of it
_MOSTLY = 0.9  # of the levels of some rows: where so many are grey, nothing is shown there
_STEP = 16  # rows: those of one block of a JPEG
_UNWRITTEN = b"\0"
_STEPS = ((8, 8), (4, 8), (4, 4), (2, 4), (2, 2), (1, 2), (1, 1))
"""Columns and rows from one pixel to the next that each pass of an interlaced PNG has brought (PNG 3, 8.1)."""


def read_picture(
    data: bytes, use: Callable[[Image], T], background: str = WHITE, *, page: int = 0, skip_damaged: bool = False
) -> tuple[T, str]:
    """Return what `use` makes of the picture as `open_picture` has it, and in words what of it is lost, "" for nothing.

    Faults that touch no pixel are passed over. Raises DamagedPicture where more is lost, with `skip_damaged`
    where nothing can be shown. `use` may be called again where rows cannot be read.
    """
    try:
        with strictly():
            return use(open_picture(data, background, page)), ""
    except DamagedPicture as damage:
        for way in _other_ways(data, background, page, skip_damaged=skip_damaged):
            try:
                image, loss = way()
                with strictly():
                    return use(image), loss
            except (DamagedPicture, EngineError, struct.error, IndexError):
                continue
        raise damage from None


def _other_ways(data: bytes, background: str, page: int, *, skip_damaged: bool) -> Iterator[Callable[[], Opened]]:
    """Yield what may open a picture that `open_picture` does not."""
    data = without_blanks(data)
    mended, kind = mend(data), kind_of(data)
    if mended.is_whole:
        yield lambda: (open_picture(mended.data, background, page), "")
    if kind is Kind.TIFF and has_old_jpeg(data):  # which libvips does not know
        yield lambda: (prepared(open_with_pillow(data, kind, page), background), "")
    if skip_damaged and kind in _PARTLY:
        yield lambda: _with_loss(*_PARTLY[kind](data, mended.data), background)


def _with_loss(image: Image, shown: int, background: str) -> Opened:
    """Return the picture, `shown` rows of which are more than grey."""
    if not shown:
        raise DamagedPicture("damaged: nothing of it can be shown")
    if shown == image.height:
        return prepared(image, background), "damaged: all of its rows are shown, but parts of it are wrong or blurred"
    percent = 100 * shown // image.height
    return prepared(image, background), f"damaged or cut short: {percent} % of its rows are shown, the rest is grey"


def _part_of_jpeg(_: bytes, mended: bytes) -> tuple[Image, int]:
    """libjpeg itself makes grey of what is missing, and goes on behind what is wrong."""
    shown = _rows(open_with_vips(mended, Kind.JPEG, fail_on="none"), _is_drawn)
    return _filled_up(open_with_vips(mended, Kind.JPEG, fail_on="none"), shown), shown


def _part_of_png(data: bytes, mended: bytes) -> tuple[Image, int]:
    passes = png.pass_bytes(data)
    if len(passes) == 1:
        return _part_of_rows(data, mended)
    filled, size_bytes = png.filled_up(data)
    whole = sum(total <= size_bytes for total in accumulate(passes))
    with strictly():
        image = with_eight_bits(open_with_vips(filled, Kind.PNG)).copy_memory()
    if not whole:
        return image, 0
    across, down = _STEPS[whole - 1]
    coarse = image.subsample(across, down).zoom(across, down)
    return coarse.crop(0, 0, image.width, image.height), image.height


def _part_of_webp(data: bytes, _: bytes) -> tuple[Image, int]:
    """The rows that are the same whatever stands in the place of what is missing."""
    data = data.rstrip(_UNWRITTEN)
    with strictly():
        one, other = (
            open_with_vips(webp.filled_up(data, filler), Kind.WEBP).copy_memory() for filler in (b"\0", b"\x55")
        )
    rows = zip(bands(one, _STEP), bands(other, _STEP), strict=True)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], rows))
    shown = min(one.height, _STEP * same)
    return _filled_up(one, shown), shown


def _part_of_gif(data: bytes, _: bytes) -> tuple[Image, int]:
    """libvips leaves clear what is missing: rows to the end, or those between others that came first."""
    with strictly():
        image = Image.gifload_buffer(data, fail_on="none")
        check_size(image)
        image = image.copy_memory() if image.hasalpha() else image.bandjoin(255).copy_memory()
    shown = _rows(image.extract_band(image.bands - 1), lambda rows: bool(rows.strip(b"\0")))
    if shown and image.get_typeof("interlaced"):
        return _with_rows_from_above(image), image.height
    return _filled_up(image, shown), shown


def _with_rows_from_above(image: Image) -> Image:
    rows, above = list[bytes](), bytes(image.width * image.bands)
    for row in bands(image, 1):
        above = row if any(row[image.bands - 1 :: image.bands]) else above
        rows.append(above)
    whole = Image.new_from_memory(b"".join(rows), image.width, image.height, image.bands, "uchar")
    return whole.copy(interpretation=image.interpretation)


def _part_of_bmp(data: bytes, _: bytes) -> tuple[Image, int]:
    """Rows stand upside down in it: grey comes from the end of the file to the top of the picture."""
    start, width, height, depth = struct.unpack_from("<10xI4xii2xH", data)
    size = start + (width * depth + 31) // 32 * 4 * abs(height)
    if size > LIMITS.in_memory_bytes:
        raise DamagedPicture("damaged")
    image = open_with_pillow(data.ljust(size, bytes([_GREY])), Kind.BMP)
    return image, abs(height) * max(0, len(data) - start) // (size - start)


def _part_of_rows(data: bytes, mended: bytes) -> tuple[Image, int]:
    kind = kind_of(data)
    readable = _rows(open_with_vips(mended, kind), lambda rows: True)
    return _filled_up(open_with_vips(mended, kind), readable), readable


def _is_drawn(rows: bytes) -> bool:
    return len(rows.translate(None, _GREYS)) > (1 - _MOSTLY) * len(rows)


def _rows(image: Image, is_shown: Callable[[bytes], bool]) -> int:
    """Return where the last of the rows ends that decode and of which something is shown."""
    shown = 0
    with suppress(EngineError):
        for number, rows in enumerate(bands(image, _STEP), 1):
            shown = number if is_shown(rows) else shown
    return min(int(image.height), _STEP * shown)


def _filled_up(image: Image, shown: int) -> Image:
    """Return the first rows of a picture, and grey below them."""
    height = image.height
    image = with_eight_bits(image)
    if shown in (0, height):
        return image
    grey = [_GREY] * image.bands
    if image.hasalpha():
        grey[-1] = 255
    if image.interpretation == "cmyk":
        grey = [0, 0, 0, _GREY]
    return image.crop(0, 0, image.width, shown).embed(0, 0, image.width, height, extend="background", background=grey)


_PARTLY = {
    Kind.JPEG: _part_of_jpeg,
    Kind.PNG: _part_of_png,
    Kind.WEBP: _part_of_webp,
    Kind.GIF: _part_of_gif,
    Kind.BMP: _part_of_bmp,
    Kind.TIFF: _part_of_rows,
}
