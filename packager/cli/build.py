"""`packager build`: a bundle compiled into a checked tree."""

from __future__ import annotations

import sys
from typing import Any

import click

from packager.cli.request import request, request_options
from packager.cli.shared import EXIT_CODES, FORMAT, QUIET, progress_bars, say


@click.command(epilog=EXIT_CODES, short_help="Build a bundle into a checked tree.")
@request_options
@click.option("--archive", type=click.Choice(["zip", "7z"]), help="Also the whole tree as one file.")
@click.option("--keep-refused", is_flag=True, help="Keep a tree that fails its check, to look at.")
@FORMAT
@QUIET
def build(output_format: str, quiet: bool, jobs: int | None, trust_programs: bool, **asked: Any) -> None:
    """Build BUNDLE: a folder with a bundle.toml, the file itself, or any folder of comics and articles."""
    from packager.pictures import rendering
    from packager.sandbox.pool import Workers

    with Workers(jobs, trusts_programs=trust_programs) as workers, progress_bars(quiet) as progress:
        workers.start(rendering.load)  # they load libvips while the rooms below are loaded here

        from packager import report
        from packager.build.build import build as make

        result = make(request(trusts_programs=trust_programs, **asked), report.write_keep, workers, progress)
    if output_format == "json":
        click.echo(report.build_json(result))
    elif result.is_refused or not quiet:
        say(report.ending(result))
    elif left_out := report.unapplied(result.profile):
        say(f"packager: {left_out}", err=True)
    if result.is_refused:
        sys.exit(1)
