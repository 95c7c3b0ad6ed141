"""Staging: the destination is the old folder or the new one, whole, and nothing else is left over."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from packager.build.finish import foreign, open_to_others
from packager.errors import OutputError
from packager.output.manifest import TABLE_NAME
from packager.output.staging import Stage, place, require_space, stage
from packager.output.volume import Mount, mount_of
from tests.helpers.builders import make_comic, packager
from tests.helpers.other_user import ANYBODYS, GROUPS, OTHER, STICKY, as_other, given_to_other, shared_folder

FILES = ("window/index.html", "window/w401/001.jpg", "keep/report.txt")

needs_fork = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL and no fork")


def ours(_: Path) -> str:
    return ""


def not_ours(_: Path) -> str:
    return "holiday.jpg"


def cannot_exchange(_: Path, __: Path) -> bool:
    return False


def build(destination: Path, content: str, exchange: Callable[[Path, Path], bool] | None = None) -> None:
    with stage(destination, foreign=ours) as work:
        fill(work, content)
        replace(work, exchange=exchange or work.exchange).take_place()


def fill(work: Stage, content: str) -> None:
    (work.scratch / "half").write_text(content)
    for name in FILES:
        (work.output / name).parent.mkdir(parents=True, exist_ok=True)
        (work.output / name).write_text(content)


def contents(destination: Path) -> dict[str, str]:
    return {str(path.relative_to(destination)): path.read_text() for path in destination.rglob("*") if path.is_file()}


def whole(content: str) -> dict[str, str]:
    return dict.fromkeys(FILES, content)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_destination_holds_the_output_and_nothing_else(tmp_path: Path) -> None:
    """Scratch files, the lock and the temporary folder are gone; missing parents are made."""
    build(tmp_path / "far" / "built", "new")
    assert contents(tmp_path / "far" / "built") == whole("new")
    assert names(tmp_path / "far") == ["built"]


@pytest.mark.parametrize("exchange", [None, cannot_exchange], ids=["in one step", "in two renames"])
def test_the_output_takes_the_place_of_the_old_one(
    tmp_path: Path, exchange: Callable[[Path, Path], bool] | None
) -> None:
    """Nothing of the old folder remains, also where the system cannot exchange folders."""
    build(tmp_path / "built", "old")
    (tmp_path / "built" / "window" / "only-in-the-old.txt").write_text("old")
    build(tmp_path / "built", "new", exchange)
    assert contents(tmp_path / "built") == whole("new")
    assert names(tmp_path) == ["built"]


@pytest.mark.parametrize("interruption", [ValueError, KeyboardInterrupt, SystemExit])
def test_work_that_is_not_finished_leaves_the_old_one(tmp_path: Path, interruption: type[BaseException]) -> None:
    """An error or ctrl-C leaves the old folder as it was, and nothing temporary."""
    build(tmp_path / "built", "old")
    with pytest.raises(interruption):
        _begin_to_build(tmp_path / "built", interruption)
    assert contents(tmp_path / "built") == whole("old")
    assert names(tmp_path) == ["built"]


def _begin_to_build(destination: Path, interruption: type[BaseException]) -> None:
    with stage(destination, foreign=ours) as work:
        fill(work, "new")
        raise interruption


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_modes_do_not_depend_on_the_umask(tmp_path: Path) -> None:
    """Files can be read, and folders entered, by everyone, whatever the builder's umask."""
    before = os.umask(0o077)
    try:
        build(tmp_path / "built", "new")
    finally:
        os.umask(before)
    built = tmp_path / "built"
    modes = {stat.S_IMODE(path.stat().st_mode) for path in [built, *built.rglob("*")] if path.is_dir()}
    assert modes == {0o755}
    assert {stat.S_IMODE((built / name).stat().st_mode) for name in FILES} == {0o644}


def test_an_empty_folder_is_replaced(tmp_path: Path) -> None:
    """A folder made beforehand is no obstacle, whoever made it."""
    (tmp_path / "built").mkdir()
    with stage(tmp_path / "built", foreign=not_ours) as work:
        fill(work, "new")
        work.take_place()
    assert contents(tmp_path / "built") == whole("new")


def test_a_foreign_folder_is_not_touched(tmp_path: Path) -> None:
    """A folder that holds anything not ours is refused before work begins."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "me.jpg").write_text("mine")
    with pytest.raises(OutputError, match="did not make"), stage(tmp_path / "photos", foreign=not_ours):
        pytest.fail("the work began")
    assert contents(tmp_path / "photos") == {"me.jpg": "mine"}
    assert names(tmp_path) == ["photos"]


def test_a_file_is_refused(tmp_path: Path) -> None:
    """A destination that is a file stays as it is."""
    (tmp_path / "built").write_text("mine")
    with pytest.raises(OutputError, match="is a file"), stage(tmp_path / "built", foreign=ours):
        pytest.fail("the work began")
    assert (tmp_path / "built").read_text() == "mine"


@pytest.mark.parametrize("target", ["real", "missing"])
def test_a_link_is_refused(tmp_path: Path, target: str) -> None:
    """A destination that is a link stays as it is, and so does what it leads to."""
    (tmp_path / "real").mkdir()
    (tmp_path / "built").symlink_to(tmp_path / target, target_is_directory=True)
    with pytest.raises(OutputError, match="is a link"), stage(tmp_path / "built", foreign=ours):
        pytest.fail("the work began")
    assert names(tmp_path) == ["built", "real"]
    assert names(tmp_path / "real") == []


def test_the_root_of_a_disk_is_refused() -> None:
    """A whole disk cannot be a destination."""
    root = Path(Path.cwd().anchor)
    with pytest.raises(OutputError, match="whole disk"), stage(root, foreign=ours):
        pytest.fail("the work began")


def test_a_place_where_nobody_may_write_is_explained(tmp_path: Path) -> None:
    """A parent that is a file cannot take a folder, and the message names the destination."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError) as caught, stage(tmp_path / "file" / "built", foreign=ours):
        pytest.fail("the work began")
    assert caught.value.where == str(tmp_path / "file" / "built")


def test_a_second_build_at_once_says_so_and_stops(tmp_path: Path) -> None:
    """The second build is refused at once; the first goes on undisturbed."""
    with stage(tmp_path / "built", foreign=ours) as work:
        fill(work, "first")
        with pytest.raises(OutputError, match="another build"):
            build(tmp_path / "built", "second")
        work.take_place()
    assert contents(tmp_path / "built") == whole("first")
    assert names(tmp_path) == ["built"]


def test_of_many_builds_at_once_only_one_works_at_a_time(tmp_path: Path) -> None:
    """However often builds begin and end together, no two are inside, and nothing is left over."""
    inside = threading.Lock()
    overlaps: list[str] = []

    def build_often() -> None:
        for _ in range(60):
            try:
                with stage(tmp_path / "built", foreign=ours) as work:
                    if not inside.acquire(blocking=False):
                        overlaps.append("two at once")
                    fill(work, "new")
                    inside.release()
            except OutputError as error:
                if "another build" not in error.what:
                    overlaps.append(str(error))

    threads = [threading.Thread(target=build_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert overlaps == []
    assert names(tmp_path) == []


@needs_fork
@pytest.mark.parametrize("exchange", [None, cannot_exchange], ids=["in one step", "in two renames"])
def test_a_kill_before_any_call_leaves_the_old_or_the_new(
    tmp_path: Path, exchange: Callable[[Path, Path], bool] | None
) -> None:
    """A build is killed before its first, second, third ... call of the system; then the next build works."""
    destination = tmp_path / "built"
    seen = set()
    for calls in range(1, 1000):
        build(destination, "old")
        survived = _build_killed_after(calls, destination, exchange)
        if exchange is None:
            assert contents(destination) in (whole("old"), whole("new"))
        with stage(destination, foreign=ours):
            assert contents(destination) in (whole("old"), whole("new"))
        seen.add((destination / FILES[0]).read_text())
        assert names(tmp_path) == ["built"]
        if survived:
            break
    assert survived
    assert seen == {"old", "new"}


def _build_killed_after(calls: int, destination: Path, exchange: Callable[[Path, Path], bool] | None) -> bool:
    """Build in a process that is killed when Python announces its `calls`-th call of the system; False when it was."""
    child = os.fork()
    if not child:
        left = calls

        def count(event: str, _: tuple[object, ...]) -> None:
            nonlocal left
            if event.startswith(("open", "os.", "shutil.", "ctypes.", "fcntl.")):
                left -= 1
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            build(destination, "new", exchange)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFEXITED(status)


def test_an_error_of_something_else_passes(tmp_path: Path) -> None:
    """What has nothing to do with the destination is not explained as if it had."""
    with pytest.raises(FileNotFoundError), stage(tmp_path / "built", foreign=ours):
        (tmp_path / "source.jpg").read_bytes()
    assert names(tmp_path) == []


def test_a_failed_write_without_a_name_is_explained(tmp_path: Path) -> None:
    """A full disk shows in write calls, which know no file name."""
    with pytest.raises(OutputError, match="disk is full"), stage(tmp_path / "built", foreign=ours):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_the_old_one(small_disk: Path) -> None:
    """On a disk that fills up, the old folder stays and the temporary one goes."""
    build(small_disk / "built", "old")
    with pytest.raises(OutputError, match="disk is full"), stage(small_disk / "built", foreign=ours) as work:
        (work.output / "large").write_bytes(bytes(2_000_000))
    assert contents(small_disk / "built") == whole("old")
    assert names(small_disk) == ["built"]


def test_a_disk_that_turns_read_only_is_explained(small_disk: Path) -> None:
    """A disk that can only be read is named, not shown as a bug."""
    build(small_disk / "built", "old")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(OutputError, match="only be read"):
        build(small_disk / "built", "new")


def test_too_little_space_is_seen_before_the_work(tmp_path: Path) -> None:
    """The message says how much there is and how much is needed; a small need passes."""
    require_space(tmp_path / "not" / "there" / "yet", 1)
    with pytest.raises(OutputError, match="needs about 1,000,000,000,000 MB"):
        require_space(tmp_path / "not" / "there" / "yet", 10**18)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/me/built", Mount(Path("/"), "ext4")),
        ("/media/me/STICK", Mount(Path("/media/me/STICK"), "vfat")),
        ("/media/me/STICK/a/b", Mount(Path("/media/me/STICK"), "vfat")),
        ("/media/me/STICK-2/a", Mount(Path("/"), "ext4")),
        ("/media/me/STICK/over/a", Mount(Path("/media/me/STICK/over"), "tmpfs")),
    ],
)
def test_a_path_lies_on_the_deepest_mount_above_it(path: str, expected: Mount) -> None:
    """Of two mounts on one folder the later one counts, and names that only begin alike do not."""
    mounts = [
        Mount(Path("/"), "rootfs"),
        Mount(Path("/"), "ext4"),
        Mount(Path("/media/me/STICK"), "vfat"),
        Mount(Path("/media/me/STICK/over"), "tmpfs"),
    ]
    assert mount_of(Path(path), mounts) == expected


@pytest.mark.parametrize("file_system", ["vfat", "msdos", "exfat", "FAT", "FAT32", "exFAT"])
def test_fat_is_known_under_every_systems_name(file_system: str) -> None:
    """Linux, macOS and Windows call FAT and exFAT by different names."""
    assert Mount(Path("/media"), file_system).is_fat


@pytest.mark.parametrize("file_system", ["ext4", "btrfs", "apfs", "NTFS", "tmpfs"])
def test_file_systems_of_disks_are_not_fat(file_system: str) -> None:
    """A build on an ordinary disk is not refused."""
    assert not Mount(Path("/"), file_system).is_fat


def test_a_placed_file_takes_no_space_but_keeps_its_own_time(tmp_path: Path) -> None:
    """The first place shares the bytes on the disk; the second is a copy, which may have another time."""
    (tmp_path / "scratch.jpg").write_text("picture")
    place(tmp_path / "scratch.jpg", tmp_path / "first.jpg")
    place(tmp_path / "scratch.jpg", tmp_path / "second.jpg")
    os.utime(tmp_path / "first.jpg", (1000, 1000))
    os.utime(tmp_path / "second.jpg", (2000, 2000))
    assert (tmp_path / "first.jpg").samefile(tmp_path / "scratch.jpg")
    assert (tmp_path / "first.jpg").stat().st_mtime == 1000
    assert (tmp_path / "second.jpg").read_text() == "picture"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    with _mounted(tmp_path / "disk") as folder:
        yield folder


@contextmanager
def _mounted(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "packager-test", str(folder)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root on Linux")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


# --- where other users of this computer may write too -----------------------------------------------------------


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """A folder and a file that only their owner may look into."""
    folder = tmp_path / "secrets"
    folder.mkdir(0o700)
    (folder / "key").touch(0o600)
    return folder


def are_as_before(secrets: Path) -> bool:
    """Whether nobody has opened, changed or added anything."""
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (secrets, secrets / "key")]
    return modes == [0o700, 0o600] and contents(secrets) == {"key": ""}


def open_folder(sibling: Path, _: Path) -> None:
    """One that everybody may write into."""
    sibling.mkdir()


def closed_folder(sibling: Path, _: Path) -> None:
    """One that nobody may look into."""
    sibling.mkdir(0o700)


def link(sibling: Path, secrets: Path) -> None:
    """A way into somebody's home."""
    sibling.symlink_to(secrets)


def folder_of_links(sibling: Path, secrets: Path) -> None:
    """Ways into somebody's home, under all names that a build uses."""
    sibling.mkdir()
    for name in ("output", "scratch", "old", "new"):
        (sibling / name).symlink_to(secrets)


def pipe_as_lock(sibling: Path, _: Path) -> None:
    """Whoever opens it waits for ever."""
    sibling.mkdir()
    os.mkfifo(sibling / "lock")


@pytest.mark.parametrize("mode", [STICKY, GROUPS], ids=["sticky", "of a group"])
@pytest.mark.parametrize("trap", [open_folder, closed_folder, link, folder_of_links, pipe_as_lock])
def test_what_another_user_made_beside_the_destination_is_not_used(
    trap: Callable[[Path, Path], None], mode: int, secrets: Path
) -> None:
    """It is refused before anything is written, and stays as it is."""
    with shared_folder(mode) as folder:
        as_other(lambda: trap(folder / ".built.packager", secrets))
        before = sorted(folder.rglob("*"))
        with pytest.raises(OutputError) as refusal:
            build(folder / "built", "new")
        assert refusal.value.where == str(folder / ".built.packager")
        assert sorted(folder.rglob("*")) == before
        assert are_as_before(secrets)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.parametrize("umask", [0, 0o002, 0o022])
def test_nobody_else_may_write_into_what_is_staged(tmp_path: Path, umask: int) -> None:
    """Whatever the umask; nor may everybody into folders that are made for it."""
    before = os.umask(umask)
    try:
        with stage(tmp_path / "built", foreign=ours) as work:
            assert stat.S_IMODE(work.output.parent.stat().st_mode) == 0o700
        build(tmp_path / "far" / "off" / "built", "new")
        assert not any(path.stat().st_mode & stat.S_IWOTH for path in tmp_path.rglob("*"))
    finally:
        os.umask(before)


def test_a_place_that_another_user_takes_while_it_is_built_is_not_finished(secrets: Path) -> None:
    """In a group's folder any member can put links in the place of what is staged: they lead to nothing of ours."""
    with shared_folder(GROUPS) as folder:
        sibling = folder / ".built.packager"

        def exchanged() -> None:
            sibling.rename(folder / "taken")
            folder_of_links(sibling, secrets)

        def taken() -> None:
            with stage(folder / "built", foreign=ours) as work:
                fill(work, "new")
                as_other(exchanged)
                work.take_place()

        with pytest.raises(OutputError, match="was moved away"):
            taken()
        assert are_as_before(secrets)
        assert names(folder) == [".built.packager", "taken"]
        assert names(folder / "taken") == []


def test_a_folder_where_every_user_can_exchange_what_is_there_is_refused(secrets: Path) -> None:
    """The sticky bit is what makes such a folder fit to be shared, if its owner can be trusted."""
    with shared_folder(ANYBODYS) as folder:
        with pytest.raises(OutputError, match="every user of this computer can exchange"):
            build(folder / "built", "new")
        (folder / "inner").mkdir()
        with pytest.raises(OutputError, match="every user of this computer can exchange"):
            build(folder / "inner" / "built", "new")
        assert names(folder / "inner") == []
        folder.chmod(STICKY)
        build(folder / "built", "new")
        given_to_other(folder)
        with pytest.raises(OutputError, match="every user of this computer can exchange"):
            build(folder / "built", "newer")
        assert contents(folder / "built") == whole("new")


def test_who_else_can_exchange_a_tree_is_said(tmp_path: Path) -> None:
    """The members of a group, or the folder's owner; of what is ours or the system's there is nothing to say."""
    with shared_folder(GROUPS) as folder:
        with stage(folder / "built", foreign=ours) as work:
            (said,) = open_to_others(work)
        assert (said.source, "group" in said.message) == (str(folder), True)
        folder.chmod(0o755)
        given_to_other(folder)
        with stage(folder / "deep" / "built", foreign=ours) as work:
            (said,) = open_to_others(work)
        assert (said.source, "whose folder it is" in said.message) == (str(folder), True)
    with stage(tmp_path / "built", foreign=ours) as work:
        assert open_to_others(work) == ()


def test_what_another_user_left_in_a_folder_that_was_open_is_not_put_in_place(tmp_path: Path) -> None:
    """It is refused each time, until somebody has looked at it."""
    with shared_folder(STICKY) as folder:
        sibling = folder / ".built.packager"
        sibling.mkdir()
        sibling.chmod(0o777)
        as_other((sibling / "old").mkdir)
        for _ in range(2):
            with pytest.raises(OutputError, match="holds something of another user"):
                build(folder / "built", "new")
        assert names(folder) == [".built.packager"]
        (sibling / "old").rmdir()
        build(folder / "built", "new")
        assert names(folder) == ["built"]
        assert (folder / "built").stat().st_uid != OTHER


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_where_a_manifest_should_be_is_foreign(tmp_path: Path) -> None:
    """Whoever opens it would wait for ever."""
    (tmp_path / "keep").mkdir()
    os.mkfifo(tmp_path / "keep" / TABLE_NAME)
    assert foreign(tmp_path) == f"keep/{TABLE_NAME}"


@pytest.mark.parametrize("command", ["init", "import", "plan", "image"])
def test_whoever_writes_where_another_user_may_is_told(command: str, tmp_path: Path) -> None:
    """Whichever command it is: what lies there may be another's by the time it is used."""
    make_comic(tmp_path / "window", pages=1)
    assert packager("build", "window", cwd=tmp_path).returncode == 0
    with shared_folder(GROUPS) as folder:
        arguments = {
            "init": (folder / "new",),
            "import": ("window", folder / "new"),
            "plan": ("window", "--html", folder / "plan.html"),
            "image": ("window-built/window", folder / "stick.img", "--medium", "usb-2gb"),
        }[command]
        done = packager(command, *arguments, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert done.stderr.startswith(f"packager: {folder}: everybody in the group ")
    assert packager("init", "new", cwd=tmp_path).stderr == ""
