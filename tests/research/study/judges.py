"""A slow judge of pictures, of Debian's libjxl-devtools: butteraugli by its 3-norm."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from PIL import Image


def butteraugli(original: Path, jpeg: Path) -> float:
    """How visible the difference is, taken over the whole picture: the 3-norm."""
    decoded = jpeg.with_suffix(".decoded.png")
    with Image.open(jpeg) as picture:
        picture.save(decoded, compress_level=1)
    command = ["butteraugli_main", str(original), str(decoded)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    match = re.search(r"3-norm:\s*([\d.]+)", printed)
    assert match
    return float(match[1])
