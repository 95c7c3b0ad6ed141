"""The people of the story: hands in their sleeves, the child, the girl, the ferryman."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import palette as p
from brush import Brush
from shapes import Thick, arc, blob, curve, oval, polygon, polyline, tube, union


@dataclass(frozen=True, slots=True)
class Pose:
    """A hand that points right, its wrist at (0, 0): the palm, then fingers from the farthest to the nearest."""

    palm: tuple[Thick, ...]
    fingers: tuple[tuple[Thick, ...], ...]


OFFER = Pose(
    palm=((-60, 0, 36), (0, 0, 40), (60, 8, 46), (104, 6, 40)),
    fingers=(
        ((70, -22, 20), (140, -24, 17), (196, -38, 14), (222, -54, 11)),
        ((96, -2, 22), (168, 4, 19), (232, -10, 15), (262, -28, 12)),
        ((90, 26, 22), (160, 34, 19), (218, 24, 16), (248, 8, 12)),
        ((30, -26, 20), (72, -60, 18), (116, -72, 14)),
    ),
)
PINCH = Pose(
    palm=((-70, 4, 38), (0, 0, 42), (56, -2, 50), (92, 4, 44)),
    fingers=(
        ((86, 38, 22), (136, 58, 20), (150, 84, 16), (132, 100, 14)),
        ((96, 18, 23), (156, 40, 20), (176, 72, 16), (162, 94, 13)),
        ((92, -16, 24), (160, -2, 21), (196, 40, 16), (204, 74, 12)),
        ((38, 28, 22), (92, 56, 20), (150, 72, 15), (190, 78, 12)),
    ),
)
CUP = Pose(
    palm=((-70, 0, 40), (0, 4, 44), (60, 14, 50), (100, 16, 44)),
    fingers=(
        ((90, -16, 22), (150, -20, 20), (196, -34, 16)),
        ((96, 6, 23), (164, 8, 20), (214, -6, 16)),
        ((94, 30, 23), (160, 36, 20), (208, 24, 16)),
        ((80, 50, 20), (140, 60, 18), (184, 52, 14)),
        ((26, -24, 22), (64, -64, 19), (86, -96, 15)),
    ),
)


def hand(brush: Brush, pose: Pose) -> None:
    """A hand with its lines only where one finger passes another."""
    palm, fingers = tube(pose.palm), [tube(finger) for finger in pose.fingers]
    whole = union(palm, *fingers)
    brush.fill(whole, p.SKIN)
    with brush.clip(palm, outside=True):
        for finger in fingers:
            brush.draw(finger, p.SKIN)
    brush.fill(tube([(x, y, radius + 2) for x, y, radius in pose.palm]), p.SKIN)
    x, y, radius = pose.fingers[-1][0]
    with brush.clip(oval(x, y, radius * 1.9, radius * 1.9), outside=True):
        brush.draw(fingers[-1], p.SKIN)
    brush.stroke(whole, p.INK, p.LINE)


def sleeve(brush: Brush, points: Sequence[Thick], colours: tuple[str, str]) -> None:
    """An arm in its sleeve, with a cuff where it ends."""
    brush.draw(tube(points), colours[0])
    (x, y, radius), (near_x, near_y, _) = points[-1], points[-2]
    length = max(1.0, ((x - near_x) ** 2 + (y - near_y) ** 2) ** 0.5)
    along = ((x - near_x) / length * radius, (y - near_y) / length * radius)
    end = (x + along[0] * 0.75, y + along[1] * 0.75)
    cuff = [(end[0] + side * along[1] * 0.8, end[1] - side * along[0] * 0.8, radius * 0.36) for side in (-1, 0, 1)]
    brush.draw(tube(cuff), colours[1])


class Eyes(Enum):
    """Where a face looks."""

    OPEN = "open"
    DOWN = "down"
    GLAD = "glad"


def face(brush: Brush, eyes: Eyes, *, gaze: float = 0) -> None:
    """A face around (0, 0), some 200 pixels wide; `gaze` moves what is in it sideways."""
    brush.draw(blob([(-104, -50), (-102, 14), (-80, 70), (-34, 106), (0, 112), (34, 106), (80, 70), (102, 14),
                     (104, -50), (60, -110), (-60, -110)]), p.SKIN)  # fmt: skip
    for side in (-1, 1):
        x = side * 43 + gaze
        brush.fill(oval(x * 1.42, 50, 22, 14), p.BLUSH, 0.5, blur=5)
        if eyes is Eyes.OPEN:
            brush.fill(oval(x, 16, 10.5, 15), p.INK)
            brush.fill(oval(x + 3.5, 10, 3.6, 4.6), p.PAPER)
        else:
            bend = 18 if eyes is Eyes.DOWN else -20
            brush.stroke(arc((x - 18, 20), (x, 20 + bend), (x + 18, 20)), p.INK, p.LINE)
        brush.stroke(arc((x - 18, -18), (x, -29), (x + 18, -19)), p.HAIR, 5)
    brush.stroke(arc((gaze - 4, 38), (gaze + 8, 46), (gaze - 5, 48)), p.SKIN_SHADE, 5)
    smile = 20 if eyes is not Eyes.OPEN else 10
    brush.stroke(arc((gaze - 17, 70), (gaze, 70 + smile), (gaze + 17, 70)), p.INK, 5)


def child_head(brush: Brush, eyes: Eyes, *, gaze: float = 0) -> None:
    """The child of the first window: bobbed hair, a fringe."""
    brush.draw(blob([(-140, -4), (-128, -96), (-70, -158), (6, -170), (84, -152), (130, -90), (140, -4), (134, 62),
                     (112, 104), (70, 96), (-70, 96), (-112, 104), (-134, 62)]), p.HAIR)  # fmt: skip
    face(brush, eyes, gaze=gaze)
    fringe = blob([(-116, 20), (-118, -70), (-74, -134), (8, -150), (84, -128), (118, -64), (116, 22), (100, -22),
                   (66, -34), (40, -26), (12, -38), (-18, -28), (-48, -38), (-76, -28), (-100, -18)])  # fmt: skip
    brush.fill(fringe, p.HAIR)
    for x, y in ((-60, -112), (-22, -126)):
        brush.stroke(arc((x - 24, y + 40), (x - 12, y + 6), (x + 16, y)), p.HAZE, 5, 0.5)


def girl_head(brush: Brush, eyes: Eyes, *, gaze: float = 0) -> None:
    """The girl across the river: parted hair, two braids with bands."""
    for side in (-1, 1):
        _braid(brush, side)
    brush.draw(blob([(-122, -10), (-124, -90), (-70, -152), (0, -164), (70, -152), (124, -90), (122, -10), (96, 60),
                     (-96, 60)]), p.WOOD_DARK)  # fmt: skip
    face(brush, eyes, gaze=gaze)
    for side in (-1, 1):
        brush.fill(blob([(side * x, y) for x, y in ((-4, -152), (64, -142), (114, -88), (116, 10), (102, -24),
                                                     (62, -66), (6, -88))]), p.WOOD_DARK)  # fmt: skip
    brush.stroke(polyline([(1, -158), (2, -94)]), p.SKIN_SHADE, 4, 0.8)


def _braid(brush: Brush, side: int) -> None:
    for x, y, radius in ((106, 60, 31), (116, 106, 31), (122, 152, 29), (124, 196, 26)):
        brush.draw(oval(side * x, y, radius, radius * 0.94), p.WOOD_DARK)
    brush.draw(
        blob([(side * x, y) for x, y in ((112, 214), (136, 214), (142, 256), (124, 276), (108, 256))]), p.WOOD_DARK
    )
    brush.draw(tube([(side * 110, 218, 9), (side * 138, 218, 9)]), p.LAMP, p.LINE * 0.8)


def ferryman(brush: Brush) -> None:
    """The ferryman down to his chest: straw hat, white beard, a cape of straw; his chin near (0, 60)."""
    cape = blob([(-60, 60), (-170, 130), (-270, 300), (-330, 560), (330, 560), (270, 300), (170, 130), (60, 60)])
    brush.draw(cape, p.STRAW_DARK)
    with brush.clip(cape):
        for row, top in enumerate((110, 210, 320, 440)):
            for step in range(-14, 15):
                x = step * (16 + row * 8) + (row % 2) * 9
                brush.stroke(curve([(x * 0.86, top), (x, top + 60), (x * 1.06, top + 124)]), p.STRAW, 5, 0.55)
    brush.draw(blob([(-88, -60), (-92, 10), (-60, 66), (0, 86), (60, 66), (92, 10), (88, -60)]), p.SKIN_SHADE)
    beard = blob([(-92, 6), (-74, 20), (-40, 24), (0, 18), (40, 24), (74, 20), (92, 6), (84, 90), (46, 160), (0, 196),
                  (-46, 160), (-84, 90)])  # fmt: skip
    brush.draw(beard, p.FLOUR)
    for x in (-36, 0, 36):
        brush.stroke(curve([(x, 80), (x * 0.9, 116), (x * 0.6, 150)]), p.PAPER_SHADE, 5)
    brush.stroke(arc((-18, 44), (0, 62), (18, 44)), p.INK, 5)
    brush.draw(oval(0, 6, 19, 16), p.SKIN_SHADE)
    for side in (-1, 1):
        brush.stroke(arc((side * 58, -10), (side * 41, -30), (side * 24, -10)), p.INK, p.LINE)
        brush.fill(oval(side * 62, 10, 18, 11), p.BLUSH, 0.5, blur=5)
    hat = polygon([(0, -214), (250, -34), (0, -66), (-250, -34)])
    brush.draw(hat, p.STRAW)
    with brush.clip(hat):
        for step in range(-7, 8):
            brush.stroke(polyline([(0, -214), (step * 42, -20)]), p.STRAW_DARK, 4, 0.7)
        for low in (0.36, 0.68):
            brush.stroke(curve([(-250 * low, -214 + 176 * low), (0, -214 + 152 * low), (250 * low, -214 + 176 * low)]),
                         p.STRAW_DARK, 4, 0.7)  # fmt: skip
    brush.draw(blob([(-250, -34), (0, -70), (250, -34), (0, -46)]), p.STRAW_DARK)


def child_from_behind(brush: Brush) -> None:
    """The child's head and shoulders seen from behind, the neck near (0, 110); light comes from the far right."""
    body = blob([(-70, 100), (-176, 140), (-230, 300), (-250, 620), (250, 620), (230, 300), (176, 140), (70, 100)])
    brush.draw(body, p.RED_DARK)
    with brush.clip(body):
        brush.stroke(curve([(60, 100), (170, 140), (224, 300), (244, 620)]), p.RED, 26)
        for side in (-1, 1):
            brush.stroke(arc((side * 150, 300), (side * 176, 440), (side * 166, 620)), p.INK, p.LINE)
    brush.stroke(body, p.INK, p.LINE)
    hair = blob([(-138, -10), (-126, -96), (-70, -156), (0, -170), (70, -156), (126, -96), (138, -10), (136, 56),
                 (118, 104), (60, 124), (0, 112), (-60, 124), (-118, 104), (-136, 56)])  # fmt: skip
    brush.draw(hair, p.HAIR)
    with brush.clip(hair):
        brush.stroke(curve([(70, -156), (126, -96), (138, -10), (136, 56), (118, 104)]), p.AMBER, 18, 0.55)
    for x in (-84, -30, 34):
        brush.stroke(arc((x * 0.4, -120), (x * 1.1, -30), (x, 84)), p.HAZE, 5, 0.25)
    brush.stroke(hair, p.INK, p.LINE)
