"""QtWebKit, a WebKit of 2013 to 2016, as wkhtmltoimage draws pages with it: whole, and only once."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

from tests.system import tool

_TOLD = "told to the test: "


def photograph(page: Path, width: int) -> Image.Image:
    """The whole page in a window of so many CSS pixels."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "page.png"
        _run(page, target, width)
        with Image.open(target) as taken:
            return taken.convert("RGB")


def evaluate(page: Path, width: int, expression: str) -> Any:
    """The value of a JavaScript expression on the loaded page."""
    script = f"console.log({json.dumps(_TOLD)} + JSON.stringify({expression}))"
    with tempfile.TemporaryDirectory() as folder:
        said = _run(page, Path(folder) / "page.png", width, "--debug-javascript", "--run-script", script)
    return json.loads(said.partition(_TOLD)[2].splitlines()[0])


def _run(page: Path, target: Path, width: int, *options: str) -> str:
    size = "--width", str(width), "--disable-smart-width", "--proxy", "http://127.0.0.1:9"
    command = [str(tool("wkhtmltoimage")), "--enable-local-file-access", *size, *options]
    environment = {"QT_QPA_PLATFORM": "offscreen", "HOME": str(target.parent), "XDG_RUNTIME_DIR": str(target.parent)}
    command += [page.resolve().as_uri(), str(target)]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=True)
    return done.stderr.decode()
