"""A folder in the bundle for what an import has not finished yet; one import at a time."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from packager.errors import OutputError
from packager.staging.lock import locked

_FOLDER = ".import.packager"  # in the bundle, so that putting files in their place is a rename
_SCRATCH, _FILES, _LOCK = "scratch", "files", "lock"
_FAILED_WRITES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO})


@dataclass(frozen=True, slots=True)
class Bench:
    """Two folders: `scratch` for what is thrown away, `files` for what is put into the bundle."""

    scratch: Path
    files: Path

    @contextmanager
    def emptied(self) -> Iterator[Path]:
        """The folder `files`, empty now and afterwards."""
        self.files.mkdir()
        try:
            yield self.files
        finally:
            shutil.rmtree(self.files, ignore_errors=True)


@contextmanager
def bench(bundle: Path) -> Iterator[Bench]:
    """The bench of an import into `bundle`; what a killed one left goes first, and all of it on the way out.

    Raises OutputError where another import is running, where something of somebody else lies in its place, and for
    every failed write inside the block that says no more itself.
    """
    folder = bundle / _FOLDER
    with _failed_writes_told(bundle, folder):
        _refuse_taken(folder)
        with locked(folder / _LOCK, bundle, "import into it"):
            try:
                _mend(folder)
                (folder / _SCRATCH).mkdir()
                # Under a new name: a process that may read a folder may not read the next one that is called so.
                yield Bench(Path(tempfile.mkdtemp(dir=folder / _SCRATCH)), folder / _FILES)
            finally:
                _mend(folder)


def _refuse_taken(folder: Path) -> None:
    if folder.is_symlink() or folder.is_file():
        raise OutputError("is where packager needs a folder of its own", where=folder, hint="Move it away.")


def _mend(folder: Path) -> None:
    for name in (_SCRATCH, _FILES):
        shutil.rmtree(folder / name, ignore_errors=True)


@contextmanager
def _failed_writes_told(bundle: Path, folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        is_ours = Path(error.filename).is_relative_to(folder) if error.filename else error.errno in _FAILED_WRITES
        if not is_ours:
            raise
        raise OutputError(f"cannot be written: {error.strerror}", where=bundle) from error
