"""Progress on stderr: bars of a build, one a step, and a line for each of many drives; gone when the work is done.

Where nobody watches, in a log, a line a minute stays.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packager.model.progress import Progress
from packager.text.terminal import escaped, without_log_commands

_LINE_S = 60  # between lines


def _lines(*columns: Any) -> Any:
    """Lines of rich with these columns, and below them what is `said`."""
    from rich.console import Console
    from rich.progress import Progress as RichProgress
    from rich.text import Text

    class Said(RichProgress):
        said = ""

        def get_renderables(self) -> Iterator[Any]:
            yield from super().get_renderables()
            if self.said:
                yield Text(self.said, no_wrap=True, overflow="ellipsis")

    return Said(*columns, console=Console(stderr=True), transient=True)


class Bars:
    """Progress as bars, one a step; below them the words about the step that began last, which know its time better."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.text import Text

        class Left(TimeRemainingColumn):
            def render(self, task: Any) -> Text:
                return Text() if task.fields.get("is_told") else super().render(task)

        self._lines = _lines(TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn(), Left())
        self._tasks: list[Any] = []  # the steps that are not over, the innermost last

    def __enter__(self) -> Bars:
        self._lines.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.stop()

    def start(self, verb: str, total: int) -> None:
        self._tasks.append(self._lines.add_task(verb, total=total))

    def advance(self, units: int = 1) -> None:
        self._lines.advance(self._tasks[-1], units)

    def say(self, words: str) -> None:
        self._lines.said = escaped(words)
        self._lines.update(self._tasks[-1], is_told=True)

    def finish(self) -> None:
        over = self._tasks.pop()
        total = next(task.total for task in self._lines.tasks if task.id == over)
        self._lines.update(over, completed=total)
        self._lines.said = ""


class Lines:
    """Progress as a line a minute, of what takes that long."""

    def __init__(self) -> None:
        self._steps: list[tuple[str, int, int]] = []  # that are not over: name, units done, units of all
        self._said = ""
        self._told = time.monotonic()

    def start(self, verb: str, total: int) -> None:
        self._steps.append((verb, 0, total))

    def advance(self, units: int = 1) -> None:
        verb, done, total = self._steps[-1]
        self._steps[-1] = verb, done + units, total
        if not self._said:
            self._print(f"{verb} {done + units:,} of {total:,}")

    def say(self, words: str) -> None:
        self._said = words
        self._print(f"{self._steps[-1][0]} {words}")

    def finish(self) -> None:
        self._steps.pop()
        self._said = ""

    def _print(self, words: str) -> None:
        if time.monotonic() - self._told >= _LINE_S:
            self._told = time.monotonic()
            print(without_log_commands(f"packager: {escaped(words)}"), file=sys.stderr, flush=True)


class DriveBars:
    """Progress of many drives at once: a line for each, with its speed and the time that is left."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn

        name = TextColumn("{task.description}", markup=False)
        self._lines = _lines(name, BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())

    def __enter__(self) -> DriveBars:
        self._lines.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.stop()

    def of_drive(self, drive: Path) -> Progress:
        """The line of one drive; it counts bytes."""
        return _DriveBar(self._lines, escaped(str(drive)))


class _DriveBar:
    def __init__(self, lines: Any, name: str) -> None:
        self._lines = lines
        self._name = name
        self._task = lines.add_task(name, total=None)

    def start(self, verb: str, total: int) -> None:
        self._lines.reset(self._task, description=f"{self._name}  {verb}", total=total or None)

    def advance(self, units: int = 1) -> None:
        self._lines.advance(self._task, units)

    def say(self, words: str) -> None: ...

    def finish(self) -> None:
        self._lines.update(self._task, total=1, completed=1)
