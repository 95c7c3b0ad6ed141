"""Slow judges of pictures, of Debian's libjxl-devtools: butteraugli by its 3-norm, and ssimulacra."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from PIL import Image


def butteraugli(original: Path, jpeg: Path) -> float:
    """How visible the difference is, taken over the whole picture: the 3-norm."""
    match = re.search(r"3-norm:\s*([\d.]+)", _told("butteraugli_main", original, jpeg))
    assert match
    return float(match[1])


def ssimulacra(original: Path, jpeg: Path) -> float:
    """How unlike the two are: 0 for the same."""
    return float(_told("ssimulacra_main", original, jpeg).split()[0])


def _told(judge: str, original: Path, jpeg: Path) -> str:
    shown = jpeg.with_suffix(".shown.png")
    with Image.open(jpeg) as picture:
        picture.save(shown, compress_level=1)
    return subprocess.run([judge, str(original), str(shown)], check=True, capture_output=True, text=True).stdout
