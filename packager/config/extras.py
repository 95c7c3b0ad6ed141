"""What can be installed beside packager, and the command that does it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

# As in pyproject.toml: by their own names they can be added to an installation wherever it came from.
PACKAGES = {
    "film": ("imageio-ffmpeg",),
    "heic": ("pi-heif",),
    "jxl": ("pylibjxl",),
    "photo": ("fonttools", "manimgx-fonts", "manimgx-fonts-cjk", "typst"),
}


def command(extra: str) -> str:
    """The command that adds an extra to this very installation."""
    if "pipx" in Path(sys.prefix).parts:
        return shlex.join(["pipx", "inject", "bundle-packager", *PACKAGES[extra]])
    return shlex.join([sys.executable, "-m", "pip", "install", *PACKAGES[extra]])
