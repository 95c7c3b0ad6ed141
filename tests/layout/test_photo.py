"""The photo edition end to end: sticks for players, TVs and discs, made by the command and judged from outside."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from packager.config import profile
from tests.helpers.builders import contents, make_comic, make_picture, packager, write
from tests.helpers.samples import SAMPLES, needs_samples

pytestmark = pytest.mark.slow

PROFILES = ("player", "tv", "disc")

KOREAN = "봄이 되자 강물이 불어났다. 신문지로 접은 배는 하나도 돌아오지 않았다. 그래도 아이들은 강가로 나갔다."
ENGLISH = (
    "The river was high that spring. None of the boats that the children folded came back. Still they went every day."
)
ARABIC = "كان النهر عاليا في ذلك الربيع. لم يعد أي من القوارب التي طواها الأطفال. ومع ذلك خرجوا كل يوم إلى النهر."


def make_shelf(folder: Path) -> Path:
    """A strip, pages from the right with a cover of their own, and an article in each of three languages."""
    strip = folder / "comics" / "strip"
    for number in range(3):
        make_picture(strip / f"{number:03}.png", (400, 1200), seed=number + 20)
    make_comic(folder / "comics" / "pages", pages=3, size=(900, 1300))
    make_picture(folder / "front.png", (900, 1300), seed=77)
    make_picture(folder / "articles" / "boat.jpg", (900, 600), seed=4)
    write(
        folder / "articles" / "river.ko.md",
        f'---\ntitle: 강 위의 종이배\nauthors: 김하나\n---\n\n{KOREAN}\n\n![배](boat.jpg "저녁 강")\n\n{KOREAN * 8}\n',
    )
    write(
        folder / "articles" / "river.en.md", f"---\ntitle: Paper boats\n---\n\n{ENGLISH}\n\n## Later\n\n{ENGLISH * 8}\n"
    )
    write(folder / "articles" / "river.ar.md", f"---\ntitle: قوارب من ورق\n---\n\n{ARABIC}\n\n{ARABIC * 4}\n")
    write(
        folder / "bundle.toml",
        'title = "Shelf"\nlanguages = ["en", "ko"]\n'
        '[[publication]]\nsource = "comics/strip"\nflow = "strip"\n'
        '[[publication]]\nsource = "comics/pages"\nflow = "pages"\ndirection = "rtl"\ncover = "front.png"\n'
        'authors = ["Kim Hana"]\ncredit = "Drawn by Kim Hana, CC BY 4.0"\n'
        '[[publication]]\nsource = "articles/river.ko.md"\n',
    )
    return folder


def build(bundle: Path, output: Path, *options: object, code: int = 0) -> str:
    """Build and insist on the exit code; what was printed, both streams."""
    result = packager("build", bundle, "-o", output, *options)
    printed = result.stdout + result.stderr
    assert result.returncode == code, printed
    assert "Traceback" not in printed
    return printed


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The tree of the shelf for each profile."""
    folder = tmp_path_factory.mktemp("shelves")
    bundle = make_shelf(folder / "shelf")
    trees = {}
    for name in PROFILES:
        build(bundle, folder / name, "--profile", name, "--jobs", 3)
        trees[name] = folder / name / "shelf"
    return trees


@pytest.mark.parametrize("name", PROFILES)
def test_the_checker_finds_nothing_in_what_is_built_for_players_and_tvs(shelves: dict[str, Path], name: str) -> None:
    """Not even a warning: names, sizes, counts, depth, and every JPEG."""
    checked = packager("check", shelves[name], "--profile", name, "--output-format", "json")
    assert checked.returncode == 0
    assert json.loads(checked.stdout)["findings"] == []


@pytest.mark.parametrize("name", PROFILES)
def test_files_come_in_the_same_order_by_name_and_by_time(shelves: dict[str, Path], name: str) -> None:
    """Simple devices sort by one or the other, or take files as they were written, which is the order of the times."""
    files = [path for path in shelves[name].rglob("*") if path.is_file()]
    by_name = sorted(files, key=lambda path: path.relative_to(shelves[name]).as_posix())
    times = [path.stat().st_mtime for path in by_name]
    assert all(later > earlier for earlier, later in pairwise(times))


@pytest.mark.parametrize("name", PROFILES)
def test_there_are_numbers_only_and_one_language_in_a_folder(shelves: dict[str, Path], name: str) -> None:
    """Folders are numbered in the order of reading; the three languages of the article lie apart."""
    tree = shelves[name]
    folders = sorted(path.name for path in tree.iterdir() if path.is_dir())
    assert folders == ["001", "002", "003", "004", "005"]
    ending = "jpg" if name == "tv" else "JPG"
    for folder in folders:
        names = sorted(path.name for path in (tree / folder).iterdir())
        assert names == [f"{number:03}.{ending}" for number in range(1, len(names) + 1)]


def test_the_cover_is_the_first_picture_of_a_comic(shelves: dict[str, Path], tmp_path: Path) -> None:
    """Before the three pages, in the size of a page."""
    *pictures, _credit = sorted((shelves["tv"] / "002").iterdir())
    assert len(pictures) == 4
    assert _alike(pictures[0], make_picture(tmp_path / "front.png", (900, 1300), seed=77))
    assert _alike(pictures[1], make_picture(tmp_path / "first.png", (900, 1300), seed=1))
    assert not _alike(pictures[0], pictures[1])


def test_the_credit_of_a_comic_is_its_last_picture(shelves: dict[str, Path]) -> None:
    """Set like a page of text; the strip, which has none, ends with its last slice."""
    sizes = []
    for folder in ("001", "002"):
        with Image.open(max((shelves["player"] / folder).iterdir())) as picture:
            sizes.append(picture.size)
    assert sizes[0][0] < 1280
    assert sizes[1] == (1280, 720)


def _alike(one: Path, other: Path) -> bool:
    """Whether two pictures show the same, whatever their size."""
    small = [Image.open(path).convert("L").resize((16, 16)).tobytes() for path in (one, other)]
    return all(abs(a - b) < 24 for a, b in zip(*small, strict=True))


@pytest.mark.parametrize("name", PROFILES)
def test_slices_of_a_strip_can_be_read_on_a_screen_that_shows_them_whole(shelves: dict[str, Path], name: str) -> None:
    """None is taller than 1.25 times its width."""
    for file in (shelves[name] / "001").iterdir():
        with Image.open(file) as picture:
            assert picture.height <= 1.25 * picture.width


@pytest.mark.parametrize("name", PROFILES)
def test_pages_of_text_fill_the_screen_and_nothing_reaches_their_edge(shelves: dict[str, Path], name: str) -> None:
    """They have the shape of a wide screen; the twentieth of it that a TV may cut off on each side is empty paper."""
    width = profile.load(name).picture.photo_width
    for folder in ("003", "004", "005"):
        for file in (shelves[name] / folder).iterdir():
            with Image.open(file) as picture:
                assert picture.size == (width, width * 9 // 16)
                grey = picture.convert("L")
            inside = (grey.width // 20, grey.height // 20, grey.width * 19 // 20, grey.height * 19 // 20)
            grey.paste(255, inside)
            assert min(grey.tobytes()) > 240


def test_a_player_that_shows_texts_gets_a_list_of_what_is_in_which_folder(shelves: dict[str, Path]) -> None:
    """UTF-8 with the mark that old players know it by, lines as Windows ends them; once, where it would be the same."""
    data = (shelves["player"] / "000.TXT").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").split("\r\n")
    assert lines[0] == "Shelf"
    assert [line[:3] for line in lines if line[:3].isdigit()] == ["001", "002", "003", "004", "005"]
    assert any("강 위의 종이배" in line and "김하나" in line for line in lines)
    assert not list(shelves["tv"].glob("*.txt"))


def test_the_same_bundle_makes_the_same_bytes_with_any_number_of_workers(
    shelves: dict[str, Path], tmp_path: Path
) -> None:
    """Pages of text are set in several processes, in whatever order."""
    build(make_shelf(tmp_path / "shelf"), tmp_path / "out", "--profile", "disc", "--jobs", 1)
    assert contents(tmp_path / "out" / "shelf") == contents(shelves["disc"])


def test_a_long_comic_goes_on_in_a_next_folder_with_the_next_number(tmp_path: Path) -> None:
    """Units show 99 files of a folder; names go on, so that the order holds."""
    make_comic(tmp_path / "window" / "comics" / "long", pages=101, size=(40, 60), suffix="png")
    build(tmp_path / "window", tmp_path / "out", "--profile", "player")
    tree = tmp_path / "out" / "window"
    assert sorted(path.name for path in (tree / "001_02").iterdir()) == ["100.JPG", "101.JPG"]
    assert len(list((tree / "001").iterdir())) == 99


def test_more_files_than_devices_show_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    """With the works that have most of them, and what to do: nine pages are nine files at the least."""
    make_comic(tmp_path / "window" / "comics" / "long", pages=9, size=(40, 60), suffix="png")
    write(tmp_path / "small.toml", 'extends = "disc"\n[tree]\nmax_files = 5\n')
    printed = build(tmp_path / "window", tmp_path / "out", "--profile", tmp_path / "small.toml", code=5)
    assert "there are at least 9 files" in printed
    assert "show 5" in printed
    assert re.search(r"^ +9 +\w+ +long$", printed, re.MULTILINE)
    assert "--profile disc" in printed
    assert not (tmp_path / "out").exists()


def test_what_there_is_no_space_for_is_not_in_the_list_either(tmp_path: Path) -> None:
    """The list names the folders of the tree that is built: the same as if nothing else had been there."""
    for name, pages, priority in (("first", 14, 2), ("second", 1, 1)):
        make_comic(tmp_path / "window" / "comics" / name, pages, size=(1000, 1000))
        with (tmp_path / "window" / "bundle.toml").open("a") as file:
            file.write(f'[[publication]]\nsource = "comics/{name}"\ntitle = "{name}"\npriority = {priority}\n')
    build(tmp_path / "window", tmp_path / "out", "--profile", "player", "--fit", 130_000, "--cluster", "4KiB", "--drop")
    made = contents(tmp_path / "out" / "window")
    shutil.rmtree(tmp_path / "window" / "comics" / "first")
    (tmp_path / "window" / "bundle.toml").unlink()
    build(tmp_path / "window", tmp_path / "alone", "--profile", "player")
    alone = contents(tmp_path / "alone" / "window")
    assert sorted(made) == sorted(alone) == ["000.JPG", "000.TXT", "001/001.JPG"]
    assert {made[name] == alone[name] for name in ("000.JPG", "000.TXT")} == {True}


def test_on_request_an_article_is_pictures_beside_its_other_editions(tmp_path: Path) -> None:
    """In `any` the library names the folder; a comic lies in its own folder as pictures already."""
    bundle = make_shelf(tmp_path / "shelf")
    definition = (bundle / "bundle.toml").read_text(encoding="utf-8")
    write(bundle / "bundle.toml", definition.replace("[[", 'editions = ["site", "photo"]\n[[', 1))
    build(bundle, tmp_path / "out")
    tree = tmp_path / "out" / "shelf"
    folders = sorted(path.name for path in (tree / "photo").iterdir())
    assert len(folders) == 3
    home = (tree / "index.html").read_text(encoding="utf-8")
    assert any(f"photo/{folder}" in home for folder in folders)
    assert packager("check", tree).returncode == 0


def test_in_the_place_of_a_damaged_page_comes_one_that_says_so(tmp_path: Path) -> None:
    """The numbers go on, and the reader knows that something is missing."""
    make_comic(tmp_path / "window" / "comics" / "pages", pages=3, size=(600, 800))
    page = tmp_path / "window" / "comics" / "pages" / "2.jpg"
    page.write_bytes(page.read_bytes()[:500])  # its head, and none of its rows
    printed = build(tmp_path / "window", tmp_path / "out", "--profile", "tv", "--skip-damaged")
    assert "1 damaged picture" in printed
    sizes = []
    for file in sorted((tmp_path / "out" / "window" / "001").iterdir()):
        with Image.open(file) as picture:
            sizes.append(picture.size)
    assert sizes == [(600, 800), (1920, 1080), (600, 800)]


def test_a_damaged_figure_is_named_and_its_place_says_so(tmp_path: Path) -> None:
    """As in every other edition; the pages of the text are there all the same."""
    boat = make_picture(tmp_path / "shelf" / "articles" / "boat.jpg", (900, 600))
    write(boat.with_name("boats.en.md"), f"---\ntitle: Boats\n---\n\n{ENGLISH}\n\n![A boat](boat.jpg)\n")
    boat.write_bytes(boat.read_bytes()[:500])
    assert "boat.jpg" in build(tmp_path / "shelf", tmp_path / "out", "--profile", "tv", code=4)
    build(tmp_path / "shelf", tmp_path / "out", "--profile", "tv", "--skip-damaged")
    assert list((tmp_path / "out" / "shelf" / "001").iterdir())


def test_an_edition_that_the_devices_cannot_open_is_refused(tmp_path: Path) -> None:
    """In one line, with what to write instead."""
    make_comic(tmp_path / "window" / "comics" / "pages", pages=1)
    write(tmp_path / "window" / "bundle.toml", 'title = "W"\neditions = ["site", "photo"]\n')
    printed = build(tmp_path / "window", tmp_path / "out", "--profile", "tv", code=3)
    assert re.search(r'"tv" opens no html files.*"site"', printed)
    assert "Leave `editions` out" in printed


@pytest.mark.parametrize("package", ["manimgx_fonts_cjk", "typst", "fontTools"])
def test_what_sets_pages_is_named_with_how_to_install_it(package: str, tmp_path: Path) -> None:
    """Before any work is done, with the exit code of a definition; without the edition nobody needs them."""
    make_comic(tmp_path / "window" / "comics" / "pages", pages=1)
    run = (
        f"import sys; sys.modules['{package}'] = None\n"
        "from packager.__main__ import main\n"
        "sys.argv = ['packager', 'build', *sys.argv[1:]]\n"
        "sys.exit(main())"
    )
    command = [sys.executable, "-c", run, str(tmp_path / "window"), "-o", str(tmp_path / "out"), "--profile"]
    refused = subprocess.run([*command, "player"], capture_output=True, text=True, check=False)
    assert refused.returncode == 3, refused.stderr
    assert f"{sys.executable} -m pip install fonttools manimgx-fonts manimgx-fonts-cjk typst" in refused.stderr
    assert not (tmp_path / "out").exists()
    assert subprocess.run([*command, "any"], capture_output=True, check=False).returncode == 0


def test_signs_without_a_font_are_reported_and_stand_as_their_numbers(tmp_path: Path) -> None:
    """Nobody gets empty boxes without having been told."""
    write(tmp_path / "window" / "articles" / "old.en.md", "---\ntitle: Old signs\n---\n\nAn owl \U00013153 in stone.\n")
    assert "U+13153" in build(tmp_path / "window", tmp_path / "out", "--profile", "player")


MODELS = "/usr/share/tesseract-ocr/5/tessdata"
TESSERACT = {"ko": ("kor", 0.98), "en": ("eng", 0.98), "ar": ("ara", 0.97)}


@pytest.mark.prove
@pytest.mark.needs("tesseract", f"{MODELS}/kor.traineddata", f"{MODELS}/ara.traineddata")
@pytest.mark.parametrize("language", TESSERACT)
def test_a_reader_of_another_make_finds_the_text_of_an_article_on_its_pages(tmp_path: Path, language: str) -> None:
    """Tesseract reads the pages, and the letters come in the article's order, none of its sentences missing."""
    text = {"ko": KOREAN, "en": ENGLISH, "ar": ARABIC}[language]
    write(tmp_path / "window" / "articles" / f"river.{language}.md", f"---\ntitle: T\n---\n\n{text}\n\n{text * 10}\n")
    build(tmp_path / "window", tmp_path / "out", "--profile", "tv")
    model, least = TESSERACT[language]
    read = "".join(_read(page, model) for page in sorted((tmp_path / "out" / "window" / "001").iterdir()))
    likeness = SequenceMatcher(None, _letters(text * 11), _letters(read), autojunk=False).ratio()
    print(f"{language}: {likeness:.3f}")
    assert likeness >= least


def _read(page: Path, model: str) -> str:
    done = subprocess.run(["tesseract", page, "-", "-l", model, "--psm", "6"], capture_output=True, check=True)
    return done.stdout.decode()


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalpha())


@needs_samples
@pytest.mark.prove
@pytest.mark.parametrize("name", PROFILES)
def test_the_real_samples_become_a_stick_without_findings(tmp_path: Path, name: str) -> None:
    """A painted comic, a strip and a text from the world."""
    shutil.copytree(SAMPLES, tmp_path / "samples")
    build(tmp_path / "samples", tmp_path / "out", "--profile", name)
    checked = packager("check", tmp_path / "out" / "samples", "--profile", name, "--output-format", "json")
    assert json.loads(checked.stdout)["findings"] == []
