"""The colours and measures of the sample comic: one night, one lamp, a few garments."""

from __future__ import annotations

INK = "#10162e"
PAPER = "#fbf2dc"
PAPER_SHADE = "#e3d2b0"

NIGHT = "#0b1129"
DEEP = "#121c40"
DUSK = "#1d2d5c"
BLUE = "#2c447c"
HAZE = "#4a6aa0"
MIST = "#7f9cc4"
PALE = "#c3d4e6"

DAWN_HIGH = "#27366b"
DAWN_MIDDLE = "#6b5f91"
DAWN_LOW = "#e6a184"

LAMP = "#ffc968"
GLOW = "#ffe6a8"
AMBER = "#ec9444"
WOOD = "#8a5138"
WOOD_DARK = "#54303a"
WOOD_LIGHT = "#b87648"

SKIN = "#f4c9a2"
SKIN_SHADE = "#dc9f80"
BLUSH = "#e8806a"
HAIR = "#2a2036"

RED = "#cf4a3f"
RED_DARK = "#98313c"
TEAL = "#2f7f86"
TEAL_DARK = "#205a68"
STRAW = "#d9b36c"
STRAW_DARK = "#a67c44"
PLUM = "#7a4a78"
NAVY = "#2b3a6b"
FLOUR = "#efe4d2"
LEAF = "#2a5a58"
STONE = "#3a4a6c"
STONE_DARK = "#222e52"

WIDTH = 1080
"""Of the strip, in pixels."""

LINE = 6.0
"""Width of every outline, in pixels of the strip."""
