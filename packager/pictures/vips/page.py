"""One picture, every role: decoded once, shrunk once, each further role made from what is in memory then."""

from __future__ import annotations

from math import isqrt

from packager.model import Encoded, RenditionSpec, Role
from packager.pictures.vips.colour import to_srgb
from packager.pictures.vips.decode import open_picture
from packager.pictures.vips.engine import Image, strictly
from packager.pictures.vips.takes import encoded_as_wished, streamed
from packager.pictures.vips.trim import WHOLE, Part, trimmed


def render_picture(data: bytes, specs: tuple[RenditionSpec, ...], part: Part = WHOLE) -> tuple[Encoded, ...]:
    """One rendition of a part of a picture for each spec, in their order; raises DamagedPicture.

    A cover is cropped from the top to at most 1.5 times as tall as wide before it is shrunk.
    """
    sizes, base = _shrunk(data, specs, part)
    if len(specs) == 1:
        with strictly():  # rows flow from decoder to encoder
            encoded = streamed(_shown(base, sizes[0], specs[0]), specs[0].role, specs[0].wish(0))
        if encoded:
            return (encoded,)
        sizes, base = _shrunk(data, specs, part)
    with strictly():
        base = base.copy_memory()
    return tuple(
        encoded_as_wished(_shown(base, size, spec), spec.role, spec.wish(0))
        for size, spec in zip(sizes, specs, strict=True)
    )


def _shrunk(data: bytes, specs: tuple[RenditionSpec, ...], part: Part) -> tuple[list[tuple[int, int]], Image]:
    """The size for each spec, and the picture in the largest of them."""
    image = trimmed(open_picture(data), part)
    sizes = [fit(image.width, image.height, spec) for spec in specs]
    with strictly():
        return sizes, to_srgb(_resized(image, *max(sizes)))


def fit(width: int, height: int, spec: RenditionSpec) -> tuple[int, int]:
    """The largest size of this aspect within the limits of `spec`, never larger than the picture; at least 1 x 1.

    For a cover: the size of the whole picture when the part that is shown has the width asked for.
    """
    if spec.role is Role.COVER:
        fitted = min(width, spec.width)
        return fitted, _in_proportion(height, fitted, width)
    by_side = spec.max_side * width // max(width, height)
    by_pixels = min(isqrt(spec.max_pixels * width // height), spec.max_pixels)
    fitted = max(1, min(width, spec.width, by_side, by_pixels))
    tallest = max(1, min(spec.max_side, spec.max_pixels // fitted))
    return fitted, min(_in_proportion(height, fitted, width), tallest)


def cover_height(width: int) -> int:
    """The tallest that a cover of this width may be."""
    return 3 * width // 2


def _in_proportion(height: int, part: int, whole: int) -> int:
    return max(1, (2 * height * part + whole) // (2 * whole))


def _shown(base: Image, size: tuple[int, int], spec: RenditionSpec) -> Image:
    image = _resized(base, *size)
    if spec.role is Role.COVER:
        image = image.crop(0, 0, image.width, min(image.height, cover_height(image.width)))
    return image


def _resized(image: Image, width: int, height: int) -> Image:
    if (image.width, image.height) == (width, height):
        return image
    # Cubic (Catmull-Rom) is as near to the source as Lanczos on painted pages, 2 % smaller and 8 ms a page faster.
    return image.resize(width / image.width, vscale=height / image.height, kernel="cubic")
