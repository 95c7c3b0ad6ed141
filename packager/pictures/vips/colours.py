"""The colours of a picture: by its profile, by what a PNG says in its place, and the ground under clear parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from itertools import product

from packager.model import WHITE
from packager.pictures.vips.engine import BLOB, EngineError, Image, from_rows

BLACK = "#000000"
PROFILE = "icc-profile-data"
_SPACE = slice(16, 20)  # of a profile (ICC.1:2022, 7.2.8)
_UNSEEN_LEVELS = 2  # the many profiles called sRGB differ by this much, through rounding

_OPAQUE = 0.95 * 255  # on average: clear corners need no ground of their own
_NEAR = 64  # levels of luminance from the ground: what is hidden on it
_MOST_HIDDEN = 0.5  # of what is drawn; more asks for the other ground,
_LEAST_HIDDEN = 0.02  # unless so much would be hidden on that one
_MEAN = 4  # the column of the statistics of libvips
_MOST_WEIGHED = 40_000_000  # pixels that are held in memory to look at them twice: 160 MB


def to_srgb(image: Image) -> Image:
    """Return the picture in sRGB, three channels, by its embedded profile where it has a working one.

    Only where that changes its colours: a needless conversion costs as much as decoding the picture.
    """
    profile = bytes(image.get(PROFILE)) if image.get_typeof(PROFILE) else b""
    if image.interpretation == "b-w" and profile[_SPACE] == b"RGB ":
        image = image.colourspace("srgb")
    if profile and _moves_colours(profile, image.bands - image.hasalpha()):
        return _converted(image)
    if image.interpretation == "srgb":
        return image
    if profile:
        image = image.copy()
        image.remove(PROFILE)
    return _converted(image, input_profile="cmyk") if image.bands == 4 else image.colourspace("srgb")


def on_ground(image: Image, preferred: str, again: Callable[[], Image] | None = None) -> Image:
    """Return the picture without clear parts: on the `preferred` colour, or where that would hide it on its opposite.

    White words on clear show on black, dark ones on white. One too large to be looked at twice in memory is opened
    `again`, or has the preferred colour.
    """
    if not image.hasalpha():
        return image
    if image.width * image.height <= _MOST_WEIGHED:
        image = image.copy_memory()
        preferred = _ground(image, preferred)
    elif again:
        preferred = _ground(again(), preferred)
    background = parse_colour(preferred)
    if image.bands == 2 and len(set(background)) > 1:
        image = to_srgb(image)
    return image.flatten(background=background[: image.bands - 1])


def commonest_colour(pixels: bytes) -> str:
    """Return the commonest of these colours, three bytes each, as `#rrggbb`."""
    colours = list(zip(pixels[0::3], pixels[1::3], pixels[2::3], strict=True))
    # Noise spreads one colour over neighbours: count in boxes of 16 levels, then take the box's own median.
    boxes = Counter(tuple(level >> 4 for level in colour) for colour in colours)
    commonest = max(boxes, key=lambda box: (boxes[box], box))
    inside = sorted(colour for colour in colours if tuple(level >> 4 for level in colour) == commonest)
    return "#" + bytes(inside[len(inside) // 2]).hex()


def parse_colour(colour: str) -> list[int]:
    """Return red, green and blue, 0 to 255, of `#rrggbb`."""
    return list(bytes.fromhex(colour.removeprefix("#")))


def _ground(image: Image, preferred: str) -> str:
    """The colour on which what is drawn shows; the rows are read once."""
    opposite = BLACK if _luminance(preferred) >= 128 else WHITE
    alpha = image.extract_band(image.bands - 1)
    grey = image.extract_band(0) if image.bands == 2 else image.extract_band(0, n=3).colourspace("b-w")
    near = [((grey - _luminance(ground)).abs() < _NEAR) & alpha for ground in (preferred, opposite)]
    measured = alpha.bandjoin(near).stats()
    drawn, hidden, hidden_on_opposite = (measured.getpoint(_MEAN, band)[0] for band in (1, 2, 3))
    if not 0 < drawn < _OPAQUE:
        return preferred
    is_better = hidden > _MOST_HIDDEN * drawn and hidden_on_opposite < _LEAST_HIDDEN * drawn
    return opposite if is_better else preferred


def _luminance(colour: str) -> float:
    red, green, blue = parse_colour(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


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
