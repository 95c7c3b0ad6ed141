"""`packager image`: a tree as the whole content of a stick or card."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packager.cli.shared import EXIT_CODES, FORMAT, QUIET, progress_bars, say, warn_of_others
from packager.cli.space import CLUSTER, FILESYSTEM, MEDIUM, asked_medium
from packager.errors import UsageError

if TYPE_CHECKING:
    from packager.drive.image import Image


@click.command(epilog=EXIT_CODES, short_help="Write a tree as a FAT32 image.")
@click.argument("tree", type=click.Path(path_type=Path))
@click.argument("file", metavar="FILE.img", type=click.Path(path_type=Path))
@MEDIUM
@FILESYSTEM
@CLUSTER
@click.option("--force", is_flag=True, help="Replace FILE.img when it exists.")
@FORMAT
@QUIET
def image(tree: Path, file: Path, force: bool, output_format: str, quiet: bool, **asked: Any) -> None:
    """Write TREE as a whole FAT32 image, for duplicators and dd: the same tree gives the same bytes."""
    from packager.drive.image import blank, write_image
    from packager.report import as_json

    medium = asked_medium("", **asked)
    if medium is None:
        raise UsageError("--medium is missing", hint="Say what the image will be written to, such as usb-4gb.")
    warn_of_others(file)
    with progress_bars(quiet) as progress:
        made = write_image(tree, file, blank(medium), replace=force, progress=progress)
    if output_format == "json":
        click.echo(as_json({**asdict(made), "path": str(made.path)}))
    elif not quiet:
        say(_words(made, medium.name))


def _words(made: Image, medium: str) -> str:
    from packager.report import count, size
    from packager.text.terminal import escaped

    files = f"{count(made.files, 'file')} occupy {size(made.occupied_bytes)} of it"
    return (
        f"Made      {escaped(str(made.path))}   {size(made.size_bytes)}, FAT32; {files}\n"
        f"Next      write it, whole, to any {medium} or larger: all that is on it will be lost"
    )
