"""Folders and files of the photo edition: numbers, in letters that the profile allows."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from packager.config.profile import Pages
from packager.layout.build_input import BuildInput
from packager.layout.works import WorkLayout


def folder(work: WorkLayout, build: BuildInput, part: int = 1) -> PurePosixPath:
    """Folder `part`, from 1, of a work; by name the folders are in the order of reading."""
    first = work.paths.photo if build.profile.pages is Pages.SITE else work.paths.number
    return first if part == 1 else first.with_name(f"{first.name}_{part:02}")


def file_name(stem: str, ending: str, build: BuildInput) -> str:
    """The name in small letters where the profile has them, else in capitals."""
    name = f"{stem}.{ending}"
    return name if re.fullmatch(build.profile.tree.name_pattern, name) else name.upper()
