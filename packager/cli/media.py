"""`packager media`: what sticks and cards really hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from packager.cli.options import CLUSTER, FILESYSTEM
from packager.cli.shared import EXIT_CODES, FORMAT, say

if TYPE_CHECKING:
    from packager.config.filesystems import Filesystem


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
