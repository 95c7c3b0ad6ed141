"""Members of an archive as the files and folders of a tree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from packager.check.containers import Contents
from packager.check.containers.origin import Origin
from packager.check.facts import Found, Node
from packager.check.packed_facts import ArchiveFacts, MemberFacts, Packing


def member_contents(facts: ArchiveFacts, origins: Sequence[Origin | None]) -> Contents:
    """What unpacking would make of the members, whose bytes lie at `origins`.

    Links, names that lead elsewhere and further members of one name are left out: the archive's own rules tell them.
    """
    files: dict[str, tuple[Found, Origin | None]] = {}
    folders: set[str] = set()
    for position, (member, origin) in enumerate(zip(facts.members, origins, strict=True)):
        path = member.name.rstrip("/")
        if member.escapes or member.is_link or path in files:
            continue
        folders.update(str(parent) for parent in PurePosixPath(path).parents)
        if member.is_folder:
            folders.add(path)
        else:
            found = Found(path, Node.FILE, member.size_bytes, member.modified_ns, position)
            files[path] = found, origin if is_readable(member) else None
    folders.discard(".")
    return Contents(
        files=tuple(files[path] for path in sorted(files) if path not in folders),
        folders=tuple(sorted(folders)),
        archive=facts,
    )


def is_readable(member: MemberFacts) -> bool:
    """Whether a member may be unpacked at all."""
    return not (member.is_encrypted or member.is_bomb or member.objection or member.packing is Packing.UNUSUAL)
