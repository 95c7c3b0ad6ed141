"""N: names that every file system and every player can hold, and one order whatever a player sorts by."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from packager.check.facts import FileFacts, Inventory, Shape
from packager.check.findings import count_against, finding, listed, show
from packager.check.rules.types import allowed_files, misplaced
from packager.config.filesystems import DEVICE_NAME, FORBIDDEN_LETTERS, MOST_NAME_UNITS, folded_name, name_units
from packager.config.profile import Profile
from packager.files.signatures import PICTURES
from packager.model import Finding
from packager.text.terminal import HIDING, MARKS_OF_DIRECTION, RIGHT_TO_LEFT

LIKE_SIGNS_OF_PATHS = re.compile("[\u2024\u2044\u2215\u29f5\u29f8\ufe52\uff0e\uff0f\uff3c]")
FAT_TICK_NS = 2_000_000_000  # FAT keeps times to two seconds


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Every name that some device could not hold or show, and folders that some would show in another order."""
    if inventory.shape in (Shape.COMIC, Shape.BOOK):  # their readers have rules of their own for names
        return
    folders = (folder for folder in inventory.folders if not misplaced(folder))
    files = allowed_files(inventory, profile)
    paths = sorted((*(file.path for file in files), *folders))
    twins = _twins(paths)
    for path in paths:
        if name_units(path) > profile.tree.max_path:
            yield finding("N101", path, count_against(name_units(path), profile.tree.max_path, "characters"))
        if name_units(_name(path)) > MOST_NAME_UNITS:
            yield finding("N108", path, count_against(name_units(_name(path)), MOST_NAME_UNITS, "characters"))
        problem = _problem(path, twins)
        if problem is not None:
            yield problem
        elif not re.fullmatch(profile.tree.name_pattern, _name(path)):
            yield finding("N102", path, f"{show(_name(path))}: names have {profile.tree.name_words}")
        elif _misleads(_name(path)):
            yield finding("N109", path, f"{_name(path)!a} has letters that nobody sees, or that look like . or /")
    yield from _order(files, inventory.written)


def _misleads(name: str) -> bool:
    """Whether a name shows people another one: marks of direction have a use beside letters that need them alone."""
    marks = None if RIGHT_TO_LEFT.search(name) else MARKS_OF_DIRECTION.search(name)
    return bool(marks or HIDING.search(name) or LIKE_SIGNS_OF_PATHS.search(name))


def _problem(path: str, twins: dict[str, list[str]]) -> Finding | None:
    """What no device could hold; a name with such a problem need not also be held against the pattern."""
    name = _name(path)
    if FORBIDDEN_LETTERS.search(name):
        return finding("N105", path, f"{show(name)} holds a letter that FAT forbids")
    if name.endswith((".", " ")):
        return finding("N104", path, "Windows drops the dot or space at its end")
    if DEVICE_NAME.fullmatch(name):
        return finding("N103", path, f"{show(name)} is a device's name on Windows, with or without an extension")
    if not unicodedata.is_normalized("NFC", name):
        return finding("N106", path, "its letters are decomposed, and other systems will not find it")
    if path in twins:
        return finding("N107", path, f"FAT and Windows cannot tell it from {listed(twins[path])}")
    return None


def _order(files: tuple[FileFacts, ...], written: tuple[str, ...]) -> Iterator[Finding]:
    """Folders whose pictures come in another order by name, by writing or by time; `files` are sorted by path."""
    place_of = {path: place for place, path in enumerate(written)}
    folders: defaultdict[str, list[FileFacts]] = defaultdict(list)
    for file in files:
        if file.kind in PICTURES:
            folders[file.path.rpartition("/")[0]].append(file)
    for folder, pictures in folders.items():
        names = [_name(file.path) for file in pictures]
        for order in (sorted(names, key=natural), sorted(names, key=str.casefold)):
            moved = [name for name, other in zip(names, order, strict=True) if name != other]
            if moved:
                yield finding("N201", folder, f"some readers put these in other places: {listed(moved)}")
                break
        places = [place_of[file.path] for file in pictures if file.path in place_of]
        if places != sorted(places):
            yield finding("N202", folder, "players that read it as it was written show another order")
        times = [file.entry.modified_ns // FAT_TICK_NS for file in pictures]
        if times != sorted(times):
            yield finding("N203", folder, "players that sort by time show another order")


def _twins(paths: list[str]) -> dict[str, list[str]]:
    """For each path that another one equals after NFC and casefold: the others. Of folders, the folder alone."""
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for path in paths:
        folder, _, name = path.rpartition("/")
        groups[folder, folded_name(name)].append(path)
    return {
        path: [twin for twin in group if twin != path] for group in groups.values() if len(group) > 1 for path in group
    }


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def natural(name: str) -> list[tuple[bool, int, str]]:
    """Return what to sort `name` by so that 9.jpg stands before 10.jpg."""
    return [
        (not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", name) if part
    ]
