"""The scenes on the way: under the bridge, the ferryman, from hand to hand, the wide water."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import palette as p
from brush import Brush
from lettering import caption, speech
from people import OFFER, Pose, ferryman, hand, sleeve
from shapes import Point, blob, box, curve, oval, polygon, polyline, tube, without
from town import Street, boat, candle_light, cloud, hills, moon, ripple, shimmer, stars, street

Words = Sequence[str]


def bridge(brush: Brush, words: Words) -> None:
    """The boat passes under a stone bridge."""
    brush.sky(p.WIDTH, 0, 620, [(0, p.NIGHT), (0.5, p.DEEP), (1, p.BLUE)])
    hills(brush, [(0, 420), (300, 380), (620, 440), (1080, 390)], 640, (p.DUSK, p.BLUE))
    street(brush, Street("#2c4478", "#22376a", "#3f5b93", foot=600, size=110, seed=25, lit=0.12), p.WIDTH)
    brush.sky(p.WIDTH, 590, 900, [(0, "#24487a"), (0.3, "#1b3766"), (1, p.DEEP)])
    _stone_bridge(brush)
    _water_lines(brush, 690, 900, 41)
    shimmer(brush, (540, 712), 170, 70, p.LAMP)
    ripple(brush, 540, 706, 150)
    candle_light(brush, 540, 708, 66)
    boat(brush, 540, 708, 66)
    for x, y, size in ((190, 780, 66), (860, 760, 54), (330, 850, 50), (930, 856, 70)):
        ripple(brush, x, y, size, 0.45)
    brush.rain((0, -80, 1300, 980), 110, 43)
    caption(brush, words[0], (540, 110))


def _stone_bridge(brush: Brush) -> None:
    back = [(-60, 420), (200, 330), (540, 286), (880, 330), (1140, 420)]
    body = curve(back)
    body.lineTo(1140, 700)
    body.lineTo(-60, 700)
    body.close()
    opening = oval(540, 690, 300, 262)
    stone = without(body, opening)
    with brush.clip(opening):
        brush.glow((540, 660), 300, p.AMBER, 0.55)
    brush.shade(stone, (0, 290), (0, 700), [(0, p.STONE), (1, p.STONE_DARK)])
    with brush.clip(stone):
        _courses(brush)
        brush.stroke(oval(540, 690, 336, 298), p.STONE_DARK, 66)
        brush.stroke(oval(540, 690, 336, 298), p.STONE, 58)
        for step in range(15):
            brush.canvas.save()
            brush.canvas.rotate(-91 + step * 13, 540, 690)
            brush.stroke(polyline([(540, 420), (540, 360)]), p.STONE_DARK, 5)
            brush.canvas.restore()
        brush.glow((540, 640), 420, p.AMBER, 0.4)
    brush.stroke(stone, p.INK, p.LINE)
    _railing(brush, back)


def _courses(brush: Brush) -> None:
    chance = Random(9)  # noqa: S311
    for row in range(9):
        low = 330 + row * 44
        brush.stroke(curve([(0, low + 60), (540, low), (1080, low + 60)]), p.STONE_DARK, 4, 0.8)
        for _ in range(9):
            x = chance.random() * p.WIDTH
            sag = 60 * ((x - 540) / 540) ** 2
            brush.stroke(polyline([(x, low + sag), (x, low + sag + 44)]), p.STONE_DARK, 4, 0.8)


def _railing(brush: Brush, back: Sequence[Point]) -> None:
    for x in range(0, 1081, 90):
        low = 286 + 44 * ((x - 540) / 340) ** 2 * 0.92
        brush.draw(box(x - 11, low - 66, 22, 70, 6), p.STONE)
    brush.stroke(curve([(x, y - 44) for x, y in back]), p.INK, 26)
    brush.stroke(curve([(x, y - 44) for x, y in back]), p.STONE, 14)
    brush.stroke(curve(back), p.INK, 26)
    brush.stroke(curve(back), "#46587c", 14)


def _water_lines(brush: Brush, top: float, bottom: float, seed: int) -> None:
    chance = Random(seed)  # noqa: S311
    for row in range(int((bottom - top) / 26)):
        for _ in range(2):
            x, length = chance.random() * 1000, 50 + chance.random() * 160
            y = top + row * 26 + chance.random() * 12
            brush.stroke(polyline([(x, y), (x + length, y)]), p.HAZE, 4, 0.3)


def ferry(brush: Brush, words: Words) -> None:
    """The ferryman lifts the boat out of the water."""
    brush.sky(p.WIDTH, 0, 640, [(0, p.NIGHT), (0.6, p.DEEP), (1, "#1b3766")])
    hills(brush, [(0, 520), (260, 470), (640, 540), (1080, 480)], 660, (p.DEEP, p.DUSK))
    brush.sky(p.WIDTH, 620, 1000, [(0, "#1d3d6c"), (1, p.DEEP)])
    _water_lines(brush, 650, 1000, 51)
    brush.glow((842, 400), 620, p.AMBER, 0.65)
    _reeds(brush, 60, 900, 4)
    with brush.at(430, 420, scale=1.08):
        ferryman(brush)
    _lantern_pole(brush)
    candle_light(brush, 430, 790, 100)
    boat(brush, 430, 786, 128)
    _cupped(brush, (430, 790), (p.LEAF, p.TEAL))
    hull = [(-60, 830), (200, 880), (640, 880), (1000, 836), (1120, 790), (1120, 1040), (-60, 1040)]
    brush.draw(polygon(hull), p.WOOD)
    for low in (916, 962):
        brush.stroke(curve([(-40, low - 40), (420, low), (1120, low - 70)]), p.WOOD_DARK, p.LINE)
    brush.stroke(curve([(-60, 838), (420, 888), (1120, 800)]), p.WOOD_LIGHT, 12)
    brush.rain((0, -80, 1300, 1080), 110, 53)
    speech(brush, words[0], (740, 150), (590, 300))


def _cupped(brush: Brush, middle: Point, colours: tuple[str, str]) -> None:
    for mirror in (False, True):
        with brush.at(*middle, mirror=mirror):
            with brush.at(-216, 22, turn=-8, scale=0.84):
                hand(brush, OFFER)
            sleeve(brush, [(-400, 170, 84), (-350, 90, 76), (-284, 40, 56)], colours)


def _lantern_pole(brush: Brush) -> None:
    brush.stroke(curve([(1010, 900), (960, 480), (900, 300), (842, 280)]), p.INK, 22)
    brush.stroke(curve([(1010, 900), (960, 480), (900, 300), (842, 280)]), p.WOOD_LIGHT, 10)
    brush.stroke(polyline([(842, 282), (842, 330)]), p.INK, 5)
    paper_lantern(brush, 842, 400, 74)


def paper_lantern(brush: Brush, x: float, y: float, size: float) -> None:
    """A round paper lantern with its ribs, lit from within; `size` is half its width."""
    brush.glow((x, y), size * 4, p.AMBER, 0.9)
    body = oval(x, y, size, size * 0.92)
    brush.shade(body, (x, y - size), (x, y + size), [(0, p.LAMP), (0.5, p.GLOW), (1, p.LAMP)])
    for rib in (0.36, 0.74):
        brush.stroke(oval(x, y, size * rib, size * 0.92), p.AMBER, 4, 0.8)
    brush.stroke(body, p.INK, p.LINE)
    for top in (y - size * 1.02, y + size * 0.8):
        brush.draw(box(x - size * 0.4, top, size * 0.8, size * 0.22, 6), p.RED_DARK)
    brush.stroke(polyline([(x, y + size * 1.02), (x, y + size * 1.5)]), p.RED, 8)
    brush.glow((x, y), size * 1.6, p.GLOW, 0.5)


def _reeds(brush: Brush, x: float, foot: float, seed: int) -> None:
    chance = Random(seed)  # noqa: S311
    for number in range(9):
        left, tall = x + number * 24 - 96, 170 + chance.random() * 230
        lean = (chance.random() - 0.4) * 150
        tip = (left + lean, foot - tall)
        brush.fill(tube([(left, foot, 6), (left + lean * 0.22, foot - tall * 0.55, 5), (*tip, 1.5)]), p.NIGHT)
        if number % 3 == 0:
            with brush.at(*tip, turn=lean * 0.25):
                brush.fill(oval(0, 6, 10, 42), p.NIGHT)


@dataclass(frozen=True, slots=True)
class Handing:
    """One band of the hand-to-hand scene: its sky, and the sleeves of who gives and who takes."""

    sky: tuple[str, str]
    giver: tuple[str, str]
    taker: tuple[str, str]
    place: Callable[[Brush], None]
    caption_x: float


def _in_the_rain(brush: Brush) -> None:
    brush.rain((0, -80, 1300, 420), 60, 91)


def _in_the_bakery(brush: Brush) -> None:
    for x in (40, 150, 260, 370):
        brush.fill(blob([(x, 92), (x + 8, 62), (x + 48, 46), (x + 88, 62), (x + 96, 92)]), p.WOOD_LIGHT, 0.8)
        for cut in (28, 48, 68):
            brush.stroke(polyline([(x + cut - 6, 74), (x + cut + 6, 56)]), p.LAMP, 5, 0.7)
    brush.fill(box(-10, 92, 520, 16, 4), p.WOOD_DARK)


def _in_the_street(brush: Brush) -> None:
    street(brush, Street("#2a2c5c", "#232450", "#474a84", foot=290, size=180, seed=97, lit=0.1), p.WIDTH)


HANDINGS = (
    Handing(("#14284f", "#2a5578"), (p.LEAF, p.TEAL), (p.FLOUR, p.PAPER_SHADE), _in_the_rain, 330),
    Handing(("#4a2c40", "#a3563f"), (p.FLOUR, p.PAPER_SHADE), (p.NAVY, p.LAMP), _in_the_bakery, 770),
    Handing(("#1e2450", "#54487e"), (p.NAVY, p.LAMP), (p.PLUM, p.FLOUR), _in_the_street, 330),
)
BAND = 340
"""The height of a band."""


def hands(brush: Brush, words: Words) -> None:
    """Ferryman, baker, postman, grandmother: the letter goes from hand to hand."""
    for number, (handing, said) in enumerate(zip(HANDINGS, words, strict=True)):
        top, lean = number * (BAND + 26), 34 if number % 2 else -34
        area = polygon([(0, top + 34 + min(0, lean)), (p.WIDTH, top + 34 + min(0, -lean)),
                        (p.WIDTH, top + BAND + min(0, -lean)), (0, top + BAND + min(0, lean))])  # fmt: skip
        with brush.clip(area), brush.at(0, top):
            brush.sky(p.WIDTH, 0, BAND, [(0, handing.sky[0]), (1, handing.sky[1])])
            handing.place(brush)
            _hand_over(brush, handing)
            caption(brush, said, (handing.caption_x, 88))


def _hand_over(brush: Brush, handing: Handing) -> None:
    candle_light(brush, 540, 232, 120)
    _reach(brush, OFFER, handing.taker, mirror=True)
    boat(brush, 540, 232, 104)
    _reach(brush, OFFER, handing.giver, mirror=False)


def _reach(brush: Brush, pose: Pose, colours: tuple[str, str], *, mirror: bool) -> None:
    with brush.at(540, 250 if not mirror else 226, mirror=mirror):
        with brush.at(-246, 4, scale=0.92):
            hand(brush, pose)
        sleeve(brush, [(-700, 70, 92), (-480, 30, 80), (-318, 8, 60)], colours)
        for button in range(3 if colours[0] == p.NAVY else 0):
            brush.draw(oval(-440 - button * 56, 40 + button * 8, 11, 11), p.LAMP, 4)


def calm(brush: Brush, words: Words) -> None:
    """The rain is over: stars, a moon on wide water, one dark town on the far bank."""
    brush.sky(p.WIDTH, 0, 520, [(0, p.NIGHT), (0.5, p.DUSK), (1, "#40598f")])
    stars(brush, (0, 20, p.WIDTH, 400), 90, 62)
    moon(brush, 540, 250, 84)
    cloud(brush, 120, 330, 240, p.DUSK, 0.9)
    cloud(brush, 1000, 210, 260, p.DUSK, 0.9)
    hills(brush, [(0, 470), (240, 420), (520, 470), (820, 400), (1080, 450)], 560, (p.BLUE, p.HAZE))
    street(brush, Street("#2c4478", "#22376a", "#46619a", foot=540, size=64, seed=66), p.WIDTH)
    brush.sky(p.WIDTH, 530, 980, [(0, "#45659c"), (0.25, "#2b4a80"), (1, p.NIGHT)])
    _water_lines(brush, 560, 980, 67)
    shimmer(brush, (540, 540), 330, 110, p.GLOW)
    ripple(brush, 540, 772, 210, 0.5)
    candle_light(brush, 540, 776, 84)
    boat(brush, 540, 776, 84)
    _reeds(brush, 60, 1010, 71)
    _reeds(brush, 940, 1010, 72)
    caption(brush, words[0], (540, 902))
