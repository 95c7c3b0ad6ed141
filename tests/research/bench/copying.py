"""How fast 500 MB get onto one drive and onto four, proven, against `cp -r` and `sha256sum -c`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.helpers.drives import copied, make_tree
from tests.research.bench.ratio import Ratio, medians

FOLDER = Path(".bench") / "copying"
FILES = 400
FILE_BYTES = 1_250_000
RUNS = 3
LIMIT = 1.5  # what reading back past the memory of this machine may cost: the rival reads what it has just written


def measure() -> Iterator[Ratio]:
    """One ratio for each number of drives; all of them are folders of this machine's own disk."""
    if not shutil.which("sha256sum"):
        print("left out: sha256sum is not installed here", file=sys.stderr)
        return
    tree = make_tree(FOLDER / "built", FILES, FILE_BYTES)
    for count in (1, 4):
        ours, theirs = medians(partial(_ours, tree, count), partial(_cp, tree, count), runs=RUNS)
        name = "one drive" if count == 1 else f"{count} drives"
        yield Ratio(f"copy of 500 MB, proven, {name}", "cp -r, sync, sha256sum -c", ours, theirs, LIMIT)
    shutil.rmtree(FOLDER)


def _ours(tree: Path, count: int) -> None:
    assert all(result.exit_code == 0 for result in copied(tree, *_drives(count)))


def _cp(tree: Path, count: int) -> None:
    """The same by hand: all drives at once, each written through and then read."""
    sums = (tree.parent / "keep" / "manifest.sha256").resolve()
    line = 'cp -r "$0" "$1" && sync -f "$1" && cd "$1" && sha256sum --quiet -c "$2"'
    running = [
        subprocess.Popen(["sh", "-c", line, str(tree.resolve()), str(drive), str(sums)]) for drive in _drives(count)
    ]
    assert sum(process.wait() for process in running) == 0


def _drives(count: int) -> list[Path]:
    drives = [FOLDER / f"drive{number}" for number in range(count)]
    for drive in drives:
        shutil.rmtree(drive, ignore_errors=True)
        drive.mkdir(parents=True)
    return drives
