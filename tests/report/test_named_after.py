"""What readers see of the name of the organizer's folder is told at the first build, and can be kept from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.builders import packager, write

NAME = "Nabi 2031 봄"
TOLD = "see the folder `nabi-2031-bom`, the title `Nabi 2031 봄` and numbers such as `n"
NEUTRAL = 'folder = "library"\ntitle = "Library"\nprefix = "a"\n'


def built(folder: Path, definition: str = "", more: str = "") -> str:
    """What a build of a bundle in a folder of that name says."""
    write(folder / NAME / "articles" / "boats.md", f"# Boats\n\nThe boat is on the lake and it is small.\n{more}")
    if definition:
        write(folder / NAME / "bundle.toml", definition)
    done = packager("build", NAME, "-o", "out", cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_build_says_what_comes_of_the_name_of_the_folder(tmp_path: Path) -> None:
    """And later editions do not repeat it."""
    assert TOLD in built(tmp_path)
    assert "Readers" not in built(tmp_path, more="\nIt sinks.\n")


@pytest.mark.parametrize("key", ["folder", "title", "prefix"])
def test_what_the_definition_says_is_not_told_to_come_of_the_folder(tmp_path: Path, key: str) -> None:
    """Each key takes away what it changes: another folder's name gives other numbers too."""
    (line,) = [line for line in NEUTRAL.splitlines() if line.startswith(key)]
    (told,) = [line for line in built(tmp_path, f"{line}\n").splitlines() if line.startswith("Readers")]
    assert f"`{key}`" not in told
    assert ("`title`" in told) == (key != "title")


def test_with_all_three_keys_nothing_of_the_folder_is_in_the_tree(tmp_path: Path) -> None:
    """Neither in the name of a file or folder nor in a page."""
    assert "Readers" not in built(tmp_path, NEUTRAL)
    tree = tmp_path / "out" / "library"
    pages = [path.read_text("utf-8") for path in tree.rglob("*.html")]
    names = [path.relative_to(tree).as_posix() for path in tree.rglob("*")]
    assert pages
    assert not [text for text in (*pages, *names) if any(word in text for word in (NAME, "nabi-2031", "봄"))]
