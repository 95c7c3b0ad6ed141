"""RAR archives, through whatever of this computer reads them: libarchive, else bsdtar or unar through a pipe.

Nothing is unpacked to a path. RAR's own program is not free, and no library in Python reads the format.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from packager.archive import BY_HAND, LockedArchive, Member
from packager.archive.counted import Walk
from packager.archive.forms import Form, form_of
from packager.archive.tarred import walk_stream
from packager.errors import SourceError

_PIECE_BYTES = 1 << 18
_RAR5 = b"Rar!\x1a\x07\x01\x00"
_MISSING = (
    "Install libarchive (its package is called libarchive13 on Debian and Ubuntu, libarchive on others), bsdtar or "
    "unar, then build again; or unpack it by hand and put the folder in its place."
)
_LIBRARY = "libarchive.so.13"
_LOCKED = "Unpack it and put the folder in its place."


def walk(path: Path) -> Walk:
    """Every member in turn; SourceError for a broken or locked archive, and where nothing here reads RAR."""
    for is_there, reader in READERS:
        if is_there():
            return reader(path)
    raise SourceError("is a RAR archive, and nothing on this computer reads those", hint=_MISSING)


def by_library(path: Path) -> Walk:
    """Through libarchive."""
    import libarchive

    with path.open("rb") as file:
        kind = "rar5" if file.read(len(_RAR5)) == _RAR5 else "rar"
    with _explained(), libarchive.file_reader(str(path), format_name=kind, filter_name="none") as archive:
        for entry in archive:
            member = Member((entry.pathname or "").rstrip("/"), entry.size or 0, entry.isdir)
            _refuse_locked(is_locked=_is_encrypted(entry))
            _refuse_special(member, is_plain=entry.isdir or (entry.isfile and not entry.linkname))
            yield member, _blocks(entry)


def by_bsdtar(path: Path) -> Walk:
    """Through bsdtar, which turns the archive into a tar."""
    with _piped("bsdtar", "-c", "-f", "-", "--format", "pax", f"@{path.absolute()}") as stream:
        yield from walk_stream(cast(BinaryIO, stream))


def by_unar(path: Path) -> Walk:
    """Through lsar and unar, which writes the bytes of all members behind one another."""
    with _piped("lsar", "-j", "-nr", str(path.absolute())) as stream:
        contents = _listed(stream.read())
    with _piped("unar", "-q", "-nr", "-o", "-", str(path.absolute())) as stream:
        for entry in contents:
            is_folder = bool(entry.get("XADIsDirectory"))
            member = Member(str(entry.get("XADFileName", "")), int(entry.get("XADFileSize", 0)), is_folder)
            _refuse_locked(is_locked=bool(entry.get("XADIsEncrypted")))
            _refuse_special(member, is_plain=not entry.get("XADIsLink") and not entry.get("XADIsDevice"))
            pieces = _exactly(stream, 0 if is_folder else member.size_bytes)
            yield member, pieces
            for _ in pieces:  # what nobody asked for lies before the next member
                pass


def needs_command(path: Path) -> bool:
    """Whether it is a RAR archive that only another program can read, which a confined process may not start."""
    return form_of(path) is Form.RAR and not has_library()


def has_library() -> bool:
    """Whether libarchive can be loaded."""
    if sys.platform == "linux":  # to look for it would start a program
        os.environ.setdefault("LIBARCHIVE", _LIBRARY)
    try:
        import libarchive
    except (ImportError, OSError, TypeError, AttributeError):  # the module is there, and the library is not
        return False
    return bool(libarchive)


READERS: tuple[tuple[Callable[[], bool], Callable[[Path], Walk]], ...] = (
    (has_library, by_library),
    (lambda: bool(shutil.which("bsdtar")), by_bsdtar),
    (lambda: bool(shutil.which("lsar") and shutil.which("unar")), by_unar),
)


def _is_encrypted(entry: Any) -> bool:
    from libarchive import ffi

    ask = ffi.libarchive.archive_entry_is_data_encrypted
    ask.argtypes, ask.restype = [ctypes.c_void_p], ctypes.c_int
    return bool(ask(entry._entry_p))


def _blocks(entry: Any) -> Iterator[bytes]:
    with _explained():
        yield from entry.get_blocks(_PIECE_BYTES)


def _exactly(stream: IO[bytes], size: int) -> Iterator[bytes]:
    while size:
        piece = stream.read(min(size, _PIECE_BYTES))
        if not piece:
            raise SourceError("is damaged or cut short", hint=BY_HAND)
        size -= len(piece)
        yield piece


def _listed(text: bytes) -> list[dict[str, Any]]:
    try:
        return list(json.loads(text)["lsarContents"])
    except (ValueError, KeyError) as error:
        raise SourceError("is not a sound RAR archive", hint=BY_HAND) from error


def _refuse_locked(*, is_locked: bool) -> None:
    if is_locked:
        raise LockedArchive("is locked with a password", hint=_LOCKED)


def _refuse_special(member: Member, *, is_plain: bool) -> None:
    if not is_plain:
        raise SourceError(f"holds a link or a device ({member.name})", hint=BY_HAND)


@contextmanager
def _piped(*command: str) -> Iterator[IO[bytes]]:
    """What a command writes; SourceError where it fails after all of it has been read."""
    nothing = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=nothing, stdout=subprocess.PIPE, stderr=nothing) as process:
        assert process.stdout is not None
        try:
            yield process.stdout
            while process.stdout.read(_PIECE_BYTES):
                pass
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise SourceError("is damaged, locked, or no RAR archive", hint=BY_HAND)


@contextmanager
def _explained() -> Iterator[None]:
    from libarchive.exception import ArchiveError

    try:
        yield
    except ArchiveError as error:
        if "ncrypt" in str(error) or "passphrase" in str(error):
            raise LockedArchive("is locked with a password", hint=_LOCKED) from error
        raise SourceError(f"is not a sound RAR archive: {error.msg}", hint=BY_HAND) from error
