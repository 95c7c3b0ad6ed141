"""What of a picture is shown: without its empty borders, and of a spread one page."""

from __future__ import annotations

from dataclasses import dataclass

from packager.model import Half
from packager.pictures.vips.colour import to_srgb
from packager.pictures.vips.engine import Image, strictly

# A border is what differs less from the corner than a scanner's noise does; paper and ink differ by 100 and more.
_NOISE = 40
_MOST = 0.15
"""Of a side: what is emptier is a picture's own, such as a page with one word in its middle."""


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a picture: a half, and whether without borders."""

    half: Half | None = None
    is_cropped: bool = False


WHOLE = Part()


def trimmed(image: Image, part: Part) -> Image:
    """The part of a picture that is shown, its borders taken off before it is halved; raises DamagedPicture."""
    if part.is_cropped:
        with strictly():
            image = _cropped(to_srgb(image).copy_memory())
    if part.half is None or image.width < 2:
        return image
    middle = image.width // 2
    if part.half is Half.LEFT:
        return image.crop(0, 0, middle, image.height)
    return image.crop(middle, 0, image.width - middle, image.height)


def _cropped(image: Image) -> Image:
    left, top, width, height = image.find_trim(threshold=_NOISE, background=image.getpoint(0, 0))
    if not width or not height:  # nothing but border: an empty page
        return image
    across, down = int(_MOST * image.width), int(_MOST * image.height)
    right, bottom = min(image.width - left - width, across), min(image.height - top - height, down)
    left, top = min(left, across), min(top, down)
    return image.crop(left, top, image.width - left - right, image.height - top - bottom)
