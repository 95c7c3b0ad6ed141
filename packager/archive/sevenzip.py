"""7z archives: what they hold, and a walk through the bytes of all their members."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread
from typing import BinaryIO

import py7zr
from py7zr.exceptions import CrcError, PasswordRequired
from py7zr.io import Py7zIO, WriterFactory

from packager.archive import BY_HAND, REPACK, DamagedArchive, Member, Packing, UnusualArchive, locked
from packager.errors import SourceError
from packager.sandbox.limits import Limits

_PIECES_AHEAD = 2
# From 7-Zip's Methods.txt: Copy, Delta, LZMA, LZMA2, Deflate, BZip2, which every reader knows.
_USUAL = frozenset({b"\x00", b"\x03", b"\x03\x01\x01", b"\x21", b"\x04\x01\x08", b"\x04\x02\x02"})
# And Deflate64, Zstandard, Brotli. Others are libarchive's: changed bytes made py7zr's decoder of PPMd corrupt memory.
_METHODS = _USUAL | {b"\x04\x01\x09", b"\x04\xf7\x11\x01", b"\x04\xf7\x11\x02"}
_NAMES = {
    **{b"\x03\x04\x01": "PPMd", b"\x03\x03\x01\x03": "BCJ", b"\x04": "BCJ", b"\x03\x03\x01\x1b": "BCJ2"},
    **{b"\x0a": "ARM64", b"\x0b": "RISCV", b"\x04\x01\x09": "Deflate64"},
    **{b"\x04\xf7\x11\x01": "Zstandard", b"\x04\xf7\x11\x02": "Brotli", b"\x04\xf7\x11\x04": "LZ4"},
}
# The header's position, size: 7zFormat.txt, "SignatureHeader". It is plain, or one stream of LZMA or LZMA2, which is
# all that 7-Zip and py7zr write.
_START_HEADER = struct.Struct("<12xQQ")
_NUMBER = rb"(?:[\x00-\x7f]|[\x80-\xbf].|[\xc0-\xdf]..|[\xe0-\xef].{3}|[\xf0-\xf7].{4}|[\xf8-\xfb].{5})"
_HEADER = re.compile(
    rb"\x01|\x17\x06" + _NUMBER + rb"\x01\x09" + _NUMBER + rb"(?:\x0a\x01.{4})?\x00"
    rb"\x07\x0b\x01\x00\x01(?:\x23\x03\x01\x01\x05|\x21\x21\x01)",
    re.DOTALL,
)


def members(path: Path, limits: Limits) -> tuple[Member, ...]:
    """All members in the order of the archive; SourceError when it is broken or locked, or holds a link or a device."""
    entries = read_directory(path, _METHODS)
    if any(member.is_special for member in entries):
        raise SourceError("holds a link or a device", hint=BY_HAND)
    if sum(member.size_bytes for member in entries) > limits.archive_bytes:
        raise SourceError(f"would unpack to more than {limits.archive_bytes >> 30} GiB", hint=BY_HAND)
    return entries


def read_directory(path: Path, methods: frozenset[bytes] = _USUAL) -> tuple[Member, ...]:
    """All members in the order of the archive, links and devices too.

    Raises SourceError when it is broken or locked, UnusualArchive where it is packed by others than these `methods`.
    """
    with _opened(path, methods) as archive:
        return tuple(map(_member, archive.files))


def _member(file: py7zr.py7zr.ArchiveFile) -> Member:
    return Member(
        name=file.filename,
        size_bytes=file.uncompressed,
        is_folder=file.is_directory,
        packing=Packing.SOLID,
        is_special=not file.is_directory and not file.is_file,
        modified=file.lastwritetime.as_datetime().timetuple()[:6] if file.lastwritetime is not None else (),
        mode=file.posix_mode or 0,
        crc=file.crc32 or 0,
    )


def walk(path: Path, entries: tuple[Member, ...]) -> Iterator[tuple[Member, Iterator[bytes]]]:
    """Each file of the archive in turn, with its bytes piece by piece; they are right when the last piece has come.

    py7zr pushes what it unpacks, so it works in a thread that is never more than a few pieces ahead.
    """
    by_number = {_numbered(number): member for number, member in enumerate(entries)}
    sender = _Sender()
    thread = Thread(target=_unpack, args=(path, sender), daemon=True)
    thread.start()
    try:
        for name, sent in groupby(sender.received(), key=itemgetter(0)):
            yield by_number[name], (piece for _, piece in sent)
    finally:
        sender.stop()
        thread.join()


@contextmanager
def _opened(path: Path, methods: frozenset[bytes] = _METHODS) -> Iterator[py7zr.SevenZipFile]:
    try:
        # An open file, since py7zr unpacks one that it opened itself in several threads.
        with path.open("rb") as file:
            _refuse_unusual_header(file)
            with py7zr.SevenZipFile(file) as archive:
                if archive.needs_password():
                    raise PasswordRequired("", "")
                _refuse_unusual_methods(archive, methods)
                yield archive
    except PasswordRequired as error:
        raise locked() from error
    except (SourceError, OSError, MemoryError, _StoppedError):
        raise
    except CrcError as error:
        raise DamagedArchive("is damaged: the checksum of a file is not what the archive says", hint=BY_HAND) from error
    except Exception as error:  # py7zr trusts what it parses, and each of its codecs has errors of its own
        raise DamagedArchive(f"is not a sound 7z archive: {error}", hint=BY_HAND) from error


def _refuse_unusual_header(file: BinaryIO) -> None:
    start = file.read(_START_HEADER.size + 4)
    offset, size = _START_HEADER.unpack_from(start)
    if len(start) + offset + size > file.seek(0, io.SEEK_END):
        raise DamagedArchive("is cut short", hint=BY_HAND)
    file.seek(len(start) + offset)
    if size and not _HEADER.match(file.read(100)):
        raise UnusualArchive("is packed in an unusual way, or its list of names is locked", hint=REPACK)
    file.seek(0)


def _refuse_unusual_methods(archive: py7zr.SevenZipFile, methods: frozenset[bytes]) -> None:
    streams = archive.header.main_streams
    folders = streams.unpackinfo.folders if streams else []
    for method in (coder["method"] for folder in folders for coder in folder.coders):
        if method not in methods:
            name = _NAMES.get(method, f"method {method.hex()}")
            raise UnusualArchive(f"is packed in an unusual way ({name}) that is not read here", hint=REPACK)


def _numbered(number: int) -> str:
    return f"member-{number}"


def _unpack(path: Path, sender: _Sender) -> None:
    try:
        with _opened(path) as archive:
            for number, info in enumerate(archive.files.files_list):
                info["filename"] = _numbered(number)  # py7zr looks on the disk for what names say
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
