"""A library over several media: whole trees that fit, each of which says what is on the others."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from packager.config.filesystems import KIB, Filesystem, occupied_bytes
from tests.helpers import drives
from tests.helpers.builders import contents, make_comic, packager, write

pytestmark = pytest.mark.slow

PAGES = {"a": 8, "b": 5, "c": 6, "d": 3, "e": 2}
ROOM = 500_000
SMALL = ("--cluster", "4KiB")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five comics of different lengths, two of one series, and an article."""
    folder = tmp_path_factory.mktemp("several") / "shelf"
    toml = 'names = "titles"\neditions = ["site", "phone", "cbz"]\n'
    for name, pages in PAGES.items():
        make_comic(folder / "comics" / name, pages)
        series = 'series = "Sea"\n' if name in "bd" else ""
        toml += f'[[publication]]\nsource = "comics/{name}"\nid = "{name}"\ntitle = "Comic {name}"\n{series}'
    write(folder / "articles" / "note.en.md", "---\ntitle: A note\n---\n\nText of it.\n")
    write(folder / "bundle.toml", f'{toml}[[publication]]\nsource = "articles/note.en.md"\nid = "note"\n')
    return folder


def told(command: str, bundle: Path, output: Path, *options: object) -> dict[str, Any]:
    """What the command says, as JSON; it succeeds."""
    said = packager(command, bundle, "-o", output, *options, "--output-format", "json")
    assert said.returncode == 0, said.stderr
    result: dict[str, Any] = json.loads(said.stdout)
    return result


@pytest.fixture(scope="module")
def built(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a build over as many media of half a megabyte as it takes."""
    output = tmp_path_factory.mktemp("several") / "out"
    told("build", bundle, output, "--fit", ROOM, *SMALL, "--archive", "zip", "--split")
    return output


def test_each_tree_fits_cluster_by_cluster(built: Path) -> None:
    """Two media hold everything, one keep folder tells of both."""
    assert sorted(path.name for path in built.iterdir()) == ["keep", "shelf-1", "shelf-1.zip", "shelf-2", "shelf-2.zip"]
    for tree in (built / "shelf-1", built / "shelf-2"):
        files = contents(tree).items()
        sizes = [(PurePosixPath(path), len(content)) for path, content in files]
        assert occupied_bytes(sizes, tree.name, Filesystem.FAT32, 4 * KIB) <= ROOM


def test_each_work_is_in_one_tree_and_named_in_the_other(built: Path) -> None:
    """With a link where it lies, and as text, behind its series, where it does not; a series stays together."""
    homes = [(built / f"shelf-{number}" / "index.html").read_text(encoding="utf-8") for number in (1, 2)]
    linked = [{name for name in (*PAGES, "note") if f'href="{name}/index.html"' in home} for home in homes]
    assert linked[0] | linked[1] == {*PAGES, "note"}
    assert linked[0] & linked[1] == set()
    assert {"b", "d"} <= linked[0] or {"b", "d"} <= linked[1]
    for home, elsewhere, folder in ((homes[0], linked[1], "shelf-2"), (homes[1], linked[0], "shelf-1")):
        below = home.partition(f"in the folder {folder}")[2]
        titles = {"A note" if name == "note" else f"Comic {name}" for name in elsewhere}
        assert {title for title in titles if f"{title}</li>" in below} == titles


def test_each_tree_passes_the_check_with_the_manifest_they_share(built: Path) -> None:
    """All of it is there, and nothing of the other."""
    for name in ("shelf-1", "shelf-2"):
        said = packager("check", built / name, "--fit", ROOM, *SMALL, "--manifest", built / "keep")
        assert said.returncode == 0, said.stdout


def test_a_tree_of_several_is_copied_and_verified_alone(built: Path) -> None:
    """By its part of the manifest."""
    with drives.folder_in_memory() as stick:
        copied = packager("copy", built / "shelf-2", stick)
        assert contents(stick / "shelf-2") == contents(built / "shelf-2"), copied.stderr
        verified = packager("verify", stick, "--manifest", built / "keep")
        assert verified.returncode == 0, verified.stdout + verified.stderr


def test_the_plan_of_several_media_is_what_is_built(bundle: Path, built: Path, tmp_path: Path) -> None:
    """Tree by tree, to the byte."""
    planned = told("plan", bundle, tmp_path / "out", "--fit", ROOM, *SMALL, "--split")["trees"]
    kept = json.loads((built / "keep" / "report.json").read_text(encoding="utf-8"))["trees"]
    figures = ("name", "files", "size_bytes", "occupied_bytes", "editions")
    assert [tree["profile_quality"] for tree in kept] == [
        tree["publications"][0]["profile_quality"] for tree in planned
    ]
    assert [[tree[figure] for figure in figures] for tree in planned] == [
        [tree[figure] for figure in figures] for tree in kept
    ]


def test_the_titles_on_each_medium_are_told(bundle: Path, tmp_path: Path) -> None:
    """At the end of the build, and all of them in the report, those of a series behind its name."""
    said = packager("build", bundle, "-o", tmp_path / "out", "--split", 3).stdout
    held = [line.removeprefix("Holds     ").split("; ") for line in said.splitlines() if line.startswith("Holds ")]
    report = (tmp_path / "out" / "keep" / "report.txt").read_text("utf-8").splitlines()
    listed = [line.removeprefix("Works: ").split("; ") for line in report if line.startswith("Works: ")]
    assert held == listed
    assert len(held) == 3
    works = {"A note", "Comic a", "Comic c", "Comic e", "Sea: Comic b, Comic d"}
    assert {title for titles in held for title in titles} == works


def test_so_many_media_share_the_works_evenly(bundle: Path, tmp_path: Path) -> None:
    """Three trees, none larger than another by more than a work; no size is needed."""
    trees = told("plan", bundle, tmp_path / "out", "--split", 3)["trees"]
    sizes = [tree["size_bytes"] for tree in trees]
    largest = max(row["size_bytes"] for tree in trees for row in tree["publications"])
    assert [tree["name"] for tree in trees] == ["shelf-1", "shelf-2", "shelf-3"]
    assert max(sizes) - min(sizes) <= largest


def test_what_fits_one_medium_is_one_tree(bundle: Path, tmp_path: Path) -> None:
    """With its own name, as if nobody had asked for several."""
    assert told("plan", bundle, tmp_path / "out", "--fit", "90MB", *SMALL, "--split")["name"] == "shelf"


def test_pictures_get_poorer_where_so_many_media_are_small(bundle: Path, tmp_path: Path) -> None:
    """And only there: two media of 350 KB hold what would need more at the usual quality."""
    trees = told("plan", bundle, tmp_path / "out", "--fit", "350KB", *SMALL, "--split", 2)["trees"]
    rows = [row for tree in trees for row in tree["publications"] if row["pictures"]]
    assert max(tree["occupied_bytes"] for tree in trees) <= 350_000
    assert min(row["quality"] for row in rows) < 80
    assert {row["profile_quality"] for row in rows} == {80}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--split",), "Add --medium or --fit"),
        (("--split", "9"), "there are only 6 works"),
        (("--split", "0"), "as many as needed"),
        (("--split", "many"), "no number of media"),
        (("--split", "1.5"), "no number of media"),
    ],
)
def test_a_wrong_number_of_media_is_refused(bundle: Path, tmp_path: Path, options: tuple[str, ...], says: str) -> None:
    """In one clear line."""
    said = packager("plan", bundle, "-o", tmp_path / "out", *options)
    assert (said.returncode, says in said.stderr) == (2, True), said.stderr
