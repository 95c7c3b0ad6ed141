"""Strict decoding: a picture comes out whole, upright, opaque, 8 bits a channel, or DamagedPicture is raised."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from importlib import import_module
from itertools import islice

import PIL.Image

from packager.config import extras
from packager.errors import DamagedPicture
from packager.model import WHITE, Header
from packager.pictures.vips.colours import PROFILE, on_ground
from packager.pictures.vips.engine import BLOB, Image, strictly
from packager.pictures.vips.formats import Kind, check_whole, film_frames, kind_of, tiff_pages
from packager.pictures.vips.mending import mend
from packager.pictures.vips.png_profile import profile_of
from packager.sandbox.limits import LIMITS

# TIFF and the rest through libvips: it found more damage than Pillow in all of them. GIF and BMP through Pillow:
# libvips takes zeroed bytes in a GIF for a picture, and has no BMP.
LOADERS = {
    Kind.JPEG: Image.jpegload_buffer,
    Kind.PNG: Image.pngload_buffer,
    Kind.WEBP: Image.webpload_buffer,
    Kind.AVIF: Image.heifload_buffer,
    Kind.TIFF: Image.tiffload_buffer,
}
_ROW_BY_ROW = (Kind.JPEG, Kind.PNG)  # those not interlaced; a TIFF may be one piece

# What Pillow reads with a package that not everybody has. pi-heif decodes only: what encodes HEVC is under the GPL. The
# JPEG XL plug-in for Pillow that most know is, too.
_PLUGINS = {Kind.HEIC: ("pi_heif", "register_heif_opener", "heic"), Kind.JXL: ("pylibjxl", "register_pillow", "jxl")}

_SIXTEEN_BIT = {"grey16": "b-w", "rgb16": "srgb"}
_CHANNELS = {"b-w": (1, 2), "srgb": (3, 4), "cmyk": (4,)}  # without and with alpha


def probe(data: bytes) -> Header:
    """Return the header alone; DamagedPicture for what is no picture of a kind that is read or has too many pixels."""
    try:
        header = _header(data)
    except DamagedPicture:
        header = _header(mend(data).data)
    if header.format != Kind.TIFF:  # whose pictures are pages, not the steps of a film
        _check_frames(header)
    return header


def open_picture(data: bytes, background: str = WHITE, page: int = 0) -> Image:
    """Return the picture upright and opaque, 8 bits a channel, in its own colours (grey, RGB or CMYK).

    Clear parts show the `background`, or its opposite where that would hide what is drawn. Of a TIFF it is the
    `page`, counted from 0. Rows are decoded as they are asked for, from the top, once: read them inside
    `strictly()`. Raises DamagedPicture.
    """
    kind = kind_of(data)
    check_whole(kind, data)

    def opened() -> Image:
        return open_with_vips(data, kind, page) if kind in LOADERS else open_with_pillow(data, kind)

    return prepared(opened(), background, lambda: with_eight_bits(opened()))


def prepared(image: Image, background: str, again: Callable[[], Image] | None = None) -> Image:
    """Return what a decoder gave upright and opaque, 8 bits a channel; see `on_ground` for `again`."""
    with strictly():
        image = on_ground(with_eight_bits(image), background, again)
        if _orientation(image) > 1:
            image = image.copy_memory().autorot()  # turning asks for rows out of order
    return image


def open_with_vips(data: bytes, kind: Kind, page: int = 0, fail_on: str = "warning") -> Image:
    """Return the picture as libvips decodes it, failing at what is as bad as `fail_on`."""
    options = {"page": _directory(data, page)} if kind is Kind.TIFF else {}
    with strictly():
        image = LOADERS[kind](data, access="sequential", fail_on=fail_on, **options)
    is_row_by_row = kind in _ROW_BY_ROW and not image.get_typeof("interlaced") and _orientation(image) == 1
    check_size(image, LIMITS.strip_pixels if is_row_by_row else LIMITS.frame_pixels)
    if kind is Kind.PNG and not image.get_typeof(PROFILE) and (profile := profile_of(data)):
        image = image.copy()
        image.set_type(BLOB, PROFILE, profile)
    return image


def open_with_pillow(data: bytes, kind: Kind, page: int = 0) -> Image:
    """Return the first frame, or that `page`, as Pillow decodes it, whole in memory."""
    with _pillow(data, kind) as picture:
        picture.seek(_directory(data, page) if kind is Kind.TIFF else 0)
        mode, size = "RGBA" if picture.has_transparency_data else "RGB", picture.size
        pixels = (picture if picture.mode == mode else picture.convert(mode)).tobytes()
        profile = picture.info.get("icc_profile")
    # Only now, with Pillow's own pixels given back: those of large pictures do not fit into memory twice.
    image = Image.new_from_memory(pixels, *size, len(mode), "uchar").copy(interpretation="srgb")
    if profile:
        image.set_type(BLOB, PROFILE, profile)
    return image


def _directory(data: bytes, page: int) -> int:
    """The number of the directory that is that page of a TIFF."""
    return next(islice(tiff_pages(data), page, None), (page,))[0]


def with_eight_bits(image: Image) -> Image:
    """Return the picture with 8 bits a channel; DamagedPicture where its colours are of a kind that is not read."""
    if image.interpretation in _SIXTEEN_BIT:
        image = image.cast("uchar", shift=True).copy(interpretation=_SIXTEEN_BIT[image.interpretation])
    if image.format != "uchar" or image.bands not in _CHANNELS.get(image.interpretation, ()):
        raise DamagedPicture(
            f"its colours are of a kind that is not read ({image.interpretation}, {image.format})",
            hint="Save it as PNG or JPEG.",
        )
    return image


def _header(data: bytes) -> Header:
    kind = kind_of(data)
    if kind in LOADERS:
        image = open_with_vips(data, kind)
        width, height = (image.height, image.width) if _orientation(image) >= 5 else (image.width, image.height)
        header = Header(width, height, kind.value, max(film_frames(kind, data), image.get_n_pages()))
        if kind is Kind.TIFF:
            sizes = [(width, height) for _, width, height in tiff_pages(data)]
            header = replace(header, frames=max(1, len(sizes)), more_pages=tuple(sizes[1:]))
    else:
        with _pillow(data, kind) as picture:
            header = Header(picture.width, picture.height, kind.value, getattr(picture, "n_frames", 1))
    return header


@contextmanager
def _pillow(data: bytes, kind: Kind) -> Iterator[PIL.Image.Image]:
    try:
        _load_plugin(kind)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with PIL.Image.open(io.BytesIO(data), formats=[kind]) as picture:
                check_size(picture)
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


def check_size(image: Image | PIL.Image.Image, most_pixels: int = LIMITS.frame_pixels) -> None:
    """Raise DamagedPicture where a picture has more pixels than are decoded."""
    width, height = image.width, image.height
    if max(width, height) > LIMITS.side_pixels:
        raise DamagedPicture(
            f"too long: {width} x {height} pixels, and no side may have more than {LIMITS.side_pixels}",
            hint="Cut it into several pictures.",
        )
    if width * height > most_pixels:
        raise DamagedPicture(
            f"too large: {width} x {height} pixels, more than {most_pixels // 1_000_000} megapixels",
            hint="Cut it into several pictures.",
        )


def _orientation(image: Image) -> int:
    return image.get("orientation") if image.get_typeof("orientation") else 1
