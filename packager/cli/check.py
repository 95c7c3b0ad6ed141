"""`packager check`: whatever can be handed to somebody, inspected by the rules of a profile."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packager.cli.options import asked_medium, space_options
from packager.cli.shared import EXIT_CODES, JOBS, PROFILE, QUIET, gathered, progress_bars, say
from packager.errors import DefinitionError, OutputError, UsageError

if TYPE_CHECKING:
    from packager.config.medium import Filesystem
    from packager.config.profile import Profile
    from packager.model import Finding
    from packager.report import Checked

FORMS = ("text", "json", "junit", "sarif", "github")


def _codes(_context: click.Context, _option: click.Parameter, value: str) -> tuple[str, ...]:
    """Codes of rules or their beginnings, parted by commas."""
    return tuple(code.strip().upper() for code in value.split(",") if code.strip())


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What the command line asks of a check."""

    path: Path
    profile: str
    medium: str
    fit_bytes: int | None
    filesystem: Filesystem | None
    cluster_bytes: int | None
    manifest: Path | None
    definition_only: bool
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    never: tuple[str, ...]
    never_file: Path | None
    warnings_as_errors: bool
    output_format: str
    output_file: Path | None
    jobs: int | None
    quiet: bool


@click.command(epilog=EXIT_CODES, short_help="Check a tree, an archive or a drive.")
@click.argument("path", type=click.Path(path_type=Path))
@PROFILE
@space_options
@click.option("--manifest", type=click.Path(path_type=Path), metavar="FILE", help="It must hold exactly these files.")
@click.option("--definition-only", is_flag=True, help="Check a bundle.toml, or those in a folder, and build nothing.")
@click.option("--select", callback=_codes, default="", metavar="CODES", help="Only these rules, such as J,X101.")
@click.option("--ignore", callback=_codes, default="", metavar="CODES", help="Not these rules; the longer code counts.")
@click.option("--never", multiple=True, metavar="TEXT", help="Words that nobody may read in it. Repeatable.")
@click.option("--never-file", type=click.Path(path_type=Path), metavar="FILE", help="Such words, one a line.")
@click.option("--warnings-as-errors", is_flag=True, help="End with 1 for warnings too.")
@click.option(
    "--output-format", type=click.Choice(FORMS), default="text", show_default=True, help="Form of the result."
)
@click.option("--output-file", type=click.Path(path_type=Path), metavar="FILE", help="Where the result goes.")
@JOBS
@QUIET
@gathered(CheckOptions)
def check(options: CheckOptions) -> None:
    """Check that what lies at PATH holds only what a profile allows, and nothing that leads outside.

    PATH is a folder, a mounted drive, a ZIP, CBZ, EPUB or 7z, one HTML file, or a bundle.toml. `packager rules` lists
    what is looked for, `packager profiles` what it can be held against.
    """
    from packager import report
    from packager.config.profile import load

    if options.output_format != "text":
        _refuse_to_lead_out(options.path)
        if options.output_file:
            _refuse_to_lead_out(options.output_file.parent)
    profile = load(options.profile or "any", Path.cwd())
    findings, unread = _found(options.path, profile, options)
    _tell(report.Checked.at(options.path, profile, findings, unread), options)
    if report.problems(findings):
        sys.exit(1)


def _refuse_to_lead_out(path: Path) -> None:
    """UsageError where a link in the current folder, which a stranger may have put there, has us tell of another."""
    here, named, whole = Path.cwd(), Path(os.path.abspath(path)), path.resolve()  # noqa: PTH100 - it follows no links
    if named.is_relative_to(here) and not whole.is_relative_to(here):
        what = "is or lies behind a link that leads out of the current folder"
        raise UsageError(what, where=path, hint=f"If it is meant, name it itself: {whole}")


def _found(path: Path, profile: Profile, options: CheckOptions) -> tuple[tuple[Finding, ...], int]:
    """The findings that are wanted, as severe as they are to count, and how many files none of them calls unread."""
    from packager.check.selection import chosen, unread
    from packager.model import Severity

    _refuse_unknown(options, profile)
    everything = _inspected(path, profile, options)
    findings = chosen(everything, options.select, options.ignore)
    left_out = len(unread(everything, findings, options.select))
    if options.warnings_as_errors:
        findings = tuple(replace(finding, severity=Severity.ERROR) for finding in findings)
    return findings, left_out


def _inspected(path: Path, profile: Profile, options: CheckOptions) -> tuple[Finding, ...]:
    from packager.check import Demands, check_definitions, is_definition
    from packager.check import check as inspect
    from packager.sandbox.pool import Workers
    from packager.traces.build_traces import traces

    medium = asked_medium(options.fit_bytes, options.medium, options.filesystem, options.cluster_bytes)
    never = (*options.never, *_words(options.never_file))
    if options.definition_only or is_definition(path):
        if medium or options.manifest or never or options.profile not in ("", "any"):
            what = "builds nothing that --medium, --fit, --manifest, --never or --profile could be asked about"
            raise UsageError(f"the check of a definition {what}", where=path, hint="Ask the tree that is built.")
        return check_definitions(path)
    demands = Demands(medium, never, traces(datetime.now().astimezone().date()))
    with progress_bars(options.quiet) as progress, Workers(options.jobs) as workers:
        workers.only_read(path)
        findings = inspect(path, profile, workers, progress, demands, manifest=options.manifest)
    if (missing := workers.missing_restrictions()) and not options.quiet:
        say(f"packager: the processes that read it could not be kept from {', '.join(missing)}", err=True)
    return findings


def _refuse_unknown(options: CheckOptions, profile: Profile) -> None:
    from packager.check import RULES
    from packager.check.selection import unknown

    hint = "`packager rules` lists them."
    for option, codes in (("--select", options.select), ("--ignore", options.ignore)):
        for code in unknown(codes, RULES):
            raise UsageError(f"{option} {code}: no rule has that code", hint=hint)
    for pattern, codes in profile.ignore:
        for code in unknown(codes, RULES):
            what = f'the profile "{profile.name}" ignores {code} in "{pattern}", and no rule has that code'
            raise DefinitionError(what, hint=hint)


def _words(file: Path | None) -> tuple[str, ...]:
    if file is None:
        return ()
    try:
        return tuple(line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"--never-file cannot be read: {why}", where=file) from error


def _tell(checked: Checked, options: CheckOptions) -> None:
    """The report on stdout, or in the file that was asked for with a word on stderr."""
    from packager import report
    from packager.output.staging.result import hand_over
    from packager.text.terminal import escaped

    if options.output_file is None:
        if checked.findings or checked.unapplied or not options.quiet or options.output_format != "text":
            is_coloured = options.output_format == "text" and sys.stdout.isatty()
            told = (
                report.text(checked, is_coloured=True) if is_coloured else report.FORMS[options.output_format](checked)
            )
            if options.output_format == "text":
                say(told)
            else:
                click.echo(told, nl=bool(told))
        return
    try:
        told = report.FORMS[options.output_format](checked)
        hand_over((f"{told}\n" if told else "").encode(), options.output_file)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=options.output_file) from error
    if checked.findings or checked.unapplied or not options.quiet:
        say(f"packager: {report.total(checked)} See {escaped(str(options.output_file))}", err=True)
