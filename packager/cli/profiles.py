"""`packager profiles`: what trees can be held against."""

from __future__ import annotations

from pathlib import Path

import click

from packager.cli.shared import EXIT_CODES, FORMAT, say


@click.command(epilog=EXIT_CODES, short_help="List or explain profiles of devices.")
@click.argument("name", default="")
@FORMAT
def profiles(name: str, output_format: str) -> None:
    """List the built-in profiles, or show the one called NAME (or the file my.toml) with the reason for each value.

    What is shown can be saved as a profile of your own. One that differs in a few values says which it extends:
    extends = "any".
    """
    from packager.config import profile
    from packager.report import catalogue
    from packager.text.terminal import escaped

    chosen = [profile.load(one, Path.cwd()) for one in ([name] if name else profile.names())]
    if output_format == "json":
        click.echo(catalogue.profiles_json(chosen))
    else:
        say(escaped(profile.resolved(name, Path.cwd())) if name else catalogue.profiles_text(chosen))
