"""Renditions that an earlier build made, taken from the tree that it left."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TypeVar

from packager.errors import OutputError
from packager.model import Encoded, Reused, Role
from packager.pictures.cache import Cache
from packager.pictures.jpeg_header import is_grey
from packager.sandbox.remembered import Remembered, key_of

T = TypeVar("T")
Item = tuple[Encoded | Reused, ...]
FindFile = Callable[[str], Path | None]
"""Returns a file of the tree that stands by its SHA-256."""
_MOST_FOUND = 10_000


@dataclass(frozen=True, slots=True)
class StoredPlace:
    """Where bytes lie that are no file of a tree: in the file with that SHA-256, as they are or in base64."""

    file: str
    start: int
    size_bytes: int
    is_base64: bool


@dataclass(frozen=True, slots=True)
class MadeRendition:
    """A rendition as it was made; `encoded` has its data where it is in no tree."""

    encoded: Encoded
    sha256: str
    size_bytes: int
    is_grey: bool


Items = tuple[tuple[MadeRendition, ...], ...]


class StandingPieces:
    """Pictures that lie in documents and archives of the tree alone: each is a file in `folder` once it is needed."""

    def __init__(self, remembered: Remembered, find: FindFile, folder: Path) -> None:
        self._remembered = remembered
        self._find = find
        self._folder = folder
        self._lock = Lock()

    def find(self, sha256: str) -> Path | None:
        """Return the file that a picture of that content will be, which has it for a name; None where it is nowhere."""
        return self._folder / sha256 if self._place(sha256) else None

    def digest_at(self, file: str) -> str:
        """Return the content of such a file; "" for any other."""
        folder, _, name = file.rpartition(os.sep)
        return name if folder == str(self._folder) else ""

    def fetched(self, file: Path) -> Path:
        """Return the file, which is there now if it is such a one; OutputError where the tree does not have it."""
        if not (sha256 := self.digest_at(str(file))):
            return file
        with self._lock:
            if not file.exists():
                self._folder.mkdir(exist_ok=True)
                file.write_bytes(self._taken(sha256))
        return file

    def _taken(self, sha256: str) -> bytes:
        data = b""
        with suppress(OSError, ValueError):
            if found := self._place(sha256):
                place, holder = found
                with holder.open("rb") as opened:
                    opened.seek(place.start)
                    data = opened.read(place.size_bytes)
                data = base64.b64decode(data) if place.is_base64 else data
        if _sum(data) != sha256:
            raise OutputError("the tree was changed while it was built anew", hint="Build again with --no-reuse.")
        return data

    def _place(self, sha256: str) -> tuple[StoredPlace, Path] | None:
        place = self._remembered.get(place_key(sha256), StoredPlace)
        holder = self._find(place.file) if place else None
        return (place, holder) if place and holder else None


class StandingPictures:
    """What `Cache` is, out of the tree that stands; what it does not have, out of the `cache` that somebody named."""

    def __init__(
        self, remembered: Remembered, find: FindFile, pieces: StandingPieces, cache: Cache | None = None
    ) -> None:
        self._remembered = remembered
        self._find_file = find
        self._pieces = pieces
        self._cache = cache
        self._found: dict[str, Items] = {}

    def has(self, key: str) -> bool:
        """Return whether all renditions that were made under `key` are there."""
        if (items := self._made(key)) is not None:
            if len(self._found) >= _MOST_FOUND:  # which others asked for and did not read
                self._found.clear()
            self._found[key] = items
            return True
        return self._cache is not None and self._cache.has(key)

    def read(self, key: str) -> Iterator[Item] | None:
        """Return the items that were made under `key`; None where not all of them are there."""
        items = self._found.pop(key, None) or self._made(key)
        if items is not None and self._cache and not self._cache.has(key):
            return self._cache.keeping(key, (tuple(map(self._loaded, item)) for item in items))
        if items is not None:
            return (tuple(map(self._taken, item)) for item in items)
        kept = self._cache.read(key) if self._cache else None
        return self._noting(key, kept) if kept else None

    def keeping(self, key: str, items: Iterable[T]) -> Iterator[T]:
        """Yield the items as they come, and note what they are when the last has come, if all are tuples."""
        return self._noting(key, self._cache.keeping(key, items) if self._cache else items)

    def fetched(self, file: Path) -> Path:
        """Return the file of a rendition, which is there from now on."""
        return self._pieces.fetched(file)

    def get_text(self, key: str) -> str:
        """Return the text that was made under `key`, "" for none."""
        text = self._remembered.get(key_of("text", key), str)
        if text is None and self._cache and (text := self._cache.get_text(key)):
            self._remembered.put(key_of("text", key), text)
        return text or ""

    def put_text(self, key: str, text: str) -> None:
        """Note a text under `key`."""
        self._remembered.put(key_of("text", key), text)
        if self._cache:
            self._cache.put_text(key, text)

    def _made(self, key: str) -> Items | None:
        items: Items | None = self._remembered.get(key_of("renditions", key), Items)
        is_there = items is not None and all(self._is_there(made) for item in items for made in item)
        return items if is_there else None

    def _noting(self, key: str, items: Iterable[T]) -> Iterator[T]:
        noted: list[tuple[MadeRendition, ...]] = []
        is_whole = True
        for item in items:
            if isinstance(item, tuple):
                noted.append(tuple(map(_made, item)))
            else:
                is_whole = False
            yield item
        if is_whole:
            self._remembered.put(key_of("renditions", key), tuple(noted))

    def _is_there(self, made: MadeRendition) -> bool:
        return bool(made.encoded.data) or not made.size_bytes or self._find(made.sha256) is not None

    def _taken(self, made: MadeRendition) -> Encoded | Reused:
        one = made.encoded
        if one.data or not made.size_bytes:
            return one
        file = self._find(made.sha256)
        if file is None:
            raise OutputError("the tree was changed while it was built anew", hint="Build again.")
        about = (one.role, one.width, one.height, one.first, one.is_forced_cut, one.quality, one.is_capped)
        return Reused(file, made.size_bytes, made.is_grey, *about)

    def _loaded(self, made: MadeRendition) -> Encoded:
        taken = self._taken(made)
        if isinstance(taken, Encoded):
            return taken
        data = self._pieces.fetched(taken.path).read_bytes()
        return replace(made.encoded, data=data)

    def _find(self, sha256: str) -> Path | None:
        return self._find_file(sha256) or self._pieces.find(sha256)


def place_key(sha256: str) -> bytes:
    """Return the key under which it is remembered where the bytes with that sum lie."""
    return key_of("place", sha256)


def _made(encoded: Encoded) -> MadeRendition:
    data = encoded.data
    kept = encoded if encoded.role is Role.THUMBNAIL else replace(encoded, data=b"")
    return MadeRendition(kept, _sum(data), len(data), bool(data) and is_grey(data))


def _sum(data: bytes) -> str:
    return sha256(data).hexdigest()
