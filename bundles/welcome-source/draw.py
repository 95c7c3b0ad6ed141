"""Draws the comic of the welcome bundle, the pictures of its article, and the covers.

    python bundles/welcome-source/draw.py

Needs skia-python and Pillow from PyPI, and the fonts of Debian's fonts-nanum and fonts-nanum-extra. The same versions
of these draw the same bytes; what is drawn is committed, so nobody else needs them.
"""

from __future__ import annotations

import io
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import answer
import article
import home
import palette as p
import road
import skia
from brush import Brush
from PIL import Image
from shapes import box

HERE = Path(__file__).parent
BUNDLE = HERE.parent / "welcome"
LANGUAGES = ("ko", "en")
GAP = 120
QUALITY = 84
"""Of lossy WebP: at the same look, half of what JPEG or a PNG with a palette needs for these pictures."""

Painter = Callable[[Brush, Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """A stretch of the strip: its painter and its height in pixels."""

    paint: Painter
    height: int


TILES = (
    (Scene(home.town, 1240), Scene(home.window, 1120)),
    (Scene(home.desk, 1160), Scene(home.release, 860)),
    (Scene(road.bridge, 900), Scene(road.ferry, 1000)),
    (Scene(road.hands, 1100), Scene(road.calm, 980)),
    (Scene(answer.letter, 1206), Scene(answer.lantern, 1080)),
    (Scene(answer.far_light, 1240), Scene(answer.end, 280)),
)


def main() -> None:
    """Draw everything anew, and write the transcripts from the same words."""
    scenes = tomllib.loads((HERE / "words.toml").read_text("utf-8"))
    words = {scene["name"]: scene for scene in scenes["scene"]}
    for language in LANGUAGES:
        folder = BUNDLE / "comics/window" / language
        folder.mkdir(parents=True, exist_ok=True)
        for number, tile in enumerate(TILES, 1):
            save(draw_tile(tile, words, language), folder / f"{number:03}.webp")
        transcript = "\n".join(transcript_lines(scenes["speakers"], words, language))
        (BUNDLE / f"comics/window/transcript.{language}.md").write_text(transcript, "utf-8")
    for name, (size, paint) in article.PICTURES.items():
        save(draw(size, paint), BUNDLE / name)


def draw_tile(tile: Sequence[Scene], words: dict[str, Any], language: str) -> skia.Image:
    """The scenes of one picture file one below the other, each followed by a plain gap."""

    def paint(brush: Brush) -> None:
        top = 0
        for scene in tile:
            said = [part[language] for part in words[scene.paint.__name__]["said"]]
            with brush.at(0, top), brush.clip(box(0, 0, p.WIDTH, scene.height)):
                scene.paint(brush, said)
            top += scene.height + GAP

    return draw((p.WIDTH, sum(scene.height + GAP for scene in tile)), paint)


def draw(size: tuple[int, int], paint: Callable[[Brush], None]) -> skia.Image:
    """What `paint` puts on a night-coloured ground of that size."""
    surface = skia.Surface(*size)
    canvas = surface.getCanvas()
    brush = Brush(canvas)
    brush.fill(box(0, 0, *size), p.NIGHT)
    paint(brush)
    return surface.makeImageSnapshot()


def save(picture: skia.Image, path: Path) -> None:
    """A WebP without metadata."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lossless = io.BytesIO(bytes(picture.encodeToData(skia.kPNG, 100)))
    Image.open(lossless).convert("RGB").save(path, quality=QUALITY, method=6, use_sharp_yuv=True)


def transcript_lines(speakers: dict[str, Any], words: dict[str, Any], language: str) -> list[str]:
    """One section a tile: what is seen, in brackets, and what is said."""
    lines: list[str] = []
    for number, tile in enumerate(TILES, 1):
        lines += [f"## {number:03}", ""]
        for scene in tile:
            entry = words[scene.paint.__name__]
            lines += [f"({entry['told'][language]})", ""]
            for part in entry["said"]:
                said = part[language].replace("\n", " ")
                lines += [f"{speakers[part['who']][language]}: {said}" if "who" in part else said, ""]
    return lines


if __name__ == "__main__":
    main()
