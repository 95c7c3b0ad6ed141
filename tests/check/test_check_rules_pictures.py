"""PNG and GIF, walked to their last byte."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from packager.check.pictures import picture_facts
from tests.helpers.defects import chunk

PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
SIZES = ((1, 1), (2, 9), (7, 5), (33, 17), (100, 3))
MODES = ("1", "L", "P", "RGB", "RGBA", "LA", "I;16")


def noise(mode: str, width: int, height: int) -> Image.Image:
    grey = Image.frombytes("L", (width, height), random.Random(width).randbytes(width * height))
    return Image.new(mode, (width, height), 7) if mode == "I;16" else grey.convert(mode)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("mode", MODES)
def test_sound_pngs_of_every_kind_and_size_are_whole(mode: str) -> None:
    """The bytes that the rows must have are counted right whatever the depth and the channels."""
    for width, height in SIZES:
        facts = picture_facts(saved(noise(mode, width, height), "PNG"))
        assert (facts.error, facts.width, facts.height) == ("", width, height)


def interlaced(picture: Image.Image) -> bytes:
    """A grey PNG by Adam7, which Pillow reads and does not write."""
    width, height = picture.size
    rows = b""
    for left, top, across, down in PASSES:
        for y in range(top, height, down):
            row = bytes(picture.getpixel((x, y)) for x in range(left, width, across))  # type: ignore[misc]
            rows += b"\0" + row if row else b""
    header = struct.pack(">LL5B", width, height, 8, 0, 0, 0, 1)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_interlaced_pngs_are_whole(size: tuple[int, int]) -> None:
    """Each of the seven passes has rows of its own, and the small ones have none."""
    assert picture_facts(interlaced(noise("L", *size))).error == ""


@pytest.mark.parametrize("mode", ["L", "P", "RGB"])
def test_sound_gifs_are_whole(mode: str) -> None:
    """However many colours; what shows several pictures is whole, and not of the one form."""
    for width, height in SIZES:
        first = noise(mode, width, height)
        facts = picture_facts(saved(first, "GIF"))
        assert (facts.error, facts.problems) == ("", ())
        other = Image.new("RGB", (width, height), "red")
        several = picture_facts(saved(first, "GIF", save_all=True, append_images=[other], duration=50, loop=0))
        assert (several.error, bool(several.problems)) == ("", True)


@settings(deadline=None)
@given(st.sampled_from(["PNG", "GIF"]), st.floats(0, 0.99), st.binary(max_size=4))
def test_a_picture_cut_anywhere_is_damaged(kind: str, share: float, instead: bytes) -> None:
    """Whatever stands where the rest was."""
    whole = saved(noise("RGB", 60, 40), kind)
    cut = whole[: 13 + int((len(whole) - 14) * share)] + instead
    assert picture_facts(cut).error or cut == whole


@settings(deadline=None)
@given(st.sampled_from([b"\x89PNG\r\n\x1a\n", b"GIF89a", saved(noise("P", 9, 9), "GIF")]), st.binary(max_size=90))
def test_no_bytes_stop_the_walk(beginning: bytes, rest: bytes) -> None:
    """What makes no sense is an error of the picture, never of the checker."""
    assert picture_facts(beginning + rest).size_bytes == len(beginning) + len(rest)


@pytest.mark.parametrize("colour", ["white", "black", "#f8f4ec", "#7a3b12"])
@pytest.mark.parametrize("quality", [20, 95])
def test_a_page_of_one_colour_is_known(colour: str, quality: int) -> None:
    """Whatever the encoder made of it; a small mark in it makes it a picture."""
    page = Image.new("RGB", (300, 400), colour)
    assert picture_facts(saved(page, "JPEG", quality=quality)).is_plain
    page.paste((120, 200, 90), (140, 200, 164, 224))
    assert not picture_facts(saved(page, "JPEG", quality=quality)).is_plain


def test_an_animation_that_begins_empty_is_no_empty_page() -> None:
    """Its other pictures are seen as well."""
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("white", "red")]
    assert not picture_facts(saved(frames[0], "GIF", save_all=True, append_images=frames[1:])).is_plain
