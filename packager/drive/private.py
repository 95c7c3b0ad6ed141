"""What lies on a drive by mistake, for it is for the organizer alone: told by its marks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from packager.config import definition
from packager.model import Finding, Severity
from packager.output import marks
from packager.output.marks import FolderMark

PRIVATE = "private"
_DEEPER = 2  # somebody who backs up a bundle on a stick may put it into a folder of a folder
_MOST_FOLDERS = 5000  # in one folder of the drive: looking takes some seconds at most


def private_at(drive: Path, path: PurePosixPath) -> Finding | None:
    """What is wrong with a file or folder of the drive that is for the organizer alone; None for any other."""
    mark = _mark(drive / path)
    if mark in (None, FolderMark.TREE):
        return None
    remedy = "Hand out another drive, for what is removed from this one can still be found there."
    return Finding(str(path), PRIVATE, f"is {mark}: whoever gets the drive can read it", remedy, Severity.WARNING)


def private_in(drive: Path, top: PurePosixPath) -> Iterator[Finding]:
    """What is for the organizer alone: the file or folder itself, else what lies in it up to two folders deeper."""
    places, looked_at = [top], 0
    while places and looked_at < _MOST_FOLDERS:
        place = places.pop()
        looked_at += 1
        if finding := private_at(drive, place):
            yield finding
        elif len(place.parts) <= len(top.parts) + _DEEPER:
            places += _folders_in(drive, place)


def _folders_in(drive: Path, place: PurePosixPath) -> list[PurePosixPath]:
    folder = drive / place
    if folder.is_symlink():
        return []
    with suppress(OSError), os.scandir(folder) as entries:
        return [place / entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    return []


def _mark(path: Path) -> FolderMark | None:
    if path.name == definition.FILE_NAME:
        return FolderMark.BUNDLE
    with suppress(OSError):
        if not path.is_dir():
            return None
        return marks.mark_of(path) or (FolderMark.BUNDLE if marks.is_laid_out_as_bundle(path) else None)
    return None
