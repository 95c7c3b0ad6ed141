"""`packager init`, `packager import`, `packager inspect`: a new bundle, and what people have for it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packager.cli.shared import EXIT_CODES, FORMAT, JOBS, PATH, QUIET, TRUST_PROGRAMS, say, warn_of_others
from packager.errors import INTERRUPTED, SourceError, on_one_line
from packager.text.terminal import escaped

if TYPE_CHECKING:
    from packager.importing import ImportedSource


@click.command(epilog=EXIT_CODES, short_help="Write a new bundle folder to begin with.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@QUIET
def init(folder: Path, quiet: bool) -> None:
    """Write a new bundle folder with a commented bundle.toml and an example article."""
    from packager.output.starter import start

    warn_of_others(folder / "_")
    start(folder)
    if not quiet:
        say(f"Made      {_told(folder)}")
        say("Next      put your works into its folders comics, articles, films and sound, then:")
        say(f"          packager build {_told(folder)}")


def _told(path: Path) -> str:
    return escaped(on_one_line(str(path)))


@click.command(
    "import", epilog=EXIT_CODES, short_help="Put comics, articles, films and sound into a bundle as plain files."
)
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

    Comics become folders of their pictures as they are, articles Markdown with their pictures beside them, films and
    sound keep their files, with subtitles and chapters as texts beside them. Each gets an entry in bundle.toml. Nothing
    is written over. A work goes in whole or not at all; where one of a folder cannot be read, the others go in and the
    exit code is that of sources that cannot be read.
    """
    from packager.pictures import worker_jobs
    from packager.sandbox.pool import Workers

    imported: list[ImportedSource] = []
    is_interrupted = False
    warn_of_others(bundle / "_")
    try:
        with Workers(jobs, trusts_programs=trust_programs) as workers:
            workers.start(worker_jobs.load)

            from packager.importing import import_sources

            import_sources(sources, bundle, workers, imported.append)
    except KeyboardInterrupt:
        is_interrupted = True
    finally:
        from packager.report.imported import imported_json, imported_text

        if imported and output_format == "json":
            click.echo(imported_json(imported))
        elif imported and (not quiet or any(source.refusal for source in imported)):
            say(imported_text(imported, bundle))
    if is_interrupted:
        from packager.report.imported import interrupted_text

        say(f"packager: {interrupted_text(imported, sources, bundle)}", err=True)
        sys.exit(INTERRUPTED)
    if not all(source.is_whole for source in imported):
        sys.exit(SourceError.exit_code)


@click.command(epilog=EXIT_CODES, short_help="Say what a file or folder holds and betrays.")
@click.argument("source", type=PATH)
@JOBS
@TRUST_PROGRAMS
@FORMAT
def inspect(source: Path, jobs: int | None, trust_programs: bool, output_format: str) -> None:
    """Say what SOURCE, a file or a folder, holds, and what a build would make of it. Nothing is written.

    Also what it betrays of those who made it: places, cameras, authors, programs, addresses and names in its text.
    """
    from packager.pictures import worker_jobs
    from packager.sandbox.pool import Workers

    with Workers(jobs, trusts_programs=trust_programs) as workers, tempfile.TemporaryDirectory() as scratch:
        workers.start(worker_jobs.load)

        from packager.importing import inspection
        from packager.report.imported import inspected_json, inspected_text

        inspected = inspection.inspect(source, workers, Path(scratch))
    if output_format == "json":
        click.echo(inspected_json(inspected))
    else:
        say(inspected_text(inspected))
