"""A bounded store of entries in a folder of ours: what was not used for longest goes first.

An entry proves itself or counts for nothing: it is its parts, each with its length before it, and the SHA-256 of its
key and these. It comes into its place in one rename, so that any number of runs may share a folder. Nothing is read but
plain files of ours, out of a folder of ours.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TypeVar

from packager.errors import OutputError
from packager.files.lock import try_to_lock
from packager.files.ownership import CACHE_FOLDER, OwnFolder, opened_folder, own_folder, stranger_of_link

T = TypeVar("T")

MOST_BYTES = 20 * 10**9  # where nobody says another bound: what some ten thousand pages take
_FORMAT = 6  # counts up when entries become others
_OURS_ALONE = 0o700  # entries tell what somebody works on
_LENGTH_BYTES = 8
_SUM_BYTES = 32
_PIECE_BYTES = 1 << 20
_DRAFT = "."  # begins the names of what is not in its place
# A run looks at all that is there each time that it wrote a twentieth of the bound, and then makes a tenth of it free:
# two runs at once stay within it.
_LOOKS = 20


def key_of(*parts: object) -> str:
    """Return the name under which to keep what these parts alone decide."""
    return sha256(json.dumps([_FORMAT, *map(str, parts)]).encode()).hexdigest()


class Store:
    """Entries in a folder below `directory`; both are made when there is something to keep.

    After the first failed write no more is tried, and `problem` says why; so it does where the folder is not ours. An
    entry that alone takes more than nine tenths of `most_bytes` is not kept.
    """

    def __init__(self, directory: Path, most_bytes: int = MOST_BYTES) -> None:
        self.directory = directory
        self.problem = ""
        self.largest_bytes = most_bytes * 9 // 10
        self._between_looks = most_bytes // _LOOKS
        self._written = self._between_looks  # the first write looks
        self._counting = threading.Lock()

    def entry(self, key: str) -> BinaryIO | None:
        """Return the open file of a whole entry, for `parts` or `copy_part`; None where none is kept under `key`."""
        try:
            with opened_folder(self.directory / CACHE_FOLDER) as folder:
                file = _proven(folder, key)
                if file:
                    with suppress(OSError):  # another run has just removed it
                        os.utime(folder.name(key), dir_fd=folder.descriptor)
                return file
        except OutputError as error:
            self.problem = f"{error.where} {error.what}"
        except OSError:
            pass  # there is none
        return None

    def sizes(self) -> dict[str, int]:
        """Return the bytes of each file that lies there, whole or not, by its name; raises as `opened_folder`."""
        with opened_folder(self.directory / CACHE_FOLDER) as folder:
            return {name: status.st_size for name, status in sorted(_files(folder))}

    def tried(self, step: Callable[[], T]) -> T | None:
        """What a step of writing gives; None where it fails, or one has failed before."""
        if self.problem:
            return None
        try:
            return step()
        except OSError as error:
            self.problem = error.strerror or str(error)
        except OutputError as error:
            self.problem = f"{error.where} {error.what}"
        return None

    def trim(self) -> None:
        """Remove what dead runs have left, and of entries the longest unused, until a tenth of the bound is free."""
        with suppress(FileNotFoundError), opened_folder(self.directory / CACHE_FOLDER) as folder:
            taken_bytes, entries = 0, []
            for name, status in _files(folder):
                if name.startswith(_DRAFT) and _removed_if_dead(folder, name):
                    continue
                taken_bytes += status.st_size
                if not name.startswith(_DRAFT):
                    entries.append((status.st_mtime_ns, name, status.st_size))
            for _, name, size_bytes in sorted(entries):
                if taken_bytes <= self.largest_bytes:
                    break
                folder.remove(name)
                taken_bytes -= size_bytes

    def note_written(self, count: int) -> None:
        """Look whether all of it is too much, once in a while."""
        with self._counting:
            self._written += count
            if self._written < self._between_looks:
                return
            self._written = count  # which are about to be written
            self.trim()


class Draft:
    """An entry on its way into a store, under a name of its own; raises OSError or OutputError, as `tried` catches."""

    def __init__(self, store: Store, key: str) -> None:
        directory = store.directory
        if stranger := stranger_of_link(directory):
            raise OutputError("is a link of another user of this computer", where=stranger.folder)
        directory.mkdir(_OURS_ALONE, parents=True, exist_ok=True)
        self._store, self._key = store, key
        self._sum = sha256(key.encode())
        self._size = 0
        self._folder = own_folder(directory / CACHE_FOLDER)
        try:
            self._name, self._file = _new_draft(self._folder)
        except BaseException:
            self._folder.close()
            raise

    def add(self, part: bytes) -> None:
        """Write one more part."""
        self.add_file(BytesIO(part), len(part))

    def add_file(self, file: BinaryIO, size_bytes: int) -> None:
        """Write the next so many bytes of a file as one more part."""
        if self._is_too_large(size_bytes):
            return
        self._write(size_bytes.to_bytes(_LENGTH_BYTES))
        for piece in _pieces(file, size_bytes):
            self._write(piece)

    def add_rest(self, entry: BinaryIO) -> None:
        """Write the parts of another entry that are left."""
        end = _end_of(entry)
        while entry.tell() < end:
            self.add_file(entry, _length(entry, end))

    def place(self) -> None:
        """Bring the entry into its place, but for one that is too large to be kept."""
        if self._is_too_large():
            return
        self._file.write(self._sum.digest())
        self._file.flush()
        if sys.platform == "win32":  # an open file cannot be renamed there
            self._file.close()
        self._folder.rename(self._name, self._key)

    def end(self) -> None:
        """Remove what did not come into its place."""
        with suppress(OSError):
            self._file.close()
        self._folder.remove(self._name)
        self._folder.close()

    def _is_too_large(self, more_bytes: int = 0) -> bool:
        self._size += more_bytes
        return self._size > self._store.largest_bytes

    def _write(self, data: bytes) -> None:
        self._store.note_written(len(data))
        self._sum.update(data)
        self._file.write(data)


def parts(file: BinaryIO) -> Iterator[bytes]:
    """Yield the parts of an entry that are left."""
    end = _end_of(file)
    while file.tell() < end:
        yield file.read(_length(file, end))


def copy_part(file: BinaryIO, copy: BinaryIO) -> None:
    """Copy the next part of an entry."""
    for piece in _pieces(file, _length(file, _end_of(file))):
        copy.write(piece)


def skip_part(file: BinaryIO) -> None:
    """Go to the part behind the next one."""
    file.seek(_length(file, _end_of(file)), os.SEEK_CUR)


def is_at_end(file: BinaryIO) -> bool:
    """Return whether no part is left."""
    return file.tell() == _end_of(file)


def _proven(folder: OwnFolder, key: str) -> BinaryIO | None:
    """The file of a whole entry at its first part; None for anything else."""
    file = os.fdopen(folder.open(key, os.O_RDONLY), "rb")
    try:
        found, end = sha256(key.encode()), _end_of(file)
        while file.tell() < end:
            length = _length(file, end)
            found.update(length.to_bytes(_LENGTH_BYTES))
            for piece in _pieces(file, length):
                found.update(piece)
        if file.tell() == end and file.read(_SUM_BYTES + 1) == found.digest():
            file.seek(0)
            return file
    except (OSError, ValueError):
        pass
    file.close()
    return None


def _end_of(file: BinaryIO) -> int:
    """Where the parts of an entry end."""
    return os.fstat(file.fileno()).st_size - _SUM_BYTES


def _length(file: BinaryIO, end: int) -> int:
    """The length of the next part; ValueError where none of that length is there."""
    length = int.from_bytes(file.read(_LENGTH_BYTES))
    if not 0 < length <= end - file.tell():
        raise ValueError("no part is empty, or longer than its file")
    return length


def _pieces(file: BinaryIO, size_bytes: int) -> Iterator[bytes]:
    while size_bytes:
        piece = file.read(min(size_bytes, _PIECE_BYTES))
        if not piece:
            raise OSError("it became shorter while it was read")
        size_bytes -= len(piece)
        yield piece


def _files(folder: OwnFolder) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the plain files in a folder."""
    with os.scandir(folder.path if folder.descriptor is None else folder.descriptor) as every:
        for one in every:
            with suppress(FileNotFoundError):  # another run has just removed it
                status = one.stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode):
                    yield one.name, status


def _new_draft(folder: OwnFolder) -> tuple[str, BinaryIO]:
    """A new file, locked for as long as it is open: a draft that nobody holds is that of a dead run."""
    while True:
        name = f"{_DRAFT}{secrets.token_hex(8)}"
        file = folder.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            is_held = _is_locked(file)
            with suppress(FileNotFoundError):  # taken for dead before it was locked
                if is_held and os.path.samestat(os.fstat(file), os.lstat(folder.name(name), dir_fd=folder.descriptor)):
                    return name, os.fdopen(file, "wb")
        except BaseException:
            os.close(file)
            raise
        os.close(file)


def _removed_if_dead(folder: OwnFolder, name: str) -> bool:
    try:
        file = folder.open(name, os.O_RDWR)
    except OSError:  # it is in its place, or nothing of ours
        return False
    try:
        is_dead = try_to_lock(file)
        if is_dead and sys.platform != "win32":  # an open file cannot be removed there
            folder.remove(name)
    except OSError:  # a file system without locks: whoever writes it may be alive
        is_dead = False
    finally:
        os.close(file)
    if is_dead:
        folder.remove(name)
    return is_dead


def _is_locked(file: int) -> bool:
    """Lock a file; False where another run holds it, which takes it for dead. Some file systems have no locks."""
    try:
        return try_to_lock(file)
    except OSError:
        return True
