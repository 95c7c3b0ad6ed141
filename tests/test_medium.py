"""What a tree occupies, against the figures of docs/devices.md and real FAT32 images."""

from __future__ import annotations

import subprocess
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager import media
from packager.medium import KIB, MIB, Filesystem, ShortNames, is_short_name, occupied_bytes, usable_bytes
from tests.system import tool


@pytest.mark.parametrize(
    ("name", "usable_less_five_percent"),
    [
        ("usb-2gb", 1_761_000_000),
        ("usb-4gb", 3_528_000_000),
        ("sd-8gb", 7_061_000_000),
        ("usb-16gb", 14_127_000_000),
        ("sd-32gb", 28_260_000_000),
    ],
)
def test_a_medium_holds_what_the_table_of_devices_says(name: str, usable_less_five_percent: int) -> None:
    """The payload of FAT32 media is that of docs/devices.md section 1."""
    assert media.load(name).payload_bytes == usable_less_five_percent


def test_media_above_32_gb_are_exfat() -> None:
    """Larger sticks and cards come as exFAT, with the clusters of its usual formatters."""
    large = media.load("sd-64gb")
    assert (large.filesystem, large.cluster_bytes) == (Filesystem.EXFAT, 128 * KIB)


def test_an_empty_folder_takes_one_cluster() -> None:
    """The top folder is there even when nothing lies in it."""
    assert occupied_bytes([], "window", Filesystem.FAT32, 4 * KIB) == 4 * KIB


def test_an_empty_file_takes_no_cluster_but_its_name() -> None:
    """FAT gives clusters to bytes only."""
    files = [(PurePosixPath("a.txt"), 0)]
    assert occupied_bytes(files, "window", Filesystem.FAT32, 4 * KIB) == 4 * KIB


@pytest.mark.parametrize(
    ("name", "with_capitals_only", "with_one_case_a_part"),
    [
        ("INDEX.TXT", True, True),
        ("index.txt", False, True),
        ("INDEX.txt", False, True),
        ("001.jpg", False, True),
        ("001", True, True),
        ("window", False, True),
        ("Index.txt", False, False),
        ("index.html", False, False),
        ("bookmarks.txt", False, False),
        ("a.b.c", False, False),
        ("a.", False, False),
        (".a", False, False),
        ("a b.txt", False, False),
        ("창.txt", False, False),
        ("ﬁ.txt", False, False),
    ],
)
def test_a_name_is_short_where_one_entry_holds_it_as_it_is(
    name: str, with_capitals_only: bool, with_one_case_a_part: bool
) -> None:
    """Two flags can make the stem or the extension small; a part of both cases needs a long name."""
    assert is_short_name(name, ShortNames.UPPER) is with_capitals_only
    assert is_short_name(name, ShortNames.ONE_CASE) is with_one_case_a_part


def test_flags_for_small_letters_save_entries() -> None:
    """Two hundred small names and the two dots fill one cluster of 8 KiB in single entries, and two in pairs."""
    files = [(PurePosixPath(f"{number:03}.jpg"), 0) for number in range(200)]
    assert occupied_bytes(files, "w", Filesystem.FAT32, 8 * KIB, short_names=ShortNames.ONE_CASE) == 8 * KIB
    assert occupied_bytes(files, "w", Filesystem.FAT32, 8 * KIB) == 16 * KIB


@pytest.mark.parametrize("name", [name for name in media.names() if name.endswith("-4gb")])
def test_the_capacity_of_a_medium_is_what_makers_promise(name: str) -> None:
    """Docs/devices.md section 1: the raw floor, partition table included."""
    assert media.load(name).capacity_bytes == 3_719_299_072


FILES = st.dictionaries(
    st.lists(st.from_regex(r"[a-z0-9_-]{1,12}", fullmatch=True), min_size=1, max_size=3).map(
        lambda parts: PurePosixPath(*parts, "f.jpg")
    ),
    st.integers(0, 300_000),
    max_size=12,
)


@given(files=FILES, cluster=st.sampled_from([4 * KIB, 32 * KIB, 128 * KIB]), filesystem=st.sampled_from(Filesystem))
def test_occupancy_is_whole_clusters_and_never_less_than_the_files(
    files: dict[PurePosixPath, int], cluster: int, filesystem: Filesystem
) -> None:
    """However files are spread over folders."""
    occupied = occupied_bytes(files.items(), "window", filesystem, cluster)
    assert occupied % cluster == 0
    assert occupied >= sum(files.values()) + cluster


@pytest.mark.needs("mkfs.fat", "mcopy")
@pytest.mark.parametrize("cluster", [4 * KIB, 32 * KIB])
def test_a_real_fat32_volume_uses_exactly_the_clusters_foretold(tmp_path: Path, cluster: int) -> None:
    """Used clusters after copying a tree with short, long and Korean names, counted by fsck.fat.

    mtools keeps a lower-case 8.3 name in one entry where Linux writes two: the many names here are long.
    """
    tree = tmp_path / "window"
    for name, size in [
        ("a.jpg", 0),
        ("001.jpg", cluster),
        ("w401-en/long-name-of-a-page.jpg", cluster + 1),
        ("창/그림.txt", 7),
    ]:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(b"x" * size)
    for number in range(150):
        (tree / "w401-en" / f"picture-{number:03}.jpg").write_bytes(b"x")
    image = tmp_path / "stick.img"
    volume = 66_000 * cluster + 64 * MIB
    with image.open("wb") as file:
        file.truncate(volume)
    subprocess.run(
        [tool("mkfs.fat"), "-F", "32", "-s", str(cluster // 512), str(image)], check=True, capture_output=True
    )
    before = _used_clusters(image)
    subprocess.run(
        [tool("mcopy"), "-s", "-i", str(image), str(tree), "::"],
        check=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    files = [
        (PurePosixPath(path.relative_to(tree).as_posix()), path.stat().st_size)
        for path in tree.rglob("*")
        if path.is_file()
    ]
    assert (_used_clusters(image)[0] - before[0]) * cluster == occupied_bytes(
        files, "window", Filesystem.FAT32, cluster
    )
    assert before[1] * cluster == usable_bytes(volume, Filesystem.FAT32, cluster)


def _used_clusters(image: Path) -> tuple[int, int]:
    """Used and total clusters, as fsck.fat counts them."""
    result = subprocess.run(
        [tool("mkfs.fat").with_name("fsck.fat"), "-n", str(image)], check=True, capture_output=True, text=True
    )
    used, _, total = result.stdout.rstrip().rpartition(" ")[0].rpartition(" ")[2].partition("/")
    return int(used), int(total)
