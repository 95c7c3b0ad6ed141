"""`packager verify`: whether a drive holds a tree."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from packager.cli.shared import EXIT_CODES, FORMAT, QUIET, say, shows_progress


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
