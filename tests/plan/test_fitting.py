"""Bundles into small spaces, by the command line: real pictures, real trees."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from packager.config.filesystems import Filesystem, occupied_bytes
from packager.model import EncodingRequest, Role
from packager.pictures.vips.encode import encode, encoded_within
from packager.pictures.vips.engine import from_rows
from tests.helpers.builders import contents, packager

pytestmark = pytest.mark.slow

MARKERS = [0xD8, 0xE0, 0xDB, 0xC0, 0xC4, 0xDA]


def make_page(path: Path, seed: int) -> Path:
    """A page with paint, hatching and lettering, which takes some hundred KB."""
    path.parent.mkdir(parents=True, exist_ok=True)
    paint = Image.effect_noise((900, 1270), 40 + 10 * (seed % 4)).convert("RGB").resize((450, 635)).resize((900, 1270))
    draw = ImageDraw.Draw(paint)
    for x in range(0, 900, 11 + seed):
        draw.line((x, 0, 900 - x, 1270), fill="#203040", width=2)
    draw.rectangle((100, 100, 800, 260), fill="#ffffff")
    draw.text((120, 140), f"What page {seed} says must be read.", fill="#000000", font_size=40)
    paint.save(path)
    return path


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two comics, the second of less importance."""
    folder = tmp_path_factory.mktemp("fitting") / "window"
    for comic in ("one", "two"):
        for number in range(6):
            make_page(folder / "comics" / comic / f"{number}.png", number + (comic == "two"))
    entries = (
        f'[[publication]]\nsource = "comics/{name}"\npriority = {n}\n' for n, name in enumerate(("one", "two"), 1)
    )
    (folder / "bundle.toml").write_text("".join(entries), encoding="utf-8")
    return folder


def built(bundle: Path, output: Path, *options: str, code: int = 0) -> tuple[str, dict[str, object]]:
    """What was printed, and the report."""
    result = packager("build", bundle, "-o", output, "--cluster", "4KiB", *options)
    assert result.returncode == code, result.stdout + result.stderr
    report = output / "keep" / "report.json"
    told = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    return result.stdout + result.stderr, told


def test_a_small_space_is_filled_and_never_passed(bundle: Path, tmp_path: Path) -> None:
    """Editions go first, then quality; what lies on the disk takes what was said, and the check has nothing to say."""
    whole = built(bundle, tmp_path / "whole", "--fit", "1GB")[1]["occupied_bytes"]
    assert isinstance(whole, int)
    space = whole * 11 // 20
    printed, told = built(bundle, tmp_path / "out", "--fit", str(space))
    files = [(path.relative_to(tmp_path / "out" / "window"), path) for path in (tmp_path / "out" / "window").rglob("*")]
    sizes = [(path, file.stat().st_size) for path, file in files if file.is_file()]
    occupied = occupied_bytes(sizes, "window", Filesystem.FAT32, 4096)  # type: ignore[arg-type]
    assert occupied == told["occupied_bytes"]
    assert 0.97 * space <= occupied <= space
    assert not (tmp_path / "out" / "window" / "cbz").exists()
    assert "Given up" in printed
    assert "Pictures" in printed


def test_the_important_work_keeps_its_comic_book_where_not_all_can(bundle: Path, tmp_path: Path) -> None:
    """The library names the file that is there and no other, and so do the last lines and the report."""
    whole = built(bundle, tmp_path / "whole", "--fit", "1GB")[1]
    space = whole["occupied_bytes"] - whole["editions"]["cbz"] // 3  # type: ignore[index]
    printed, told = built(bundle, tmp_path / "out", "--fit", str(space))
    (book,) = (tmp_path / "out" / "window" / "cbz").iterdir()
    first, second = (each["id"] for each in told["publications"])  # type: ignore[attr-defined]
    assert book.stem == first
    assert told["works_without"] == {"cbz": [second]}
    home = (tmp_path / "out" / "window" / "index.html").read_text(encoding="utf-8")
    assert (f"{first}.cbz" in home, f"{second}.cbz" in home) == (True, False)
    assert "Given up  the edition cbz of 1 of 2 works" in printed
    assert "the edition cbz of 1 of 2 works" in (tmp_path / "out" / "keep" / "report.txt").read_text(encoding="utf-8")
    assert "Pictures" not in printed


def test_dense_pictures_take_fewer_bytes_with_the_same_few_markers(bundle: Path) -> None:
    """Baseline, with a JFIF header and no metadata, as all our pictures."""
    with Image.open(bundle / "comics" / "one" / "1.png") as picture:
        image = from_rows(picture.convert("RGB").tobytes(), picture.width)
    data = encode(image, 50, is_dense=True)
    assert len(data) < len(encode(image, 50))
    found, position = [data[1]], 2
    while found[-1] != 0xDA:
        found.append(data[position + 1])
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    assert list(dict.fromkeys(found)) == MARKERS
    assert data.endswith(b"\xff\xd9")


def test_any_number_of_workers_makes_the_same_tree(bundle: Path, tmp_path: Path) -> None:
    """Byte for byte, in a space that is short."""
    for jobs in ("1", "3"):
        built(bundle, tmp_path / jobs, "--fit", "4.5MB", "--jobs", jobs)
    assert contents(tmp_path / "1" / "window") == contents(tmp_path / "3" / "window")


def test_what_does_not_fit_is_dropped_on_request_alone(bundle: Path, tmp_path: Path) -> None:
    """Exit 5 with the work of less importance and a command; with that command, the library holds the other one."""
    printed, _ = built(bundle, tmp_path / "out", "--fit", "2.4MB", code=5)
    assert "priority 2  two" in printed
    assert "--drop" in printed
    assert not (tmp_path / "out").exists()
    printed, told = built(bundle, tmp_path / "out", "--fit", "2.4MB", "--drop")
    assert "Dropped   two: no space for it" in printed
    assert "two" not in (tmp_path / "out" / "window" / "index.html").read_text(encoding="utf-8")
    assert told["dropped"]


@pytest.mark.parametrize("options", [(), ("--fit", "20MB"), ("--fit", "1MB")], ids=["roomy", "large", "short"])
def test_pictures_of_noise_are_planned_and_built_alike(tmp_path: Path, options: tuple[str, ...]) -> None:
    """They take more bytes than a player's profile allows one file, so that each has a quality of its own."""
    noise = random.Random(1)
    for number in range(4):
        page = tmp_path / "window" / "comics" / "noise" / f"{number}.png"
        page.parent.mkdir(parents=True, exist_ok=True)
        Image.frombytes("RGB", (900, 1270), noise.randbytes(900 * 1270 * 3)).save(page, compress_level=0)
    _, told = built(tmp_path / "window", tmp_path / "out", "--profile", "player", *options)
    assert max(path.stat().st_size for path in (tmp_path / "out" / "window").rglob("*.JPG")) <= 500_000
    assert told["dropped"] == []


@pytest.mark.parametrize("most_bytes", [60_000, 20_000])
def test_a_picture_above_its_limit_takes_a_lower_quality_alone(bundle: Path, most_bytes: int) -> None:
    """Whatever quality it takes."""
    with Image.open(bundle / "comics" / "one" / "1.png") as picture:
        image = from_rows(picture.convert("RGB").tobytes(), picture.width)
    assert len(encode(image, 80)) > most_bytes
    encoded = encoded_within(image, Role.PAGE, EncodingRequest(80, max_bytes=most_bytes))
    assert len(encoded.data) <= most_bytes
