"""A: archives that every reader opens alike and that hold nothing but what they show; EPUBs that say what they hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from packager.archive import Member, Packing
from packager.check.containers.book import CONTAINER, INFO_NAME, MIMETYPE
from packager.check.facts import ArchiveFacts, BookFacts, FileFacts, FormProblem, Inventory, Shape
from packager.check.findings import finding, listed, show
from packager.check.rules.names import natural
from packager.config.profile import Profile
from packager.files.signatures import BY_EXTENSION, PICTURES, extension
from packager.model import Finding

# After these, each of which says that something was not read, it is no matter what else headers say.
GRAVER = frozenset(("A101", "A105", "A106", "A107", "A112", "A113"))
ALWAYS_SHOWN = frozenset(("jpg", "jpeg"))  # in a CBZ, whatever else the profile lists

MEDIA_TYPE = b"application/epub+zip"
PROTECTIONS = ("META-INF/encryption.xml", "META-INF/rights.xml", "META-INF/signatures.xml")


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Everything wrong with the archive that the inventory is of."""
    archive = inventory.archive
    if archive is None:
        return
    for code, message in _headers(archive, inventory, profile):
        yield finding(code, "", message)
    for member in archive.members:
        if member.objection and not archive.has_overlaps:
            yield finding("A101", member.name, member.objection)
    for file in inventory.files:
        if file.trouble:
            yield finding("A101", f"{inventory.top}{file.path}", f"it was not read: {file.trouble}")
    if inventory.shape is Shape.COMIC and not archive.error and not archive.has_overlaps:
        for code, message in _comic(inventory.files, archive, profile):
            yield finding(code, "", message)
    if inventory.book is not None:
        yield from _book(inventory, inventory.book)


def _headers(archive: ArchiveFacts, inventory: Inventory, profile: Profile) -> Iterator[FormProblem]:
    """Yield what is wrong with what the archive says of itself: its form, where all of it can be read."""
    problems = (*_whole(archive), *_members(archive.members, inventory, profile))
    yield from problems
    if GRAVER.isdisjoint(code for code, _ in problems) and not any(member.objection for member in archive.members):
        yield from archive.problems


def _whole(archive: ArchiveFacts) -> Iterator[FormProblem]:
    if archive.error:
        yield "A101", archive.error
    if archive.is_locked:
        yield "A105", "it asks for a password"
    if archive.is_unusual:
        yield "A101", f"it is {Packing.UNUSUAL}"
    if archive.has_overlaps:
        yield "A112", "members overlap, and none was read"
    if archive.info_error:
        yield "A109", f"{INFO_NAME}: {archive.info_error}"


def _members(members: tuple[Member, ...], inventory: Inventory, profile: Profile) -> Iterator[FormProblem]:
    is_comic = inventory.shape is Shape.COMIC
    are_unusual = [one.name for one in members if one.packing is Packing.UNUSUAL and not one.is_encrypted]
    packed = [one.name for one in members if one.packing in (Packing.DEFLATED, Packing.SOLID) and not one.is_encrypted]
    groups: tuple[tuple[str, list[str]], ...] = (
        ("A101", are_unusual),
        ("A102", packed if is_comic else []),
        ("A103", _foreign_names(members, inventory.shape, profile)),
        ("A105", [one.name for one in members if one.is_encrypted]),
        ("A106", _twins(members)),
        ("A107", [one.name for one in members if one.is_special or one.escapes]),
        ("A113", [one.name for one in members if one.is_bomb]),
    )
    for code, wrong in groups:
        if wrong:
            why = f" {Packing.UNUSUAL}" if code == "A101" else ""
            yield code, f"{len(wrong)} of {len(members)} members{why}: {listed(wrong)}"


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


def _book(inventory: Inventory, book: BookFacts) -> Iterator[Finding]:
    if not _begins_rightly(inventory, book):
        yield finding("A201", MIMETYPE, f"it must be the first member, stored, and hold {MEDIA_TYPE.decode()} alone")
    protections = [file.path for file in inventory.files if file.path in PROTECTIONS]
    if protections:
        yield finding("A208", "", f"it holds {listed(protections)}")
    for file in inventory.files:
        declares = file.document is not None and any(
            one[0] == "X203" for one in file.document.problems
        )  # which breaks a rule on the outside
        if file.xml_error and not declares and file.path != book.package:
            yield finding("A209", file.path, file.xml_error, file.xml_line)
    if book.error:
        yield finding("A202", book.package or CONTAINER, book.error)
    else:
        yield from _package(inventory, book)


def _begins_rightly(inventory: Inventory, book: BookFacts) -> bool:
    members = inventory.archive.members if inventory.archive else ()
    if not members or book.mimetype != MEDIA_TYPE:
        return False
    first = members[0]
    return first.name == MIMETYPE and first.packing is Packing.STORED


def _package(inventory: Inventory, book: BookFacts) -> Iterator[Finding]:
    paths = {file.path for file in inventory.files}
    for message in _items(book):
        yield finding("A203", book.package, message)
    items = {item.path for item in book.items}
    for path in sorted(paths - items - {MIMETYPE, book.package}):
        if not path.startswith("META-INF/"):
            yield finding("A204", path, f"{show(book.package)} does not list it")
    ids = {item.id for item in book.items}
    strangers = [idref for idref in book.spine if idref not in ids]
    if strangers or not book.spine:
        yield finding(
            "A205", book.package, f"these are no items: {listed(strangers)}" if strangers else "it has no spine"
        )
    if not book.has_contents:
        yield finding("A206", book.package, "no item is a navigation document or an NCX")
    if book.lacking:
        yield finding("A207", book.package, f"it lacks {listed(book.lacking)}")


def _items(book: BookFacts) -> Iterator[str]:
    """What is wrong with items, but for what they lead to, which rules on links and on the outside see."""
    nameless = [item.id or item.address for item in book.items if not (item.id and item.address)]
    if nameless:
        yield f"without id or address: {listed(nameless)}"
    for attribute, values in (("id", [item.id for item in book.items]), ("file", [item.path for item in book.items])):
        twice = [value for value, count in Counter(values).items() if value and count > 1]
        if twice:
            yield f"of one {attribute}: {listed(twice)}"
