"""Finished trees judged: an inventory of the tree, rules as pure functions of it, findings.

It shares nothing with what makes trees: what was written is opened again, and Pillow judges the pictures.
"""

from __future__ import annotations

from pathlib import Path

from packager.check.demands import NOTHING_MORE, Demands
from packager.check.inventory import Mapper, take
from packager.check.rule import Family, Rule
from packager.check.rules import FAMILIES, RULES, sizes
from packager.check.selection import without
from packager.check.words import needles
from packager.errors import UsageError
from packager.model import Finding
from packager.profile import Profile
from packager.progress import SILENT, Progress

__all__ = ["RULES", "Demands", "Family", "Rule", "check"]


def check(
    tree: Path, profile: Profile, workers: Mapper, progress: Progress = SILENT, demands: Demands = NOTHING_MORE
) -> tuple[Finding, ...]:
    """Every broken rule in the folder `tree` that the profile does not ignore, sorted by path, code and line.

    Whatever lies in the tree is a finding, never an error. Raises UsageError where there is no such folder.
    """
    _refuse_other_than_folder(tree)
    inventory = take(tree, workers, progress, needles(demands.never, demands.traces))
    found = {finding for family in FAMILIES for finding in family(inventory, profile)}
    if demands.medium is not None:
        found.update(sizes.on_medium(inventory, tree.resolve().name, demands.medium))
    wanted = without(found, dict(profile.ignore))
    return tuple(sorted(wanted, key=lambda finding: (finding.path, finding.code, finding.line or 0, finding.message)))


def _refuse_other_than_folder(tree: Path) -> None:
    try:
        is_folder, is_there = tree.is_dir(), tree.exists()
    except OSError as problem:
        raise UsageError(f"cannot be read: {problem.strerror}", where=tree) from problem
    if not is_folder:
        what = "is not a folder" if is_there else "there is no such folder"
        raise UsageError(what, where=tree, hint="Give the folder that holds index.html.")
