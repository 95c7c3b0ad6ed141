"""`packager image`: a tree as the whole content of a stick or card."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packager.cli.options import CLUSTER, FILESYSTEM, MEDIUM, asked_medium
from packager.cli.shared import EXIT_CODES, FORMAT, QUIET, gathered, progress_bars, say, warn_of_others
from packager.errors import UsageError

if TYPE_CHECKING:
    from packager.config.filesystems import Filesystem
    from packager.config.media import Medium
    from packager.drive.image import Image, ImageDifference


@dataclass(frozen=True, slots=True)
class ImageOptions:
    """What the command line asks of an image."""

    tree: Path
    file: Path
    medium: str
    filesystem: Filesystem | None
    cluster_bytes: int | None
    verify: bool
    force: bool
    output_format: str
    quiet: bool


@click.command(epilog=EXIT_CODES, short_help="Write a tree as a FAT32 image.")
@click.argument("tree", type=click.Path(path_type=Path))
@click.argument("file", metavar="FILE.img", type=click.Path(path_type=Path))
@MEDIUM
@FILESYSTEM
@CLUSTER
@click.option("--verify", is_flag=True, help="Write nothing: compare FILE.img with what TREE gives.")
@click.option("--force", is_flag=True, help="Replace FILE.img when it exists.")
@FORMAT
@QUIET
@gathered(ImageOptions)
def image(options: ImageOptions) -> None:
    """Write TREE as a whole FAT32 image, for duplicators and dd: the same tree gives the same bytes."""
    from packager.drive.image import fat32_medium

    if options.verify and options.force:
        raise UsageError("--verify writes nothing, and --force replaces a file", hint="Give one of them.")
    named = asked_medium(None, options.medium, options.filesystem, options.cluster_bytes)
    if options.verify:
        _verify(options, fat32_medium(named) if named else None)
    elif named is None:
        raise UsageError("--medium is missing", hint="Say what the image will be written to, such as usb-4gb.")
    else:
        _write(options, fat32_medium(named))


def _write(options: ImageOptions, medium: Medium) -> None:
    from packager.drive.image import write_image
    from packager.report import as_json

    warn_of_others(options.file)
    with progress_bars(options.quiet) as progress:
        written = write_image(options.tree, options.file, medium, replace=options.force, progress=progress)
    if options.output_format == "json":
        click.echo(as_json({**asdict(written), "path": str(written.path)}))
    elif not options.quiet:
        say(_written(written, medium.name))


def _verify(options: ImageOptions, medium: Medium | None) -> None:
    from packager.drive.image import medium_of, verify_image
    from packager.report import as_json

    with progress_bars(options.quiet) as progress:
        medium = medium or medium_of(options.file)
        compared, difference = verify_image(options.tree, options.file, medium, progress=progress)
    if options.output_format == "json":
        first = asdict(difference) if difference else None
        click.echo(as_json({**asdict(compared), "path": str(compared.path), "difference": first}))
    elif difference or not options.quiet:
        say(_compared(options.tree, compared, difference))
    sys.exit(1 if difference else 0)


def _written(written: Image, medium: str) -> str:
    from packager.report import count, size
    from packager.text.terminal import escaped

    files = f"{count(written.files, 'file')} occupy {size(written.occupied_bytes)} of it"
    return (
        f"Made      {escaped(str(written.path))}   {size(written.size_bytes)}, FAT32; {files}\n"
        f"Next      write it, whole, to any {medium} or larger: all that is on it will be lost"
    )


def _compared(tree: Path, compared: Image, difference: ImageDifference | None) -> str:
    from packager.report import count
    from packager.text.terminal import escaped

    path, folder = escaped(str(compared.path)), escaped(str(tree))
    if difference is None:
        return (
            f"{path}: all {compared.size_bytes:,} bytes are what {folder} gives, with {count(compared.files, 'file')}."
        )
    where = escaped(difference.content)
    return (
        f"{path}: is not what {folder} gives; the first difference is byte {difference.offset:,}, in {where}.\n"
        f"To make it again: packager image {folder} {path} --force --medium ..."
    )
