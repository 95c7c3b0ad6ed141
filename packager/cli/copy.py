"""`packager copy` and `packager verify`: a tree onto drives, and proven there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packager.cli.shared import EXIT_CODES, FORMAT, QUIET, say, shows_progress
from packager.errors import INTERRUPTED, UsageError, on_one_line
from packager.text.terminal import escaped, harmless

if TYPE_CHECKING:
    from packager.drive.copy_plan import CopyPlan, CopyResult


@click.command(epilog=EXIT_CODES, short_help="Copy a tree onto sticks and cards, and prove it.")
@click.argument("tree", type=click.Path(path_type=Path))
@click.argument("drives", metavar="DRIVE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Remove a folder of the tree's name from the drives first.")
@click.option("--yes", is_flag=True, help="Do not ask before --replace removes anything.")
@FORMAT
@QUIET
def copy(tree: Path, drives: tuple[Path, ...], replace: bool, yes: bool, output_format: str, quiet: bool) -> None:
    """Copy TREE, whole, onto each DRIVE (the folder it is mounted on), and read it back from there.

    TREE is a folder that `packager build` made, with its manifest in `keep` beside it. An interrupted copy goes on
    where it stopped.
    """
    from packager.drive import source
    from packager.drive.copy import exit_code
    from packager.drive.copy_plan import plan
    from packager.drive.mounted import system_folders
    from packager.report import drives as report

    loaded = source.load(tree)
    planned = plan(loaded, drives, system_folders(), replaces=replace)
    if not yes:
        _ask(planned)
    results = _copied(planned, drives, quiet)
    if output_format == "json":
        click.echo(report.copied_json(results))
    elif exit_code(results) or not quiet:
        say(report.copied(results, loaded))
    sys.exit(exit_code(results))


def _ask(planned: CopyPlan) -> None:
    """Have every removal agreed to; UsageError where nobody can be asked."""
    folders = [job.drive.path / job.existing.name for job in planned.jobs if job.existing and job.replaces]
    if not folders:
        return
    if not sys.stdin.isatty():
        raise UsageError("--replace asks before it removes anything", hint="Add --yes to go on without being asked.")
    listed = "".join(f"\n  {escaped(on_one_line(str(folder)))}" for folder in folders)
    question = f"These folders will be removed with all that is in them:{listed}\nGo on?"
    click.confirm(harmless(question), abort=True, err=True)


def _copied(planned: CopyPlan, drives: tuple[Path, ...], quiet: bool) -> tuple[CopyResult, ...]:
    from packager.drive.copy import copy as onto
    from packager.drive.copy import in_order

    try:
        if not shows_progress(quiet):
            return in_order(onto(planned), drives)
        from packager.report.bars import DriveBars

        with DriveBars() as bars:
            return in_order(onto(planned, bars.of_drive), drives)
    except KeyboardInterrupt:
        say("packager: interrupted; the same command goes on where it stopped.", err=True)
        sys.exit(INTERRUPTED)


@click.command(epilog=EXIT_CODES, short_help="Read back the tree on a stick or card.")
@click.argument("drive", type=click.Path(path_type=Path))
@click.option("--manifest", type=click.Path(path_type=Path), metavar="FILE", help="Default: that in *-built/keep here.")
@FORMAT
@QUIET
def verify(drive: Path, manifest: Path | None, output_format: str, quiet: bool) -> None:
    """Read back the tree on DRIVE, and name all that is missing, extra or different, and what systems added."""
    from packager.drive import source
    from packager.drive.mounted import drive_at
    from packager.drive.verify import verify as inspect
    from packager.model.progress import SILENT
    from packager.report import drives as report
    from packager.report.bars import DriveBars

    mounted = drive_at(drive, ())
    expected = source.expected_on(drive, manifest, Path.cwd())
    if shows_progress(quiet):
        with DriveBars() as bars:
            result = inspect(expected, mounted, bars.of_drive(drive))
    else:
        result = inspect(expected, mounted, SILENT)
    if output_format == "json":
        click.echo(report.verified_json(drive, result))
    elif result.exit_code or not quiet:
        say(report.verified(drive, result, expected))
    sys.exit(result.exit_code)
