"""A: archives that every reader opens alike, and that hold nothing but what they show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from packager.check.facts import ArchiveFacts, Inventory, MemberFacts
from packager.check.kinds import Kind, extension
from packager.check.rule import Rule
from packager.check.rules.types import belonging
from packager.check.show import listed
from packager.check.zipped import INFO_NAME
from packager.model import Finding
from packager.profile import Profile

MEDIA = "docs/devices.md section 1"
LEAKS = "docs/devices.md section 7"
PLAYERS = "docs/devices.md section 4"

AGAIN = "make the archive again"
WHOLE = Rule("A101", "every archive can be read whole", AGAIN, MEDIA)
STORED = Rule("A102", "every member is stored as it is", "make the archive again without compression", PLAYERS)
ASCII = Rule("A103", "every member's name is ASCII", "rename the member, and make the archive again", MEDIA)
EXTRAS = Rule("A104", "an archive holds no comments or extra fields", "make the archive again without them", LEAKS)
ENCRYPTED = Rule("A105", "nothing is encrypted", "make the archive again without a password", LEAKS)
TWINS = Rule("A106", "no two members have one name", "rename one of them, and make the archive again", MEDIA)
ESCAPES = Rule(
    "A107", "every member stays where the archive is unpacked", "make the archive again with plain names", MEDIA
)
ORDER = Rule("A108", "pictures are stored in the order of their names", "make the archive again in that order", PLAYERS)
INFO = Rule("A109", "a ComicInfo.xml can be read", "make it again, or leave it out", PLAYERS)
CONTENT = Rule("A110", "a CBZ holds pictures and a ComicInfo.xml", "remove the member, or convert it to JPEG", PLAYERS)
STRAY = Rule("A111", "every byte of an archive belongs to one member", AGAIN, LEAKS)
RULES = (WHOLE, STORED, ASCII, EXTRAS, ENCRYPTED, TWINS, ESCAPES, ORDER, INFO, CONTENT, STRAY)

DIGITS = re.compile(r"(\d+)")


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Everything wrong with every archive of the tree."""
    for file in belonging(inventory, profile):
        if file.archive is not None:
            is_comic = extension(file.path) == "cbz"
            for rule, message in _problems(file.archive, is_comic):
                yield rule.broken(file.path, message)


Problem = tuple[Rule, str]


def _problems(archive: ArchiveFacts, is_comic: bool) -> Iterator[Problem]:
    if archive.error:
        yield WHOLE, archive.error
    if archive.has_comment:
        yield EXTRAS, "it has a comment"
    if archive.has_stray_bytes:
        yield STRAY, "there are bytes before, between or behind its members, or members that overlap"
    if archive.info_error:
        yield INFO, f"{INFO_NAME}: {archive.info_error}"
    yield from _members(archive.members)
    if is_comic:
        yield from _comic(archive)


def _members(members: tuple[MemberFacts, ...]) -> Iterator[Problem]:
    for member in members:
        if member.error:
            yield WHOLE, f"{listed((member.name,))}: {member.error}"
    names = [member.name for member in members]
    groups: tuple[tuple[Rule, list[str]], ...] = (
        (STORED, [member.name for member in members if not member.is_stored]),
        (ASCII, [name for name in names if not name.isascii()]),
        (EXTRAS, [member.name for member in members if member.has_extras]),
        (ENCRYPTED, [member.name for member in members if member.is_encrypted]),
        (TWINS, _twins(names)),
        (ESCAPES, [member.name for member in members if member.is_link or _escapes(member.name)]),
    )
    for rule, wrong in groups:
        if wrong:
            yield rule, f"{len(wrong)} of {len(members)} members: {listed(wrong)}"


def _comic(archive: ArchiveFacts) -> Iterator[Problem]:
    pictures = [member for member in archive.members if member.name != INFO_NAME]
    foreign = [] if archive.has_stray_bytes else [member.name for member in pictures if _is_foreign(member)]
    if foreign:
        yield CONTENT, f"it holds {listed(foreign)}"
    names = [member.name for member in pictures]
    if names != sorted(names) or names != sorted(names, key=_natural):
        yield ORDER, f"stored as {listed(names)}"
    if not pictures and not archive.error:
        yield CONTENT, "it holds no picture"


def _is_foreign(member: MemberFacts) -> bool:
    """Whether a member that was read is something else than a JPEG; one that could not be read has its own finding."""
    was_read = member.is_stored and not member.is_encrypted and not member.error
    return was_read and (member.kind is not Kind.JPEG or extension(member.name) not in ("jpg", "jpeg"))


def _twins(names: list[str]) -> list[str]:
    counts = Counter(name.casefold() for name in names)
    return [name for name in names if counts[name.casefold()] > 1]


def _escapes(name: str) -> bool:
    steps = name.split("/")
    return name.startswith("/") or ".." in steps or "\\" in name or ":" in name or "\0" in name


def _natural(name: str) -> list[tuple[bool, int, str]]:
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in DIGITS.split(name) if part]
