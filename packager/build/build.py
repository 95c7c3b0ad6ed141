"""From a folder of comics and articles to a checked tree, in the verbs of the README, but for `copy`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from packager.build.editions import as_edition, recorded
from packager.build.finish import check, finish, foreign, open_to_others, write
from packager.build.measurers import Elsewhere
from packager.build.prepare import define, measure, plan, read, record
from packager.build.request import Request, Settings
from packager.build.result import BuildResult, bytes_of_sources, thumbnails_of
from packager.build.reuse import reuse
from packager.build.unchanged import Ending, Sources
from packager.model.progress import SILENT, Progress
from packager.output import staging
from packager.output.marks import KEEP
from packager.output.staging import Stage
from packager.pictures.batches import Cluster
from packager.sandbox.pool import Workers

ReportWriter = Callable[[BuildResult, Path], None]
"""Writes the organizer's report: of a build into the keep folder, of a preview wherever it likes."""


Tell = Callable[[BuildResult], Ending]
"""Says how a build ended."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a build ended; without a `result` where nothing has changed since the one that made what stands there."""

    settings: Settings
    ending: Ending
    result: BuildResult | None = None


def _write_nothing(_result: BuildResult, _folder: Path) -> None: ...


def build(
    request: Request,
    write_report: ReportWriter,
    workers: Workers,
    progress: Progress = SILENT,
    cluster: Cluster | None = None,
) -> BuildResult:
    """Build the bundle into its destination, which is exchanged in one step, and only when the check finds nothing.

    A preview ends with the plan, and leaves nothing behind. A `cluster` helps to measure. Raises DefinitionError,
    SourceError, DoesNotFit or OutputError; the destination is then as it was.
    """
    settings = define(request, progress)
    with staging.stage(settings.destination, foreign=foreign) as stage, reuse(settings, stage, workers) as before:
        return _built(settings, write_report, stage, Elsewhere(before, cluster), workers, progress)


def rebuild(
    request: Request,
    write_report: ReportWriter,
    tell: Tell,
    workers: Workers,
    progress: Progress = SILENT,
    cluster: Cluster | None = None,
) -> Ended:
    """Build as `build` does, and return how it ended; nothing is touched where it would make what stands there."""
    settings = define(request, progress)
    with staging.stage(settings.destination, foreign=foreign) as stage, reuse(settings, stage, workers) as before:
        sources = Sources(settings, stage, before)
        if ending := sources.ending_before(settings.destination / KEEP):
            return Ended(settings, ending)

        def write_and_note(result: BuildResult, keep: Path) -> None:
            write_report(result, keep)
            if not result.is_refused and not before.stands.changed:  # which is told once
                sources.note(keep, result.edition.number if result.edition else 0, tell(result))

        result = _built(settings, write_and_note, stage, Elsewhere(before, cluster), workers, progress)
        return Ended(settings, tell(result), result)


def _built(
    settings: Settings,
    write_report: ReportWriter,
    stage: Stage,
    elsewhere: Elsewhere,
    workers: Workers,
    progress: Progress,
) -> BuildResult:
    before = elsewhere.before
    with workers.knowing(before.known_jobs):
        whole = read(settings, stage.scratch, workers, progress)
    whole = replace(whole, size_of=before.size_of)
    pictures = measure(settings, whole, stage.scratch, workers, progress, elsewhere)
    trees = plan(settings, whole, pictures, progress)
    sizes, small = bytes_of_sources(whole.library), thumbnails_of(pictures.renditions)
    result = BuildResult(settings, whole.library, pictures.remarks, trees, (), sizes, small)
    if settings.request.is_preview:
        write_report(result, stage.scratch)
        return result
    made = record(settings, whole, pictures, trees, progress)
    del pictures  # what measuring knows of each source takes as much memory as the check does
    manifest = write(settings, made.trees, stage, progress, before)
    findings = check(settings, made.trees, stage, workers, progress, before.known_facts(manifest))
    remarks = (*made.remarks, *before.remarks, *open_to_others(stage))
    library = replace(whole.library, publications=made.whole.library.publications)
    result = replace(result, library=library, trees=made.trees, remarks=remarks, findings=findings)
    result = as_edition(result, manifest)
    finish(result, manifest, write_report, stage, progress, before)
    return result if result.is_refused else recorded(result, manifest)


def preview(
    request: Request,
    workers: Workers,
    progress: Progress = SILENT,
    write_report: ReportWriter = _write_nothing,
    cluster: Cluster | None = None,
) -> BuildResult:
    """Return what `build` would make of the same request, to the byte but for films and sound; it raises the same.

    Pictures are encoded into a scratch folder beside the destination, which is removed: nothing is left behind. Films
    and sound are not encoded: about what they take follows from their lengths.
    """
    return build(replace(request, is_preview=True), write_report, workers, progress, cluster)
