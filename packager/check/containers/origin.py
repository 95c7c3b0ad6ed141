"""Where the bytes of one file lie: small values that any process can open."""

from __future__ import annotations

import io
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PIECE_BYTES = 1 << 20


class DamageError(ValueError):
    """The bytes are not what their container says of them."""


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


@dataclass(frozen=True, slots=True)
class Pieces:
    """Runs of bytes of one file, as (start, length), which together are another."""

    path: Path
    runs: tuple[tuple[int, int], ...]

    def open(self) -> BinaryIO:
        return window(self.path.open("rb"), self.runs)


def window(file: BinaryIO, runs: tuple[tuple[int, int], ...]) -> BinaryIO:
    """The `runs` of `file` as a file of their own, which closes `file` when it is closed."""
    return io.BufferedReader(_Window(file, runs))


class _Window(io.RawIOBase):
    def __init__(self, file: BinaryIO, runs: tuple[tuple[int, int], ...]) -> None:
        self._file = file
        self._runs = runs
        self._ends = [0, *accumulate(length for _, length in runs)]
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._ends[-1]}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        place, length = self._place()
        self._file.seek(place)
        data = self._file.read(min(len(target), length))
        target[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _place(self) -> tuple[int, int]:
        """Where in the file the next byte lies, and how many follow it there."""
        run = bisect_right(self._ends, self._at) - 1
        if run == len(self._runs):
            return 0, 0
        passed = self._at - self._ends[run]
        start, length = self._runs[run]
        return start + passed, length - passed

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
