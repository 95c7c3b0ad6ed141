"""Kinds of picture that phones and new programs save, films among them, and what is said where they cannot be read."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import numpy
import pylibjxl
import pytest
from PIL import Image

from packager.errors import DamagedPicture
from packager.pictures.vips import decode, probe, render_picture
from packager.pictures.vips.decode import open_picture
from packager.pictures.vips.formats import Kind
from tests.helpers.books import jpeg
from tests.pictures.test_images import (
    BLUE,
    GREEN,
    PAGE,
    RED,
    WHITE,
    corners,
    page_of,
    profile_with_red_and_green_swapped,
    quarters,
    saved,
    seen,
)

UPRIGHT = [RED, GREEN, BLUE, WHITE]


def heic(folder: Path, **options: Any) -> bytes:
    """What a phone saves."""
    corners().save(folder / "a.png", **options)
    subprocess.run(["heif-enc", "-q", "90", "-o", folder / "a.heic", folder / "a.png"], check=True, capture_output=True)
    return (folder / "a.heic").read_bytes()


def jxl(picture: Image.Image) -> bytes:
    """A JPEG XL of one picture."""
    return bytes(pylibjxl.encode(numpy.asarray(picture), lossless=True))


@pytest.mark.needs("heif-enc")
def test_a_heic_is_read_and_its_damage_seen(tmp_path: Path) -> None:
    """In its colours; cut anywhere it is refused."""
    data = heic(tmp_path)
    assert (probe(data).width, probe(data).height, probe(data).format) == (64, 96, "HEIF")
    assert quarters(seen(page_of(data))) == UPRIGHT
    for length in Random(1).sample(range(20, len(data)), 20):
        with pytest.raises(DamagedPicture):
            render_picture(data[:length], (PAGE,))


@pytest.mark.needs("heif-enc")
def test_the_profile_of_a_heic_is_obeyed(tmp_path: Path) -> None:
    """Phones save wider colours than sRGB."""
    data = heic(tmp_path, icc_profile=profile_with_red_and_green_swapped())
    assert quarters(seen(page_of(data))) == [GREEN, RED, BLUE, WHITE]


def test_a_jpeg_xl_is_read_and_its_damage_seen() -> None:
    """As a codestream and in a container, one that holds a JPEG too."""
    data = jxl(corners())
    assert (probe(data).width, probe(data).height, probe(data).format) == (64, 96, "JXL")
    assert quarters(seen(page_of(data))) == UPRIGHT
    contained = bytes(pylibjxl.jpeg_to_jxl(jpeg()))
    assert open_picture(contained).width == 300
    for length in Random(1).sample(range(20, len(data)), 20):
        with pytest.raises(DamagedPicture):
            render_picture(data[:length], (PAGE,))


@pytest.mark.parametrize(
    ("kind", "module", "head"),
    [(Kind.HEIC, "pi_heif", b"\0\0\0\x18ftypheic"), (Kind.JXL, "pylibjxl", b"\xff\x0a")],
)
def test_without_its_package_a_kind_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, kind: Kind, module: str, head: bytes
) -> None:
    """In the one line that stands in the report."""
    decode._load_plugin.cache_clear()
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(DamagedPicture, match=rf"{kind} pictures need a further package: run  pip install"):
        probe(head + bytes(100))


# Films


@pytest.mark.parametrize(("kind", "frames"), [("GIF", 3), ("WEBP", 3), ("PNG", 3), ("TIFF", 3), ("AVIF", 3)])
def test_films_and_files_of_many_pictures_are_counted(kind: str, frames: int) -> None:
    """The first is shown, and the report says how many there are."""
    others = [Image.new("RGB", (64, 96), colour) for colour in (GREEN, BLUE)]
    data = saved(Image.new("RGB", (64, 96), RED), kind, save_all=True, append_images=others)
    assert probe(data).frames == frames
    assert quarters(seen(page_of(data))) == [RED] * 4


def film(frames: int, side: int) -> bytes:
    """A small GIF of many large pictures: all but the first leave everything as it is."""
    file = io.BytesIO()
    Image.new("P", (side, side)).save(file, "GIF")
    first = file.getvalue()
    step = b",\0\0\0\0\1\0\1\0\0\2\2D\1\0"
    return first[:-1] + step * (frames - 1) + b";"


def test_a_film_that_would_take_minutes_is_refused_by_its_header() -> None:
    """3,000 pictures of a megapixel in 70 KB."""
    data = film(3000, 1000)
    assert len(data) < 70_000
    with pytest.raises(DamagedPicture, match="a film of 3000 pictures, 3000 megapixels in all"):
        probe(data)
    assert probe(film(900, 1000)).frames == 900
