"""Archives from anywhere, read within limits: their kinds, members and names, and the limits on what comes out."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice, pairwise
from pathlib import Path

from packager.errors import SourceError
from packager.files.signatures import HEAD_BYTES, FileType, file_type
from packager.sandbox.limits import LIMITS, Limits

BY_HAND = "Unpack it by hand and put the folder in its place."
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
    `stored_bytes` from `start` on unpack to the member; `objection` says in which way its headers lie.
    """

    name: str
    size_bytes: int
    is_folder: bool = False
    packing: Packing = field(default=Packing.STORED, compare=False)
    is_encrypted: bool = field(default=False, compare=False)
    is_special: bool = field(default=False, compare=False)
    has_extras: bool = field(default=False, compare=False)
    modified: tuple[int, ...] = field(default=(), compare=False)
    mode: int = field(default=0, compare=False)
    objection: str = field(default="", compare=False)
    start: int = field(default=0, compare=False)
    stored_bytes: int = field(default=0, compare=False)
    crc: int = field(default=0, compare=False)

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
    """An archive packed by a method that is not read here."""


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
        self._names: set[str] = set()
        self._members = self._bytes = 0

    @property
    def is_empty(self) -> bool:
        """Whether no member has been counted."""
        return not self._members

    def count_member(self, member: Member) -> None:
        """Count a member, whose name no other file may have."""
        self._members += 1
        if self._members > self._most_members:
            what = f"holds more than {self._most_members:,} members: too many for its {self._stored_bytes:,} bytes"
            raise SourceError(what, hint="Leave out what is no page, or divide it.")
        if len(member.name) > self._limits.name_characters or member.name.count("/") > self._limits.depth:
            raise SourceError("holds a name that is too long or too deep", hint=BY_HAND)
        if not member.is_folder and member.name in self._names:
            raise SourceError(f"holds two members with the same name ({member.name})", hint=BY_HAND)
        if not member.is_folder:
            self._names.add(member.name)

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
        raise SourceError("holds nothing, or is cut short", hint=BY_HAND)


# Of encodings in which the names are equally usual, the first one wins.
_ENCODINGS = ("utf-8", "cp949", "gbk", "cp932")
# The plain sets inside them. Their extensions hold what hardly anyone writes, and so betray a wrong guess.
_PLAIN_SETS = {"cp949": "euc_kr", "gbk": "gb2312", "cp932": "euc_jp"}
_LAST_RESORT = "cp437"  # the ZIP specification (APPNOTE, appendix D); it can decode every byte
_SAMPLE = 1_000  # names are enough to tell


def encoding_of(names: Iterable[bytes]) -> str:
    """The encoding that all names of one archive have most likely been written in."""
    text = b"\n".join(islice(names, _SAMPLE))
    if text.isascii():
        return "utf-8"
    best = max(_ENCODINGS, key=lambda encoding: _likelihood(text, encoding))
    if _likelihood(text, best) > 0.5:
        return best
    return _LAST_RESORT if _decoded(text, "utf-8") is None else "utf-8"


def _likelihood(text: bytes, encoding: str) -> float:
    """The share, 0 to 1, of foreign characters that people write in this encoding's language; 0 if it cannot be."""
    decoded = _decoded(text, encoding) or ""
    foreign = [(before, character) for before, character in pairwise(f"\n{decoded}") if not character.isascii()]
    if not foreign:
        return 0
    return sum(_is_usual(before, character, encoding) for before, character in foreign) / len(foreign)


def _is_usual(before: str, character: str, encoding: str) -> bool:
    if encoding == "utf-8":  # two bytes of other encodings can look like these
        return not ("\u0080" <= character <= "\u00bf" or "\u0180" <= character <= "\u02ff")
    if before.isascii() and before.isalpha():  # an accented letter of a western word has swallowed the next one
        return False
    if encoding == "cp949" and not "가" <= character <= "힣":
        return False
    if "\uff61" <= character <= "\uff9f":  # halfwidth katakana: what single bytes of other encodings turn into
        return False
    return _is_plain(character, _PLAIN_SETS[encoding])


def _is_plain(character: str, plain_set: str) -> bool:
    try:
        return len(character.encode(plain_set)) == 2  # rare ones take more
    except UnicodeEncodeError:
        return False


def _decoded(text: bytes, encoding: str) -> str | None:
    try:
        return text.decode(encoding)
    except UnicodeDecodeError:
        return None
