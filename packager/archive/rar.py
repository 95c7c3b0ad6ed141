"""RAR archives, by libarchive where it is there, else through a tar or a listing that bsdtar or unar makes of them.

Nothing is unpacked to a path. RAR's own program is not free, and no library in Python reads the format.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, Any

from packager.archive import BY_HAND, ArchiveLimits, LockedArchive, Member, Walk, archive_type, counted
from packager.errors import SourceError
from packager.files.signatures import FileType
from packager.sandbox.limits import LIMITS, Limits
from packager.sandbox.programs import FailedProgram, Programs

_PIECE_BYTES = 1 << 18
_RAR5 = b"Rar!\x1a\x07\x01\x00"
_MISSING = (
    "Install libarchive (its package is called libarchive13 on Debian and Ubuntu, libarchive on others), bsdtar or "
    "unar, then build again; or unpack it by hand and put the folder in its place."
)
_LIBRARY = "libarchive.so.13"
_LOCKED = "Unpack it and put the folder in its place."


@dataclass(frozen=True, slots=True)
class ExternalListing:
    """What `program` made of a RAR archive of `stored_bytes`: a tar, or with a `listing` the bytes of all members.

    It is not whole where the program ended with an error.
    """

    program: str
    content: Path
    stored_bytes: int
    is_whole: bool
    listing: Path | None = None


@dataclass(frozen=True, slots=True)
class Converter:
    """Has programs read RAR archives; what they write goes to paths that `reserve` gives, within `limits`."""

    programs: Programs
    reserve: Callable[[], Path]
    limits: Limits = LIMITS

    def convert(self, path: Path) -> ExternalListing:
        """The archive, for `walk_converted`; SourceError for a broken one, and where nothing here reads RAR."""
        if shutil.which("bsdtar"):
            return self.by_bsdtar(path)
        if shutil.which("lsar") and shutil.which("unar"):
            return self.by_unar(path)
        raise SourceError("is a RAR archive, and nothing on this computer reads those", hint=_MISSING)

    def by_bsdtar(self, path: Path) -> ExternalListing:
        """Through bsdtar, which turns the archive into a tar."""
        return self._converted(path, "bsdtar", "-c", "-f", "-", "--format", "pax", f"@{path.absolute()}")

    def by_unar(self, path: Path) -> ExternalListing:
        """Through lsar and unar, which writes the bytes of all members behind one another."""
        listing = self._converted(path, "lsar", "-j", "-nr", str(path.absolute())).content
        content = self._converted(path, "unar", "-q", "-nr", "-o", "-", str(path.absolute()))
        return replace(content, listing=listing)

    def _converted(self, path: Path, *command: str) -> ExternalListing:
        """What a command writes of the archive."""
        content, stored_bytes = self.reserve(), path.stat().st_size
        pieces = ArchiveLimits(self.limits, stored_bytes).limit_bytes
        try:
            with self.programs.piped(*command, reads=(path,)) as stream, content.open("xb") as file:
                for piece in pieces(iter(partial(stream.read, _PIECE_BYTES), b"")):
                    file.write(piece)
        except FailedProgram:
            return ExternalListing(command[0], content, stored_bytes, is_whole=False)
        return ExternalListing(command[0], content, stored_bytes, is_whole=True)


def walk(path: Path) -> Walk:
    """Every member in turn, by libarchive; SourceError for a broken or locked archive, and where it is not there."""
    if not has_library():
        raise SourceError("is a RAR archive, and nothing on this computer reads those", hint=_MISSING)
    return by_library(path)


def walk_converted(converted: ExternalListing, limits: Limits = LIMITS) -> Walk:
    """Every file in turn; SourceError for a broken or locked archive, or one beyond `limits`."""
    from packager.archive.tarred import walk_stream

    with converted.content.open("rb") as stream:
        members = walk_stream(stream) if converted.listing is None else _listed_members(converted.listing, stream)
        yield from counted(members, limits, converted.stored_bytes)
    if not converted.is_whole:
        raise SourceError("is damaged, locked, or no RAR archive", hint=BY_HAND)


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


def needs_program(path: Path) -> bool:
    """Whether it is a RAR archive that only another program can read, which a worker may not start."""
    return archive_type(path) is FileType.RAR and not has_library()


def has_library() -> bool:
    """Whether libarchive can be loaded."""
    if sys.platform == "linux":  # to look for it would start a program
        os.environ.setdefault("LIBARCHIVE", _LIBRARY)
    try:
        import libarchive
    except (ImportError, OSError, TypeError, AttributeError):  # the module is there, and the library is not
        return False
    return bool(libarchive)


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


def _listed_members(listing: Path, stream: IO[bytes]) -> Walk:
    """The members that lsar lists, whose bytes lie behind one another."""
    try:
        entries: list[dict[str, Any]] = json.loads(listing.read_bytes())["lsarContents"]
    except (ValueError, KeyError) as error:
        raise SourceError("is not a sound RAR archive", hint=BY_HAND) from error
    for entry in entries:
        is_folder = bool(entry.get("XADIsDirectory"))
        member = Member(str(entry.get("XADFileName", "")), int(entry.get("XADFileSize", 0)), is_folder)
        _refuse_locked(is_locked=bool(entry.get("XADIsEncrypted")))
        _refuse_special(member, is_plain=not entry.get("XADIsLink") and not entry.get("XADIsDevice"))
        pieces = _exactly(stream, 0 if is_folder else member.size_bytes)
        yield member, pieces
        for _ in pieces:  # what nobody asked for lies before the next member
            pass


def _refuse_locked(*, is_locked: bool) -> None:
    if is_locked:
        raise LockedArchive("is locked with a password", hint=_LOCKED)


def _refuse_special(member: Member, *, is_plain: bool) -> None:
    if not is_plain:
        raise SourceError(f"holds a link or a device ({member.name})", hint=BY_HAND)


@contextmanager
def _explained() -> Iterator[None]:
    from libarchive.exception import ArchiveError

    try:
        yield
    except ArchiveError as error:
        if "ncrypt" in str(error) or "passphrase" in str(error):
            raise LockedArchive("is locked with a password", hint=_LOCKED) from error
        raise SourceError(f"is not a sound RAR archive: {error.msg}", hint=BY_HAND) from error
