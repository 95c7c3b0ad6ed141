"""Damaged pictures: faults that touch no pixel are passed over, and of others what can be shown is shown on demand."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageDraw

from packager.errors import DamagedPicture
from packager.model import RenditionSpec, Role
from packager.pictures.vips import (
    feed_strip,
    finish_strip,
    probe,
    render_picture,
    render_readable,
    start_strip,
)
from packager.pictures.vips.engine import Image as VipsImage

PAGE = RenditionSpec(Role.PAGE, width=2048, max_side=2048, max_pixels=2_097_152, quality=90)
SIZE = (160, 240)
GREY = 128


def drawn() -> Image.Image:
    """A picture of noise between its lines, so that each row of it can be lost and no part of it is grey."""
    noise = Image.frombytes("L", SIZE, random.Random(0).randbytes(SIZE[0] * SIZE[1])).point(lambda level: level // 3)
    picture = Image.merge("RGB", (noise, noise.point(lambda level: level + 20), noise))
    ImageDraw.Draw(picture).ellipse((20, 20, 140, 220), outline=(250, 240, 230), width=9)
    return picture


def saved(kind: str, picture: Image.Image | None = None, **options: Any) -> bytes:
    buffer = io.BytesIO()
    (picture or drawn()).save(buffer, kind, **options)
    return buffer.getvalue()


def interlaced() -> bytes:
    pixels = VipsImage.new_from_memory(drawn().tobytes(), *SIZE, 3, "uchar").copy(interpretation="srgb")
    return bytes(pixels.pngsave_buffer(interlace=True))


def with_at(data: bytes, place: int, inserted: bytes) -> bytes:
    return data[:place] + inserted + data[place:]


def with_wrong_byte(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def chunks(data: bytes) -> list[tuple[bytes, int, int]]:
    """Names of the chunks of a PNG, and where each begins and ends."""
    found, position = [], 8
    while position < len(data):
        (length,) = struct.unpack_from(">I", data, position)
        found.append((data[position + 4 : position + 8], position, position + 12 + length))
        position += 12 + length
    return found


def with_wrong_sum(data: bytes, name: bytes) -> bytes:
    """A PNG in which the checksum of the last chunk of that name is wrong."""
    end = [end for kind, _, end in chunks(data) if kind == name][-1]
    return with_wrong_byte(data, end - 1)


def with_wrong_adler(data: bytes) -> bytes:
    """A PNG in which the sum at the end of its pixels is wrong, and the checksum around it right."""
    *_, (start, end) = ((start, end) for kind, start, end in chunks(data) if kind == b"IDAT")
    body = with_wrong_byte(data[start + 4 : end - 4], end - start - 9)
    return data[: start + 4] + body + struct.pack(">I", zlib.crc32(body)) + data[end:]


JPEG = saved("JPEG", quality=90)
PNG = saved("PNG", dpi=(300, 300))
WEBP = saved("WEBP", quality=90)
GIF = saved("GIF", drawn().quantize(64), interlace=0)
INTERLACED_GIF = saved("GIF", drawn().quantize(64), interlace=1)
FILM = saved("GIF", drawn().quantize(64), interlace=0, save_all=True, append_images=[drawn().rotate(180).quantize(64)])
EXIF = b"Exif\0\0II*\0" + bytes(300)

WITHOUT_LOSS: dict[str, tuple[bytes, bytes]] = {  # with the fault, and without
    "JPEG without its end": (JPEG[:-2], JPEG),
    "JPEG with bytes before a table": (with_at(JPEG, JPEG.index(b"\xff\xdb"), bytes(18)), JPEG),
    "JPEG of another version": (JPEG[:11] + b"\3\1" + JPEG[13:], JPEG),
    "JPEG that begins twice": (b"\xff\xd8" + JPEG, JPEG),
    "JPEG with a reserved marker": (with_at(JPEG, JPEG.index(b"\xff\xdb"), b"\xff\x05"), JPEG),
    "JPEG behind blank lines": (b"\r\n\r\n" + JPEG, JPEG),
    "JPEG with another page behind it": (JPEG + b"<html>" * 40, JPEG),
    "JPEG padded with zeros": (JPEG + bytes(4096), JPEG),
    "progressive JPEG without its end": (saved("JPEG", progressive=True)[:-2], saved("JPEG", progressive=True)),
    "PNG with a wrong sum of its density": (with_wrong_sum(PNG, b"pHYs"), PNG),
    "PNG with a wrong sum of its pixels": (with_wrong_sum(PNG, b"IDAT"), PNG),
    "PNG with a wrong sum inside its pixels": (with_wrong_adler(PNG), PNG),
    "PNG with a wrong sum of its end": (with_wrong_sum(PNG, b"IEND"), PNG),
    "PNG without its end": (PNG[:-12], PNG),
    "PNG cut in the sum of its pixels": (PNG[:-14], PNG),
    "interlaced PNG without its end": (interlaced()[:-12], interlaced()),
    "PNG behind a byte order mark": (b"\xef\xbb\xbf" + PNG, PNG),
    "WebP that says it is longer": (WEBP[:4] + struct.pack("<I", len(WEBP) - 7) + WEBP[8:], WEBP),
    "WebP that says it is empty": (WEBP[:4] + bytes(4) + WEBP[8:], WEBP),
    "WebP cut in what is said about it": (saved("WEBP", quality=90, exif=EXIF)[:-90], WEBP),
    "GIF without its end": (GIF[:-1], GIF),
    "GIF cut in its second picture": (FILM[: len(FILM) * 9 // 10], FILM),
}


@pytest.mark.parametrize("fault", WITHOUT_LOSS)
def test_what_touches_no_pixel_is_no_damage(fault: str) -> None:
    """The picture comes out as from the sound file, in a page and in a strip."""
    faulty, sound = WITHOUT_LOSS[fault]
    assert (probe(faulty).width, probe(faulty).height) == SIZE
    assert render_picture(faulty, (PAGE,)) == render_picture(sound, (PAGE,))
    strips = [feed_strip(start_strip(SIZE[0], (PAGE,)), data, 0) for data in (faulty, sound)]
    assert strips[0] == strips[1]
    assert [loss for _, loss in strips] == ["", ""]


def cut(data: bytes, percent: int = 50) -> bytes:
    return data[: len(data) * percent // 100]


WITH_LOSS: dict[str, tuple[bytes, range]] = {  # and the percentage of its rows that is shown at least and at most
    "JPEG": (cut(JPEG), range(40, 60)),
    "JPEG with restarts": (cut(saved("JPEG", quality=90, restart_marker_rows=1)), range(40, 60)),
    "grey JPEG": (cut(saved("JPEG", drawn().convert("L"))), range(40, 60)),
    "CMYK JPEG": (cut(saved("JPEG", drawn().convert("CMYK"))), range(40, 60)),
    "PNG": (cut(PNG), range(40, 60)),
    "PNG with its end in zeros": (cut(PNG) + bytes(len(PNG) // 2), range(40, 60)),
    "PNG with clear parts": (cut(saved("PNG", drawn().convert("RGBA"))), range(40, 60)),
    "PNG with a palette": (cut(saved("PNG", drawn().quantize(32))), range(40, 60)),
    "grey PNG": (cut(saved("PNG", drawn().convert("L"))), range(40, 60)),
    "WebP": (cut(WEBP, 80), range(50, 85)),
    "WebP with its end in zeros": (cut(WEBP, 70) + bytes(len(WEBP) * 3 // 10), range(40, 75)),
    "lossless WebP": (cut(saved("WEBP", lossless=True), 80), range(50, 85)),
    "GIF": (cut(GIF), range(40, 60)),
    "first picture of a GIF": (cut(FILM, 25), range(40, 60)),
}
BLURRED = {
    "progressive JPEG": cut(saved("JPEG", progressive=True), 70),
    "progressive JPEG without its last scan": saved("JPEG", progressive=True).rpartition(b"\xff\xda")[0],
    "interlaced PNG": cut(interlaced(), 70),
    "interlaced GIF": cut(INTERLACED_GIF, 70),
    "JPEG with a hole": cut(JPEG) + JPEG[len(JPEG) // 2 + 300 :],
    "PNG with both sums of its pixels wrong": with_wrong_sum(with_wrong_adler(PNG), b"IDAT"),
}


@pytest.mark.parametrize("kind", [*WITH_LOSS, *BLURRED])
def test_a_picture_that_lost_rows_is_damaged(kind: str) -> None:
    """Unless somebody asks for what is left of it."""
    damaged = WITH_LOSS[kind][0] if kind in WITH_LOSS else BLURRED[kind]
    with pytest.raises(DamagedPicture):
        render_picture(damaged, (PAGE,))
    with pytest.raises(DamagedPicture):
        feed_strip(start_strip(SIZE[0], (PAGE,)), damaged, 0)


def rows_like(picture: Image.Image, other: Image.Image, most: int) -> list[bool]:
    """Of each row whether no level differs by more than `most` on average."""
    pairs = zip(_rows(picture), _rows(other), strict=True)
    return [sum(abs(a - b) for a, b in zip(*pair, strict=True)) <= most * len(pair[0]) for pair in pairs]


def _rows(picture: Image.Image) -> list[bytes]:
    data, length = picture.convert("RGB").tobytes(), 3 * picture.width
    return [data[start : start + length] for start in range(0, len(data), length)]


@pytest.mark.parametrize("kind", WITH_LOSS)
def test_rows_that_can_be_shown_are_shown_above_grey(kind: str) -> None:
    """As the sound picture has them, and the share that is said is true."""
    damaged, share = WITH_LOSS[kind]
    (page,), loss = render_readable(damaged, (PAGE,), skip_damaged=True)
    shown = Image.open(io.BytesIO(page.data))
    assert shown.size == SIZE
    percent = int(loss.partition(" %")[0].rpartition(" ")[2])
    assert percent in share
    rows = SIZE[1] * percent // 100
    assert all(rows_like(shown, drawn(), 24)[: rows - 20])
    assert all(rows_like(shown, Image.new("RGB", SIZE, (GREY,) * 3), 8)[rows + 12 :])
    (state, ready), in_strip = feed_strip(start_strip(SIZE[0], (PAGE,)), damaged, 0, skip_damaged=True)
    assert sum(each.height for each in (*ready, *finish_strip(state))) == SIZE[1]
    assert in_strip == loss


@pytest.mark.parametrize("kind", BLURRED)
def test_a_picture_that_lost_only_sharpness_shows_all_of_its_rows(kind: str) -> None:
    """No row is grey, and it is said that something is wrong."""
    (page,), loss = render_readable(BLURRED[kind], (PAGE,), skip_damaged=True)
    shown = Image.open(io.BytesIO(page.data))
    assert "all of its rows are shown" in loss
    assert not any(rows_like(shown, Image.new("RGB", SIZE, (GREY,) * 3), 8))


def test_rows_of_a_bmp_are_missing_at_its_top() -> None:
    """It stands upside down in its file."""
    (page,), loss = render_readable(cut(saved("BMP")), (PAGE,), skip_damaged=True)
    shown = Image.open(io.BytesIO(page.data))
    assert loss == "damaged or cut short: 49 % of its rows are shown, the rest is grey"
    assert all(rows_like(shown, drawn(), 24)[125:])
    assert all(rows_like(shown, Image.new("RGB", SIZE, (GREY,) * 3), 8)[:115])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!DOCTYPE html><html>404 Not Found",
        b'{"error": 429}',
        JPEG[:300],
        JPEG[: JPEG.index(b"\xff\xda")] + b"\xff\xda\0\x03\xff",
        PNG[:60],
        GIF[:40],
        WEBP[:30],
        INTERLACED_GIF[:230],
    ],
    ids=[
        "no bytes",
        "HTML",
        "JSON",
        "head of a JPEG",
        "JPEG with half the head of a scan",
        "head of a PNG",
        "head of a GIF",
        "head of a WebP",
        "palette of a GIF",
    ],
)
def test_where_nothing_can_be_shown_the_picture_is_damaged(data: bytes) -> None:
    """A grey page would say that something is there."""
    with pytest.raises(DamagedPicture):
        render_readable(data, (PAGE,), skip_damaged=True)


@pytest.mark.parametrize(
    "data",
    [
        JPEG[:2] + b"\xff\xfe\0\2" * 250_000 + JPEG[2:-2],
        JPEG[:-2] + b"\xff\xff\xff\xff" * 250_000,
        PNG[:33] + b"\0\0\0\0teXt\0\0\0\0" * 80_000 + PNG[33:],
        PNG[:33] + b"\0\0\0\0IDAT\0\0\0\0" * 80_000 + PNG[33:],
    ],
    ids=["markers", "bytes between markers", "chunks with wrong sums", "pixels with wrong sums"],
)
def test_a_megabyte_of_one_fault_is_passed_over(data: bytes) -> None:
    """In a time that grows with the file, not with its square."""
    assert render_picture(data, (PAGE,))
