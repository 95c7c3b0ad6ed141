"""`packager build`: a bundle compiled into a checked tree."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from packager.cli.options import request_options
from packager.cli.shared import EXIT_CODES, FORMAT, QUIET, progress_bars, say

if TYPE_CHECKING:
    from packager.build.request import ArchiveKind, Request


def _archive_kind(_context: click.Context, _option: click.Parameter, kind: str | None) -> ArchiveKind | None:
    from packager.build.request import ArchiveKind

    return ArchiveKind(kind) if kind else None


@click.command(epilog=EXIT_CODES, short_help="Build a bundle into a checked tree.")
@request_options
@click.option(
    "--archive", type=click.Choice(["zip", "7z"]), callback=_archive_kind, help="Also the whole tree as one file."
)
@click.option("--keep-refused", is_flag=True, help="Keep a tree that fails its check, to look at.")
@FORMAT
@QUIET
def build(request: Request, jobs: int | None, output_format: str, quiet: bool) -> None:
    """Build BUNDLE: a folder with a bundle.toml, the file itself, or any folder of comics and articles."""
    from packager.pictures import worker_jobs
    from packager.sandbox.pool import Workers
    from packager.traces.build_traces import traces

    with Workers(jobs, trusts_programs=request.trust_programs) as workers, progress_bars(quiet) as progress:
        workers.start(worker_jobs.load)  # they load libvips while the packages below are loaded here

        from packager import report
        from packager.build.build import build as make

        request = replace(request, traces=traces(datetime.now().astimezone().date()))
        result = make(request, report.write_keep, workers, progress)
    if output_format == "json":
        click.echo(report.build_json(result))
    elif result.is_refused or not quiet:
        say(report.ending(result))
    elif left_out := report.unapplied(result.settings.profile):
        say(f"packager: {left_out}", err=True)
    if result.is_refused:
        sys.exit(1)
