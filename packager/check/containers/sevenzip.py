"""7z archives: listed once, then read from their first byte to their last, since their members are packed together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from packager.archive import LockedArchive, Surveyed, UnusualArchive
from packager.archive.read import iterate, survey
from packager.check.containers import Contents
from packager.check.containers.members import member_contents
from packager.check.containers.origin import PIECE_BYTES
from packager.check.packed_facts import ArchiveFacts, MemberFacts, Packing
from packager.check.show import show
from packager.errors import SourceError


def sevenzip_contents(path: Path) -> Contents:
    """What the 7z at `path` holds, or why it cannot be read; the bytes of its files come from `pieces`."""
    try:
        facts = ArchiveFacts(members=tuple(map(_member, survey(path))))
    except LockedArchive:
        return Contents(archive=ArchiveFacts(is_locked=True))
    except UnusualArchive:
        return Contents(archive=ArchiveFacts(is_unusual=True))
    except SourceError as problem:
        return Contents(archive=ArchiveFacts(error=show(problem.what)))
    contents = member_contents(facts, [None] * len(facts.members))
    # The door to the bytes is closed to archives with links, doubles and names that lead elsewhere.
    is_plain = len(contents.files) + sum(member.is_folder for member in facts.members) == len(facts.members)
    return contents if is_plain else Contents(archive=facts)


def pieces(path: Path) -> Iterator[tuple[str, bytes]]:
    """The bytes of every file, each piece with the file's name, in the archive's order; the first one is empty.

    Raises SourceError where the archive is damaged.
    """
    for member, stream in iterate(path):
        yield member.name, b""
        while piece := stream.read(PIECE_BYTES):
            yield member.name, piece


def _member(found: Surveyed) -> MemberFacts:
    modified = found.modified
    return MemberFacts(
        name=found.name,
        size_bytes=found.size_bytes,
        packing=Packing.SOLID,
        is_folder=found.is_folder,
        is_link=not found.is_folder and not found.is_file,
        modified=modified.timetuple()[:6] if modified else (),
        modified_ns=int(modified.timestamp()) * 10**9 if modified else 0,
        mode=found.mode,
    )
