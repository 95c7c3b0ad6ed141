"""Renditions of pictures, kept in a store from one run to the next: each item is encoded as the answer of a worker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, BinaryIO, TypeVar

from packager.files.store import Draft, Store, parts
from packager.model import Encoded
from packager.sandbox.answer_types import Check, check_of
from packager.sandbox.answers import decode, encode

T = TypeVar("T")
Item = tuple[Encoded, ...]


class Cache:
    """What a store has of pictures; an entry whose items are not of the type that is asked for counts for nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def has(self, key: str) -> bool:
        """Return whether a whole entry is kept under `key`."""
        file = self._store.entry(key)
        if file:
            file.close()
        return file is not None

    def read(self, key: str) -> Iterator[Item] | None:
        """Return the items that are kept under `key`; None where no whole entry with renditions is."""
        file = self._opened(key, check_of(Item))
        return _items(file) if file else None

    def get_text(self, key: str) -> str:
        """Return the text that is kept under `key`, "" for none."""
        file = self._opened(key, check_of(tuple[str]))
        return next(_items(file), ("",))[0] if file else ""

    def put_text(self, key: str, text: str) -> None:
        """Keep a text under `key`."""
        for _ in self.keeping(key, [(text,)]):
            pass

    def keeping(self, key: str, items: Iterable[T]) -> Iterator[T]:
        """Yield the items as they come; they are kept when the last has come, if all are tuples."""
        draft, is_whole = self._store.tried(partial(Draft, self._store, key)), True
        try:
            for item in items:
                if not isinstance(item, tuple):
                    is_whole = False
                elif draft:
                    self._store.tried(partial(draft.add, encode(item)))
                yield item
            if draft and is_whole:
                self._store.tried(draft.place)
        finally:
            if draft:
                draft.end()

    def _opened(self, key: str, is_item: Check) -> BinaryIO | None:
        """The file of a whole entry with such items, at the first; None for anything else."""
        file = self._store.entry(key)
        if file is None:
            return None
        try:
            for data in parts(file):
                decode(data, is_item)
        except Exception:  # bytes of any kind raise errors of any kind
            file.close()
            return None
        file.seek(0)
        return file


def holds_pictures(file: BinaryIO) -> bool:
    """Return whether all parts of an entry are renditions, or the colour that is kept beside them."""
    try:
        for data in parts(file):
            decode(data, check_of(Item | tuple[str]))
    except Exception:  # bytes of any kind raise errors of any kind
        return False
    return True


def _items(file: BinaryIO) -> Iterator[Any]:
    with file:
        yield from map(decode, parts(file))
