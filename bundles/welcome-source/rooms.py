"""Walls, windows seen from outside, and the wood of a table."""

from __future__ import annotations

from random import Random

import palette as p
from brush import Brush
from shapes import Point, arc, blob, box, curve, oval, polygon, polyline, tube

OPENING = (170.0, 340.0, 740.0, 600.0)
"""Where the window is in its panel: x, y, width, height."""


def wall(brush: Brush, height: float, colours: tuple[str, str]) -> None:
    """A plastered wall at night under a row of roof tiles; light spills from the window."""
    brush.sky(p.WIDTH, 0, height, [(0, colours[0]), (1, colours[1])])
    chance = Random(7)  # noqa: S311
    for _ in range(26):
        x, y = chance.random() * p.WIDTH, 180 + chance.random() * (height - 200)
        brush.stroke(polyline([(x, y), (x + 24 + chance.random() * 50, y)]), p.HAZE, 4, 0.22)
    x, y, wide, tall = OPENING
    brush.glow((x + wide / 2, y + tall / 2), 760, p.AMBER, 0.6)


def eaves(brush: Brush) -> None:
    """The lower edge of a tiled roof along the top of a panel."""
    brush.fill(box(0, 128, p.WIDTH, 60), p.NIGHT, 0.45, blur=16)
    brush.sky(p.WIDTH, 0, 118, [(0, p.NIGHT), (1, p.DEEP)])
    for column in range(13):
        x = column * 90
        brush.draw(box(x - 24, -20, 48, 130, 20), p.DUSK)
        brush.stroke(polyline([(x - 8, -10), (x - 8, 84)]), p.HAZE, 4, 0.35)
        brush.draw(blob([(x + 21, 92), (x + 45, 132), (x + 69, 92), (x + 45, 104)]), p.DEEP)
        brush.draw(oval(x, 112, 27, 25), p.BLUE)
        brush.stroke(oval(x, 112, 12, 11), p.HAZE, 4, 0.7)


def lit_room(brush: Brush, curtain: tuple[str, str], *, lamp: bool) -> None:
    """The warm inside of the window: a shelf, curtains, and a hanging lamp where asked for."""
    x, y, wide, tall = OPENING
    opening = box(*OPENING)
    brush.shade(opening, (0, y), (0, y + tall), [(0, "#d9783f"), (0.5, p.AMBER), (1, "#f3b45f")])
    with brush.clip(opening):
        brush.glow((x + wide * 0.7, y + 150), 430, p.GLOW, 0.95)
        _shelf(brush, (x + 130, y + 210))
        if lamp:
            _hanging_lamp(brush, (x + wide * 0.7, y + 150))
        for side in (-1, 1):
            _curtain(brush, side, curtain)


def _shelf(brush: Brush, corner: Point) -> None:
    x, y = corner
    for left, wide, tall, colour in ((8, 26, 104, p.RED_DARK), (38, 22, 88, p.TEAL_DARK), (64, 32, 112, p.PLUM),
                                     (100, 22, 80, p.WOOD_DARK), (140, 20, 96, p.RED_DARK)):  # fmt: skip
        brush.fill(box(x + left, y - tall, wide, tall, 3), colour, 0.75)
    brush.fill(box(x - 20, y, 220, 16, 4), p.WOOD)
    brush.fill(blob([(x + 172, y), (x + 168, y - 36), (x + 186, y - 60), (x + 204, y - 36), (x + 200, y)]), p.WOOD, 0.9)


def _hanging_lamp(brush: Brush, foot: Point) -> None:
    x, y = foot
    brush.stroke(polyline([(x, y - 160), (x, y - 70)]), p.INK, p.LINE)
    brush.draw(blob([(x - 74, y), (x - 40, y - 60), (x, y - 74), (x + 40, y - 60), (x + 74, y), (x, y + 12)]), p.PAPER)
    brush.stroke(arc((x - 40, y - 6), (x - 26, y - 44), (x - 14, y - 62)), p.LAMP, 5)
    brush.glow((x, y), 170, p.GLOW, 0.8)


def _curtain(brush: Brush, side: int, colours: tuple[str, str]) -> None:
    x, y, wide, _ = OPENING
    middle, edge = x + wide / 2, wide / 2
    points = [(1.1, -20), (0.58, -20), (0.62, 180), (0.8, 380), (0.86, 420), (0.8, 470), (0.74, 640), (1.1, 640)]
    shape = blob([(middle + side * edge * far, y + down) for far, down in points])
    brush.draw(shape, colours[0])
    for far in (0.7, 0.82, 0.93):
        fold = [(middle + side * edge * far, y), (middle + side * edge * (far * 0.6 + 0.36), y + 330)]
        brush.stroke(arc(fold[0], (fold[0][0], y + 220), fold[1]), colours[1], 7, 0.8)
    band = [
        (middle + side * edge * far, y + down) for far, down in ((0.78, 404), (1.05, 384), (1.05, 424), (0.79, 444))
    ]
    brush.draw(polygon(band), p.LAMP)


def frame(brush: Brush, colours: tuple[str, str, str]) -> None:
    """The wooden frame around the window, its opened shutters, and the sill in front."""
    x, y, wide, tall = OPENING
    for side in (-1, 1):
        _shutter(brush, side, colours)
    for piece in (box(x - 34, y - 40, wide + 68, 44, 6), box(x - 34, y, 38, tall), box(x + wide - 4, y, 38, tall)):
        brush.draw(piece, colours[0])
    brush.draw(box(x - 70, y + tall - 6, wide + 140, 54, 10), colours[1])
    brush.stroke(polyline([(x - 50, y + tall + 12), (x + wide + 50, y + tall + 12)]), colours[2], 5, 0.9)
    brush.fill(box(x - 50, y + tall + 51, wide + 100, 30), p.NIGHT, 0.4, blur=10)


def _shutter(brush: Brush, side: int, colours: tuple[str, str, str]) -> None:
    x, y, wide, tall = OPENING
    inner, outer = (x - 34, x - 134) if side < 0 else (x + wide + 34, x + wide + 134)
    brush.draw(polygon([(inner, y - 20), (outer, y + 16), (outer, y + tall + 16), (inner, y + tall - 10)]), colours[0])
    for row in range(1, 8):
        low = y + row * tall / 8
        brush.stroke(polyline([(inner + side * 12, low), (outer - side * 12, low + 12)]), colours[2], 5, 0.55)


def flower_pot(brush: Brush, x: float, foot: float) -> None:
    """A pot with leaves and three small flowers, standing at `foot`."""
    for lean, tall in ((-56, 84), (-14, 136), (50, 92)):
        stem = [(x + lean * 0.3, foot - 80), (x + lean * 0.8, foot - 80 - tall * 0.5), (x + lean, foot - 80 - tall)]
        brush.stroke(curve(stem), p.INK, 18)
        brush.stroke(curve(stem), p.LEAF, 9)
        for turn in ((-15, 0), (15, 0), (0, -15), (0, 15)):
            brush.draw(oval(x + lean + turn[0], foot - 80 - tall + turn[1], 14, 14), p.RED, 4)
        brush.fill(oval(x + lean, foot - 80 - tall, 11, 11), p.LAMP)
    for side in (-1, 1):
        leaf = [(x, foot - 84), (x + side * 34, foot - 142), (x + side * 88, foot - 134), (x + side * 50, foot - 96)]
        brush.draw(blob(leaf), p.LEAF)
    brush.draw(polygon([(x - 46, foot - 74), (x + 46, foot - 74), (x + 34, foot), (x - 34, foot)]), p.WOOD_LIGHT)
    brush.draw(box(x - 54, foot - 92, 108, 28, 8), p.WOOD)


def cat(brush: Brush, x: float, foot: float) -> None:
    """A cat asleep, its paws at `foot`."""
    tail = [(x + 96, foot - 24, 14), (x + 60, foot - 8, 14), (x - 20, foot + 26, 13), (x - 44, foot + 66, 11)]
    brush.draw(tube(tail), p.STRAW)
    brush.draw(blob([(x - 70, foot), (x - 66, foot - 62), (x, foot - 96), (x + 80, foot - 82), (x + 116, foot - 30),
                     (x + 100, foot)]), p.STRAW)  # fmt: skip
    for stripe in (20, 48, 74):
        brush.stroke(
            arc((x + stripe, foot - 86), (x + stripe + 12, foot - 66), (x + stripe + 4, foot - 48)), p.WOOD_LIGHT, 8
        )
    for ear in (-98, -42):
        brush.draw(polygon([(x + ear - 20, foot - 74), (x + ear + 2, foot - 116), (x + ear + 24, foot - 74)]), p.STRAW)
    brush.draw(oval(x - 68, foot - 46, 56, 46), p.STRAW)
    for eye in (-90, -46):
        brush.stroke(arc((x + eye - 12, foot - 50), (x + eye, foot - 38), (x + eye + 12, foot - 50)), p.INK, 5)
    brush.fill(oval(x - 68, foot - 34, 6, 5), p.RED_DARK)


def table_top(brush: Brush, area: tuple[float, float, float, float], light: Point) -> None:
    """Wood seen from above, lit around one point; the area is x, y, width, height."""
    x, y, wide, tall = area
    brush.fill(box(*area), p.WOOD_DARK)
    with brush.clip(box(*area)):
        chance = Random(3)  # noqa: S311
        for board in range(int(tall / 150) + 1):
            low = y + board * 150
            brush.stroke(polyline([(x, low), (x + wide, low)]), p.INK, 5, 0.7)
            for _ in range(4):
                start, down = x + chance.random() * wide, low + 22 + chance.random() * 106
                length = 140 + chance.random() * 260
                brush.stroke(
                    arc((start, down), (start + length / 2, down + 12), (start + length, down)), p.INK, 4, 0.28
                )
        brush.glow(light, 820, p.AMBER, 0.75)
        brush.glow(light, 420, p.LAMP, 0.35)
