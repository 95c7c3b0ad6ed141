"""Copying a tree onto drives: what arrives, what is refused before a byte is written, what goes on after a fault."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from packager.cli import cli
from packager.config.filesystems import Filesystem
from packager.drive import source
from packager.drive.copy import copy, exit_code
from packager.drive.copy_plan import CopyResult, broken_limits, needed_bytes, plan
from packager.drive.mounted import (
    CacheState,
    Drive,
    disks,
    drive_at,
    drop_cache,
    drop_cached_file,
    shares_disk,
    system_folders,
)
from packager.drive.source import CopySource
from packager.drive.verify import ProofLevel
from packager.drive.write import WINDOW, SharedReader
from packager.errors import OutputError, SourceError, UsageError
from packager.output import manifest
from packager.output.manifest import File
from tests.helpers import drives as made
from tests.helpers.builders import packager, write

TREE_FILES = 12


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A built tree `window` with its `keep` beside it."""
    return made.make_tree(tmp_path / "built", TREE_FILES)


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    """An empty folder as a drive; in memory where there is a folder for it, which spares the disk."""
    if made.SHARED_MEMORY.is_dir():
        with made.folder_in_memory() as folder:
            yield folder
    else:
        (tmp_path / "stick").mkdir()
        yield tmp_path / "stick"


@pytest.fixture
def memory_stick() -> Iterator[Path]:
    """A drive that the command accepts without root."""
    with made.folder_in_memory() as folder:
        yield folder


def holds(drive: Path, tree: Path) -> bool:
    """Whether the drive holds the tree and nothing else, with the times that the manifest gives."""
    files = source.load(tree).files
    wanted = {str(file.path): manifest.moment(number).timestamp() for number, file in enumerate(files)}
    found = {path: time for path, time in made.times(drive).items() if (drive / path).is_file()}
    return made.states(drive) == {str(file.path): file.sha256 for file in files} and found == wanted


def test_a_copy_is_the_tree_with_its_times(tree: Path, stick: Path) -> None:
    """Every byte and every time arrive, and no temporary name stays."""
    (result,) = made.copied(tree, stick)
    assert (result.level is not ProofLevel.FAILED, result.exit_code, result.findings) == (True, 0, ())
    assert holds(stick, tree)


def test_files_are_written_in_the_order_of_the_manifest(tree: Path, stick: Path) -> None:
    """Simple players show pictures in the order in which they were written, which is not that of names."""
    made.copied(tree, stick)
    order = [str(file.path) for file in source.load(tree).files]
    assert order != sorted(order)
    assert sorted(order, key=lambda path: (stick / path).stat().st_ctime_ns) == order


def test_without_a_manifest_nothing_is_copied(tree: Path, stick: Path) -> None:
    """Nothing would tell what belongs to the tree; whoever has one from others is told what to do."""
    shutil.rmtree(tree.parent / "keep")
    with pytest.raises(SourceError) as refusal:
        made.copied(tree, stick)
    assert "--without-manifest" in refusal.value.hint
    assert not list(stick.iterdir())


def test_the_folder_around_the_tree_is_not_the_tree(tree: Path) -> None:
    """Whoever names window-built is told to name window-built/window."""
    with pytest.raises(UsageError) as refusal:
        source.load(tree.parent)
    assert str(tree) in refusal.value.hint


def test_no_bundle_on_a_drive_is_ever_removed(tree: Path, stick: Path) -> None:
    """Not even with --replace: one may be called as its tree is."""
    (stick / "window").mkdir()
    (stick / "window" / "bundle.toml").write_text('title = "Ours"')
    (result,) = made.copied(tree, stick, replaces=True)
    assert (result.exit_code, "is a bundle, with your sources" in result.why) == (6, True)
    assert list(made.states(stick)) == ["window/bundle.toml"]


SOURCE_FAULTS: dict[str, Callable[[Path], object]] = {
    "a file is missing": lambda tree: (tree / "index.html").unlink(),
    "a file is longer": lambda tree: (tree / "index.html").write_bytes(b"x" * 99_999),
    "a file is extra": lambda tree: (tree / "mine.txt").write_bytes(b"mine"),
    "a file is a link": lambda tree: (tree / "link").symlink_to("index.html"),
}


@pytest.mark.parametrize("fault", SOURCE_FAULTS)
def test_a_tree_that_is_not_as_it_was_built_is_not_copied(fault: str, tree: Path, stick: Path) -> None:
    """What differs from the manifest is seen before anything is written."""
    if os.name == "nt" and "link" in fault:
        pytest.skip("Windows lets few make links")
    SOURCE_FAULTS[fault](tree)
    with pytest.raises(SourceError):
        made.copied(tree, stick)
    assert not list(stick.iterdir())


def test_a_source_changed_within_is_named_as_the_source(tree: Path, stick: Path) -> None:
    """A page of the right length and other bytes stops the copy; the drive is not blamed."""
    page = tree / "w1" / "000.jpg"
    page.write_bytes(bytes(page.stat().st_size))
    (result,) = made.copied(tree, stick)
    assert (result.level, result.exit_code) == (ProofLevel.FAILED, SourceError.exit_code)
    assert "w1/000.jpg" in result.why


# --- what is there already ------------------------------------------------------------------------------------


def cut_after(stick: Path, tree: Path, count: int, last_bytes: int | None = None) -> None:
    """Make of a whole copy one that was interrupted: `count` files whole, then one of which a part is written."""
    files = source.load(tree).files
    for file in files[count + (last_bytes is not None) :]:
        (stick / file.path).unlink()
    for folder in sorted((path for path in stick.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    if last_bytes is not None:
        os.truncate(stick / files[count].path, last_bytes)


@pytest.mark.parametrize("count", range(TREE_FILES))
@pytest.mark.parametrize("last_bytes", [None, 0, 1000])
def test_an_interrupted_copy_goes_on_where_it_stopped(
    tree: Path, stick: Path, count: int, last_bytes: int | None
) -> None:
    """What is whole is kept, what is not is written again; the end is as if nothing had happened."""
    if source.load(tree).files[count].size_bytes == 0 and last_bytes:
        return
    made.copied(tree, stick)
    cut_after(stick, tree, count, last_bytes)
    kept = [stick / file.path for file in source.load(tree).files[:count]]
    before = [path.stat().st_ino for path in kept]
    (result,) = made.copied(tree, stick)
    assert result.exit_code == 0
    assert result.kept_files >= count
    assert [path.stat().st_ino for path in kept] == before
    assert holds(stick, tree)


def test_after_a_damaged_file_all_later_ones_are_written_again(tree: Path, stick: Path) -> None:
    """The order of writing holds: no file is mended between others."""
    made.copied(tree, stick)
    files = source.load(tree).files
    damaged = stick / files[4].path
    damaged.write_bytes(bytes(files[4].size_bytes))
    (result,) = made.copied(tree, stick)
    assert (result.kept_files, result.exit_code) == (4, 0)
    assert holds(stick, tree)


FOREIGN: dict[str, Callable[[Path, Path], object]] = {
    "another file": lambda window, _: (window / "diary.txt").write_text("mine"),
    "another folder": lambda window, _: (window / "diary").mkdir(),
    "one file with other content": lambda window, _: (window / "index.html").write_text("another edition"),
    "a file from the middle only": lambda window, tree: shutil.copytree(tree / "cbz", window / "cbz"),
    "another edition": lambda window, tree: other_edition(window, tree),  # noqa: PLW0108 - it is defined below
}


def other_edition(window: Path, tree: Path) -> None:
    """The same names, with other sizes and content."""
    window.rmdir()
    shutil.copytree(tree, window)
    for path in window.rglob("*.*"):
        path.write_bytes(path.read_bytes()[1:] + b"changed")


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_folder_of_the_same_name_is_never_mixed_with(kind: str, tree: Path, stick: Path) -> None:
    """What cannot be proven to be this tree, interrupted, is left as it is; exit 6 with what to do."""
    (stick / "window").mkdir()
    FOREIGN[kind](stick / "window", tree)
    before = made.states(stick)
    (result,) = made.copied(tree, stick)
    assert (result.level, result.exit_code) == (ProofLevel.FAILED, OutputError.exit_code)
    assert "--replace" in result.why
    assert made.states(stick) == before
    (replaced,) = made.copied(tree, stick, replaces=True)
    assert replaced.exit_code == 0
    assert holds(stick, tree)


def test_a_folder_that_differs_in_case_is_in_the_way_too(tree: Path, stick: Path) -> None:
    """On sticks WINDOW and window are one folder, and the old name would stay."""
    (stick / "WINDOW").mkdir()
    (stick / "WINDOW" / "a.txt").write_text("mine")
    (result,) = made.copied(tree, stick)
    assert (result.exit_code, list(stick.iterdir())) == (6, [stick / "WINDOW"])


def test_what_else_lies_on_a_drive_is_left_alone(tree: Path, stick: Path) -> None:
    """A recipient's own files stay, also with --replace."""
    (stick / "holiday.jpg").write_text("mine")
    made.copied(tree, stick)
    made.copied(tree, stick, replaces=True)
    assert (stick / "holiday.jpg").read_text() == "mine"


# --- what is no drive -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("device", ["/dev/null", "/dev/loop0", "/dev/vda", "/dev/sda"])
def test_a_device_file_is_never_written_to(device: str, tree: Path) -> None:
    """The folder it is mounted on is what is asked for."""
    if not Path(device).exists():
        pytest.skip(f"there is no {device} here")
    with pytest.raises(OutputError) as refusal:
        plan(source.load(tree), (Path(device),), (), replaces=False)
    assert "device file" in refusal.value.what


def test_the_disk_of_the_system_and_of_the_home_is_refused(tree: Path, tmp_path: Path) -> None:
    """A folder where no stick is mounted lies on the system's disk; a copy there would be none."""
    (tmp_path / "unmounted").mkdir()
    with pytest.raises(OutputError) as refusal:
        plan(source.load(tree), (tmp_path / "unmounted",), (tree,), replaces=False)
    assert refusal.value.exit_code == 6
    assert Path.home() in {folder.resolve() for folder in system_folders()}


def test_every_file_system_lies_on_a_disk() -> None:
    """Where the system does not tell which, it stands for itself."""
    assert disks(Path.cwd().stat().st_dev)
    assert disks(987_654_321) == {"987654321"}


def test_a_drive_named_twice_is_refused(tree: Path, stick: Path) -> None:
    """Two threads writing one folder would ruin it."""
    with pytest.raises(OutputError):
        plan(source.load(tree), (stick, stick / ".." / "stick"), (), replaces=False)


def test_the_tree_is_not_copied_onto_itself(tree: Path) -> None:
    """With --replace that would remove it."""
    with pytest.raises(OutputError):
        plan(source.load(tree), (tree.parent,), (), replaces=True)
    assert tree.is_dir()


# --- space and limits -----------------------------------------------------------------------------------------


def a_drive(stick: Path, **changes: object) -> Drive:
    """A drive as it would be found at `stick`, but for `changes`."""
    return replace(drive_at(stick, ()), **changes)  # type: ignore[arg-type]


def tree_of(*sizes: int) -> CopySource:
    """A tree of files of these sizes."""
    files = tuple(File(f"window/{n}.jpg", size, "") for n, size in enumerate(sizes))
    return CopySource(Path(), "window", files, Path("keep"))


def test_clusters_are_counted_whole(stick: Path) -> None:
    """Three files of a byte, a folder for them, and nothing for an empty file."""
    for kind in Filesystem:
        drive = a_drive(stick, format=kind, cluster_bytes=32768)
        assert needed_bytes(tree_of(1, 1, 1, 0), drive, ()) == 4 * 32768


def test_a_full_root_folder_grows_by_a_cluster(stick: Path) -> None:
    """The name of the tree may be the one that no longer fits into the root's first cluster."""
    drive = a_drive(stick, format=Filesystem.EXFAT, cluster_bytes=4096)
    names = tuple(f"file{n:04}.jpg" for n in range(200))
    grown = [needed_bytes(tree_of(1), drive, names[:count]) for count in range(200)]
    assert set(grown) == {2 * 4096, 3 * 4096}
    assert grown.count(3 * 4096) == 200 * 96 // 4096  # three entries of 32 bytes a name


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=30), st.sampled_from([*Filesystem, None]))
def test_no_file_takes_less_than_its_bytes(sizes: list[int], kind: Filesystem | None) -> None:
    """Whatever the file system, the need is never below what is written."""
    drive = Drive(Path(), Path(), 0, "", kind, 4096, 0)
    assert needed_bytes(tree_of(*sizes), drive, ()) >= sum(sizes)


def test_a_file_of_four_gigabytes_is_refused_for_fat32_only(stick: Path) -> None:
    """The largest file of FAT32 ends one byte below 4 GiB."""
    assert broken_limits(tree_of(2**32 - 1), Filesystem.FAT32) == ()
    assert len(broken_limits(tree_of(2**32), Filesystem.FAT32)) == 1
    assert broken_limits(tree_of(2**32), Filesystem.EXFAT) == ()


def test_drives_on_one_file_system_share_its_space(tree: Path, tmp_path: Path) -> None:
    """Two folders of a drive that has room for one tree: the first is copied to, the second is not begun."""
    made.require_root()
    with made.tmpfs(tmp_path / "memory", "1100k") as memory:
        folders = [memory / name for name in ("a", "b")]
        for folder in folders:
            folder.mkdir()
        planned = plan(source.load(tree), tuple(folders), (), replaces=False)
        assert [result.exit_code for result in planned.refused] == [5]
        assert len(planned.jobs) == 1


def test_nothing_is_written_where_it_does_not_fit(tree: Path, tmp_path: Path) -> None:
    """The line says how much is needed and how much is free; others are copied to all the same."""
    (tmp_path / "roomy").mkdir()
    with made.tmpfs(tmp_path / "tiny", "400k") as tiny:
        planned = plan(source.load(tree), (tiny, tmp_path / "roomy"), (), replaces=False)
        results = copy(planned)
        assert {result.drive: result.exit_code for result in results} == {tiny: 5, tmp_path / "roomy": 0}
        assert not list(tiny.iterdir())
        assert exit_code(results) == 5


@pytest.mark.needs("mkfs.exfat", "mount.exfat-fuse")
def test_on_exfat_the_need_is_exact_and_the_order_kept(tree: Path, tmp_path: Path) -> None:
    """As many clusters are gone as were foretold, and names stand in the folder as they were written."""
    with made.looped(made.blank(tmp_path / "image", 64)) as device:
        with made.exfat_on(device, tmp_path / "stick") as stick:
            drive = drive_at(stick, ())
            assert (drive.format, drive.cluster_bytes) == (Filesystem.EXFAT, 32768)
            (result,) = made.copied(tree, stick)
            assert result.level is ProofLevel.PROVEN
            assert drive.free_bytes - drive_at(stick, ()).free_bytes == needed_bytes(source.load(tree), drive, ())
        with made.exfat_mounted(device, tmp_path / "again") as stick:
            listed = [entry.name for entry in os.scandir(stick / "window" / "w1")]  # as the directory has them
            written = [file.path for file in source.load(tree).files]
            assert listed == [path.name for path in written if path.parent.name == "w1"]


# --- many drives, and those that fail -------------------------------------------------------------------------


def test_the_source_is_read_once_for_many_drives(tree: Path) -> None:
    """Forty drives that keep pace get the same bytes out of one memory, which is bounded."""
    loaded = source.load(tree)
    reader = SharedReader(loaded)
    first = [b"".join(reader.pieces(file)) for file in loaded.files]
    for path in tree.rglob("*.jpg"):
        path.unlink()
    again = [b"".join(reader.pieces(file)) for file in loaded.files]
    assert again == first
    assert len(reader) <= WINDOW


def test_drives_that_fail_stop_no_other(tree: Path, tmp_path: Path) -> None:
    """Of eight, one is in the way of itself, one vanishes after it was looked at, one has no room."""
    folders = [tmp_path / f"stick{number}" for number in range(8)]
    for folder in folders:
        folder.mkdir()
    (folders[1] / "window").mkdir()
    (folders[1] / "window" / "mine.txt").write_text("mine")
    (folders[2] / "window").write_text("a file")
    planned = plan(source.load(tree), tuple(folders), (), replaces=False)
    folders[3].rmdir()
    folders[3].write_text("no drive any more")
    results = {result.drive: result for result in copy(planned)}
    failed = {drive for drive, result in results.items() if result.level is ProofLevel.FAILED}
    assert failed == set(folders[1:4])
    assert all(results[folder].why for folder in failed)
    assert all(holds(folder, tree) for folder in set(folders) - failed)
    assert exit_code(tuple(results.values())) == OutputError.exit_code


def test_a_drive_that_fills_up_is_named(tree: Path, tmp_path: Path) -> None:
    """Space that others take meanwhile is no reason to say that all is there."""
    with made.tmpfs(tmp_path / "tiny", "1000k") as tiny:
        planned = plan(source.load(tree), (tiny,), (), replaces=False)
        (tiny / "other").write_bytes(bytes(400_000))
        (result,) = copy(planned)
        assert (result.level, result.exit_code) == (ProofLevel.FAILED, 6)
        assert "full" in result.why
        (tiny / "other").unlink()
        (again,) = made.copied(tree, tiny)
        assert again.exit_code == 0
        assert again.kept_files > 0
        assert holds(tiny, tree)


def test_a_drive_that_can_only_be_read_is_named(tree: Path, tmp_path: Path) -> None:
    """A card whose switch is set is told from a broken one."""
    with made.tmpfs(tmp_path / "card", "2m") as card:
        subprocess.run(["mount", "-o", "remount,ro", str(card)], check=True)
        (result,) = made.copied(tree, card)
        assert (result.exit_code, "only be read" in result.why) == (6, True)


def test_what_is_read_back_was_not_in_memory(tmp_path: Path) -> None:
    """Pages of a file are dropped before it is read on a disk; a drive in memory has nothing but memory."""
    with made.ext4(tmp_path / "disk", 16) as disk, made.tmpfs(tmp_path / "memory", "1m") as memory:
        for folder, is_cold in ((disk, True), (memory, False)):
            (folder / "page").write_bytes(bytes(100_000))
            with (folder / "page").open("rb") as page:
                os.fsync(page.fileno())
                assert page.read() == bytes(100_000)
                assert drop_cached_file(page.fileno(), 100_000) is is_cold
        assert drop_cache(drive_at(disk, ())) is CacheState.NOTHING
        assert drop_cache(drive_at(memory, ())) is CacheState.CONTENTS


# --- the command ----------------------------------------------------------------------------------------------


def test_the_command_ends_with_a_line_a_drive(tree: Path, memory_stick: Path) -> None:
    """Memory is no drive: all is read, nothing is proven, and the words say what to do."""
    done = packager("copy", tree, memory_stick, cwd=tree.parent)
    assert done.returncode == 0, done.stderr
    assert "read, not proven: unplug, plug in, run packager verify" in done.stdout
    assert holds(memory_stick, tree)


def test_the_result_can_be_had_as_json(tree: Path, memory_stick: Path) -> None:
    """Programs read the level and the findings of each drive."""
    done = packager("copy", tree, memory_stick, "--output-format", "json")
    (drive,) = json.loads(done.stdout)["drives"]
    assert (drive["drive"], drive["level"], drive["exit_code"]) == (str(memory_stick), ProofLevel.READ_THROUGH_CACHE, 0)


def test_replace_asks_first(tree: Path, memory_stick: Path) -> None:
    """Where nobody can be asked nothing is removed; --yes goes on."""
    (memory_stick / "window").mkdir()
    (memory_stick / "window" / "mine.txt").write_text("mine")
    refused = packager("copy", tree, memory_stick, "--replace")
    assert (refused.returncode, (memory_stick / "window" / "mine.txt").exists()) == (2, True)
    assert "--yes" in refused.stderr
    done = packager("copy", tree, memory_stick, "--replace", "--yes")
    assert (done.returncode, "window/mine.txt" in done.stderr) == (0, True)
    assert holds(memory_stick, tree)
    assert packager("copy", tree, memory_stick, "--replace", "--yes").stderr == ""  # all there is its own


def test_a_question_answered_with_no_says_that_nothing_was_touched(
    tree: Path, memory_stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what of others would have gone."""
    write(memory_stick / "window" / "mine.txt", "mine")
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)
    told = CliRunner().invoke(cli, ["copy", str(tree), str(memory_stick), "--replace"], input="n\n")
    assert (told.exit_code, (memory_stick / "window" / "mine.txt").exists()) == (130, True)
    assert "window/mine.txt" in told.stderr
    assert told.stderr.splitlines()[-1] == "packager: nothing was touched."


def test_the_home_and_the_system_are_refused_by_the_command(tree: Path, tmp_path: Path) -> None:
    """One line says why, and the folder stays empty."""
    if not shares_disk(tmp_path.stat().st_dev, system_folders()):
        pytest.skip("the tests' own folder lies on another disk than the system")
    (tmp_path / "empty").mkdir()
    done = packager("copy", tree, tmp_path / "empty")
    assert (done.returncode, done.stdout, list((tmp_path / "empty").iterdir())) == (6, "", [])
    assert "disk of this system" in done.stderr


@pytest.mark.parametrize(
    ("codes", "expected"),
    [((0, 0), 0), ((0, 1), 1), ((1, 5), 5), ((5, 6, 1), 6)],
    ids=["all hold", "one differs", "one is too small", "one failed"],
)
def test_the_gravest_result_is_the_exit_code(codes: tuple[int, ...], expected: int) -> None:
    """0 only when every drive holds everything."""
    results = tuple(CopyResult(Path(), ProofLevel.FAILED if code else ProofLevel.PROVEN, "", code) for code in codes)
    assert exit_code(results) == expected


class Second:
    """A second copy onto the same drive, in the middle of the first one."""

    def __init__(self, tree: Path, drive: Path) -> None:
        self.tree, self.drive = tree, drive
        self.results: list[CopyResult] = []

    def start(self, verb: str, total: int) -> None: ...

    def say(self, words: str) -> None: ...

    def advance(self, units: int = 1) -> None:
        if not self.results:
            self.results += made.copied(self.tree, self.drive)

    def finish(self) -> None: ...


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no locks on folders")
def test_a_second_copy_at_once_says_so_and_the_first_goes_on(tree: Path, stick: Path) -> None:
    """It changes nothing on the drive, and leaves no file there."""
    second = Second(tree, stick)
    (first,) = copy(plan(source.load(tree), (stick,), (), replaces=False), lambda _: second)
    (refused,) = second.results
    assert (refused.level, refused.exit_code) == (ProofLevel.FAILED, OutputError.exit_code)
    assert refused.why == "another copy onto it is running. Wait until it is done, then copy again."
    assert first.exit_code == 0
    assert holds(stick, tree)


def test_a_file_that_appears_after_the_drive_was_looked_at_is_explained(tree: Path, stick: Path) -> None:
    """Whoever put it there; it is not written over."""
    planned = plan(source.load(tree), (stick,), (), replaces=False)
    (stick / "window").mkdir()
    (stick / "window" / "index.html").write_text("mine")
    (result,) = copy(planned)
    assert "something else writes the same files there" in result.why
    assert (stick / "window" / "index.html").read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_on_the_drive_is_no_copy_that_goes_on(tree: Path, stick: Path) -> None:
    """Whoever reads it waits for ever."""
    (stick / "window").mkdir()
    os.mkfifo(stick / "window" / "index.html")
    (result,) = made.copied(tree, stick)
    assert (result.level, result.exit_code) == (ProofLevel.FAILED, OutputError.exit_code)
    assert "is not an interrupted copy of this tree" in result.why
