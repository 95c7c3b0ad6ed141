"""Chromium without a window, driven with the DevTools protocol."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.helpers.browsers.browser import KEYS, NOWHERE, Browser
from tests.system import tool


class Chromium(Browser):
    """Chromium without a window, driven with the DevTools protocol."""

    def _start(self) -> None:
        command = tool("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"
        quiet = "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"
        proxy = "--no-proxy-server" if self._is_free else f"--proxy-server={NOWHERE}"
        places = f"--user-data-dir={self.profile}", proxy, "--remote-debugging-port=0"
        self._process = self._run(*command, *quiet, *places, "--hide-scrollbars", "--force-device-scale-factor=1")
        self._wire = self._connect(self._process.said(r"DevTools listening on (ws://\S+)\s"))
        target = self._wire.call("Target.createTarget", url="about:blank")["targetId"]
        session = self._wire.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._wire.envelope = {"sessionId": session}
        for domain in ("Page", "Runtime", "Log"):
            self._wire.call(f"{domain}.enable")

    @property
    def profile(self) -> Path:
        """The folder where it keeps what it keeps."""
        return self._folder / "profile"

    def quit(self) -> None:
        """End it as its user would, so that all it keeps is written."""
        self._wire.envelope = {}
        self._wire.call("Browser.close")
        self._process.ended()

    def resize(self, width: int, height: int) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._wire.call("Emulation.setDeviceMetricsOverride", **metrics)

    def go(self, address: str) -> None:
        self._wire.events.clear()
        error = self._wire.call("Page.navigate", url=address).get("errorText")
        assert not error, f"{address}: {error}"
        self._wire.wait_for("Page.loadEventFired")

    def evaluate(self, expression: str) -> Any:
        answer = self._wire.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        number = KEYS[key][1] if key in KEYS else ord(key.upper())
        stroke = {"key": key, "windowsVirtualKeyCode": number}
        text = {} if key in KEYS else {"text": key}  # what is typed into a box
        self._wire.call("Input.dispatchKeyEvent", type="keyDown", **stroke, **text)
        self._wire.call("Input.dispatchKeyEvent", type="keyUp", **stroke)

    def complaints(self) -> list[str]:
        """All that a console would show since the page was loaded: words, errors, and what the policy refused."""
        self.evaluate("0")  # its answer comes after whatever was already said
        spoken = {"Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"}
        return [str(event["params"]) for event in self._wire.events if event.get("method") in spoken]

    def screenshot(self, *, whole_page: bool = False) -> bytes:
        """What the viewport shows, or the page from top to bottom, as PNG."""
        answer = self._wire.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole_page)
        return base64.b64decode(answer["data"])

    @contextmanager
    def preferring(self, scheme: str) -> Iterator[None]:
        """Pages inside are shown to a reader who prefers `light` or `dark`."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self._wire.call("Emulation.setEmulatedMedia", features=features)
        try:
            yield
        finally:
            self._wire.call("Emulation.setEmulatedMedia", features=[])

    @contextmanager
    def slowed(self, times: float) -> Iterator[None]:
        """Pages inside have a processor so many times slower."""
        self._wire.call("Emulation.setCPUThrottlingRate", rate=times)
        try:
            yield
        finally:
            self._wire.call("Emulation.setCPUThrottlingRate", rate=1)

    @contextmanager
    def without_scripts(self) -> Iterator[None]:
        """Pages opened inside run none of their scripts; `evaluate` still answers."""
        self._wire.call("Emulation.setScriptExecutionDisabled", value=True)
        try:
            yield
        finally:
            self._wire.call("Emulation.setScriptExecutionDisabled", value=False)
