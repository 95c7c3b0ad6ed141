"""`packager build`: a bundle compiled into a checked tree."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import click

from packager.cli.shared import EXIT_CODES, FORMAT, JOBS, PATH, PROFILE, QUIET, progress_bars
from packager.cli.space import asked_format, fit_bytes, space_options


@click.command(epilog=EXIT_CODES, short_help="Build a bundle into a checked tree.")
@click.argument("bundle", type=PATH)
@click.option("-o", "--output", type=PATH, metavar="DIR", help="Default: <name>-built here.")
@PROFILE
@space_options
@click.option("--archive", type=click.Choice(["zip", "7z"]), help="Also the whole tree as one file.")
@JOBS
@click.option("--language", default="", metavar="L", help="Only the versions in this language, where there are any.")
@click.option("--skip-damaged", is_flag=True, help="Leave damaged pictures out; the reader says so in their place.")
@click.option("--keep-refused", is_flag=True, help="Keep a tree that fails its check, to look at.")
@FORMAT
@QUIET
def build(output_format: str, quiet: bool, jobs: int | None, **asked: Any) -> None:
    """Build BUNDLE: a folder with a bundle.toml, the file itself, or any folder of comics and articles."""
    from packager import rendering
    from packager.workers import Workers

    with Workers(jobs) as workers, progress_bars(quiet) as progress:
        workers.start(rendering.load)  # they load libvips while the rooms below are loaded here

        from packager import report
        from packager.build import build as make

        result = make(_request(**asked), report.write_keep, workers, progress)
    if output_format == "json":
        click.echo(report.build_json(result))
    elif result.is_refused or not quiet:
        click.echo(report.ending(result))
    if result.is_refused:
        sys.exit(1)


def _request(fit: str, archive: str | None, filesystem: str | None, cluster: int | None, **asked: Any) -> Any:
    from packager.build import ArchiveKind, Request
    from packager.here import traces

    kind = ArchiveKind(archive) if archive else None
    here = traces(datetime.now().astimezone().date())
    size_bytes, form = fit_bytes(fit, asked["medium"]), asked_format(filesystem, cluster)
    return Request(fit_bytes=size_bytes, format=form, archive=kind, traces=here, **asked)
