"""Sticks and cards: known by name, described in a file, listed, and refused in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packager.config import media
from packager.config.filesystems import GB, KIB, Filesystem
from packager.config.media import Format
from packager.drive.image import fat32_medium
from packager.errors import DefinitionError
from packager.text.spelling import size_in_bytes
from tests.helpers.builders import make_bundle, packager, write

pytestmark = pytest.mark.slow


def test_a_file_describes_a_medium(tmp_path: Path) -> None:
    """Its capacity, file system and clusters; the name is the file's."""
    write(tmp_path / "my-stick.toml", 'capacity = "3.9GB"\nfilesystem = "exFAT"\ncluster = "4KiB"\n')
    medium = media.load("my-stick.toml", tmp_path)
    assert (medium.name, medium.capacity_bytes) == ("my-stick", 3_900_000_000)
    assert (medium.filesystem, medium.cluster_bytes) == (Filesystem.EXFAT, 4 * KIB)
    assert 0.9 * 3.9 * GB < medium.payload_bytes < 0.95 * 3.9 * GB


def test_a_file_may_leave_the_format_out(tmp_path: Path) -> None:
    """Up to 32 GB media come as FAT32, larger ones as exFAT, and the largest usual clusters are assumed."""
    write(tmp_path / "small.toml", 'capacity = "32GB"\n')
    write(tmp_path / "large.toml", 'capacity = "33GB"\n')
    small, large = (media.load(f"{name}.toml", tmp_path) for name in ("small", "large"))
    assert (small.filesystem, small.cluster_bytes) == (Filesystem.FAT32, 32 * KIB)
    assert (large.filesystem, large.cluster_bytes) == (Filesystem.EXFAT, 128 * KIB)


def test_what_is_asked_takes_the_place_of_what_a_file_says(tmp_path: Path) -> None:
    """Clusters stay those of the file, but not on another file system."""
    write(tmp_path / "my.toml", 'capacity = "4GB"\nfilesystem = "fat32"\ncluster = "8KiB"\n')
    asked = (Format(None, 16 * KIB), Format(Filesystem.FAT32), Format(Filesystem.EXFAT))
    loaded = [media.load("my.toml", tmp_path, form) for form in asked]
    assert [medium.cluster_bytes for medium in loaded] == [16 * KIB, 8 * KIB, 128 * KIB]


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ('capacity = "-4GB"\n', "is not a size"),
        ("capacity = -4\n", "must be a whole number from 1 up, not -4"),
        ("capacity = 4\n", "Write a unit"),
        ('filesystem = "fat32"\n', "`capacity` is missing"),
        ('capacity = "4GB"\ncluster = "3KiB"\n', "no size of clusters"),
        ('capacity = "4GB"\ncluster = true\n', "no size of clusters"),
        ('capacity = "4GB"\ncluster = "128KiB"\n', "FAT32 has clusters of up to 64 KiB"),
        ('capacity = "4GB"\nfilesystem = "ntfs"\n', "Known: exfat, fat32"),
        ('capacity = "999TB"\nfilesystem = "fat32"\n', "ends before"),
        ('capacity = "4GB"\nclusters = "4KiB"\n', "Did you mean `cluster`?"),
    ],
)
def test_a_file_that_describes_no_medium_is_refused(tmp_path: Path, toml: str, says: str) -> None:
    """With what is wrong, or what to write."""
    write(tmp_path / "my.toml", toml)
    with pytest.raises(DefinitionError) as caught:
        media.load("my.toml", tmp_path)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--medium", "usb-5gb"), 2, "usb-4gb"),
        (("--medium", "500mb"), 2, "For any size: `--fit 500MB`"),
        (("--medium", "usb-5"), 2, "For any size: `--fit 5GB`"),
        (("--medium", "usb-500mb"), 2, 'or in bundle.toml `fit = "500MB"`. There are usb-2gb, usb-4gb, usb-8gb'),
        (("--medium", "USB-4GB"), 2, "Did you mean `usb-4gb`?"),
        (("--profile", "TV"), 3, "Did you mean `tv`?"),
        (("--medium", "none.toml"), 3, "none.toml"),
        (("--fit", "-5"), 2, "--fit '-5' is no size"),
        (("--fit", "5"), 2, "hold nothing"),
        (("--medium", "usb-4gb", "--cluster", "3KiB"), 2, "no size of clusters"),
        (("--medium", "usb-4gb", "--cluster", "-4KiB"), 2, "no size of clusters"),
        (("--medium", "usb-4gb", "--cluster", "128KiB"), 3, "up to 64 KiB"),
        (("--fit", "900TB"), 3, "ends before 900,000 GB"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
@pytest.mark.parametrize("command", ["build", "check"])
def test_a_wrong_medium_is_one_clear_line(
    tmp_path: Path, command: str, arguments: tuple[str, ...], code: int, says: str
) -> None:
    """What is wrong, perhaps with a hint below it, before any work is done."""
    (tmp_path / "b").mkdir()
    said = packager(command, "b", *arguments, cwd=tmp_path)
    assert (said.returncode, said.stdout) == (code, "")
    assert says in said.stderr
    assert len(said.stderr.splitlines()) <= 2


def test_an_image_has_the_clusters_that_are_listed() -> None:
    """Of every stick and card that an image can be made for."""
    known = [media.load(name) for name in media.names()]
    for medium in [medium for medium in known if medium.filesystem is Filesystem.FAT32]:
        assert fat32_medium(medium).cluster_bytes == medium.cluster_bytes
    assert media.load("usb-2gb").cluster_bytes == 16 * KIB


def test_sizes_may_do_without_the_b() -> None:
    """They are decimal then, as what is printed on a stick."""
    assert [size_in_bytes(size) for size in ("20M", "20 M", "20k", "2G", "20MB")] == [20e6, 20e6, 20e3, 2e9, 20e6]


def test_a_format_without_a_size_says_nothing_to_a_check(tmp_path: Path) -> None:
    """Nothing could be measured against it."""
    said = packager("check", tmp_path, "--cluster", "4KiB")
    assert (said.returncode, "with --medium" in said.stderr) == (2, True)


def test_a_bundle_may_name_a_medium_beside_it(tmp_path: Path) -> None:
    """The build counts in the clusters that the file says, unless the command line says others."""
    bundle = make_bundle(tmp_path / "window", pages=1, definition='medium = "my.toml"\neditions = ["site"]\n')
    write(bundle / "my.toml", 'capacity = "1GB"\ncluster = "4KiB"\n')
    occupied = []
    for more in ((), ("--cluster", "32KiB")):
        built = packager("build", bundle, "-o", tmp_path / "built", "--output-format", "json", *more)
        told = json.loads(built.stdout)
        occupied.append((told["cluster_bytes"], told["occupied_bytes"]))
    assert [cluster for cluster, _ in occupied] == [4 * KIB, 32 * KIB]
    assert occupied[0][1] < occupied[1][1]


def test_of_two_media_of_one_name_the_one_that_is_taken_is_said(tmp_path: Path) -> None:
    """The bundle's; nothing is said where both say the same."""
    bundle = make_bundle(tmp_path / "window", pages=1, definition='editions = ["site"]\n')
    write(bundle / "my.toml", 'capacity = "1GB"\n')
    said = []
    for capacity in ("2GB", "1GB"):
        write(tmp_path / "my.toml", f'capacity = "{capacity}"\n')
        told = packager("plan", "window", "--medium", "my.toml", cwd=tmp_path)
        assert "on my (FAT32" in told.stdout, told.stderr
        said.append([line for line in told.stdout.splitlines() if "as the medium" in line])
    taken, other = bundle / "my.toml", tmp_path / "my.toml"
    assert said == [[f"Look at   {taken}: was read as the medium, and not {other}, which says something else"], []]


def test_a_medium_that_is_nowhere_names_both_places(tmp_path: Path) -> None:
    """The bundle, where it is looked for first, and the current folder."""
    make_bundle(tmp_path / "window", pages=1)
    said = packager("plan", "window", "--medium", "my.toml", cwd=tmp_path)
    assert said.returncode == 3
    assert f"{tmp_path / 'window' / 'my.toml'}: is not there, nor is {tmp_path / 'my.toml'}" in said.stderr


def test_media_are_listed_with_what_they_hold() -> None:
    """Sticks and cards of one size on one line."""
    said = packager("media").stdout.splitlines()
    assert len(said) == len(media.SOLD_GB)
    assert said[1].split() == [
        "usb-4gb",
        "sd-4gb",
        "FAT32",
        "with",
        "clusters",
        "of",
        "32",
        "KiB",
        "3.53",
        "GB",
        "for",
        "a",
        "bundle",
    ]


def test_a_medium_is_explained() -> None:
    """The three figures of docs/devices.md section 1."""
    said = packager("media", "usb-4gb").stdout
    assert [line.split()[0] for line in said.splitlines()[1:]] == ["3,719,299,072", "3,714,121,728", "3,528,000,000"]


def test_media_are_listed_for_machines() -> None:
    """Every medium, with all its figures."""
    told = json.loads(packager("media", "--output-format", "json").stdout)["media"]
    assert [medium["name"] for medium in told] == list(media.names())
    assert told[5] == {
        "name": "usb-64gb",
        "capacity_bytes": 59_519_270_912,
        "usable_bytes": 59_511_537_664,
        "payload_bytes": 56_535_000_000,
        "filesystem": "exFAT",
        "cluster_bytes": 131_072,
    }
