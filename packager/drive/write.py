"""The tree's files onto one drive: in order, under their final names, with their times, written through."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path, PurePosixPath

from packager.drive.pieces import Pieces
from packager.drive.values import Drive, Source, folders_of
from packager.errors import OutputError, SourceError
from packager.model.progress import Progress
from packager.output.manifest import FIRST_MOMENT, File, moment
from packager.output.staging.volume import write_through, write_through_names


def write(source: Source, pieces: Pieces, drive: Drive, first: int, progress: Progress) -> None:
    """Write the files from number `first` on; those before it get their times again.

    Raises SourceError when the source is not what its manifest says, OSError when the drive fails.
    """
    for number, file in enumerate(source.files):
        target = drive.folder / file.path
        if number >= first:
            if not target.parent.is_dir():
                target.parent.mkdir(parents=True)
            _write_file(file, pieces, target, drive, progress)
        _settle(target, moment(number))
    folders = sorted(folders_of(source.files), key=lambda folder: len(folder.parts), reverse=True)
    for folder in folders:
        _settle(drive.folder / folder, FIRST_MOMENT)
    for folder in (*folders, PurePosixPath()):
        write_through_names(drive.folder / folder)
    write_through(drive.folder / source.name)


def _write_file(file: File, pieces: Pieces, target: Path, drive: Drive, progress: Progress) -> None:
    digest = hashlib.sha256()
    with target.open("xb", buffering=0) as output:
        if os.fstat(output.fileno()).st_dev != drive.device:
            raise OutputError("is no longer mounted", where=drive.path, hint="Plug it in again, then copy again.")
        for piece in pieces.of(file):
            _write_all(output.fileno(), piece)
            digest.update(piece)
            progress.advance(len(piece))
        os.fsync(output.fileno())
    if digest.hexdigest() != file.sha256:
        raise SourceError("is not as it was built", where=file.path, hint="Build again.")


def _write_all(output: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(output, rest) :]


def _settle(target: Path, time: datetime) -> None:
    """Give a file or folder the time it has in the tree, unless an interrupted copy has done so."""
    if target.stat().st_mtime != time.timestamp():
        os.utime(target, (time.timestamp(), time.timestamp()))
