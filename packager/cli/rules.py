"""`packager rules`: what is looked for, and why."""

from __future__ import annotations

import click

from packager.cli.shared import EXIT_CODES, FORMAT, say
from packager.errors import UsageError


@click.command(epilog=EXIT_CODES, short_help="List or explain the rules of the check.")
@click.argument("code", default="")
@FORMAT
def rules(code: str, output_format: str) -> None:
    """List the rules, those of a family such as J, or explain the one with that CODE."""
    from packager.check import RULES
    from packager.report import catalogue

    wanted = tuple(rule for rule in RULES.values() if rule.code.startswith(code.upper()))
    if not wanted:
        raise UsageError(f'no rule has the code "{code}"', hint="`packager rules` lists them.")
    if output_format == "json":
        click.echo(catalogue.rules_json(wanted))
    else:
        say(catalogue.rules_text(wanted))
