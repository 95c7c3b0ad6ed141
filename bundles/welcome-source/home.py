"""The first scenes, at home: the town in the rain, the window, the desk, the boat let go."""

from __future__ import annotations

from collections.abc import Sequence

import palette as p
from brush import Brush
from lettering import HAND, LEADING, TITLE, Style, caption, fitted, speech, text, width
from people import CUP, PINCH, Eyes, child_head, hand, sleeve
from rooms import eaves, flower_pot, frame, lit_room, table_top, wall
from shapes import blob, box, oval, polygon, polyline, tube
from town import Street, boat, candle_light, cloud, hills, moon, ripple, roof, shimmer, street

Words = Sequence[str]


def town(brush: Brush, words: Words) -> None:
    """Roofs in the rain under a clouded moon, one window with light in it, and the title."""
    brush.sky(p.WIDTH, 0, 1240, [(0, p.NIGHT), (0.35, p.DEEP), (0.62, p.BLUE), (0.75, p.HAZE), (1, p.BLUE)])
    moon(brush, 812, 236, 74)
    cloud(brush, 940, 322, 330, p.DUSK)
    cloud(brush, 640, 168, 250, p.DEEP, 0.9)
    cloud(brush, 150, 560, 320, p.DUSK, 0.75)
    text(brush, words[0], (340, 330), fitted(words[0], Style(TITLE, 250, p.PAPER), 480), glow=0.8)
    far = [(0.0, 690.0), (180, 640), (400, 700), (640, 620), (860, 690), (1080, 640)]
    hills(brush, far, 900, (p.BLUE, p.HAZE))
    hills(brush, [(0, 760), (250, 720), (520, 770), (800, 710), (1080, 770)], 950, (p.DUSK, p.BLUE))
    street(brush, Street("#3a5588", "#2f4878", "#4a6598", foot=860, size=70, seed=3), p.WIDTH)
    street(brush, Street("#2c4478", "#22376a", "#3f5b93", foot=945, size=110, seed=5), p.WIDTH)
    street(brush, Street(p.DUSK, "#172650", "#34508a", foot=1060, size=170, seed=8), p.WIDTH)
    _waking_house(brush)
    street(brush, Street(p.DEEP, "#0f1838", "#2a3f74", foot=1300, size=260, seed=14), p.WIDTH)
    brush.rain((0, -80, 1300, 1300), 170, 4)
    caption(brush, words[1], (540, 1168))


def _waking_house(brush: Brush) -> None:
    brush.fill(box(560, 900, 260, 260), "#24376c")
    roof(brush, (690, 900), (260, 92), ("#1a2a58", "#4863a0"))
    brush.glow((690, 985), 330, p.AMBER, 0.85)
    brush.fill(box(632, 926, 116, 112, 4), p.LAMP)
    brush.shade(box(632, 926, 116, 112, 4), (690, 926), (690, 1038), [(0, p.GLOW), (1, p.AMBER)])
    brush.fill(oval(690, 994, 26, 28), p.WOOD_DARK)
    brush.fill(blob([(650, 1038), (662, 1020), (690, 1012), (718, 1020), (730, 1038)]), p.WOOD_DARK)
    brush.stroke(box(632, 926, 116, 112, 4), p.DEEP, 7)


def window(brush: Brush, words: Words) -> None:
    """The child leans on the sill and looks into the rain."""
    wall(brush, 1120, (p.DEEP, p.DUSK))
    lit_room(brush, (p.TEAL, p.TEAL_DARK), lamp=True)
    frame(brush, (p.WOOD, p.WOOD_LIGHT, p.STRAW))
    _leaning_child(brush)
    flower_pot(brush, 810, 944)
    eaves(brush)
    brush.rain((0, 120, 1300, 1000), 90, 21)
    speech(brush, words[0], (318, 274), (440, 530))


def _leaning_child(brush: Brush) -> None:
    with brush.clip(box(170, 340, 740, 592)):
        shoulders = [(470, 760), (392, 800), (352, 880), (352, 960), (728, 960), (728, 880), (688, 800), (610, 760)]
        brush.draw(blob(shoulders), p.RED)
        with brush.at(536, 646, turn=-5):
            child_head(brush, Eyes.OPEN, gaze=-9)
    brush.draw(tube([(726, 900, 44), (650, 924, 44), (560, 932, 38)]), p.RED)
    brush.draw(tube([(470, 944, 28), (524, 944, 30), (560, 942, 32)]), p.SKIN)
    brush.draw(tube([(354, 900, 46), (430, 936, 45), (520, 944, 40), (566, 944, 38)]), p.RED)
    brush.draw(tube([(572, 912, 14), (572, 976, 14)]), p.RED_DARK)
    brush.draw(tube([(600, 944, 28), (636, 948, 24), (658, 950, 18)]), p.SKIN)


def desk(brush: Brush, words: Words) -> None:
    """A letter in the light of the lamp; then it is folded, and folded again."""
    with brush.clip(box(0, 0, p.WIDTH, 780)):
        _writing(brush, words[1])
    caption(brush, words[0], (540, 118))
    for column, step in enumerate((_folded_once, _folded_corners, _folded_boat)):
        x = 40 + column * 340
        with brush.clip(box(x, 810, 320, 320, 10)):
            table_top(brush, (x, 810, 320, 320), (x + 160, 960))
            with brush.at(x + 160, 980):
                step(brush)


def _writing(brush: Brush, words: str) -> None:
    table_top(brush, (0, 0, p.WIDTH, 780), (500, 400))
    with brush.at(470, 440, turn=-5):
        brush.fill(box(-316, -186, 640, 400), p.NIGHT, 0.45, blur=14)
        brush.draw(box(-320, -200, 640, 400), p.PAPER)
        style = Style(HAND, 84, p.DUSK)
        for line in range(3):
            low = -92 + line * style.size * LEADING
            brush.stroke(polyline([(-290, low), (290, low)]), p.MIST, 3, 0.5)
        last_line = words.rpartition("\n")[2]
        text(brush, words, (130 - width(last_line, style) / 2, -68), style)
    _writing_hand(brush)


def _writing_hand(brush: Brush) -> None:
    with brush.at(868, 676, turn=-144):
        brush.draw(polygon([(150, -20), (196, -2), (330, 74), (344, 100), (314, 98), (184, 24), (140, 4)]), p.LAMP)
    with brush.at(834, 656, turn=206):
        hand(brush, PINCH)
    sleeve(brush, [(1180, 800, 86), (1000, 730, 70), (908, 692, 60)], (p.RED, p.RED_DARK))


def _folded_once(brush: Brush) -> None:
    _sheet(brush, [(-116, -60), (116, -60), (116, 90), (-116, 90)])
    brush.stroke(polyline([(-116, -60), (116, -60)]), p.INK, p.LINE * 1.5)


def _folded_corners(brush: Brush) -> None:
    _sheet(brush, [(0, -96), (104, 14), (104, 80), (-104, 80), (-104, 14)])
    brush.stroke(polyline([(0, -96), (0, 14)]), p.INK, 4)
    brush.stroke(polyline([(-104, 14), (104, 14)]), p.INK, 4)


def _folded_boat(brush: Brush) -> None:
    boat(brush, 0, 76, 120, lit=False)


def _sheet(brush: Brush, points: list[tuple[float, float]]) -> None:
    brush.fill(polygon([(x + 6, y + 14) for x, y in points]), p.NIGHT, 0.45, blur=9)
    brush.draw(polygon(points), p.PAPER)


def release(brush: Brush, words: Words) -> None:
    """Two hands set the boat on dark water."""
    brush.sky(p.WIDTH, 0, 860, [(0, p.NIGHT), (0.4, "#152a55"), (1, "#1d4a72")])
    for low, length in ((250, 300), (330, 420), (470, 380), (640, 460), (760, 340)):
        for start in (60, 620):
            brush.stroke(polyline([(start, low), (start + length, low)]), p.HAZE, 5, 0.25)
    brush.glow((540, 560), 560, p.AMBER, 0.4)
    shimmer(brush, (540, 624), 220, 120, p.LAMP)
    for x, y, size in ((540, 612, 250), (150, 420, 60), (930, 360, 50), (170, 720, 80), (900, 700, 90), (700, 800, 50)):
        ripple(brush, x, y, size)
    candle_light(brush, 540, 620, 140)
    boat(brush, 540, 620, 140)
    for mirror in (False, True):
        with brush.at(540, 0, mirror=mirror):
            with brush.at(-300, 480, turn=30, scale=0.95):
                hand(brush, CUP)
            sleeve(brush, [(-820, 40, 110), (-520, 300, 88), (-356, 440, 62)], (p.RED, p.RED_DARK))
    brush.rain((0, -80, 1300, 940), 80, 33)
    speech(brush, words[0], (540, 168), (566, 30))
