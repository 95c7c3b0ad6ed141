"""The photo edition: numbered pictures in folders, for TVs and players that know nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from packager.layout.build_input import BuildInput
from packager.layout.photo.contents import contents
from packager.layout.photo.names import file_name, folder
from packager.layout.works import WorkLayout, picture_entry
from packager.model import Entry, Rendition, Role

__all__ = ["contents", "photo", "photo_folders"]

MOST_IN_FOLDER = 99  # docs/devices.md section 4: DVD and car units


def photo(work: WorkLayout, build: BuildInput) -> Iterator[Entry]:
    """The pictures of one version in reading order, the cover first; in a next folder where one is full."""
    shown = [item for item in work.renditions.of(Role.PHOTO) if isinstance(item, Rendition)]
    digits = max(3, len(str(len(shown))))
    for index, picture in enumerate(shown):
        name = file_name(f"{index + 1:0{digits}}", "jpg", build)
        place = folder(work, build, index // _room(build) + 1)
        yield picture_entry(place / name, picture)


def photo_folders(work: WorkLayout, build: BuildInput) -> list[PurePosixPath]:
    """The folders that hold the pictures of one version."""
    count = sum(isinstance(item, Rendition) for item in work.renditions.of(Role.PHOTO))
    return [folder(work, build, part) for part in range(1, -(-count // _room(build)) + 1)]


def _room(build: BuildInput) -> int:
    return min(MOST_IN_FOLDER, build.profile.tree.max_files_in_folder)
