"""`packager plan`: what a build would make, and what that takes, before it is made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from packager.cli.options import request_options
from packager.cli.shared import EXIT_CODES, FORMAT, QUIET, progress_bars, say, warn_of_others

if TYPE_CHECKING:
    from packager.build.request import Request


@click.command(epilog=EXIT_CODES, short_help="Say what a build would take, and make nothing.")
@request_options
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Also as a page with bars to look at.")
@FORMAT
@QUIET
def plan(request: Request, jobs: int | None, html: Path | None, output_format: str, quiet: bool) -> None:
    """Say what a build of BUNDLE would take, work by work, and what is left on the medium. No tree is made.

    Pictures are measured as for a build, which takes about as long; the build that follows agrees to the byte.
    """
    from packager.pictures import worker_jobs
    from packager.sandbox.pool import Workers

    with Workers(jobs, trusts_programs=request.trust_programs) as workers, progress_bars(quiet) as progress:
        workers.start(worker_jobs.load)

        from packager.build.build import preview
        from packager.config import definition
        from packager.report.planned import page_place, plan_json, plan_page, plan_text, write_page

        if html:
            html = page_place(html, definition.load(request.bundle))
            warn_of_others(html)
        planned = preview(request, workers, progress)
    if html:
        write_page(html, plan_page(planned))
    if output_format == "json":
        click.echo(plan_json(planned))
    elif not quiet:
        say(plan_text(planned))
