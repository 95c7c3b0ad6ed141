"""`packager check`: a tree inspected by the rules of a profile."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from packager.cli.shared import EXIT_CODES, FORMAT, JOBS, PROFILE, QUIET, progress_bars


@click.command(epilog=EXIT_CODES)
@click.argument("path", type=click.Path(path_type=Path))
@PROFILE
@JOBS
@FORMAT
@QUIET
def check(path: Path, profile: str, jobs: int | None, output_format: str, quiet: bool) -> None:
    """Check that the tree at PATH holds only what its profile allows, and nothing that leads outside."""
    from packager import report
    from packager.check import check as inspect
    from packager.profile import load
    from packager.workers import Workers

    with progress_bars(quiet) as progress, Workers(jobs) as workers:
        rules = load(profile or "any", Path.cwd())
        findings = inspect(path, rules, workers, progress)
    if findings or not quiet or output_format == "json":
        click.echo(report.FORMS[output_format](report.Checked.at(path, rules.name, findings)))
    if report.problems(findings):
        sys.exit(1)
