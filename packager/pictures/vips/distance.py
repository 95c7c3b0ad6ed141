"""How far an encoding is from the pixels it was made of, as eyes see it."""

from __future__ import annotations

import io
from dataclasses import dataclass

import PIL.Image

from packager.pictures.vips.engine import Image

# Chosen by tests/research/study: of the measures that take milliseconds, this one ranks most like slow ones.
_BLOCK = 8  # pixels a side, as the blocks of a JPEG
_UNMASKED = 20  # levels: errors are seen less where the picture itself varies by more than this
_INK, _PAPER = 6, 250  # levels: darker and lighter than anything painted; 1 to 35 % of painted pages, 52 to 99 of inked
_EXPONENT = 3  # the worst blocks count most


@dataclass(frozen=True, slots=True)
class Reference:
    """The brightness of a picture, and for each of its blocks how much error goes unseen there."""

    brightness: Image
    masking: Image

    @classmethod
    def of(cls, image: Image) -> Reference:
        """That of an sRGB picture."""
        # libvips goes through floating point for this, and takes three times as long.
        pixels = PIL.Image.frombuffer("RGB", (image.width, image.height), image.write_to_memory(), "raw", "RGB", 0, 1)
        brightness = _one_band(pixels.convert("L"))
        mean = _means(brightness)
        variance = _means(brightness * brightness) - mean * mean
        return cls(brightness, (variance.abs() ** 0.5 + _UNMASKED).copy_memory())

    @property
    def is_inked(self) -> bool:
        """Whether most of it is paper or ink."""
        levels = self.brightness.hist_find().tolist()[0]
        return bool(sum(levels[:_INK]) + sum(levels[_PAPER:]) > sum(levels) / 2)

    def distance(self, jpeg: bytes) -> float:
        """0 for the same brightness everywhere; else the error that is seen, blocks of 8 x 8 taken together."""
        with PIL.Image.open(io.BytesIO(jpeg)) as picture:
            picture.draft("L", picture.size)  # the brightness as it lies in the file
            error = self.brightness - _one_band(picture.convert("L"))
        seen = _means(error * error) ** 0.5 / self.masking
        return float((seen**_EXPONENT).avg() ** (1 / _EXPONENT))


def _means(image: Image) -> Image:
    """The mean of each block."""
    return image.cast("float").shrink(min(_BLOCK, image.width), min(_BLOCK, image.height))


def _one_band(picture: PIL.Image.Image) -> Image:
    return Image.new_from_memory(picture.tobytes(), picture.width, picture.height, 1, "uchar")
