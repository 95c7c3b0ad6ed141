"""How much is drawn across each row of a picture."""

from __future__ import annotations

from PIL import Image, ImageChops

_NOISE_LEVELS = 12
"""Of luminance, between neighbours; JPEG noise beside panels stayed below it in the webtoons measured."""

_IS_DRAWN = [0] * (_NOISE_LEVELS + 1) + [255] * (255 - _NOISE_LEVELS)


def row_activity(rows: bytes, width: int, above: bytes) -> tuple[int, ...]:
    """For each row the number of pixels that differ from their left neighbour or, again, from the one above.

    `rows` and the one row `above` them, empty at the top of a strip, hold three bytes a pixel.
    """
    pixels = (above or rows[: 3 * width]) + rows
    height = len(pixels) // (3 * width)
    grey = Image.frombuffer("RGB", (width, height), pixels, "raw", "RGB", 0, 1).convert("L")
    here = grey.crop((0, 1, width, height))
    left = here.copy()
    left.paste(here, (1, 0))
    across = _count(here, left)
    down = _count(here, grey.crop((0, 0, width, height - 1)))
    return tuple(map(sum, zip(across, down, strict=True)))


def _count(picture: Image.Image, other: Image.Image) -> list[int]:
    """How many pixels of each row are not the same in both."""
    drawn = ImageChops.difference(picture, other).point(_IS_DRAWN).tobytes()
    width = picture.width
    return [drawn.count(255, start, start + width) for start in range(0, len(drawn), width)]
