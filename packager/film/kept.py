"""Finished films and sound, kept in a store from one run to the next: a line of JSON, and each file behind it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO

from packager.files import store
from packager.files.store import Draft, Store, copy_part, is_at_end, parts, skip_part

_FORMAT = 3  # counts up when the same job makes other files


def key_of(*parts: object) -> str:
    """Return the name under which to keep what these parts alone decide."""
    return store.key_of("film", _FORMAT, *parts)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class MadeFiles:
    """Finished files with the seconds that each lasts (0 for what does not), and what is to be said of them."""

    files: dict[Path, float]
    remarks: tuple[str, ...] = ()


def holds_files(file: BinaryIO) -> bool:
    """Return whether an entry is a line that tells of files, and as many parts behind it."""
    try:
        for _ in _head(file)[0]:
            skip_part(file)
    except ValueError:
        return False
    return is_at_end(file)


def _head(file: BinaryIO) -> tuple[list[float], tuple[str, ...]]:
    """The seconds of the files behind it, and what is said of them; ValueError where an entry holds something else."""
    try:
        head = json.loads(next(parts(file), b""))
    except RecursionError as error:
        raise ValueError("nothing of ours is as deep") from error
    match head:
        case [[_, *_] as seconds, [*remarks]]:
            if all(type(one) in (int, float) and one >= 0 for one in seconds) and {*map(type, remarks)} <= {str}:
                return seconds, tuple(remarks)
    raise ValueError("it tells nothing of files")


class FilmCache:
    """What a store has of films and sound; no file is held in memory."""

    def __init__(self, kept: Store) -> None:
        self._store = kept

    def get(self, key: str, folder: Path, ending: str, most_seconds: float = 0) -> MadeFiles | None:
        """Return what is kept under `key`, in files of that ending that are brought into `folder`.

        None where no whole entry is, or one that tells of more than `most_seconds`.
        """
        file = self._store.entry(key)
        if file is None:
            return None
        with file:
            try:
                seconds, remarks = _head(file)
                if sum(seconds) > most_seconds:
                    return None
                files = {folder / f"{number}{ending}": each for number, each in enumerate(seconds, 1)}
                for path in files:
                    with path.open("wb") as copy:
                        copy_part(file, copy)
            except ValueError:  # a whole entry, of something else
                return None
            return MadeFiles(files, remarks) if is_at_end(file) else None

    def put(self, key: str, made: MadeFiles) -> None:
        """Keep finished files under `key`."""

        def kept() -> None:
            draft = Draft(self._store, key)
            try:
                draft.add(json.dumps([list(made.files.values()), made.remarks]).encode())
                for path in made.files:
                    with path.open("rb") as file:
                        draft.add_file(file, path.stat().st_size)
                draft.place()
            finally:
                draft.end()

        self._store.tried(kept)
