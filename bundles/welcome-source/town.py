"""What the town is made of: sky, hills, tiled roofs, lit windows, water, and the paper boat."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import palette as p
import skia
from brush import Brush
from shapes import Point, blob, box, curve, ground, oval, polygon, polyline


@dataclass(frozen=True, slots=True)
class Street:
    """A row of houses: its colours, the foot of its walls, and the size of one house."""

    wall: str
    roof: str
    edge: str
    foot: float
    size: float
    seed: int
    lit: float = 0
    """The share of windows with light in them."""


def stars(brush: Brush, area: tuple[float, float, float, float], count: int, seed: int) -> None:
    """Small stars over an area given as x, y, width, height; a few of them larger."""
    x, y, width, height = area
    chance = Random(seed)  # noqa: S311
    for number in range(count):
        centre = (x + chance.random() * width, y + chance.random() * height)
        radius = 3.4 if number % 7 == 0 else 1.4 + chance.random()
        if number % 7 == 0:
            brush.glow(centre, radius * 7, p.PALE, 0.5)
        brush.fill(oval(*centre, radius, radius), p.PALE, 0.5 + 0.5 * chance.random())


def moon(brush: Brush, x: float, y: float, radius: float) -> None:
    """A full moon with its halo."""
    brush.glow((x, y), radius * 5, p.HAZE, 0.75)
    brush.fill(oval(x, y, radius, radius), p.GLOW)
    for dx, dy, size in ((-0.3, -0.25, 0.24), (0.25, 0.2, 0.3), (-0.15, 0.45, 0.14), (0.42, -0.35, 0.12)):
        brush.fill(oval(x + dx * radius, y + dy * radius, size * radius, size * radius), p.LAMP, 0.35)


def cloud(brush: Brush, x: float, y: float, size: float, colour: str, alpha: float = 1) -> None:
    """A long flat cloud with a billowing back, `size` being half its length."""
    back = [(-1, 0), (-0.82, -0.12), (-0.55, -0.13), (-0.4, -0.3), (-0.08, -0.36), (0.14, -0.22), (0.36, -0.26)]
    rest = [(0.6, -0.13), (0.84, -0.11), (1, 0), (0.5, 0.05), (-0.5, 0.05)]
    brush.fill(blob([(x + size * dx, y + size * dy) for dx, dy in [*back, *rest]]), colour, alpha, blur=size * 0.02)


def hills(brush: Brush, points: list[Point], bottom: float, colours: tuple[str, str]) -> None:
    """A range of hills that pales towards its foot."""
    top = min(y for _, y in points)
    brush.shade(ground(points, bottom), (0, top), (0, bottom), [(0, colours[0]), (1, colours[1])])


def street(brush: Brush, row: Street, width: float) -> None:
    """Houses side by side over the whole width, no two alike."""
    chance = Random(row.seed)  # noqa: S311
    brush.fill(box(0, row.foot - row.size * 0.5, width, row.size * 1.5), row.roof)
    x = -row.size * chance.random()
    while x < width:
        wide = row.size * (0.8 + 0.6 * chance.random())
        tall = row.size * (0.34 + 0.34 * chance.random())
        _house(brush, row, (x, wide, tall), chance)
        x += wide * (0.92 + 0.2 * chance.random())


def _house(brush: Brush, row: Street, place: tuple[float, float, float], chance: Random) -> None:
    x, wide, tall = place
    top = row.foot - tall
    brush.shade(box(x, top, wide, tall + row.size), (0, top), (0, row.foot), [(0, row.wall), (1, row.wall)])
    if chance.random() < 0.35:
        brush.fill(box(x + wide * 0.68, top - row.size * 0.5, row.size * 0.1, row.size * 0.4), row.roof)
    for column in range(2):
        if chance.random() < 0.75:
            spot = (x + wide * (0.2 + 0.38 * column), top + tall * 0.3)
            _small_window(brush, spot, row, lit=chance.random() < row.lit)
    roof(brush, (x + wide / 2, top), (wide, row.size * (0.3 + 0.14 * chance.random())), (row.roof, row.edge))


def _small_window(brush: Brush, spot: Point, row: Street, *, lit: bool) -> None:
    side = row.size * 0.17
    if lit:
        brush.glow((spot[0] + side / 2, spot[1] + side / 2), side * 3, p.AMBER, 0.5)
    brush.fill(box(*spot, side, side * 1.15, 2), p.LAMP if lit else row.roof, 1 if lit else 0.75)
    brush.stroke(polyline([(spot[0] + side / 2, spot[1]), (spot[0] + side / 2, spot[1] + side * 1.15)]), row.wall, 2)


def roof(brush: Brush, middle: Point, size: tuple[float, float], colours: tuple[str, str]) -> None:
    """A tiled roof whose eaves lift at both ends; `middle` is the middle of its eaves."""
    x, y = middle
    half, high = size[0] * 0.62, size[1]
    path = skia.Path()
    path.moveTo(x - half, y - high * 0.12)
    path.quadTo(x - half * 0.72, y - high * 0.3, x - half * 0.56, y - high)
    path.quadTo(x, y - high * 0.86, x + half * 0.56, y - high)
    path.quadTo(x + half * 0.72, y - high * 0.3, x + half, y - high * 0.12)
    path.quadTo(x, y + high * 0.3, x - half, y - high * 0.12)
    brush.fill(path, colours[0])
    with brush.clip(path):
        for step in range(-6, 7):
            ridge, eave = x + step * half * 0.092, x + step * half * 0.16
            brush.stroke(curve([(ridge, y - high), ((ridge + eave) / 2, y - high * 0.45), (eave, y + high * 0.2)]),
                         colours[1], max(1.2, half * 0.008), 0.5)  # fmt: skip
    ridge_line = [(x - half * 0.58, y - high * 1.03), (x, y - high * 0.92), (x + half * 0.58, y - high * 1.03)]
    brush.stroke(curve(ridge_line), colours[1], max(2, half * 0.035))
    eave_line = [(x - half, y - high * 0.12), (x, y + high * 0.09), (x + half, y - high * 0.12)]
    brush.stroke(curve(eave_line), colours[1], max(1.5, half * 0.018), 0.8)


def ripple(brush: Brush, x: float, y: float, size: float, alpha: float = 0.6) -> None:
    """Rings on water, seen from the side."""
    for ring in (1.0, 0.62, 0.3):
        brush.stroke(oval(x, y, size * ring, size * ring * 0.24), p.PALE, 2.6, alpha * (1.15 - ring * 0.6))


def shimmer(brush: Brush, top: Point, length: float, spread: float, colour: str) -> None:
    """The broken reflection of a light on water, below the point where the light meets it."""
    chance = Random(int(top[0] + length))  # noqa: S311
    steps = int(length / 17)
    for step in range(steps):
        far = step / steps
        half = spread * (0.35 + 0.65 * far) * (0.45 + 0.55 * chance.random())
        x = top[0] + (chance.random() - 0.5) * spread * 0.5 * far
        y = top[1] + far * length
        brush.stroke(polyline([(x - half, y), (x + half, y)]), colour, 4.5, 0.75 * (1 - far) ** 1.3)


def candle_light(brush: Brush, x: float, y: float, size: float) -> None:
    """The light around a boat of that size with a candle in it; drawn before what stands in front of it."""
    brush.glow((x, y - size * 0.55), size * 3.2, p.AMBER, 0.8)


def boat(brush: Brush, x: float, y: float, size: float, *, lit: bool = True) -> None:
    """The paper boat, `size` being half its length, its bottom at (x, y); `lit`: with a candle in it."""
    with brush.at(x, y, scale=size / 100):
        line = min(p.LINE, p.LINE * 100 / size)
        sail = polygon([(0, -112), (44, -38), (-44, -38)])
        brush.shade(sail, (-44, 0), (44, 0), [(0, p.PAPER), (0.5, p.GLOW if lit else p.PAPER), (1, p.PAPER_SHADE)])
        brush.stroke(sail, p.INK, line)
        brush.stroke(polyline([(0, -112), (6, -38)]), p.INK, line * 0.5, 0.5)
        hull = polygon([(-104, -58), (-44, -34), (44, -34), (104, -58), (58, 0), (-58, 0)])
        brush.shade(hull, (0, -58), (0, 0), [(0, p.PAPER), (0.6, p.PAPER), (1, p.PAPER_SHADE)])
        brush.fill(polygon([(0, -34), (44, -34), (104, -58), (58, 0), (20, 0)]), p.PAPER_SHADE, 0.75)
        brush.stroke(hull, p.INK, line)
        brush.stroke(polyline([(-44, -34), (0, -8), (44, -34)]), p.INK, line * 0.5, 0.45)
    if lit:
        brush.glow((x, y - size * 0.5), size * 0.9, p.GLOW, 0.55)
