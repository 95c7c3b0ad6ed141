"""What a build makes: its trees, and all that is to be said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from packager.build.request import Settings
from packager.layout.build_input import BuildInput
from packager.model import (
    AllRenditions,
    Finding,
    Library,
    Publication,
    Remark,
    RenditionOrGap,
    Severity,
    VersionKey,
)
from packager.output.changes import Changes
from packager.output.ledger import NumberedEdition
from packager.plan.plan import Plan


@dataclass(frozen=True, slots=True)
class PlannedTree:
    """One tree: what it is made from, its `renditions`, and its files; `dropped` is what had to go."""

    build: BuildInput
    renditions: AllRenditions
    plan: Plan
    dropped: tuple[Publication, ...] = ()

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.build.definition.name


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What became of a build, or of a preview, which has no findings.

    The destination holds the trees, `keep` and archives; refused ones are not there. `bytes_of_sources` are those of
    the files that each version's pictures come from. The `thumbnails` of each version, and all sources that lay in
    archives, are there only while the report is written. The `edition` of the bundle that the trees are, and the
    `changes` in it since the one before, are told by builds only; `unrecorded` says why it could not be kept.
    """

    settings: Settings
    library: Library
    remarks: tuple[Remark, ...]
    trees: tuple[PlannedTree, ...]
    findings: tuple[Finding, ...]
    bytes_of_sources: Mapping[VersionKey, int] = field(default_factory=dict)
    thumbnails: Mapping[VersionKey, tuple[RenditionOrGap, ...]] = field(default_factory=dict)
    edition: NumberedEdition | None = None
    changes: Changes | None = None
    unrecorded: str = ""

    @property
    def destination(self) -> Path:
        """The folder that the trees are built into."""
        return self.settings.destination

    @property
    def is_refused(self) -> bool:
        """Whether the check found what no tree may have."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    def archive_of(self, tree: PlannedTree) -> str:
        """The name of the tree's archive, "" for none."""
        kind = self.settings.request.archive
        return f"{tree.name}.{kind}" if kind and not self.is_refused else ""


def bytes_of_sources(library: Library) -> dict[VersionKey, int]:
    """The bytes of the files that each version's pictures and recordings come from; an archive counts as a whole."""
    sizes = {}
    for key, version in library.versions:
        shown = (*version.pictures, version.work.cover, *version.recordings)
        files = {one.source.path for one in shown if one}
        sizes[key] = sum(_size_of(file) for file in files)
    return sizes


def thumbnails_of(renditions: AllRenditions) -> dict[VersionKey, tuple[RenditionOrGap, ...]]:
    """The thumbnails of each version."""
    return {key: each.thumbnails for key, each in renditions.items()}


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # somebody has taken it away since it was read
        return 0
