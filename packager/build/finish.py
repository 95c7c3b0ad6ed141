"""The verbs of a build that write: write, check, finish."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from packager.archive import write as archive
from packager.build.request import ArchiveKind, Settings
from packager.build.result import BuildResult, PlannedTree
from packager.build.reuse import Reuse
from packager.check import CheckTarget
from packager.check import check as check_tree
from packager.check.known import KnownFacts
from packager.errors import OutputError
from packager.files.traces import leftover
from packager.film.decode import decoder
from packager.model import Finding, Outcome, Remark
from packager.model.progress import Progress, step
from packager.output import manifest, staging, writer
from packager.output.manifest import Manifest
from packager.output.marks import KEEP, KEPT
from packager.output.staging import Stage
from packager.sandbox.pool import Workers


def write(
    settings: Settings, trees: Sequence[PlannedTree], stage: Stage, progress: Progress, before: Reuse
) -> Manifest:
    """Write the planned files of all trees; the manifest tells what was written. Raises OutputError."""
    plans = [tree.plan for tree in trees]
    archived = sum(plan.size_bytes for plan in plans) if settings.request.archive else 0
    staging.require_space(settings.destination, archived + sum(plan.written_bytes for plan in plans))
    stage.require_in_place()
    with step(progress, "write", sum(len(plan.entries) for plan in plans)):
        names = {
            tree.name: writer.write_tree(tree.plan.entries, stage.output / tree.name, progress, before)
            for tree in trees
        }
        paths = (PurePosixPath(tree, name) for tree, written in names.items() for name in written)
        return manifest.record(stage.output, paths, before.hash_file)


def check(
    settings: Settings,
    trees: Sequence[PlannedTree],
    stage: Stage,
    workers: Workers,
    progress: Progress,
    known: Mapping[str, KnownFacts],
) -> tuple[Finding, ...]:
    """Return what the check finds in the trees as they were written; of several, each finding says its tree.

    What is `known` of the files of a tree, by its name, is not examined again.
    """
    decode = decoder(workers.programs)
    findings = [
        (tree, finding)
        for tree in trees
        for finding in check_tree(
            stage.output / tree.name,
            settings.profile,
            workers,
            progress,
            replace(_target(tree, settings), decode=decode, known=known.get(tree.name)),
        )
    ]
    if len(trees) == 1:
        return tuple(finding for _, finding in findings)
    return tuple(replace(finding, path=f"{tree.name}/{finding.path}") for tree, finding in findings)


def _target(tree: PlannedTree, settings: Settings) -> CheckTarget:
    """What the tree must hold to beside the profile: it fits where it was planned to, where that has a size."""
    medium = tree.plan.medium if tree.plan.medium.payload_bytes else None
    return CheckTarget(medium, traces=settings.request.traces)


def finish(
    result: BuildResult,
    written: Manifest,
    write_report: Callable[[BuildResult, Path], None],
    stage: Stage,
    progress: Progress,
    before: Reuse,
) -> None:
    """Put archives and the organizer's own files beside the trees, and the whole in the destination's place."""
    with step(progress, "finish"):
        for tree in result.trees:
            if name := result.archive_of(tree):
                paths = (f"{tree.name}/{file.path}" for file in tree.plan.files)
                write_members = archive.write_zip if name.endswith(ArchiveKind.ZIP) else archive.write_7z
                members = ((path, stage.output / path) for path in paths)
                write_members(stage.output / name, members, moment=manifest.FIRST_MOMENT)
        keep = stage.output / KEEP
        keep.mkdir()
        written.write(keep)
        write_report(result, keep)
        before.keep(keep)
        if not result.is_refused:
            stage.take_place()
        elif result.settings.request.keep_refused:
            _keep_refused(stage, result.settings.refused_folder)


def _keep_refused(stage: Stage, folder: Path) -> None:
    """Put refused trees, with their report, where they can be looked at."""
    with staging.stage(folder, foreign=foreign) as beside:
        beside.output.rmdir()
        stage.output.rename(beside.output)
        beside.take_place()


def open_to_others(stage: Stage) -> tuple[Remark, ...]:
    """A warning where somebody else may write where the trees are built, so that they could be exchanged."""
    if not (stranger := stage.stranger):
        return ()
    message = (
        f"{stranger.name} can change or exchange what is built there, now and later: compare it before it is copied"
    )
    return (Remark(str(stranger.folder), Outcome.WARNING, message),)


def foreign(destination: Path) -> str:
    """The first thing in a folder that no earlier build made, so that the folder may not be replaced; "" for none.

    What a system leaves in every folder that somebody looks into does not count.
    """
    files = sorted(path for path in destination.rglob("*") if not path.is_dir())
    names = [path.relative_to(destination).as_posix() for path in files if not leftover(path.name, at_root=False)]
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
    archives = {f"{file.tree}.{kind}" for file in files for kind in ArchiveKind}
    return {file.name for file in files} | {f"{KEEP}/{name}" for name in KEPT} | archives
