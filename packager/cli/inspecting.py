"""`packager inspect`: what a source holds, what would happen to it, and what it betrays."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from packager.cli.shared import EXIT_CODES, FORMAT, JOBS, PATH, TRUST_PROGRAMS, say


@click.command(epilog=EXIT_CODES, short_help="Say what a file or folder holds and betrays.")
@click.argument("source", type=PATH)
@JOBS
@TRUST_PROGRAMS
@FORMAT
def inspect(source: Path, jobs: int | None, trust_programs: bool, output_format: str) -> None:
    """Say what SOURCE, a file or a folder, holds, and what a build would make of it. Nothing is written.

    Also what it betrays of those who made it: places, cameras, authors, programs, addresses and names in its text.
    """
    from packager.pictures import rendering
    from packager.sandbox.pool import Workers

    with Workers(jobs, trusts_programs=trust_programs) as workers, tempfile.TemporaryDirectory() as scratch:
        workers.start(rendering.load)

        from packager.importing.alone import Room
        from packager.importing.inspect import inspect as look
        from packager.report.inspected import inspected_json, inspected_text

        seen = look(source, Room(workers, Path(scratch)))
    if output_format == "json":
        click.echo(inspected_json(seen))
    else:
        say(inspected_text(seen))
