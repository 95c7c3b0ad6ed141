"""The pictures of docs/engines: pages of the welcome bundle side by side, as an engine shows them."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).parents[2] / "docs" / "engines"
PAGE_WIDTH, PAGE_HEIGHT, GAP = 220, 620, 8  # pixels
BETWEEN = "#9a958c"


def write(name: str, pages: list[Image.Image]) -> Path:
    """One JPEG with the upper part of each page, so small that it can lie in a repository."""
    shown = [_upper_part(page) for page in pages]
    height = max(page.height for page in shown)
    sheet = Image.new("RGB", (len(shown) * (PAGE_WIDTH + GAP) - GAP, height), BETWEEN)
    for place, page in enumerate(shown):
        sheet.paste(page, (place * (PAGE_WIDTH + GAP), 0))
    FOLDER.mkdir(exist_ok=True)
    target = FOLDER / f"{name.lower().replace(' ', '-')}.jpg"
    sheet.save(target, quality=62, optimize=True)
    return target


def _upper_part(page: Image.Image) -> Image.Image:
    """A page in its whole width and as much of its height as a sheet shows."""
    height = min(page.height, PAGE_HEIGHT * page.width // PAGE_WIDTH)
    part = page.crop((0, 0, page.width, height))
    return part.resize((PAGE_WIDTH, height * PAGE_WIDTH // page.width), Image.Resampling.LANCZOS)
