"""Small files that strangers may have put in the place of ours: a pipe waits for ever, a device has no end."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@contextmanager
def opened(file: Path, most_bytes: int) -> Iterator[BinaryIO]:
    """The file, open for reading; OSError for what is no regular file, and for one of more than `most_bytes`."""
    status = file.stat()  # beforehand, as opening a device may do something; afterwards, as it may be another by then
    _refuse(file, status, most_bytes)
    with os.fdopen(os.open(file, _FLAGS), "rb") as there:
        _refuse(file, os.fstat(there.fileno()), most_bytes)
        yield there


def read(file: Path, most_bytes: int) -> bytes:
    """All of it; raises what `opened` raises."""
    with opened(file, most_bytes) as there:
        return there.read(most_bytes)


def _refuse(file: Path, status: os.stat_result, most_bytes: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is not a file", str(file))
    if status.st_size > most_bytes:
        raise OSError(errno.EFBIG, f"it has more than {most_bytes >> 20} MiB", str(file))
