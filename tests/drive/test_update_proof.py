"""Updates that are killed: a drive holds the old edition, the new one, or what is called unfinished, and they go on."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from packager.drive import source
from packager.drive.copy import copy
from packager.drive.copy_plan import CopyResult, plan
from packager.drive.mounted import drive_at
from packager.drive.verify import ProofLevel, verify
from packager.model.progress import SILENT
from packager.output.manifest import File, hash_file
from packager.output.marks import is_unfinished
from tests import system
from tests.helpers import drives as made
from tests.helpers.builders import packager
from tests.helpers.recording_stick import writes

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a process that can be killed at a call")
# What changes a drive, as Python tells its audit hooks; `write` is told by the progress of the copy.
CALLS = frozenset(("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.utime"))
OTHERS = ("window/notes.txt", "window/w3/mine.jpg")


@dataclass(frozen=True, slots=True)
class Editions:
    """Two editions of a tree, and a drive that holds the first, to be copied from."""

    first: Path
    second: Path
    drive: Path


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Editions:
    """Small files, and many; somebody has put two of their own into the tree."""
    return make_editions(tmp_path_factory.mktemp("editions"), pages=16)


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    """The folder of a drive; in memory where there is a folder for it, which spares the disk."""
    with ExitStack() as stack:
        above = stack.enter_context(made.folder_in_memory()) if made.SHARED_MEMORY.is_dir() else tmp_path
        yield above / "stick"


def make_editions(folder: Path, pages: int) -> Editions:
    for name in ("first", "second", "drive"):
        (folder / name).mkdir()
    first = made.make_tree(folder / "first", pages, 300)
    second = made.next_edition(first, folder / "second")
    made.copied(first, folder / "drive")
    for other in OTHERS:
        (folder / "drive" / other).write_text(f"mine: {other}")
    return Editions(first, second, folder / "drive")


class Killer:
    """Ends the process at the call of that number; as progress, at a piece that is written."""

    def __init__(self, drive: Path, at: int) -> None:
        self._drive, self._left, self._verb = f"{drive}{os.sep}", at, ""

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in CALLS or not str(arguments[0]).startswith(self._drive):
            return
        if event != "open" or (isinstance(arguments[2], int) and arguments[2] & os.O_CREAT):
            self._count()

    def start(self, verb: str, total: int) -> None:
        self._verb = verb

    def say(self, words: str) -> None: ...

    def advance(self, units: int = 1) -> None:
        if self._verb == "copy":
            self._count()

    def finish(self) -> None: ...

    def _count(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def updated(editions: Editions, stick: Path, killer: Killer | None = None) -> CopyResult:
    """One update of a drive from the first edition to the second."""
    earlier = source.load(editions.first).files
    planned = plan(source.load(editions.second), (stick,), (), replaces=False, earlier=earlier)
    (result,) = copy(planned, lambda _: killer or SILENT)
    return result


def killed(editions: Editions, stick: Path, at: int) -> bool:
    """An update in a process of its own, which is killed at that call; False where it ended before."""
    process = os.fork()
    if process == 0:
        killer = Killer(stick, at)
        sys.addaudithook(killer.hook)
        try:
            updated(editions, stick, killer)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(process, 0)[1])


def calls(editions: Editions, stick: Path) -> int:
    """How many calls an update takes that nothing disturbs."""
    number = 1
    while True:
        renew(editions, stick)
        if not killed(editions, stick, number * 64):
            break
        number += 1
    lowest, highest = (number - 1) * 64, number * 64  # killed at the one, not at the other
    while highest - lowest > 1:
        middle = (lowest + highest) // 2
        renew(editions, stick)
        if killed(editions, stick, middle):
            lowest = middle
        else:
            highest = middle
    return lowest


def renew(editions: Editions, stick: Path) -> None:
    """The drive as it was before the update."""
    shutil.rmtree(stick, ignore_errors=True)
    shutil.copytree(editions.drive, stick)


def tree_there(stick: Path) -> dict[str, str]:
    """What bears the tree's name, without what is of others."""
    return {
        path: state for path, state in made.states(stick).items() if path.startswith("window/") and path not in OTHERS
    }


def listed(tree: Path) -> dict[str, str]:
    return {str(file.path): file.sha256 for file in source.load(tree).files}


def judge(editions: Editions, stick: Path) -> str:
    """What lies there by its bytes; `verify` and the mark that `check` goes by must say the same."""
    there, is_begun = tree_there(stick), (stick / "window-unfinished").exists()
    whole = {"old": listed(editions.first), "new": listed(editions.second)}
    what = next((name for name, files in whole.items() if there == files), "none" if not there else "a mixture")
    for tree in (editions.first, editions.second):
        proof = verify(source.load(tree), drive_at(stick, ()), SILENT, frozenset(OTHERS))
        is_said_whole = proof.level is not ProofLevel.FAILED
        assert is_said_whole == (there == listed(tree) and not is_begun), (what, proof)
        assert ("unfinished: run the update again" in proof.why) == is_begun
        assert ("files beside it are whole" in proof.why) == (there == listed(tree) and is_begun)
    assert is_unfinished(stick / "window-unfinished") == is_begun
    assert what in {"old", "new"} or (what == "none" and is_begun)
    return what


def goes_on(editions: Editions, stick: Path) -> None:
    """The same command ends as if nothing had happened, and what others put there is as it was."""
    result = updated(editions, stick)
    assert (result.exit_code, result.findings) == (0, ()), result
    assert tree_there(stick) == listed(editions.second)
    assert not list(stick.glob("window-unfinished*"))
    assert {name: (stick / name).read_text() for name in OTHERS} == {name: f"mine: {name}" for name in OTHERS}


def endure(
    editions: Editions, stick: Path, points: list[int], then: Callable[[int], int] | None = None
) -> Counter[str]:
    """Kill an update at each of these calls, and the next one at another; what lay there each time."""
    found: Counter[str] = Counter()
    for point in points:
        renew(editions, stick)
        assert killed(editions, stick, point), point
        found[judge(editions, stick)] += 1
        if then and killed(editions, stick, then(point)):
            found[judge(editions, stick)] += 1
        goes_on(editions, stick)
    return found


def test_an_update_that_is_killed_is_never_taken_for_whole(editions: Editions, stick: Path) -> None:
    """A sample of the proof: twenty calls from the first to the last that changes the drive."""
    last = calls(editions, stick)
    points = sorted({1 + number * (last - 1) // 19 for number in range(20)})
    found = endure(editions, stick, points)
    assert found.keys() >= {"old", "none"}


@pytest.mark.prove
def test_five_hundred_updates_that_are_killed_are_never_taken_for_whole(tmp_path: Path, stick: Path) -> None:
    """Every call that changes the drive, and a second time while the next update goes on."""
    many = make_editions(tmp_path, pages=140)
    last = calls(many, stick)
    found = endure(many, stick, list(range(1, last + 1)), then=lambda point: 1 + point * 7 % last)
    ends = f"{found['old']} old, {found['new']} new, {found['none']} unfinished, none mistaken"
    print(f"{found.total()} kill points at {last} calls: {ends}")
    assert found.total() >= 500


def test_check_names_an_update_that_did_not_end(editions: Editions, stick: Path) -> None:
    """On the drive, in what lies there of the tree, and in a folder of that, by a rule of its own."""
    renew(editions, stick)
    last = calls(editions, stick)
    renew(editions, stick)
    assert killed(editions, stick, last - 10)
    assert judge(editions, stick) == "none"
    for place in (stick, *stick.glob("window-unfinished*"), *stick.glob("window-unfinished-2/w1")):
        done = packager("check", place, "--select", "T209")
        assert done.returncode == 1
        assert "T209" in done.stdout


# --- on a real file system ------------------------------------------------------------------------------------


def in_listed_order(drive: Path) -> list[tuple[str, int]]:
    """Every name below the tree with its size, folder by folder, as the file system lists them."""
    found = []
    for folder, _, _ in os.walk(drive / "window"):
        entries = [(entry.path, entry.stat().st_size * entry.is_file()) for entry in os.scandir(folder)]
        found.append([(os.path.relpath(path, drive), size) for path, size in entries])
    return [name for names in sorted(found) for name in names]


@pytest.mark.needs("mkfs.exfat", "mount.exfat-fuse")
def test_players_see_the_order_of_a_fresh_copy(tmp_path: Path) -> None:
    """On exFAT, plugged in anew, the names of each folder stand as in a fresh copy."""
    editions = make_editions(tmp_path, pages=16)
    listings = []
    for name in ("updated", "fresh"):
        with made.looped(made.blank(tmp_path / f"{name}.img", 64)) as device:
            with made.exfat_on(device, tmp_path / name) as stick:
                if name == "updated":
                    made.copied(editions.first, stick)
                    assert updated(editions, stick).level is ProofLevel.PROVEN
                else:
                    made.copied(editions.second, stick)
            with made.exfat_mounted(device, tmp_path / name) as stick:
                assert made.states(stick) == listed(editions.second)
                listings.append(in_listed_order(stick))
    assert listings[0] == listings[1]
    assert listings[0] != sorted(listings[0])


def written_bytes(device: Path) -> int:
    """What the device has been told to write since it is there: sectors of 512 bytes (Documentation/block/stat)."""
    return int(Path("/sys/block", device.name, "stat").read_text().split()[6]) * 512


@pytest.mark.prove
@pytest.mark.needs("mkfs.exfat", "mount.exfat-fuse")
@pytest.mark.parametrize("kind", ["exfat", "ext4"])
def test_where_one_file_in_twenty_changed_little_more_is_written(kind: str, tmp_path: Path) -> None:
    """Of a tree of 60 MB 5 % change: at most 7 % of it are written to the device, folders and all."""
    first = made.make_tree(tmp_path / "first", 300, 200_000)
    second = made.changed(first, tmp_path / "second", every=20)
    with made.looped(made.blank(tmp_path / "image", 128)) as device, ExitStack() as stack:
        if kind == "exfat":
            stick = stack.enter_context(made.exfat_on(device, tmp_path / "stick"))
        else:
            stick = stack.enter_context(made.ext4_on(device, tmp_path / "stick"))
        made.copied(first, stick)
        before = written_bytes(device)
        result = updated(Editions(first, second, stick), stick)
        written, size = written_bytes(device) - before, source.load(second).size_bytes
        assert result.exit_code == 0
        assert result.updated
        share, changed = written / size, result.updated.written_bytes / size
        print(f"{kind}: {changed:.2%} of the bytes changed, {share:.2%} written")
        assert 0.04 < changed < 0.06
        assert share < 0.07


# --- power that fails -----------------------------------------------------------------------------------------

PLUGIN = next((name for name in system.PACKAGES if name.endswith("nbdkit-python-plugin.so")), "nbdkit")
RECORDING = Path(made.__file__).with_name("recording_stick.py")
NEEDS_RECORDING = ("nbdkit", "nbdfuse", "mkfs.exfat", "mount.exfat-fuse", PLUGIN)


def recorded(editions: Editions, folder: Path) -> tuple[bytes, list[tuple[int, bytes]]]:
    """A stick with the first edition, and what an update to the second writes onto it, write by write."""
    base, log = made.blank(folder / "base.img", 16), folder / "log"
    with made.looped(base) as device, made.exfat_on(device, folder / "stick", cluster="4K") as stick:
        made.copied(editions.first, stick)
        for other in OTHERS:
            (stick / other).write_text(f"mine: {other}")
    plugin = ["python", str(RECORDING), f"base={base}", f"log={log}"]
    with (
        made.served(folder / "served", plugin) as image,
        made.looped(image) as device,
        made.exfat_mounted(device, folder / "stick") as stick,
    ):
        assert updated(editions, stick).exit_code == 0
    return base.read_bytes(), list(writes(log))


def cut(base: bytes, done: list[tuple[int, bytes]], after: int) -> bytes:
    """The stick after so many writes, and the first sector of the next."""
    image = bytearray(base)
    for offset, data in [*done[:after], *((offset, data[:512]) for offset, data in done[after : after + 1])]:
        image[offset : offset + len(data)] = data
    return bytes(image)


def is_there(stick: Path, file: File) -> bool:
    return hash_file(stick / file.path) == file.sha256


def is_readable(stick: Path, other: str) -> bool:
    """Whether a file of others is as it was, wherever it is now."""
    for path in stick.rglob(Path(other).name):
        with suppress(OSError):
            if path.read_text() == f"mine: {other}":
                return True
    return False


def said_of(editions: Editions, stick: Path) -> str:
    """What `verify` says, which must be so."""
    for name, tree in (("old", editions.first), ("new", editions.second)):
        proof = verify(source.load(tree), drive_at(stick, ()), SILENT, frozenset(OTHERS))
        if proof.level is not ProofLevel.FAILED:
            assert all(is_there(stick, file) for file in source.load(tree).files)
            return name
        if "unfinished: run the update again" in proof.why:
            return "unfinished"
    return "damaged"


def outcome_of(editions: Editions, stick: Path) -> Iterator[str]:
    """What is said of the stick, and what becomes of it in the next update."""
    yield said_of(editions, stick)
    result = updated(editions, stick)
    yield "told by the next update" if result.exit_code else "ended by the next update"
    assert result.exit_code or all(map(partial(is_there, stick), source.load(editions.second).files))
    if all(map(partial(is_readable, stick), OTHERS)):
        yield "with all files of others"


@pytest.mark.prove
@pytest.mark.needs(*NEEDS_RECORDING)
def test_a_stick_that_is_pulled_out_is_never_taken_for_whole(tmp_path: Path) -> None:
    """After any write: the next update ends with the new edition, or says that it did not."""
    editions = make_editions(tmp_path, pages=16)
    base, done = recorded(editions, tmp_path)
    found: Counter[str] = Counter()
    for after in range(len(done)):
        (tmp_path / "cut.img").write_bytes(cut(base, done, after))
        with made.looped(tmp_path / "cut.img") as device:
            try:
                with made.exfat_mounted(device, tmp_path / "stick") as stick:
                    found.update(outcome_of(editions, stick))
            except pytest.skip.Exception:  # half a name is no exFAT any more
                found["cannot be mounted"] += 1
    print(f"pulled out after each of {len(done)} writes: {dict(found)}")
