"""Films and sound that an earlier build made, taken from the tree that it left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from packager.film.kept import FilmCache, MadeFiles, digest_of
from packager.sandbox.remembered import Remembered, key_of

FindFile = Callable[[str], Path | None]
"""Returns a file of the tree that stands by its SHA-256."""


@dataclass(frozen=True, slots=True)
class MadeRecording:
    """What was made of a film or of sound: the SHA-256 of each file with its seconds, and what is to be said of it."""

    files: tuple[tuple[str, float], ...]
    remarks: tuple[str, ...]


class StandingFilms:
    """What `FilmCache` is, out of the tree that stands; what it does not have, out of the `cache` that somebody named.

    What is no file of a tree, such as the poster of a film, is in that cache alone.
    """

    def __init__(self, remembered: Remembered, find: FindFile, cache: FilmCache | None = None) -> None:
        self._remembered = remembered
        self._find = find
        self._cache = cache

    def get(self, key: str, folder: Path, ending: str, most_seconds: float = 0) -> MadeFiles | None:
        """Return what `FilmCache.get` does; files of the tree stay where they are."""
        made = self._remembered.get(key_of("recording", key), MadeRecording)
        files = {file: seconds for sha256, seconds in made.files if (file := self._find(sha256))} if made else {}
        if made and len(files) == len(made.files):
            return MadeFiles(files, made.remarks)
        kept = self._cache.get(key, folder, ending, most_seconds) if self._cache else None
        if kept:
            self._note(key, kept)
        return kept

    def put(self, key: str, made: MadeFiles) -> None:
        """Note what finished files are, and keep them where there is a cache."""
        self._note(key, made)
        if self._cache:
            self._cache.put(key, made)

    def _note(self, key: str, made: MadeFiles) -> None:
        files = tuple((digest_of(file), float(seconds)) for file, seconds in made.files.items())
        self._remembered.put(key_of("recording", key), MadeRecording(files, made.remarks))


KeptFilms = FilmCache | StandingFilms
"""What an earlier run has kept."""
