"""P: what a file tells of the computers it has been on."""

from __future__ import annotations

from collections.abc import Iterator

from packager.check.facts import Inventory
from packager.check.rule import Rule
from packager.model import Finding
from packager.profile import Profile

TAG = Rule(
    "P101",
    "no file carries the tag of a Red Star computer",
    "do not send, publish or reuse this medium; build the tree again from its sources",
    "docs/devices.md section 6",
)
RULES = (TAG,)


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Every file that tells where it has been."""
    for file in inventory.files:
        if file.tag_bytes:
            message = f"opened on a Red Star computer, whose number it carries in its last {file.tag_bytes} bytes"
            yield TAG.broken(file.path, message)
