"""Colours of PNG without a profile, and the ground under clear parts; TIFF of kinds that are rare."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageDraw

from packager.model import RenditionSpec, Role
from packager.pictures.vips import edge_colour, finish_strip, probe, render_readable, start_strip
from packager.pictures.vips.colours import to_srgb
from packager.pictures.vips.salvage import read_picture
from tests.helpers.strips import fed

PAGE = RenditionSpec(Role.PAGE, width=2048, max_side=2048, max_pixels=2_097_152, quality=90)
Colour = tuple[int, ...]
SRGB_POINTS = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
ADOBE_POINTS = (31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)


def saved(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def said(picture: Image.Image, **chunks: bytes) -> bytes:
    """A PNG with these chunks behind its header."""
    data = saved(picture)
    made = (
        struct.pack(">I", len(body)) + name.encode() + body + struct.pack(">I", zlib.crc32(name.encode() + body))
        for name, body in chunks.items()
    )
    return data[:33] + b"".join(made) + data[33:]


def of_colour(colour: Colour, mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (16, 16), colour if len(colour) > 1 else colour[0])


def gamma(value: float) -> bytes:
    return struct.pack(">I", round(value * 100_000))


def points(numbers: tuple[int, ...]) -> bytes:
    return struct.pack(">8I", *numbers)


# On every screen a linear half is level 188, and the square of a half, 1/4, is 137 (IEC 61966-2-1). The red of sRGB is
# (219, 0, 0) in Adobe RGB (1998), and (234, 51, 35) in Display P3.
SAID: dict[str, tuple[bytes, Colour]] = {
    "gamma 1": (said(of_colour((128, 128, 128)), gAMA=gamma(1)), (188, 188, 188)),
    "gamma 1, grey": (said(of_colour((128,), "L"), gAMA=gamma(1)), (188, 188, 188)),
    "gamma 1, grey and alpha": (said(of_colour((128, 255), "LA"), gAMA=gamma(1)), (188, 188, 188)),
    "gamma 1, palette": (said(of_colour((128, 128, 128)).quantize(2), gAMA=gamma(1)), (188, 188, 188)),
    "gamma 2": (said(of_colour((128, 128, 128)), gAMA=gamma(0.5)), (137, 137, 137)),
    "gamma of old programs": (said(of_colour((20, 20, 20)), gAMA=gamma(0.45455)), (20, 20, 20)),
    "primaries and gamma": (said(of_colour((219, 0, 0)), gAMA=gamma(0.45455), cHRM=points(ADOBE_POINTS)), (255, 0, 0)),
    "primaries alone": (said(of_colour((219, 0, 0)), cHRM=points(ADOBE_POINTS)), (219, 0, 0)),
    "primaries on a line": (said(of_colour((219, 0, 0)), gAMA=gamma(1), cHRM=points((1,) * 8)), (219, 0, 0)),
    "sRGB beside gamma": (said(of_colour((128, 128, 128)), sRGB=b"\0", gAMA=gamma(1)), (128, 128, 128)),
    "Display P3 by numbers": (said(of_colour((234, 51, 35)), cICP=bytes((12, 13, 0, 1))), (255, 0, 0)),
    "sRGB by numbers": (said(of_colour((234, 51, 35)), cICP=bytes((1, 13, 0, 1))), (234, 51, 35)),
}


@pytest.mark.parametrize("what", SAID)
def test_a_png_without_a_profile_has_the_colours_that_it_says(what: str) -> None:
    """In pages and in strips, within two levels."""
    data, expected = SAID[what]
    shown = read_picture(data, lambda image: to_srgb(image).getpoint(8, 8))[0]
    assert [round(level) for level in shown] == pytest.approx(expected, abs=2)
    (strip,) = finish_strip(fed(start_strip(16, (PAGE,)), data, 0)[0])
    in_strip = Image.open(io.BytesIO(strip.data)).getpixel((8, 8))
    assert in_strip == pytest.approx(expected, abs=4)


def words(colour: Colour, ground: Colour = (0, 0, 0, 0), size: tuple[int, int] = (120, 160)) -> Image.Image:
    """Lines and a frame, as lettering has them."""
    picture = Image.new("RGBA", size, ground)
    draw = ImageDraw.Draw(picture)
    for top in range(20, 100, 12):
        draw.rectangle((20, top, 100, top + 4), fill=colour)
    draw.rectangle((10, 110, 110, 150), outline=colour, width=4)
    return picture


WHITE, BLACK, YELLOW = (255, 255, 255, 255), (0, 0, 0, 255), (255, 250, 180, 255)
BOTH = Image.alpha_composite(words(WHITE), words(BLACK).resize((60, 80)).resize((120, 160)))
GROUNDS = {
    "white words": (words(WHITE), BLACK),
    "light yellow words": (words(YELLOW), BLACK),
    "white words, grey and alpha": (words(WHITE).convert("LA"), BLACK),
    "black words": (words(BLACK), WHITE),
    "red words": (words((200, 0, 0, 255)), WHITE),
    "white and black words": (BOTH, WHITE),
    "white words on an opaque page": (words(WHITE, (30, 30, 90, 255)), (30, 30, 90)),
    "nothing": (Image.new("RGBA", (120, 160), (255, 255, 255, 0)), WHITE),
}


@pytest.mark.parametrize("what", GROUNDS)
def test_clear_parts_have_the_ground_on_which_what_is_drawn_shows(what: str) -> None:
    """Page by page; for strips the colour beside them too."""
    picture, ground = GROUNDS[what]
    ((page,), _) = render_readable(saved(picture), (PAGE,))
    assert Image.open(io.BytesIO(page.data)).getpixel((4, 4)) == pytest.approx(ground[:3], abs=6)
    beside = bytes.fromhex(edge_colour(saved(picture)).removeprefix("#"))
    assert list(beside) == pytest.approx(ground[:3], abs=6)


def test_a_tile_that_its_strip_would_hide_has_the_opposite_ground() -> None:
    """White words on clear in a strip whose other tiles are white."""
    (strip,) = finish_strip(fed(start_strip(120, (PAGE,), "#ffffff"), saved(words(WHITE)), 0)[0])
    assert Image.open(io.BytesIO(strip.data)).convert("L").getextrema() == pytest.approx((0, 255), abs=4)


def old_jpeg_tiff(picture: Image.Image) -> bytes:
    """A TIFF with a JPEG as version 6.0 had it (section 22): compression 6, and where the JPEG lies."""
    jpeg = saved(picture, "JPEG", quality=95)
    tags = [(256, 4, picture.width), (257, 4, picture.height), (258, 3, 8), (259, 3, 6), (262, 3, 6), (273, 4, 8)]
    tags += [(277, 3, 3), (278, 4, picture.height), (279, 4, len(jpeg)), (513, 4, 8), (514, 4, len(jpeg))]
    entries = b"".join(
        struct.pack("<HHI", tag, kind, 1)
        + struct.pack("<I" if kind == 4 else "<HH", *([value] if kind == 4 else [value, 0]))
        for tag, kind, value in tags
    )
    jpeg += bytes(len(jpeg) % 2)
    return b"II*\0" + struct.pack("<I", 8 + len(jpeg)) + jpeg + struct.pack("<H", len(tags)) + entries + bytes(4)


@pytest.mark.parametrize("kind", ["BigTIFF", "old JPEG"])
def test_rare_kinds_of_tiff_are_read(kind: str) -> None:
    """Of which one has another header, and libvips does not know the other."""
    picture = Image.new("RGB", (64, 96), (200, 30, 30))
    data = saved(picture, "TIFF", big_tiff=True) if kind == "BigTIFF" else old_jpeg_tiff(picture)
    assert (probe(data).width, probe(data).height, probe(data).frames) == (64, 96, 1)
    ((page,), loss) = render_readable(data, (PAGE,))
    assert loss == ""
    assert Image.open(io.BytesIO(page.data)).getpixel((30, 50)) == pytest.approx((200, 30, 30), abs=5)
