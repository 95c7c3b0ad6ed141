"""A folder in the bundle for what an import has not finished yet; one import at a time."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packager.errors import OutputError
from packager.files.lock import locked
from packager.files.ownership import OwnFolder

_FOLDER = ".import.packager"  # in the bundle, so that putting files in their place is a rename
_SCRATCH, _FILES, _JOURNAL, _DRAFT = "scratch", "files", "journal", "draft"
_FAILED_WRITES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO})


@dataclass(frozen=True, slots=True)
class ImportStaging:
    """Two folders: `scratch` for what is thrown away, `files` for what goes into the bundle; and a journal."""

    folder: OwnFolder
    scratch: Path

    @property
    def files(self) -> Path:
        """The folder for what goes into the bundle."""
        return self.folder.path / _FILES

    @contextmanager
    def empty_files(self) -> Iterator[Path]:
        """Give the folder `files`, empty now and removed afterwards."""
        self.folder.remove(_FILES)
        self.files.mkdir()
        try:
            yield self.files
        finally:
            self.folder.remove(_FILES)

    def write_journal(self, content: object) -> None:
        """Keep what is begun, as JSON, until the journal is cleared: from here on a kill does not lose it."""
        self.folder.remove(_DRAFT)
        with os.fdopen(self.folder.open(_DRAFT, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        self.folder.rename(_DRAFT, _JOURNAL)

    def read_journal(self) -> Any:
        """Return what a killed import had begun, None where there is nothing."""
        with (
            suppress(OSError, ValueError),
            os.fdopen(self.folder.open(_JOURNAL, os.O_RDONLY), encoding="utf-8") as file,
        ):
            return json.load(file)
        return None

    def clear_journal(self) -> None:
        """Forget what was begun: it is done, or undone."""
        self.folder.remove(_JOURNAL)


@contextmanager
def import_staging(bundle: Path) -> Iterator[ImportStaging]:
    """Give the staging folder of an import into `bundle`; scratch files of a killed one go first, all at the end.

    Where a killed one had left a journal, that and its files stay. Raises OutputError where another import is running,
    where something of somebody else lies in its place, and for every failed write inside the block that says no more
    itself.
    """
    folder = bundle / _FOLDER
    try:
        with locked(folder, bundle, "import into it") as own:
            own.remove(_SCRATCH)
            (own.path / _SCRATCH).mkdir()
            # Under a new name: a process that may read a folder may not read the next one that is called so.
            staging = ImportStaging(own, Path(tempfile.mkdtemp(dir=own.path / _SCRATCH)))
            try:
                yield staging
            finally:
                own.remove(_SCRATCH, _DRAFT)
                if staging.read_journal() is None:
                    own.remove(_FILES, _JOURNAL)
    except OSError as error:
        is_ours = Path(error.filename).is_relative_to(folder) if error.filename else error.errno in _FAILED_WRITES
        if not is_ours:
            raise
        raise OutputError(f"cannot be written: {error.strerror}", where=bundle) from error
