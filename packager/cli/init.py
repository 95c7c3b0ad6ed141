"""`packager init`: a bundle folder to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from packager.cli.shared import EXIT_CODES, QUIET


@click.command(epilog=EXIT_CODES, short_help="Write a new bundle folder to begin with.")
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
