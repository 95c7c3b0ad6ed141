"""The screenshots of docs/engines.md: the welcome bundle in every engine that shows pictures."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from packager.build.build import build
from packager.build.request import Request
from packager.sandbox.pool import Workers
from tests.helpers import engines
from tests.helpers.browsers import Chromium, plain
from tests.research import engine_sheets

pytestmark = pytest.mark.prove

WELCOME = Path(__file__).parents[2] / "bundles" / "welcome"
WIDTHS = (768, 1280)  # CSS pixels: a tablet, a laptop
MOST_BYTES = 90_000


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The library, the comic, the article and the comic in one file."""
    output = tmp_path_factory.mktemp("sheets") / "built"
    with Workers() as workers:
        result = build(Request(WELCOME, output), lambda *_: None, workers)
    assert not result.is_refused, result.findings
    tree = output / "welcome"
    comic, article, *_ = sorted(path for path in tree.glob("*/index.html") if "-" not in path.parent.name)
    return [tree / "index.html", comic, article, tree / "phone" / f"{comic.parent.name}.html"]


@pytest.mark.parametrize("name", [name for name in engines.ENGINES if name not in plain.DUMPS])
def test_pages_are_photographed_in_every_engine(name: str, pages: list[Path]) -> None:
    """At 320 pixels."""
    with engines.opened(name) as look:
        pictures = [look(page, engines.NEVER).picture for page in pages]
    write(name, [picture for picture in pictures if picture])


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_photographed_on_wider_screens(chromium: Chromium, pages: list[Path], width: int) -> None:
    """As Chromium shows them."""
    pictures = []
    for page in pages:
        chromium.open(page, width, width * 2)
        pictures.append(Image.open(io.BytesIO(chromium.screenshot())).convert("RGB"))
    write(f"chromium {width}", pictures)


def write(name: str, pictures: list[Image.Image]) -> None:
    """Keep the pictures, none of them empty, as a sheet that is small enough."""
    assert len(pictures) == 4
    assert all(len(picture.getcolors(1 << 24) or ()) > 200 for picture in pictures), "an empty page"
    assert engine_sheets.write(name, pictures).stat().st_size < MOST_BYTES
