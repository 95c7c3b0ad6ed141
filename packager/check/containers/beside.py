"""What of an image is in none of its files: labels, names, what was deleted, what lies in free clusters."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from packager.check.containers.origin import Origin, Pieces

AT_ONCE = 16 * 1024 * 1024  # bytes that one worker looks through
OVERLAP = 4096  # for words that lie across the end of what was looked through

Run = tuple[int, int]  # the first byte, and the one behind the last


def beside(path: Path, files: Iterable[Origin | None]) -> tuple[Pieces, ...]:
    """Every byte of the image at `path` outside of `files`, in pieces, without what the file system never stored."""
    runs = sorted(run for origin in files if isinstance(origin, Pieces) for run in origin.runs)
    lots: list[list[Run]] = [[]]
    room = AT_ONCE
    with path.open("rb", buffering=0) as file:
        for first, last in _gaps(runs, file.seek(0, os.SEEK_END)):
            for start, end in _stored(file.fileno(), first, last):
                for at in range(start, end, AT_ONCE - OVERLAP):
                    length = min(AT_ONCE, end - at)
                    if length > room:
                        lots.append([])
                        room = AT_ONCE
                    lots[-1].append((at, length))
                    room -= length
    return tuple(Pieces(path, tuple(lot)) for lot in lots if lot)


def _gaps(runs: Iterable[Run], size_bytes: int) -> Iterator[Run]:
    at = 0
    for start, length in (*runs, (size_bytes, 0)):
        if start > at:
            yield at, start
        at = max(at, start + length)


def _stored(file: int, at: int, end: int) -> Iterator[Run]:
    """The parts from `at` to `end` that take space on this computer's disk; the rest of a sparse file is zeros."""
    with suppress(OSError):  # nothing but a hole is left
        while hasattr(os, "SEEK_DATA") and at < end:
            start = os.lseek(file, at, os.SEEK_DATA)
            at = min(end, os.lseek(file, start, os.SEEK_HOLE))
            if start < at:
                yield start, at
    if not hasattr(os, "SEEK_DATA"):
        yield at, end
