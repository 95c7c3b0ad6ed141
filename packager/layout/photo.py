"""The photo edition: numbered pictures in folders, for TVs and players that know nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from packager.layout.brief import Brief, Work, picture_entry
from packager.model import Copy, Entry, Rendition, Role
from packager.profile import Pages

MOST_IN_FOLDER = 99  # docs/devices.md section 4: DVD and car units


def photo(work: Work, brief: Brief) -> Iterator[Entry]:
    """The pictures of one version in reading order, the cover first; in a next folder where one is full."""
    shown = [item for item in work.renditions.of(Role.PHOTO) if isinstance(item, Rendition)]
    room = min(MOST_IN_FOLDER, brief.profile.tree.max_files_in_folder)
    digits = max(3, len(str(len(shown))))
    for index, picture in enumerate(shown):
        name = file_name(f"{index + 1:0{digits}}", "jpg", brief)
        yield picture_entry(folder(work, brief, index // room + 1) / name, Copy(picture.path), picture.size_bytes)


def folder(work: Work, brief: Brief, part: int = 1) -> PurePosixPath:
    """Folder `part`, from 1, of a work; all folders by name are in the order of reading."""
    first = work.place.photo if brief.profile.pages is Pages.SITE else work.place.number
    return first if part == 1 else first.with_name(f"{first.name}_{part:02}")


def file_name(stem: str, ending: str, brief: Brief) -> str:
    """The name in the letters that the profile allows: small ones where it can be, else capitals."""
    name = f"{stem}.{ending}"
    return name if re.fullmatch(brief.profile.tree.name_pattern, name) else name.upper()
