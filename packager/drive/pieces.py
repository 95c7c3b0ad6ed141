"""The tree's files in pieces for many drives: each read once while the drives keep within a window."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

from packager.drive.values import Source
from packager.errors import SourceError
from packager.output.manifest import File

PIECE_BYTES = 1024 * 1024
WINDOW = 32  # pieces kept; a drive that falls further behind reads the source again, and holds up nobody


class Pieces:
    """Memory that all drives share: what one has read, those close behind it find there."""

    def __init__(self, source: Source) -> None:
        self._root = source.root
        self._kept: OrderedDict[tuple[Path, int], Future[bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many pieces are kept."""
        return len(self._kept)

    def of(self, file: File) -> Iterator[bytes]:
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


def _read(path: Path, offset: int) -> bytes:
    with path.open("rb", buffering=0) as file:
        file.seek(offset)
        return file.read(PIECE_BYTES)
