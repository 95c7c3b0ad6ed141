"""Sticks and cards: those known by name, those that a TOML file describes, and bare space."""

from __future__ import annotations

import filecmp
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from packager.config import strict_toml
from packager.config.filesystems import GB, KIB, MIB, SECTOR, Filesystem, fat32_volume, usable_bytes
from packager.config.strict_toml import Reader, TomlPlace
from packager.errors import DefinitionError
from packager.text.spelling import size_in_bytes

# All numbers: docs/devices.md section 1.
SOLD_GB = (2, 4, 8, 16, 32, 64, 128)
KINDS = ("usb", "sd")
LARGEST_AS_FAT32 = 32 * GB  # larger sticks and cards come as exFAT
ASSUMED_CLUSTER = {Filesystem.FAT32: 32 * KIB, Filesystem.EXFAT: 128 * KIB}
LARGEST_CLUSTER = {Filesystem.FAT32: 64 * KIB, Filesystem.EXFAT: 32 * MIB}
FEWEST_CLUSTERS = 65_525  # with fewer, some systems take a volume for FAT16 (Microsoft's specification, section 3.5)
MOST_CLUSTERS = {Filesystem.FAT32: 268_435_444, Filesystem.EXFAT: 2**32 - 11}
PARTITION_START = 4 * MIB
PROMISED_PERCENT = 93  # of the capacity that a maker prints
FILLED_PERCENT = 95  # the rest is for what systems drop onto a medium
SMALLEST_SPACE = 64 * KIB  # no tree is smaller: below it, a unit was forgotten
SMALLEST_CAPACITY = 64 * MIB  # no FAT32 volume of less has the clusters that it must have
_HAS_UNIT_BYTES = 1_000_000  # less was meant as megabytes or gigabytes
_SMALLEST_WRITTEN = "68MB"  # the same as people write it


@dataclass(frozen=True, slots=True)
class Medium:
    """Where a tree will lie; `payload_bytes` is what it may occupy, clusters counted whole.

    `capacity_bytes` is the size of the whole stick or card, 0 where only the space on it is known.
    """

    name: str
    payload_bytes: int
    filesystem: Filesystem
    cluster_bytes: int
    capacity_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Format:
    """How a medium is formatted, as far as somebody said; None: as it usually is."""

    filesystem: Filesystem | None = None
    cluster_bytes: int | None = None


USUAL = Format()


def names() -> tuple[str, ...]:
    """The media known by name, such as usb-4gb."""
    return tuple(f"{kind}-{size}gb" for kind in KINDS for size in SOLD_GB)


def load(name: str, folder: Path | None = None, wanted: Format = USUAL) -> Medium:
    """The stick or card of that name, or the one in the TOML file `name`, in `folder` or in the current one.

    Where `wanted` says a format, it is that. Raises DefinitionError for an unknown medium and an impossible format.
    """
    if name in names():
        return described(name, promised_bytes(int(name.partition("-")[2].removesuffix("gb"))), wanted)
    if not name.endswith(".toml"):
        raise DefinitionError(f'no medium is called "{name}"', hint=hint(name))
    file, *_ = _files(name, folder)
    values, place = strict_toml.load(file)
    given = strict_toml.fields(values, place, _MEDIUM, required=("capacity",))
    base = Format(given.get("filesystem"), given.get("cluster"))
    return described(file.stem, given["capacity"], overlaid(base, wanted))


def _files(name: str, folder: Path | None) -> tuple[Path, ...]:
    """The files that `name` may mean, the one that is taken first; DefinitionError where there is none."""
    places = tuple(dict.fromkeys(place.absolute() / name for place in (folder, Path()) if place is not None))
    if files := tuple(place for place in places if place.is_file()):
        return files
    others = "".join(f", nor is {place}" for place in places[1:])
    raise DefinitionError(f"is not there{others}", where=places[0], hint="Write one of them, or correct the name.")


def passed_over(name: str, folder: Path) -> Path | None:
    """The file of the same name in the current folder that says something else than the one that `load` takes."""
    if not name.endswith(".toml"):
        return None
    first, *others = _files(name, folder)
    with suppress(OSError):  # what nobody may read could not have been taken
        return next((other for other in others if not filecmp.cmp(first, other, shallow=False)), None)
    return None


def hint(name: str, *, has_fit: bool = True) -> str:
    """What was probably meant by the name of an unknown medium, and all that are known.

    Where a size was meant, how that is said to a command that `has_fit`, its option --fit, or has none.
    """
    known = ", ".join(f"{KINDS[0]}-{size}gb" for size in SOLD_GB)
    others = f"There are {known}, the same with {KINDS[1]}-, or a file of your own, `my.toml`."
    size = name.rpartition("-")[2].upper()
    size += "GB" * size.isdigit()  # as of `usb-64`
    size_bytes = size_in_bytes(size)
    if size_bytes and has_fit:
        fit = size if size_bytes >= SMALLEST_SPACE else "500MB"
        others = f'For any size: `--fit {fit}`, or in bundle.toml `fit = "{fit}"`. {others}'
    elif size_bytes:
        capacity = size if size_bytes >= SMALLEST_CAPACITY else _SMALLEST_WRITTEN
        file = f'--medium my.toml, a file with the line capacity = "{capacity}"'
        others = f"For any size from {_SMALLEST_WRITTEN}: {file}. {others}"
    return f"{strict_toml.meant(name, names())} {others}".strip()


def space(fit_bytes: int, wanted: Format = USUAL) -> Medium:
    """A medium that is known only by the bytes a tree may occupy on it: FAT32, unless another format is wanted."""
    filesystem = wanted.filesystem or Filesystem.FAT32
    cluster = wanted.cluster_bytes or ASSUMED_CLUSTER[filesystem]
    _refuse_impossible(filesystem, cluster, fit_bytes)
    return Medium("", fit_bytes, filesystem, cluster)


def described(name: str, capacity_bytes: int, wanted: Format = USUAL) -> Medium:
    """The medium of that capacity, partition table included; DefinitionError where there is none."""
    usual = Filesystem.FAT32 if capacity_bytes <= LARGEST_AS_FAT32 else Filesystem.EXFAT
    filesystem = wanted.filesystem or usual
    if capacity_bytes < SMALLEST_CAPACITY:
        what = (
            f"a capacity of {capacity_bytes:,} bytes is less than the smallest for a FAT32 volume, {_SMALLEST_WRITTEN}"
        )
        smaller = "For a smaller card, say with --fit how much is free on it."
        hint = smaller if capacity_bytes >= _HAS_UNIT_BYTES else 'Write a unit, as in capacity = "4GB".'
        raise DefinitionError(what, where=name, hint=hint)
    cluster = wanted.cluster_bytes or usual_cluster(filesystem, capacity_bytes)
    _refuse_impossible(filesystem, cluster, capacity_bytes)
    medium = Medium(name, 0, filesystem, cluster, capacity_bytes)
    payload = usable_on(medium) * FILLED_PERCENT // 100 // 1_000_000 * 1_000_000
    return replace(medium, payload_bytes=payload)


def usable_on(medium: Medium) -> int:
    """Bytes in the clusters of the medium's one partition, empty."""
    return usable_bytes(medium.capacity_bytes - PARTITION_START, medium.filesystem, medium.cluster_bytes)


def usual_cluster(filesystem: Filesystem, capacity_bytes: int) -> int:
    """The clusters assumed of a medium; smaller on the smallest, which else were no FAT32."""
    cluster = ASSUMED_CLUSTER[filesystem]
    return cluster if filesystem is Filesystem.EXFAT else cluster_of_fat32(capacity_bytes, cluster)


def cluster_of_fat32(capacity_bytes: int, cluster_bytes: int) -> int:
    """The largest clusters up to that size with which a medium has as many as FAT32 must have."""
    while fat32_volume(capacity_bytes - PARTITION_START, cluster_bytes).clusters < FEWEST_CLUSTERS:
        cluster_bytes //= 2
    return cluster_bytes


def overlaid(base: Format, wanted: Format) -> Format:
    """Return `base` with what is `wanted` in its place; clusters of one file system say nothing of another."""
    if wanted.filesystem not in (None, base.filesystem):
        return wanted
    return Format(base.filesystem, wanted.cluster_bytes or base.cluster_bytes)


def promised_bytes(sold_gb: int) -> int:
    """What every stick or card holds that is sold as of so many GB."""
    return sold_gb * GB * PROMISED_PERCENT // 100 // MIB * MIB


def cluster_in_bytes(size: str) -> int | None:
    """The cluster size that `32KiB` means; None for what is none: powers of two from a sector up."""
    count = size_in_bytes(size)
    is_cluster = count and SECTOR <= count <= max(LARGEST_CLUSTER.values()) and count.bit_count() == 1
    return count if is_cluster else None


CLUSTER_HINT = "Clusters have 512 bytes, or 1, 2, 4, 8 ... KiB, such as 32KiB."


def filesystem(value: object, place: TomlPlace) -> Filesystem:
    """A reader of file systems, in whatever letters."""
    word = strict_toml.text(value, place)
    known = {str(member).lower(): member for member in Filesystem}
    if word.lower() not in known:
        raise place.error(f'"{word}" is not known here', strict_toml.nearest(word.lower(), known))
    return known[word.lower()]


def cluster(value: object, place: TomlPlace) -> int:
    """A reader of cluster sizes."""
    word = strict_toml.whole(value, place) if isinstance(value, int) and not isinstance(value, bool) else value
    count = cluster_in_bytes(str(word)) if isinstance(word, int | str) else None
    if count is None:
        raise place.error(f'"{value}" is no size of clusters', CLUSTER_HINT)
    return count


_MEDIUM: Mapping[str, Reader[Any]] = {"capacity": strict_toml.size, "filesystem": filesystem, "cluster": cluster}


def _refuse_impossible(filesystem: Filesystem, cluster_bytes: int, size_bytes: int) -> None:
    if cluster_bytes > LARGEST_CLUSTER[filesystem]:
        largest = LARGEST_CLUSTER[filesystem] // KIB
        raise DefinitionError(f"{filesystem} has clusters of up to {largest} KiB, not {cluster_bytes // KIB}")
    if size_bytes // cluster_bytes > MOST_CLUSTERS[filesystem]:
        what = f"{filesystem} with clusters of {cluster_bytes} bytes ends before {size_bytes / GB:,.0f} GB"
        raise DefinitionError(what, hint="Take larger clusters, or a smaller medium.")
