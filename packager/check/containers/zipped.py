"""ZIP archives, CBZ and EPUB among them: what they say of themselves, and their members as files that can be opened."""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import replace
from typing import BinaryIO

from packager.archive.zipped import read_directory
from packager.check.comicinfo import INFO_NAME, comicinfo_error
from packager.check.containers import Contents, DamageError, Origin
from packager.check.containers.archive import Packed, member_contents, unreadable
from packager.check.containers.book import CONTAINER, MIMETYPE, book_facts
from packager.check.facts import ArchiveFacts, Shape
from packager.errors import SourceError
from packager.files.signatures import extension
from packager.sandbox.limits import LIMITS

# Whole trees lie in these archives; the smallest JPEG has some 600 bytes, a document of ours thousands.
ARCHIVE_LIMITS = replace(LIMITS, members_free=20_000, bytes_a_member=500, directory_bytes=64 << 20)
MOST_NOTES_BYTES = 1024 * 1024
MOST_INFO_BYTES = 4 * 1024 * 1024
MOST_UNPACKED_BYTES = 1 << 30


def zip_contents(file: BinaryIO, origin: Origin, name: str, shape: Shape) -> Contents:
    """What the ZIP in `file`, opened from `origin`, holds; `shape` is that of an archive which is no comic and no book.

    What is broken in it is told in `archive`, never raised.
    """
    try:
        listing = read_directory(file, ARCHIVE_LIMITS)
    except SourceError as problem:
        return unreadable(problem)
    unpacked, size_bytes = sum(one.size_bytes for one in listing.members), file.seek(0, io.SEEK_END)
    if unpacked > max(MOST_UNPACKED_BYTES, LIMITS.ratio * size_bytes):
        return unreadable(SourceError(f"would unpack to {unpacked:,} bytes, too many to read"))
    as_stored = sorted(listing.members, key=lambda one: one.start)
    notes = (listing.comment, *(note for one in listing.infos for note in (one.comment, one.extra)))
    facts = ArchiveFacts(
        members=tuple(as_stored),
        has_comment=bool(listing.comment),
        notes=b"\0".join(filter(None, notes))[:MOST_NOTES_BYTES],
        has_overlaps=listing.has_overlaps,
        has_stray_bytes=listing.has_stray_bytes,
    )
    if facts.has_overlaps:
        return Contents(archive=facts)
    contents = member_contents(facts, [Packed(origin, one) for one in as_stored])
    return _shaped(contents, file, name, shape)


def _shaped(contents: Contents, file: BinaryIO, name: str, shape: Shape) -> Contents:
    """The contents with what a book or a comic says of itself: told by what they hold, or by their name."""
    origins = {entry.path: origin for entry, origin in contents.files}

    def read(path: str) -> bytes:
        origin = origins.get(path)
        if not isinstance(origin, Packed) or origin.size_bytes > MOST_INFO_BYTES:
            raise DamageError("it cannot be read")
        with origin.open_in(file) as member:
            return member.read()

    if extension(name) == "epub" or origins.keys() & {MIMETYPE, CONTAINER}:
        return replace(contents, shape=Shape.BOOK, book=book_facts(read, frozenset(origins)))
    if extension(name) == "cbz" or INFO_NAME in origins:
        error = ""
        if origins.get(INFO_NAME):
            with suppress(OSError, DamageError):  # a damaged member has its own finding
                error = comicinfo_error(read(INFO_NAME))
        archive = replace(contents.archive, info_error=error) if contents.archive else None
        return replace(contents, shape=Shape.COMIC, archive=archive)
    return replace(contents, shape=shape)
