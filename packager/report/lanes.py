"""Progress of many drives at once: a line for each, with its speed and the time that is left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from packager.model.progress import Progress
from packager.text.terminal import escaped


class Lanes:
    """Lines on stderr, one a drive, gone when the work is done."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            TextColumn,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )
        from rich.progress import Progress as RichProgress

        self._lines = RichProgress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )

    def __enter__(self) -> Lanes:
        self._lines.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.stop()

    def lane(self, drive: Path) -> Progress:
        """The line of one drive; it counts bytes."""
        return _Lane(self._lines, escaped(str(drive)))


class _Lane:
    def __init__(self, lines: Any, name: str) -> None:
        self._lines = lines
        self._name = name
        self._task = lines.add_task(name, total=None)

    def start(self, verb: str, total: int) -> None:
        self._lines.reset(self._task, description=f"{self._name}  {verb}", total=total or None)

    def advance(self, units: int = 1) -> None:
        self._lines.advance(self._task, units)

    def finish(self) -> None:
        self._lines.update(self._task, total=1, completed=1)
