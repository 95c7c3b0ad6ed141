"""A file that takes the place of another one at once, or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import count
from pathlib import Path


def put(file: Path, data: bytes) -> None:
    """Write `data` beside `file` and give it that name: with the mode that the old one had, a link followed.

    Raises OSError; `file` is then as it was, and nothing lies beside it.
    """
    target = Path(os.path.realpath(file))  # resolve() fails where links lead to each other
    new = _claimed(target.parent)
    try:
        with new.open("wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        with suppress(FileNotFoundError):
            new.chmod(target.stat().st_mode & 0o7777)
        new.replace(target)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def _claimed(folder: Path) -> Path:
    """An empty file under a name that nothing in the folder had."""
    for number in count(1):
        with suppress(FileExistsError):
            path = folder / f".packager-{number}"
            path.touch(exist_ok=False)
            return path
    raise AssertionError("numbers do not end")
