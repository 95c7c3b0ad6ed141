"""A screen that nobody sees, and what stands on it."""

from __future__ import annotations

import struct
from pathlib import Path

from PIL import Image

from tests.helpers.browsers.process import Process, Runner
from tests.system import tool


class Screen:
    """A screen of so many pixels; `display` is its name for programs."""

    def __init__(self, run: Runner, folder: Path, width: int, height: int) -> None:
        size = f"{width}x{height}x24"
        options = "-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp", "-fbdir", folder
        process: Process = run(tool("Xvfb"), *options)
        self.display = ":" + process.said(r"^(\d+)\s")
        self._memory = folder / "Xvfb_screen0"

    def picture(self) -> Image.Image:
        """What the screen shows now; it lies in a file in the format of xwd, whose header is of 25 big-endian words."""
        data = self._memory.read_bytes()
        header = struct.unpack_from(">25L", data)
        header_bytes, width, height, row_bytes, colours = (header[place] for place in (0, 4, 5, 12, 19))
        pixels = data[header_bytes + 12 * colours :]
        return Image.frombytes("RGB", (width, height), pixels, "raw", "BGRX", row_bytes)
