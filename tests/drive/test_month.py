"""The organizer's month, by the commands alone: edition 1 on three sticks, edition 2 by update and by a fresh copy."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.helpers import drives as made
from tests.helpers.builders import make_bundle, make_comic, packager, write

pytestmark = [pytest.mark.slow, pytest.mark.needs("mkfs.exfat", "mount.exfat-fuse")]
STICKS = ("one", "two", "three", "late")


@contextmanager
def plugged_in(devices: dict[str, Path], desk: Path) -> Iterator[dict[str, Path]]:
    """The sticks, mounted; what is written is on them once they are pulled out."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(made.exfat_mounted(device, desk / name)) for name, device in devices.items()}


def said(desk: Path, *command: object, code: int = 0) -> str:
    """What a command says to the organizer."""
    done = packager(*command, cwd=desk)
    assert done.returncode == code, (command, done.stdout, done.stderr)
    return done.stdout


def tree_on(stick: Path) -> tuple[dict[str, str], list[tuple[str, list[str]]]]:
    """Every file of the tree with its hash, and the names of each folder in the order in which they stand there."""
    states = {path: state for path, state in made.states(stick).items() if path.startswith("window/")}
    folders = [(os.path.relpath(folder, stick), os.listdir(folder)) for folder, _, _ in os.walk(stick / "window")]  # noqa: PTH208 - in their order
    return states, sorted(folders)


def test_the_second_month_is_as_easy_as_the_first(tmp_path: Path) -> None:
    """Two sticks are updated, one is copied to: they are equal. A stick of the first month is known by its number."""
    desk = tmp_path / "desk"
    bundle = make_bundle(desk / "window")
    with ExitStack() as stack:
        devices = {name: stack.enter_context(made.looped(made.blank(tmp_path / f"{name}.img", 64))) for name in STICKS}
        for device in devices.values():
            subprocess.run(["mkfs.exfat", "-c", "32K", device], check=True, capture_output=True)
        said(desk, "build", "window")
        with plugged_in({name: devices[name] for name in ("one", "two", "late")}, desk) as sticks:
            assert said(desk, "copy", "window-built/window", *sticks).count("proven: every byte") == 3
            (sticks["two"] / "holiday.jpg").write_text("mine")

        for work in ("ants", "bees"):
            make_comic(bundle / "comics" / work)
        article = bundle / "articles" / "boats.en.md"
        write(article, article.read_text().replace("Let it swim.", "Let it float."))
        assert "Edition   2" in said(desk, "build", "window")
        with plugged_in({name: devices[name] for name in ("one", "two")}, desk) as sticks:
            assert said(desk, "drives").count("edition 1 of window; the newest is 2") == 2
            assert said(desk, "copy", "window-built/window", *sticks, "--update").count("proven: every byte") == 2
            assert (sticks["two"] / "holiday.jpg").read_text() == "mine"
        with plugged_in({"three": devices["three"]}, desk) as sticks:
            said(desk, "copy", "window-built/window", *sticks)

        with plugged_in(devices, desk) as sticks:
            assert tree_on(sticks["one"]) == tree_on(sticks["two"]) == tree_on(sticks["three"])
            assert "This is edition 1 of `window`, whole; the newest is 2." in said(desk, "verify", "late")
            assert "This is edition 2 of `window`, whole; the newest." in said(desk, "verify", "one")
