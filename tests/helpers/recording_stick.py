"""A plugin for nbdkit: a stick that begins as the file `base`, and appends to the file `log` what is written to it.

nbdkit --unix SOCKET python tests/helpers/recording_stick.py base=stick.img log=writes
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

API_VERSION = 2
_HEAD = struct.Struct("<QI")  # where, and how many bytes

_options: dict[str, str] = {}
_memory = bytearray()


def config(key: str, value: str) -> None:
    _options[key] = value


def config_complete() -> None:
    _memory.extend(Path(_options["base"]).read_bytes())


def open(readonly: bool) -> int:
    return 1


def get_size(handle: int) -> int:
    return len(_memory)


def pread(handle: int, buffer: memoryview, offset: int, flags: int) -> None:
    buffer[:] = _memory[offset : offset + len(buffer)]


def pwrite(handle: int, buffer: memoryview, offset: int, flags: int) -> None:
    _memory[offset : offset + len(buffer)] = buffer
    with Path(_options["log"]).open("ab") as log:
        log.write(_HEAD.pack(offset, len(buffer)) + buffer)


def flush(handle: int, flags: int) -> None:
    """Nothing is kept back."""


def writes(log: Path) -> Iterator[tuple[int, bytes]]:
    """What was written, in its order: where, and what."""
    data, at = log.read_bytes(), 0
    while at < len(data):
        offset, length = _HEAD.unpack_from(data, at)
        yield offset, data[at + _HEAD.size : at + _HEAD.size + length]
        at += _HEAD.size + length
