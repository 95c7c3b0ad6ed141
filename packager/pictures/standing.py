"""Renditions that an earlier build made, taken from the tree that it left."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
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


class StandingPictures:
    """What `Cache` is, out of the tree that stands; what it does not have, out of the `cache` that somebody named."""

    def __init__(self, remembered: Remembered, find: FindFile, cache: Cache | None = None) -> None:
        self._remembered = remembered
        self._find = find
        self._cache = cache
        self._proven: set[str] = set()

    def has(self, key: str) -> bool:
        """Return whether all renditions that were made under `key` are there."""
        if self._made(key) is not None:
            self._proven.add(key)
            return True
        return self._cache is not None and self._cache.has(key)

    def read(self, key: str) -> Iterator[Item] | None:
        """Return the items that were made under `key`; None where not all of them are there."""
        if (items := self._made(key)) is not None:
            return (tuple(map(self._taken, item)) for item in items)
        kept = self._cache.read(key) if self._cache else None
        return self._noting(key, kept) if kept else None

    def keeping(self, key: str, items: Iterable[T]) -> Iterator[T]:
        """Yield the items as they come, and note what they are when the last has come, if all are tuples."""
        return self._noting(key, self._cache.keeping(key, items) if self._cache else items)

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
        if items is None or key in self._proven:
            self._proven.discard(key)
            return items
        return items if all(self._is_there(made) for item in items for made in item) else None

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
        if made.encoded.data or not made.size_bytes or self._find(made.sha256):
            return True
        return self._piece(made) is not None

    def _taken(self, made: MadeRendition) -> Encoded | Reused:
        one = made.encoded
        if one.data or not made.size_bytes:
            return one
        if file := self._find(made.sha256):
            about = (one.role, one.width, one.height, one.first, one.is_forced_cut, one.quality, one.is_capped)
            return Reused(file, made.size_bytes, made.is_grey, *about)
        data = self._piece(made)
        if data is None:
            raise OutputError("the tree was changed while it was built anew", hint="Build again.")
        return replace(one, data=data)

    def _piece(self, made: MadeRendition) -> bytes | None:
        """Return the bytes of a rendition out of a document or an archive."""
        place = self._remembered.get(place_key(made.sha256), StoredPlace)
        file = self._find(place.file) if place else None
        if not place or not file:
            return None
        with file.open("rb") as opened:
            opened.seek(place.start)
            data = opened.read(place.size_bytes)
        try:
            data = base64.b64decode(data) if place.is_base64 else data
        except ValueError:
            return None
        return data if sha256(data).hexdigest() == made.sha256 else None


def place_key(sha256: str) -> bytes:
    """Return the key under which it is remembered where the bytes with that sum lie."""
    return key_of("place", sha256)


def _made(encoded: Encoded) -> MadeRendition:
    data = encoded.data
    kept = encoded if encoded.role is Role.THUMBNAIL else replace(encoded, data=b"")
    return MadeRendition(kept, sha256(data).hexdigest(), len(data), bool(data) and is_grey(data))
