"""The story: from a folder of comics and articles to a checked tree, in eight steps.

define -> read -> measure -> plan -> write -> check -> finish        (then: copy)
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from pathlib import Path, PurePosixPath

from packager import (
    check,
    definition,
    fitting,
    fonts,
    manifest,
    measure,
    media,
    profile,
    readers,
    rendering,
    staging,
    templating,
    writers,
)
from packager.archive import write as archive
from packager.definition import Definition
from packager.droppings import dropping
from packager.errors import DoesNotFit, OutputError, SourceError
from packager.fitting import Wishes
from packager.layout.places import Key
from packager.manifest import Manifest
from packager.measure import Measured
from packager.media import USUAL, Format
from packager.model import Edition, Finding, Library, Outcome, Remark, Renditions, Severity
from packager.plan import Case, Plan, editions_of, medium_of
from packager.profile import Profile
from packager.progress import SILENT, Progress, step
from packager.staging import Stage
from packager.workers import Workers

KEEP = "keep"
KEPT = (manifest.SUMS_NAME, manifest.TABLE_NAME, "report.txt", "report.json")


class ArchiveKind(StrEnum):
    """The forms in which the whole tree can be had as one file beside it."""

    ZIP = "zip"
    SEVEN_ZIP = "7z"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a build; what is None or "" is left to the definition.

    `traces` tell of this computer and must not be in the tree.
    """

    bundle: Path
    output: Path | None = None
    profile: str = ""
    medium: str = ""
    fit_bytes: int | None = None
    format: Format = USUAL
    archive: ArchiveKind | None = None
    language: str = ""
    skip_damaged: bool = False
    drops: bool = False
    keep_refused: bool = False
    traces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """One tree to be: what it is about, and its files."""

    case: Case
    plan: Plan

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.case.definition.name


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that was read, and the trees it is to become: one, or one a medium."""

    library: Library
    remarks: tuple[Remark, ...]
    trees: tuple[Planned, ...]


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
        trees = tuple(make(planned, stage.output, request, workers, progress) for planned in prepared.trees)
        result = BuildResult(case.definition, case.profile, destination, prepared.library, prepared.remarks, trees)
        with step(progress, "finish"):
            return finish(result, request, stage, keeper)


def prepare(case: Case, request: Request, scratch: Path, workers: Workers, progress: Progress = SILENT) -> Prepared:
    """Read and measure what the case is about, and plan it.

    Renditions come into `scratch`. Raises SourceError, DoesNotFit or OutputError.
    """
    wish = readers.Wish(request.language, request.skip_damaged)
    library = readers.read(case.definition, workers, scratch, rendering.probe, progress, wish)
    case = replace(case, library=library)
    staging.require_space(scratch, measure.estimated_bytes(case))
    look = looker(scratch, workers, progress)
    may_be_short = 0 < case.medium.payload_bytes < measure.most_bytes(case)
    measured = look(case, case.editions, fitting.first_wishes(case) if may_be_short else {})
    remarks = accept(measured, library, request)
    return Prepared(library, remarks, (fitted(case, measured, look, request),))


Look = Callable[[Case, tuple[Edition, ...], Wishes], Measured]


def looker(scratch: Path, workers: Workers, progress: Progress) -> Look:
    """What measures all pictures of a case, each time into a folder of its own."""
    numbers = count()

    def look(case: Case, editions: tuple[Edition, ...], wishes: Wishes) -> Measured:
        folder = scratch / f"look-{next(numbers)}"
        folder.mkdir()
        return measure.measure(case, editions, folder, workers, progress, wishes)

    return look


def fitted(case: Case, measured: Measured, look: Look, request: Request) -> Planned:
    """The tree that makes the most of the medium of the case; DoesNotFit where the poorest pictures take too much."""

    def render(case: Case, editions: tuple[Edition, ...], wishes: Wishes) -> Mapping[Key, Renditions]:
        return look(case, editions, wishes).renditions

    try:
        plan = fitting.fit(case, measured.renditions, render, drops=request.drops)
    except DoesNotFit as error:
        if error.can_drop:
            error.hint = f"To build without them: {command_of(request)} --drop"
        raise
    return Planned(fitting.without(case, plan.dropped), plan)


def define(request: Request, progress: Progress = SILENT) -> Case:
    """The definition with what the command line puts in its place, the profile it names, and the interface words.

    The case has no library as yet.
    """
    with step(progress, "define"):
        asked = definition.load(request.bundle)
        asked = replace(asked, profile=request.profile or asked.profile)
        asked = with_space(asked, request)
        medium_of(asked)
        limits = profile.load(asked.profile, asked.folder)
        profile.refuse_unbuildable(limits)
        if Edition.PHOTO in editions_of(asked, limits):
            fonts.files()  # says what to install where they lack
        words = templating.dictionary(asked.words)
        templating.require_words(asked.languages, words)
        return Case(asked, limits, Library((), ()), words, templating.size_of)


def with_space(asked: Definition, request: Request) -> Definition:
    """The definition with the space that the command line gives; a format said of another medium does not hold."""
    if request.medium or request.fit_bytes is not None:
        return replace(asked, medium=request.medium, fit_bytes=request.fit_bytes, format=request.format)
    return replace(asked, format=media.overlaid(asked.format, request.format))


def accept(measured: Measured, library: Library, request: Request) -> tuple[Remark, ...]:
    """All remarks; SourceError with every damaged picture unless they may be skipped."""
    if measured.damaged and not request.skip_damaged:
        lines = "".join(f"\n  {remark.source}: {remark.message}" for remark in measured.damaged)
        count = len(measured.damaged)
        raise SourceError(
            f"{count} damaged {'picture' if count == 1 else 'pictures'}:{lines}",
            hint=f"Mend or replace them, or go on without them: {command_of(request)} --skip-damaged",
        )
    damaged = {remark.source for remark in measured.damaged}
    kept = (remark for remark in library.remarks if remark.outcome is not Outcome.TAKEN or remark.source not in damaged)
    return (*kept, *measured.remarks, *measured.damaged)


def command_of(request: Request) -> str:
    """The command that asks for this build, as it can be typed again."""
    options = {
        "-o": request.output,
        "--profile": request.profile,
        "--medium": request.medium,
        "--fit": request.fit_bytes,
        "--filesystem": request.format.filesystem,
        "--cluster": request.format.cluster_bytes,
        "--archive": request.archive,
        "--language": request.language,
    }
    given = [str(part) for option, value in options.items() if value for part in (option, value)]
    return shlex.join(["packager", "build", str(request.bundle), *given])


def write(plan: Plan, output: Path, name: str, progress: Progress) -> Manifest:
    """Write the planned files into the tree `name`; the manifest tells what was written."""
    with step(progress, "write", len(plan.entries)):
        writers.write_tree(plan.entries, output / name, progress)
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
    try:
        files = manifest.read(destination / KEEP).files
    except OutputError:
        return set()
    archives = {f"{file.path.parts[0]}.{kind}" for file in files for kind in ArchiveKind}
    return {str(file.path) for file in files} | {f"{KEEP}/{name}" for name in KEPT} | archives
