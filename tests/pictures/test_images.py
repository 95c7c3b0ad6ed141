"""Pictures in, renditions out: strict decoding, colours, sizes, baseline JPEG; strips in, slices out."""

from __future__ import annotations

import io
import pickle
import random
import re
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw

from packager.errors import DamagedPicture
from packager.model import Encoded, RenditionSpec, Role
from packager.pictures.vips import (
    edge_colour,
    finish_strip,
    probe,
    render_picture,
    start_strip,
)
from packager.pictures.vips.cuts import Window, next_cut
from packager.pictures.vips.decode import open_picture
from packager.pictures.vips.engine import from_rows
from packager.pictures.vips.page import fit
from packager.pictures.vips.strip import Slice, feed_rows, finish_rows
from tests.helpers.samples import SAMPLES, needs_samples
from tests.helpers.strips import fed

PAGE = RenditionSpec(Role.PAGE, width=2048, max_side=2048, max_pixels=2_097_152, quality=90)
COVER = RenditionSpec(Role.COVER, width=200, max_side=2048, max_pixels=2_097_152, quality=70)

Colour = tuple[int, int, int]
RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


# --- builders


def drawn(width: int = 120, height: int = 160) -> Image.Image:
    """A picture with flat colour, a gradient, edges and noise, so that no kind of damage hides in it."""
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    picture.paste(noise(width // 2, height // 2), (0, height // 2))
    ImageDraw.Draw(picture).ellipse((10, 10, width - 20, height // 2), fill=(200, 30, 60), outline=WHITE)
    return picture


def noise(width: int, height: int) -> Image.Image:
    """Grey levels without any order, the same each time."""
    return Image.frombytes("L", (width, height), random.Random(0).randbytes(width * height)).convert("RGB")


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def corners(size: tuple[int, int] = (64, 96)) -> Image.Image:
    """Red, green, blue and white quarters: top left, top right, bottom left, bottom right."""
    width, height = size[0] // 2, size[1] // 2
    picture = Image.new("RGB", size, WHITE)
    for colour, place in ((RED, (0, 0)), (GREEN, (width, 0)), (BLUE, (0, height))):
        picture.paste(colour, (*place, place[0] + width, place[1] + height))
    return picture


def seen(encoded: Encoded) -> Image.Image:
    """What a strict, independent decoder makes of a rendition."""
    picture = Image.open(io.BytesIO(encoded.data))
    picture.load()
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (encoded.width, encoded.height))
    return picture


def colour_at(picture: Image.Image, x: int, y: int) -> Colour:
    """The colour as far as JPEG keeps it: in multiples of 51."""
    levels = picture.getpixel((x, y))
    assert isinstance(levels, tuple)
    red, green, blue = (51 * round(level / 51) for level in levels)
    return red, green, blue


def quarters(picture: Image.Image) -> list[Colour]:
    """The colours in the middle of the four quarters."""
    width, height = picture.size
    return [colour_at(picture, x * width // 4, y * height // 4) for y in (1, 3) for x in (1, 3)]


def page_of(data: bytes, spec: RenditionSpec = PAGE) -> Encoded:
    (page,) = render_picture(data, (spec,))
    return page


PICTURES: dict[str, Callable[[], bytes]] = {
    "a JPEG": lambda: saved(drawn(), "JPEG"),
    "a progressive JPEG": lambda: saved(drawn(), "JPEG", progressive=True),
    "a PNG": lambda: saved(drawn(), "PNG"),
    "a lossy WebP": lambda: saved(drawn(), "WEBP"),
    "a lossless WebP": lambda: saved(drawn(), "WEBP", lossless=True),
    "an AVIF": lambda: saved(drawn(), "AVIF"),
    "a GIF": lambda: saved(drawn().quantize(64), "GIF"),
    "an animated GIF": lambda: saved(drawn(), "GIF", save_all=True, append_images=[drawn().rotate(90)]),
    "a BMP": lambda: saved(drawn(), "BMP"),
    "a plain TIFF": lambda: saved(drawn(), "TIFF"),
    "an LZW TIFF": lambda: saved(drawn(), "TIFF", compression="tiff_lzw"),
    "a deflated TIFF": lambda: saved(drawn(), "TIFF", compression="tiff_adobe_deflate"),
    "a fax TIFF": lambda: saved(drawn().convert("1"), "TIFF", compression="group4"),
}


# --- what comes out


def markers(data: bytes) -> list[str]:
    """The markers of a JPEG up to EOI, which has to be the end."""
    names = {0xD8: "SOI", 0xE0: "APP0", 0xDB: "DQT", 0xC0: "SOF0", 0xC4: "DHT", 0xDA: "SOS", 0xD9: "EOI"}
    found, position = ["SOI"], 2
    while found[-1] != "EOI":
        match = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])").search(data, position)
        assert match
        found.append(names.get(match[1][0], match[1].hex()))
        position = match.end()
        if found[-1] != "EOI":
            position += struct.unpack_from(">H", data, position)[0]
    assert position == len(data)
    return [name for before, name in pairwise(["", *found]) if name != before]


@pytest.mark.parametrize("quality", [40, 95])
def test_a_rendition_is_baseline_jpeg_with_nothing_else_in_it(quality: int) -> None:
    """JFIF, three components, chroma halved both ways at every quality; no metadata, nothing after the end."""
    comment = saved(drawn(), "JPEG", comment=b"secret", exif=exif(1), dpi=(300, 300))
    spec = RenditionSpec(Role.PAGE, 2048, 2048, 2_097_152, quality)
    page = page_of(comment, spec)
    assert markers(page.data) == ["SOI", "APP0", "DQT", "SOF0", "DHT", "SOS", "EOI"]
    assert page.data[2:20] == b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    start_of_frame = page.data[page.data.index(b"\xff\xc0") :]
    assert [start_of_frame[11], start_of_frame[14], start_of_frame[17]] == [0x22, 0x11, 0x11]
    assert seen(page).size == (120, 160)


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112], tags[0x010E] = orientation, "secret"
    return tags


UPRIGHT = [RED, GREEN, BLUE, WHITE]
TURNED_BACK = {  # what was done to the pixels before they were saved with that orientation
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize(("orientation", "turn"), TURNED_BACK.items())
def test_exif_orientation_is_obeyed(kind: str, orientation: int, turn: Image.Transpose | None) -> None:
    """All eight ways come out upright, in page, header and strip."""
    picture = corners() if turn is None else corners().transpose(turn)
    data = saved(picture, kind, exif=exif(orientation))
    assert (probe(data).width, probe(data).height) == (64, 96)
    assert quarters(seen(page_of(data))) == UPRIGHT
    assert quarters(seen(finish_strip(fed(start_strip(64, (PAGE,)), data, 0)[0])[0])) == UPRIGHT


def clear_right_half(picture: Image.Image) -> Image.Image:
    """With an alpha channel: the right half is clear."""
    picture.putalpha(Image.new("L", picture.size, 255))
    picture.paste((0,) * len(picture.getbands()), (picture.width // 2, 0, picture.width, picture.height))
    return picture


def png16(channels: int) -> bytes:
    """A PNG with 16 bits a channel, grey or RGB: dark left, light right, both in flat colour."""
    row = b"\0" + struct.pack(">H", 0x3333) * 32 * channels + struct.pack(">H", 0xCCCC) * 32 * channels
    header = struct.pack(">IIBBBBB", 64, 96, 16, 0 if channels == 1 else 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(row * 96)), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(c)) + t + c + struct.pack(">I", zlib.crc32(t + c)) for t, c in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


HALVES = [BLACK, WHITE, BLACK, WHITE]
GREYS = [(51, 51, 51), (204, 204, 204)] * 2
RIGHT_CLEAR = [RED, WHITE, BLUE, WHITE]


def black_and_white() -> Image.Image:
    picture = Image.new("L", (64, 96), 255)
    picture.paste(0, (0, 0, 32, 96))
    return picture


MODES: dict[str, tuple[Callable[[], bytes], list[Colour]]] = {
    "PNG 1": (lambda: saved(black_and_white().convert("1"), "PNG"), HALVES),
    "PNG L": (lambda: saved(black_and_white(), "PNG"), HALVES),
    "PNG LA": (lambda: saved(clear_right_half(Image.new("L", (64, 96))), "PNG"), HALVES),
    "PNG P": (lambda: saved(corners().quantize(8), "PNG"), UPRIGHT),
    "PNG P clear": (lambda: saved(black_and_white().convert("P"), "PNG", transparency=255), HALVES),
    "PNG RGB": (lambda: saved(corners(), "PNG"), UPRIGHT),
    "PNG RGBA": (lambda: saved(clear_right_half(corners()), "PNG"), RIGHT_CLEAR),
    "PNG grey 16": (lambda: png16(1), GREYS),
    "PNG RGB 16": (lambda: png16(3), GREYS),
    "WebP RGBA": (lambda: saved(clear_right_half(corners()), "WEBP", lossless=True), RIGHT_CLEAR),
    "AVIF RGBA": (lambda: saved(clear_right_half(corners()), "AVIF", quality=100), RIGHT_CLEAR),
    "GIF clear": (lambda: saved(clear_right_half(corners()), "GIF"), RIGHT_CLEAR),
    "JPEG L": (lambda: saved(black_and_white(), "JPEG"), HALVES),
    "BMP 1": (lambda: saved(black_and_white().convert("1"), "BMP"), HALVES),
    "BMP P": (lambda: saved(corners().quantize(8), "BMP"), UPRIGHT),
    "TIFF 1": (lambda: saved(black_and_white().convert("1"), "TIFF", compression="group4"), HALVES),
    "TIFF RGBA": (lambda: saved(clear_right_half(corners()), "TIFF"), RIGHT_CLEAR),
    "TIFF grey 16": (lambda: saved(Image.frombytes("I;16", (64, 96), (b"33" * 32 + b"\xcc" * 64) * 96), "TIFF"), GREYS),
    "JPEG CMYK": (lambda: saved(black_and_white().convert("CMYK"), "JPEG"), HALVES),
    "TIFF CMYK": (lambda: saved(black_and_white().convert("CMYK"), "TIFF"), HALVES),
}


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_comes_out_in_its_colours_on_white(mode: str) -> None:
    """From one bit to sixteen, grey, palette and alpha."""
    make, expected = MODES[mode]
    assert quarters(seen(page_of(make()))) == expected


def profile_with_red_and_green_swapped() -> bytes:
    """sRGB whose red primary is called green, so that a conversion cannot go unseen."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_embedded_profile_is_obeyed(kind: str) -> None:
    """What the profile calls red comes out red, in pages and strips."""
    data = saved(corners(), kind, icc_profile=profile_with_red_and_green_swapped(), quality=95)
    expected = [GREEN, RED, BLUE, WHITE]
    assert quarters(seen(page_of(data))) == expected
    assert quarters(seen(finish_strip(fed(start_strip(64, (PAGE,)), data, 0)[0])[0])) == expected


def test_a_profile_that_says_srgb_or_nothing_changes_nothing() -> None:
    """sRGB, a broken profile, and one for other channels give the bytes that no profile gives."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = page_of(saved(drawn(), "JPEG")).data
    for profile in (srgb, b"no profile at all", srgb[:200]):
        assert page_of(saved(drawn(), "JPEG", icc_profile=profile)).data == plain
    grey = page_of(saved(drawn().convert("L"), "JPEG")).data
    assert page_of(saved(drawn().convert("L"), "JPEG", icc_profile=srgb)).data == grey


# --- damage


@pytest.mark.parametrize("kind", PICTURES)
def test_a_whole_picture_is_read_also_with_bytes_behind_it(kind: str) -> None:
    """Header and page agree; what cameras and systems append is not taken for damage."""
    data = PICTURES[kind]()
    header = probe(data)
    assert (header.width, header.height, header.format) == (120, 160, kind.rsplit(maxsplit=1)[-1].upper())
    assert page_of(data + b"EOF behind the end").data == page_of(data).data


def test_frames_are_counted_and_the_first_is_shown() -> None:
    """An animation is its first picture."""
    frames = [Image.new("RGB", (64, 96), colour) for colour in (RED, GREEN, BLUE)]
    for kind in ("GIF", "WEBP"):
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
        assert probe(data).frames == 3
        assert quarters(seen(page_of(data))) == [RED] * 4


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_that_was_cut_short_is_refused_where_that_lost_a_pixel(kind: str) -> None:
    """Wherever the file ends before its end: the whole picture, or none."""
    data = PICTURES[kind]()
    whole, refused = page_of(data).data, 0
    at_random = random.Random(kind).sample(range(len(data)), 40)
    for length in [0, 1, 2, 12, *at_random, len(data) - 16, len(data) - 4, len(data) - 1]:
        try:
            assert page_of(data[:length]).data == whole
        except DamagedPicture:
            refused += 1
    assert refused > 15


@pytest.mark.parametrize("kind", sorted(PICTURES.keys() - {"a BMP", "a plain TIFF", "a lossy WebP", "an animated GIF"}))
def test_a_picture_whose_end_was_never_written_is_refused(kind: str) -> None:
    """A download that reserved its space first ends in zeros."""
    data = PICTURES[kind]()
    for length in random.Random(kind).sample(range(len(data) * 3 // 4), 20):
        with pytest.raises(DamagedPicture):
            render_picture(data[:length] + bytes(len(data) - length), (PAGE,))


def test_a_webp_whose_end_was_never_written_is_refused() -> None:
    """Its decoder would take any number of zeros for picture."""
    data = saved(drawn(600, 800), "WEBP", quality=95)
    with pytest.raises(DamagedPicture):
        render_picture(data[:-2000] + bytes(2000), (PAGE,))


@pytest.mark.parametrize("kind", ["a PNG", "a GIF", "a deflated TIFF", "an AVIF"])
def test_a_hole_in_a_picture_is_refused(kind: str) -> None:
    """Thirty bytes of zeros anywhere in the pixels of formats in which that can be told."""
    data = PICTURES[kind]()
    start, end = len(data) // 2, len(data) - 200
    for place in random.Random(kind).sample(range(start, end), 20):
        with pytest.raises(DamagedPicture):
            render_picture(data[:place] + bytes(30) + data[place + 30 :], (PAGE,))


@given(kind=st.sampled_from(sorted(PICTURES)), seed=st.integers(), changes=st.integers(1, 30))
@settings(max_examples=150, deadline=None)
def test_mangled_files_are_refused_or_read_and_nothing_else(kind: str, seed: int, changes: int) -> None:
    """No other error than DamagedPicture escapes, whatever stands in the header."""
    data, at_random = bytearray(PICTURES[kind]()), random.Random(seed)
    for _ in range(changes):
        data[at_random.randrange(4, min(len(data), 400))] = at_random.randrange(256)
    for use in (probe, edge_colour, page_of):
        with suppress(DamagedPicture):
            use(bytes(data))


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"<html><body>404", b"%PDF-1.7 ...", b"\0\0\0\x18ftypheic" + bytes(99)]
)
def test_what_is_no_picture_is_refused_with_what_is_read(data: bytes) -> None:
    """The message is for the organizer."""
    with pytest.raises(DamagedPicture):
        probe(data)
    with pytest.raises(DamagedPicture):
        page_of(data)


def test_too_many_pixels_are_refused_by_the_header() -> None:
    """A small file can claim to be a picture of gigabytes."""
    png = png16(3)
    header = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = png[:12] + header + struct.pack(">I", zlib.crc32(header)) + png[33:]
    gif = bytearray(PICTURES["a GIF"]())
    gif[6:10] = struct.pack("<HH", 60_000, 60_000)
    for data in (bomb, bytes(gif)):
        with pytest.raises(DamagedPicture, match=r"pixels|large"):
            probe(data)
        with pytest.raises(DamagedPicture, match=r"pixels|large"):
            page_of(data)


def white_png(width: int, height: int, *, interlaced: bool) -> bytes:
    """One bit a pixel; of an interlaced one only the header is right."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, int(interlaced))
    rows = zlib.compress((b"\0" + b"\xff" * ((width + 7) // 8)) * height, 1)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(c)) + t + c + struct.pack(">I", zlib.crc32(t + c)) for t, c in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


def test_what_is_read_row_by_row_may_have_more_pixels_than_a_page() -> None:
    """What has to lie in memory as a whole has the limit of pages."""
    assert probe(white_png(800, 200_000, interlaced=False)).height == 200_000
    with pytest.raises(DamagedPicture, match="150 megapixels"):
        probe(white_png(800, 200_000, interlaced=True))
    with pytest.raises(DamagedPicture, match="no side may have more than 300000"):
        probe(white_png(8, 300_001, interlaced=False))


def test_damage_survives_the_way_between_processes() -> None:
    """A worker's error is unpickled with its words."""
    with pytest.raises(DamagedPicture) as caught:
        page_of(PICTURES["a JPEG"]()[:-9])
    assert pickle.loads(pickle.dumps(caught.value)).what == caught.value.what


# --- sizes and roles


@given(
    st.integers(1, 70_000), st.integers(1, 70_000), st.integers(1, 3000), st.integers(1, 3000), st.integers(1, 10**7)
)
def test_a_page_fits_its_limits_and_keeps_its_shape(w: int, h: int, width: int, side: int, pixels: int) -> None:
    """Never enlarged, never empty; as large as the limits allow, to one pixel of width."""
    spec = RenditionSpec(Role.PAGE, width, side, pixels, 80)
    fitted, height = fit(w, h, spec)
    assert 1 <= fitted <= min(w, width, side)
    assert 1 <= height <= min(h, side)
    assert fitted * height <= pixels
    assert abs(height - h * fitted / w) <= 0.5 or 1 in (fitted, height) or height in (side, pixels // fitted)
    wider = fitted + 1
    assert wider > min(w, width, side, pixels) or wider * h > side * w or wider * wider * h > pixels * w


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (7, 2999), (1984, 2800), (2048, 2048), (3000, 2000)])
def test_all_roles_come_from_one_picture_in_the_sizes_asked_for(size: tuple[int, int]) -> None:
    """In the order of the specs; a cover shows the top, at most 1.5 times as tall as wide."""
    phone = RenditionSpec(Role.PHONE, 800, 2048, 2_097_152, 70)
    cover, page, small = render_picture(saved(Image.new("RGB", size, RED), "PNG"), (COVER, PAGE, phone))
    assert [x.role for x in (cover, page, small)] == [Role.COVER, Role.PAGE, Role.PHONE]
    assert (page.width, page.height) == fit(*size, PAGE)
    assert (small.width, small.height) == fit(*size, phone)
    assert cover.width == min(size[0], 200)
    assert cover.height == max(1, min(cover.width * 3 // 2, round(size[1] * cover.width / size[0])))
    assert quarters(seen(cover)) == quarters(seen(page)) == [RED] * 4


def test_the_cover_of_a_tall_picture_is_its_top() -> None:
    """Not its middle, and not the whole of it squeezed."""
    tall = Image.new("RGB", (400, 2400), BLUE)
    tall.paste(RED, (0, 0, 400, 600))
    (cover,) = render_picture(saved(tall, "PNG"), (COVER,))
    assert (cover.width, cover.height) == (200, 300)
    assert quarters(seen(cover)) == [RED] * 4


def test_the_edge_colour_is_the_commonest_beside_the_picture() -> None:
    """Not a mixture with what touches the edge here and there, nor with what is inside."""
    picture = Image.new("RGB", (200, 300), (250, 240, 230))
    picture.paste(BLACK, (0, 0, 200, 90))
    picture.paste(RED, (20, 0, 180, 300))
    assert edge_colour(saved(picture, "PNG")) == "#faf0e6"


# --- cuts


@given(st.lists(st.sampled_from([0, 0, 0, 1, 5]), min_size=1, max_size=400), st.integers(1, 60), st.integers(1, 8))
def test_cuts_stay_within_their_window_and_say_when_forced(activity: list[int], tallest: int, gutter: int) -> None:
    """No slice is taller than allowed or needlessly short; only a row with nothing drawn is cut unforced."""
    window = Window(max(1, tallest // 4), tallest, gutter)
    position = 0
    while cut := next_cut(activity[position:], window, is_last=True):
        before, position = position, position + cut.row
        assert cut.row <= tallest
        assert cut.row >= window.shortest or len(activity) < window.shortest
        if position == len(activity):
            assert not cut.is_forced
        else:
            assert cut.is_forced == (activity[position] > 0)
            assert cut.is_forced <= all(activity[before + window.shortest : before + tallest])
    assert position == len(activity)


def test_a_cut_waits_until_it_is_certain() -> None:
    """The rows that decide are known before it is made, so that later rows cannot change it."""
    window = Window(shortest=25, tallest=100, gutter=5)
    rows = [9] * 60 + [0] * 10 + [9] * 80
    known = [next_cut(rows[:n], window, is_last=False) for n in range(len(rows) + 1)]
    assert {cut.row for cut in known if cut} == {65}
    assert known[125] is not None
    assert known[124] is None


def test_gutters_are_preferred_to_the_space_between_lines_of_text() -> None:
    """The last gutter wins over a later, thinner gap; without one the tallest gap wins; else the least is cut."""
    window = Window(shortest=25, tallest=100, gutter=8)
    text, gutter, gap = [9] * 20, [0] * 10, [0] * 3
    column = text + gutter + text + gutter + text + gap + [9] * 62
    cut = next_cut(column, window, is_last=True)
    assert cut is not None
    assert (cut.row, cut.is_forced) == (55, False)
    gaps = next_cut([9] * 60 + [0] * 4 + [9] * 20 + [0] * 2 + [9] * 70, window, is_last=True)
    assert gaps is not None
    assert (gaps.row, gaps.is_forced) == (62, False)
    drawn_through = next_cut([9] * 60 + [2] + [9] * 80, window, is_last=True)
    assert drawn_through is not None
    assert (drawn_through.row, drawn_through.is_forced) == (60, True)


# --- strips


def slices_of(rows: bytes, width: int, ends: list[int], spec: RenditionSpec) -> list[Slice]:
    """The slices of a strip whose rows arrive divided at the row numbers `ends`."""
    state, slices = start_strip(width, (spec,)), list[Slice]()
    height = len(rows) // (3 * width)
    for index, (start, end) in enumerate(pairwise([0, *sorted(end % (height + 1) for end in ends), height])):
        state, ready = feed_rows(state, rows[start * 3 * width : end * 3 * width], index)
        slices += ready
    return slices + list(finish_rows(state))


def joined(slices: list[Slice]) -> bytes:
    return b"".join(part.rows for part in slices)


def noise_with_gutters(width: int, height: int, seed: int) -> bytes:
    """Rows of noise, with flat runs of random height between."""
    at_random, rows = random.Random(seed), bytearray()
    while len(rows) < 3 * width * height:
        rows += at_random.randbytes(3 * width * at_random.randrange(1, 60))
        rows += bytes([at_random.randrange(256)]) * (3 * width * at_random.randrange(0, 20))
    return bytes(rows[: 3 * width * height])


strips = given(
    width=st.integers(1, 60),
    height=st.integers(1, 700),
    target=st.integers(1, 60),
    seed=st.integers(0, 999),
    ends=st.lists(st.integers(0, 10_000), max_size=6),
)


@strips
@settings(max_examples=80, deadline=None)
def test_slices_joined_are_the_strip_however_it_was_divided(
    width: int, height: int, target: int, seed: int, ends: list[int]
) -> None:
    """No row lost, none twice, each slice within its limits; the division into tiles changes nothing."""
    rows = noise_with_gutters(width, height, seed)
    spec = RenditionSpec(Role.PAGE, target, max_side=50, max_pixels=1500, quality=80)
    slices = slices_of(rows, width, ends, spec)
    whole = slices_of(rows, width, [], spec)
    assert [(part.rows, part.is_forced_cut) for part in slices] == [(part.rows, part.is_forced_cut) for part in whole]
    made = min(width, target, 50)
    assert {part.width for part in slices} == {made}
    for part in slices:
        tall = len(part.rows) // (3 * made)
        assert len(part.rows) == tall * 3 * made
        assert 1 <= tall <= max(1, min(50, 1500 // made, max(128, int(1.5 * made))))
    if made == width:
        assert joined(slices) == rows
    else:
        assert len(joined(slices)) == 3 * made * max(1, (2 * height * made + width) // (2 * width))


@given(width=st.integers(86, 200), height=st.integers(1, 2500), seed=st.integers(0, 999))
@settings(max_examples=30, deadline=None)
def test_no_slice_is_taller_than_the_ratio_allows(width: int, height: int, seed: int) -> None:
    """1.5 times its width, at every width that anybody can read; narrower ones may have 128 rows."""
    rows = noise_with_gutters(width, height, seed)
    slices = slices_of(rows, width, [], RenditionSpec(Role.PAGE, width, 2048, 2_097_152, 80, slice_ratio=1.5))
    assert joined(slices) == rows
    assert all(len(part.rows) <= 3 * width * (3 * width // 2) for part in slices)


@given(
    p=st.integers(2, 40),
    q=st.integers(1, 39),
    units=st.integers(1, 60),
    times=st.integers(1, 3),
    seed=st.integers(0, 99),
)
@settings(max_examples=40, deadline=None)
def test_a_strip_is_resized_as_if_it_were_one_picture(p: int, q: int, units: int, times: int, seed: int) -> None:
    """Tile borders leave no seam: within one level of the whole strip resized at once."""
    p, q = max(p, q) * times + times, min(p, q) * times
    height = p * units
    rows = noise_with_gutters(p, height, seed)
    whole = from_rows(rows, p).reducev(p / q).reduceh(p / q)
    state_slices = slices_of(rows, p, [height // 3, height // 2], RenditionSpec(Role.PAGE, q, 4000, 10**7, 80))
    made = from_rows(joined(state_slices), q)
    assert (made.width, made.height) == (whole.width, whole.height)
    assert (made.cast("short") - whole).abs().max() <= 1


def test_resized_rows_lie_where_another_library_puts_them() -> None:
    """Pillow, given the whole strip, agrees to a level on average: no drift of phase along 3,000 rows."""
    strip = Image.radial_gradient("L").resize((333, 3001)).convert("RGB")
    slices = slices_of(strip.tobytes(), 333, [100, 1700], RenditionSpec(Role.PAGE, 200, 4000, 10**7, 80))
    other = strip.resize((200, 1802), Image.Resampling.LANCZOS).tobytes()
    assert len(joined(slices)) == len(other)
    assert max(abs(a - b) for a, b in zip(joined(slices), other, strict=True)) <= 2


def panel_strip(tiles: int) -> list[Image.Image]:
    """Tiles of 300 x 400 that are one strip: noisy panels 260 rows tall, gutters of 40, borders anywhere."""
    height = 400 * tiles
    strip = Image.new("RGB", (300, height), WHITE)
    panel = noise(280, 260)
    for top in range(0, height, 300):
        strip.paste(panel, (10, top + 20))
    return [strip.crop((0, top, 300, top + 400)) for top in range(0, height, 400)]


def test_strips_are_cut_in_gutters_and_know_where_each_slice_begins() -> None:
    """Panels across tile borders stay whole; `first` is the tile of a slice's top row."""
    state, encoded = start_strip(300, (PAGE, COVER)), list[Encoded]()
    for index, tile in enumerate(panel_strip(6)):
        state, ready = fed(state, saved(tile, "JPEG", quality=95), 10 + index)
        encoded += ready
    encoded += finish_strip(state)
    pages = [part for part in encoded if part.role is Role.PAGE]
    tops = [sum(part.height for part in pages[:number]) for number in range(len(pages))]
    assert sum(part.height for part in pages) == 2400
    assert all(top % 300 == 0 for top in tops)
    assert not any(part.is_forced_cut for part in pages)
    assert [part.first for part in pages] == [10 + top // 400 for top in tops]
    covers = [part for part in encoded if part.role is Role.COVER]
    assert [(part.width, part.height, part.first) for part in covers] == [(200, 200, 10)], "one panel, to its gutter"
    assert [seen(part).size[0] for part in pages] == [300] * len(pages)


def test_a_strip_without_gutters_is_cut_by_force_and_says_so() -> None:
    """Each slice but the last ends in a forced cut."""
    state, ready = fed(start_strip(100, (PAGE,)), saved(noise(100, 1000), "PNG"), 0)
    encoded = [*ready, *finish_strip(state)]
    assert [part.is_forced_cut for part in encoded] == [True] * (len(encoded) - 1) + [False]
    assert all(part.height <= 150 for part in encoded)


def test_the_cover_of_a_strip_without_gutters_is_its_top() -> None:
    """1.4 times as tall as wide, or all of a shorter one."""
    for tall, shown in ((1000, 280), (500, 280), (210, 140)):
        state, ready = fed(start_strip(300, (COVER,)), saved(noise(300, tall), "PNG"), 0)
        assert [(part.width, part.height) for part in (*ready, *finish_strip(state))] == [(200, shown)]


def test_tiles_of_other_widths_are_fitted_into_the_strip() -> None:
    """A wider tile is shrunk, a narrower one stands in the middle on the edge colour, clear parts show it too."""
    state, made = start_strip(64, (PAGE,), "#3300cc"), list[Encoded]()
    clear = Image.new("RGBA", (64, 30), (0, 0, 0, 0))
    for index, tile in enumerate((Image.new("RGB", (128, 64), RED), Image.new("RGB", (32, 34), GREEN), clear)):
        state, ready = fed(state, saved(tile, "PNG"), index)
        made += ready
    strip, top = Image.new("RGB", (64, 96)), 0
    for part in [*made, *finish_strip(state)]:
        strip.paste(seen(part), (0, top))
        top += part.height
    edge = (51, 0, 204)
    assert top == 32 + 34 + 30
    assert [colour_at(strip, x, 16) for x in (6, 32, 58)] == [RED] * 3
    assert [colour_at(strip, x, 50) for x in (6, 32, 58)] == [edge, GREEN, edge]
    assert [colour_at(strip, x, 82) for x in (6, 32, 58)] == [edge] * 3


def test_a_damaged_tile_leaves_the_strip_as_it_was() -> None:
    """States are values: the strip goes on without the tile, through a pickle as between processes."""
    good, bad = saved(drawn(), "JPEG"), saved(drawn(), "JPEG")[:-50]
    before, _ = fed(start_strip(120, (PAGE,)), good, 0)
    copy = pickle.loads(pickle.dumps(before))
    with pytest.raises(DamagedPicture):
        fed(before, bad, 1)
    assert before == copy
    assert fed(before, good, 2) == fed(copy, good, 2)


def test_the_state_of_a_strip_does_not_grow_with_its_length() -> None:
    """After 40 tiles it carries about as much as after 4."""
    tile, state, sizes = saved(panel_strip(1)[0], "PNG"), start_strip(300, (PAGE,)), []
    for index in range(40):
        state, _ = fed(state, tile, index)
        sizes.append(len(pickle.dumps(state)))
    assert max(sizes) < 2 * max(sizes[:4])


def test_the_same_bytes_give_the_same_renditions() -> None:
    """Twice in a row, with other pictures between."""
    data = PICTURES["an AVIF"]()
    first = render_picture(data, (PAGE, COVER))
    page_of(PICTURES["a JPEG"]())
    assert render_picture(data, (PAGE, COVER)) == first


# --- real pictures


@needs_samples
@pytest.mark.parametrize("width", [1080, 640])
def test_a_real_webtoon_is_whole_again_when_its_slices_are_joined(width: int) -> None:
    """850 x 38178 in eleven tiles: at its own width the same rows; made smaller, the rows of one resize."""
    tiles = [path.read_bytes() for path in sorted((SAMPLES / "comics" / "bird-eye").glob("*.jpg"))]
    source = b"".join(bytes(open_picture(tile).write_to_memory()) for tile in tiles)
    spec = RenditionSpec(Role.PAGE, width, 2048, 2_097_152, 80)
    state, slices = start_strip(850, (spec,)), list[Slice]()
    for index, tile in enumerate(tiles):
        state, ready = feed_rows(state, bytes(open_picture(tile).write_to_memory()), index)
        slices += ready
    slices += finish_rows(state)
    assert sum(part.is_forced_cut for part in slices) <= len(slices) // 10
    if width >= 850:
        assert joined(slices) == source
    else:
        padded = source + source[-3 * 850 :] * (-38178 % 85)
        whole = from_rows(padded, 850).reducev(850 / width).reduceh(850 / width)
        made = from_rows(joined(slices), width)
        assert (made.cast("short") - whole.crop(0, 0, width, made.height)).abs().max() <= 1
        assert made.height == round(38178 * width / 850)
