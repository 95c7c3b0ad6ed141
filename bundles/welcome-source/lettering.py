"""Words in the pictures: balloons with tails, captions, handwriting, the title."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import palette as p
import skia
from brush import Brush, paint_of
from shapes import Point, cushion, union

NANUM = Path("/usr/share/fonts/truetype/nanum")  # Debian: fonts-nanum, fonts-nanum-extra (SIL Open Font License)
SPEECH, HAND, TITLE = "NanumBarunpenB.ttf", "NanumPen.ttf", "NanumMyeongjoExtraBold.ttf"

SPEECH_SIZE = 54
CAPTION_SIZE = 50
MARGIN = 30
"""Between a balloon and the edge of the strip, in pixels."""

LEADING = 1.32
"""From line to line, in heights of a letter."""


@dataclass(frozen=True, slots=True)
class Style:
    """A face from the folder of fonts, its size in pixels, and its colour."""

    face: str
    size: float
    colour: str


def text(brush: Brush, words: str, middle: Point, style: Style, *, glow: float = 0) -> None:
    """Centred lines around a point; `glow` is the strength of a dark halo that keeps them clear of what is behind."""
    font, lines = _font(style), words.split("\n")
    x, y = middle
    first = y - (len(lines) - 1) * style.size * LEADING / 2 + style.size * 0.36
    for number, line in enumerate(lines):
        spot = (x - font.measureText(line) / 2, first + number * style.size * LEADING)
        if glow:
            _halo(brush, line, spot, font, glow)
        brush.canvas.drawString(line, *spot, font, paint_of(style.colour))


def speech(brush: Brush, words: str, middle: Point, tail: Point) -> None:
    """A balloon whose tail ends at `tail`; its middle moves only where it would touch the edge of the strip."""
    style = Style(SPEECH, SPEECH_SIZE, p.INK)
    half, high = width(words, style) / 2 + 62, (words.count("\n") + 1) * style.size * LEADING / 2 + 44
    middle = (min(max(middle[0], half + MARGIN), p.WIDTH - half - MARGIN), middle[1])
    brush.draw(union(cushion(*middle, half, high), _tail(middle, tail, 30)), p.PAPER)
    text(brush, words, middle, style)


def width(words: str, style: Style) -> float:
    """Pixels from the left end of the longest line to its right end."""
    return max(float(_font(style).measureText(line)) for line in words.split("\n"))


def fitted(words: str, style: Style, most: float) -> Style:
    """The style, made smaller where the words would be wider than `most` pixels."""
    return replace(style, size=min(style.size, style.size * most / width(words, style)))


def caption(brush: Brush, words: str, middle: Point) -> None:
    """What the teller says: pale letters straight on the picture."""
    text(brush, words, middle, Style(SPEECH, CAPTION_SIZE, p.PAPER), glow=1)


def _tail(middle: Point, tip: Point, width: float) -> skia.Path:
    (x, y), (tip_x, tip_y) = middle, tip
    length = max(1.0, ((tip_x - x) ** 2 + (tip_y - y) ** 2) ** 0.5)
    across = (-(tip_y - y) / length * width, (tip_x - x) / length * width)
    bend = ((x + tip_x) / 2 + across[0] * 0.5, (y + tip_y) / 2 + across[1] * 0.5)
    path = skia.Path()
    path.moveTo(x - across[0], y - across[1])
    path.quadTo(*bend, tip_x, tip_y)
    path.quadTo(bend[0] + across[0], bend[1] + across[1], x + across[0], y + across[1])
    path.close()
    return path


def _halo(brush: Brush, line: str, spot: Point, font: skia.Font, strength: float) -> None:
    paint = paint_of(p.NIGHT, 0.75 * strength)
    paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 11))
    for _ in range(2):
        brush.canvas.drawString(line, *spot, font, paint)


@cache
def _typeface(face: str) -> skia.Typeface:
    return skia.Typeface.MakeFromFile(str(NANUM / face))


def _font(style: Style) -> skia.Font:
    font = skia.Font(_typeface(style.face), style.size)
    font.setHinting(skia.FontHinting.kNone)
    font.setSubpixel(True)
    return font
