"""How far an encoding is from the pixels it was made of, as eyes see it."""

from __future__ import annotations

import io

import PIL.Image

from packager.images.engine import Image

_BLOCK = 4  # pixels: the blocks whose structure is compared
_UNSEEN_MEAN, _UNSEEN_VARIANCE = 6.5025, 58.5225  # (0.01 * 255)^2 and (0.03 * 255)^2: Wang and others, SSIM, 2004


def luma(image: Image) -> Image:
    """The brightness of an sRGB picture, one byte a pixel (ITU-R BT.601, as in JPEG)."""
    # libvips goes through floating point for this, and takes three times as long.
    pixels = PIL.Image.frombuffer("RGB", (image.width, image.height), image.write_to_memory(), "raw", "RGB", 0, 1)
    return _one_band(pixels.convert("L"))


def distance(reference: Image, jpeg: bytes) -> float:
    """1 - SSIM between the brightness `reference` and that of `jpeg`: 0 for the same, about 1 for nothing alike."""
    with PIL.Image.open(io.BytesIO(jpeg)) as picture:
        picture.draft("L", picture.size)  # the brightness as it lies in the file
        seen = _one_band(picture.convert("L"))
    return _distance(reference, seen)


def _distance(one: Image, other: Image) -> float:
    mean_one, mean_other = _means(one), _means(other)
    product = mean_one * mean_other
    squares = mean_one * mean_one + mean_other * mean_other
    covariance = _means(one * other) - product
    variances = _means(one * one) + _means(other * other) - squares
    brightness = (product * 2 + _UNSEEN_MEAN) / (squares + _UNSEEN_MEAN)
    structure = (covariance * 2 + _UNSEEN_VARIANCE) / (variances + _UNSEEN_VARIANCE)
    return 1 - float((brightness * structure).avg())


def _means(image: Image) -> Image:
    return image.cast("float").shrink(min(_BLOCK, image.width), min(_BLOCK, image.height))


def _one_band(picture: PIL.Image.Image) -> Image:
    return Image.new_from_memory(picture.tobytes(), picture.width, picture.height, 1, "uchar")
