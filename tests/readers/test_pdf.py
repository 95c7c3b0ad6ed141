"""Pages of PDFs that are one picture: its own bytes where the page shows all of it, the page drawn where not."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageOps, ImageStat

from packager.readers import pdf

SIZE = (300, 420)  # points
Matrix = tuple[float, float, float, float, float, float]
UPRIGHT: Matrix = (300, 0, 0, 420, 0, 0)
# Of a picture as wide as the page, and of one as wide as the page is tall: turns and mirrors.
STANDING: list[Matrix] = [UPRIGHT, (-300, 0, 0, 420, 300, 0), (300, 0, 0, -420, 0, 420), (-300, 0, 0, -420, 300, 420)]
LYING: list[Matrix] = [
    (0, 420, 300, 0, 0, 0),
    (0, -420, 300, 0, 0, 420),
    (0, 420, -300, 0, 300, 0),
    (0, -420, -300, 0, 300, 420),
]


def sparse(size: tuple[int, int]) -> Image.Image:
    """Mostly paper: a line near one corner, by which alone turns and mirrors can be told."""
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    draw.line((40, 60, 200, 60), "black", 5)
    draw.line((40, 60, 40, 90), "black", 5)
    return picture


def written(
    path: Path, matrix: Matrix, change: Callable[[Any, Any], None] = lambda page, picture: None, **jpeg: Any
) -> Path:
    """A PDF with one page and one picture, placed by the matrix; `change` does the rest."""
    standing = bool(matrix[0])
    buffer = io.BytesIO()
    sparse((300, 420) if standing else (420, 300)).save(buffer, "JPEG", quality=90, **jpeg)
    with pypdfium2.PdfDocument.new() as document:
        page = document.new_page(*SIZE)
        picture = pypdfium2.PdfImage.new(document)
        picture.load_jpeg(io.BytesIO(buffer.getvalue()), inline=True)
        picture.set_matrix(pypdfium2.PdfMatrix(*matrix))
        page.insert_obj(picture)
        change(page, picture)
        page.gen_content()
        document.save(path)
    return path


def taken(path: Path) -> tuple[str, Image.Image]:
    """The name of the only page, and how it looks to whoever opens its file."""
    ((member, pieces),) = [(member, b"".join(pieces)) for member, pieces in pdf.walk(path)]
    return member.name, ImageOps.exif_transpose(Image.open(io.BytesIO(pieces))).convert("L")


def drawn(path: Path, size: tuple[int, int]) -> Image.Image:
    """How PDFium draws the page."""
    with pypdfium2.PdfDocument(path) as document:
        page = document[0]
        picture: Image.Image = page.render(scale=size[0] / page.get_width()).to_pil()
    return picture.convert("L").resize(size)


def looks_as_drawn(path: Path, shown: Image.Image) -> bool:
    return ImageStat.Stat(ImageChops.difference(shown, drawn(path, shown.size))).mean[0] < 0.5


@pytest.mark.parametrize(("matrix", "turn"), list(product(STANDING + LYING, (0, 90, 180, 270))))
def test_a_picture_that_fills_its_page_is_taken_as_it_stands_there(tmp_path: Path, matrix: Matrix, turn: int) -> None:
    """Turned and mirrored by the matrix, turned by the page, and both: never drawn anew."""
    path = written(tmp_path / "a.pdf", matrix, lambda page, _: page.set_rotation(turn))
    name, shown = taken(path)
    assert name == "page 1.jpg"
    assert sorted(shown.size) == [300, 420]
    assert looks_as_drawn(path, shown)


def turned_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


NOT_ALL_OF_IT: dict[str, tuple[Matrix, Callable[[Any, Any], None]]] = {
    "cropped by the page": (UPRIGHT, lambda page, _: page.set_cropbox(0, 210, 300, 420)),
    "cropped by a little": (UPRIGHT, lambda page, _: page.set_cropbox(0, 20, 300, 420)),
    "larger than the page": ((330, 0, 0, 462, -15, -21), lambda *_: None),
    "smaller than the page": ((280, 0, 0, 392, 10, 14), lambda *_: None),
    "stretched": ((300, 0, 0, 300, 0, 0), lambda page, _: page.set_mediabox(0, 0, 300, 300)),
    "a little askew": ((300, 6, -6, 420, 0, 0), lambda *_: None),
}


@pytest.mark.parametrize("what", NOT_ALL_OF_IT)
def test_a_page_that_does_not_show_all_of_its_picture_is_drawn(tmp_path: Path, what: str) -> None:
    """As wide or as tall as what is seen of it."""
    matrix, change = NOT_ALL_OF_IT[what]
    path = written(tmp_path / "a.pdf", matrix, change)
    name, shown = taken(path)
    assert name == f"page 1{pdf.DRAWN}"
    assert looks_as_drawn(path, shown)


def test_a_pdf_does_not_ask_its_pictures_how_they_lie(tmp_path: Path) -> None:
    """The orientation that a camera has written is none of the page."""
    path = written(tmp_path / "a.pdf", UPRIGHT, exif=turned_exif())
    name, shown = taken(path)
    assert (name, shown.size) == ("page 1.jpg", (300, 420))
    assert looks_as_drawn(path, shown)
