"""Where files and folders lie on a FAT32 volume: folders first, then files, all in order and without gaps (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from packager.config.medium import (
    DOTS,
    Fat32Volume,
    Filesystem,
    ShortNames,
    directory_clusters,
    file_clusters,
    name_entries,
)
from packager.output.manifest import FIRST_MOMENT, File, moment

FIRST_CLUSTER = 2
_ROOT = PurePosixPath()


@dataclass(frozen=True, slots=True)
class Place:
    """Consecutive clusters; what is empty has none, and 0 for the first."""

    first: int
    clusters: int


@dataclass(frozen=True, slots=True)
class Child:
    """What a directory says of a file or folder in it; a folder's size is 0."""

    name: str
    place: Place
    size_bytes: int
    moment: datetime
    is_folder: bool


@dataclass(frozen=True, slots=True)
class Folder:
    """A directory; `parent_cluster` is None for the root, and 0 for what lies in the root."""

    place: Place
    parent_cluster: int | None
    children: tuple[Child, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """A volume with the places of all folders, the root first, and of all files, in the order of their clusters."""

    volume: Fat32Volume
    folders: tuple[Folder, ...]
    files: tuple[tuple[File, Place], ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """All places, one after the other."""
        return (*(folder.place for folder in self.folders), *(place for _, place in self.files))

    @property
    def used_clusters(self) -> int:
        """The clusters of all files and folders, the root's among them."""
        return sum(place.clusters for place in self.places)

    @property
    def occupied_bytes(self) -> int:
        """As `medium.occupied_bytes` counts it: without the root."""
        return (self.used_clusters - self._root_clusters) * self.volume.cluster_bytes

    @property
    def available_bytes(self) -> int:
        """What the whole volume offers beside the root."""
        return (self.volume.clusters - self._root_clusters) * self.volume.cluster_bytes

    @property
    def _root_clusters(self) -> int:
        return self.folders[0].place.clusters


def place(files: Sequence[File], volume: Fat32Volume) -> Placement:
    """Give every folder and file its clusters, whether or not the volume has as many."""
    children = _children(file.path for file in files)
    sizes = {path: _folder_clusters(path, inside, volume) for path, inside in children.items()}
    sizes |= {file.path: file_clusters(file.size_bytes, volume.cluster_bytes) for file in files}
    places = _places(sizes)
    described = {
        file.path: Child(file.path.name, places[file.path], file.size_bytes, moment(number), is_folder=False)
        for number, file in enumerate(files)
    }
    described |= {path: Child(path.name, places[path], 0, FIRST_MOMENT, is_folder=True) for path in children}
    folders = tuple(
        Folder(places[path], _parent_cluster(path, places), tuple(described[inner] for inner in inside))
        for path, inside in children.items()
    )
    return Placement(volume, folders, tuple((file, places[file.path]) for file in files))


def _children(paths: Iterable[PurePosixPath]) -> dict[PurePosixPath, tuple[PurePosixPath, ...]]:
    """What lies in each folder, the root first, each folder where the first file in it comes."""
    children: dict[PurePosixPath, dict[PurePosixPath, None]] = {_ROOT: {}}
    for file in paths:
        for path in (*reversed(file.parents[:-1]), file):
            children.setdefault(path.parent, {})[path] = None
    return {folder: tuple(inside) for folder, inside in children.items()}


def _folder_clusters(path: PurePosixPath, inside: Iterable[PurePosixPath], volume: Fat32Volume) -> int:
    entries = 0 if path == _ROOT else DOTS[Filesystem.FAT32]
    entries += sum(name_entries(inner.name, Filesystem.FAT32, ShortNames.ONE_CASE) for inner in inside)
    return directory_clusters(entries, volume.cluster_bytes)


def _places(sizes: dict[PurePosixPath, int]) -> dict[PurePosixPath, Place]:
    places = {}
    next_cluster = FIRST_CLUSTER
    for path, clusters in sizes.items():
        places[path] = Place(next_cluster if clusters else 0, clusters)
        next_cluster += clusters
    return places


def _parent_cluster(path: PurePosixPath, places: dict[PurePosixPath, Place]) -> int | None:
    if path == _ROOT:
        return None
    return 0 if path.parent == _ROOT else places[path.parent].first
