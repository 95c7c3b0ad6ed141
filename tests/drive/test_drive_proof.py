"""Drives that fail, lie, fill up and vanish: never exit 0, never "proven", and the next copy ends as if none had."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from packager.drive import source
from packager.drive.copy import copy
from packager.drive.copy_plan import plan
from packager.drive.verify import ProofLevel
from packager.model.progress import SILENT, Progress
from packager.output import manifest
from tests import system
from tests.helpers import drives as made

ROOT = Path(__file__).parents[2]
FAULTS = {"ENOSPC": "error=ENOSPC", "EIO": "error=EIO", "EROFS": "error=EROFS", "SIGKILL": "signal=SIGKILL"}
CALLS = ("openat", "mkdir", "write", "fsync", "utimensat", "syncfs", "unlink", "rmdir")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small built tree."""
    return made.make_tree(tmp_path / "built", files=5, size=3000)


@pytest.fixture
def big_tree(tmp_path: Path) -> Path:
    """A tree of some 44 MB, which a stick of 32 cannot hold."""
    return made.make_tree(tmp_path / "built", files=70, size=600_000)


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Path]:
    """A real drive on which a copy can be proven."""
    with made.ext4(tmp_path / "drive", 32) as mounted:
        yield mounted


def holds(drive: Path, tree: Path) -> bool:
    """Whether a drive holds the tree and nothing else, with its times."""
    files = source.load(tree).files
    return made.states(drive) == {str(file.path): file.sha256 for file in files} and all(
        (drive / file.path).stat().st_mtime == manifest.moment(number).timestamp() for number, file in enumerate(files)
    )


# --- a fault at every call that changes the drive -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to the `number`th call of that name that concerns the drive."""

    call: str
    number: int
    kind: str


def command(tree: Path, drive: Path, *strace: str) -> subprocess.CompletedProcess[str]:
    """`packager copy` under strace, which sees only what concerns the tree on the drive."""
    below = [drive, *(drive / file.path for file in source.load(tree).files)]
    paths = sorted({path for file in below for path in (file, *file.parents) if path.is_relative_to(drive)})
    seen = [word for path in paths for word in ("-P", str(path))]
    packager = [sys.executable, "-m", "packager", "copy", str(tree), str(drive)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [system.tool("strace"), "-f", "-qq", "-o", str(tree.parent / "calls"), *seen, *strace, *packager],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


def mutating(tree: Path, drive: Path) -> list[tuple[str, int]]:
    """Each call of an undisturbed copy that changes the drive, with its number among those of its thread, as strace
    counts them."""
    done = command(tree, drive, "-e", f"trace={','.join(CALLS)}")
    assert done.returncode == 0, done.stderr
    assert "proven: every byte" in done.stdout
    calls = re.findall(r"^(\d+) +(\w+)\((.*)", (tree.parent / "calls").read_text(), re.MULTILINE)
    counts: Counter[tuple[str, str]] = Counter()
    found = []
    for thread, call, arguments in calls:
        counts[thread, call] += 1
        if call != "openat" or "O_CREAT" in arguments:
            found.append((call, counts[thread, call]))
    return found


def endure(fault: Fault, tree: Path, drive: Path) -> None:
    """One copy with a fault, which fails and says so; the source is untouched, and the next copy ends as it should."""
    before = made.states(tree.parent / "window"), made.times(tree.parent / "window")
    shutil.rmtree(drive / "window", ignore_errors=True)
    inject = f"inject={fault.call}:{FAULTS[fault.kind]}:when={fault.number}"
    hurt = command(tree, drive, "-e", f"trace={fault.call}", "-e", inject)
    assert hurt.returncode != 0, fault
    assert "proven: every byte" not in hurt.stdout, fault
    assert "Traceback" not in hurt.stderr, (fault, hurt.stderr)
    assert (made.states(tree.parent / "window"), made.times(tree.parent / "window")) == before
    (again,) = made.copied(tree, drive)
    assert again.level is ProofLevel.PROVEN, (fault, again)
    assert holds(drive, tree), fault


@pytest.mark.needs("strace")
@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_while_writing_is_survived(kind: str, tree: Path, drive: Path) -> None:
    """A sample of the proof: the third write to the drive fails, or the power does."""
    endure(Fault("write", 3, kind), tree, drive)


@pytest.mark.prove
@pytest.mark.needs("strace")
def test_a_fault_at_every_call_is_survived(tree: Path, drive: Path) -> None:
    """Every mutating call of a small copy, four ways to fail each."""
    calls = mutating(tree, drive)
    faults = [Fault(call, number, kind) for call, number in calls for kind in FAULTS]
    for fault in faults:
        endure(fault, tree, drive)
    print(f"{len(faults)} faults survived at {len(calls)} calls: {dict(Counter(call for call, _ in calls))}")
    assert {"openat", "mkdir", "write", "fsync", "utimensat", "syncfs"} <= {call for call, _ in calls}


@pytest.mark.prove
@pytest.mark.needs("strace")
def test_a_fault_while_going_on_is_survived(tree: Path, drive: Path) -> None:
    """The removal of half a file, and of folders begun, may fail too."""
    survived = 0
    for call, number in (("unlink", 1), ("unlink", 2), ("rmdir", 1)):
        for how in FAULTS.values():
            shutil.rmtree(drive / "window", ignore_errors=True)
            made.copied(tree, drive)
            (drive / source.load(tree).files[1].path).write_bytes(bytes(source.load(tree).files[1].size_bytes))
            hurt = command(tree, drive, "-e", f"trace={call}", "-e", f"inject={call}:{how}:when={number}")
            assert hurt.returncode != 0
            assert "proven: every byte" not in hurt.stdout
            survived += ends_well(tree, drive)
    print(f"{survived} faults survived while removing what is to be written again")


def ends_well(tree: Path, drive: Path) -> bool:
    """Whether the next copy is proven; where nothing could tell that the rest was ours, after --replace."""
    (again,) = made.copied(tree, drive)
    if again.exit_code == 6:
        (again,) = made.copied(tree, drive, replaces=True)
    assert again.level is ProofLevel.PROVEN
    assert holds(drive, tree)
    return True


# --- sticks that lie ------------------------------------------------------------------------------------------

GEOMETRIES = [(holds, mode) for mode in ("wrap", "zeros", "ones", "last") for holds in (16, 32)]
NEEDS_LYING = ("nbdkit", "nbdfuse", "mkfs.exfat", "mount.exfat-fuse")
PLUGIN = next((name for name in system.PACKAGES if name.endswith("nbdkit-python-plugin.so")), "nbdkit")


def is_found(tree: Path, folder: Path, megabytes: int, mode: str) -> bool:
    """Whether a stick that claims 64 MiB and holds less is seen through."""
    with (
        made.lying(folder, claims=64, holds=megabytes, mode=mode) as image,
        made.looped(image) as device,
        made.exfat_on(device, folder / "drive") as drive,
    ):
        (result,) = made.copied(tree, drive)
        return result.level is ProofLevel.FAILED and result.exit_code != 0


@pytest.mark.needs(*NEEDS_LYING, PLUGIN)
def test_a_stick_that_is_smaller_than_it_claims_is_found(big_tree: Path, tmp_path: Path) -> None:
    """It says that all was written; reading past this machine's memory shows that it was not."""
    assert is_found(big_tree, tmp_path / "liar", 32, "wrap")


@pytest.mark.prove
@pytest.mark.needs(*NEEDS_LYING, PLUGIN)
def test_sticks_of_eight_geometries_are_found(big_tree: Path, tmp_path: Path) -> None:
    """What they cannot hold is written over the rest, forgotten, or piled on one place."""
    found = [is_found(big_tree, tmp_path / f"{mode}{holds}", holds, mode) for holds, mode in GEOMETRIES]
    print(f"{sum(found)} of {len(found)} lying sticks found")
    assert all(found)


@pytest.mark.needs(*NEEDS_LYING)
def test_an_honest_stick_is_proven(big_tree: Path, tmp_path: Path) -> None:
    """The same way of plugging in, with room for all: nothing is suspected."""
    with (
        made.served(tmp_path / "honest", ["memory", "64M"]) as image,
        made.looped(image) as device,
        made.exfat_on(device, tmp_path / "honest" / "drive") as drive,
    ):
        (result,) = made.copied(big_tree, drive)
        assert (result.level, result.findings) == (ProofLevel.PROVEN, ())


# --- drives that vanish, and forty at once --------------------------------------------------------------------


class PulledOut:
    """A lane that has the drive fail once so many bytes are written."""

    def __init__(self, switch: Path, after_bytes: int) -> None:
        self._switch = switch
        self._left = after_bytes

    def start(self, verb: str, total: int) -> None: ...

    def say(self, words: str) -> None: ...

    def advance(self, units: int = 1) -> None:
        self._left -= units
        if self._left < 0:
            self._switch.touch()

    def finish(self) -> None: ...


@contextmanager
def vanishing(folder: Path) -> Iterator[tuple[Path, Path]]:
    """A stick of 64 MiB that fails at every call as soon as the second path exists."""
    switch = folder.with_suffix(".out")
    errors = ["error=EIO", "error-rate=100%", f"error-file={switch}"]
    with (
        made.served(folder, ["memory", "64M", *errors], "--filter=error") as image,
        made.looped(image) as device,
        made.exfat_on(device, folder / "drive") as drive,
    ):
        yield drive, switch


@pytest.mark.needs("nbdkit", "nbdfuse", "mkfs.exfat", "mount.exfat-fuse")
def test_a_drive_that_vanishes_is_named_and_stops_no_other(big_tree: Path, tmp_path: Path) -> None:
    """Half-way every call fails: that drive has failed, the other holds all."""
    (tmp_path / "other").mkdir()
    with vanishing(tmp_path / "vanishing") as (drive, switch):
        planned = plan(source.load(big_tree), (drive, tmp_path / "other"), (), replaces=False)
        lanes = {drive: PulledOut(switch, 20_000_000)}
        results = {result.drive: result for result in copy(planned, lambda path: lanes.get(path, SILENT))}
        assert (results[drive].level, results[drive].exit_code) == (ProofLevel.FAILED, 6)
        assert results[tmp_path / "other"].exit_code == 0
        assert holds(tmp_path / "other", big_tree)


@pytest.mark.prove
@pytest.mark.needs("nbdkit", "nbdfuse", "mkfs.exfat", "mount.exfat-fuse")
def test_of_forty_drives_three_fail_and_thirty_seven_are_proven(big_tree: Path, tmp_path: Path) -> None:
    """One vanishes, one fills up, one holds another folder of that name."""
    with ExitStack() as stack:
        disk = stack.enter_context(made.ext4(tmp_path / "disk", 2400))
        folders = [disk / f"stick{number:02}" for number in range(38)]
        for folder in folders:
            folder.mkdir()
        (folders[7] / "window").mkdir()
        (folders[7] / "window" / "mine.txt").write_text("mine")
        vanished, switch = stack.enter_context(vanishing(tmp_path / "vanishing"))
        full = stack.enter_context(made.tmpfs(tmp_path / "full", "60m"))
        planned = plan(source.load(big_tree), (*folders, vanished, full), (), replaces=False)
        (full / "other").write_bytes(bytes(40_000_000))
        lanes: dict[Path, Progress] = {vanished: PulledOut(switch, 20_000_000)}
        results = {result.drive: result for result in copy(planned, lambda path: lanes.get(path, SILENT))}
        failed = {path for path, result in results.items() if result.level is ProofLevel.FAILED}
        proven = [path for path, result in results.items() if result.level is ProofLevel.PROVEN]
        print(f"{len(proven)} of {len(results)} drives proven, {len(failed)} failed")
        assert failed == {folders[7], vanished, full}
        assert len(proven) == 37
        assert all(holds(path, big_tree) for path in proven)


# --- what is left on the medium -------------------------------------------------------------------------------

CLUSTER = 32768
NAME_ENTRY, DELETED = 0xC1, range(0x01, 0x80)  # exFAT specification, section 6.2.1: bit 7 says that an entry is in use


@pytest.mark.needs("mkfs.exfat", "mount.exfat-fuse")
def test_the_medium_holds_no_name_and_no_byte_that_is_not_in_the_tree(tree: Path, tmp_path: Path) -> None:
    """No temporary name stays readable in a folder, and no piece of anything else in a cluster."""
    image = made.blank(tmp_path / "image", 64)
    with made.looped(image) as device, made.exfat_on(device, tmp_path / "stick") as stick:
        made.copied(tree, stick)
    clusters = list(used_clusters(image.read_bytes()))
    pieces = {piece for path in tree.rglob("*") if path.is_file() for piece in cut(path.read_bytes())}
    others = [cluster for cluster in clusters if cluster not in pieces]
    folders = [cluster for cluster in others if cluster[0] & 0x7F in (0x05, 0x03, 0x01) and is_folder(cluster)]
    names = {name for cluster in folders for name in names_in(cluster)}
    assert names == {"window", *(path.name for path in tree.rglob("*"))}
    assert not any(entry[0] in DELETED for cluster in folders for entry in entries(cluster))
    assert len(others) - len(folders) == 2  # the bitmap and the up-case table


def used_clusters(image: bytes) -> Iterator[bytes]:
    """Every cluster of an exFAT volume that is not all zeros; the boot sector tells where they begin."""
    start = int.from_bytes(image[88:92], "little") * 512
    for offset in range(start, len(image) - CLUSTER + 1, CLUSTER):
        cluster = image[offset : offset + CLUSTER]
        if any(cluster):
            yield cluster


def cut(data: bytes) -> Iterator[bytes]:
    """A file in clusters, the last filled with zeros."""
    for offset in range(0, len(data), CLUSTER):
        yield data[offset : offset + CLUSTER].ljust(CLUSTER, b"\0")


def entries(cluster: bytes) -> list[bytes]:
    """The entries of a folder, up to its end."""
    found = [cluster[offset : offset + 32] for offset in range(0, CLUSTER, 32)]
    return [entry for entry in found if entry[0]]


def is_folder(cluster: bytes) -> bool:
    """Whether the first entry is of a kind that folders begin with."""
    return cluster[0] in (0x81, 0x82, 0x83, 0x85, 0x03, 0x05)


def names_in(cluster: bytes) -> Iterator[str]:
    """The names in a folder, put together from their pieces."""
    name, left = "", 0
    for entry in entries(cluster):
        if entry[0] == 0xC0:
            name, left = "", entry[3]
        elif entry[0] == NAME_ENTRY:
            name += entry[2:32].decode("utf-16-le")[:left]
            left -= 15
            if left <= 0:
                yield name
