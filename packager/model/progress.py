"""How long work tells how far it is: a three-method protocol and the silent default."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Receives the steps of a build; implementations must not influence the work."""

    def start(self, verb: str, total: int) -> None:
        """A step named by one of the eight verbs begins, perhaps within another; it has `total` units of work.

        That of "films", in the plan of a build, has seconds of film and sound.
        """

    def advance(self, units: int = 1) -> None:
        """Units of the step that began last are done."""

    def say(self, words: str) -> None:
        """What is being done in the step that began last, until something else is said of it."""

    def finish(self) -> None:
        """The step that began last is over."""


class _Silent:
    def start(self, verb: str, total: int) -> None: ...

    def advance(self, units: int = 1) -> None: ...

    def say(self, words: str) -> None: ...

    def finish(self) -> None: ...


SILENT: Progress = _Silent()


@contextmanager
def step(progress: Progress, verb: str, total: int = 1) -> Iterator[None]:
    """One step of the work, from its start to its end."""
    progress.start(verb, total)
    yield
    progress.finish()
