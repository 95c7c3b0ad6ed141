"""What all commands share: options, exit codes, progress, and the end of what a user can cause."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from packager.errors import OutputError, PackagerError
from packager.progress import SILENT, Progress

EXIT_CODES = """\b
Exit codes:
  0  done
  1  problems were found
  2  the command line is wrong
  3  bundle.toml or a profile is wrong
  4  a source cannot be read
  5  it does not fit
  6  the output folder or drive cannot be used
 70  a fault in packager
130  interrupted"""

INTERRUPTED = 130
# What writing to a stream answers on a full disk; rooms explain their own failed writes.
_FAILED_WRITES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

PATH = click.Path(path_type=Path, readable=False)  # our own errors say more of what cannot be read
PROFILE = click.option("--profile", default="", metavar="P", help="What devices can open: a profile's name or file.")
JOBS = click.option("--jobs", type=click.IntRange(1, 64), metavar="N", help="Worker processes; default: one a core.")
FORMAT = click.option(
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Form of the result.",
)
TRUST_PROGRAMS = click.option(
    "--trust-programs",
    is_flag=True,
    help="Run pandoc, bsdtar and unar also where this system cannot keep them from other files and the network.",
)
QUIET = click.option("-q", "--quiet", is_flag=True, help="Say nothing but problems.")


def say(text: str, *, err: bool = False) -> None:
    """Words for people: all that is not meant for programs goes through here."""
    from packager.text import harmless

    click.echo(harmless(text), err=err)


class Commands(click.Group):
    """A group that ends what a user can cause with one clear message and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            from packager.text import escaped, harmless

            raise click.UsageError(harmless(escaped(error.format_message())), error.ctx) from None
        except PackagerError as error:
            from packager.text import escaped

            say(f"packager: {escaped(str(error))}", err=True)
            ctx.exit(error.exit_code)
        except OSError as error:
            if error.filename is not None or error.errno not in _FAILED_WRITES:
                raise
            say(f"packager: the result could not be told: {error.strerror}", err=True)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what its buffer holds goes nowhere
            ctx.exit(OutputError.exit_code)
        except (KeyboardInterrupt, click.Abort):
            say("packager: interrupted; the output is the old one or the new one, whole.", err=True)
            ctx.exit(INTERRUPTED)


def shows_progress(quiet: bool) -> bool:
    """Whether somebody watches: bars are for terminals."""
    return not quiet and sys.stderr is not None and sys.stderr.isatty()  # None: it was closed


@contextmanager
def progress_bars(quiet: bool) -> Iterator[Progress]:
    """Bars on a terminal, silence elsewhere."""
    if not shows_progress(quiet):
        yield SILENT
        return
    from packager.report import Bars

    with Bars() as bars:
        yield bars
