"""The tree's files onto one drive: in order, under their final names, with their times, written through."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

from packager.drive.mounted import Drive
from packager.drive.source import CopySource, folders_of
from packager.errors import OutputError, SourceError
from packager.model.progress import Progress
from packager.output.manifest import FIRST_MOMENT, File, moment
from packager.output.volume import write_through, write_through_names

PIECE_BYTES = 1024 * 1024
WINDOW = 32  # pieces kept; a drive that falls further behind reads the source again, and holds up nobody


class SharedReader:
    """Reads the tree for all drives: what one has read, those close behind it find in memory."""

    def __init__(self, source: CopySource) -> None:
        self._root = source.root
        self._kept: OrderedDict[tuple[Path, int], Future[bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many pieces are kept."""
        return len(self._kept)

    def pieces(self, file: File) -> Iterator[bytes]:
        """The bytes of a file; SourceError where the source cannot be read."""
        for offset in range(0, file.size_bytes, PIECE_BYTES):
            yield self._piece(self._root / file.path, offset)

    def _piece(self, path: Path, offset: int) -> bytes:
        with self._lock:
            known = self._kept.get((path, offset))
            piece = known or Future[bytes]()
            self._kept[path, offset] = piece
            while len(self._kept) > WINDOW:
                self._kept.popitem(last=False)
        if known is None:
            try:
                piece.set_result(_read(path, offset))
            except OSError as error:
                piece.set_exception(SourceError(f"cannot be read: {error.strerror}", where=path, hint="Build again."))
        return piece.result()


def write(source: CopySource, reader: SharedReader, drive: Drive, first: int, progress: Progress) -> None:
    """Write the files from number `first` on, then give all of them their times.

    Raises SourceError when the source is not what its manifest says, OSError when the drive fails.
    """
    for file in source.files[first:]:
        target = drive.folder / file.path
        if not target.parent.is_dir():
            target.parent.mkdir(parents=True)
        write_file(file, reader, target, drive, progress)
    settle(source, drive.folder / source.name)


def settle(source: CopySource, tree: Path) -> None:
    """Give all of the tree, which lies at `tree`, the times that it has in its manifest, and bring it to the disk."""
    for number, file in enumerate(source.files):
        _set_time(tree / file.path.relative_to(source.name), moment(number))
    folders = sorted(folders_of(source.files), key=lambda folder: len(folder.parts), reverse=True)
    places = [tree / folder.relative_to(source.name) for folder in folders]
    for place in places:
        _set_time(place, FIRST_MOMENT)
    for place in (*places, tree.parent):
        write_through_names(place)
    write_through(tree)


def _read(path: Path, offset: int) -> bytes:
    with path.open("rb", buffering=0) as file:
        file.seek(offset)
        return file.read(PIECE_BYTES)


def write_file(file: File, reader: SharedReader, target: Path, drive: Drive, progress: Progress) -> None:
    """Write one file of the tree to `target`, where nothing may be, and bring it to the disk.

    Raises SourceError when it is not what its manifest says, OSError when the drive fails.
    """
    digest = hashlib.sha256()
    with target.open("xb", buffering=0) as output:
        if os.fstat(output.fileno()).st_dev != drive.device:
            raise OutputError("is no longer mounted", where=drive.path, hint="Plug it in again, then copy again.")
        for piece in reader.pieces(file):
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


def _set_time(target: Path, time: datetime) -> None:
    """Give a file or folder the time it has in the tree, unless an interrupted copy has done so."""
    if target.stat().st_mtime != time.timestamp():
        os.utime(target, (time.timestamp(), time.timestamp()))
