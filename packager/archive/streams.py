"""Pieces of bytes as a stream."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


PIECE_BYTES = 1 << 18
"""How much of a file in an archive is held at a time."""


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
