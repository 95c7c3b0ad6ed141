"""What all commands share: options, exit codes, progress, and the end of what a user can cause."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from packager import errors
from packager.errors import FAILED_WRITES, INTERRUPTED, OutputError, PackagerError, SourceError
from packager.sandbox.limits import LIMITS
from packager.text.terminal import escaped, without_log_commands

if TYPE_CHECKING:
    from packager.model.progress import Progress

EXIT_CODES = "\b\nExit codes:\n" + "\n".join(f"{code:>3}  {meaning}" for code, meaning in errors.EXIT_CODES.items())

_WHOLE = frozenset({"build", "plan", "image"})  # they exchange what they write in one step
# What writing to a stream answers on a full disk; packages explain their own failed writes.
_FAILED_WRITES = FAILED_WRITES - {errno.EROFS, errno.EIO}  # which a source may have, too

_MOST_NEEDED_BYTES = LIMITS.memory_bytes + (256 << 20)  # what a source may take, and what a process reserves for itself
_SHORTAGE = re.compile("new thread|creating thread|failed to map segment|allocate memory|out of memory", re.IGNORECASE)
_MORE_MEMORY = "Free some memory, raise the limit (ulimit -v, -d, -u), or give fewer --jobs, then try again."


def _with_memory(_context: click.Context, _option: click.Parameter, jobs: int | None) -> int | None:
    """The number of workers; SourceError where the system gives no process the memory that reading may take.

    Without, libraries end in the middle of a picture, which would then count as damaged.
    """
    if sys.platform != "win32":
        import resource

        for kind, needed in ((resource.RLIMIT_AS, _MOST_NEEDED_BYTES), (resource.RLIMIT_DATA, LIMITS.memory_bytes)):
            given = resource.getrlimit(kind)[0]
            if given != resource.RLIM_INFINITY and given < needed:
                what = f"the system gives a program {given >> 20} MB of memory, and reading may take {needed >> 20}"
                raise SourceError(what, hint=_MORE_MEMORY)
    return jobs


PATH = click.Path(path_type=Path, readable=False)  # our own errors say more of what cannot be read
PROFILE = click.option("--profile", default="", metavar="P", help="What devices can open: a profile's name or file.")
JOBS = click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="N",
    callback=_with_memory,
    help="Worker processes; default: one a core.",
)
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


T = TypeVar("T")


def gathered(options: Callable[..., T]) -> Callable[[Callable[[T], None]], Callable[..., None]]:
    """Give a command all its parameters as one value of `options`, which has a field for each."""

    def with_options(command: Callable[[T], None]) -> Callable[..., None]:
        @wraps(command)
        def called(**parameters: object) -> None:
            command(options(**parameters))

        return called

    return with_options


def say(text: str, *, err: bool = False) -> None:
    """Words for people: all that is not meant for programs goes through here."""
    click.echo(without_log_commands(text), err=err)


def warn_of_others(place: Path) -> None:
    """Say who else can exchange a file or folder that a command is to write."""
    from packager.files.ownership import somebody_above

    if stranger := somebody_above(place):
        what = f"{stranger.name} can change or exchange what is written there, now and later"
        say(f"packager: {escaped(f'{stranger.folder}: {what}')}", err=True)


class Commands(click.Group):
    """A group that ends what a user can cause with one clear message and its exit code.

    What it is given as `obj` is called before anything is done that an interruption must undo.
    """

    def invoke(self, ctx: click.Context) -> Any:
        try:
            if ctx.obj:
                ctx.obj()
            return super().invoke(ctx)
        except click.UsageError as error:
            raise click.UsageError(without_log_commands(escaped(error.format_message())), error.ctx) from None
        except PackagerError as error:
            say(f"packager: {escaped(str(error))}", err=True)
            ctx.exit(error.exit_code)
        except click.Abort:  # somebody said no to a question, and each comes before anything is done
            say("packager: nothing was touched.", err=True)
            ctx.exit(INTERRUPTED)
        except KeyboardInterrupt:
            whole = "; the output is the old one or the new one, whole" if ctx.invoked_subcommand in _WHOLE else ""
            say(f"packager: interrupted{whole}.", err=True)
            ctx.exit(INTERRUPTED)
        except Exception as error:
            if isinstance(error, OSError) and error.filename is None and error.errno in _FAILED_WRITES:
                say(f"packager: the result could not be written: {error.strerror}", err=True)
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what its buffer holds goes nowhere
                ctx.exit(OutputError.exit_code)
            if not _tells_of_shortage(error):
                raise
            say(f"packager: there is too little memory, or too much runs at once\n  {_MORE_MEMORY}", err=True)
            ctx.exit(SourceError.exit_code)


def _tells_of_shortage(error: BaseException | None) -> bool:
    """Whether an error comes of a system that gives no more memory or threads, in whatever words."""
    if error is None:
        return False
    if isinstance(error, MemoryError) or getattr(error, "errno", 0) in (errno.ENOMEM, errno.EAGAIN):
        return True
    return bool(_SHORTAGE.search(str(error))) or _tells_of_shortage(error.__cause__)


def shows_progress(quiet: bool) -> bool:
    """Whether somebody watches: bars are for terminals."""
    return not quiet and sys.stderr is not None and sys.stderr.isatty()  # None: it was closed


@contextmanager
def progress_bars(quiet: bool) -> Iterator[Progress]:
    """Bars on a terminal, a line a minute elsewhere."""
    if quiet or sys.stderr is None:
        from packager.model.progress import SILENT

        yield SILENT
        return
    from packager.report.bars import Bars, Lines

    if not shows_progress(quiet):
        yield Lines()
        return
    with Bars() as bars:
        yield bars
