"""What jobs answered, kept in one file from one build to the next.

A record is an answer as workers encode it, so that it is data and no program. It is found by the sum of all that
decides it, and proves itself by a sum of its own, or counts for nothing. Behind the records lies a table of them,
sorted by key: only that is in memory. A build writes a new file, of the records that it used or made, so that none
grows.
"""

from __future__ import annotations

import os
import struct
import threading
from bisect import bisect_left
from collections.abc import Hashable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

from packager.files.ownership import open_own_file
from packager.sandbox.answer_types import Check, check_of
from packager.sandbox.answers import decode, encode, moved
from packager.sandbox.limits import LIMITS

T = TypeVar("T")
_FORMAT = 1  # counts up when files become others
_HOME = "\0"  # stands for the folder, since no path has it
_SUM_BYTES = 16
_ROW = struct.Struct(f">{_SUM_BYTES}sQI{_SUM_BYTES}s")  # key, place and length of the record, its sum
_END = struct.Struct(f">Q{_SUM_BYTES}s")  # the number of rows, and the sum of the table


def key_of(*parts: object) -> bytes:
    """Return what stands for these parts, in words of ours, where they alone decide an answer."""
    return _sum("\0".join(map(str, parts)).encode("utf-8", "surrogateescape"))


class Remembered:
    """The records of the file `old`, which need not be there, and those of the new one that a build writes.

    Both hold for one `fingerprint` alone: what decides all answers, beside their keys. Where the folder `home` lies is
    not kept. Threads may share it.
    """

    def __init__(self, old: Path | None, new: Path, fingerprint: str, home: Path) -> None:
        self._home = str(home)
        self._head = b"packager %d %s\n" % (_FORMAT, fingerprint.encode())
        self._old = _Records.opened(old, self._head) if old else None
        self._file = new.open("xb")
        self._file.write(self._head)
        self._rows = [
            bytearray() for _ in range(256)
        ]  # by the first byte of their keys, so that few are sorted at once
        self._lock = threading.Lock()

    def get(self, key: bytes, kind: type[T]) -> T | None:
        """Return the answer under a key, if it is of that type, and keep it for the next build; None for none."""
        found = self.find(key, check_of(cast(Hashable, kind)))
        return cast(T, found[0]) if found else None

    def find(self, key: bytes, is_answer: Check) -> tuple[object] | None:
        """Return the same in a tuple, since None may be an answer too."""
        if self._old is None:
            return None
        with self._lock:
            data = self._old.record(key)
        if data is None:
            return None
        try:
            value = decode(moved(data, _HOME, self._home), is_answer)
        except Exception:  # bytes of any kind raise errors of any kind
            return None
        self._append(key, data)
        return (value,)

    def put(self, key: bytes, value: object, most_bytes: int = LIMITS.answer_bytes) -> None:
        """Keep an answer under a key, if it takes no more bytes."""
        data = moved(encode(value), self._home, _HOME)
        if len(data) <= most_bytes:
            self._append(key, data)

    def finish(self) -> Path:
        """Return the new file, which is whole now."""
        table = b"".join(map(_in_order, self._rows))
        self._file.write(table + _END.pack(len(table) // _ROW.size, _sum(table)))
        self.close()
        return Path(self._file.name)

    def close(self) -> None:
        """Close both files."""
        self._file.close()
        if self._old:
            self._old.close()

    def _append(self, key: bytes, data: bytes) -> None:
        with self._lock:
            self._rows[key[0]] += _ROW.pack(key, self._file.tell(), len(data), _sum(data))
            self._file.write(data)


class _Records:
    """The records of a whole file of ours."""

    def __init__(self, file: BinaryIO, table: bytes) -> None:
        self._file = file
        self._table = table
        self.close = file.close

    @classmethod
    def opened(cls, path: Path, head: bytes) -> _Records | None:
        """Return the records in the file at `path`; None where it is not there, not ours, or not whole."""
        with suppress(OSError):
            file = open_own_file(path)
            table = _table_of(file, head)
            if table is not None:
                return cls(file, table)
            file.close()
        return None

    def record(self, key: bytes) -> bytes | None:
        """Return the record under a key; None for none, and for one that is not what was written."""
        number = bisect_left(range(len(self._table) // _ROW.size), key, key=self._key)
        if self._key(number) != key:
            return None
        _, place, length, digest = _ROW.unpack_from(self._table, number * _ROW.size)
        if length > LIMITS.answer_bytes:
            return None
        self._file.seek(place)
        data = self._file.read(length)
        return data if _sum(data) == digest else None

    def _key(self, number: int) -> bytes:
        return self._table[number * _ROW.size : number * _ROW.size + _SUM_BYTES]


def _table_of(file: BinaryIO, head: bytes) -> bytes | None:
    """Return the table behind the records of a file; None where any of it is not what was written."""
    if file.read(len(head)) != head:
        return None
    end = file.seek(0, os.SEEK_END) - _END.size
    if end < len(head):
        return None
    file.seek(end)
    count, digest = _END.unpack(file.read(_END.size))
    if not 0 <= count * _ROW.size <= end - len(head):
        return None
    file.seek(end - count * _ROW.size)
    table = file.read(count * _ROW.size)
    return table if _sum(table) == digest else None


def _in_order(rows: bytearray) -> bytes:
    """Return the rows by their keys, of those that have one key the newest."""
    every = (bytes(rows[at : at + _ROW.size]) for at in range(0, len(rows), _ROW.size))
    newest = {row[:_SUM_BYTES]: row for row in every}
    return b"".join(newest[key] for key in sorted(newest))


def _sum(data: bytes | bytearray) -> bytes:
    return sha256(data).digest()[:_SUM_BYTES]
