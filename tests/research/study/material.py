"""Pictures of many kinds as PNG, 800 px wide: pages of real comics, and photographs and line art made up."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.helpers.samples import SAMPLES

WIDTH = 800
TALLEST = 1200


def kinds(folder: Path) -> dict[str, tuple[Path, ...]]:
    """Painted pages, the lower halves of tiles of an inked strip, and photographs and line art made up."""
    made = [_photograph(seed) for seed in range(4)] + [_line_art(seed) for seed in range(4)]
    return {
        "painted pages": tuple(_kept(folder, "painted", _painted())),
        "an inked strip": tuple(_kept(folder, "inked", _inked())),
        "photographs and line art": tuple(_kept(folder, "made", iter(made))),
    }


def _kept(folder: Path, name: str, pictures: Iterator[Image.Image]) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for number, picture in enumerate(pictures):
        path = folder / f"{name}-{number:02}.png"
        picture.save(path, compress_level=1)
        yield path


def _painted() -> Iterator[Image.Image]:
    for path in sorted((SAMPLES / "comics" / "pepper-carrot-06").glob("*P*[1-9].png")):
        yield _narrowed(path)


def _inked() -> Iterator[Image.Image]:
    for path in sorted((SAMPLES / "comics" / "bird-eye").glob("*.jpg"))[::2]:
        tile = _narrowed(path)
        yield tile.crop((0, tile.height // 2, WIDTH, min(tile.height, tile.height // 2 + TALLEST)))


def _narrowed(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        rgba = picture.convert("RGBA")
        flat = Image.new("RGBA", rgba.size, "#ffffff")
        flat.alpha_composite(rgba)
        return flat.convert("RGB").resize((WIDTH, picture.height * WIDTH // picture.width), Image.Resampling.BICUBIC)


def _photograph(seed: int) -> Image.Image:
    """Soft clouds of every size, one over the other, as in a landscape, with the grain of a sensor."""
    chance = random.Random(seed)
    size = (WIDTH, 600)
    scene = Image.new("RGB", size, (128, 128, 128))
    for power in range(1, 8):
        small = (2 ** (power + 1), 3 * 2 ** (power - 1))
        cloud = Image.frombytes("RGB", small, chance.randbytes(3 * small[0] * small[1]))
        scene = Image.blend(scene, cloud.resize(size, Image.Resampling.BICUBIC), 0.5 if power < 3 else 0.25)
    grain = Image.frombytes("RGB", size, chance.randbytes(3 * size[0] * size[1])).filter(ImageFilter.GaussianBlur(0.6))
    return ImageChops.soft_light(scene, Image.blend(scene, grain, 0.05 * (1 + seed % 3)))


def _line_art(seed: int) -> Image.Image:
    """Ink on paper: curves, hatching and lettering, drawn at twice the size."""
    chance = random.Random(seed)
    sheet = Image.new("RGB", (2 * WIDTH, 2 * TALLEST), "#ffffff")
    draw = ImageDraw.Draw(sheet)
    for _ in range(40 + 40 * seed):
        x, y, radius = chance.randrange(2 * WIDTH), chance.randrange(2 * TALLEST), chance.randrange(20, 300)
        start = chance.randrange(360)
        draw.arc(
            (x - radius, y - radius, x + radius, y + radius), start, start + 200, "#101010", chance.randrange(2, 9)
        )
        turn = chance.random()
        for step in range(0, radius, 9):
            end = (x + radius * math.cos(turn), y + step + radius * math.sin(turn))
            draw.line((x, y + step, *end), "#202020", 2)
    for row in range(100, 2 * TALLEST, 300):
        draw.text((120, row), "What is said in a balloon must be read.", "#000000", font_size=44)
    return sheet.resize((WIDTH, TALLEST), Image.Resampling.LANCZOS)
