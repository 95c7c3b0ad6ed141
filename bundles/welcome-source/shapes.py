"""Paths made from points: smooth blobs and curves, tapering tubes, polygons; x runs right, y down."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import skia

Point = tuple[float, float]
Thick = tuple[float, float, float]
"""A point of a tube: x, y and the radius there."""


def polygon(points: Sequence[Point]) -> skia.Path:
    """Straight lines from point to point, closed."""
    return _through(points, closed=True)


def polyline(points: Sequence[Point]) -> skia.Path:
    """Straight lines from point to point, open."""
    return _through(points, closed=False)


def box(x: float, y: float, width: float, height: float, radius: float = 0) -> skia.Path:
    """A rectangle, its corners rounded by `radius`."""
    path = skia.Path()
    path.addRoundRect(skia.Rect.MakeXYWH(x, y, width, height), radius, radius)
    return path


def oval(x: float, y: float, rx: float, ry: float) -> skia.Path:
    """An ellipse around (x, y)."""
    path = skia.Path()
    path.addOval(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry))
    return path


def cushion(x: float, y: float, rx: float, ry: float) -> skia.Path:
    """A superellipse around (x, y): rounder than a box, roomier than an oval."""
    power = 2 / 2.7
    angles = [math.tau * step / 72 for step in range(72)]
    return polygon([(x + rx * _signed(math.cos(a), power), y + ry * _signed(math.sin(a), power)) for a in angles])


def blob(points: Sequence[Point]) -> skia.Path:
    """A smooth closed outline through the points."""
    return _smooth([points[-1], *points, points[0], points[1]], closed=True)


def curve(points: Sequence[Point]) -> skia.Path:
    """A smooth open line through the points."""
    return _smooth([points[0], *points, points[-1]], closed=False)


def arc(start: Point, control: Point, end: Point) -> skia.Path:
    """A line from `start` to `end` that bends towards `control`."""
    path = skia.Path()
    path.moveTo(*start)
    path.quadTo(*control, *end)
    return path


def ground(points: Sequence[Point], bottom: float) -> skia.Path:
    """Everything below a smooth line, down to `bottom`."""
    path = curve(points)
    path.lineTo(points[-1][0], bottom)
    path.lineTo(points[0][0], bottom)
    path.close()
    return path


def tube(points: Sequence[Thick]) -> skia.Path:
    """A limb, a branch, a braid: a smooth line with a radius at each point and round ends."""
    dense = _dense(points)
    outline = skia.Path()
    for x, y, radius in (dense[0], dense[-1]):
        outline.addCircle(x, y, radius)
    left, right = [], []
    for (x, y, radius), (dx, dy) in zip(dense, _directions(dense), strict=True):
        left.append((x - dy * radius, y + dx * radius))
        right.append((x + dy * radius, y - dx * radius))
    return skia.Op(outline, polygon([*left, *reversed(right)]), skia.PathOp.kUnion_PathOp)


def union(*paths: skia.Path) -> skia.Path:
    """The area that any of the paths covers."""
    whole = paths[0]
    for path in paths[1:]:
        whole = skia.Op(whole, path, skia.PathOp.kUnion_PathOp)
    return whole


def without(path: skia.Path, hole: skia.Path) -> skia.Path:
    """The area of `path` less that of `hole`."""
    return skia.Op(path, hole, skia.PathOp.kDifference_PathOp)


def _through(points: Sequence[Point], *, closed: bool) -> skia.Path:
    path = skia.Path()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    if closed:
        path.close()
    return path


def _smooth(points: Sequence[Point], *, closed: bool) -> skia.Path:
    """Catmull-Rom through all but the first and the last point, which only give the direction there."""
    path = skia.Path()
    path.moveTo(*points[1])
    for before, start, end, after in zip(points, points[1:], points[2:], points[3:], strict=False):
        path.cubicTo(
            start[0] + (end[0] - before[0]) / 6,
            start[1] + (end[1] - before[1]) / 6,
            end[0] - (after[0] - start[0]) / 6,
            end[1] - (after[1] - start[1]) / 6,
            *end,
        )
    if closed:
        path.close()
    return path


def _dense(points: Sequence[Thick], steps: int = 14) -> list[Thick]:
    padded = [points[0], *points, points[-1]]
    dense: list[Thick] = []
    for quad in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        dense.extend(_between(quad, step / steps) for step in range(steps))
    return [*dense, points[-1]]


def _between(quad: tuple[Thick, Thick, Thick, Thick], t: float) -> Thick:
    """The point of a uniform Catmull-Rom spline at `t` from 0 to 1 between the two middle points."""
    values = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(*quad, strict=True)
    ]
    return values[0], values[1], values[2]


def _directions(points: Sequence[Thick]) -> list[Point]:
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    unit = [(dx / (math.hypot(dx, dy) or 1), dy / (math.hypot(dx, dy) or 1)) for dx, dy in steps]
    return [*unit, unit[-1]]


def _signed(value: float, power: float) -> float:
    return math.copysign(abs(value) ** power, value)
