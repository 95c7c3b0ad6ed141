"""Whatever is to be handed on, judged: an inventory, rules as pure functions of it, findings.

It shares nothing with what makes trees: what was written is opened again, and Pillow judges the pictures.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from packager.check.definitions import check_definitions, is_definition
from packager.check.demands import NOTHING_MORE, Demands
from packager.check.expected import expected_files
from packager.check.facts import FileFacts, Inventory
from packager.check.inputs import inventory_of
from packager.check.inventory import Mapper
from packager.check.rule import Family, Rule
from packager.check.rules import FAMILIES, HOLDERS, RULES, manifests, sizes
from packager.check.rules.types import belonging
from packager.check.selection import without
from packager.check.shapes import fits
from packager.check.words import needles
from packager.config.profile import Profile
from packager.model import Finding
from packager.model.progress import SILENT, Progress

__all__ = ["RULES", "Demands", "Family", "Mapper", "Rule", "check", "check_definitions", "is_definition"]


def check(
    path: Path,
    profile: Profile,
    workers: Mapper,
    progress: Progress = SILENT,
    demands: Demands = NOTHING_MORE,
    *,
    manifest: Path | None = None,
) -> tuple[Finding, ...]:
    """Every broken rule in what lies at `path` that the profile does not ignore, sorted by path, code and line.

    That is a folder, a drive, a ZIP, CBZ, EPUB or 7z, or one HTML document, told by its content. With a `manifest` it
    must hold exactly those files.
    Whatever lies there is a finding, never an error. Raises UsageError where nothing lies there that can be checked.
    """
    expected = expected_files(manifest, path.resolve().stem) if manifest is not None else None
    inventory = inventory_of(path, workers, progress, needles(demands.never, demands.traces))
    found = judged(inventory, profile)
    if demands.medium is not None:
        found.update(sizes.on_medium(inventory, path.resolve().name, demands.medium))
    if expected is not None:
        found.update(manifests.findings(inventory, expected))
    wanted = without(found, dict(profile.ignore))
    return tuple(sorted(wanted, key=lambda finding: (finding.path, finding.code, finding.line or 0, finding.message)))


def judged(inventory: Inventory, profile: Profile) -> set[Finding]:
    """The findings of all rules that fit the inventory, with those of every archive that may lie in it."""
    found = {finding for family in HOLDERS for finding in family(inventory, profile)}
    could_be_read = inventory.files or inventory.archive is None
    if found and not could_be_read:
        return found
    for family in FAMILIES:
        found.update(_from_root(finding, inventory) for finding in family(inventory, profile))
    found = {finding for finding in found if fits(finding.code, inventory)}
    for file in belonging(inventory, profile):
        if file.inside is not None:
            found.update(_told_of(file, finding, inventory) for finding in judged(file.inside, profile))
    return found


def _from_root(finding: Finding, inventory: Inventory) -> Finding:
    return replace(finding, path=f"{inventory.top}{finding.path}") if finding.path else finding


def _told_of(archive: FileFacts, finding: Finding, inventory: Inventory) -> Finding:
    """A finding in an archive as one of the archive, for which alone there is a file to look at."""
    line = f", line {finding.line}" if finding.line else ""
    message = f"{finding.path}{line}: {finding.message}" if finding.path else finding.message
    return _from_root(replace(finding, path=archive.path, message=message, line=None), inventory)
