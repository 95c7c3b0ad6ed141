"""What a tree occupies, against the figures of docs/devices.md; tests/config/test_occupancy.py asks real volumes."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.config import media
from packager.config.filesystems import KIB, Filesystem, ShortNames, is_short_name, occupied_bytes, unholdable


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


@given(files=FILES, cluster=st.sampled_from([4 * KIB, 32 * KIB, 64 * KIB]), filesystem=st.sampled_from(Filesystem))
def test_smaller_clusters_never_take_more(
    files: dict[PurePosixPath, int], cluster: int, filesystem: Filesystem
) -> None:
    """What fits the clusters that were assumed fits every format with smaller ones."""
    assumed = occupied_bytes(files.items(), "window", filesystem, cluster)
    smaller = [occupied_bytes(files.items(), "window", filesystem, cluster >> power) for power in range(1, 4)]
    assert max(smaller) <= assumed


@pytest.mark.parametrize(
    ("files", "filesystem", "says"),
    [
        ({"a": 2**32 - 1}, Filesystem.FAT32, []),
        ({"a": 2**32}, Filesystem.FAT32, ["window/a is larger"]),
        ({"a": 2**32}, Filesystem.EXFAT, []),
        ({f"{n:05}": 0 for n in range(32_767)}, Filesystem.FAT32, []),
        ({f"{n:05}.html": 0 for n in range(32_768)}, Filesystem.FAT32, ["window holds more names"]),
        ({"창" * 255: 0}, Filesystem.FAT32, []),
        ({"창" * 256: 0}, Filesystem.EXFAT, ["has a name that exFAT cannot hold"]),
        ({"b/a:b": 0, "b/c": 0}, Filesystem.FAT32, ["window/b/a:b has a name"]),
        ({"a.": 0}, Filesystem.FAT32, ["window/a. has a name"]),
        ({"a.txt": 0, "A.TXT": 0}, Filesystem.EXFAT, ["window/A.TXT has a name that differs", "window/a.txt has"]),
    ],
)
def test_what_a_file_system_cannot_hold_is_named(
    files: dict[str, int], filesystem: Filesystem, says: list[str]
) -> None:
    """The limits of docs/devices.md section 1, and what lies just inside them."""
    found = list(unholdable([(PurePosixPath(path), size) for path, size in files.items()], "window", filesystem))
    assert len(found) == len(says)
    assert all(begin in one for begin, one in zip(says, found, strict=True))
