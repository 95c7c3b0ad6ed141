"""Pages or tiles of a strip, told by what is drawn at the edges of real pictures."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from packager.model import Flow, Outcome
from packager.sandbox.pool import Workers
from tests.helpers.reading import comic_of, messages, only_version, read_bundle

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
Colour = tuple[int, int, int]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Two worker processes for all tests of this file."""
    with Workers(2) as pool:
        yield pool


def scribbled(picture: Image.Image, seed: int) -> Image.Image:
    """Lines, faces and hatching all over, other ones for each seed."""
    at_random, draw = random.Random(seed), ImageDraw.Draw(picture)
    width, height = picture.size
    for _ in range(width * height // 2500):
        x, y, size = at_random.randrange(width), at_random.randrange(height), at_random.randrange(20, 90)
        colour = tuple(at_random.randrange(30, 230) for _ in range(3))
        draw.ellipse((x - size, y - size, x + size, y + size), fill=colour, outline=BLACK, width=3)
    return picture


def strip(height: int, *, gutter: int, ground: Colour = WHITE) -> Image.Image:
    """Panels of 400 pixels' width with flat gutters between them; none where `gutter` is 0."""
    picture = scribbled(Image.new("RGB", (400, height), ground), 1)
    for top in range(0, height, 520) if gutter else ():
        picture.paste(ground, (0, top, 400, top + gutter))
        picture.paste(ground, (0, top, 14, top + 520))
        picture.paste(ground, (386, top, 400, top + 520))
    return picture


def cut(picture: Image.Image, height: int) -> list[Image.Image]:
    """Tiles of that height, the last one what is left."""
    tops = range(0, picture.height, height)
    return [picture.crop((0, top, picture.width, min(picture.height, top + height))) for top in tops]


def pages(*, ground: Colour, margin: int, size: tuple[int, int] = (400, 600)) -> list[Image.Image]:
    """Pages with a margin around what is drawn."""
    made = []
    for seed in range(8):
        page = Image.new("RGB", size, ground)
        inside = (size[0] - 2 * margin, size[1] - 2 * margin)
        page.paste(scribbled(Image.new("RGB", inside, WHITE), seed), (margin, margin))
        made.append(page)
    return made


def framed(picture: Image.Image) -> Image.Image:
    ImageDraw.Draw(picture).rectangle((0, 0, picture.width - 1, picture.height - 1), outline=BLACK, width=5)
    return picture


def pillared(picture: Image.Image) -> Image.Image:
    """With the same black bars to the left and right, as scanners leave them."""
    for left in (0, picture.width - 30):
        picture.paste(BLACK, (left, 0, left + 30, picture.height))
    return picture


STRIPS = {
    "as tall as 1.6 of their width, as from webtoons.com": cut(strip(5200, gutter=60), 640),
    "as tall as 1.25 of their width": cut(strip(5200, gutter=60), 500),
    "square": cut(strip(5200, gutter=60), 400),
    "as tall as a page": cut(strip(5200, gutter=60), 566),
    "wider than tall": cut(strip(4000, gutter=60), 250),
    "black between the panels": cut(strip(5200, gutter=60, ground=BLACK), 640),
    "without gutters": cut(strip(5200, gutter=0), 640),
    "two tiles": cut(strip(1200, gutter=0), 600),
}
PAGES = {
    "white margins": pages(ground=WHITE, margin=30),
    "black margins": pages(ground=BLACK, margin=30),
    "drawn to the edge": pages(ground=WHITE, margin=0),
    "drawn to the edge, as tall as screens of phones": pages(ground=WHITE, margin=0, size=(300, 650)),
    "a frame at the edge": list(map(framed, pages(ground=WHITE, margin=20))),
    "black bars beside": list(map(pillared, pages(ground=WHITE, margin=30))),
    "two pages": pages(ground=WHITE, margin=0)[:2],
}


@pytest.mark.parametrize("quality", [50, 90])
@pytest.mark.parametrize("what", [*STRIPS, *PAGES])
def test_the_drawing_tells_a_strip_from_pages(tmp_path: Path, workers: Workers, what: str, quality: int) -> None:
    """Each picture is compressed on its own; the decision is told with its reason."""
    folder = tmp_path / "comics" / "a"
    folder.mkdir(parents=True)
    for number, picture in enumerate((STRIPS | PAGES)[what], 1):
        picture.save(folder / f"{number:03}.jpg", quality=quality)
    library = read_bundle(tmp_path, workers)
    assert comic_of(only_version(library)).flow is (Flow.STRIP if what in STRIPS else Flow.PAGES)
    (told,) = [message for message in messages(library, Outcome.DECIDED) if "`flow`" in message]
    assert ("goes on from one picture to the next" in told) is (what in STRIPS)


def test_edges_that_cannot_be_read_leave_the_decision_to_the_others(tmp_path: Path, workers: Workers) -> None:
    """A tile cut short ends in grey, which says nothing."""
    folder = tmp_path / "comics" / "a"
    folder.mkdir(parents=True)
    for number, picture in enumerate(cut(strip(5200, gutter=0), 640), 1):
        picture.save(folder / f"{number:03}.jpg")
    damaged = folder / "003.jpg"
    damaged.write_bytes(damaged.read_bytes()[:9000])
    assert comic_of(only_version(read_bundle(tmp_path, workers))).flow is Flow.STRIP
