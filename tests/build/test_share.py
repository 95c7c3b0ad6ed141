"""Several machines measure a bundle in shares, and the build takes all of it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from packager.build.build import build
from packager.build.request import Request
from packager.build.share import Shard, measure_share
from packager.model import Source
from packager.sandbox.answers import encode
from packager.sandbox.pool import Workers
from tests.helpers.builders import contents, make_bundle, make_comic, packager, write
from tests.helpers.other_user import STICKY, given_to_other, shared_folder

ROOT = Path(__file__).parents[2]
SHARES = 3


def nothing(*_: object) -> None:
    """No report."""


def entries(cache: Path) -> dict[str, bytes]:
    """What a cache keeps, by its names."""
    return {path.name: path.read_bytes() for path in (cache / "packager-cache").iterdir()}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages, a strip, articles with pictures, a film and sound."""
    return shutil.copytree(ROOT / "bundles" / "welcome", tmp_path_factory.mktemp("shares") / "welcome")


@pytest.fixture(scope="module")
def shares(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The caches of three machines, each with its share."""
    folder = tmp_path_factory.mktemp("caches")
    with Workers(2) as workers:
        for number in range(1, SHARES + 1):
            request = Request(bundle, folder / "out", cache=folder / str(number))
            measure_share(request, Shard(number, SHARES), workers)
    return [folder / str(number) for number in range(1, SHARES + 1)]


@pytest.mark.slow
def test_shares_are_everything_once_and_give_the_same_tree(bundle: Path, shares: list[Path], tmp_path: Path) -> None:
    """A build measures none of it again, and what a build of one machine keeps is the same."""
    said = packager("cache", "merge", *shares, "--into", tmp_path / "all")
    assert said.returncode == 0, said.stderr
    merged = entries(tmp_path / "all")
    assert sum(len(entries(share)) for share in shares) == len(merged)
    assert all(entries(share) for share in shares)
    trees = {}
    with Workers(2) as workers:
        for name in ("all", "alone"):
            request = Request(bundle, tmp_path / f"{name}-built", cache=tmp_path / name)
            build(request, nothing, workers)
            trees[name] = contents(tmp_path / f"{name}-built" / "welcome")
    assert trees["all"] == trees["alone"]
    assert entries(tmp_path / "all") == merged == entries(tmp_path / "alone")


@pytest.mark.slow
def test_a_share_for_a_medium_measures_nothing_that_its_build_does_not_want(tmp_path: Path) -> None:
    """The level that is tried first follows from the same sample on every machine."""
    bundle = make_bundle(tmp_path / "window", pages=2, definition='editions = ["site"]\n')
    shutil.rmtree(bundle / "comics" / "strip")
    request = Request(bundle, tmp_path / "out", fit_bytes=110_000, cluster_bytes=512, cache=tmp_path / "share")
    with Workers(2) as workers:
        measure_share(request, Shard(1, 2), workers)
        build(replace(request, cache=tmp_path / "alone"), nothing, workers)
    share = entries(tmp_path / "share")
    assert share
    assert share.items() <= entries(tmp_path / "alone").items()


@pytest.mark.slow
def test_a_share_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    """What was finished is not measured again, and nothing half done is left."""
    make_comic(tmp_path / "window" / "comics" / "pages", 40, (900, 1300))
    command = [sys.executable, "-m", "packager", "measure", str(tmp_path / "window"), "--jobs", "1", "--cache"]
    kept = tmp_path / "kept" / "packager-cache"
    with subprocess.Popen([*command, str(kept.parent)], cwd=ROOT, stdout=subprocess.DEVNULL) as run:
        while not kept.exists() or len(list(kept.iterdir())) < 5:
            assert run.poll() is None
        run.kill()
    first = {path.name: path.stat().st_ino for path in kept.iterdir() if not path.name.startswith(".")}
    assert 4 <= len(first) < 40
    for cache in (kept.parent, tmp_path / "whole"):
        assert subprocess.run([*command, str(cache)], cwd=ROOT, capture_output=True, check=False).returncode == 0
    assert entries(kept.parent) == entries(tmp_path / "whole")
    assert first.items() <= {path.name: path.stat().st_ino for path in kept.iterdir()}.items()


def cut(entry: Path) -> None:
    """The last byte is missing."""
    entry.write_bytes(entry.read_bytes()[:-1])


def poison(entry: Path) -> None:
    """One bit in the middle is another."""
    data = bytearray(entry.read_bytes())
    data[len(data) // 2] ^= 1
    entry.write_bytes(data)


def forge(entry: Path) -> None:
    """The sum is right, and what is told is not of an entry."""
    answer = encode((Source(entry, "no rendition"),))
    data = len(answer).to_bytes(8) + answer
    entry.write_bytes(data + hashlib.sha256(entry.name.encode() + data).digest())


def rename(entry: Path) -> None:
    """Whole, under the name of another one."""
    entry.rename(entry.with_name("0" * 64))


def misname(entry: Path) -> None:
    """Under a name that no entry has."""
    entry.rename(entry.with_name("holiday.jpg"))


def leave(entry: Path) -> None:
    """As a run leaves it that was killed."""
    entry.rename(entry.with_name(".0123456789abcdef"))


def give(entry: Path) -> None:
    """Of another user."""
    given_to_other(entry)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (cut, "is cut short, was changed"),
        (poison, "is cut short, was changed"),
        (forge, "holds nothing that packager keeps"),
        (rename, "is cut short, was changed"),
        (misname, "is no entry of a cache"),
        (leave, "was not finished"),
        (give, "belongs to another user"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_is_not_whole_and_ours_is_named_and_left_out(
    shares: list[Path], tmp_path: Path, harm: Callable[[Path], None], says: str
) -> None:
    """All others are taken."""
    copy = shutil.copytree(shares[0], tmp_path / "carried")
    whole = entries(copy)
    harmed = max((copy / "packager-cache").iterdir())
    harm(harmed)
    said = packager("cache", "merge", copy, "--into", tmp_path / "all")
    assert said.returncode == 1
    assert says in said.stdout
    assert entries(tmp_path / "all") == {name: data for name, data in whole.items() if name != harmed.name}


@pytest.mark.slow
def test_the_cache_of_another_user_is_named_and_left_out(shares: list[Path], tmp_path: Path) -> None:
    """And those beside it are taken."""
    with shared_folder(STICKY) as folder:
        foreign = shutil.copytree(shares[0], folder / "foreign")
        given_to_other(foreign, *foreign.rglob("*"))
        said = packager("cache", "merge", foreign, shares[1], "--into", tmp_path / "all")
    assert said.returncode == 1
    assert f"{foreign / 'packager-cache'} belongs to another user" in said.stdout
    assert entries(tmp_path / "all") == entries(shares[1])


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("measure", "b"), 2, "needs --cache"),
        (("measure", "b", "--cache", "c", "--shard", "0/3"), 2, "'0/3' is no share"),
        (("measure", "b", "--cache", "c", "--shard", "4/3"), 2, "'4/3' is no share"),
        (("measure", "b", "--cache", "c", "--shard", "3"), 2, "Write the third of ten as 3/10"),
        (("build", "b", "--cache-size", "5GB"), 2, "says nothing without --cache"),
        (("build", "b", "--cache", "c", "--cache-size", "5"), 2, "no size that holds pictures"),
        (("cache", "merge", "b", "--into", "c"), 4, "holds no cache"),
        (("cache", "merge", "large", "--into", "c", "--cache-size", "1MB"), 5, "--cache-size 1GB"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_shared_out_is_one_clear_line(
    tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    """With what to do instead below it, before any work is done."""
    (tmp_path / "b").mkdir()
    write(tmp_path / "large" / "packager-cache" / ("0" * 64), "0" * 1_000_000)
    said = packager(*arguments, cwd=tmp_path)
    assert (said.returncode, said.stdout) == (code, "")
    assert says in said.stderr
    assert len(said.stderr.splitlines()) <= 2
