"""FAT32 volumes in image files, walked without trusting them; Microsoft's FAT specification, version 1.03.

Every cluster belongs to one file or folder at most: what reaches a cluster a second time, and so every loop, is told
and not followed. The work is bounded by the size of the image, whatever it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from packager.check.containers import Contents
from packager.check.containers.beside import beside
from packager.check.containers.directory import ENTRY_BYTES, Listed, listed
from packager.check.containers.origin import Origin, Pieces
from packager.check.containers.volume import BAD, END, Volume, opened
from packager.check.facts import Found, Node
from packager.check.packed_facts import Flaw, VolumeFacts
from packager.check.show import listed as listed_names

MOST_FOLDER_BYTES = 65_536 * ENTRY_BYTES
MOST_NAMES = 1_000_000
FILES_FREE, BYTES_A_FILE = 20_000, 500
MOST_DEPTH = 64
SERIALS = frozenset((0, 0x1234ABCD))  # none, and the one that `mkfs.fat --invariant` and our own images have


@dataclass(slots=True)
class _Walk:
    path: Path
    volume: Volume
    claimed: bytearray  # one bit a cluster
    files: list[tuple[Found, Origin | None]] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    flaws: list[tuple[Flaw, str, str]] = field(default_factory=list)
    waiting: list[tuple[str, int]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    names: int = 0


def image_contents(path: Path) -> Contents:
    """What the FAT32 volume in the image at `path` holds, and every way in which it contradicts itself.

    Raises OSError where the image cannot be read, VolumeError where it is none of FAT32.
    """
    with path.open("rb") as file:
        volume = opened(file)
        if volume.missing_bytes:
            return _flawed(f"it ends {volume.missing_bytes:,} bytes before the volume does")
        walk = _Walk(path, volume, bytearray(volume.clusters // 8 + 1))
        walk.waiting.append(("", volume.root_cluster))
        while walk.waiting and walk.names <= MOST_NAMES:
            _folder(walk, *walk.waiting.pop())
        if walk.names > MOST_NAMES:
            return _flawed(f"it has more than {MOST_NAMES:,} names")
        size_bytes = sum(found.size_bytes for found, _ in walk.files)
        if len(walk.files) > FILES_FREE + size_bytes // BYTES_A_FILE:
            return _flawed(f"its {len(walk.files):,} files of {size_bytes:,} bytes are too many to read")
        walk.flaws += _tables(walk)
        walk.flaws += _told(walk)
    return Contents(
        files=tuple(sorted(walk.files, key=lambda one: one[0].path)),
        folders=tuple(sorted(walk.folders)),
        is_drive=True,
        volume=VolumeFacts(tuple(walk.flaws), tuple(dict.fromkeys(walk.deleted))),
        beside=beside(path, (origin for _, origin in walk.files)),
    )


def _flawed(message: str) -> Contents:
    return Contents(is_drive=True, volume=VolumeFacts(flaws=((Flaw.UNREADABLE, "", message),)))


def _folder(walk: _Walk, path: str, cluster: int) -> None:
    clusters, problem = _chain(walk, cluster, MOST_FOLDER_BYTES // walk.volume.cluster_bytes + 1)
    if problem:
        walk.flaws.append((Flaw.CHAIN, path, problem))
    seen: set[str] = set()
    for one in listed(walk.volume.bytes_of(number) for number in clusters):
        walk.names += 1
        if one.is_deleted:
            walk.deleted.append(one.name)
        elif one.is_label:
            continue
        elif one.problem or one.name.casefold() in seen:
            walk.flaws.append((Flaw.NAME, path, one.problem or f"two entries have the name {one.name}"))
        else:
            seen.add(one.name.casefold())
            _entry(walk, f"{path}/{one.name}" if path else one.name, one)


def _entry(walk: _Walk, path: str, one: Listed) -> None:
    if one.is_hidden:
        walk.flaws.append((Flaw.HIDDEN, path, "its attributes say that it is hidden, or the system's"))
    if one.is_folder:
        walk.folders.append(path)
        if path.count("/") >= MOST_DEPTH:
            walk.flaws.append((Flaw.NAME, path, "it lies too deep to be looked into"))
        else:
            walk.waiting.append((path, one.cluster))
        return
    origin = _file(walk, path, one)
    walk.files.append((Found(path, Node.FILE, one.size_bytes, one.modified_ns, walk.names), origin))


def _file(walk: _Walk, path: str, one: Listed) -> Origin | None:
    """Where the bytes of a file lie; None where its chain and its size do not agree."""
    if not one.cluster and not one.size_bytes:
        return Pieces(walk.path, ())
    clusters, problem = _chain(walk, one.cluster, walk.volume.clusters)
    if problem:
        walk.flaws.append((Flaw.CHAIN, path, problem))
        return None
    needed = -(-one.size_bytes // walk.volume.cluster_bytes)
    if len(clusters) != needed:
        message = f"it says {one.size_bytes:,} bytes, and has {len(clusters):,} clusters in place of {needed:,}"
        walk.flaws.append((Flaw.SIZE, path, message))
        return None
    return Pieces(walk.path, tuple(_runs(walk.volume, clusters, one.size_bytes)))


def _chain(walk: _Walk, cluster: int, most: int) -> tuple[list[int], str]:
    """The clusters of the chain that begins at `cluster`, now claimed, and why it ends where it must not."""
    clusters: list[int] = []
    while cluster < END:
        if not 2 <= cluster < walk.volume.clusters + 2 or cluster == BAD:
            return clusters, f"its chain leads to {cluster:,}, which is no cluster" if clusters else "it begins nowhere"
        place, bit = divmod(cluster - 2, 8)
        if walk.claimed[place] >> bit & 1:
            return clusters, f"its chain leads to cluster {cluster:,}, which has an owner already"
        if len(clusters) == most:
            return clusters, "its chain is longer than a folder can be"
        walk.claimed[place] |= 1 << bit
        clusters.append(cluster)
        cluster = walk.volume.following(cluster)
    return clusters, "" if clusters else "it begins nowhere"


def _runs(volume: Volume, clusters: list[int], size_bytes: int) -> Iterator[tuple[int, int]]:
    """Clusters as runs of bytes, neighbours together, cut at the end of the file."""
    first = previous = clusters[0]
    for cluster in (*clusters[1:], -1):
        if cluster != previous + 1:
            length = min((previous - first + 1) * volume.cluster_bytes, size_bytes)
            yield volume.place_of(first), length
            size_bytes -= length
            first = cluster
        previous = cluster


def _tables(walk: _Walk) -> Iterator[tuple[Flaw, str, str]]:
    """What the file allocation tables say that no file and no folder bears out."""
    lost = sum(1 for cluster in walk.volume.used() if not walk.claimed[(cluster - 2) // 8] >> (cluster - 2) % 8 & 1)
    if lost:
        yield Flaw.LOST, "", f"{lost:,} clusters are in use, and no file has them: what was deleted can be read there"
    if walk.volume.has_other_tables():
        yield Flaw.CHAIN, "", "its copies of the file allocation table differ"


def _told(walk: _Walk) -> Iterator[tuple[Flaw, str, str]]:
    """What the volume tells beside its files."""
    if walk.deleted:
        yield Flaw.DELETED, "", f"{len(walk.deleted):,} names can be read: {listed_names(walk.deleted)}"
    serial = walk.volume.serial
    if serial not in SERIALS:
        yield Flaw.SERIAL, "", f"its number is {serial >> 16:04X}-{serial & 0xFFFF:04X}"
