"""Pieces of bytes as a stream."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from packager.archive import BY_HAND, DamagedArchive

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


PIECE_BYTES = 1 << 18
"""How much of a file in an archive is held at a time."""


def exactly(stream: IO[bytes], size_bytes: int, damage: str) -> Iterator[bytes]:
    """Yield so many bytes from where a stream stands; DamagedArchive, with what is said of it, where it ends before."""
    while size_bytes:
        piece = stream.read(min(size_bytes, PIECE_BYTES))
        if not piece:
            raise DamagedArchive(damage, hint=BY_HAND)
        size_bytes -= len(piece)
        yield piece


class PieceStream(io.RawIOBase):
    """A stream of pieces; an error that ends them comes when all before it has been read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        while not self._piece and (piece := next(self._pieces, None)) is not None:
            self._piece = memoryview(piece)
        target = memoryview(buffer).cast("B")
        count = min(len(target), len(self._piece))
        target[:count], self._piece = self._piece[:count], self._piece[count:]
        return count
