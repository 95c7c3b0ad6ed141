"""`packager init`: a bundle folder to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from packager.cli.shared import EXIT_CODES, QUIET, say, warn_of_others
from packager.errors import on_one_line
from packager.text.terminal import escaped


@click.command(epilog=EXIT_CODES, short_help="Write a new bundle folder to begin with.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@QUIET
def init(folder: Path, quiet: bool) -> None:
    """Write a new bundle folder with a commented bundle.toml and an example article."""
    from packager.output.starter import start

    warn_of_others(folder / "_")
    start(folder)
    if not quiet:
        comics, articles = (_told(folder / name) for name in ("comics", "articles"))
        say(f"Made      {_told(folder)}")
        say(f"Next      put comics into {comics}, articles into {articles}, then:")
        say(f"          packager build {_told(folder)}")


def _told(path: Path) -> str:
    return escaped(on_one_line(str(path)))
