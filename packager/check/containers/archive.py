"""Archives: what ZIP and 7z, CBZ and EPUB among them, say of themselves, and their members as files to be opened."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from packager.archive import LockedArchive, Member, Packing, UnusualArchive
from packager.archive.read import read_sevenzip_directory
from packager.check.containers import Contents, DamageError, OnDisk, Origin
from packager.check.containers.book import CONTAINER, INFO_NAME, MIMETYPE, book_problems, comicinfo_error
from packager.check.containers.book_form import BookForm
from packager.check.containers.sevenzip_headers import placed, sevenzip_problems
from packager.check.facts import ArchiveFacts, ArchiveProblem, Node, Shape, TreeEntry
from packager.check.findings import show
from packager.errors import SourceError
from packager.files.signatures import extension
from packager.sandbox.limits import LIMITS
from packager.sandbox.restrictions import SPOOL

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOST_HELD_BYTES = 64 * 1024 * 1024  # of what is unpacked; the rest waits in a nameless file

# Whole trees lie in these archives; the smallest JPEG has some 600 bytes, a document of ours thousands.
ARCHIVE_LIMITS = replace(LIMITS, members_free=20_000, bytes_a_member=500, directory_bytes=64 << 20)
MOST_NOTES_BYTES = 1024 * 1024
MOST_INFO_BYTES = 4 * 1024 * 1024
MOST_UNPACKED_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Packed:
    """A member of the archive at an origin."""

    archive: Origin
    member: Member

    @property
    def size_bytes(self) -> int:
        return self.member.size_bytes

    def open(self) -> BinaryIO:
        """The member's bytes, checked to the last; raises OSError, or DamageError."""
        return self.open_in(self.archive.open())

    def open_in(self, file: BinaryIO) -> BinaryIO:
        """The same from the archive's own bytes; a member that is stored and large closes `file` with itself."""
        from packager.archive.zipped import pieces  # for workers alone

        try:
            if self.size_bytes > MOST_HELD_BYTES and self.member.packing is Packing.STORED:
                for _ in pieces(file, self.member):
                    pass
                return io.BufferedReader(_Window(file, self.member.start, self.size_bytes))
            unpacked: BinaryIO = io.BytesIO() if self.size_bytes <= MOST_HELD_BYTES else SPOOL.file()
            for piece in pieces(file, self.member, exact=True):
                unpacked.write(piece)
        except SourceError as problem:
            raise DamageError(problem.what) from problem
        unpacked.seek(0)
        return unpacked


def member_contents(facts: ArchiveFacts, origins: Sequence[Origin | None]) -> Contents:
    """What unpacking would make of the members, whose bytes lie at `origins`.

    Links, names that lead elsewhere and further members of one name are left out: the archive's own rules tell them.
    """
    files: dict[str, tuple[TreeEntry, Origin | None]] = {}
    folders: set[str] = set()
    for position, (member, origin) in enumerate(zip(facts.members, origins, strict=True)):
        path = member.name.rstrip("/")
        if member.escapes or member.is_special or path in files:
            continue
        folders.update(str(parent) for parent in PurePosixPath(path).parents)
        if member.is_folder:
            folders.add(path)
        else:
            entry = TreeEntry(path, Node.FILE, member.size_bytes, member.modified_ns, position)
            files[path] = entry, origin if member.is_readable else None
    folders.discard(".")
    return Contents(
        files=tuple(files[path] for path in sorted(files) if path not in folders),
        folders=tuple(sorted(folders)),
        archive=facts,
    )


def unreadable(problem: SourceError) -> Contents:
    """The contents of an archive that cannot be read, and why."""
    if isinstance(problem, LockedArchive):
        code, why = "A105", "asks for a password"
    else:
        code, why = "A101", f"is {Packing.UNUSUAL}" if isinstance(problem, UnusualArchive) else show(problem.what)
    return Contents(archive=ArchiveFacts(problems=((code, "", f"it {why}"),)))


def sevenzip_contents(path: Path) -> Contents:
    """What the 7z at `path` holds, or why it is not read: only what is stored as a build stores it is."""
    try:
        members = read_sevenzip_directory(path)
        problems = sevenzip_problems(path, members)
    except SourceError as problem:
        return unreadable(problem)
    if any(code == "A101" for code, *_ in problems):
        return Contents(archive=ArchiveFacts(members, problems))
    facts = ArchiveFacts(tuple(placed(members)), problems)
    return member_contents(facts, [Packed(OnDisk(path), member) for member in facts.members])


class _Window(io.RawIOBase):
    """`length` bytes of a file from `start` on as a file of their own, which closes the other with itself."""

    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        self._file = file
        self._start = start
        self._length = length
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        self._file.seek(self._start + self._at)
        data = self._file.read(max(0, min(len(target), self._length - self._at)))
        target[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def zip_contents(file: BinaryIO, origin: Origin, name: str, shape: Shape) -> Contents:
    """What the ZIP in `file`, opened from `origin`, holds; `shape` is that of an archive which is no comic and no book.

    What is broken in it is told in `archive`, never raised.
    """
    from packager.archive.zipped import read_directory  # for workers alone
    from packager.check.containers.zip_headers import zip_problems

    try:
        listing = read_directory(file, ARCHIVE_LIMITS)
    except SourceError as problem:
        return unreadable(problem)
    unpacked, size_bytes = sum(one.size_bytes for one in listing.members), file.seek(0, io.SEEK_END)
    if unpacked > max(MOST_UNPACKED_BYTES, LIMITS.ratio * size_bytes):
        return unreadable(SourceError(f"would unpack to {unpacked:,} bytes, too many to read"))
    stored = sorted(zip(listing.members, listing.infos, strict=True), key=lambda one: one[0].start)
    as_stored = [member for member, _ in stored]
    notes = (listing.comment, *(note for one in listing.infos for note in (one.comment, one.extra)))
    facts = ArchiveFacts(tuple(as_stored), notes=b"\0".join(filter(None, notes))[:MOST_NOTES_BYTES])
    if listing.has_overlaps:
        return Contents(archive=replace(facts, problems=(("A112", "", "members overlap, and none was read"),)))
    contents = member_contents(facts, [Packed(origin, one) for one in as_stored])
    shape, told = _shape(contents, as_stored, file, name, shape)
    problems = (*zip_problems(file, [info for _, info in stored]), *told)
    return replace(contents, shape=shape, archive=replace(facts, problems=problems))


def _shape(
    contents: Contents, members: Sequence[Member], file: BinaryIO, name: str, shape: Shape
) -> tuple[Shape, tuple[ArchiveProblem, ...]]:
    """Whether it is a book or a comic, by what it holds or by its name, and what is wrong in what it says of itself."""
    origins = {entry.path: origin for entry, origin in contents.files}

    def read(path: str) -> bytes:
        origin = origins.get(path)
        if not isinstance(origin, Packed) or origin.size_bytes > MOST_INFO_BYTES:
            raise DamageError("it cannot be read")
        with origin.open_in(file) as member:
            return member.read()

    if extension(name) == "epub" or origins.keys() & {MIMETYPE, CONTAINER}:
        return Shape.BOOK, _of_book(read, frozenset(origins), members)
    if extension(name) != "cbz" and INFO_NAME not in origins:
        return shape, ()
    with suppress(OSError, DamageError):  # a damaged member has its own finding
        if origins.get(INFO_NAME) and (error := comicinfo_error(read(INFO_NAME))):
            return Shape.COMIC, (("A109", "", f"{INFO_NAME}: {error}"),)
    return Shape.COMIC, ()


def _of_book(
    read: Callable[[str], bytes], paths: frozenset[str], members: Sequence[Member]
) -> tuple[ArchiveProblem, ...]:
    """What every book must say of itself, and where that is right, whether it is written as ours are."""
    if told := tuple(book_problems(read, paths, members)):
        return told
    with suppress(OSError, DamageError):  # a damaged member has its own finding
        return tuple(BookForm(read, members).problems())
    return ()
