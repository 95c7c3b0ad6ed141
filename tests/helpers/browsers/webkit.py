"""WebKitGTK on a screen that nobody sees, driven with WebDriver over HTTP."""

from __future__ import annotations

import base64
import json
from http.client import HTTPConnection
from typing import Any

from tests.helpers.browsers.browser import NOWHERE, Browser
from tests.helpers.browsers.process import TIMEOUT, free_port, until
from tests.helpers.browsers.screen import Screen
from tests.system import tool


class WebKit(Browser):
    """WebKitGTK on a screen that nobody sees, driven with WebDriver over HTTP."""

    def _start(self) -> None:
        # The buttons of its tool bar would keep the window wider than a phone.
        style = self._folder / ".config" / "gtk-3.0" / "gtk.css"
        style.parent.mkdir(parents=True)
        style.write_text("* { min-width: 0; padding: 0; margin: 0; border: 0; font-size: 1px }", encoding="utf-8")
        screen = Screen(self._run, self._folder, 2000, 2000)
        self._port = free_port()
        driver = tool("WebKitWebDriver"), f"--port={self._port}", "--host=127.0.0.1"
        self._run(*driver, DISPLAY=screen.display, LIBGL_ALWAYS_SOFTWARE="1", NO_AT_BRIDGE="1")
        until(self._status)
        proxy = {"proxyType": "manual", "httpProxy": NOWHERE, "sslProxy": NOWHERE}
        created = self._call("POST", "/session", capabilities={"alwaysMatch": {"proxy": proxy}})
        self._session = f"/session/{created['sessionId']}"
        self._resources.callback(self._call, "DELETE", self._session)

    def resize(self, width: int, height: int) -> None:
        # WebDriver speaks of the window; what its frame takes is told by the page.
        self._window(width, height)
        self._draw()
        inner_width, inner_height = self.evaluate("[innerWidth, innerHeight]")
        if (inner_width, inner_height) != (width, height):
            self._window(2 * width - inner_width, 2 * height - inner_height)

    def go(self, address: str) -> None:
        self._call("POST", f"{self._session}/url", url=address)

    def evaluate(self, expression: str) -> Any:
        return self._call("POST", f"{self._session}/execute/sync", script=f"return {expression}", args=[])

    def press(self, key: str) -> None:
        self._call("POST", f"{self._session}/actions", actions=self._strokes(key))

    def screenshot(self) -> bytes:
        self._draw()
        return base64.b64decode(self._call("GET", f"{self._session}/screenshot"))

    def _draw(self) -> None:
        # What is taken is the last frame drawn, which may be from before the page loaded or the window changed: wait
        # for the next but one.
        frames = "var done = arguments[0]; requestAnimationFrame(function () { requestAnimationFrame(done) })"
        self._call("POST", f"{self._session}/execute/async", script=frames, args=[])

    def _window(self, width: int, height: int) -> None:
        self._call("POST", f"{self._session}/window/rect", width=width, height=height)

    def _status(self) -> object:
        try:
            return self._call("GET", "/status")
        except ConnectionRefusedError:
            return None

    def _call(self, method: str, path: str, **body: object) -> Any:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        connection.request(method, path, json.dumps(body) if method == "POST" else None)
        value = json.load(connection.getresponse())["value"]
        connection.close()
        assert not (isinstance(value, dict) and "error" in value), value
        return value
