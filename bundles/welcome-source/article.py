"""The pictures of the article, eight folds and a boat on the water, and the covers of both works."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import palette as p
from brush import Brush
from lettering import SPEECH, Style, text
from shapes import Point, arc, box, oval, polygon, polyline
from town import Street, boat, candle_light, hills, ripple, shimmer, street

CELL = 520
COVER = (1080, 1440)
FRONT, BACK = "#5aa0a0", "#d9ebe2"
"""The two sides of the sheet."""


def first_folds(brush: Brush) -> None:
    """From the sheet to the paper hat: folds 1 to 4."""
    _grid(brush, 1, (_halve, _mark_middle, _fold_corners, _fold_brims))


def last_folds(brush: Brush) -> None:
    """From the paper hat to the boat: folds 5 to 8."""
    _grid(brush, 5, (_open_hat, _fold_tips, _open_again, _pull_apart))


def _grid(brush: Brush, first: int, steps: Sequence[Callable[[Brush], None]]) -> None:
    brush.fill(box(0, 0, 2 * CELL, 2 * CELL), p.PAPER)
    for place, step in enumerate(steps):
        x, y = place % 2 * CELL, place // 2 * CELL
        brush.fill(box(x + 14, y + 14, CELL - 28, CELL - 28, 26), "#f1e2c2")
        brush.draw(oval(x + 74, y + 76, 38, 38), p.RED)
        text(brush, str(first + place), (x + 74, y + 76), Style(SPEECH, 50, p.PAPER))
        with brush.at(x + CELL / 2, y + CELL / 2 + 24, scale=1.12):
            step(brush)


def _halve(brush: Brush) -> None:
    _sheet(brush, [(-106, -150), (106, -150), (106, 150), (-106, 150)], BACK)
    brush.dashes(polyline([(-106, 0), (106, 0)]), p.RED, 5)
    _arrow(brush, (136, -120), (206, 0), (140, 118))


def _mark_middle(brush: Brush) -> None:
    _sheet(brush, [(-106, -75), (106, -75), (106, 75), (-106, 75)], FRONT)
    brush.stroke(polyline([(-106, -75), (106, -75)]), p.INK, 10)
    brush.dashes(polyline([(0, -75), (0, 75)]), p.RED, 5)
    _arrow(brush, (96, -96), (0, -172), (-92, -98))
    _arrow(brush, (-96, 96), (0, 172), (92, 98))


def _fold_corners(brush: Brush) -> None:
    _sheet(brush, [(-140, -99), (140, -99), (140, 99), (-140, 99)], FRONT)
    brush.stroke(polyline([(0, -99), (0, 99)]), p.INK, 3, 0.5)
    for side in (-1, 1):
        brush.fill(polygon([(0, -99), (side * 140, -99), (side * 140, 41)]), p.PAPER, 0.3)
        brush.dashes(polyline([(0, -99), (side * 140, 41)]), p.RED, 5)
        _arrow(brush, (side * 132, -116), (side * 96, -20), (side * 22, 26))


def _fold_brims(brush: Brush) -> None:
    _house(brush)
    brush.dashes(polyline([(-140, 41), (140, 41)]), p.RED, 5)
    _arrow(brush, (0, 124), (66, 70), (10, 2))


def _house(brush: Brush) -> None:
    _sheet(brush, [(0, -99), (140, 41), (140, 99), (-140, 99), (-140, 41)], FRONT)
    brush.stroke(polyline([(0, -99), (0, 41)]), p.INK, 4)
    brush.stroke(polyline([(-140, 41), (140, 41)]), p.INK, 4)


def _open_hat(brush: Brush) -> None:
    _sheet(brush, [(0, -110), (150, 40), (-150, 40)], FRONT)
    brush.draw(polygon([(-108, -2), (108, -2), (150, 40), (-150, 40)]), BACK)
    for side in (-1, 1):
        _arrow(brush, (side * 176, 62), (side * 120, 128), (side * 30, 112))


def _fold_tips(brush: Brush) -> None:
    _diamond(brush, 128)
    brush.dashes(polyline([(-128, 0), (128, 0)]), p.RED, 5)
    _arrow(brush, (20, 112), (96, 10), (20, -96))


def _open_again(brush: Brush) -> None:
    _sheet(brush, [(0, -90), (150, 60), (-150, 60)], FRONT)
    brush.stroke(polyline([(0, -90), (0, 60)]), p.INK, 4, 0.6)
    for side in (-1, 1):
        _arrow(brush, (side * 176, 78), (side * 120, 138), (side * 30, 122))


def _pull_apart(brush: Brush) -> None:
    _diamond(brush, 112)
    brush.stroke(polyline([(0, -112), (0, 112)]), p.INK, 4, 0.6)
    for side in (-1, 1):
        _arrow(brush, (side * 22, -128), (side * 80, -160), (side * 150, -96))


def _diamond(brush: Brush, size: float) -> None:
    _sheet(brush, [(0, -size), (size, 0), (0, size), (-size, 0)], FRONT)


def _sheet(brush: Brush, points: Sequence[Point], colour: str) -> None:
    brush.fill(polygon([(x + 7, y + 11) for x, y in points]), p.WOOD_DARK, 0.22)
    brush.draw(polygon(points), colour)


def _arrow(brush: Brush, start: Point, control: Point, end: Point) -> None:
    brush.stroke(arc(start, control, end), p.RED, 7)
    turn = math.degrees(math.atan2(end[1] - control[1], end[0] - control[0]))
    with brush.at(*end, turn=turn):
        brush.fill(polygon([(16, 0), (-14, -17), (-14, 17)]), p.RED)


def afloat(brush: Brush) -> None:
    """Three boats with candles on a river at dusk."""
    brush.sky(p.WIDTH, 0, 380, [(0, p.DAWN_HIGH), (0.6, p.DAWN_MIDDLE), (1, p.DAWN_LOW)])
    hills(brush, [(0, 300), (260, 240), (560, 310), (820, 230), (1080, 290)], 400, ("#5a5488", "#8a6c94"))
    street(brush, Street("#343c72", "#2a3266", "#5a5a90", foot=390, size=84, seed=12, lit=0.2), p.WIDTH)
    brush.sky(p.WIDTH, 384, 720, [(0, "#9a7898"), (0.3, "#52558c"), (1, p.DEEP)])
    for x, y, size in ((300, 500, 58), (760, 540, 82), (480, 642, 122)):
        shimmer(brush, (x, y + 4), size, size * 0.7, p.LAMP)
        ripple(brush, x, y, size * 1.9, 0.6)
        candle_light(brush, x, y, size)
        boat(brush, x, y, size)


def boats_cover(brush: Brush) -> None:
    """One sheet, one hat, one boat."""
    with brush.at(0, 0, scale=COVER[0] / 750):
        _from_sheet_to_boat(brush)


def _from_sheet_to_boat(brush: Brush) -> None:
    brush.sky(750, 0, 1000, [(0, "#f1e2c2"), (1, "#e6cfa2")])
    for x, y, turn, step in ((230, 220, -8, _halve), (520, 450, 7, _house)):
        with brush.at(x, y, turn=turn, scale=1.05):
            step(brush)
    brush.fill(oval(375, 866, 260, 34), p.WOOD_DARK, 0.2, blur=12)
    boat(brush, 375, 860, 230, lit=False)


PICTURES: dict[str, tuple[tuple[int, int], Callable[[Brush], None]]] = {
    "articles/paper-boats/first-folds.webp": ((2 * CELL, 2 * CELL), first_folds),
    "articles/paper-boats/last-folds.webp": ((2 * CELL, 2 * CELL), last_folds),
    "articles/paper-boats/afloat.webp": ((p.WIDTH, 720), afloat),
    "covers/paper-boats.webp": (COVER, boats_cover),
}
"""Where each picture lies in the bundle, its size, and its painter."""
