"""A3: PDFs, which hold what ours hold and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from packager.check.facts import Inventory
from packager.check.findings import finding, listed
from packager.check.rules.types import allowed_files
from packager.config.profile import Profile
from packager.model import Finding


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Everything wrong with every PDF of the tree."""
    for file in allowed_files(inventory, profile):
        told: dict[str, list[str]] = {}
        for code, problem in file.paper:
            told.setdefault(code, []).append(problem)
        for code, problems in told.items():
            yield finding(code, file.path, listed(problems))
