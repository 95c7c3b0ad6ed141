"""The last scenes: the letter is read, a lantern is hung, and its light is seen."""

from __future__ import annotations

from collections.abc import Sequence

import palette as p
from brush import Brush
from lettering import HAND, SPEECH, Style, caption, fitted, speech, text
from people import CUP, Eyes, child_from_behind, girl_head, hand, sleeve
from road import paper_lantern
from rooms import cat, eaves, flower_pot, frame, lit_room, table_top, wall
from shapes import blob, box, oval, polygon, polyline, tube
from town import Street, boat, hills, shimmer, stars, street

Words = Sequence[str]


def letter(brush: Brush, words: Words) -> None:
    """The girl unfolds the boat and finds four hands in one letter."""
    with brush.clip(box(0, 0, p.WIDTH, 540)):
        _reader(brush)
    with brush.clip(box(0, 566, p.WIDTH, 640)):
        table_top(brush, (0, 566, p.WIDTH, 640), (540, 880))
        _open_letter(brush, words[:4])
    speech(brush, words[4], (846, 150), (668, 262))


def _reader(brush: Brush) -> None:
    brush.sky(p.WIDTH, 0, 540, [(0, "#2a2450"), (1, "#7c4450")])
    brush.draw(box(90, 60, 250, 300, 8), p.WOOD_DARK)
    brush.shade(box(110, 80, 210, 260), (0, 80), (0, 340), [(0, p.NIGHT), (1, p.BLUE)])
    with brush.clip(box(110, 80, 210, 260)):
        stars(brush, (110, 80, 210, 230), 16, 5)
    brush.stroke(polyline([(215, 80), (215, 340)]), p.WOOD_DARK, 14)
    brush.stroke(polyline([(110, 210), (320, 210)]), p.WOOD_DARK, 14)
    brush.glow((500, 480), 640, p.AMBER, 0.75)
    shoulders = [(460, 384), (380, 400), (310, 480), (290, 640), (790, 640), (770, 480), (700, 400), (620, 384)]
    brush.draw(blob(shoulders), p.TEAL)
    brush.draw(polygon([(486, 384), (594, 384), (540, 470)]), p.PAPER)
    with brush.at(540, 256):
        girl_head(brush, Eyes.DOWN)
    brush.draw(polygon([(372, 452), (540, 470), (708, 452), (716, 640), (364, 640)]), p.PAPER)
    for line in ([(540, 470), (540, 640)], [(456, 462), (452, 640)], [(624, 462), (628, 640)]):
        brush.stroke(polyline(line), p.PAPER_SHADE, 5)
    for side in (-1, 1):
        brush.draw(
            tube([(540 + side * 168, 552, 30), (540 + side * 150, 536, 24), (540 + side * 124, 530, 17)]), p.SKIN
        )


def _open_letter(brush: Brush, lines: Words) -> None:
    with brush.at(540, 884, turn=1.5):
        brush.fill(box(-380, -250, 772, 540), p.NIGHT, 0.45, blur=16)
        sheet = box(-384, -268, 768, 536)
        brush.draw(sheet, p.PAPER)
        with brush.clip(sheet):
            for crease in ([(-384, 0), (384, 0)], [(0, -268), (0, 268)], [(-384, 116), (0, -268), (384, 116)]):
                brush.stroke(polyline(crease), p.PAPER_SHADE, 6, 0.8)
        pens = ((p.DUSK, -20, 660), (p.WOOD_DARK, 26, 640), (p.RED_DARK, 6, 500), (p.TEAL_DARK, 20, 640))
        for row, (line, (colour, shift, most)) in enumerate(zip(lines, pens, strict=True)):
            text(brush, line, (shift, -186 + row * 124), fitted(line, Style(HAND, 76, colour), most))
    for mirror in (False, True):
        with brush.at(540, 990, mirror=mirror):
            brush.draw(tube([(-620, 150, 80), (-480, 60, 66), (-410, 16, 52)]), p.SKIN)
            brush.draw(tube([(-400, 6, 34), (-350, -20, 30), (-306, -30, 22)]), p.SKIN)
            sleeve(brush, [(-760, 240, 110), (-600, 140, 92), (-530, 96, 78)], (p.TEAL, p.TEAL_DARK))


def lantern(brush: Brush, words: Words) -> None:
    """The girl hangs a lantern in her window."""
    wall(brush, 1080, ("#1a2048", "#33366e"))
    lit_room(brush, (p.PLUM, "#5a3560"), lamp=False)
    frame(brush, (p.WOOD_DARK, p.WOOD, p.STRAW_DARK))
    with brush.clip(box(170, 340, 740, 592)):
        brush.draw(blob([(390, 790), (310, 830), (280, 980), (680, 980), (660, 830), (570, 790)]), p.TEAL)
    brush.stroke(polyline([(764, 100), (764, 456)]), p.INK, p.LINE)
    paper_lantern(brush, 764, 550, 96)
    _raised_arm(brush)
    with brush.clip(box(170, 340, 740, 592)), brush.at(476, 668, turn=6):
        girl_head(brush, Eyes.GLAD, gaze=8)
    cat(brush, 258, 944)
    eaves(brush)
    speech(brush, words[0], (330, 268), (440, 480))


def _raised_arm(brush: Brush) -> None:
    with brush.at(752, 782, turn=-82, scale=0.58):
        hand(brush, CUP)
    sleeve(brush, [(616, 850, 50), (676, 886, 49), (728, 856, 44), (748, 792, 36)], (p.TEAL, p.TEAL_DARK))
    brush.fill(oval(604, 846, 48, 48), p.TEAL)


def far_light(brush: Brush, words: Words) -> None:
    """From the first window: across the river, one light."""
    brush.sky(p.WIDTH, 0, 640, [(0, p.DEEP), (0.45, p.DAWN_HIGH), (0.8, p.DAWN_MIDDLE), (1, p.DAWN_LOW)])
    stars(brush, (0, 210, p.WIDTH, 220), 40, 81)
    hills(brush, [(0, 560), (220, 500), (480, 560), (760, 470), (1080, 540)], 700, ("#5a5488", "#8a6c94"))
    hills(brush, [(0, 620), (300, 580), (640, 640), (1080, 570)], 720, ("#3d4278", "#5c5588"))
    street(brush, Street("#343c72", "#2a3266", "#5a5a90", foot=700, size=74, seed=83), p.WIDTH)
    brush.sky(p.WIDTH, 690, 1240, [(0, "#8a6c94"), (0.2, "#52558c"), (1, p.DEEP)])
    for row in range(14):
        y = 724 + row * 24
        brush.stroke(polyline([(60 + row * 131 % 700, y), (240 + row * 131 % 700, y)]), p.DAWN_LOW, 4, 0.32)
    brush.glow((716, 652), 300, p.LAMP, 0.95)
    brush.fill(box(704, 640, 24, 26, 3), p.GLOW)
    shimmer(brush, (716, 708), 270, 60, p.LAMP)
    _window_from_inside(brush)
    flower_pot(brush, 948, 1146)
    with brush.at(390, 860, scale=1.12):
        child_from_behind(brush)
    caption(brush, words[0], (540, 150))
    speech(brush, words[1], (760, 838), (560, 838))


def _window_from_inside(brush: Brush) -> None:
    brush.draw(box(-20, -20, 70, 1300), p.WOOD_DARK)
    brush.draw(box(1030, -20, 70, 1300), p.WOOD_DARK)
    brush.draw(box(-20, -20, 1120, 60), p.WOOD_DARK)
    brush.draw(box(-20, 1130, 1120, 140), p.WOOD_DARK)
    brush.stroke(polyline([(40, 1140), (1040, 1140)]), p.WOOD, 10)


def end(brush: Brush, words: Words) -> None:
    """The last word, and the boat."""
    boat(brush, 540, 130, 60)
    text(brush, words[0], (540, 220), Style(SPEECH, 60, p.PAPER))
