"""`packager media`, `packager profiles`, `packager rules`: what a tree can be made for, and be checked by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from packager.cli.options import CLUSTER, FILESYSTEM
from packager.cli.shared import EXIT_CODES, FORMAT, say
from packager.errors import UsageError
from packager.text.terminal import escaped

if TYPE_CHECKING:
    from packager.config.filesystems import Filesystem
    from packager.config.profile import ProfileFile


@click.command(epilog=EXIT_CODES, short_help="List what sticks and cards really hold.")
@click.argument("name", default="")
@FILESYSTEM
@CLUSTER
@FORMAT
def media(name: str, filesystem: Filesystem | None, cluster_bytes: int | None, output_format: str) -> None:
    """List the sticks and cards that a bundle can be made for, or explain the one called NAME (or the file my.toml).

    A medium of your own is a file with its capacity and, where it is known, how it is formatted:
    capacity = "4GB", filesystem = "fat32", cluster = "4KiB", each on a line.
    """
    from packager.config import media as known
    from packager.report import catalogue

    format_said = known.Format(filesystem, cluster_bytes)
    chosen = [known.load(one, Path.cwd(), format_said) for one in ([name] if name else known.names())]
    if output_format == "json":
        click.echo(catalogue.media_json(chosen))
    else:
        say(catalogue.medium_text(chosen[0]) if name else catalogue.media_text(chosen))


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

    chosen = [profile.load(one, Path.cwd()) for one in ([name] if name else profile.names())]
    if output_format == "json":
        click.echo(catalogue.profiles_json(chosen))
    else:
        text = _text(*profile.files(name, Path.cwd())) if name else catalogue.profiles_text(chosen)
        say("\t".join(map(escaped, text.split("\t"))))  # a tab is TOML, and what is shown can be saved


def _text(own: ProfileFile, *extended: ProfileFile) -> str:
    """The text of a profile's own file, and as comments behind it the texts of those that it extends."""
    behind = "".join(f"\n\nFrom the profile {file.name}:\n{file.place.text.strip()}" for file in extended)
    return own.place.text.strip() + behind.replace("\n", "\n# ")


@click.command(epilog=EXIT_CODES, short_help="List or explain the rules of the check.")
@click.argument("code", default="")
@FORMAT
def rules(code: str, output_format: str) -> None:
    """List the rules, those of a family such as J, or explain the one with that CODE."""
    from packager.check.findings import RULES
    from packager.report import catalogue

    wanted = tuple(rule for rule in RULES.values() if rule.code.startswith(code.upper()))
    if not wanted:
        raise UsageError(f'no rule has the code "{code}"', hint="`packager rules` lists them.")
    if output_format == "json":
        click.echo(catalogue.rules_json(wanted))
    else:
        say(catalogue.rules_text(wanted))
