"""The commands: parse, call, report, exit code. The only package that knows click.

Others are imported inside the commands: `--help` and `--version` must not wait for libvips or Jinja.
"""

from __future__ import annotations

import click

from packager import __version__
from packager.cli import build, catalogue, changes, check, drives, importing, sharing
from packager.cli.shared import EXIT_CODES, Commands


@click.group(cls=Commands, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="packager")
def cli() -> None:
    """Compile comics, articles, films and sound into one folder for a stick or card, check it, and copy it there."""


COMMANDS = (
    importing.init,
    importing.import_,
    importing.inspect,
    build.plan,
    build.build,
    sharing.measure,
    sharing.cache,
    sharing.worker,
    changes.changes,
    check.check,
    drives.copy,
    drives.verify,
    drives.list_drives,
    drives.image,
    catalogue.media,
    catalogue.profiles,
    catalogue.rules,
)

for command in COMMANDS:
    cli.add_command(command)
