"""`packager changes`: what is different in the newest edition of a bundle."""

from __future__ import annotations

from pathlib import Path

import click

from packager.cli.shared import EXIT_CODES, FORMAT, PATH, say
from packager.errors import UsageError


@click.command(epilog=EXIT_CODES, short_help="Say what is new, changed and gone in a bundle's newest edition.")
@click.argument("bundle", type=PATH)
@click.argument("number", type=click.IntRange(min=1), required=False, metavar="[N]")
@FORMAT
def changes(bundle: Path, number: int | None, output_format: str) -> None:
    """Say what is different in the newest edition of BUNDLE since edition N, or since the one before it.

    Each build that makes other trees is an edition of its bundle, and is kept in the bundle's folder `editions`.
    """
    from packager.config import definition
    from packager.output import marks
    from packager.output.changes import before
    from packager.output.changes import changes as changes_since
    from packager.output.ledger import Ledger
    from packager.report.changes import changes_json, changes_text

    marks.refuse_ours(bundle, "bundle")
    name = definition.load(bundle).name
    ledger = Ledger.read(bundle)
    newest = ledger.newest
    if newest is None:
        raise UsageError(f"{bundle} has no editions yet", hint=f"Each build is one: packager build {bundle}")
    earlier = ledger.edition(number) if number else before(newest, ledger)
    if earlier and earlier.number == newest.number:
        raise UsageError(f"edition {newest.number} is the newest of {bundle}", hint="Name an earlier one.")
    found = changes_since(newest, newest.manifest(), earlier) if earlier else None
    if output_format == "json":
        click.echo(changes_json(newest, found))
    else:
        say(changes_text(name, newest, found))
