"""Progress as bars on stderr."""

from __future__ import annotations

from typing import Any


class Bars:
    """Progress as bars on stderr, one a step, gone when the work is done."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        self._bars = RichProgress(
            TextColumn("{task.description:<8}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task: Any = None

    def __enter__(self) -> Bars:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def start(self, verb: str, total: int) -> None:
        self._task = self._bars.add_task(verb, total=total)

    def advance(self, units: int = 1) -> None:
        self._bars.advance(self._task, units)

    def finish(self) -> None:
        total = next(task.total for task in self._bars.tasks if task.id == self._task)
        self._bars.update(self._task, completed=total)
