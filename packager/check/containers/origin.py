"""Where the bytes of one file lie: small values that any process can open."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, runtime_checkable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PIECE_BYTES = 1 << 20


class DamageError(ValueError):
    """The bytes are not what their container says of them."""


@runtime_checkable
class Origin(Protocol):
    """Something that can be opened."""

    def open(self) -> BinaryIO:
        """The bytes from their beginning, as a file that can seek; raises OSError, or DamageError."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A file of this computer's own."""

    path: Path

    def open(self) -> BinaryIO:
        return self.path.open("rb")


def window(file: BinaryIO, start: int, length: int) -> BinaryIO:
    """`length` bytes of `file` from `start` on as a file of their own, which closes `file` when it is closed."""
    return io.BufferedReader(_Window(file, start, length))


class _Window(io.RawIOBase):
    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        self._file = file
        self._start = start
        self._length = length
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        self._file.seek(self._start + self._at)
        data = self._file.read(max(0, min(len(target), self._length - self._at)))
        target[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
