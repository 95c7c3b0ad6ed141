"""Whole images: what is in them, byte by byte, as mtools, fsck.fat, 7-Zip and a reader of our own see it."""

from __future__ import annotations

import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packager.config import media
from packager.config.filesystems import KIB, MIB, Filesystem, ShortNames, occupied_bytes, usable_bytes
from packager.config.media import Medium
from packager.drive.image import fat32_medium, medium_of, verify_image, write_image
from packager.errors import DoesNotFit, OutputError, PackagerError, SourceError
from packager.output import manifest
from tests.helpers.builders import contents, packager, write
from tests.helpers.fat_reader import START, Fat
from tests.helpers.tree_strategies import files
from tests.system import tool

pytestmark = pytest.mark.slow

FIRST = datetime(2020, 1, 1)  # noqa: DTZ001 - FAT knows no zones


def stick(cluster: int = 512, volume: int = 64 * MIB, payload: int | None = None) -> Medium:
    """A small volume, of at least the 65,525 clusters that FAT32 has, with room for everything it can hold."""
    usable = usable_bytes(volume, Filesystem.FAT32, cluster)
    return Medium("a small stick", usable if payload is None else payload, Filesystem.FAT32, cluster, START + volume)


SMALL = (stick(), stick(1 * KIB, 80 * MIB))
LARGER = (*SMALL, stick(4 * KIB, 300 * MIB))


@dataclass(frozen=True)
class Tree:
    """Files and their sizes in the order of the manifest; paths begin with the top folder."""

    sizes: tuple[tuple[PurePosixPath, int], ...]
    stick: Medium

    def write(self, root: Path) -> Path:
        """The tree below `root`, with its manifest beside it."""
        for number, (path, size) in enumerate(self.sizes):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(random.Random(number).randbytes(size))
        (root / "keep").mkdir()
        manifest.record(root, [path for path, _ in self.sizes]).write(root / "keep")
        return root / self.sizes[0][0].parts[0]

    @property
    def paths_in_order(self) -> list[PurePosixPath]:
        """Every folder where the first file in it comes, each with all that is in it, as `mdir -/` would walk."""
        inside: dict[PurePosixPath, dict[PurePosixPath, None]] = {}
        for path, _ in self.sizes:
            for inner in (*reversed(path.parents[:-1]), path):
                inside.setdefault(inner.parent, {})[inner] = None

        def walk(folder: PurePosixPath) -> list[PurePosixPath]:
            return [found for inner in inside.get(folder, {}) for found in (inner, *walk(inner))]

        return walk(PurePosixPath())


def make_tree(root: Path, *names: str, size: int = 1000, top: str = "window") -> Path:
    """A small tree with its manifest beside it."""
    return Tree(tuple((PurePosixPath(top, name), size) for name in names), SMALL[0]).write(root)


def mtools(command: str, image: Path, *arguments: str) -> str:
    """What a command of mtools says of the partition in the image."""
    result = subprocess.run(
        [tool("mcopy").with_name(command), "-i", f"{image}@@{START}", *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
    )
    return result.stdout


def fsck(image: Path) -> tuple[str, int]:
    """What fsck.fat says of the partition beside its banner and its count, and the clusters in use."""
    volume = image.with_suffix(".partition")
    with image.open("rb") as source, volume.open("wb") as target:
        source.seek(START)
        while piece := source.read(MIB):
            if piece.count(0) == len(piece):
                target.seek(len(piece), os.SEEK_CUR)
            else:
                target.write(piece)
        target.truncate(image.stat().st_size - START)
    result = subprocess.run(
        [tool("fsck.fat"), "-n", str(volume)], capture_output=True, text=True, check=False, errors="replace"
    )
    volume.unlink()
    banner, *said, count = result.stdout.splitlines()
    assert banner.startswith("fsck.fat")
    used, _, _ = count.rpartition(" ")[0].rpartition(" ")[2].partition("/")
    return "\n".join([*said, result.stderr]) + ("" if result.returncode == 0 else "failed"), int(used)


# --- generated trees ----------------------------------------------------------------------------------


@st.composite
def trees(draw: st.DrawFn, sticks: tuple[Medium, ...]) -> Tree:
    """A generated tree in an order of its own, for one of the sticks."""
    chosen = draw(st.sampled_from(sticks))
    cluster = chosen.cluster_bytes
    sizes = st.one_of(
        st.sampled_from([0, 1, cluster - 1, cluster, cluster + 1, 3 * cluster]), st.integers(0, 8 * cluster)
    )
    found = draw(files(sizes, crowd=600))
    order = draw(st.permutations(list(found))) if len(found) < 40 else list(found)
    return Tree(tuple((path, found[path]) for path in order), chosen)


def holds_exactly(tree: Tree) -> None:
    """The image of the tree: clean, whole, in order, of the size foretold, with nothing else in it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        source, image = tree.write(root), root / "stick.img"
        made = write_image(source, image, tree.stick)
        _reads_as_written(tree, root, Fat(image))
        said, used = fsck(image)
        assert said.strip() == ""
        inside = [(path.relative_to(source.name), size) for path, size in tree.sizes]
        cluster = tree.stick.cluster_bytes
        foretold = occupied_bytes(inside, source.name, Filesystem.FAT32, cluster, short_names=ShortNames.ONE_CASE)
        assert (made.occupied_bytes, (used - 1) * cluster) == (foretold, foretold)
        (root / "back").mkdir()
        mtools("mcopy", image, "-s", "-n", f"::{source.name}", str(root / "back"))
        assert contents(root / "back" / source.name) == contents(source)


def _reads_as_written(tree: Tree, root: Path, fat: Fat) -> None:
    assert [item.path for item in fat.items] == tree.paths_in_order
    by_path = {item.path: item for item in fat.items}
    for number, (path, size) in enumerate(tree.sizes):
        item = by_path[path]
        assert item.times == (FIRST + timedelta(seconds=2 * number),) * 2
        assert (item.size_bytes, item.content) == (size, (root / path).read_bytes())
    assert {item.times for item in fat.items if item.is_folder} == {(FIRST, FIRST)}
    starts = [by_path[path].first_cluster for path, size in tree.sizes if size]
    assert starts == sorted(starts)
    assert fat.unexplained() == b""


GENERATED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.needs("mcopy", "fsck.fat")
@settings(GENERATED, max_examples=8)
@given(trees(SMALL))
def test_an_image_holds_the_tree_and_nothing_else(tree: Tree) -> None:
    """A sample of generated trees: read back by mtools, checked by fsck.fat, and every byte accounted for."""
    holds_exactly(tree)


@pytest.mark.prove
@pytest.mark.needs("mcopy", "fsck.fat")
@settings(GENERATED, max_examples=200)
@given(trees(LARGER))
def test_two_hundred_images_hold_their_trees_and_nothing_else(tree: Tree) -> None:
    """The whole proof."""
    holds_exactly(tree)


# --- the form of an image -----------------------------------------------------------------------------


def test_the_partition_begins_at_four_mebibytes_and_is_fat32(tmp_path: Path) -> None:
    """One entry in the partition table, type 0x0C, as sticks come from the factory; nothing of it ends outside."""
    image = tmp_path / "stick.img"
    write_image(make_tree(tmp_path, "a.txt"), image, SMALL[0])
    sector = image.read_bytes()[:512]
    kind, start, count = sector[450], *struct.unpack_from("<2I", sector, 454)
    assert (kind, start * 512, sector[510:]) == (0x0C, 4 * MIB, b"\x55\xaa")
    assert sector[462:510] == bytes(48)
    assert (start + count) * 512 <= image.stat().st_size == SMALL[0].capacity_bytes
    boot = image.read_bytes()[START : START + 512]
    assert (boot[82:90], struct.unpack_from("<2I", boot, 28)) == (b"FAT32   ", (start, count))


def test_serial_number_maker_and_label_tell_nothing(tmp_path: Path) -> None:
    """They are the same in every image, and none of ours: those of `mkfs.fat --invariant`, Microsoft, and none."""
    image = tmp_path / "stick.img"
    write_image(make_tree(tmp_path, "a.txt"), image, SMALL[0])
    boot = image.read_bytes()[START : START + 512]
    assert (boot[3:11], boot[67:71], boot[71:82]) == (b"MSWIN4.1", b"\xcd\xab\x34\x12", b"NO NAME    ")


def test_boot_sectors_are_there_twice_and_the_free_space_is_told(tmp_path: Path) -> None:
    """The backup is equal, and the count of free clusters is that of the table."""
    image = tmp_path / "stick.img"
    write_image(make_tree(tmp_path, "a.txt", "b.txt"), image, SMALL[0])
    fat = Fat(image)
    boot = fat.raw[START : START + 12 * 512]
    assert boot[: 3 * 512] == boot[6 * 512 : 9 * 512]
    free, last = struct.unpack_from("<2I", boot, 512 + 488)
    used = [number for number, entry in enumerate(fat.table) if entry]
    assert (free, last) == (len(fat.table) - len(used), used[-1])


@pytest.mark.needs("mcopy", "7z")
def test_names_read_back_in_their_own_letters(tmp_path: Path) -> None:
    """Small 8.3 names take one entry with flags that mtools and 7-Zip understand, all other small ones a long name."""
    names = ["readme.txt", "001.jpg", "COVER.jpg", "cover2.JPG", "ABOUT", "Mixed.txt", "index.html", "창.txt", "🙂.txt"]
    image = tmp_path / "stick.img"
    write_image(make_tree(tmp_path, *names), image, SMALL[0])
    told = subprocess.run([tool("7z"), "l", "-slt", str(image)], check=True, capture_output=True, text=True).stdout
    listed = [line.removeprefix("Path = ") for line in told.splitlines() if line.startswith("Path = window/")]
    assert sorted(listed) == sorted(f"window/{name}" for name in names)
    in_order = mtools("mdir", image, "-b", "::window").splitlines()
    assert in_order[:7] == [f"::/window/{name}" for name in names[:7]]
    folder = Fat(image).read(3)
    taken = sum(1 for start in range(0, len(folder), 32) if folder[start])
    assert taken == 2 + 5 * 1 + 4 * 2


def test_an_alias_never_takes_a_name_of_the_tree(tmp_path: Path) -> None:
    """A file that is called as an alias would be keeps its name, wherever it stands in the order."""
    names = ["window-1.jpeg", "window-2.jpeg", "WINDOW~1.JPE", "window~2.jpe", "Wind.jpe", "wind.JPEG"]
    image = tmp_path / "stick.img"
    write_image(make_tree(tmp_path, *names), image, SMALL[0])
    aliases = {item.path.name: item.alias for item in Fat(image).files}
    assert (aliases["WINDOW~1.JPE"], aliases["window~2.jpe"]) == (b"WINDOW~1JPE", b"WINDOW~2JPE")
    assert (aliases["window-1.jpeg"], aliases["window-2.jpeg"]) == (b"WINDOW~3JPE", b"WINDOW~4JPE")
    assert aliases["Wind.jpe"] == b"WIND    JPE"


def test_times_begin_where_they_began_and_rise_in_the_order_of_the_manifest(tmp_path: Path) -> None:
    """Whatever times the files have on the disk."""
    tree = make_tree(tmp_path, "c.txt", "a.txt", "b.txt")
    for name, moment in [("a.txt", 1e9), ("b.txt", 1e9), ("c.txt", 2e9)]:
        os.utime(tree / name, (moment, moment))
    write_image(tree, tmp_path / "stick.img", SMALL[0])
    files = Fat(tmp_path / "stick.img").files
    assert [file.path.name for file in files] == ["c.txt", "a.txt", "b.txt"]
    assert [file.times[0].second for file in files] == [0, 2, 4]


def test_without_a_manifest_no_image_is_made(tmp_path: Path) -> None:
    """Nothing would tell what belongs to the tree."""
    tree = make_tree(tmp_path, "a.txt")
    (tmp_path / "keep" / manifest.TABLE_NAME).unlink()
    with pytest.raises(SourceError, match="is no tree with its manifest beside it"):
        write_image(tree, tmp_path / "stick.img", SMALL[0])
    assert not (tmp_path / "stick.img").exists()


def test_the_same_tree_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere, with other times and modes, in another time zone."""
    names = ["index.html", "w401/001.jpg", "w401/002.jpg", "그림/긴 이름.txt"]
    images = []
    for zone, moment, mode in (("UTC", 1e9, 0o600), ("UTC-9", 1.5e9, 0o644)):
        tree = make_tree(tmp_path / zone, *names)
        for path in sorted(tree.rglob("*"), reverse=True):
            os.utime(path, (moment, moment))
        (tree / names[0]).chmod(mode)
        monkeypatch.setenv("TZ", zone)
        if sys.platform != "win32":
            time.tzset()
        write_image(tree, tmp_path / "stick.img", SMALL[0], replace=True)
        images.append((tmp_path / "stick.img").read_bytes())
    assert images[0] == images[1]


def test_nothing_of_the_builder_is_in_an_image(tmp_path: Path) -> None:
    """Neither the folders around the tree, nor what lies in them, nor our own name."""
    root = tmp_path / "distinctive-folder"
    write_image(make_tree(root, "a.txt"), root / "image-of-mine.img", SMALL[0])
    raw = (root / "image-of-mine.img").read_bytes().lower()
    words = ["distinctive", "image-of", "keep", "manifest", "packager", tmp_path.name]
    spellings = [word.encode(encoding) for word in words for encoding in ("ascii", "utf-16-le")]
    assert [spelling for spelling in spellings if spelling in raw] == []


@pytest.mark.skipif(sys.platform == "win32", reason="files are not sparse there")
def test_a_large_image_takes_little_of_the_disk(tmp_path: Path) -> None:
    """Free space is never written."""
    made = write_image(make_tree(tmp_path, "a.txt"), tmp_path / "stick.img", fat32_medium(media.load("usb-32gb")))
    assert made.size_bytes == (tmp_path / "stick.img").stat().st_size > 29e9
    assert (tmp_path / "stick.img").stat().st_blocks * 512 < 1 * MIB


@pytest.mark.parametrize("name", [name for name in media.names() if media.load(name).filesystem == "FAT32"])
def test_every_medium_that_comes_as_fat32_can_be_made(name: str) -> None:
    """With as many clusters as FAT32 must have, and room for what `plan` allows on it."""
    made = fat32_medium(media.load(name))
    usable = usable_bytes(made.capacity_bytes - START, Filesystem.FAT32, made.cluster_bytes)
    assert 65_525 <= usable // made.cluster_bytes < 0x0FFFFFF5
    assert made.payload_bytes == media.load(name).payload_bytes < usable
    assert made.cluster_bytes <= media.load(name).cluster_bytes


# --- what is refused ----------------------------------------------------------------------------------


def test_a_tree_may_fill_the_volume_to_its_last_cluster_and_no_further(tmp_path: Path) -> None:
    """All of it but the root: one byte more is refused, with sizes, before anything is written."""
    clusters = usable_bytes(64 * MIB, Filesystem.FAT32, 512) // 512 - 2
    full = make_tree(tmp_path / "full", "a.jpg", size=clusters * 512)
    assert write_image(full, tmp_path / "full.img", SMALL[0]).occupied_bytes == (clusters + 1) * 512
    assert 0 not in Fat(tmp_path / "full.img").table
    over = make_tree(tmp_path / "over", "a.jpg", size=clusters * 512 + 1)
    with pytest.raises(DoesNotFit, match="MB more than a small stick holds"):
        write_image(over, tmp_path / "over.img", SMALL[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full", "full.img", "over"]


def test_a_tree_must_leave_what_its_medium_leaves_free(tmp_path: Path) -> None:
    """The payload is what `plan` promised; the rest is for what systems drop onto a medium."""
    tree = make_tree(tmp_path, "a.jpg", size=4096)
    write_image(tree, tmp_path / "just.img", stick(payload=4096 + 512))
    with pytest.raises(DoesNotFit):
        write_image(tree, tmp_path / "over.img", stick(payload=4096 + 511))


@pytest.mark.skipif(sys.platform == "win32", reason="files are not sparse there")
def test_a_file_larger_than_fat32_knows_is_named(tmp_path: Path) -> None:
    """Four gibibytes less a byte is the most."""
    tree = make_tree(tmp_path, "a.jpg")
    (tmp_path / "keep" / manifest.TABLE_NAME).write_text(f"{1 << 32}\t{'0' * 64}\twindow/a.jpg\n")
    os.truncate(tree / "a.jpg", 1 << 32)
    with pytest.raises(OutputError, match=r"a\.jpg is larger than 4,294,967,295 bytes"):
        write_image(tree, tmp_path / "stick.img", fat32_medium(media.load("usb-32gb")))


def test_a_file_that_exists_is_replaced_only_when_asked(tmp_path: Path) -> None:
    """And then only by a whole image."""
    image = tmp_path / "stick.img"
    tree = make_tree(tmp_path, "a.txt")
    image.write_text("precious")
    with pytest.raises(OutputError, match="exists; nothing was touched"):
        write_image(tree, image, SMALL[0])
    assert image.read_text() == "precious"
    write_image(tree, image, SMALL[0], replace=True)
    assert [str(file.path) for file in Fat(image).files] == ["window/a.txt"]


def test_a_failed_image_leaves_what_was_there(tmp_path: Path) -> None:
    """A file of the tree that changed since it was built stops the work; nothing temporary stays."""
    image = tmp_path / "stick.img"
    tree = make_tree(tmp_path, "a.txt", "b.txt")
    image.write_text("precious")
    (tree / "b.txt").write_bytes(b"x" * 1000)
    with pytest.raises(SourceError, match="is not as it was built"):
        write_image(tree, image, SMALL[0], replace=True)
    assert image.read_text() == "precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keep", "stick.img", "window"]


def test_what_a_killed_run_left_is_gone_after_the_next(tmp_path: Path) -> None:
    """The unfinished image has a place of its own, which is cleared."""
    beside = tmp_path / ".stick.img.packager"
    beside.mkdir()
    (beside / "new").write_bytes(b"\xff" * MIB)
    write_image(make_tree(tmp_path, "a.txt"), tmp_path / "stick.img", SMALL[0])
    assert not beside.exists()
    assert Fat(tmp_path / "stick.img").unexplained() == b""


Spoil = Callable[[Path], object]  # does something to the tree


@pytest.mark.parametrize(
    ("spoil", "error", "words"),
    [
        (lambda tree: (tree / "b.txt").write_text("new"), SourceError, "is not in the manifest"),
        (lambda tree: (tree / "a.txt").write_text("new"), SourceError, "differs from what was built"),
        (lambda tree: (tree / "a.txt").unlink(), SourceError, "holds no file"),
        (lambda tree: (tree / "l").symlink_to(tree / "a.txt"), SourceError, "neither a file nor a folder"),
        (lambda tree: os.mkfifo(tree / "f"), SourceError, "neither a file nor a folder"),
        (lambda tree: (tree / "a:b").touch(), OutputError, "FAT forbids"),
        (lambda tree: (tree / os.fsdecode(b"\xff")).touch(), OutputError, "FAT forbids"),
        (lambda tree: (tree / "a ").touch(), OutputError, "ends in a dot or a space"),
        (lambda tree: (tree / "A.TXT").touch(), OutputError, "has the same name as"),
    ],
    ids=["extra", "changed", "empty", "link", "pipe", "letter", "no text", "ending", "twins"],
)
@pytest.mark.skipif(sys.platform != "linux", reason="such names and files are made there")
def test_a_tree_that_is_not_as_it_was_built_is_refused(
    tmp_path: Path, spoil: Spoil, error: type[PackagerError], words: str
) -> None:
    """Named, and before anything is written."""
    tree = make_tree(tmp_path, "a.txt")
    spoil(tree)
    with pytest.raises(error, match=words):
        write_image(tree, tmp_path / "stick.img", SMALL[0])
    assert not (tmp_path / "stick.img").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="devices lie elsewhere there")
@pytest.mark.parametrize("replace", [False, True], ids=["asked or", "not"])
def test_a_device_is_never_written_to(tmp_path: Path, replace: bool) -> None:
    """Neither by its name nor through a link; whoever writes an image to a drive does so knowingly."""
    tree = make_tree(tmp_path, "a.txt")
    (tmp_path / "link.img").symlink_to("/dev/null")
    for target in (Path("/dev/null"), tmp_path / "link.img", tmp_path):
        with pytest.raises(OutputError, match="is not a plain file"):
            write_image(tree, target, SMALL[0], replace=replace)


def test_an_image_cannot_lie_in_its_own_tree(tmp_path: Path) -> None:
    """It would be part of what it holds."""
    tree = make_tree(tmp_path, "a.txt")
    with pytest.raises(OutputError, match="lies in the tree itself"):
        write_image(tree, tree / "stick.img", SMALL[0])


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such limit")
def test_a_disk_that_cannot_take_the_image_is_named(tmp_path: Path) -> None:
    """As a problem of the output, not as a traceback; nothing temporary stays."""
    import resource

    tree = make_tree(tmp_path, "a.txt")
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 * MIB, usual[1]))
    try:
        with pytest.raises(OutputError, match="cannot be written: File too large"):
            write_image(tree, tmp_path / "stick.img", SMALL[0])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keep", "window"]


# --- compared with its tree --------------------------------------------------------------------------


def test_an_image_is_what_its_tree_gives(tmp_path: Path) -> None:
    """Byte for byte, whether the medium is named or told by the image."""
    tree, image = make_tree(tmp_path, "a.txt", "b/c.txt"), tmp_path / "stick.img"
    made = write_image(tree, image, SMALL[1])
    assert verify_image(tree, image, SMALL[1]) == (made, None)
    assert verify_image(tree, image, medium_of(image)) == (made, None)


def changed(at: int) -> Callable[[Path], object]:
    """Invert one byte of an image."""

    def change(image: Path) -> None:
        with image.open("r+b") as file:
            file.seek(at)
            byte = file.read(1)
            file.seek(at)
            file.write(bytes([byte[0] ^ 0xFF]))

    return change


DIFFERENCES: dict[str, tuple[Callable[[Path], object], str]] = {
    "the number of the volume": (changed(START + 67), "the boot sectors"),
    "the partition table": (changed(450), "the partition table"),
    "the gap before the partition": (changed(1000), "what should be empty"),
    "a chain": (changed(START + 32 * 512 + 13), "the allocation tables"),
    "the last byte": (changed(START + 64 * MIB - 1), "what should be empty"),
    "an end that is cut": (lambda image: os.truncate(image, START + 64 * MIB - 9), "where the image ends"),
    "bytes behind the end": (lambda image: os.truncate(image, START + 64 * MIB + 9), "what follows the end"),
}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_where_an_image_differs_first_is_named(name: str, tmp_path: Path) -> None:
    """In words, whatever part of the image it is."""
    tree, image = make_tree(tmp_path, "a.txt", "b/c.txt"), tmp_path / "stick.img"
    write_image(tree, image, SMALL[0])
    change, words = DIFFERENCES[name]
    change(image)
    difference = verify_image(tree, image, SMALL[0])[1]
    assert difference
    assert difference.content.endswith(words)


def test_a_changed_file_and_a_changed_name_are_named_with_their_byte(tmp_path: Path) -> None:
    """As the file and the folder that they lie in."""
    tree, image = make_tree(tmp_path, "a.txt", "b/c.txt"), tmp_path / "stick.img"
    for name, content, words in (
        ("a.txt", (tree / "a.txt").read_bytes(), "the file window/a.txt"),
        ("c", b"C       TXT", "the folder window/b"),
    ):
        write_image(tree, image, SMALL[0], replace=True)
        at = image.read_bytes().index(content)
        changed(at)(image)
        difference = verify_image(tree, image, SMALL[0])[1]
        assert difference, name
        assert (difference.offset, difference.content) == (at, words)


def test_what_is_no_image_of_ours_cannot_be_compared(tmp_path: Path) -> None:
    """A short file, and a file that is not there, are refused with a reason."""
    (tmp_path / "a.img").write_bytes(bytes(100))
    with pytest.raises(SourceError, match="is no image"):
        medium_of(tmp_path / "a.img")
    with pytest.raises(OutputError, match="cannot be read"):
        medium_of(tmp_path / "b.img")


@pytest.mark.parametrize("sectors", [0, 3, 8, 255])
def test_an_image_with_a_size_of_clusters_that_we_do_not_give_is_none_of_ours(tmp_path: Path, sectors: int) -> None:
    """None, no power of two, and one that a volume of this size cannot have."""
    image = tmp_path / "stick.img"
    write_image(make_tree(tmp_path, "a.txt"), image, SMALL[0])
    with image.open("r+b") as file:
        file.seek(START + 13)  # BPB_SecPerClus of Microsoft's FAT specification
        file.write(bytes([sectors]))
    with pytest.raises(SourceError, match="is no image"):
        medium_of(image)


# --- the command --------------------------------------------------------------------------------------


def test_the_command_says_what_it_made(tmp_path: Path) -> None:
    """In words for people, as JSON for programs."""
    tree, image = make_tree(tmp_path, "a.txt", "b.txt"), tmp_path / "stick.img"
    said = packager("image", tree, image, "--medium", "usb-4gb")
    assert (said.returncode, said.stderr) == (0, "")
    assert "2 files" in said.stdout
    told = packager("image", tree, image, "--medium", "usb-4gb", "--force", "--output-format", "json")
    result = json.loads(told.stdout)
    assert result == {
        "path": str(image),
        "size_bytes": image.stat().st_size,
        "occupied_bytes": 3 * 32 * KIB,
        "cluster_bytes": 32 * KIB,
        "files": 2,
    }


@pytest.mark.parametrize("asked", ["64MB", "128MB"])
def test_a_size_is_answered_with_what_makes_an_image_of_it(tmp_path: Path, asked: str) -> None:
    """Not with --fit, which `image` does not have: the line that is named, in the file that is named, works."""
    tree = Tree(((PurePosixPath("window/index.html"), 5),), stick()).write(tmp_path)
    refused = packager("image", tree, "window.img", "--medium", asked, cwd=tmp_path)
    assert (refused.returncode, "--fit" in refused.stderr) == (2, False)
    line = refused.stderr.partition("a file with the line ")[2].partition(". ")[0]
    write(tmp_path / "my.toml", f"{line}\n")
    done = packager("image", tree, "window.img", "--medium", "my.toml", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_image_is_told_how_each_system_writes_it(tmp_path: Path) -> None:
    """With its own name, as a shell reads it, and a place for the stick's that no stick has."""
    tree = Tree(((PurePosixPath("window/index.html"), 5),), stick()).write(tmp_path)
    said = packager("image", tree, "my stick.img", "--medium", "usb-2gb", cwd=tmp_path).stdout
    told = {line.partition(" ")[0]: line for line in said.splitlines()}
    assert "dd if='my stick.img' of=/dev/sdN" in told["Linux"]
    assert "dd if='my stick.img' of=/dev/rdiskN" in told["macOS"]
    assert "Rufus" in told["Windows"]
    assert "will be lost" in told["Next"]


def test_the_command_compares_an_image_with_its_tree(tmp_path: Path) -> None:
    """With exit code 0 and 1, in words for people and as JSON for programs; the image stays as it is."""
    tree, image = make_tree(tmp_path, "a.txt", "b.txt"), tmp_path / "stick.img"
    (tmp_path / "small.toml").write_text('capacity = "72MB"\n')
    packager("image", tree, image, "--medium", "small.toml", cwd=tmp_path)
    same = packager("image", tree, image, "--verify", "--output-format", "json")
    assert (same.returncode, json.loads(same.stdout)["difference"]) == (0, None)
    changed(450)(image)
    before = image.stat().st_mtime_ns
    told = packager("image", tree, image, "--verify", "--medium", "small.toml", cwd=tmp_path)
    assert (told.returncode, told.stderr, image.stat().st_mtime_ns) == (1, "", before)
    assert "byte 450" in told.stdout
    assert "the partition table" in told.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["window", "stick.img"], 2),
        (["window", "stick.img", "--medium", "usb-64gb"], 2),
        (["window", "stick.img", "--medium", "usb-5gb"], 2),
        (["nowhere", "stick.img", "--medium", "usb-4gb"], 4),
        (["window", "nowhere/stick.img", "--medium", "usb-4gb"], 6),
        (["window", "stick.img", "--verify"], 6),
        (["window", "stick.img", "--verify", "--force"], 2),
    ],
    ids=["no medium", "a medium that is exFAT", "an unknown medium", "no tree", "no folder", "no image", "both"],
)
def test_the_command_ends_with_the_code_of_what_went_wrong(tmp_path: Path, arguments: list[str], code: int) -> None:
    """With one clear message, and without an image."""
    make_tree(tmp_path, "a.txt")
    result = packager("image", *arguments, cwd=tmp_path)
    assert result.returncode == code
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "stick.img").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("medium", [(), ("--medium", "usb-4gb")])
def test_a_pipe_is_refused_and_not_waited_for(medium: tuple[str, ...], tmp_path: Path) -> None:
    """It has no end: nothing may be read from it."""
    tree = make_tree(tmp_path, "index.html")
    os.mkfifo(tmp_path / "pipe")
    told = packager("image", tree, tmp_path / "pipe", "--verify", *medium)
    assert (told.returncode, "pipe: is not a plain file" in told.stderr) == (OutputError.exit_code, True)
