"""A store keeps what was used last, within its bound, whoever else writes there and whenever a run is killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from packager.files.store import Draft, Store, key_of, parts

BOUND = 1_000_000
SIZE = 40_000  # of an entry: 25 of them take the bound

WRITER = """
import sys
from pathlib import Path
from packager.files.store import Draft, Store, key_of
store = Store(Path(sys.argv[1]), 1_000_000)
for number in range(60):
    draft = Draft(store, key_of(sys.argv[2], number))
    draft.add(bytes(40_000))
    draft.place()
    draft.end()
"""
HALF = """
import sys
from pathlib import Path
from packager.files.store import Draft, Store, key_of
draft = Draft(Store(Path(sys.argv[1])), key_of("half"))
draft.add(bytes(40_000))
print("half", flush=True)
sys.stdin.read()
"""


def put(store: Store, key: str, size_bytes: int = SIZE) -> None:
    """Keep an entry of so many bytes."""
    draft = Draft(store, key)
    draft.add(key.encode().ljust(size_bytes))
    draft.place()
    draft.end()


def is_kept(store: Store, key: str) -> bool:
    """Whether the entry is whole."""
    file = store.entry(key)
    if file is None:
        return False
    with file:
        return next(parts(file)).startswith(key.encode())


def names(folder: Path) -> list[str]:
    """What lies in the store."""
    return sorted(path.name for path in (folder / "packager-cache").iterdir())


def taken_bytes(folder: Path) -> int:
    """What all that lies in the store takes."""
    return sum(path.stat().st_size for path in (folder / "packager-cache").iterdir())


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    """A use is as good as a new entry, and the bound holds after each of them."""
    store, keys = Store(tmp_path, BOUND), [key_of(number) for number in range(20)]
    for number, key in enumerate(keys):
        put(store, key)
        os.utime(tmp_path / "packager-cache" / key, (number + 1, number + 1))
    assert is_kept(store, keys[0])
    for number in range(10):
        put(store, key_of("new", number))
        assert taken_bytes(tmp_path) <= BOUND
    kept = [is_kept(store, key) for key in keys]
    assert kept[0]
    assert not kept[1]
    assert kept[1:] == sorted(kept[1:])  # of the others the older ones are gone
    assert all(is_kept(store, key_of("new", number)) for number in range(10))


def test_what_alone_is_too_large_is_not_kept_and_pushes_nothing_out(tmp_path: Path) -> None:
    """And what comes after it is kept."""
    store = Store(tmp_path, BOUND)
    put(store, key_of("small"))
    put(store, key_of("large"), BOUND)
    put(store, key_of("next"))
    assert names(tmp_path) == sorted([key_of("small"), key_of("next")])
    assert store.problem == ""


def test_a_smaller_bound_holds_at_once(tmp_path: Path) -> None:
    """When the next run begins, before it writes."""
    store = Store(tmp_path, BOUND)
    for number in range(20):
        put(store, key_of(number))
    Store(tmp_path, BOUND // 4).trim()
    assert 0 < taken_bytes(tmp_path) <= BOUND // 4


def test_two_runs_at_once_stay_within_the_bound(tmp_path: Path) -> None:
    """What both leave is whole."""
    runs = [subprocess.Popen([sys.executable, "-c", WRITER, tmp_path, name]) for name in ("one", "other")]
    while any(run.poll() is None for run in runs):
        if (tmp_path / "packager-cache").exists():
            try:
                assert taken_bytes(tmp_path) <= BOUND
            except FileNotFoundError:
                continue  # one of them has just removed it
    assert [run.returncode for run in runs] == [0, 0]
    store = Store(tmp_path, BOUND)
    for name in names(tmp_path):
        file = store.entry(name)
        assert file is not None
        file.close()
    assert len(names(tmp_path)) > 10


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no open file")
def test_what_a_killed_run_leaves_is_cleared_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    """Nothing of it is ever taken for an entry."""
    store = Store(tmp_path)
    put(store, key_of("whole"))
    with subprocess.Popen(
        [sys.executable, "-c", HALF, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout
        assert run.stdout.readline() == "half\n"
        store.trim()
        assert len(names(tmp_path)) == 2
        run.kill()
    assert not is_kept(store, key_of("half"))
    assert len(names(tmp_path)) == 2
    store.trim()
    assert names(tmp_path) == [key_of("whole")]
