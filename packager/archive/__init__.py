"""Archives from anywhere, read within limits: their kinds, members and names, and the limits on what comes out."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from packager.errors import SourceError
from packager.files.signatures import HEAD_BYTES, FileType, file_type
from packager.sandbox.limits import LIMITS, Limits

BY_HAND = "Unpack it by hand and put the folder in its place."
REPACK = (
    "Unpack it where a program can, and pack it again as an ordinary ZIP: `7z x ARCHIVE -oFOLDER`, then "
    "`7z a -tzip -mm=Deflate COMIC.cbz ./FOLDER/*`; or put the folder in its place."
)
NO_READER = "is an archive that nothing on this computer reads"
INSTALL = (
    "Install unar and libarchive (packages unar and libarchive13 on Debian and Ubuntu), then build again. Without: "
    f"{REPACK[0].lower()}{REPACK[1:]}"
)
WRONG_CHECKSUM, CUT = "its checksum is not what the archive says", "it is cut short"
_KINDS = {
    FileType.SEVEN_ZIP: FileType.SEVEN_ZIP,
    FileType.RAR: FileType.RAR,
    FileType.TAR: FileType.TAR,
    # What else these may hold is no archive.
    **dict.fromkeys((FileType.GZIP, FileType.BZIP2, FileType.XZ), FileType.TAR),
}
_TAR_HEADER_BYTES = 512


class Packing(StrEnum):
    """How the bytes of a member lie in an archive; the value is what people read of it."""

    STORED = "stored"
    DEFLATED = "deflated"
    SOLID = "packed with others"  # by one of the methods of 7z that every 7z reader knows
    UNUSUAL = "packed in a way that few readers know"


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive. `name` is a label with slashes, never a path to write to; `size_bytes` is a claim.

    Only ZIP and 7z tell the rest, by which members are not compared. `is_special` is a link or a device. `modified` is
    (year, month, day, hour, minute, second) without a zone, `mode` the mode of Unix, 0 where there is none. Of a ZIP,
    `stored_bytes` from `start` on unpack to the member by `method`; `objection` says in which way its headers lie.
    `code_page` is the one that its name is guessed to be in.
    """

    name: str
    size_bytes: int
    is_folder: bool = False
    packing: Packing = field(default=Packing.STORED, compare=False)
    is_encrypted: bool = field(default=False, compare=False)
    is_special: bool = field(default=False, compare=False)
    modified: tuple[int, ...] = field(default=(), compare=False)
    mode: int = field(default=0, compare=False)
    objection: str = field(default="", compare=False)
    start: int = field(default=0, compare=False)
    method: int = field(default=0, compare=False)
    stored_bytes: int = field(default=0, compare=False)
    crc: int = field(default=0, compare=False)
    code_page: str = field(default="", compare=False)

    @property
    def modified_ns(self) -> int:
        """The time taken as UTC; 0 where there is none."""
        try:
            return calendar.timegm((*self.modified, 0, 0, 0)) * 10**9 if self.modified else 0
        except ValueError:
            return 0

    @property
    def is_bomb(self) -> bool:
        """Whether a member of a ZIP grows without measure when it is unpacked."""
        is_squeezed = self.packing in (Packing.DEFLATED, Packing.UNUSUAL)
        return is_squeezed and self.size_bytes > max(LIMITS.ratio_from_bytes, LIMITS.ratio * self.stored_bytes)

    @property
    def is_readable(self) -> bool:
        """Whether a member may be unpacked at all."""
        return not (self.is_encrypted or self.is_bomb or self.objection or self.packing is Packing.UNUSUAL)

    @property
    def escapes(self) -> bool:
        """Whether its name leads out of where the archive is unpacked, or is read differently by different systems."""
        steps = self.name.removesuffix("/").split("/")
        return not {"", ".", ".."}.isdisjoint(steps) or any(letter in self.name for letter in "\\:\0")


class LockedArchive(SourceError):
    """An archive that needs a password."""


class UnusualArchive(SourceError):
    """An archive packed by a method that one reader does not know; another may."""


class DamagedArchive(SourceError):
    """An archive of which some members may still be whole."""


class DamagedMember(DamagedArchive):
    """An archive that tells what it holds, and of which a member is damaged."""


def locked() -> LockedArchive:
    """The error of an archive that needs a password."""
    return LockedArchive("is locked with a password", hint="Unpack it and put the folder in its place.")


def archive_type(path: Path) -> FileType:
    """ZIP, SEVEN_ZIP, RAR or TAR by the first bytes, for names lie; what is none of them is a ZIP, broken perhaps."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    kind = _KINDS.get(file_type(head))
    return kind or (FileType.TAR if _is_tar_header(head[:_TAR_HEADER_BYTES]) else FileType.ZIP)


def _is_tar_header(block: bytes) -> bool:
    """Whether it is the header of a member: by its checksum, since old ones have no signature."""
    import tarfile

    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


Walk = Iterator[tuple[Member, Iterator[bytes]]]


class ArchiveLimits:
    """Counts the members and the bytes of one archive of `stored_bytes`; raises SourceError beyond `limits`."""

    def __init__(self, limits: Limits, stored_bytes: int) -> None:
        self._limits = limits
        self._most_members = limits.most_members(stored_bytes)
        self._stored_bytes = stored_bytes
        self._most_bytes = min(limits.archive_bytes, max(limits.ratio_from_bytes, limits.ratio * stored_bytes))
        self._members = self._bytes = 0

    @property
    def is_empty(self) -> bool:
        """Whether no member has been counted."""
        return not self._members

    def count_member(self, member: Member) -> None:
        """Count a member."""
        self._members += 1
        if self._members > self._most_members:
            what = f"holds more than {self._most_members:,} members: too many for its {self._stored_bytes:,} bytes"
            raise SourceError(what, hint="Leave out what is no page, or divide it.")
        if len(member.name) > self._limits.name_characters or member.name.count("/") > self._limits.depth:
            raise SourceError("holds a name that is too long or too deep", hint=BY_HAND)

    def limit_bytes(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces, counted."""
        for piece in pieces:
            self._bytes += len(piece)
            if self._bytes > self._most_bytes:
                raise SourceError("grows without measure: it may be made to fill this computer", hint=BY_HAND)
            yield piece


def counted(walk: Walk, limits: Limits, stored_bytes: int) -> Walk:
    """The members of a walk with their bytes, folders left out, everything counted."""
    counting = ArchiveLimits(limits, stored_bytes)
    for member, pieces in walk:
        counting.count_member(member)
        if not member.is_folder:
            yield member, counting.limit_bytes(pieces)
    if counting.is_empty:
        raise DamagedArchive("holds nothing, or is cut short", hint=BY_HAND)
