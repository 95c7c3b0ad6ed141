"""What archives and books say of themselves, apart from the files that they hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Packing(StrEnum):
    """How the bytes of a member lie in an archive; the value is what people read of it."""

    STORED = "stored"
    DEFLATED = "deflated"
    SOLID = "packed with others"  # by one of the methods of 7z that every 7z reader knows
    UNUSUAL = "packed in a way that few readers know"


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """One member of an archive as its directory describes it.

    `modified` is (year, month, day, hour, minute, second) without a zone, `mode` Unix permissions, 0 where there are
    none. `objection` says in which way its headers lie.
    """

    name: str
    size_bytes: int
    packing: Packing = Packing.STORED
    is_folder: bool = False
    is_encrypted: bool = False
    is_link: bool = False
    has_extras: bool = False
    is_bomb: bool = False
    modified: tuple[int, ...] = ()
    modified_ns: int = 0
    mode: int = 0
    objection: str = ""

    @property
    def is_readable(self) -> bool:
        """Whether a member may be unpacked at all."""
        return not (self.is_encrypted or self.is_bomb or self.objection or self.packing is Packing.UNUSUAL)

    @property
    def escapes(self) -> bool:
        """Whether its name leads out of where the archive is unpacked, or is read differently by different systems."""
        steps = self.name.removesuffix("/").split("/")
        return not {"", ".", ".."}.isdisjoint(steps) or any(letter in self.name for letter in "\\:\0")


@dataclass(frozen=True, slots=True)
class ArchiveFacts:
    """A ZIP or 7z archive; `members` in the order in which they are stored, `notes` all comments and extra fields.

    `has_stray_bytes`: some belong to no member and no directory. `has_overlaps`: some belong to two, and then no member
    was read. `error`: why nothing could be read. `info_error` says what is wrong with a ComicInfo.xml.
    """

    members: tuple[MemberFacts, ...] = ()
    is_locked: bool = False
    is_unusual: bool = False
    has_comment: bool = False
    notes: bytes = b""
    has_stray_bytes: bool = False
    has_overlaps: bool = False
    info_error: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class BookItem:
    """One item of an EPUB's manifest; `path` is inside the archive, None where it leads out of it."""

    id: str
    address: str
    path: str | None
    media_type: str
    properties: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BookFacts:
    """An EPUB as its own files describe it; EPUB 3.3 sections 4 to 6.

    `package` is the path of the package document; `spine` holds ids of items, `lacking` the names of metadata
    that must be there. `error`: why the package document could not be read.
    """

    mimetype: bytes = b""
    package: str = ""
    items: tuple[BookItem, ...] = ()
    spine: tuple[str, ...] = ()
    has_contents: bool = False
    lacking: tuple[str, ...] = ()
    error: str = ""
