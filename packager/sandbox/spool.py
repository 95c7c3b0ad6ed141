"""Nameless files for what is too large to hold in memory; a confined process has one, opened before it was confined."""

from __future__ import annotations

import io
import os
import tempfile
from contextlib import suppress
from typing import BinaryIO, cast


class Spool:
    """Gives out nameless files; once `keep_one` has been called, the same one again and again, and memory beside it."""

    def __init__(self) -> None:
        self._is_confined = False
        self._kept: int | None = None
        self._given: BinaryIO | None = None

    def file(self) -> BinaryIO:
        """An empty file to write and read, gone when it is closed."""
        if not self._is_confined:
            return cast(BinaryIO, tempfile.TemporaryFile())
        if self._kept is None or (self._given is not None and not self._given.closed):
            return io.BytesIO()
        os.ftruncate(self._kept, 0)
        os.lseek(self._kept, 0, os.SEEK_SET)
        self._given = open(self._kept, "w+b", closefd=False)  # noqa: SIM115 - closed by whoever asked for it
        return self._given

    def keep_one(self) -> None:
        """Open the last file that this process can."""
        self._is_confined = True
        with suppress(OSError), tempfile.TemporaryFile() as file:
            self._kept = os.dup(file.fileno())

    def keep_none(self) -> None:
        """From now on, memory has to do."""
        self._is_confined, self._kept = True, None


SPOOL = Spool()
