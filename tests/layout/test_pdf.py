"""The PDF edition of comics: pages with their pictures as they are, and what viewers of others make of them."""

from __future__ import annotations

import hashlib
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops

from packager.layout.pdf import FILE_BYTES, STRIP_UNITS
from packager.model import Chapter, Comic, Direction, Edition, Flow, Version
from tests.helpers.made_books import EREADER, publication, write_books
from tests.layout.test_epub import COMIC, PAGES, STRIP, sized

LONG = replace(STRIP, pictures=sized(*[(100, 1_500)] * 12), chapters=(Chapter("One", 0), Chapter("Two", 10)))


def pdfs_of(version: Version, folder: Path, **options: object) -> list[Path]:
    return write_books(folder, publication("w1", version), edition=Edition.PDF, **options)  # type: ignore[arg-type]


def pictures_of(folder: Path) -> list[bytes]:
    """The pictures of the version as they were encoded, in order."""
    paths = sorted((folder / "pictures").iterdir(), key=lambda path: int(path.stem.rpartition("-")[2]))
    return [path.read_bytes() for path in paths]


def jpegs_in(pdf: Path) -> list[bytes]:
    """The streams of JPEG in a PDF, in order, by the lengths that they say they have."""
    data = pdf.read_bytes()
    found = re.finditer(rb"/Filter/DCTDecode/Length (\d+)>>\nstream\n", data)
    return [data[one.end() : one.end() + int(one[1])] for one in found]


@pytest.mark.parametrize(
    ("comic", "pages", "direction", "layout"),
    [
        (COMIC, 8, "R2L", "TwoPageRight"),
        (replace(COMIC, direction=Direction.LTR), 8, "L2R", "TwoPageRight"),
        (LONG, 2, "L2R", "OneColumn"),
        (replace(COMIC, flow=Flow.SCROLL), 8, "R2L", "SinglePage"),
    ],
    ids=["from the right", "from the left", "a strip", "a scroll"],
)
def test_a_comic_has_its_pictures_to_the_byte(
    comic: Comic, pages: int, direction: str, layout: str, tmp_path: Path
) -> None:
    """A page a picture, of a strip tall ones; the viewer is told how they are read, and little is added."""
    (pdf,) = pdfs_of(Version("ko", "창", comic), tmp_path)
    held = pictures_of(tmp_path)
    assert jpegs_in(pdf) == held
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == pages
        assert all(max(page.get_size()) <= STRIP_UNITS for page in document)
        assert document.get_metadata_dict(skip_empty=True) == {"Title": "창"}
    data = pdf.read_bytes()
    assert f"/Direction/{direction}/".encode() in data
    assert f"/PageLayout/{layout}/".encode() in data or f"/PageLayout/{layout}>".encode() in data
    pixels = sum(map(len, held))
    assert len(data) - pixels <= pixels / 1_000 + 1_024 * len(held)


def test_chapters_are_the_outline(tmp_path: Path) -> None:
    """Each leads to the page and the height at which it begins."""
    (pdf,) = pdfs_of(Version("en", "Long", LONG), tmp_path)
    with pypdfium2.PdfDocument(pdf) as document:
        lines = [(one.get_title(), one.get_dest()) for one in document.get_toc()]
        assert [(title, dest.get_index()) for title, dest in lines] == [("One", 0), ("Two", 1)]
        assert lines[1][1].get_view()[1][1] == pytest.approx((12 - 10) * 750)


@pytest.mark.needs("qpdf", "pdftoppm", "mutool", "gs")
def test_viewers_of_others_show_a_strip_without_a_gap(tmp_path: Path) -> None:
    """qpdf finds nothing, and four renderers show the colours of the slices in turn, and nothing between them."""
    strip = replace(STRIP, pictures=sized(*[(100, 150)] * 4))
    (pdf,) = pdfs_of(Version("en", "Strip", strip), tmp_path)
    checked = subprocess.run(["qpdf", "--check", pdf], capture_output=True, text=True, check=False)
    assert (checked.returncode, "No syntax or stream encoding errors found" in checked.stdout) == (0, True)
    expected = Image.new("RGB", (100, 600))
    for number, jpeg in enumerate(pictures_of(tmp_path)):
        (tmp_path / "one.jpg").write_bytes(jpeg)
        expected.paste(Image.open(tmp_path / "one.jpg"), (0, 150 * number))
    shown: dict[str, list[str | Path]] = {
        "pdftoppm": ["pdftoppm", "-r", "144", "-png", "-singlefile", pdf, tmp_path / "pdftoppm"],
        "mutool": ["mutool", "draw", "-q", "-r", "144", "-o", tmp_path / "mutool.png", pdf],
        "gs": [
            "gs",
            "-q",
            "-dNOPAUSE",
            "-dBATCH",
            "-sDEVICE=png16m",
            "-r144",
            f"-o{tmp_path / 'gs.png'}",
            pdf,
        ],
    }
    for command in shown.values():
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    pictures = {name: Image.open(tmp_path / f"{name}.png") for name in shown}
    with pypdfium2.PdfDocument(pdf) as document:
        pictures["pdfium"] = document[0].render(scale=2).to_pil()
    for name, picture in pictures.items():
        assert picture.size == expected.size, name
        difference = ImageChops.difference(picture.convert("RGB"), expected)
        assert max(high for _, high in difference.getextrema()) <= 12, name  # type: ignore[misc]


def test_the_same_comic_gives_the_same_pdf_and_a_large_one_comes_in_parts(tmp_path: Path) -> None:
    """With each picture in one of them, in order."""
    first, again = (pdfs_of(PAGES, tmp_path / name)[0] for name in "ab")
    assert hashlib.sha256(first.read_bytes()).digest() == hashlib.sha256(again.read_bytes()).digest()
    small = replace(EREADER, tree=replace(EREADER.tree, max_file_bytes=FILE_BYTES + 9_000))
    parts = pdfs_of(PAGES, tmp_path / "c", profile=small)
    assert len(parts) > 1
    assert [jpeg for part in parts for jpeg in jpegs_in(part)] == pictures_of(tmp_path / "c")
