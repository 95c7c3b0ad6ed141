"""Colours to sRGB, and only where it changes them: a needless conversion costs as much as decoding the picture."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from packager.pictures.vips.engine import BLOB, EngineError, Image, from_rows

PROFILE = "icc-profile-data"
_UNSEEN_LEVELS = 2  # the many profiles called sRGB differ by this much, through rounding


def to_srgb(image: Image) -> Image:
    """The picture in sRGB, three channels, by its embedded profile where it has a working one."""
    profile = bytes(image.get(PROFILE)) if image.get_typeof(PROFILE) else b""
    if profile and _moves_colours(profile, image.bands):
        return _converted(image)
    if image.interpretation == "srgb":
        return image
    if profile:
        image = image.copy()
        image.remove(PROFILE)
    return _converted(image, input_profile="cmyk") if image.bands == 4 else image.colourspace("srgb")


@lru_cache(maxsize=16)
def _moves_colours(profile: bytes, bands: int) -> bool:
    """Whether the profile changes any of 4,096 colours visibly; False for one that does not work or does not fit."""
    sample = _sample(bands)
    before = sample.copy()
    sample.set_type(BLOB, PROFILE, profile)
    try:
        after = _converted(sample).copy_memory()
    except EngineError:
        return False
    return bands == 4 or (after.cast("short") - before).abs().max() > _UNSEEN_LEVELS


def _converted(image: Image, **options: str) -> Image:
    # Without compensation the black ink of a CMYK picture would be a dark grey.
    return image.icc_transform("srgb", embedded=True, black_point_compensation=True, **options)


def _sample(bands: int) -> Image:
    """Colours from all over the space, one a pixel."""
    levels = range(0, 256, 17)
    rgb = from_rows(bytes(level for colour in product(levels, repeat=3) for level in colour), 64)
    if bands == 1:
        return rgb.extract_band(0).copy(interpretation="b-w")
    if bands == 4:
        return rgb.bandjoin(0).copy(interpretation="cmyk")
    return rgb.copy()
