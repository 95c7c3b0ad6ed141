"""Renditions of pictures, kept in a folder from one run to the next.

An entry proves itself or counts for nothing: it is its items, each encoded as the answer of a worker with its length
before it, and the SHA-256 of its key and these. It comes into its place in one rename, so that any number of runs may
share a folder. Nothing is read but plain files of ours, out of a folder of ours.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from packager.errors import OutputError
from packager.files.ownership import CACHE_FOLDER, opened_folder, own_folder, stranger_of_link
from packager.model import Encoded
from packager.sandbox.answer_types import Check, check_of
from packager.sandbox.answers import decode, encode
from packager.sandbox.limits import LIMITS

T = TypeVar("T")
Item = tuple[Encoded, ...]

_FORMAT = 5  # counts up when entries become others
_OURS_ALONE = 0o700  # entries tell what somebody works on
_LENGTH_BYTES = 8
_SUM_BYTES = 32


def key_of(*parts: object) -> str:
    """Return the name under which to keep what these parts alone decide."""
    return sha256(json.dumps([_FORMAT, *map(str, parts)]).encode()).hexdigest()


class Cache:
    """Entries in a folder below `directory`; both are made when there is something to keep.

    After the first failed write no more is tried, and `problem` says why; so it does where the folder is not ours.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.problem = ""

    def has(self, key: str) -> bool:
        """Return whether a whole entry with renditions is kept under `key`."""
        file = self._opened(key, check_of(Item))
        if file:
            file.close()
        return file is not None

    def read(self, key: str) -> Iterator[Item] | None:
        """Return the items that are kept under `key`; None where no whole entry is."""
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
        draft, is_whole = self._tried(partial(_Draft, self.directory, key)), True
        try:
            for item in items:
                if not isinstance(item, tuple):
                    is_whole = False
                elif draft:
                    self._tried(partial(draft.add, item))
                yield item
            if draft and is_whole:
                self._tried(draft.place)
        finally:
            if draft:
                draft.end()

    def _opened(self, key: str, is_item: Check) -> BinaryIO | None:
        """The file of a whole entry with such items, at its first byte; None for anything else."""
        try:
            with opened_folder(self.directory / CACHE_FOLDER) as folder:
                file = os.fdopen(folder.open(key, os.O_RDONLY), "rb")
        except OutputError as error:
            self.problem = f"{error.where} {error.what}"
            return None
        except OSError:
            return None
        if _is_whole(file, key, is_item):
            file.seek(0)
            return file
        file.close()
        return None

    def _tried(self, step: Callable[[], T]) -> T | None:
        if self.problem:
            return None
        try:
            return step()
        except OSError as error:
            self.problem = error.strerror or str(error)
        except OutputError as error:
            self.problem = f"{error.where} {error.what}"
        return None


class _Draft:
    """An entry on its way into a folder, under a name of its own."""

    def __init__(self, directory: Path, key: str) -> None:
        if stranger := stranger_of_link(directory):
            raise OutputError("is a link of another user of this computer", where=stranger.folder)
        directory.mkdir(_OURS_ALONE, parents=True, exist_ok=True)
        self._key, self._name = key, f".{secrets.token_hex(8)}"
        self._sum = sha256(key.encode())
        self._folder = own_folder(directory / CACHE_FOLDER)
        try:
            self._file = os.fdopen(self._folder.open(self._name, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb")
        except BaseException:
            self._folder.close()
            raise

    def add(self, item: tuple[object, ...]) -> None:
        """Write one more item."""
        data = encode(item)
        for piece in (len(data).to_bytes(_LENGTH_BYTES), data):
            self._sum.update(piece)
            self._file.write(piece)

    def place(self) -> None:
        """Bring the entry into its place."""
        self._file.write(self._sum.digest())
        self._file.close()
        self._folder.rename(self._name, self._key)

    def end(self) -> None:
        """Remove what did not come into its place."""
        with suppress(OSError):
            self._file.close()
        self._folder.remove(self._name)
        self._folder.close()


def _is_whole(file: BinaryIO, key: str, is_item: Check) -> bool:
    found = sha256(key.encode())
    try:
        for data in _encoded_items(file):
            found.update(len(data).to_bytes(_LENGTH_BYTES))
            found.update(data)
            decode(data, is_item)
        return file.read() == found.digest()
    except Exception:  # bytes of any kind raise errors of any kind
        return False


def _items(file: BinaryIO) -> Iterator[Any]:
    with file:
        yield from map(decode, _encoded_items(file))


def _encoded_items(file: BinaryIO) -> Iterator[bytes]:
    """Yield each item as it is encoded; raise ValueError where one is said to be longer than any answer is."""
    end = os.fstat(file.fileno()).st_size - _SUM_BYTES
    while file.tell() < end:
        length = int.from_bytes(file.read(_LENGTH_BYTES))
        if length > LIMITS.answer_bytes:
            raise ValueError("longer than any item")
        yield file.read(length)
