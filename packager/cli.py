"""The commands: parse, call, report, exit code. The only file that knows click."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from packager import __version__
from packager.errors import PackagerError, UsageError
from packager.progress import SILENT, Progress

# Rooms are imported inside the commands: `--help` and `--version` must not wait for libvips or Jinja.

EXIT_CODES = """\b
Exit codes:
  0  done
  1  problems were found
  2  the command line is wrong
  3  bundle.toml or a profile is wrong
  4  a source cannot be read
  5  it does not fit
  6  the output folder or drive cannot be used
 70  a fault in packager
130  interrupted"""

INTERRUPTED = 130


class Commands(click.Group):
    """A group that ends what a user can cause with one clear message and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PackagerError as error:
            from packager.text import escaped

            click.echo(f"packager: {escaped(str(error))}", err=True)
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            click.echo("packager: interrupted; what was there before is as it was.", err=True)
            ctx.exit(INTERRUPTED)


@click.group(cls=Commands, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="packager")
def cli() -> None:
    """Compile comics and articles into one folder for a USB stick or SD card, and check it."""


BUNDLE = click.argument("bundle", type=click.Path(path_type=Path))
PROFILE = click.option("--profile", default="", metavar="P", help="What devices can open: a profile's name or file.")
FORMAT = click.option(
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Form of the result.",
)
QUIET = click.option("-q", "--quiet", is_flag=True, help="Say nothing but problems.")


@cli.command(epilog=EXIT_CODES)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@QUIET
def init(folder: Path, quiet: bool) -> None:
    """Write a new bundle folder with a commented bundle.toml and an example article."""
    from packager.starter import start

    start(folder)
    if not quiet:
        click.echo(f"Made      {folder}")
        click.echo(f"Next      put comics into {folder / 'comics'}, articles into {folder / 'articles'}, then:")
        click.echo(f"          packager build {folder}")


@cli.command(epilog=EXIT_CODES)
@BUNDLE
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Default: <name>-built here.")
@PROFILE
@click.option("--medium", default="", metavar="M", help="What it is copied to, such as usb-4gb.")
@click.option("--fit", default="", metavar="SIZE", help="Space on the medium, such as 500MB.")
@click.option("--archive", type=click.Choice(["zip", "7z"]), help="Also the whole tree as one file.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Worker processes; default: one a core.")
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
    with _progress(quiet) as progress:
        result = make(request, report.write_keep, progress)
    if output_format == "json":
        click.echo(report.build_json(result))
    elif result.is_refused or not quiet:
        click.echo(report.ending(result))
    if result.is_refused:
        sys.exit(1)


@cli.command(epilog=EXIT_CODES)
@click.argument("path", type=click.Path(path_type=Path))
@PROFILE
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Worker processes; default: one a core.")
@FORMAT
@QUIET
def check(path: Path, profile: str, jobs: int | None, output_format: str, quiet: bool) -> None:
    """Check that the tree at PATH holds only what its profile allows, and nothing that leads outside."""
    from packager import report
    from packager.check import check as inspect
    from packager.profile import load
    from packager.workers import Workers

    with _progress(quiet) as progress, Workers(jobs) as workers:
        findings = inspect(path, load(profile or "any", Path.cwd()), workers, progress)
    if output_format == "json":
        click.echo(report.findings_json(findings))
    elif findings:
        click.echo(report.findings_text(findings))
    elif not quiet:
        click.echo(f"No problem found in {path}.")
    if report.problems(findings):
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


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress]:
    if quiet or not sys.stderr.isatty():
        yield SILENT
        return
    from packager.report import Bars

    with Bars() as bars:
        yield bars
