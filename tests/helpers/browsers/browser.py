"""What every engine can do."""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from tests.helpers.browsers.process import Process, running
from tests.helpers.browsers.wire import Wire, connected

# Requests to anywhere else end at a port where nobody listens.
NOWHERE = "127.0.0.1:9"

# Keys that write nothing, by their DOM name: (code of WebDriver, keyCode of scripts).
KEYS = {
    "ArrowLeft": ("\ue012", 37),
    "ArrowRight": ("\ue014", 39),
    "End": ("\ue010", 35),
    "Escape": ("\ue00c", 27),
    "Home": ("\ue011", 36),
    "Tab": ("\ue004", 9),
}


class Browser(ABC):
    """One running browser with one page open; all that it keeps goes with it."""

    def __init__(self, *, is_free: bool = False) -> None:
        """A free browser asks the network itself, whatever the network then is."""
        self._is_free = is_free
        self._resources = ExitStack()

    def __enter__(self) -> Self:
        # Not below TMPDIR, which may be long: the names of its local sockets end at 107 bytes.
        folder = tempfile.TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True)
        self._folder = Path(self._resources.enter_context(folder))
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
    def press(self, key: str) -> None:
        """Press and let go a key: a small letter, or a name of `KEYS`."""

    @abstractmethod
    def screenshot(self) -> bytes:
        """What the viewport shows, as PNG."""

    def open(self, page: Path, width: int = 1280, height: int = 800) -> None:
        """Load a local file into a viewport of so many CSS pixels."""
        self.resize(width, height)
        self.go(page.resolve().as_uri())

    @staticmethod
    def _strokes(key: str) -> list[dict[str, object]]:
        """A press of `key` as an action of WebDriver, the same in both of its forms."""
        code = KEYS[key][0] if key in KEYS else key
        strokes = [{"type": "keyDown", "value": code}, {"type": "keyUp", "value": code}]
        return [{"type": "key", "id": "keyboard", "actions": strokes}]

    def _run(self, *command: str | Path, **environment: str) -> Process:
        """Start a program that ends with the browser."""
        return self._resources.enter_context(running(self._folder, command, environment))

    def _connect(self, address: str) -> Wire:
        """Open a wire that is closed with the browser."""
        return self._resources.enter_context(connected(address))
