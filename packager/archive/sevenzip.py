"""7z archives: what they hold, and a walk through the bytes of all their members."""

from __future__ import annotations

import lzma
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import groupby
from operator import itemgetter
from pathlib import Path, PurePosixPath
from queue import Empty, Queue
from threading import Event, Thread

import py7zr
from py7zr.exceptions import AbsolutePathError, ArchiveError, PasswordRequired
from py7zr.io import Py7zIO, WriterFactory

from packager.archive import BY_HAND, Limits, Member
from packager.errors import SourceError

# What py7zr raises for the ways in which an archive can be broken.
_BROKEN = (
    *(ArchiveError, AbsolutePathError, lzma.LZMAError, zlib.error, struct.error, EOFError, OverflowError),
    *(ValueError, LookupError, TypeError, AttributeError, AssertionError, NotImplementedError),
)
_PIECES_AHEAD = 2


def members(path: Path, limits: Limits) -> tuple[Member, ...]:
    """All members in the order of the archive; SourceError when it is broken or locked, or holds a link or a device."""
    with _opened(path) as archive:
        found = archive.list()
    if any(not info.is_directory and not info.is_file for info in found):
        raise SourceError("holds a link or a device", hint=BY_HAND)
    if sum(info.uncompressed for info in found) > limits.archive_bytes:
        raise SourceError(f"would unpack to more than {limits.archive_bytes >> 30} GiB", hint=BY_HAND)
    return tuple(Member(info.filename, info.uncompressed, info.is_directory) for info in found)


def walk(path: Path, found: tuple[Member, ...]) -> Iterator[tuple[Member, Iterator[bytes]]]:
    """Each file of the archive in turn, with its bytes piece by piece; they are right when the last piece has come.

    py7zr pushes what it unpacks, so it works in a thread that is never more than a few pieces ahead.
    """
    by_name = {str(PurePosixPath(member.name)): member for member in found}
    sender = _Sender()
    thread = Thread(target=_unpack, args=(path, sender), daemon=True)
    thread.start()
    try:
        for name, sent in groupby(sender.received(), key=itemgetter(0)):
            if name not in by_name:
                raise SourceError(f"holds a name that leads elsewhere ({name})", hint=BY_HAND)
            yield by_name[name], (piece for _, piece in sent)
    finally:
        sender.stop()
        thread.join()


@contextmanager
def _opened(path: Path) -> Iterator[py7zr.SevenZipFile]:
    try:
        # An open file, since py7zr unpacks one that it opened itself in several threads.
        with path.open("rb") as file, py7zr.SevenZipFile(file) as archive:
            if archive.needs_password():
                raise PasswordRequired("", "")
            yield archive
    except PasswordRequired as error:
        raise SourceError("is locked with a password", hint="Unpack it and put the folder in its place.") from error
    except _BROKEN as error:
        raise SourceError(f"is not a sound 7z archive: {error}", hint=BY_HAND) from error


def _unpack(path: Path, sender: _Sender) -> None:
    try:
        with _opened(path) as archive:
            archive.extractall(factory=sender)
        sender.send(None)
    except Exception as error:
        with suppress(_StoppedError):
            sender.send(error)


class _StoppedError(Exception):
    """Nobody receives any more."""


class _Sender(WriterFactory):
    """Takes what py7zr unpacks in one thread and gives it out, as (name, piece), in another."""

    def __init__(self) -> None:
        self._sent: Queue[tuple[str, bytes] | Exception | None] = Queue(_PIECES_AHEAD)
        self._is_stopped = Event()

    def create(self, filename: str) -> Py7zIO:
        self.send((filename, b""))
        return _Writer(filename, self)

    def send(self, item: tuple[str, bytes] | Exception | None) -> None:
        self._sent.put(item)
        if self._is_stopped.is_set():
            raise _StoppedError

    def received(self) -> Iterator[tuple[str, bytes]]:
        while (item := self._sent.get()) is not None:
            if isinstance(item, Exception):
                raise item
            yield item

    def stop(self) -> None:
        """Have the next `send` raise, and let one that waits go on."""
        self._is_stopped.set()
        with suppress(Empty):
            while True:
                self._sent.get_nowait()


class _Writer(Py7zIO):
    """What py7zr takes for the file that it unpacks one member to."""

    def __init__(self, name: str, sender: _Sender) -> None:
        self._name = name
        self._sender = sender
        self._size = 0

    def write(self, s: bytes | bytearray) -> int:
        self._size += len(s)
        self._sender.send((self._name, bytes(s)))
        return len(s)

    def read(self, size: int | None = None) -> bytes:
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def flush(self) -> None:
        return None

    def size(self) -> int:
        return self._size
