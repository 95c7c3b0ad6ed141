"""What a build made, and what is for the organizer alone: never a source, and never copied in the place of a tree."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from packager import media
from packager.drive import source
from packager.drive.image import blank, write_image
from packager.errors import SourceError
from packager.marks import Mark, mark_of, marked
from tests.builders import contents, make_bundle, make_comic, make_picture, packager, write
from tests.drives import folder_in_memory, make_tree

SECRET = "the report names every source"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle `window`, what a build made of it with its archive, and one in pictures for players."""
    folder = tmp_path_factory.mktemp("shelf")
    make_bundle(folder / "window", definition='title = "A window"\n')
    for options in (["--archive", "zip", "--cache", "measured"], ["--profile", "player", "-o", "pictures"]):
        done = packager("build", "window", *options, cwd=folder)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def own(shelf: Path, tmp_path: Path) -> Path:
    """The same, for a test that changes it."""
    return shutil.copytree(shelf, tmp_path / "own")


# --- what is what ---------------------------------------------------------------------------------------------

KINDS: dict[str, Mark | None] = {
    "window": Mark.BUNDLE,
    "window-built": Mark.OUTPUT,
    "window-built/keep": Mark.KEEP,
    "window-built/window": Mark.TREE,
    "pictures/window": Mark.TREE,
    "measured/packager-cache": Mark.CACHE,
    "window/comics": None,
    "window/comics/pages": None,
    ".": None,
}


@pytest.mark.parametrize("name", KINDS)
def test_each_folder_is_known_by_what_lies_in_it(shelf: Path, name: str) -> None:
    """And no folder of sources is taken for one of ours."""
    assert mark_of((shelf / name).resolve()) is KINDS[name]


@pytest.mark.parametrize("name", ["window-built/window", "pictures/window", "window-built/keep"])
def test_what_was_carried_elsewhere_keeps_its_mark(shelf: Path, tmp_path: Path, name: str) -> None:
    """Under another name, with nothing beside it."""
    carried = shutil.copytree(shelf / name, tmp_path / "carried")
    assert mark_of(carried) is KINDS[name]


def test_every_work_of_a_tree_is_known_alone(shelf: Path, tmp_path: Path) -> None:
    """Each folder that has a page of ours to begin with, and all that lies in a tree."""
    works = [path.parent for path in (shelf / "window-built/window").glob("*/index.html")]
    assert len(works) == 4
    for work in works:
        assert mark_of(shutil.copytree(work, tmp_path / work.name)) is Mark.TREE
    assert marked(shelf / "window-built/window/phone") == (Mark.TREE, shelf / "window-built/window")


def _keep_beside(folder: Path) -> None:
    """A folder of the name that the manifest beside it lists, with other files."""
    make_tree(folder.parent)
    shutil.rmtree(folder)
    make_comic(folder)


OTHERS: dict[str, Callable[[Path], object]] = {
    "a list called manifest.tsv": lambda folder: write(folder / "manifest.tsv", "name\tsize\n001.jpg\t5\n"),
    "a page saved from the web": lambda folder: write(folder / "index.html", "<!DOCTYPE html><title>x</title>x"),
    "a report": lambda folder: write(folder / "report.txt", "A report"),
    "a folder called keep": lambda folder: make_picture(folder / "keep" / "report.png"),
    "a picture without a number": lambda folder: make_picture(folder / "000.jpg"),
    "a keep folder that was put there": lambda folder: _keep_beside(folder / "window"),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_what_only_looks_alike_is_not_ours(tmp_path: Path, kind: str) -> None:
    """Nothing of an organizer's own is left out for its name."""
    OTHERS[kind](tmp_path)
    assert {mark_of(folder) for folder in (tmp_path, tmp_path / "window")} == {None}


# --- copy and image -------------------------------------------------------------------------------------------

NO_TREES: dict[str, str] = {
    "window": "is a bundle, with your sources",
    "window/comics/pages": "is no tree with its manifest",
    "bare": "is a bundle, with your sources",
    "window-built": "is what an earlier build made",
    "window-built/keep": "is what a build keeps for you alone",
    "window-built/window/phone": "lies in a tree",
    "window-built/window.zip": "is not a folder",
    "measured/packager-cache": "is what --cache keeps",
    "measured": "is no tree with its manifest",
    "carried": "is no tree with its manifest",
    ".window-built.packager/output/window": "lies in what a build that did not end has left",
    ".": "is no tree with its manifest",
}


def with_more(own: Path) -> Path:
    """The shelf with a bundle that has no definition, a tree without its keep, and what a killed build leaves."""
    shutil.copytree(own / "window", own / "bare", ignore=shutil.ignore_patterns("bundle.toml"))
    shutil.copytree(own / "window-built/window", own / "carried")
    shutil.copytree(own / "window-built", own / ".window-built.packager/output")
    return own


@pytest.mark.parametrize("name", NO_TREES)
def test_nothing_is_copied_but_a_tree_beside_its_manifest(own: Path, name: str) -> None:
    """Neither onto a drive nor into an image, and the refusal says what it is."""
    given = with_more(own) / name
    with pytest.raises(SourceError, match=NO_TREES[name]):
        source.load(given)
    with pytest.raises(SourceError, match=NO_TREES[name]):
        write_image(given, own.parent / "stick.img", blank(media.load("usb-2gb")))
    assert not (own.parent / "stick.img").exists()


def test_copying_a_bundle_says_which_folder_to_copy(shelf: Path) -> None:
    """With the build's command and the folder that it makes; the drive stays as it was."""
    with folder_in_memory() as stick:
        done = packager("copy", "window", stick, cwd=shelf)
        assert (done.returncode, done.stdout) == (SourceError.exit_code, "")
        assert "`packager build window` makes window-built/window" in done.stderr
        assert not list(stick.iterdir())


def test_an_image_of_a_bundle_is_refused_by_the_command(shelf: Path, tmp_path: Path) -> None:
    """As a copy of it is."""
    done = packager("image", "window", tmp_path / "stick.img", "--medium", "usb-2gb", cwd=shelf)
    assert (done.returncode, list(tmp_path.iterdir())) == (SourceError.exit_code, [])


MORE_IN_A_TREE: dict[str, Callable[[Path], object]] = {
    "a definition on top": lambda tree: write(tree / "bundle.toml", ""),
    "a definition further in": lambda tree: write(tree / "phone" / "bundle.toml", ""),
    "a photograph": lambda tree: make_picture(tree / "cbz" / "home.jpg"),
    "comics of its own": lambda tree: make_comic(tree / "comics" / "mine"),
    "the keep folder": lambda tree: shutil.copytree(tree.parent / "keep", tree / "keep"),
}


@pytest.mark.parametrize("more", MORE_IN_A_TREE)
def test_a_tree_with_more_than_its_manifest_knows_is_refused(own: Path, more: str) -> None:
    """Whatever it is, and wherever it lies."""
    tree = own / "window-built/window"
    source.load(tree)
    MORE_IN_A_TREE[more](tree)
    with pytest.raises(SourceError):
        source.load(tree)


def test_a_tree_that_failed_its_check_is_not_copied(own: Path) -> None:
    """It is kept to be looked at, and has a manifest too."""
    write(own / "window/strict.toml", 'extends = "any"\n[tree]\nmax_path = 12\n')
    done = packager("build", "window", "-o", "out", "--profile", "strict.toml", "--keep-refused", cwd=own)
    assert done.returncode == 1, done.stderr
    with pytest.raises(SourceError, match="failed its check"):
        source.load(own / "out-refused/window")


# --- sources --------------------------------------------------------------------------------------------------

NO_SOURCES = (
    "window-built",
    "window-built/keep",
    "window-built/window",
    "pictures/window",
    "pictures/window/001",
    "measured/packager-cache",
    "keep-only/keep",
    "carried",
    ".window-built.packager/output",
)
NO_SOURCE_FILES = ("window-built/keep/report.txt", "window-built/window.zip", "window-built/window/w9801/001.jpg")


def with_carried(own: Path) -> Path:
    """The shelf with a report that lies in its folder alone, too."""
    with_more(own)
    write(own / "keep-only/keep/report.txt", SECRET)
    return own


@pytest.mark.parametrize("name", NO_SOURCES)
@pytest.mark.parametrize("command", ["build", "plan", "import", "inspect"])
def test_what_is_ours_is_never_a_source(own: Path, name: str, command: str) -> None:
    """One clear line says what it is, and nothing is made of it."""
    with_carried(own)
    arguments = {"build": ["-o", "out"], "import": ["out"]}.get(command, [])
    done = packager(command, name, *arguments, cwd=own)
    assert done.returncode == SourceError.exit_code, done.stdout
    assert " and never a source" in done.stdout + done.stderr
    assert SECRET not in done.stdout
    assert not any(path.is_file() and path.name != "bundle.toml" for path in (own / "out").rglob("*"))


@pytest.mark.parametrize("name", NO_SOURCE_FILES)
def test_files_of_what_is_ours_are_not_imported(shelf: Path, tmp_path: Path, name: str) -> None:
    """Nor by themselves."""
    done = packager("import", shelf / name, tmp_path / "out")
    assert done.returncode == SourceError.exit_code
    assert "and never a source" in done.stdout


def test_nothing_is_imported_into_what_a_build_made(own: Path) -> None:
    """A tree that is to be copied gets no sources."""
    before = contents(own / "window-built")
    for folder in ("window-built", "window-built/window", "window-built/keep"):
        done = packager("import", "window/comics/pages", folder, cwd=own)
        assert (done.returncode, "never a bundle" in done.stderr) == (SourceError.exit_code, True)
    assert contents(own / "window-built") == before


@pytest.mark.parametrize("source_", ["old/window/w9801", "old/keep/report.txt", "old/keep", "old", "articles/keep"])
def test_a_definition_that_lists_what_is_ours_is_refused(own: Path, source_: str) -> None:
    """By name; nothing is made."""
    shutil.copytree(own / "window-built", own / "window/old")
    shutil.copytree(own / "window-built/keep", own / "window/articles/keep")
    listed = "".join(f'[[publication]]\nsource = "{each}"\n' for each in ("comics/pages", source_))
    write(own / "window/bundle.toml", listed)
    done = packager("build", "window", "-o", "out", cwd=own)
    assert done.returncode == SourceError.exit_code
    assert f"{source_}: " in done.stderr
    assert " and never a source" in done.stderr
    assert not (own / "out").exists()


def test_what_is_ours_inside_a_bundle_is_passed_over_and_told(own: Path) -> None:
    """The tree is the same to the byte, and the report names each folder with the reason."""
    bundle = own / "window"
    strewn = {
        "window-built": "comics/again-built",
        "window-built/window": "comics/again",
        "pictures/window": "comics/pictures",
        "window-built/keep": "articles/keep",
        "measured": "articles/measured",
    }
    for what, where in strewn.items():
        shutil.copytree(own / what, bundle / where)
    shutil.copytree(own / "window-built/window/w9801", bundle / "comics/one-work", dirs_exist_ok=True)
    shutil.copytree(own / "window-built", bundle / "out-refused")
    shutil.copytree(own / "window-built", bundle / ".x-built.packager/output")
    for _ in range(2):  # the second build finds what the first has made inside the bundle
        done = packager("build", ".", cwd=bundle)
        assert done.returncode == 0, done.stderr
        assert contents(bundle / "window-built/window") == contents(own / "window-built/window")
    report = (bundle / "window-built/keep/report.txt").read_text()
    for place in (*strewn.values(), "comics/one-work", "out-refused", "window-built"):
        mark = mark_of(bundle / place)
        told = (
            f"{place}/: not looked into: {mark}" if mark else f"{place}/packager-cache/: not looked into: {Mark.CACHE}"
        )
        assert f"  {told}\n" in report


def test_a_tree_poured_into_articles_stops_the_build(own: Path) -> None:
    """What else lies there could not be told from it, and would be lost."""
    shutil.copytree(own / "window-built/window", own / "window/articles", dirs_exist_ok=True)
    done = packager("build", "window", "-o", "out", cwd=own)
    assert done.returncode == SourceError.exit_code
    assert "articles: is a tree that packager built, and never a source" in done.stderr
