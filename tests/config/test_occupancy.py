"""What trees occupy and volumes hold, against real ones: mkfs.fat, mcopy and fsck.fat; mkfs.exfat and exfat-fuse."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packager.config.filesystems import KIB, MIB, Filesystem, ShortNames, occupied_bytes, usable_bytes
from tests.helpers import drives
from tests.helpers.builders import make_bundle, packager
from tests.helpers.tree_strategies import LONGEST, NAMES, Files, files
from tests.system import tool

FAT_CLUSTERS = (4 * KIB, 8 * KIB, 32 * KIB)
EXFAT_CLUSTERS = (4 * KIB, 32 * KIB, 128 * KIB)
FORMATS = [
    *((Filesystem.FAT32, cluster) for cluster in FAT_CLUSTERS),
    *((Filesystem.EXFAT, cluster) for cluster in EXFAT_CLUSTERS),
]
FEWEST_FAT_CLUSTERS = 66_000
SETTINGS = settings(deadline=None, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class Volume:
    """A volume in a sparse file, and how its clusters are counted by those who know it."""

    image: Path
    cluster: int

    @property
    def free_clusters(self) -> int:
        """The clusters that nothing uses; the volume has no fault."""
        raise NotImplementedError


class Fat(Volume):
    """FAT32, counted by fsck.fat."""

    @property
    def free_clusters(self) -> int:
        said = _said("fsck.fat", "-n", self.image)
        *faults, count = said.splitlines()[1:]
        used, total = re.findall(r"(\d+)/(\d+) clusters", count)[0]
        assert faults == []
        return int(total) - int(used)


class ExFat(Volume):
    """ExFAT, counted by dump.exfat in the bitmap that fsck.exfat has found to be that of the files."""

    @property
    def free_clusters(self) -> int:
        assert ": clean." in _said("fsck.exfat", "-n", self.image)
        return int(re.findall(r"Free Clusters:\s*(\d+)", _said("dump.exfat", self.image))[0])


def fat(folder: Path, cluster: int, size: int | None = None, label: str = "") -> Fat:
    """An empty FAT32 volume, by mkfs.fat."""
    image = _sparse(folder / f"fat-{cluster}.img", size or FEWEST_FAT_CLUSTERS * cluster + 64 * MIB)
    _said("mkfs.fat", "-F", "32", "-s", cluster // 512, *(("-n", label) if label else ()), image)
    return Fat(image, cluster)


def exfat(folder: Path, cluster: int, size: int | None = None, label: str = "") -> ExFat:
    """An empty exFAT volume, by mkfs.exfat."""
    image = _sparse(folder / f"exfat-{cluster}.img", size or 10_000 * cluster + 64 * MIB)
    _said("mkfs.exfat", "-c", cluster, *(("-L", label) if label else ()), image)
    return ExFat(image, cluster)


def _sparse(image: Path, size: int) -> Path:
    with image.open("wb") as file:
        file.truncate(size)
    return image


def _said(command: str, *arguments: object) -> str:
    words = [str(tool(command)), *map(str, arguments)]
    return subprocess.run(words, check=True, capture_output=True, text=True, env=_UTF8).stdout


_UTF8 = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "MTOOLS_SKIP_CHECK": "1"}


def _written(files: Files, folder: Path) -> None:
    for path, size in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        with (folder / path).open("wb") as file:
            file.truncate(size)


def _mcopied(files: Files, volume: Fat) -> None:
    """The tree copied by mtools, as a reader without the kernel's driver writes it."""
    with tempfile.TemporaryDirectory() as source:
        _written(files, Path(source))
        _said("mcopy", "-s", "-i", volume.image, *sorted(Path(source).iterdir()), "::")


@contextmanager
def _mounted(volume: ExFat) -> Iterator[Path]:
    mounted = volume.image.with_suffix(".mounted")
    with drives.looped(volume.image) as device, drives.exfat_mounted(device, mounted) as drive:
        yield drive


def _foretold(files: Files, filesystem: Filesystem, cluster: int) -> int:
    """Clusters below the root; mtools keeps small 8.3 names in one entry, as Windows does."""
    top = next(iter(files)).parts[0]
    inside = [(path.relative_to(top), size) for path, size in files.items()]
    return occupied_bytes(inside, top, filesystem, cluster, short_names=ShortNames.ONE_CASE) // cluster


def takes_what_was_foretold(files: Files) -> None:
    """On FAT32 and exFAT, with each size of clusters: an error of 0 clusters."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for cluster in FAT_CLUSTERS:
            stick = fat(folder, cluster)
            before = stick.free_clusters
            _mcopied(files, stick)
            assert before - stick.free_clusters == _foretold(files, Filesystem.FAT32, cluster), f"FAT32, {cluster}"
        for cluster in EXFAT_CLUSTERS:
            card = exfat(folder, cluster)
            before = card.free_clusters
            with _mounted(card) as drive:
                _written(files, drive)
            assert before - card.free_clusters == _foretold(files, Filesystem.EXFAT, cluster), f"exFAT, {cluster}"


def _sizes() -> st.SearchStrategy[int]:
    """Empty, whole clusters of every size, a byte less and a byte more."""
    whole = st.builds(lambda count, cluster: count * cluster, st.integers(0, 5), st.sampled_from(EXFAT_CLUSTERS))
    return st.builds(lambda size, more: max(0, size + more), whole, st.sampled_from([-1, 0, 0, 1]))


@pytest.mark.needs("mkfs.fat", "mcopy", "mkfs.exfat", "mount.exfat-fuse")
@settings(SETTINGS, max_examples=4)
@given(files(_sizes(), crowd=400, names=NAMES | LONGEST))
def test_trees_take_the_clusters_foretold(files: Files) -> None:
    """A sample of generated trees on six real volumes each."""
    takes_what_was_foretold(files)


@pytest.mark.prove
@pytest.mark.needs("mkfs.fat", "mcopy", "mkfs.exfat", "mount.exfat-fuse")
@settings(SETTINGS, max_examples=200)
@given(files(_sizes(), crowd=3000, names=NAMES | LONGEST))
def test_two_hundred_trees_take_the_clusters_foretold(files: Files) -> None:
    """The whole proof."""
    takes_what_was_foretold(files)


# --- empty volumes ------------------------------------------------------------------------------------


def holds_what_was_foretold(filesystem: Filesystem, cluster: int, size: int) -> None:
    """An empty volume of that size, formatted with that cluster, has the usable clusters foretold, to the cluster."""
    make = fat if filesystem is Filesystem.FAT32 else exfat
    with tempfile.TemporaryDirectory() as folder:
        free = make(Path(folder), cluster, size).free_clusters
    root = 1 if filesystem is Filesystem.FAT32 else 0  # fsck.fat counts the root among the used ones
    assert (free + root) * cluster == usable_bytes(size, filesystem, cluster)


GB_128 = 128_000_000_000
FEWEST = {Filesystem.FAT32: 65_525 + 20, Filesystem.EXFAT: 1}  # clusters; fewer are not FAT32
MOST = 5_000_000  # clusters of a volume in these proofs: its table is written, not sparse


@st.composite
def _volumes(draw: st.DrawFn) -> tuple[Filesystem, int, int]:
    """A format, and a size from 64 MiB to 128 GB, to the sector, that it is used for."""
    filesystem = draw(st.sampled_from(Filesystem))
    cluster = draw(st.sampled_from([512 << power for power in range(8 if filesystem is Filesystem.FAT32 else 13)]))
    least = max(64 * MIB, FEWEST[filesystem] * (cluster + 8) + MIB)
    sectors = draw(st.integers(least // 512, min(GB_128, MOST * cluster) // 512))
    return filesystem, cluster, sectors * 512


@pytest.mark.needs("mkfs.fat", "mkfs.exfat")
@pytest.mark.parametrize(("filesystem", "cluster"), FORMATS)
@pytest.mark.parametrize("size", [3_715_104_768, 14_875_099_136], ids=["4 GB", "16 GB"])
def test_an_empty_volume_holds_what_was_foretold(filesystem: Filesystem, cluster: int, size: int) -> None:
    """The partitions of two usual media in the usual formats."""
    holds_what_was_foretold(filesystem, cluster, size)


@pytest.mark.needs("mkfs.fat", "mkfs.exfat")
@pytest.mark.parametrize(
    ("filesystem", "cluster", "size"),
    [
        (Filesystem.FAT32, 512, 64 * MIB),
        (Filesystem.FAT32, 32 * KIB, GB_128),
        (Filesystem.EXFAT, 4 * KIB, 64 * MIB),
        (Filesystem.EXFAT, 128 * KIB, GB_128),
    ],
)
def test_the_smallest_and_the_largest_volume_hold_what_was_foretold(
    filesystem: Filesystem, cluster: int, size: int
) -> None:
    """Both ends of the next proof."""
    holds_what_was_foretold(filesystem, cluster, size)


@pytest.mark.prove
@pytest.mark.needs("mkfs.fat", "mkfs.exfat")
@settings(SETTINGS, max_examples=200)
@given(_volumes())
def test_two_hundred_empty_volumes_hold_what_was_foretold(volume: tuple[Filesystem, int, int]) -> None:
    """The whole proof: 64 MiB to 128 GB, every size of clusters."""
    holds_what_was_foretold(*volume)


# --- a plan, and the stick ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a build, and the bundle beside it."""
    folder = tmp_path_factory.mktemp("planned")
    said = packager("build", make_bundle(folder / "window"), "-o", folder / "out")
    assert said.returncode == 0, said.stderr
    return folder / "out"


def planned_clusters(built: Path, filesystem: Filesystem, cluster: int) -> int:
    """What `packager plan` says of the bundle, told how the stick is formatted."""
    form = ("--filesystem", filesystem, "--cluster", cluster, "--output-format", "json")
    said = packager("plan", built.parent / "window", "-o", built, *form)
    occupied: int = json.loads(said.stdout)["occupied_bytes"]
    return occupied // cluster


@pytest.mark.needs("mkfs.exfat", "mount.exfat-fuse")
def test_a_tree_takes_what_its_plan_said(built: Path, tmp_path: Path) -> None:
    """On exFAT, to the cluster."""
    card = exfat(tmp_path, 32 * KIB)
    before = card.free_clusters
    with _mounted(card) as drive:
        shutil.copytree(built / "window", drive / "window")
    assert before - card.free_clusters == planned_clusters(built, Filesystem.EXFAT, 32 * KIB)


@pytest.mark.needs("mkfs.fat", "mcopy")
def test_a_tree_never_takes_more_than_its_plan_said(built: Path, tmp_path: Path) -> None:
    """On FAT32 with the clusters told or smaller ones, where mtools is thriftier with names than Linux."""
    told = planned_clusters(built, Filesystem.FAT32, 32 * KIB) * 32 * KIB
    for cluster in FAT_CLUSTERS:
        stick = fat(tmp_path, cluster)
        before = stick.free_clusters
        _said("mcopy", "-s", "-i", stick.image, built / "window", "::")
        assert (before - stick.free_clusters) * cluster <= told
