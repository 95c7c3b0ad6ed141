"""What every engine can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from tests.browsers.process import Process, running
from tests.browsers.wire import Wire, connected

# Requests to anywhere else end at a port where nobody listens.
NOWHERE = "127.0.0.1:9"


class Browser(ABC):
    """One running browser with one page open. `folder` receives everything it keeps."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._resources = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._resources.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    @abstractmethod
    def _start(self) -> None: ...

    @abstractmethod
    def resize(self, width: int, height: int) -> None:
        """Give the page a viewport of so many CSS pixels."""

    @abstractmethod
    def go(self, address: str) -> None:
        """Load an address and wait until everything on it has loaded or failed."""

    @abstractmethod
    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression on the page, as JSON carries it."""

    @abstractmethod
    def screenshot(self) -> bytes:
        """What the viewport shows, as PNG."""

    def open(self, page: Path, width: int = 1280, height: int = 800) -> None:
        """Load a local file into a viewport of so many CSS pixels."""
        self.resize(width, height)
        self.go(page.resolve().as_uri())

    def _run(self, *command: str | Path, **environment: str) -> Process:
        """Start a program that ends with the browser."""
        return self._resources.enter_context(running(self._folder, command, environment))

    def _connect(self, address: str) -> Wire:
        """Open a wire that is closed with the browser."""
        return self._resources.enter_context(connected(address))
