"""What measuring gave is kept from one run to the next, proves itself, and changes nothing in the tree."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TypeVar, TypeVarTuple

import pytest

from packager.build.build import preview
from packager.build.request import Request
from packager.errors import SourceError
from packager.model import Source
from packager.pictures import worker_jobs
from packager.pictures.worker_jobs import PageJob
from packager.plan.plan import Plan
from packager.sandbox.answers import encode
from packager.sandbox.pool import Workers
from tests import system
from tests.helpers.builders import contents, make_bundle, make_picture, make_strip, packager, write
from tests.helpers.drives import blank, looped, tmpfs
from tests.helpers.other_user import STICKY, as_other, given_to_other, shared_folder

pytestmark = pytest.mark.slow

SHORT = 140_000  # bytes: four fifths of what the bundle takes at the quality of the profile
OPTIONS = ("--fit", str(SHORT), "--cluster", "512")
R = TypeVar("R")
Arguments = TypeVarTuple("Arguments")
MEASURING = ("page", "tile", "edge_colour")


class Observed(Workers):
    """A worker, and a count of the jobs it is given, by the names of the functions."""

    def __init__(self) -> None:
        super().__init__(1)
        self.given = Counter[str]()

    def submit(self, function: Callable[[*Arguments], R], *arguments: *Arguments) -> Future[R]:
        self.given[function.__name__] += 1
        return super().submit(function, *arguments)

    def submit_within(
        self, processor_s: float, function: Callable[[*Arguments], R], *arguments: *Arguments
    ) -> Future[R]:
        self.given[function.__name__] += 1
        return super().submit_within(processor_s, function, *arguments)


def planned(bundle: Path, output: Path, cache: Path, fit_bytes: int | None = SHORT) -> tuple[Plan, int]:
    """A plan, and how many jobs it took that decode pictures."""
    with Observed() as workers:
        workers.start(worker_jobs.load)
        request = Request(bundle, output, fit_bytes=fit_bytes, cluster_bytes=512, cache=cache)
        plan = preview(request, workers).trees[0].plan
    return plan, sum(workers.given[name] for name in MEASURING)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five pictures: two pages, a strip of two tiles and a figure."""
    folder = make_bundle(tmp_path_factory.mktemp("cache") / "window", pages=2, definition='editions = ["site"]\n')
    shutil.rmtree(folder / "comics" / "strip")
    make_strip(folder / "comics" / "strip", tiles=2, size=(200, 1200))
    return folder


@pytest.fixture(scope="module")
def plain(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tree that is built without a cache."""
    return built(bundle, tmp_path_factory.mktemp("plain") / "out")


@dataclass(frozen=True, slots=True)
class Filled:
    """A cache with all pictures of the bundle: its folder, the plan that filled it, and the jobs that it took."""

    folder: Path
    plan: Plan
    jobs: int

    def copied(self, folder: Path) -> Path:
        """A copy, to be harmed."""
        return shutil.copytree(self.folder, folder)


@pytest.fixture(scope="module")
def filled(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """The cache that a plan in the quality of the profile fills."""
    folder = tmp_path_factory.mktemp("filled")
    plan, jobs = planned(bundle, folder / "out", folder / "kept", None)
    return Filled(folder / "kept", plan, jobs)


def built(bundle: Path, output: Path, *options: object) -> dict[str, bytes]:
    """The tree of a build in a space that is short."""
    result = packager("build", bundle, "-o", output, *OPTIONS, *options)
    assert result.returncode == 0, result.stdout + result.stderr
    return contents(output / "window")


def entries(cache: Path) -> list[Path]:
    """The files of a cache, in the order of their names."""
    return sorted(path for path in cache.rglob("*") if path.is_file())


def sizes(plan: Plan) -> list[tuple[str, int]]:
    """What a plan promises of its files."""
    return [(str(entry.path), entry.size_bytes) for entry in plan.entries]


def test_the_tree_is_the_same_with_a_cache_and_without(bundle: Path, plain: dict[str, bytes], tmp_path: Path) -> None:
    """Byte for byte: without one, by a build that fills one, and by a build that takes from it."""
    assert built(bundle, tmp_path / "first", "--cache", tmp_path / "kept") == plain
    assert built(bundle, tmp_path / "second", "--cache", tmp_path / "kept") == plain


def test_a_second_run_decodes_no_picture(bundle: Path, tmp_path: Path) -> None:
    """Neither for the profile's quality nor for the one that fits, and whatever is asked about the same pictures."""
    first, jobs = planned(bundle, tmp_path / "out", tmp_path / "kept")
    # Each picture in the sample, at the level and in four searches at most, and the colour beside the strip.
    assert 5 + 1 < jobs <= (1 + 1 + 4) * 5 + 1
    again, jobs = planned(bundle, tmp_path / "elsewhere", tmp_path / "kept")
    assert jobs == 0
    assert sizes(again) == sizes(first)


def test_a_picture_that_is_shown_again_is_made_once(tmp_path: Path) -> None:
    """However often a text shows it, and each place has it."""
    make_picture(tmp_path / "window" / "articles" / "a.png")
    write(tmp_path / "window" / "articles" / "a.md", "Some words.\n\n" + "![x](a.png)\n\nMore words.\n\n" * 20)
    plan, jobs = planned(tmp_path / "window", tmp_path / "out", tmp_path / "kept", None)
    assert jobs == 2  # once with the cover, and once for all other places
    assert sum(entry.path.suffix == ".jpg" for entry in plan.entries) == 20


def test_a_moved_picture_is_known_and_a_changed_one_is_not(bundle: Path, filled: Filled, tmp_path: Path) -> None:
    """What counts is what is in a file, not what it is called."""
    copy = shutil.copytree(bundle, tmp_path / "window")
    filled.copied(tmp_path / "kept")
    (copy / "comics" / "pages").rename(copy / "comics" / "renamed")
    assert planned(copy, tmp_path / "out", tmp_path / "kept", None)[1] == 0
    shutil.copyfile(bundle / "articles" / "boat.jpg", copy / "comics" / "renamed" / "2.jpg")
    assert planned(copy, tmp_path / "out", tmp_path / "kept", None)[1] == 1


def cut(entry: Path, _: Path) -> None:
    """The last byte is missing."""
    entry.write_bytes(entry.read_bytes()[:-1])


def damage(entry: Path, _: Path) -> None:
    """One bit in the middle is another."""
    data = bytearray(entry.read_bytes())
    data[len(data) // 2] ^= 1
    entry.write_bytes(data)


def empty(entry: Path, _: Path) -> None:
    """Nothing is left."""
    entry.write_bytes(b"")


def swap(entry: Path, other: Path) -> None:
    """A whole entry, of another picture."""
    shutil.copyfile(other, entry)


def forge(entry: Path, _: Path) -> None:
    """The sum is right, and what is told is not of an entry."""
    answer = encode((Source(entry, "no rendition"),))
    data = len(answer).to_bytes(8) + answer
    entry.write_bytes(data + hashlib.sha256(entry.name.encode() + data).digest())


@pytest.mark.parametrize("harm", [cut, damage, empty, swap, forge])
def test_an_entry_that_is_not_whole_and_right_is_made_again(
    bundle: Path, filled: Filled, tmp_path: Path, harm: Callable[[Path, Path], None]
) -> None:
    """In silence, and the next run finds it whole."""
    before = contents(filled.folder)
    kept = entries(filled.copied(tmp_path / "kept"))
    others = [*entries(filled.folder)[1:], entries(filled.folder)[0]]
    for entry, other in zip(kept, others, strict=True):
        harm(entry, other)
    again, jobs = planned(bundle, tmp_path / "out", tmp_path / "kept", None)
    assert len(kept) >= 5
    assert jobs == filled.jobs
    assert sizes(again) == sizes(filled.plan)
    assert contents(tmp_path / "kept") == before


def test_a_picture_that_changes_under_way_is_not_taken_for_what_it_was(bundle: Path) -> None:
    """What would be kept under the old picture's name is refused."""
    page = bundle / "comics" / "pages" / "1.jpg"
    job = PageJob(Source(page, "1.jpg"), (), 0, digest="0" * 64)
    refusal = worker_jobs.page(job).value
    assert isinstance(refusal, SourceError)
    assert refusal.what == "was changed while the bundle was built"


def test_only_its_owner_may_look_into_a_cache(bundle: Path, tmp_path: Path) -> None:
    """Neither into the folder that is made nor into the files; and nothing temporary stays."""
    planned(bundle, tmp_path / "out", tmp_path / "deep" / "kept", None)
    folder = tmp_path / "deep" / "kept"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(entry.stat().st_mode) for entry in entries(folder)} == {0o600}
    assert all(len(entry.name) == 64 for entry in entries(folder))
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]


def test_a_cache_that_cannot_be_written_is_said_once_and_costs_nothing_else(
    bundle: Path, plain: dict[str, bytes], tmp_path: Path
) -> None:
    """Where its folder should be lies a file."""
    blocked = write(tmp_path / "file", "not a folder") / "kept"
    result = packager("build", bundle, "-o", tmp_path / "out", *OPTIONS, "--cache", blocked)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("could be kept there (Not a directory)") == 1
    assert contents(tmp_path / "out" / "window") == plain


def test_a_full_disk_ends_the_keeping_and_not_the_build(bundle: Path, tmp_path: Path) -> None:
    """What is kept is whole, and nothing temporary stays."""
    with tmpfs(tmp_path / "disk", "64k") as disk:
        result = packager("plan", bundle, "-o", tmp_path / "out", *OPTIONS, "--cache", disk)
        assert result.returncode == 0, result.stderr
        assert result.stdout.count("could be kept there (No space left on device)") == 1
        assert {len(entry.name) for entry in entries(disk)} == {64}


def filled_by_other(filled: Filled, cache: Path) -> Path:
    """A cache of another user's, with all entries that there can be."""
    filled.copied(cache)
    given_to_other(cache, *cache.rglob("*"))
    cache.chmod(0o777)
    (cache / "packager-cache").chmod(0o777)
    for entry in entries(cache):
        entry.chmod(0o666)
    return cache


def test_what_another_user_keeps_is_not_taken(
    bundle: Path, plain: dict[str, bytes], filled: Filled, tmp_path: Path
) -> None:
    """Nor is anything put there, and the report says so."""
    with shared_folder(STICKY) as folder:
        cache = filled_by_other(filled, folder / "kept")
        before = contents(cache)
        _, jobs = planned(bundle, tmp_path / "out", cache, None)
        assert jobs == 5 + 1
        result = packager("build", bundle, "-o", tmp_path / "built", *OPTIONS, "--cache", cache)
        assert result.returncode == 0, result.stderr
        assert result.stdout.count("belongs to another user of this computer") == 1
        assert contents(tmp_path / "built" / "window") == plain
        assert contents(cache) == before


def test_in_a_folder_of_another_user_a_cache_of_our_own_is_kept(bundle: Path, tmp_path: Path) -> None:
    """What the other one can put there is a folder of his own, or a link to ours; neither is used."""
    with shared_folder(STICKY) as folder:
        as_other((folder / "kept").mkdir)
        planned(bundle, tmp_path / "out", folder / "kept", None)
        assert planned(bundle, tmp_path / "out", folder / "kept", None)[1] == 0
        as_other(lambda: linked(folder / "kept" / "packager-cache"))
        assert planned(bundle, tmp_path / "out", folder / "kept", None)[1] == 5 + 1


def test_a_link_of_another_user_leads_no_cache_of_ours_astray(bundle: Path, tmp_path: Path) -> None:
    """Nothing is written where it leads, and it is said why nothing is kept."""
    (tmp_path / "mine").mkdir()
    with shared_folder(STICKY) as folder:
        as_other(lambda: (folder / "kept").symlink_to(tmp_path / "mine"))
        for place in (folder / "kept", folder / "kept" / "deeper"):
            result = packager("plan", bundle, "-o", tmp_path / "built", "--cache", place)
            assert result.returncode == 0, result.stderr
            assert "is a link of another user of this computer" in result.stdout
    assert list((tmp_path / "mine").iterdir()) == []


def linked(folder: Path) -> None:
    """Moved aside, with a link in its place."""
    folder.symlink_to(folder.rename(folder.with_name("away")))


def test_an_entry_of_another_user_is_not_taken(bundle: Path, filled: Filled, tmp_path: Path) -> None:
    """A folder that was open to others counts for nothing while something of theirs lies in it."""
    with shared_folder(STICKY) as folder:
        given_to_other(*entries(filled.copied(folder / "kept")))
        (folder / "kept" / "packager-cache").chmod(0o777)
        assert planned(bundle, tmp_path / "out", folder / "kept", None)[1] == 5 + 1
        (folder / "kept" / "packager-cache").chmod(0o700)
        assert planned(bundle, tmp_path / "out", folder / "kept", None)[1] == 5 + 1
        assert planned(bundle, tmp_path / "out", folder / "kept", None)[1] == 0


def pipe(entry: Path) -> None:
    """Whoever opens it waits for ever."""
    os.mkfifo(entry)


def device(entry: Path) -> None:
    """A file without an end; only root can make it."""
    if os.geteuid() == 0:
        os.mknod(entry, stat.S_IFCHR | 0o666, os.makedev(1, 5))


def bound(entry: Path) -> None:
    """A socket; the whole path is too long for one."""
    here = Path.cwd()
    os.chdir(entry.parent)
    try:
        socket.socket(socket.AF_UNIX).bind(entry.name)
    finally:
        os.chdir(here)


ODD: tuple[Callable[[Path], object], ...] = (
    pipe,
    lambda entry: entry.symlink_to("/dev/zero"),
    lambda entry: entry.symlink_to(f"{entry.name}.was"),
    lambda entry: entry.mkdir(),
    device,
    bound,
)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
@pytest.mark.parametrize("kinds", [ODD[:3], ODD[3:]], ids=["pipes and links", "folders, devices and sockets"])
def test_what_is_no_plain_file_is_no_entry(
    bundle: Path, filled: Filled, tmp_path: Path, kinds: tuple[Callable[[Path], object], ...]
) -> None:
    """Nothing waits for it or reads it without an end; each entry is of another of these kinds."""
    kept = entries(filled.copied(tmp_path / "kept"))
    assert len(kept) >= len(kinds)
    for entry, make in zip(kept, cycle(kinds), strict=False):
        entry.rename(entry.with_name(f"{entry.name}.was"))
        make(entry)
    again, jobs = planned(bundle, tmp_path / "out", tmp_path / "kept", None)
    assert jobs == filled.jobs
    assert sizes(again) == sizes(filled.plan)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows gives it the room")
def test_an_entry_longer_than_any_is_not_read(bundle: Path, filled: Filled, tmp_path: Path) -> None:
    """A file may say that it is long without taking room."""
    for entry in entries(filled.copied(tmp_path / "kept")):
        os.truncate(entry, 1 << 40)
    assert planned(bundle, tmp_path / "out", tmp_path / "kept", None)[1] == filled.jobs


@pytest.mark.needs("mkfs.exfat", "mount.exfat-fuse")
def test_a_file_system_that_keeps_no_owners_keeps_a_cache(bundle: Path, tmp_path: Path) -> None:
    """There all that we make belongs to whoever was named when it was mounted."""
    (tmp_path / "disk").mkdir()
    with looped(blank(tmp_path / "disk.img", 32)) as disk:
        subprocess.run([system.tool("mkfs.exfat"), disk], check=True, capture_output=True)
        mount = [str(system.tool("mount.exfat-fuse")), "-o", "uid=1234,umask=0", str(disk), str(tmp_path / "disk")]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("cannot be mounted here")
        try:
            assert (tmp_path / "disk").stat().st_uid == 1234
            planned(bundle, tmp_path / "out", tmp_path / "disk" / "kept", None)
            assert planned(bundle, tmp_path / "out", tmp_path / "disk" / "kept", None)[1] == 0
        finally:
            subprocess.run(["umount", tmp_path / "disk"], check=True)
