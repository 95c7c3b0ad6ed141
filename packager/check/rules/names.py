"""N: names that every file system and every player can hold."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from packager.check.facts import Inventory
from packager.check.rule import Rule
from packager.check.rules.types import belonging, misplaced
from packager.check.show import count_against, listed, show
from packager.model import Finding
from packager.profile import Profile

MEDIA = "docs/devices.md section 1"
PROFILES = "docs/devices.md section 5"

PATH = Rule("N101", "no path is longer than the profile allows", "shorten its names, or move it further up", PROFILES)
PATTERN = Rule("N102", "every name is made as the profile says", "rename it, and the links to it", PROFILES)
RESERVED = Rule("N103", "no name is a device's on Windows", "rename it, and the links to it", MEDIA)
ENDING = Rule("N104", "no name ends in a dot or a space", "rename it, and the links to it", MEDIA)
LETTERS = Rule("N105", "no name has letters that FAT forbids", "rename it, and the links to it", MEDIA)
COMPOSED = Rule("N106", "every name is composed (NFC)", "rename it to its composed form", MEDIA)
TWINS = Rule("N107", "no two names differ in case alone", "rename one of them, and the links to it", MEDIA)
RULES = (PATH, PATTERN, RESERVED, ENDING, LETTERS, COMPOSED, TWINS)

DEVICE = re.compile(r"(?:con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³])(?:\..*)?", re.IGNORECASE | re.DOTALL)
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Every name that some device could not hold or show."""
    folders = (folder for folder in inventory.folders if not misplaced(folder))
    paths = sorted((*(file.path for file in belonging(inventory, profile)), *folders))
    twins = _twins(paths)
    for path in paths:
        units = len(path.encode("utf-16-le", "surrogatepass")) // 2
        if units > profile.tree.max_path:
            yield PATH.broken(path, count_against(units, profile.tree.max_path, "characters"))
        problem = _problem(path, twins)
        if problem is not None:
            yield problem
        elif not re.fullmatch(profile.tree.name_pattern, _name(path)):
            yield PATTERN.broken(path, f"{show(_name(path))}: names have {profile.tree.name_words}")


def _problem(path: str, twins: dict[str, list[str]]) -> Finding | None:
    """What no device could hold; a name with such a problem need not also be held against the pattern."""
    name = _name(path)
    if FORBIDDEN.search(name):
        return LETTERS.broken(path, f"{show(name)} holds a letter that FAT forbids")
    if name.endswith((".", " ")):
        return ENDING.broken(path, "Windows drops the dot or space at its end")
    if DEVICE.fullmatch(name):
        return RESERVED.broken(path, f"{show(name)} is a device's name on Windows, with or without an extension")
    if not unicodedata.is_normalized("NFC", name):
        return COMPOSED.broken(path, "its letters are decomposed, and other systems will not find it")
    if path in twins:
        return TWINS.broken(path, f"FAT and Windows cannot tell it from {listed(twins[path])}")
    return None


def _twins(paths: list[str]) -> dict[str, list[str]]:
    """For each path that another one equals after NFC and casefold: the others. Of folders, the folder alone."""
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for path in paths:
        folder, _, name = path.rpartition("/")
        groups[folder, _folded(name)].append(path)
    return {
        path: [twin for twin in group if twin != path] for group in groups.values() if len(group) > 1 for path in group
    }


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _name(path: str) -> str:
    return path.rpartition("/")[2]
