"""A plugin for nbdkit: a stick that claims more than it holds. `mode` says what becomes of what it cannot hold.

nbdkit --unix SOCKET python tests/helpers/lying_stick.py claims=64 holds=16 mode=wrap      (sizes in MiB)
"""

from __future__ import annotations

from collections.abc import Callable

MIB = 1024 * 1024
BLOCK = 512
API_VERSION = 2

_options = {"claims": "64", "holds": "16", "mode": "wrap"}
_memory = bytearray()


def config(key: str, value: str) -> None:
    _options[key] = value


def config_complete() -> None:
    _memory.extend(bytes(int(_options["holds"]) * MIB))


def open(readonly: bool) -> int:
    return 1


def get_size(handle: int) -> int:
    return int(_options["claims"]) * MIB


def pread(handle: int, buffer: memoryview, offset: int, flags: int) -> None:
    for start in range(0, len(buffer), BLOCK):
        place = _PLACES[_options["mode"]](offset + start)
        block = bytes([_FILL[_options["mode"]]]) * BLOCK if place is None else _memory[place : place + BLOCK]
        buffer[start : start + BLOCK] = block[: len(buffer) - start]


def pwrite(handle: int, buffer: memoryview, offset: int, flags: int) -> None:
    for start in range(0, len(buffer), BLOCK):
        place = _PLACES[_options["mode"]](offset + start)
        if place is not None:
            _memory[place : place + BLOCK] = buffer[start : start + BLOCK]


def flush(handle: int, flags: int) -> None:
    """Nothing is kept back: it is only forgotten."""


def _wrap(offset: int) -> int | None:
    """Addresses begin anew at the end, but for the first MiB, which such sticks keep for the file system."""
    return offset if offset < len(_memory) else MIB + (offset - MIB) % (len(_memory) - MIB)


def _lose(offset: int) -> int | None:
    return offset if offset < len(_memory) else None


def _last(offset: int) -> int | None:
    """All that is beyond the end lands in the last MiB."""
    return offset if offset < len(_memory) else len(_memory) - MIB + offset % MIB


_PLACES: dict[str, Callable[[int], int | None]] = {"wrap": _wrap, "zeros": _lose, "ones": _lose, "last": _last}
_FILL = {"zeros": 0x00, "ones": 0xFF, "wrap": 0, "last": 0}
