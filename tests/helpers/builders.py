"""Bundles that tests make: small real pictures, texts and definitions."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageDraw

INK = ["#243b53", "#9c3d2e", "#3f6b4f", "#b9812f", "#5b4a7d"]


def make_picture(path: Path, size: tuple[int, int] = (300, 420), seed: int = 0) -> Path:
    """A picture of shapes on paper, different for every seed; the format follows the name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    width, height = size
    image = Image.new("RGB", size, "#f4efe6")
    draw = ImageDraw.Draw(image)
    for number in range(12):
        left = (seed * 53 + number * 97) % width
        top = (seed * 31 + number * 71) % height
        draw.ellipse((left, top, left + width // 5, top + height // 8), fill=INK[(seed + number) % len(INK)])
    draw.text((width // 3, height // 2), f"page {seed}", fill="#000000")
    image.save(path)
    return path


def make_comic(folder: Path, pages: int = 3, size: tuple[int, int] = (300, 420), suffix: str = "jpg") -> Path:
    """A folder of numbered pages."""
    for number in range(1, pages + 1):
        make_picture(folder / f"{number}.{suffix}", size, seed=number)
    return folder


def make_strip(folder: Path, tiles: int = 4, size: tuple[int, int] = (400, 1500)) -> Path:
    """A folder of tiles of one strip: panels with quiet gutters between them."""
    folder.mkdir(parents=True, exist_ok=True)
    width, height = size
    for number in range(tiles):
        image = Image.new("RGB", size, "#ffffff")
        draw = ImageDraw.Draw(image)
        for top in range(20, height - 200, 300):
            draw.rectangle((20, top, width - 20, top + 240), fill=INK[(number + top) % len(INK)])
            for x in range(30, width - 30, 7):
                draw.line((x, top + 10, width - x, top + 230), fill="#000000")
        image.save(folder / f"{number:03}.png")
    return folder


def make_bundle(folder: Path, *, pages: int = 3, definition: str = "") -> Path:
    """A bundle with a page comic, a strip in two languages and an article with a picture."""
    make_comic(folder / "comics" / "pages", pages)
    for language in ("ko", "en"):
        make_strip(folder / "comics" / "strip" / language, tiles=2)
    write(folder / "comics" / "strip" / "transcript.en.md", "## 000\n\n- Hello\n\n## 001\n\n- Goodbye\n")
    make_picture(folder / "articles" / "boat.jpg", (640, 400), seed=9)
    write(
        folder / "articles" / "boats.en.md",
        "---\ntitle: Paper boats\n---\n\nFold a sheet of paper.\n\n![A boat](boat.jpg)\n\n## Then\n\nLet it swim.\n",
    )
    if definition:
        write(folder / "bundle.toml", definition)
    return folder


def write(path: Path, text: str) -> Path:
    """A text file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` with its bytes, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def packager(
    *arguments: object, cwd: Path | None = None, environment: Mapping[str, str] | None = None, host: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the command as users do, in a process of its own; on a machine called `host` where we may rename one."""
    command = [sys.executable, "-m", "packager", *map(str, arguments)]
    if host and sys.platform == "linux" and os.geteuid() == 0:
        command = ["unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', host, *command]
    root = str(Path(__file__).parents[2])
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": root, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
