"""The content of many files, each hashed once in a build."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast

from packager.errors import SourceError

_DIGEST_BYTES = 32
_SUM_BYTES = 16  # of a stamp

Stamp = tuple[int, int, int]
"""Of a file: its number, size and time. Another one says that it may have been changed."""


class FileDigests:
    """The SHA-256 of files, each with the stamp that it had before it was hashed.

    Those that are `large` have only their stamps yet: they are hashed, `jobs` at a time, when all are asked for.
    """

    def __init__(self, known: Iterable[tuple[str, str, Stamp]], large: Mapping[str, Stamp], jobs: int) -> None:
        # As bytes they take a quarter of the memory of values.
        self._known = {path: bytes.fromhex(digest) + _sum_of(stamp) for path, digest, stamp in known}
        self._large = large
        self._jobs = jobs

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield each file with its digest, "" for one that was changed meanwhile; those that are large come last."""
        yield from ((path, known[:_DIGEST_BYTES].hex()) for path, known in self._known.items())
        yield from self._of_large.items()

    @cached_property
    def _of_large(self) -> dict[str, str]:
        with ThreadPoolExecutor(self._jobs) as threads:
            return dict(zip(self._large, threads.map(_unchanged, self._large.items()), strict=True))

    def of(self, file: Path) -> str:
        """Return the digest of a file; "" for one that is large or not known, or was changed since."""
        known = self._known.get(str(file), b"")
        try:
            is_same = bool(known) and _sum_of(stamp_of(file.stat())) == known[_DIGEST_BYTES:]
            return known[:_DIGEST_BYTES].hex() if is_same else ""
        except OSError:
            return ""


def digest_of(file: BinaryIO) -> str:
    """Return the SHA-256 of an open file as 64 hexadecimal digits, read piece by piece."""
    return hashlib.file_digest(cast(BufferedReader, file), "sha256").hexdigest()


def stamp_of(status: os.stat_result) -> Stamp:
    """Return the stamp of a file."""
    return status.st_ino, status.st_size, status.st_mtime_ns


def hashed(files: tuple[Path, ...]) -> tuple[str, ...]:
    """Return the digest of each file. A job for a worker; raises SourceError for one that cannot be read."""
    try:
        return tuple(map(_digest_at, files))
    except OSError as error:
        raise SourceError(error.strerror or str(error)) from error


def _sum_of(stamp: Stamp) -> bytes:
    return hashlib.sha256(repr(stamp).encode()).digest()[:_SUM_BYTES]


def _unchanged(file: tuple[str, Stamp]) -> str:
    """The digest of a file; "" where it has not that stamp any more."""
    path, stamp = Path(file[0]), file[1]
    try:
        digest = _digest_at(path)
        return digest if stamp_of(path.stat()) == stamp else ""
    except OSError:
        return ""


def _digest_at(path: Path) -> str:
    with path.open("rb") as file:
        return digest_of(file)
