"""Jobs for worker processes: pure ones, and each way to go wrong."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from packager.errors import DamagedPicture


def square(number: int) -> int:
    return number * number


def process_id(_: int) -> int:
    return os.getpid()


def exit_on_odd(number: int) -> int:
    if number % 2:
        os._exit(1)
    return number


def segfault_on_odd(number: int) -> int:
    if number % 2:
        ctypes.string_at(0)
    return number


def loop_on_odd(number: int) -> int:
    while number % 2:
        pass
    return number


def refuse(number: int) -> int:
    raise DamagedPicture(f"number {number} ends early", where="a.jpg", hint="Look at it.")


def stumble(number: int) -> int:
    return number // 0


class UnsendableError(Exception):
    def __init__(self, first: str, second: str) -> None:
        super().__init__(first + second)


def raise_what_cannot_be_sent(_: int) -> int:
    raise UnsendableError("cannot be ", "rebuilt")


def return_what_cannot_be_sent(_: int) -> Callable[[], None]:
    return lambda: None


def take_memory(size: int) -> int:
    return len(bytearray(size))


def many_bytes(number: int) -> bytes:
    return bytes([number]) * 500_000


def add(left: int, right: int) -> int:
    return left + right


def shrink_a_picture(side: int) -> int:
    import pyvips

    picture = pyvips.Image.gaussnoise(side, side).cast("uchar").bandjoin([0, 0]).copy(interpretation="srgb")
    return len(picture.thumbnail_image(side // 2).jpegsave_buffer())


def libvips_threads(_: int) -> str | None:
    return os.environ.get("VIPS_CONCURRENCY")


def wait_for_good(_: int) -> None:
    threading.Event().wait()


def take_bytes(data: bytes) -> int:
    return len(data)


def count_to(number: int) -> Iterator[int]:
    yield from range(number)


def count_and_refuse(number: int) -> Iterator[int]:
    yield from range(number)
    raise DamagedPicture(f"ends after {number}")


def count_and_die(number: int) -> Iterator[int]:
    yield from range(number)
    os._exit(1)


def environment(_: int) -> tuple[int, tuple[str, ...]]:
    """The number of this process, and what it has of the environment."""
    return os.getpid(), tuple(f"{name}={value}" for name, value in os.environ.items())


def can_read(path: Path) -> bool:
    """Whether this process may read a file."""
    try:
        return bool(path.read_bytes())
    except OSError:
        return False
