"""Paint on a canvas: flat fills, outlines, gradients, light; dithered, so that dark gradients show no bands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random

import skia
from palette import INK, LINE, PALE
from shapes import Point, box, polyline

Stops = Sequence[tuple[float, str]]
"""Colours of a gradient, each with its place from 0 to 1."""


class Brush:
    """Paints paths in named colours; every `alpha` runs from 0 to 1, every measure is in pixels."""

    def __init__(self, canvas: skia.Canvas) -> None:
        self.canvas = canvas

    def fill(self, path: skia.Path, colour: str, alpha: float = 1, *, blur: float = 0) -> None:
        """A flat area, with soft edges where `blur` is given."""
        paint = paint_of(colour, alpha)
        if blur:
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
        self.canvas.drawPath(path, paint)

    def stroke(self, path: skia.Path, colour: str, width: float, alpha: float = 1) -> None:
        """A line with round ends along the path."""
        paint = paint_of(colour, alpha)
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(width)
        paint.setStrokeCap(skia.Paint.kRound_Cap)
        paint.setStrokeJoin(skia.Paint.kRound_Join)
        self.canvas.drawPath(path, paint)

    def dashes(self, path: skia.Path, colour: str, width: float) -> None:
        """A broken line along the path."""
        paint = paint_of(colour)
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(width)
        paint.setPathEffect(skia.DashPathEffect.Make([width * 3, width * 2.2], 0))
        self.canvas.drawPath(path, paint)

    def draw(self, path: skia.Path, colour: str, line: float = LINE) -> None:
        """A flat area with the outline that all figures and things share."""
        self.fill(path, colour)
        self.stroke(path, INK, line)

    def shade(self, path: skia.Path, start: Point, end: Point, stops: Stops) -> None:
        """An area filled with a gradient that runs from `start` to `end`."""
        paint = paint_of(INK)
        colours = [_colour(colour) for _, colour in stops]
        points = [skia.Point(*start), skia.Point(*end)]
        paint.setShader(skia.GradientShader.MakeLinear(points, colours, [place for place, _ in stops]))
        self.canvas.drawPath(path, paint)

    def sky(self, width: float, top: float, bottom: float, stops: Stops) -> None:
        """A band of vertical gradient across the panel."""
        self.shade(box(0, top, width, bottom - top), (0, top), (0, bottom), stops)

    def glow(self, centre: Point, radius: float, colour: str, alpha: float) -> None:
        """Light that falls off around a point and adds to what is there."""
        places = [0, 0.15, 0.35, 0.6, 1]
        strengths = [1, 0.72, 0.36, 0.12, 0]
        paint = paint_of(colour)
        paint.setBlendMode(skia.BlendMode.kScreen)
        colours = [_colour(colour, alpha * strength) for strength in strengths]
        paint.setShader(skia.GradientShader.MakeRadial(skia.Point(*centre), radius, colours, places))
        self.canvas.drawCircle(*centre, radius, paint)

    @contextmanager
    def clip(self, path: skia.Path, *, outside: bool = False) -> Iterator[None]:
        """What is painted meanwhile stays inside the path, or outside it."""
        operation = skia.ClipOp.kDifference if outside else skia.ClipOp.kIntersect
        with self._saved():
            self.canvas.clipPath(path, operation, True)
            yield

    @contextmanager
    def at(self, x: float, y: float, *, scale: float = 1, turn: float = 0, mirror: bool = False) -> Iterator[None]:
        """What is painted meanwhile has (x, y) as its origin; `turn` in degrees, clockwise."""
        with self._saved():
            self.canvas.translate(x, y)
            self.canvas.rotate(turn)
            self.canvas.scale(-scale if mirror else scale, scale)
            yield

    def rain(self, area: tuple[float, float, float, float], drops: int, seed: int, alpha: float = 0.28) -> None:
        """Slanting drops over an area given as x, y, width, height."""
        x, y, width, height = area
        chance = Random(seed)  # noqa: S311  (drops, not secrets: the same ones at each run)
        columns = round((drops * width / height) ** 0.5)
        for number in range(drops):
            left = x + (number % columns + chance.random()) * width / columns
            top = y + (number // columns + chance.random()) * height * columns / drops
            length = 34 + chance.random() * 62
            drop = polyline([(left, top), (left - length * 0.22, top + length)])
            self.stroke(drop, PALE, 2.2, alpha * (0.4 + 0.6 * chance.random()))

    @contextmanager
    def _saved(self) -> Iterator[None]:
        self.canvas.save()
        yield
        self.canvas.restore()


def paint_of(colour: str, alpha: float = 1) -> skia.Paint:
    """Smooth-edged, dithered paint of one colour."""
    return skia.Paint(Color=_colour(colour, alpha), AntiAlias=True, Dither=True)


def _colour(colour: str, alpha: float = 1) -> int:
    return round(alpha * 255) << 24 | int(colour[1:], 16)
