"""The story: from a folder of comics and articles to a checked tree, in eight steps.

define -> read -> measure -> plan -> write -> check -> finish        (then: copy)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from packager import check
from packager.archive import write as archive
from packager.build.prepare import Planned, define, prepare
from packager.build.request import ArchiveKind, Request
from packager.config.definition import Definition
from packager.config.profile import Profile
from packager.errors import OutputError
from packager.model import Finding, Library, Outcome, Remark, Severity
from packager.model.progress import SILENT, Progress, step
from packager.output import manifest, staging, writer
from packager.output.manifest import Manifest
from packager.output.marks import KEEP, KEPT
from packager.output.staging import Stage
from packager.plan.plan import Plan
from packager.sandbox.pool import Workers
from packager.traces.os_leftovers import dropping


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree as it was written; the name of its `archive`, "" for none."""

    planned: Planned
    manifest: Manifest
    findings: tuple[Finding, ...]
    archive: str = ""

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.planned.name

    @property
    def plan(self) -> Plan:
        """Its files."""
        return self.planned.plan


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What became of a build. `destination` holds the trees, `keep` and archives; a refused one is not there."""

    definition: Definition
    profile: Profile
    destination: Path
    library: Library
    remarks: tuple[Remark, ...]
    trees: tuple[Tree, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all trees; of several, each says its tree."""
        if len(self.trees) == 1:
            return self.trees[0].findings
        return tuple(
            replace(finding, path=f"{tree.name}/{finding.path}") for tree in self.trees for finding in tree.findings
        )

    @property
    def is_refused(self) -> bool:
        """Whether the check found what no tree may have."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


Keeper = Callable[[BuildResult, Path], None]  # writes the organizer's report into the keep folder


def build(request: Request, keeper: Keeper, workers: Workers, progress: Progress = SILENT) -> BuildResult:
    """Build the bundle into its destination, which is exchanged in one step, and only when the check finds nothing.

    Raises DefinitionError, SourceError, DoesNotFit or OutputError; the destination is then as it was.
    """
    case = define(request, progress)
    destination = request.output or Path(f"{case.definition.name}-built")
    with staging.stage(destination, foreign=foreign) as stage:
        workers.only_read(case.definition.folder, stage.scratch, stage.output)
        prepared = prepare(case, request, stage.scratch, workers, progress)
        plans = [planned.plan for planned in prepared.trees]
        written = sum(plan.written_bytes + (plan.size_bytes if request.archive else 0) for plan in plans)
        staging.require_space(destination, written)
        stage.require_in_place()
        trees = tuple(make(planned, stage.output, request, workers, progress) for planned in prepared.trees)
        remarks = (*prepared.remarks, *open_to_others(stage))
        result = BuildResult(case.definition, case.profile, destination, prepared.library, remarks, trees)
        with step(progress, "finish"):
            return finish(result, request, stage, keeper)


def open_to_others(stage: Stage) -> tuple[Remark, ...]:
    """That somebody else may write where the tree is built, so that nothing keeps the tree from being exchanged."""
    if not (stranger := stage.stranger):
        return ()
    message = (
        f"{stranger.name} can change or exchange what is built there, now and later: compare it before it is copied"
    )
    return (Remark(str(stranger.folder), Outcome.WARNING, message),)


def write(plan: Plan, output: Path, name: str, progress: Progress) -> Manifest:
    """Write the planned files into the tree `name`; the manifest tells what was written."""
    with step(progress, "write", len(plan.entries)):
        writer.write_tree(plan.entries, output / name, progress)
        return manifest.record(output, (PurePosixPath(name, entry.path) for entry in plan.entries))


def make(planned: Planned, output: Path, request: Request, workers: Workers, progress: Progress) -> Tree:
    """One tree in `output`, written and checked."""
    record = write(planned.plan, output, planned.name, progress)
    demands = check.Demands(traces=request.traces)
    findings = check.check(output / planned.name, planned.case.profile, workers, progress, demands)
    return Tree(planned, record, findings)


def finish(result: BuildResult, request: Request, stage: Stage, keeper: Keeper) -> BuildResult:
    """Put archives and the organizer's own files beside the trees, and the whole in the destination's place."""
    if request.archive and not result.is_refused:
        archived = (replace(tree, archive=f"{tree.name}.{request.archive}") for tree in result.trees)
        result = replace(result, trees=tuple(archived))
        for tree in result.trees:
            write_archive(tree, stage.output, request.archive)
    keep = stage.output / KEEP
    keep.mkdir()
    Manifest(tuple(file for tree in result.trees for file in tree.manifest.files)).write(keep)
    keeper(result, keep)
    if not result.is_refused:
        stage.finish()
    elif request.keep_refused:
        keep_refused(stage, refused_folder(result.destination))
    return result


def write_archive(tree: Tree, output: Path, kind: ArchiveKind) -> None:
    """Write the tree as one archive, stored: pictures do not get smaller."""
    paths = (f"{tree.name}/{entry.path}" for entry in tree.plan.entries)
    write_members = archive.write_zip if kind is ArchiveKind.ZIP else archive.write_7z
    write_members(output / tree.archive, ((path, output / path) for path in paths), moment=manifest.FIRST_MOMENT)


def keep_refused(stage: Stage, folder: Path) -> None:
    """Put a refused tree, with its report, where it can be looked at."""
    with staging.stage(folder, foreign=foreign) as beside:
        beside.output.rmdir()
        stage.output.rename(beside.output)
        beside.finish()


def refused_folder(destination: Path) -> Path:
    """Where a tree that failed its check can be looked at."""
    return destination.with_name(f"{destination.name}-refused")


def foreign(destination: Path) -> str:
    """The first thing in a folder that no earlier build made, so that the folder may not be replaced; "" for none.

    What a system leaves in every folder that somebody looks into does not count.
    """
    found = sorted(path for path in destination.rglob("*") if not path.is_dir())
    names = [path.relative_to(destination).as_posix() for path in found if not dropping(path.name, at_root=False)]
    known = _names_of_a_build(destination)
    return next((name for name in names if name not in known), "")


def _names_of_a_build(destination: Path) -> set[str]:
    """The files that the manifest in a folder tells of, the keep folder's own, and the archives."""
    if not (destination / KEEP / manifest.TABLE_NAME).is_file():  # a pipe would never end
        return set()
    try:
        files = manifest.read(destination / KEEP).files
    except OutputError:
        return set()
    archives = {f"{file.path.parts[0]}.{kind}" for file in files for kind in ArchiveKind}
    return {str(file.path) for file in files} | {f"{KEEP}/{name}" for name in KEPT} | archives
