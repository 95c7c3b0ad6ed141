"""Engines that take no orders: what their window shows is all that is known of them."""

from __future__ import annotations

import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

from PIL import Image

from tests.helpers.browsers.process import Process, running
from tests.helpers.browsers.screen import Screen
from tests.system import tool

HEIGHT = 6000  # pixels of the screen: the documents of a test stand on it whole
_LONG = 25  # seconds after which what a window shows is all that it will show
_STILL = 4  # seconds without any change that say the same

_DPID = "/usr/libexec/dillo/dpid"

Judge = Callable[[Image.Image], bool]


class Window(ABC):
    """An engine with a screen of its own, on which it opens one page after the other."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._resources = ExitStack()

    def __enter__(self) -> Self:
        folder = tempfile.TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True)
        self._folder = Path(self._resources.enter_context(folder))
        try:
            self._screen = Screen(self._run, self._folder, self.width, HEIGHT)
            self._start()
        except BaseException:
            self._resources.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    @abstractmethod
    def _start(self) -> None:
        """Start what the engine needs before its first page, and write its settings."""

    @abstractmethod
    def _command(self, address: str) -> tuple[str | Path, ...]: ...

    @contextmanager
    def showing(self, page: Path) -> Iterator[Self]:
        """The window with a page open."""
        with running(self._folder, self._command(page.resolve().as_uri()), {"DISPLAY": self._screen.display}):
            yield self

    def click(self, x: int, y: int) -> None:
        """Click on a place of the screen."""
        command = tool("xdotool"), "mousemove", str(x), str(y), "click", "1"
        subprocess.run(command, check=True, env={"DISPLAY": self._screen.display})

    def picture(self, is_done: Judge) -> Image.Image:
        """What stands on the screen as soon as it is as wanted, or else when it no longer changes."""
        began = changed = time.monotonic()
        seen = self._screen.picture()
        while not is_done(seen) and time.monotonic() - began < _LONG:
            now = self._screen.picture()
            if now.tobytes() != seen.tobytes() or len(now.getcolors(1 << 24) or ()) < 2:
                changed = time.monotonic()
            if time.monotonic() - changed > _STILL:
                return now
            seen = now
            time.sleep(0.2)
        return seen

    def _run(self, *command: str | Path, **environment: str) -> Process:
        return self._resources.enter_context(running(self._folder, command, environment))


class NetSurf(Window):
    """NetSurf 3: styles of CSS 2, no scripts to speak of; its window has a tool bar and a scroll bar."""

    def _start(self) -> None:
        pass

    def _command(self, address: str) -> tuple[str | Path, ...]:
        size = f"--window_width={self.width}", f"--window_height={HEIGHT}"
        return tool("netsurf-gtk"), *size, "--enable_javascript=0", address


class Dillo(Window):
    """Dillo 3.0: few styles, no scripts."""

    def _start(self) -> None:
        # Its own fonts know only Latin letters, and it takes none from another.
        settings = self._folder / ".dillo" / "dillorc"
        settings.parent.mkdir()
        settings.write_text('font_sans_serif="Noto Sans CJK KR"\nshow_search=NO\n', encoding="utf-8")
        self._run(tool(_DPID))  # what reads files for it; started by itself it would outlive the test

    def _command(self, address: str) -> tuple[str | Path, ...]:
        return tool("dillo"), "-f", "-g", f"{self.width}x{HEIGHT}+0+0", address
