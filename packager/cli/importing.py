"""`packager import`: what people have, put into a bundle's folder as plain files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packager.cli.shared import EXIT_CODES, FORMAT, INTERRUPTED, JOBS, PATH, QUIET, TRUST_PROGRAMS, say, warn_of_others
from packager.errors import PackagerError, SourceError

if TYPE_CHECKING:
    from packager.importing import Taken


@click.command("import", epilog=EXIT_CODES, short_help="Put comics and articles into a bundle as plain files.")
@click.argument("sources", type=PATH, nargs=-1, required=True, metavar="SOURCE...")
@click.argument("bundle", type=PATH)
@JOBS
@TRUST_PROGRAMS
@FORMAT
@QUIET
def import_(
    sources: tuple[Path, ...], bundle: Path, jobs: int | None, trust_programs: bool, output_format: str, quiet: bool
) -> None:
    """Put each SOURCE, a file or a folder, into BUNDLE as plain files that can be edited.

    Comics become folders of their pictures as they are, articles Markdown with their pictures beside them, and each
    gets an entry in bundle.toml. Nothing is written over; a source goes in whole or not at all.
    """
    taken: list[Taken] = []
    warn_of_others(bundle / "_")
    try:
        _take(sources, bundle, taken, jobs=jobs, trust_programs=trust_programs)
    except PackagerError:
        _tell(taken, bundle, output_format, quiet)
        raise
    except KeyboardInterrupt:
        from packager.report.intake import interrupted_text

        _tell(taken, bundle, output_format, quiet)
        say(f"packager: {interrupted_text(taken, sources, bundle)}", err=True)
        sys.exit(INTERRUPTED)
    _tell(taken, bundle, output_format, quiet)
    if any(each.refusal for each in taken):
        sys.exit(SourceError.exit_code)


def _take(sources: Sequence[Path], bundle: Path, taken: list[Taken], *, jobs: int | None, trust_programs: bool) -> None:
    from packager.pictures import rendering
    from packager.sandbox.pool import Workers

    with Workers(jobs, trusts_programs=trust_programs) as workers:
        workers.start(rendering.load)

        from packager.importing import take

        take(sources, bundle, workers, taken.append)


def _tell(taken: Sequence[Taken], bundle: Path, output_format: str, quiet: bool) -> None:
    """What went in and what did not; nothing where it came to nothing."""
    from packager.report.intake import taken_json, taken_text

    if not taken:
        return
    if output_format == "json":
        click.echo(taken_json(taken))
    elif not quiet or any(each.refusal for each in taken):
        say(taken_text(taken, bundle))
