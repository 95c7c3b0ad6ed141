"""Drives that tests make: real file systems in files and in memory, and sticks that lie or vanish."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import pytest

from packager.drive import source
from packager.drive.copy import copy
from packager.drive.copy_plan import CopyResult, plan
from packager.drive.source import CopySource
from packager.output import manifest
from tests import system

SHARED_MEMORY = Path("/dev/shm")
# The head of a document of ours, as `packager` knows it again (templates/head.html).
PAGE_HEAD = b"""<html translate="no" class="notranslate"><meta content="default-src 'none'; img-src 'self'; \
base-uri 'none'">"""
LYING_STICK = Path(__file__).with_name("lying_stick.py")


def make_tree(folder: Path, files: int = 12, size: int = 50_000, seed: int = 0) -> Path:
    """A built tree `window` with its `keep`: pages, an empty file and a large one, in an order that is not by name."""
    chance = random.Random(seed)
    paths = [PurePosixPath("window/index.html")]
    paths += [PurePosixPath(f"window/w{1 + n % 3}/{n:03}.jpg") for n in reversed(range(files - 3))]
    paths += [PurePosixPath("window/cbz/w1.cbz"), PurePosixPath("window/empty.txt")]
    for number, path in enumerate(paths):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        length = 0 if target.suffix == ".txt" else size * (4 if target.suffix == ".cbz" else 1) + number
        target.write_bytes(chance.randbytes(length))
    (folder / "keep").mkdir(exist_ok=True)
    manifest.record(folder, paths).write(folder / "keep")
    return folder / "window"


def next_edition(tree: Path, folder: Path) -> Path:
    """The edition after `tree`: of its pages some are changed, gone, or have another number, and a work is new."""
    shutil.copytree(tree, folder / tree.name)
    chance = random.Random(1)
    paths = [file.path for file in source.load(tree).files]
    pages = [path for path in paths if path.suffix == ".jpg"]
    of_first, of_second = (next(path for path in pages if path.parts[1] == work) for work in ("w1", "w2"))
    changed, renamed = (paths[0], of_first), {of_second: of_second.with_name("900.jpg")}
    gone = {path for path in pages if path.parts[1] == "w3"}
    for path in changed:
        (folder / path).write_bytes(chance.randbytes(5000))
    for path, other in renamed.items():
        (folder / path).rename(folder / other)
    for path in gone:
        (folder / path).unlink()
    (folder / tree.name / "w3").rmdir()
    new = [PurePosixPath(tree.name, "w0", name) for name in ("002.jpg", "001.jpg")]
    (folder / tree.name / "w0").mkdir()
    for path in new:
        (folder / path).write_bytes(chance.randbytes(3000))
    kept = [renamed.get(path, path) for path in paths[1:] if path not in gone]
    (folder / "keep").mkdir()
    manifest.record(folder, [paths[0], *new, *kept]).write(folder / "keep")
    return folder / tree.name


def changed(tree: Path, folder: Path, every: int) -> Path:
    """The same tree with the content of each so many-th page another."""
    shutil.copytree(tree, folder / tree.name)
    paths = [file.path for file in source.load(tree).files]
    for number, path in enumerate(paths):
        if number % every == 1:
            (folder / path).write_bytes(random.Random(number).randbytes((folder / path).stat().st_size))
    (folder / "keep").mkdir()
    manifest.record(folder, paths).write(folder / "keep")
    return folder / tree.name


def red_star(marks: int) -> bytes:
    """A tag as Red Star OS appends it (docs/devices.md section 6)."""
    return bytes(range(24)) * marks + (24 * marks).to_bytes(4, "little") + b"EOF"


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """An empty folder apart from the system's disk, which the command takes for a drive; anywhere without root."""
    if not os.access(SHARED_MEMORY, os.W_OK):
        pytest.skip(f"needs {SHARED_MEMORY}")
    with tempfile.TemporaryDirectory(prefix="stick-", dir=SHARED_MEMORY) as folder:
        yield Path(folder)


def copied(tree: Path, *drives: Path, replaces: bool = False) -> tuple[CopyResult, ...]:
    """Copy as the command does, but onto folders of the tests' own disk too."""
    return copy(plan(source.load(tree), drives, (), replaces=replaces))


def states(folder: Path) -> dict[str, str]:
    """Every file below a folder with its hash."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def in_written_order(drive: Path, tree: Path) -> bool:
    """Whether the file system lists the pages of each folder as the tree's manifest does."""
    pages = [file.path for file in source.load(tree).files if file.path.suffix == ".jpg"]
    return all(
        [path.name for path in (drive / folder).iterdir()] == [path.name for path in pages if path.parent == folder]
        for folder in {path.parent for path in pages}
    )


def times(folder: Path) -> dict[str, float]:
    """Every file and folder with its time."""
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime for path in sorted(folder.rglob("*"))}


def loaded(tree: Path) -> CopySource:
    """The tree as `copy` reads it."""
    return source.load(tree)


def require_root() -> None:
    """Skip where nothing may be mounted."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root may mount file systems, on Linux")


@contextmanager
def tmpfs(folder: Path, size: str) -> Iterator[Path]:
    """A drive in memory of that size."""
    require_root()
    with _mounted(["mount", "-t", "tmpfs", "-o", f"size={size}", "none"], folder) as drive:
        yield drive


@contextmanager
def exfat(folder: Path, megabytes: int, cluster: str = "32K") -> Iterator[Path]:
    """An exFAT stick in a file beside `folder`."""
    with looped(blank(folder.with_suffix(".img"), megabytes)) as device, exfat_on(device, folder, cluster) as drive:
        yield drive


@contextmanager
def exfat_on(device: Path, folder: Path, cluster: str = "32K") -> Iterator[Path]:
    """A device, formatted as exFAT, as a drive at `folder`."""
    subprocess.run([system.tool("mkfs.exfat"), "-c", cluster, device], check=True, capture_output=True)
    with exfat_mounted(device, folder) as drive:
        yield drive


@contextmanager
def exfat_mounted(device: Path, folder: Path) -> Iterator[Path]:
    """A formatted device as a drive at `folder`; afterwards all is on it, which its server writes after `umount`."""
    folder.mkdir(exist_ok=True)
    command = [str(system.tool("mount.exfat-fuse")), "-d", str(device), str(folder)]  # -d stays in the foreground
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        _wait_until(lambda: folder.is_mount() or server.poll() is not None)
        if not folder.is_mount():
            pytest.skip("exFAT cannot be mounted here")
        try:
            yield folder
        finally:
            subprocess.run(["umount", str(folder)], check=False)


@contextmanager
def ext4(folder: Path, megabytes: int) -> Iterator[Path]:
    """An ext4 drive in a file beside `folder`."""
    with looped(blank(folder.with_suffix(".img"), megabytes)) as device, ext4_on(device, folder) as drive:
        yield drive


@contextmanager
def ext4_on(device: Path, folder: Path) -> Iterator[Path]:
    """A device, formatted as ext4, as a drive at `folder`."""
    at_once = "lazy_itable_init=0,lazy_journal_init=0"  # nothing is written later on
    subprocess.run(["mkfs.ext4", "-q", "-E", at_once, str(device)], check=True, capture_output=True)
    with _mounted(["mount", str(device)], folder) as drive:
        shutil.rmtree(drive / "lost+found")
        yield drive


@contextmanager
def lying(folder: Path, **options: object) -> Iterator[Path]:
    """A stick that claims 64 MiB, as a file that can be formatted (tests/helpers/lying_stick.py has the options)."""
    words = [f"{key}={value}" for key, value in options.items()]
    with served(folder, ["python", str(LYING_STICK), *words]) as image:
        yield image


@contextmanager
def served(folder: Path, plugin: list[str], *filters: str) -> Iterator[Path]:
    """What nbdkit makes, as a file in `folder`."""
    require_root()
    folder.mkdir()
    socket, image = folder / "nbd", folder / "image"
    image.touch()
    nbdkit = [str(system.tool("nbdkit")), "--foreground", "--unix", str(socket), *filters, *plugin]
    with running(nbdkit), running([str(system.tool("nbdfuse")), str(image), "--unix", str(socket)]):
        _wait_until(lambda: image.stat().st_size > 0)
        yield image


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended on the way out; it may wait for the socket of another one."""
    if "--foreground" not in command:
        socket = Path(command[-1])
        _wait_until(socket.exists)
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def looped(image: Path) -> Iterator[Path]:
    """A file as a block device."""
    require_root()
    found = subprocess.run(["losetup", "--find", "--show", image], capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip("this machine has no loop devices")
    try:
        yield Path(found.stdout.strip())
    finally:
        subprocess.run(["losetup", "--detach", found.stdout.strip()], check=False)


def blank(image: Path, megabytes: int) -> Path:
    """A sparse file of that size."""
    with image.open("wb") as file:
        file.truncate(megabytes * 1024 * 1024)
    return image


@contextmanager
def _mounted(command: list[str], folder: Path) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"cannot be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=False)


def _wait_until(is_so: object, seconds: float = 10) -> None:
    assert callable(is_so)
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "a process of the test's own does not come up"
        time.sleep(0.02)
