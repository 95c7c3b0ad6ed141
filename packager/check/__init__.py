"""Whatever is to be handed on, judged: an inventory, rules as pure functions of it, findings.

What was written is opened again, and Pillow judges the pictures. With what makes trees it shares the texts of
templates, to know our own scripts and styles, the reader of manifests, and the sum of clusters.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from packager.check.facts import FileFacts, Inventory
from packager.check.findings import finding as make_finding
from packager.check.inventory import inventory_of
from packager.check.known import KnownFacts
from packager.check.recordings.decoding import Decode, undecodable
from packager.check.rules import CONTAINER_RULES, TREE_RULES, fits, loosened, manifests, sizes, without
from packager.check.rules.types import allowed_files
from packager.check.words import word_search
from packager.config.media import Medium
from packager.config.profile import Profile
from packager.model import Finding
from packager.model.progress import SILENT, Progress
from packager.output.marks import is_unfinished
from packager.sandbox.pool import Workers


@dataclass(frozen=True, slots=True)
class CheckTarget:
    """What a tree must hold to beside its profile: `medium` is what it must fit, `never` words that it must not hold.

    `traces` tell of the computer that built it: the names of its user and host, home, zone and date; short ones and
    those of many computers are passed over. Films are decoded where it says how to `decode` them. Files of which the
    facts are `known` are not examined again.
    """

    medium: Medium | None = None
    never: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()
    decode: Decode | None = None
    known: KnownFacts | None = None


ANY_TARGET = CheckTarget()


def check(
    path: Path,
    profile: Profile,
    workers: Workers,
    progress: Progress = SILENT,
    target: CheckTarget = ANY_TARGET,
    *,
    manifest: Path | None = None,
) -> tuple[Finding, ...]:
    """Return every broken rule in what lies at `path` that the profile does not ignore, sorted by path, code and line.

    That is a folder, a drive, a ZIP, CBZ, EPUB or 7z, or one HTML document or film, by its content. With a `manifest`
    it must hold exactly those files. Whatever lies there is a finding, never an error.
    Raises UsageError where nothing lies there that can be checked.
    """
    expected = manifests.expected_files(manifest, path.resolve().stem) if manifest is not None else None
    inventory = inventory_of(path, workers, progress, word_search(target.never, target.traces), target.known)
    findings = _judge(inventory, profile) | set(_unfinished(path))
    if target.decode is not None:
        findings.update(undecodable(inventory, path, target.decode, progress))
    if target.medium is not None:
        findings.update(sizes.on_medium(inventory, path.resolve().name, target.medium))
    if expected is not None:
        findings.update(manifests.findings(inventory, expected))
    left_out = tuple(code for codes, _ in loosened(profile) for code in codes)
    wanted = without(without(findings, {"*": left_out}), dict(profile.ignore))
    return tuple(sorted(wanted, key=lambda finding: (finding.path, finding.code, finding.line or 0, finding.message)))


def _unfinished(path: Path) -> Iterator[Finding]:
    """What an update that stopped half-way has left: what is checked, what holds it, or what lies in it."""
    whole = path.resolve()
    if any(map(is_unfinished, (whole, whole.parent))):
        yield make_finding("T209", "", "it is neither the old edition nor the new one")
        return
    with suppress(OSError):  # what is no folder, or cannot be read, is told by another rule
        if folder := next(filter(is_unfinished, sorted(whole.iterdir())), None):
            yield make_finding("T209", folder.name, "an update has begun, and did not end")


def _judge(inventory: Inventory, profile: Profile) -> set[Finding]:
    """Return the findings of all rules that fit the inventory, with those of every archive that may lie in it."""
    findings = {finding for family in CONTAINER_RULES for finding in family(inventory, profile)}
    if findings and inventory.archive is not None and not inventory.files:
        return findings
    for family in TREE_RULES:
        findings.update(_from_root(finding, inventory) for finding in family(inventory, profile))
    findings = {finding for finding in findings if fits(finding.code, inventory)}
    for file in allowed_files(inventory, profile):
        if file.inside is not None:
            findings.update(_of_archive(file, finding, inventory) for finding in _judge(file.inside, profile))
    return findings


def _from_root(finding: Finding, inventory: Inventory) -> Finding:
    return replace(finding, path=f"{inventory.top}{finding.path}") if finding.path else finding


def _of_archive(archive: FileFacts, finding: Finding, inventory: Inventory) -> Finding:
    """Return a finding in an archive as one of the archive, which alone is a file that can be looked at."""
    line = f", line {finding.line}" if finding.line else ""
    message = f"{finding.path}{line}: {finding.message}" if finding.path else finding.message
    return _from_root(replace(finding, path=archive.path, message=message, line=None), inventory)
