"""Take a picture of a page: `python -m tests.helpers.browsers PAGE PNG [WIDTH HEIGHT [TOP]]`.

Without TOP it shows the page from top to bottom; with it, what the viewport shows that far down. It has 256 colours,
so that it is small enough for git.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from tests.helpers.browsers import screenshot

target = Path(sys.argv[2])
screenshot(Path(sys.argv[1]), target, *map(int, sys.argv[3:6]))
with Image.open(target) as taken:
    picture = taken.convert("RGB")
picture.quantize(palette=picture.quantize(256)).save(target, optimize=True)  # only with a palette does Pillow dither
