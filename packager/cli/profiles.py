"""`packager profiles`: what trees can be held against."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from packager.cli.shared import EXIT_CODES, FORMAT, say

if TYPE_CHECKING:
    from packager.config.profile import ProfileFile


@click.command(epilog=EXIT_CODES, short_help="List or explain profiles of devices.")
@click.argument("name", default="")
@FORMAT
def profiles(name: str, output_format: str) -> None:
    """List the built-in profiles, or show the one called NAME (or the file my.toml) with the reason for each value.

    What is shown can be saved as a profile of your own. Behind it stand, as comments, the profiles that it extends:
    their values count where it has none.
    """
    from packager.config import profile
    from packager.report import catalogue
    from packager.text.terminal import escaped

    chosen = [profile.load(one, Path.cwd()) for one in ([name] if name else profile.names())]
    if output_format == "json":
        click.echo(catalogue.profiles_json(chosen))
    else:
        say(escaped(_text(*profile.files(name, Path.cwd()))) if name else catalogue.profiles_text(chosen))


def _text(own: ProfileFile, *extended: ProfileFile) -> str:
    """The text of a profile's own file, and as comments behind it the texts of those that it extends."""
    behind = "".join(f"\n\nFrom the profile {file.name}:\n{file.place.text.strip()}" for file in extended)
    return own.place.text.strip() + behind.replace("\n", "\n# ")
