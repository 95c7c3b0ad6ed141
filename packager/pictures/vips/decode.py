"""Strict decoding: a picture comes out whole, upright, opaque, 8 bits a channel, or DamagedPicture is raised."""

from __future__ import annotations

import io
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib import import_module
from itertools import product

import PIL.Image

from packager.config import extras
from packager.errors import DamagedPicture
from packager.model import WHITE, Header
from packager.pictures.vips.engine import BLOB, EngineError, Image, from_rows, strictly
from packager.pictures.vips.formats import Kind, check_whole, film_frames, kind_of
from packager.sandbox.limits import LIMITS

_PROFILE = "icc-profile-data"
_UNSEEN_LEVELS = 2  # the many profiles called sRGB differ by this much, through rounding

# TIFF and the rest through libvips: it found more damage than Pillow in all of them. GIF and BMP through Pillow:
# libvips takes zeroed bytes in a GIF for a picture, and has no BMP.
_LOADERS = {
    Kind.JPEG: Image.jpegload_buffer,
    Kind.PNG: Image.pngload_buffer,
    Kind.WEBP: Image.webpload_buffer,
    Kind.AVIF: Image.heifload_buffer,
    Kind.TIFF: Image.tiffload_buffer,
}

# What Pillow reads with a package that not everybody has. pi-heif decodes only: what encodes HEVC is under the GPL. The
# JPEG XL plug-in for Pillow that most know is, too.
_PLUGINS = {Kind.HEIC: ("pi_heif", "register_heif_opener", "heic"), Kind.JXL: ("pylibjxl", "register_pillow", "jxl")}

_SIXTEEN_BIT = {"grey16": "b-w", "rgb16": "srgb"}
_CHANNELS = {"b-w": (1, 2), "srgb": (3, 4), "cmyk": (4,)}  # without and with alpha


def probe(data: bytes) -> Header:
    """Return the header alone; DamagedPicture for what is no picture of a kind that is read or has too many pixels."""
    kind = kind_of(data)
    if kind in _LOADERS:
        image = _open_with_vips(data, kind)
        width, height = (image.height, image.width) if _orientation(image) >= 5 else (image.width, image.height)
        header = Header(width, height, kind.value, max(film_frames(kind, data), image.get_n_pages()))
    else:
        with _pillow(data, kind) as picture:
            header = Header(picture.width, picture.height, kind.value, getattr(picture, "n_frames", 1))
    if kind is not Kind.TIFF:  # whose pictures are pages, not the steps of a film
        _check_frames(header)
    return header


def open_picture(data: bytes, background: str = WHITE) -> Image:
    """Return the picture upright and on `background`, 8 bits a channel, in its own colours (grey, RGB or CMYK).

    Rows are decoded as they are asked for, from the top, once: read them inside `strictly()`. Raises DamagedPicture.
    """
    kind = kind_of(data)
    check_whole(kind, data)
    image = _open_with_vips(data, kind) if kind in _LOADERS else _open_with_pillow(data, kind)
    with strictly():
        image = _flattened(_with_eight_bits(image), background)
        if _orientation(image) > 1:
            image = image.copy_memory().autorot()  # turning asks for rows out of order
    return image


def to_srgb(image: Image) -> Image:
    """Return the picture in sRGB, three channels, by its embedded profile where it has a working one.

    Only where that changes its colours: a needless conversion costs as much as decoding the picture.
    """
    profile = bytes(image.get(_PROFILE)) if image.get_typeof(_PROFILE) else b""
    if profile and _moves_colours(profile, image.bands):
        return _converted(image)
    if image.interpretation == "srgb":
        return image
    if profile:
        image = image.copy()
        image.remove(_PROFILE)
    return _converted(image, input_profile="cmyk") if image.bands == 4 else image.colourspace("srgb")


def edge_colour(data: bytes) -> str:
    """Return the commonest colour of the left and right edges of a picture, as `#rrggbb`; raises DamagedPicture."""
    with strictly():
        image = to_srgb(open_picture(data))
        edges = image.crop(0, 0, 1, image.height).join(image.crop(image.width - 1, 0, 1, image.height), "horizontal")
        pixels = bytes(edges.write_to_memory())
    colours = list(zip(pixels[0::3], pixels[1::3], pixels[2::3], strict=True))
    # Noise spreads one colour over neighbours: count in boxes of 16 levels, then take the box's own median.
    boxes = Counter(tuple(level >> 4 for level in colour) for colour in colours)
    commonest = max(boxes, key=lambda box: (boxes[box], box))
    inside = sorted(colour for colour in colours if tuple(level >> 4 for level in colour) == commonest)
    return "#" + bytes(inside[len(inside) // 2]).hex()


def parse_colour(colour: str) -> list[int]:
    """Return red, green and blue, 0 to 255, of `#rrggbb`."""
    return list(bytes.fromhex(colour.removeprefix("#")))


def _open_with_vips(data: bytes, kind: Kind) -> Image:
    with strictly():
        image = _LOADERS[kind](data, access="sequential", fail_on="warning")
    _check_size(image.width, image.height)
    return image


def _open_with_pillow(data: bytes, kind: Kind) -> Image:
    """The first frame, whole in memory."""
    with _pillow(data, kind) as picture:
        mode, size = "RGBA" if picture.has_transparency_data else "RGB", picture.size
        pixels = (picture if picture.mode == mode else picture.convert(mode)).tobytes()
        profile = picture.info.get("icc_profile")
    # Only now, with Pillow's own pixels given back: those of large pictures do not fit into memory twice.
    image = Image.new_from_memory(pixels, *size, len(mode), "uchar").copy(interpretation="srgb")
    if profile:
        image.set_type(BLOB, _PROFILE, profile)
    return image


@contextmanager
def _pillow(data: bytes, kind: Kind) -> Iterator[PIL.Image.Image]:
    try:
        _load_plugin(kind)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with PIL.Image.open(io.BytesIO(data), formats=[kind]) as picture:
                _check_size(picture.width, picture.height)
                yield picture
    except (DamagedPicture, MemoryError):
        raise
    except Exception as error:  # Pillow's decoders let SyntaxError, struct.error, KeyError and more escape
        raise DamagedPicture(f"damaged or cut short ({error})") from error


@cache
def _load_plugin(kind: Kind) -> None:
    """Teach Pillow to read a kind; DamagedPicture, with what to install, where the package is missing."""
    if kind not in _PLUGINS:
        return
    module, register, extra = _PLUGINS[kind]
    try:
        getattr(import_module(module), register)()
    except ImportError as error:
        package = " ".join(extras.PACKAGES[extra])
        raise DamagedPicture(
            f"{kind} pictures need a further package: run  pip install {package}  or save it as JPEG"
        ) from error


def _check_frames(header: Header) -> None:
    pixels = header.width * header.height * header.frames
    if header.frames > LIMITS.frames or pixels > LIMITS.all_frames_pixels:
        raise DamagedPicture(
            f"a film of {header.frames} pictures, {pixels // 1_000_000} megapixels in all: too much to be one picture",
            hint="Save the one that is meant as PNG or JPEG.",
        )


def _check_size(width: int, height: int) -> None:
    if max(width, height) > LIMITS.side_pixels:
        raise DamagedPicture(
            f"too long: {width} x {height} pixels, and no side may have more than {LIMITS.side_pixels}",
            hint="Cut it into several pictures.",
        )
    if width * height > LIMITS.frame_pixels:
        raise DamagedPicture(
            f"too large: {width} x {height} pixels, more than {LIMITS.frame_pixels // 1_000_000} megapixels",
            hint="Cut it into several pictures.",
        )


def _with_eight_bits(image: Image) -> Image:
    if image.interpretation in _SIXTEEN_BIT:
        image = image.cast("uchar", shift=True).copy(interpretation=_SIXTEEN_BIT[image.interpretation])
    if image.format != "uchar" or image.bands not in _CHANNELS.get(image.interpretation, ()):
        raise DamagedPicture(
            f"its colours are of a kind that is not read ({image.interpretation}, {image.format})",
            hint="Save it as PNG or JPEG.",
        )
    return image


def _flattened(image: Image, background: str) -> Image:
    if not image.hasalpha():
        return image
    if image.bands == 2:
        image = image.colourspace("srgb")  # the background may be a colour
    return image.flatten(background=parse_colour(background))


def _orientation(image: Image) -> int:
    return image.get("orientation") if image.get_typeof("orientation") else 1


@lru_cache(maxsize=16)
def _moves_colours(profile: bytes, bands: int) -> bool:
    """Whether the profile changes any of 4,096 colours visibly; False for one that does not work or does not fit."""
    sample = _sample(bands)
    before = sample.copy()
    sample.set_type(BLOB, _PROFILE, profile)
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
