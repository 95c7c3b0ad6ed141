"""Renditions of pictures, kept in a folder from one run to the next.

An entry proves itself or counts for nothing: it is the bytes of renditions one after another, then their description as
JSON, the length of that, and the SHA-256 of all before. Nothing is unpickled. It comes into its place in one rename,
so that any number of runs may share a folder. Nothing is taken but plain files of ours, out of a folder of ours.
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
from packager.files.ownership import CACHE_FOLDER, OwnFolder, opened_folder, own_folder, stranger_of_link
from packager.model import Encoded, Role

T = TypeVar("T")
Description = dict[str, Any]  # a JSON object
Item = tuple[Encoded, ...]

_FORMAT = 2  # counts up when entries become others
_OURS_ALONE = 0o700  # entries tell what somebody works on
_LENGTH_BYTES = 8
_SUM_BYTES = 32
_PIECE_BYTES = 1 << 20
# More than the renditions of any one picture or strip, and their description, can have.
_MOST_BYTES = 1 << 32
_MOST_DESCRIPTION_BYTES = 1 << 26


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
        """Return whether a whole entry is kept under `key`."""
        opened = self._opened(key)
        if opened:
            opened[0].close()
        return opened is not None

    def read(self, key: str) -> Iterator[Item] | None:
        """Return the items that are kept under `key`; None where no whole entry is."""
        opened = self._opened(key)
        return _items(*opened) if opened else None

    def get_text(self, key: str) -> str:
        """Return the word that is kept under `key`, "" for none."""
        opened = self._opened(key)
        if not opened:
            return ""
        opened[0].close()
        return str(opened[1]["word"])

    def put_text(self, key: str, word: str) -> None:
        """Keep a word under `key`."""
        draft = self._draft()
        try:
            draft.place(key, {"key": key, "word": word})
        finally:
            self.problem = draft.end() or self.problem

    def keeping(self, key: str, items: Iterable[Item | T]) -> Iterator[Item | T]:
        """Yield the items as they come; they are kept when the last has come, if all are renditions."""
        draft, is_whole = self._draft(), True
        try:
            for item in items:
                if isinstance(item, tuple):
                    draft.add(item)
                else:
                    is_whole = False
                yield item
            if is_whole:
                draft.place(key, {"key": key, "word": ""})
        finally:
            self.problem = draft.end() or self.problem

    def _opened(self, key: str) -> tuple[BinaryIO, Description] | None:
        """The file of a whole entry, at its first byte, and what it tells; None for anything else."""
        try:
            with opened_folder(self.directory / CACHE_FOLDER) as folder:
                file = os.fdopen(folder.open(key, os.O_RDONLY), "rb")
        except OutputError as error:
            self.problem = f"{error.where} {error.what}"
            return None
        except OSError:
            return None
        return _whole(file, key)

    def _draft(self) -> _Draft:
        return _Draft(self.directory, self.problem)


class _Draft:
    """An entry on its way into a folder, under a name of its own; nothing more is tried once there is a `problem`."""

    def __init__(self, directory: Path, problem: str) -> None:
        self._problem = problem
        self._file: BinaryIO | None = None
        self._folder: OwnFolder | None = None
        self._name = f".{secrets.token_hex(8)}"
        self._sum = sha256()
        self._items: list[list[Description]] = []
        self._tried(partial(self._begin, directory))

    def add(self, item: Item) -> None:
        """Take in the bytes of one more item."""
        self._items.append([self._description(encoded) for encoded in item])

    def place(self, key: str, description: Description) -> None:
        """Bring the entry into its place, under `key`."""
        text = json.dumps({**description, "items": self._items}).encode()
        self._write(text)
        self._write(len(text).to_bytes(_LENGTH_BYTES))
        self._write(self._sum.digest())
        self._tried(partial(self._rename, key))

    def end(self) -> str:
        """Remove what did not come into its place; the problem that there was, "" for none."""
        if self._folder:
            if self._file:
                with suppress(OSError):
                    self._file.close()
                self._folder.remove(self._name)
            self._folder.close()
        return self._problem

    def _begin(self, directory: Path) -> None:
        if stranger := stranger_of_link(directory):
            raise OutputError("is a link of another user of this computer", where=stranger.folder)
        directory.mkdir(_OURS_ALONE, parents=True, exist_ok=True)
        self._folder = own_folder(directory / CACHE_FOLDER)
        self._file = os.fdopen(self._folder.open(self._name, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb")

    def _description(self, encoded: Encoded) -> Description:
        self._write(encoded.data)
        return {
            "role": encoded.role,
            "bytes": len(encoded.data),
            "width": encoded.width,
            "height": encoded.height,
            "first": encoded.first,
            "is_forced_cut": encoded.is_forced_cut,
            "quality": encoded.quality,
        }

    def _write(self, data: bytes) -> None:
        if self._file and not self._problem:
            self._sum.update(data)
            self._tried(partial(self._file.write, data))

    def _rename(self, key: str) -> None:
        if self._folder and self._file:
            self._file.close()
            self._folder.rename(self._name, key)
            self._file = None

    def _tried(self, step: Callable[[], object]) -> None:
        if self._problem:
            return
        try:
            step()
        except OSError as error:
            self._problem = error.strerror or str(error)
        except OutputError as error:
            self._problem = f"{error.where} {error.what}"


def _whole(file: BinaryIO, key: str) -> tuple[BinaryIO, Description] | None:
    """The file of a whole entry, at its first byte, and what it tells; None for anything else."""
    try:
        description = _proven(file)
        if description["key"] == key and "word" in description:
            return file, description
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # what strangers wrote has any shape
        pass
    file.close()
    return None


def _proven(file: BinaryIO) -> Description:
    """What an entry tells, if its sum is right and its bytes are as many as it says; raises all kinds of errors."""
    end = file.seek(0, os.SEEK_END) - _SUM_BYTES
    if end > _MOST_BYTES:
        raise ValueError("too long")
    found, at = sha256(), file.seek(0)
    while at < end and (piece := file.read(min(_PIECE_BYTES, end - at))):
        found.update(piece)
        at += len(piece)
    if file.read(_SUM_BYTES + 1) != found.digest():
        raise ValueError("not whole")
    file.seek(end - _LENGTH_BYTES)
    length = int.from_bytes(file.read(_LENGTH_BYTES))
    if length > _MOST_DESCRIPTION_BYTES:
        raise ValueError("its description is too long")
    file.seek(end - _LENGTH_BYTES - length)
    description: Description = json.loads(file.read(length))
    sizes: list[int] = []

    def counted(size: int) -> bytes:
        sizes.append(size)
        return b""

    for item in description["items"]:
        for each in item:
            _encoded(each, counted)
    if sum(sizes) != end - _LENGTH_BYTES - length:
        raise ValueError("describes other bytes")
    file.seek(0)
    return description


def _items(file: BinaryIO, description: Description) -> Iterator[Item]:
    with file:
        for item in description["items"]:
            yield tuple(_encoded(each, file.read) for each in item)


def _encoded(description: Description, read: Callable[[int], bytes]) -> Encoded:
    """Return one encoding; `read` gives its bytes, in the order in which they lie in the entry."""
    return Encoded(
        Role(description["role"]),
        read(description["bytes"]),
        int(description["width"]),
        int(description["height"]),
        int(description["first"]),
        bool(description["is_forced_cut"]),
        int(description["quality"]),
    )
