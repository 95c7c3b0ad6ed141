"""`packager build`: a bundle compiled into a checked tree."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from packager.cli.shared import EXIT_CODES, FORMAT, JOBS, PROFILE, QUIET, progress_bars
from packager.errors import UsageError


@click.command(epilog=EXIT_CODES)
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Default: <name>-built here.")
@PROFILE
@click.option("--medium", default="", metavar="M", help="What it is copied to, such as usb-4gb.")
@click.option("--fit", default="", metavar="SIZE", help="Space on the medium, such as 500MB.")
@click.option("--archive", type=click.Choice(["zip", "7z"]), help="Also the whole tree as one file.")
@JOBS
@click.option("--language", default="", metavar="L", help="Only the versions in this language, where there are any.")
@click.option("--skip-damaged", is_flag=True, help="Leave damaged pictures out; the reader says so in their place.")
@click.option("--keep-refused", is_flag=True, help="Keep a tree that fails its check, to look at.")
@FORMAT
@QUIET
def build(output_format: str, quiet: bool, **asked: Any) -> None:
    """Build BUNDLE: a folder with a bundle.toml, the file itself, or any folder of comics and articles."""
    from packager import report
    from packager.build import build as make

    request = _request(**asked)
    with progress_bars(quiet) as progress:
        result = make(request, report.write_keep, progress)
    if output_format == "json":
        click.echo(report.build_json(result))
    elif result.is_refused or not quiet:
        click.echo(report.ending(result))
    if result.is_refused:
        sys.exit(1)


def _request(fit: str, archive: str | None, **asked: Any) -> Any:
    from packager.build import ArchiveKind, Request
    from packager.definition import size_in_bytes

    fit_bytes = size_in_bytes(fit) if fit else None
    if fit and fit_bytes is None:
        raise UsageError(f"--fit {fit!r} is no size", hint="Write a number with a unit, such as 500MB or 2GiB.")
    if fit and asked["medium"]:
        raise UsageError("--fit and --medium contradict each other", hint="Give one of them.")
    return Request(fit_bytes=fit_bytes, archive=ArchiveKind(archive) if archive else None, **asked)
