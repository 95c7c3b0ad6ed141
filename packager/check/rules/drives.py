"""T4: what operating systems have added to a drive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from packager.check.facts import Inventory
from packager.check.findings import broken
from packager.config.profile import Profile
from packager.model import Finding
from packager.traces.os_leftovers import leftover


def findings(inventory: Inventory, _: Profile) -> Iterator[Finding]:
    """Everything that systems have left on the drive, what it tells, and how to be rid of it."""
    for entry in inventory.leftovers:
        known = leftover(entry.path.rpartition("/")[2], at_root="/" not in entry.path)
        if known is not None:
            finding = broken("T401", entry.path, f"left by {known.system}; it tells {known.tells}")
            yield replace(finding, remedy=known.removal)
