"""A: archives that every reader opens alike and that hold nothing but what they show; EPUBs that say what they hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from packager.archive import Member, Packing
from packager.check.containers.book import INFO_NAME
from packager.check.facts import ArchiveFacts, ArchiveProblem, FileFacts, FormProblem, Inventory, Shape
from packager.check.findings import finding, listed
from packager.check.rules.names import natural
from packager.config.profile import Profile
from packager.files.signatures import BY_EXTENSION, PICTURES, extension
from packager.model import Finding

# After these, each of which says that something was not read, it is no matter what else headers say.
GRAVER = frozenset(("A101", "A105", "A106", "A107", "A112", "A113"))
OF_FORM = frozenset(("A104", "A111", "A114", "A115", "A116"))
ALWAYS_SHOWN = frozenset(("jpg", "jpeg"))  # in a CBZ, whatever else the profile lists


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Everything wrong with the archive that the inventory is of."""
    archive = inventory.archive
    if archive is None:
        return
    for code, path, message in _told(archive, inventory.shape, profile):
        yield finding(code, path, message)
    for file in inventory.files:
        if file.trouble:
            yield finding("A101", f"{inventory.top}{file.path}", f"it was not read: {file.trouble}")
    if inventory.shape is Shape.COMIC:
        for code, message in _comic(inventory.files, archive, profile):
            yield finding(code, "", message)
    if inventory.shape is Shape.BOOK:
        yield from _book(inventory.files, {path for code, path, _ in archive.problems if code == "A202"})


def _told(archive: ArchiveFacts, shape: Shape, profile: Profile) -> Iterator[ArchiveProblem]:
    """Yield what is wrong with what the archive says of itself: its form, where all of it can be read."""
    problems = (*archive.problems, *_members(archive.members, shape, profile))
    codes = {code for code, *_ in problems}
    objections = [("A101", one.name, one.objection) for one in archive.members if one.objection]
    is_read = GRAVER.isdisjoint(codes) and not objections
    yield from (one for one in problems if is_read or one[0] not in OF_FORM)
    if "A112" not in codes:
        yield from objections


def _members(members: tuple[Member, ...], shape: Shape, profile: Profile) -> Iterator[ArchiveProblem]:
    are_unusual = [one.name for one in members if one.packing is Packing.UNUSUAL and not one.is_encrypted]
    packed = [one.name for one in members if one.packing in (Packing.DEFLATED, Packing.SOLID) and not one.is_encrypted]
    groups: tuple[tuple[str, list[str]], ...] = (
        ("A101", are_unusual),
        ("A102", packed if shape is Shape.COMIC else []),
        ("A103", _foreign_names(members, shape, profile)),
        ("A105", [one.name for one in members if one.is_encrypted]),
        ("A106", _twins(members)),
        ("A107", [one.name for one in members if one.is_special or one.escapes]),
        ("A113", [one.name for one in members if one.is_bomb]),
    )
    for code, wrong in groups:
        if wrong:
            why = f" {Packing.UNUSUAL}" if code == "A101" else ""
            yield code, "", f"{len(wrong)} of {len(members)} members{why}: {listed(wrong)}"


def _comic(files: tuple[FileFacts, ...], archive: ArchiveFacts, profile: Profile) -> Iterator[FormProblem]:
    pictures = [file for file in files if file.path != INFO_NAME]
    foreign = [file.path for file in pictures if _is_foreign(file, profile)]
    if foreign:
        yield "A110", f"it holds {listed(foreign)}"
    names = [one.name for one in archive.members if one.name != INFO_NAME and not one.is_folder]
    if names != sorted(names) or names != sorted(names, key=natural):
        yield "A108", f"they are stored as {listed(names)}"
    if not pictures:
        yield "A110", "it holds no picture"


def _is_foreign(file: FileFacts, profile: Profile) -> bool:
    """Whether a member is no picture that the profile lists; one that could not be read has its own finding."""
    ending = extension(file.path)
    is_listed = ending in ALWAYS_SHOWN or ending in profile.types
    is_picture = file.kind in PICTURES and file.kind in BY_EXTENSION.get(ending, frozenset())
    return bool(file.sha256) and not (is_listed and is_picture)


def _foreign_names(members: tuple[Member, ...], shape: Shape, profile: Profile) -> list[str]:
    """Return names that are not ASCII; an EPUB may have them, and in a tree they may break a rule on names already."""
    if shape is Shape.BOOK:
        return []
    allowed = re.compile("(?s:.*)" if shape is Shape.COMIC else profile.tree.name_pattern)
    return [
        one.name
        for one in members
        if not one.name.isascii() and allowed.fullmatch(one.name.rstrip("/").rpartition("/")[2])
    ]


def _twins(members: tuple[Member, ...]) -> list[str]:
    """Names that stand for two things: two members, or a file and a folder."""
    counts = Counter(member.name.rstrip("/") for member in members)
    folders = {str(parent) for member in members for parent in PurePosixPath(member.name).parents}
    files = {member.name for member in members if not member.is_folder}
    return [name for name, count in counts.items() if count > 1 or (name in folders and name in files)]


def _book(files: tuple[FileFacts, ...], told: set[str]) -> Iterator[Finding]:
    """Yield the XML that is none, but for what is `told` already, and entities, which break a rule on the outside."""
    for file in files:
        declares = file.document is not None and any(code == "X203" for code, *_ in file.document.problems)
        if file.xml_error and not declares and file.path not in told:
            yield finding("A209", file.path, file.xml_error, file.xml_line)
