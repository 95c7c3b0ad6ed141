"""The organizer's month, by the commands of the guide: two editions of a bundle, on three sticks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.helpers import drives
from tests.helpers.builders import make_comic, packager, write

pytestmark = [pytest.mark.slow, pytest.mark.needs("mkfs.exfat"), pytest.mark.needs("mount.exfat-fuse")]

ARTICLE = "---\ntitle: Boats\n---\n\nFold a sheet of {} paper.\n"


@pytest.fixture
def sticks(tmp_path: Path) -> Iterator[tuple[Path, ...]]:
    """Three exFAT sticks."""
    with ExitStack() as stack:
        yield tuple(stack.enter_context(drives.exfat(tmp_path / name, 16)) for name in ("ANN", "BEN", "CAT"))


def said(folder: Path, *arguments: object, code: int = 0) -> str:
    """What a command says that is run beside the bundle."""
    ended = packager(*arguments, cwd=folder)
    assert ended.returncode == code, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


def listed(stick: Path) -> dict[str, list[str]]:
    """What each folder of the tree holds, in the order in which its file system tells it, as players show it."""
    folders = [stick / "window", *(path for path in (stick / "window").rglob("*") if path.is_dir())]
    return {str(folder.relative_to(stick)): [path.name for path in folder.iterdir()] for folder in folders}


def test_the_second_month_is_as_easy_as_the_first(tmp_path: Path, sticks: tuple[Path, ...]) -> None:
    """Updated sticks are what a fresh copy is, and one of the first month is known by its name."""
    ann, ben, cat = sticks
    bundle, tree = tmp_path / "window", "window-built/window"
    make_comic(bundle / "comics" / "long road" / "chapter 1", 4)
    write(bundle / "articles" / "boats.en.md", ARTICLE.format("any"))
    write(bundle / "bundle.toml", "news = true\n")
    assert "Edition   1 of window" in said(tmp_path, "build", "window")
    said(tmp_path, "copy", tree, *sticks)

    make_comic(bundle / "comics" / "a new one", 2)
    write(bundle / "articles" / "a lamp.en.md", "---\ntitle: A lamp\n---\n\nIt burns.\n")
    write(bundle / "articles" / "boats.en.md", ARTICLE.format("good"))
    assert "Edition   2 of window" in said(tmp_path, "build", "window")
    changes = said(tmp_path, "changes", "window")
    assert [line.split(maxsplit=1)[0] for line in changes.splitlines()] == ["Edition", "New", "Changed", "To"]

    assert "edition 1 of `window`, whole; the newest is 2" in said(tmp_path, "verify", ann).replace("This is ", "")
    write(ben / "notes.txt", "theirs")
    said(tmp_path, "copy", tree, ann, ben, "--update")
    assert (ben / "notes.txt").read_text(encoding="utf-8") == "theirs"
    (ben / "notes.txt").unlink()
    said(tmp_path, "copy", tree, cat, "--replace", "--yes")
    assert drives.states(ann) == drives.states(ben) == drives.states(cat)
    assert drives.times(ann / "window") == drives.times(ben / "window") == drives.times(cat / "window")
    assert listed(ann) == listed(ben) == listed(cat)
    for stick in sticks:
        assert "edition 2" in said(tmp_path, "verify", stick)
    library = HTMLParser((ann / "window" / "index.html").read_text(encoding="utf-8"))
    assert [title.text() for title in library.css(".lines .title")] == ["a new one", "A lamp"]


def test_a_stick_is_known_though_all_that_was_built_is_gone(tmp_path: Path, sticks: tuple[Path, ...]) -> None:
    """By the editions in the bundle alone."""
    make_comic(tmp_path / "window" / "comics" / "road", 1)
    said(tmp_path, "build", "window")
    said(tmp_path, "copy", "window-built/window", sticks[0])
    shutil.rmtree(tmp_path / "window-built")
    assert "edition 1" in said(tmp_path, "verify", sticks[0])
