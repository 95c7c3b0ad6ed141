"""Archives that only programs of the system read: a tar or a listing that bsdtar or unar makes of them.

Nothing is unpacked to a path.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, Any

from packager.archive import (
    BY_HAND,
    INSTALL,
    NO_READER,
    ArchiveLimits,
    DamagedArchive,
    Member,
    UnusualArchive,
    Walk,
    counted,
    locked,
)
from packager.archive.streams import PIECE_BYTES, exactly
from packager.errors import SourceError
from packager.sandbox.limits import LIMITS, Limits
from packager.sandbox.programs import FailedProgram, Programs


@dataclass(frozen=True, slots=True)
class ExternalListing:
    """What `program` made of an archive of `stored_bytes`: a tar, or with a `listing` the bytes of all members.

    It is not whole where the program ended with an error.
    """

    program: str
    content: Path
    stored_bytes: int
    is_whole: bool
    listing: Path | None = None


@dataclass(frozen=True, slots=True)
class Converter:
    """Has programs read archives; what they write goes to paths that `reserve` gives, within `limits`."""

    programs: Programs
    reserve: Callable[[], Path]
    limits: Limits = LIMITS

    def convert(self, path: Path, volumes: Sequence[Path] = ()) -> ExternalListing:
        """The archive, which goes on in `volumes`, for `walk_converted`; UnusualArchive where no program reads it."""
        if shutil.which("lsar") and shutil.which("unar"):
            return self.by_unar(path, volumes)
        if shutil.which("bsdtar") and not volumes:
            return self.by_bsdtar(path)
        raise UnusualArchive(NO_READER, hint=INSTALL)

    def by_bsdtar(self, path: Path) -> ExternalListing:
        """Through bsdtar, which turns the archive into a tar."""
        command = ("bsdtar", "-c", "-f", "-", "--format", "pax", f"@{path.absolute()}")
        return self._converted(path, path.stat().st_size, *command)

    def by_unar(self, path: Path, volumes: Sequence[Path] = ()) -> ExternalListing:
        """Through lsar and unar, which writes the bytes of all members behind one another."""
        place = first = path
        if volumes:  # unar looks for them in the folder of the first, and may see nothing else of the user's
            place, first = self._in_folder((path, *volumes))
        stored_bytes = sum(one.stat().st_size for one in (path, *volumes))
        listing = self._converted(
            place, stored_bytes, "lsar", "-j", "-nr", "-e", "iso-8859-1", str(first.absolute())
        ).content
        content = self._converted(place, stored_bytes, "unar", "-q", "-nr", "-o", "-", str(first.absolute()))
        return replace(content, listing=listing)

    def _in_folder(self, volumes: Sequence[Path]) -> tuple[Path, Path]:
        """A folder with a copy of each volume under a name that tells its number, and the first of them."""
        folder = self.reserve()
        folder.mkdir()
        copies = [folder / f"a.part{number:05}.rar" for number in range(1, len(volumes) + 1)]
        for volume, copy in zip(volumes, copies, strict=True):
            shutil.copyfile(volume, copy)
        return folder, copies[0]

    def _converted(self, readable: Path, stored_bytes: int, *command: str) -> ExternalListing:
        """What a command, which may read one file or folder, writes of the archive."""
        content = self.reserve()
        pieces = ArchiveLimits(self.limits, stored_bytes).limit_bytes
        try:
            with self.programs.piped(*command, reads=(readable,)) as stream, content.open("xb") as file:
                for piece in pieces(iter(partial(stream.read, PIECE_BYTES), b"")):
                    file.write(piece)
        except FailedProgram:
            return ExternalListing(command[0], content, stored_bytes, is_whole=False)
        return ExternalListing(command[0], content, stored_bytes, is_whole=True)


def walk_converted(converted: ExternalListing, limits: Limits = LIMITS) -> Walk:
    """Every file in turn; SourceError for a broken or locked archive, or one beyond `limits`."""
    from packager.archive.tarred import walk_stream

    with converted.content.open("rb") as stream:
        members = walk_stream(stream) if converted.listing is None else _listed_members(converted.listing, stream)
        yield from counted(members, limits, converted.stored_bytes)
    if not converted.is_whole:
        raise DamagedArchive("is damaged, locked, or packed in a way that is not read here", hint=BY_HAND)


def _listed_members(listing: Path, stream: IO[bytes]) -> Walk:
    """The members that lsar lists, whose bytes lie behind one another."""
    try:
        entries: list[dict[str, Any]] = json.loads(listing.read_bytes())["lsarContents"]
    except (ValueError, KeyError) as error:
        raise DamagedArchive("is damaged, or packed in a way that is not read here", hint=BY_HAND) from error
    if any(entry.get("XADIsEncrypted") for entry in entries):
        raise locked()
    listed = sum(int(entry.get("XADFileSize", 0)) for entry in entries if not entry.get("XADIsDirectory"))
    is_whole = listed == os.fstat(stream.fileno()).st_size  # where one is not unpacked, those behind it lie elsewhere
    for entry in entries:
        is_folder = bool(entry.get("XADIsDirectory"))
        member = Member(_undecoded(str(entry.get("XADFileName", ""))), int(entry.get("XADFileSize", 0)), is_folder)
        if entry.get("XADIsLink") or entry.get("XADIsDevice"):
            raise SourceError(f"holds a link or a device ({member.name})", hint=BY_HAND)
        if not is_whole:
            raise DamagedArchive("is damaged, or packed in a way that is not read here", hint=BY_HAND)
        pieces = exactly(stream, 0 if is_folder else member.size_bytes, "is damaged or cut short")
        yield member, pieces
        for _ in pieces:  # what nobody asked for lies before the next member
            pass


def _undecoded(name: str) -> str:
    """A name with bytes that are no UTF-8 as surrogates; lsar was told to read each byte as a letter of its own."""
    try:
        return name.encode("iso-8859-1").decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return name
