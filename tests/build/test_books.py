"""Whole builds with books and PDFs among the editions, also where space is short."""

from __future__ import annotations

import json
import random
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from packager.archive.pdf import read_pdf
from tests.helpers.builders import packager, write

pytestmark = pytest.mark.slow

EDITIONS = "site,epub,pdf"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comic and an article whose pictures are of noise, so that they take their space."""
    folder = tmp_path_factory.mktemp("books") / "window"
    for number in range(3):
        noise(folder / "comics" / "pages" / f"{number}.jpg", number)
    noise(folder / "articles" / "boat.jpg", 7)
    write(
        folder / "articles" / "boat.md", "# A boat\n\nIt has words[^1].\n\n![A boat](boat.jpg)\n\n[^1]: And a note.\n"
    )
    write(folder / "bundle.toml", 'title = "A window"\npdf = "a4"\n')
    return folder


def noise(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.frombytes("RGB", (300, 420), random.Random(seed).randbytes(300 * 420 * 3))
    picture.save(path, quality=95)


def built(bundle: Path, output: Path, *options: object) -> Path:
    run = packager("build", bundle, "-o", output, "--editions", EDITIONS, *options)
    assert run.returncode == 0, run.stdout + run.stderr
    return output / "window"


def in_pdfs(tree: Path) -> set[bytes]:
    pdfs = [read_pdf(path.read_bytes()) for path in (tree / "pdf").iterdir()]
    return {one.stream for pdf in pdfs for one in pdf.objects if one.stream and one.stream.startswith(b"\xff\xd8")}


def in_books(tree: Path) -> set[bytes]:
    books = [zipfile.ZipFile(path) for path in (tree / "epub").iterdir()]
    return {book.read(name) for book in books for name in book.namelist() if name.endswith(".jpg")}


@pytest.mark.parametrize("options", [(), ("--fit", "900KB", "--cluster", "4KiB")], ids=["roomy", "short"])
def test_every_edition_holds_the_pictures_of_the_site(options: tuple[str, ...], bundle: Path, tmp_path: Path) -> None:
    """To the byte, in the quality that there is space for; and the plan has told all sizes."""
    tree = built(bundle, tmp_path / "out", *options)
    shown = {path.read_bytes() for path in tree.rglob("*.jpg")}
    assert len(shown) == 4
    assert in_pdfs(tree) == shown
    assert in_books(tree) == shown
    told = json.loads((tmp_path / "out" / "keep" / "report.json").read_text(encoding="utf-8"))
    for edition in ("epub", "pdf"):
        assert told["editions"][edition] == sum(path.stat().st_size for path in (tree / edition).iterdir())
    article = next(path for path in (tree / "pdf").iterdir() if b"/Marked true" in path.read_bytes())
    assert re.search(rb"/MediaBox\[0 0 595 842\]", article.read_bytes())


def test_the_library_names_them(bundle: Path, tmp_path: Path) -> None:
    """With each work, and what to open them in."""
    tree = built(bundle, tmp_path / "out")
    home = (tree / "index.html").read_text(encoding="utf-8")
    files = [path.relative_to(tree).as_posix() for folder in ("epub", "pdf") for path in (tree / folder).iterdir()]
    assert len(files) == 4
    assert all(file in home for file in files)
    assert "open its EPUB file" in home
    assert "open its PDF file" in home
