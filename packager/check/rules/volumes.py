"""A3: FAT32 images that hold together, and tell nothing but their files."""

from __future__ import annotations

from collections.abc import Iterator

from packager.check.containers.assembled import dropped
from packager.check.facts import Inventory
from packager.check.packed_facts import Flaw
from packager.check.rule import Rule
from packager.config.profile import Profile
from packager.model import Finding, Severity

FAT = "Microsoft FAT specification 1.03, section {}"
AGAIN = "make the image again"
UNREADABLE = Rule("A301", "an image holds a whole FAT32 volume", AGAIN, FAT.format("3"))
CHAIN = Rule("A302", "every cluster belongs to one file or folder", AGAIN, FAT.format("4"))
SIZE = Rule("A303", "every file has the clusters that its size needs", AGAIN, FAT.format("4"))
LOST = Rule("A304", "no cluster is in use without a file", "format the medium, and copy again", FAT.format("4"))
NAME = Rule("A305", "every name in an image is one that a file can have", AGAIN, FAT.format("7"))
HIDDEN = Rule("A306", "no attribute hides a file", "take the attribute away", "docs/devices.md section 6")
DELETED = Rule(
    "A307",
    "no name of a deleted file can be read",
    "format the medium, and copy again",
    "docs/devices.md section 7",
    Severity.WARNING,
)
SERIAL = Rule(
    "A308",
    "the number of a volume does not come from the clock",
    "make the image with packager image, or with mkfs.fat --invariant",
    "docs/devices.md section 7",
    Severity.WARNING,
)
RULES = (UNREADABLE, CHAIN, SIZE, LOST, NAME, HIDDEN, DELETED, SERIAL)

BY_FLAW = {
    Flaw.UNREADABLE: UNREADABLE,
    Flaw.CHAIN: CHAIN,
    Flaw.SIZE: SIZE,
    Flaw.LOST: LOST,
    Flaw.NAME: NAME,
    Flaw.HIDDEN: HIDDEN,
    Flaw.DELETED: DELETED,
    Flaw.SERIAL: SERIAL,
}


def findings(inventory: Inventory, _: Profile) -> Iterator[Finding]:
    """Every way in which the volume that the inventory is of contradicts itself."""
    for flaw, path, message in inventory.volume.flaws if inventory.volume else ():
        # What systems leave they also hide, and it has a finding of its own.
        if flaw is not Flaw.HIDDEN or not dropped(path):
            yield BY_FLAW[flaw].broken(path, message)
