"""ZIP, 7z and RAR by libarchive, whatever they are packed with; nothing is written to a path.

RAR's own program is not free, and no library in Python reads the format.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

from packager.archive import (
    BY_HAND,
    CUT,
    INSTALL,
    NO_READER,
    WRONG_CHECKSUM,
    Member,
    UnusualArchive,
    Walk,
    archive_type,
    locked,
)
from packager.archive.streams import PIECE_BYTES
from packager.errors import SourceError
from packager.files.signatures import FileType

_RAR5 = b"Rar!\x1a\x07\x01\x00"
_NAME = "libarchive.so.13"
_FATAL = -30  # ARCHIVE_FATAL: nothing more can be read
_FORMATS = {FileType.ZIP: "zip", FileType.SEVEN_ZIP: "7zip"}


def walk(path: Path, volumes: Sequence[Path] = (), *, is_strict: bool = True) -> Walk:
    """Every member in turn of an archive that goes on in `volumes`.

    Where it is not strict, damage to a member is no error but the last of its pieces, in words.

    Raises LockedArchive, SourceError for a link or a device, and UnusualArchive for whatever libarchive does not read:
    it does not say reliably whether that is unusual or damaged.
    """
    if not has_library():
        raise UnusualArchive(NO_READER, hint=INSTALL)
    from libarchive.read import ArchiveRead, new_archive_read

    with _explained(), new_archive_read(_format_of(path), "none") as pointer:
        _open(pointer, (path, *volumes))
        for entry in ArchiveRead(pointer, "utf-8"):
            member = Member(_name_of(entry), entry.size or 0, entry.isdir)
            if _is_encrypted(entry):
                raise locked()
            if not entry.isdir and (not entry.isfile or entry.linkname):
                raise SourceError(f"holds a link or a device ({member.name})", hint=BY_HAND)
            yield member, _blocks(pointer, entry, is_strict)


@cache
def has_library() -> bool:
    """Whether libarchive can be loaded."""
    if sys.platform == "linux":  # to look for it would start a program
        os.environ.setdefault("LIBARCHIVE", _NAME)
    try:
        import libarchive
    except (ImportError, OSError, TypeError, AttributeError):  # the module is there, and the library is not
        return False
    return bool(libarchive)


def _format_of(path: Path) -> str:
    with path.open("rb") as file:
        is_rar5 = file.read(len(_RAR5)) == _RAR5
    return "rar5" if is_rar5 else _FORMATS.get(archive_type(path), "rar")


def _open(pointer: Any, paths: Sequence[Path]) -> None:
    """Open files that libarchive reads as one archive: its module for Python opens one only."""
    from libarchive import ffi

    if len(paths) == 1:
        ffi.read_open_filename_w(pointer, str(paths[0]), PIECE_BYTES)
        return
    opened = ffi.libarchive.archive_read_open_filenames
    opened.argtypes = [ffi.c_archive_p, ctypes.POINTER(ctypes.c_char_p), ctypes.c_size_t]
    opened.restype, opened.errcheck = ctypes.c_int, ffi.check_int
    names = (ctypes.c_char_p * (len(paths) + 1))(*map(os.fsencode, paths), None)
    opened(pointer, names, PIECE_BYTES)


def _name_of(entry: Any) -> str:
    """The name; bytes that are no UTF-8 are told later, by all names together."""
    name = entry.pathname or ""
    return (name if isinstance(name, str) else name.decode("utf-8", "surrogateescape")).rstrip("/")


def _is_encrypted(entry: Any) -> bool:
    from libarchive import ffi

    ask = ffi.libarchive.archive_entry_is_data_encrypted
    ask.argtypes, ask.restype = [ctypes.c_void_p], ctypes.c_int
    return bool(ask(entry._entry_p))


def _blocks(pointer: Any, entry: Any, is_strict: bool) -> Iterator[bytes]:
    from libarchive import ffi
    from libarchive.exception import ArchiveError

    ffi.libarchive.archive_clear_error(ctypes.c_void_p(pointer))
    try:
        yield from entry.get_blocks(PIECE_BYTES)
    except ArchiveError as error:
        if is_strict or error.retcode == _FATAL:
            with _explained():
                raise
        yield cast(bytes, CUT)
    else:
        if ffi.errno(pointer) and is_strict:  # a wrong checksum is only a warning
            raise UnusualArchive(_reason((ffi.error_string(pointer) or b"").decode("utf-8", "replace")), hint=BY_HAND)
        if ffi.errno(pointer):
            yield cast(bytes, WRONG_CHECKSUM)


@contextmanager
def _explained() -> Iterator[None]:
    from libarchive.exception import ArchiveError

    try:
        yield
    except ArchiveError as error:
        if any(word in str(error) for word in ("ncrypt", "Crypto", "passphrase")):
            raise locked() from error
        raise UnusualArchive(_reason(error.msg or ""), hint=BY_HAND) from error


def _reason(said: str) -> str:
    return f"is damaged, or packed in a way that is not read here ({said.rstrip('.') or 'no reason given'})"
