"""What stops the work: each error says what, where and what to do next, and carries its exit code."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

OK, PROBLEMS_FOUND, WRONG_USAGE, WRONG_DEFINITION, UNREADABLE_SOURCE, NO_FIT, UNUSABLE_OUTPUT = range(7)
OUR_FAULT, INTERRUPTED = 70, 130
EXIT_CODES = {
    OK: "done",
    PROBLEMS_FOUND: "problems were found",
    WRONG_USAGE: "the command line is wrong",
    WRONG_DEFINITION: "bundle.toml or a profile is wrong",
    UNREADABLE_SOURCE: "a source cannot be read",
    NO_FIT: "it does not fit",
    UNUSABLE_OUTPUT: "the output folder or drive cannot be used",
    OUR_FAULT: "a fault in packager",
    INTERRUPTED: "interrupted",
}

FAILED_WRITES = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO))
"""The numbers of errors that name no file, by which a write is known to have failed."""


def on_one_line(text: str) -> str:
    """Return `text` with its line ends as their code point: names may hold them."""
    return text.replace("\n", "<U+000A>")


class PackagerError(Exception):
    """Something a user can cause. Shown as one line, never as a traceback.

    `what` is the problem, `where` the file or folder it concerns, `hint` what to do next.
    """

    exit_code = OUR_FAULT

    def __init__(self, what: str, *, where: object = None, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = None if where is None else on_one_line(str(where))
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f"\n  {self.hint}" if self.hint else ""
        return f"{place}{self.what}{hint}"

    def at(self, where: object) -> Self:
        """Return the same error, which names another place."""
        return type(self)(self.what, where=where, hint=self.hint)

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross the border between worker processes, so keyword arguments must survive pickling.
        return _restore, (type(self), self.what, self.where, self.hint)


def _restore(kind: type[PackagerError], what: str, where: str | None, hint: str) -> PackagerError:
    return kind(what, where=where, hint=hint)


class UsageError(PackagerError):
    """The command line asks for something that does not exist or contradicts itself."""

    exit_code = WRONG_USAGE


class DefinitionError(PackagerError):
    """`bundle.toml` or a profile cannot be used as it stands; `also` are further problems of the same file."""

    exit_code = WRONG_DEFINITION
    also: tuple[DefinitionError, ...] = ()


class SourceError(PackagerError):
    """A comic, an article or a picture cannot be read."""

    exit_code = UNREADABLE_SOURCE


class TakesTooLong(SourceError):
    """Reading a source takes more time than it may have; its process has been ended."""


class DamagedPicture(SourceError):
    """A picture that cannot be decoded to its last row."""


class DoesNotFit(PackagerError):
    """The tree is larger than the space it is meant for; `can_drop` says that it fits without some publications.

    `has_advice` says that it names options of which one is enough.
    """

    exit_code = NO_FIT
    can_drop = False
    has_advice = False


class OutputError(PackagerError):
    """The destination cannot be written, or is not ours to replace."""

    exit_code = UNUSABLE_OUTPUT


@contextmanager
def os_errors(kind: type[PackagerError], what: str, where: object, hint: str = "") -> Iterator[None]:
    """Raise an error of the system as one of this `kind`, which says `what` failed and why."""
    try:
        yield
    except OSError as error:
        raise kind(f"{what}: {error.strerror or error}", where=where, hint=hint) from error
