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
from packager.errors import DefinitionError, OutputError, UsageError, os_errors
from packager.text.terminal import escaped

if TYPE_CHECKING:
    from packager.config.filesystems import Filesystem
    from packager.config.profile import Profile
    from packager.model import Finding
    from packager.report.findings import CheckResult

FORMS = ("text", "json", "junit", "sarif", "github")


def _codes(_context: click.Context, _option: click.Parameter, value: str) -> tuple[str, ...]:
    """Codes of rules or their beginnings, parted by commas."""
    return tuple(code.strip().upper() for code in value.split(",") if code.strip())


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What the command line asks of a check."""

    path: Path
    profile: str = ""
    medium: str = ""
    fit_bytes: int | None = None
    filesystem: Filesystem | None = None
    cluster_bytes: int | None = None
    manifest: Path | None = None
    definition_only: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    never_file: Path | None = None
    warnings_as_errors: bool = False
    output_format: str = "text"
    output_file: Path | None = None
    jobs: int | None = None
    quiet: bool = False


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
    from packager.check.rules import chosen, unread
    from packager.config.profile import load
    from packager.model import Severity
    from packager.report import findings as report

    path = options.path
    if options.output_format != "text":
        _refuse_to_lead_out(path)
        if options.output_file:
            _refuse_to_lead_out(options.output_file.parent)
    profile = load(options.profile or "any", Path.cwd())
    _refuse_unknown(options, profile)
    everything = _all_findings(profile, options)
    findings = chosen(everything, options.select, options.ignore)
    unread_files = len(unread(everything, findings, options.select))
    if options.warnings_as_errors:
        findings = tuple(replace(finding, severity=Severity.ERROR) for finding in findings)
    _report(report.CheckResult.at(path, profile, findings, unread_files), options)
    if report.problems(findings):
        sys.exit(1)


def _refuse_to_lead_out(path: Path) -> None:
    """Raise UsageError where a link in the current folder, which a stranger may have put there, leads elsewhere."""
    here, named, whole = Path.cwd(), Path(os.path.abspath(path)), path.resolve()  # noqa: PTH100 - it follows no links
    if named.is_relative_to(here) and not whole.is_relative_to(here):
        what = "is or lies behind a link that leads out of the current folder"
        raise UsageError(what, where=path, hint=f"If you mean what the link leads to, name it directly: {whole}")


def _refuse_unknown(options: CheckOptions, profile: Profile) -> None:
    from packager.check.findings import RULES
    from packager.check.rules import unknown

    hint = "`packager rules` lists the codes."
    for option, codes in (("--select", options.select), ("--ignore", options.ignore)):
        for code in unknown(codes, RULES):
            raise UsageError(f"{option} {code}: no rule has that code", hint=hint)
    for pattern, codes in profile.ignore:
        for code in unknown(codes, RULES):
            what = f'the profile "{profile.name}" ignores {code} in "{pattern}", and no rule has that code'
            raise DefinitionError(what, hint=hint)


def _all_findings(profile: Profile, options: CheckOptions) -> tuple[Finding, ...]:
    """Return what is found in the definition or the tree that was named."""
    from packager import check as checker
    from packager.check.definitions import check_definitions, is_definition
    from packager.files.traces import traces
    from packager.film.decode import decoder
    from packager.sandbox.pool import Workers

    path = options.path
    medium = asked_medium(options.fit_bytes, options.medium, options.filesystem, options.cluster_bytes)
    never = (*options.never, *_words_of(options.never_file))
    if options.definition_only or is_definition(path):
        if medium or options.manifest or never or options.profile not in ("", "any"):
            what = "is checked as a definition, which cannot go with --medium, --fit, --manifest, --never or --profile"
            raise UsageError(what, where=path, hint="Use them to check the tree that is built from it.")
        return check_definitions(path)
    target = checker.CheckTarget(medium, never, traces(datetime.now().astimezone().date()))
    with progress_bars(options.quiet) as progress, Workers(options.jobs) as workers:
        workers.only_read(path)
        target = replace(target, decode=decoder(workers.programs))
        findings = checker.check(path, profile, workers, progress, target, manifest=options.manifest)
    if (missing := workers.missing_restrictions()) and not options.quiet:
        say(f"packager: this system could not keep the processes that read it from {', '.join(missing)}", err=True)
    return findings


def refuse_broken(tree: Path, profile_name: str, *, quiet: bool) -> None:
    """Say on stderr what a check of the tree of somebody else finds, and end with 1, where it breaks a rule."""
    from packager.config.profile import load
    from packager.report import findings as report

    profile = load(profile_name or "any", Path.cwd())
    options = CheckOptions(tree, profile_name, quiet=quiet)
    findings = _all_findings(profile, options)
    if report.problems(findings):
        say(report.text(report.CheckResult.at(tree, profile, findings, 0)), err=True)
        say("packager: nothing was copied.", err=True)
        sys.exit(1)


def _words_of(file: Path | None) -> tuple[str, ...]:
    if file is None:
        return ()
    try:
        return tuple(line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"--never-file cannot be read: {why}", where=file) from error


def _report(checked: CheckResult, options: CheckOptions) -> None:
    """Write the result on stdout, or into the file that was named with a word on stderr."""
    from packager.output.atomic import write_result
    from packager.report import findings as report

    is_text = options.output_format == "text"
    is_silent = options.quiet and not checked.findings and not checked.unapplied
    if options.output_file is None and is_text:
        if not is_silent:
            say(report.text(checked, is_coloured=sys.stdout.isatty()))
        return
    result = report.FORMS[options.output_format](checked)
    if options.output_file is None:
        click.echo(result, nl=bool(result))
        return
    with os_errors(OutputError, "cannot be written", options.output_file):
        write_result((f"{result}\n" if result else "").encode(), options.output_file)
    if not is_silent:
        say(f"packager: {report.total(checked)} See {escaped(str(options.output_file))}", err=True)
