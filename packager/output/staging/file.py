"""A file that takes the place of another one at once, or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from packager.errors import OutputError
from packager.files.ownership import OwnFolder
from packager.output.staging.lock import locked
from packager.output.staging.volume import write_through_names

_NEW = "new"


@contextmanager
def appearing(target: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of `target` when the block ends well, written through; it has the old one's mode.

    A link in its place is replaced, not followed. Raises OSError or OutputError; `target` is then as it was, and
    nothing lies beside it.
    """
    with _beside(target) as folder:
        try:
            with os.fdopen(folder.open(_NEW, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileNotFoundError):
                mode = target.lstat().st_mode
                if stat.S_ISREG(mode):  # that of a link lets everybody write
                    os.chmod(folder.name(_NEW), stat.S_IMODE(mode) & 0o777, dir_fd=folder.descriptor)
            folder.move(_NEW, target)
        finally:
            folder.remove(_NEW)
    write_through_names(target.parent)


def put(file: Path, data: bytes) -> None:
    """Have `file` hold `data`, as `appearing` says."""
    with appearing(file) as opened:
        opened.write(data)


def mend(file: Path) -> None:
    """Remove what was left beside `file` by a process that was killed while it wrote it."""
    if os.path.lexists(_folder_beside(file)):
        with suppress(OSError, OutputError), _beside(file):
            pass


@contextmanager
def _beside(target: Path) -> Iterator[OwnFolder]:
    with locked(_folder_beside(target), target, "write of it") as folder:
        folder.remove(_NEW)
        yield folder


def _folder_beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.packager")
