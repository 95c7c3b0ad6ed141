"""The content of many files, each hashed once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast

Stamp = tuple[int, int, int]
"""Of a file: its number, size and time. Another one says that it may have been changed."""


class FileDigests:
    """The SHA-256 of files as they are now, read in `jobs` threads; raises OSError for one that cannot be read."""

    def __init__(self, files: Iterable[Path], jobs: int) -> None:
        paths = list(files)
        with ThreadPoolExecutor(jobs) as threads:
            self._known = dict(zip(map(str, paths), threads.map(_hashed, paths), strict=True))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield each file with its digest, in the order given."""
        return ((path, digest) for path, (digest, _) in self._known.items())

    def of(self, file: Path) -> str:
        """Return the digest of a file; "" for one that is not known, or was changed since."""
        digest, stamp = self._known.get(str(file), ("", None))
        try:
            return digest if digest and stamp_of(file.stat()) == stamp else ""
        except OSError:
            return ""


def digest_of(file: BinaryIO) -> str:
    """Return the SHA-256 of an open file as 64 hexadecimal digits, read piece by piece."""
    return hashlib.file_digest(cast(BufferedReader, file), "sha256").hexdigest()


def stamp_of(status: os.stat_result) -> Stamp:
    """Return the stamp of a file."""
    return status.st_ino, status.st_size, status.st_mtime_ns


def _hashed(path: Path) -> tuple[str, Stamp]:
    with path.open("rb") as file:
        stamp = stamp_of(os.fstat(file.fileno()))
        return digest_of(file), stamp
