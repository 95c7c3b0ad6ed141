"""The library has one order: whatever lists its works agrees with the folders that they lie in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.helpers.builders import contents, packager, write

# Of each comic its colour, its section and its series, in the order of the definition.
COMICS = {
    "Red": ((200, 30, 40), "One", ""),
    "Green": ((30, 140, 60), "Two", ""),
    "Blue": ((40, 60, 200), "One", ""),
    "Amber": ((230, 190, 20), "Two", "Sea"),
    "Violet": ((140, 40, 150), "One", ""),
    "Grey": ((120, 120, 120), "Two", ""),
    "Teal": ((20, 140, 150), "Two", "Sea"),
}
READ = ("Red", "Blue", "Violet", "Green", "Amber", "Teal", "Grey")  # section by section, a series together
PAGES = {name: number for number, name in enumerate(COMICS, 1)}
MANY = 201  # works; above 200 they lie in numbered folders


def make_shelf(folder: Path, names: Sequence[str]) -> Path:
    """Comics of one colour each, of as many pages as nothing else has, defined in the order of `names`."""
    definition = 'title = "Shelf"\nnames = "titles"\n'
    for name in names:
        colour, section, series = COMICS[name]
        pages = folder / "comics" / name
        pages.mkdir(parents=True)
        for number in range(1, PAGES[name] + 1):
            Image.new("RGB", (150, 200), colour).save(pages / f"{number}.png")
        definition += f'[[publication]]\nsource = "comics/{name}"\nid = "{name.lower()}"\ntitle = "{name}"\n'
        definition += f'section = "{section}"\n' + (f'series = "{series}"\n' if series else "")
    write(folder / "bundle.toml", definition)
    return folder


def result(command: str, bundle: Path, output: Path, *options: object) -> dict[str, Any]:
    """What the command answers, as JSON; it succeeds."""
    ended = packager(command, bundle, "-o", output, *options, "--output-format", "json")
    assert ended.returncode == 0, ended.stderr
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def titles_of(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each folder in a list for players, with the title behind it, and behind its series where it has one."""
    for folder, *words in filter(None, map(str.split, lines)):
        if folder.isdigit():
            [title] = [word for word in words if word in COMICS]
            yield folder, title


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle whose sections and series ask for another order than its definition."""
    return make_shelf(tmp_path_factory.mktemp("order") / "shelf", tuple(COMICS))


@pytest.fixture(scope="module")
def built(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What is built of it for a player, and for any device."""
    folder = tmp_path_factory.mktemp("order")
    for profile in ("player", "any"):
        result("build", shelf, folder / profile, "--profile", profile)
    return {profile: folder / profile for profile in ("player", "any")}


@pytest.fixture
def player(built: dict[str, Path]) -> Path:
    """What is built of it for a player."""
    return built["player"]


def colour_of(folder: Path) -> str:
    """The name of the comic whose pages lie in the folder."""
    with Image.open(min(folder.iterdir())) as page:
        pixel = page.convert("RGB").resize((1, 1)).getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return min(COMICS, key=lambda name: sum(abs(a - b) for a, b in zip(COMICS[name][0], pixel, strict=True)))


def test_the_numbered_folders_follow_sections_and_series(player: Path) -> None:
    """Whoever pages through them reads what belongs together."""
    folders = sorted(path for path in (player / "shelf").iterdir() if path.is_dir())
    assert tuple(map(colour_of, folders)) == READ


def test_the_list_for_players_names_what_is_in_each_folder(player: Path) -> None:
    """Line by line."""
    lines = (player / "shelf" / "000.TXT").read_text(encoding="utf-8-sig").splitlines()
    named = dict(titles_of(lines))
    assert named == {folder.name: colour_of(folder) for folder in (player / "shelf").iterdir() if folder.is_dir()}


@pytest.mark.parametrize("profile", ["player", "any"])
def test_a_definition_in_the_order_of_reading_gives_the_same_tree(
    built: dict[str, Path], tmp_path: Path, profile: str
) -> None:
    """The pictures that list everything too, byte by byte."""
    make_shelf(tmp_path / "shelf", READ)
    result("build", tmp_path / "shelf", tmp_path / "out", "--profile", profile)
    assert contents(tmp_path / "out" / "shelf") == contents(built[profile] / "shelf")


@pytest.mark.parametrize("profile", ["player", "any"])
def test_the_plan_books_to_each_work_what_lies_in_its_folders(
    shelf: Path, built: dict[str, Path], tmp_path: Path, profile: str
) -> None:
    """Work by work, in the order of the folders."""
    planned = result("plan", shelf, tmp_path / "out", "--profile", profile)["publications"]
    files = {path: len(data) for path, data in contents(built[profile] / "shelf").items()}
    assert [work["title"] for work in planned] == list(READ)
    for number, work in enumerate(planned, 1):
        own = rf"{number:03}/" if profile == "player" else rf"(phone/|cbz/)?{work['id']}[./]"
        assert work["size_bytes"] == sum(size for path, size in files.items() if re.match(own, path)), work["title"]
        assert work["pictures"] == PAGES[work["title"]]


def test_the_report_lists_works_in_the_order_of_their_folders(player: Path) -> None:
    """In both of its forms; those of a series stand behind its name."""
    text = (player / "keep" / "report.txt").read_text(encoding="utf-8")
    assert "Works: Red; Blue; Violet; Green; Sea: Amber, Teal; Grey\n" in text
    report = json.loads((player / "keep" / "report.json").read_text(encoding="utf-8"))
    assert [work["id"] for work in report["publications"]] == [name.lower() for name in READ]


def test_the_library_lists_works_in_the_order_in_which_they_lead_to_each_other(built: dict[str, Path]) -> None:
    """From the home document to the last work."""
    tree = built["any"] / "shelf"
    home = (tree / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<h3><a href="(\w+)/', home) == [name.lower() for name in READ]
    for here, after in pairwise(READ):
        page = (tree / here.lower() / "index.html").read_text(encoding="utf-8")
        assert f'href="../{after.lower()}/index.html"' in page


def test_each_tree_of_several_lists_the_others_in_the_order_of_their_own_pages(shelf: Path, tmp_path: Path) -> None:
    """And the report and the plan agree with both."""
    planned = result("plan", shelf, tmp_path / "out", "--split", 2)["trees"]
    built = result("build", shelf, tmp_path / "out", "--split", 2)["trees"]
    held: dict[str, list[str]] = {}
    for tree, plan in zip(built, planned, strict=True):
        home = (tmp_path / "out" / tree["name"] / "index.html").read_text(encoding="utf-8")
        held[tree["name"]] = re.findall(r'<h3><a href="(\w+)/', home)
        assert [work["id"] for work in tree["publications"]] == held[tree["name"]]
        assert [work["id"] for work in plan["publications"]] == held[tree["name"]]
    for name, other in zip(held, reversed(held), strict=True):
        home = (tmp_path / "out" / name / "index.html").read_text(encoding="utf-8")
        elsewhere = home[home.index(f"{other}") :]
        titles = [title for title in re.findall(r">(?:\w+ · )?(\w+)</", elsewhere) if title in COMICS]
        assert [title.lower() for title in titles] == held[other]
    assert all(ids == [name.lower() for name in READ if name.lower() in ids] for ids in held.values())


def test_each_tree_of_several_for_players_lists_its_own_folders(shelf: Path, tmp_path: Path) -> None:
    """Each counts from one."""
    for tree in result("build", shelf, tmp_path / "out", "--split", 2, "--profile", "player")["trees"]:
        folder = tmp_path / "out" / tree["name"]
        lines = (folder / "000.TXT").read_text(encoding="utf-8-sig").splitlines()
        named = dict(titles_of(lines))
        assert named == {path.name: colour_of(path) for path in folder.iterdir() if path.is_dir()}
        assert [title.lower() for title in named.values()] == [work["id"] for work in tree["publications"]]
        assert min(named) == "001"


def test_the_plan_of_a_large_library_books_to_each_work_what_lies_in_its_folder(tmp_path: Path) -> None:
    """Where works lie in numbered folders of a hundred, too."""
    definition = 'names = "titles"\neditions = ["site"]\n'
    for number in range(MANY):
        words = "word " * (1 + number * 37 % 400)
        write(tmp_path / "window" / "articles" / f"{number}.en.md", f"---\ntitle: Text {number}\n---\n\n{words}\n")
        definition += f'[[publication]]\nsource = "articles/{number}.en.md"\nid = "t{number}"\n'
        definition += f'section = "{number % 3}"\n'
    write(tmp_path / "window" / "bundle.toml", definition)
    planned = result("plan", tmp_path / "window", tmp_path / "out")["publications"]
    result("build", tmp_path / "window", tmp_path / "out")
    tree = tmp_path / "out" / "window"
    folders = {path.parent.name: path.parent for path in tree.glob("*/t*/index.html")}
    assert len(folders) == MANY
    for number, work in enumerate(planned):
        folder = folders[work["id"]]
        assert folder.parent.name == str(number // 100 + 1)
        assert work["size_bytes"] == sum(len(data) for data in contents(folder).values())
