"""Finished films and sound, kept in a store from one run to the next: a line of JSON, and each file behind it."""

from __future__ import annotations

import json
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO

from packager.files import store
from packager.files.store import Draft, Store, copy_part, is_at_end, parts, skip_part

_FORMAT = 2  # counts up when the same job makes other files


def key_of(*parts: object) -> str:
    """Return the name under which to keep what these parts alone decide."""
    return store.key_of("film", _FORMAT, *parts)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def holds_files(file: BinaryIO) -> bool:
    """Return whether an entry is a line that names files, and as many parts behind it."""
    try:
        names = _head(file)[0]
        for _ in names:
            skip_part(file)
    except (ValueError, TypeError, KeyError):
        return False
    return is_at_end(file)


def _head(file: BinaryIO) -> tuple[list[str], str]:
    """The names of the files behind it, and what is said of them; raises errors where an entry holds something else."""
    head = json.loads(next(parts(file), b""))
    return [Path(name).name for name in head["files"]], str(head["about"])


class FilmCache:
    """What a store has of films and sound; no file is held in memory."""

    def __init__(self, kept: Store) -> None:
        self._store = kept

    def get(self, key: str, folder: Path) -> tuple[list[Path], str] | None:
        """Return the files that are kept under `key`, brought into `folder`, and what is said of them.

        None where no whole entry is.
        """
        file = self._store.entry(key)
        if file is None:
            return None
        with file:
            try:
                names, about = _head(file)
            except (ValueError, TypeError, KeyError):
                return None  # a whole entry, of something else
            files = [folder / name for name in names]
            for path in files:
                with path.open("wb") as copy:
                    copy_part(file, copy)
        return files, about

    def put(self, key: str, files: list[Path], about: str) -> None:
        """Keep finished files under `key`, and what is said of them."""

        def kept() -> None:
            draft = Draft(self._store, key)
            try:
                draft.add(json.dumps({"files": [path.name for path in files], "about": about}).encode())
                for path in files:
                    with path.open("rb") as file:
                        draft.add_file(file, path.stat().st_size)
                draft.place()
            finally:
                draft.end()

        self._store.tried(kept)
