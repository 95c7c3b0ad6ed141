"""The trees that an earlier build left in a destination, as far as they are still what it wrote."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from packager.config.definition import KEEP
from packager.errors import OutputError
from packager.files.digests import Stamp, digest_of, stamp_of
from packager.files.ownership import open_plain_file
from packager.output import manifest
from packager.output.manifest import File, Manifest
from packager.text.endings import is_recorded


class Standing:
    """The files of those trees, each proven by its hash in this run; `changed` are those that are not what was written.

    `manifest` lists all. Of each content there is one. Links are not followed, so that nothing is taken from outside
    the destination. Nothing is told of films and sound, which take long to read, unless they are `with_recorded`.
    """

    def __init__(self, destination: Path | None, jobs: int, *, with_recorded: bool = True) -> None:
        self._destination = destination or Path()
        self._files: dict[str, tuple[str, Stamp]] = {}
        self._digests: dict[Stamp, str] = {}
        self.manifest = Manifest(())
        self.changed: tuple[str, ...] = ()
        if destination is None:
            return
        try:
            self.manifest = manifest.read(destination / KEEP)
        except OutputError:
            return
        listed = [file for file in self.manifest.files if with_recorded or not is_recorded(file.name)]
        root = os.path.realpath(destination)

        @cache
        def is_real(folder: str) -> bool:
            return os.path.realpath(os.path.join(root, folder)) == os.path.join(root, folder)  # noqa: PTH118 - thousands

        def proven(file: File) -> Stamp | None:
            return _proven(destination / file.path, file) if is_real(str(file.path.parent)) else None

        with ThreadPoolExecutor(jobs) as threads:
            stamps = list(threads.map(proven, listed))
        for file, stamp in zip(listed, stamps, strict=True):
            if stamp:
                self._files[file.sha256] = file.name, stamp
                self._digests[stamp] = file.sha256
        self.changed = tuple(str(file.path) for file, stamp in zip(listed, stamps, strict=True) if not stamp)

    @property
    def trees(self) -> tuple[Path, ...]:
        """The folders of those trees."""
        names = dict.fromkeys(path.partition("/")[0] for path, _ in self._files.values())
        return tuple(self._destination / name for name in names)

    def find(self, sha256: str) -> Path | None:
        """Return a file with that content; None where there is none, or somebody has changed it since it was hashed."""
        if sha256 not in self._files:
            return None
        path, stamp = self._files[sha256]
        file = self._destination / path
        try:
            return file if stamp_of(file.lstat()) == stamp else None
        except OSError:
            return None

    def digest_at(self, path: Path) -> str:
        """Return the SHA-256 of a file whose bytes are those of one of these, of which it may be a second name.

        "" for all others.
        """
        try:
            return self._digests.get(stamp_of(path.lstat()), "")
        except OSError:
            return ""


def _proven(path: Path, file: File) -> Stamp | None:
    try:
        with open_plain_file(path) as opened:
            stamp = stamp_of(os.fstat(opened.fileno()))
            is_same = digest_of(opened) == file.sha256
    except OSError:
        return None
    return stamp if is_same else None
