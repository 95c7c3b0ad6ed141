"""Firefox ESR without a window, driven with WebDriver BiDi, which needs no driver beside it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from tests.helpers.browsers.browser import NOWHERE, Browser
from tests.system import tool


class Firefox(Browser):
    """Firefox ESR without a window, driven with WebDriver BiDi, which needs no driver beside it."""

    def _start(self) -> None:
        self.profile.mkdir()
        host, port = NOWHERE.split(":")
        proxy: dict[str, object] = {
            "network.proxy.type": 1,
            "network.proxy.ssl": host,
            "network.proxy.ssl_port": int(port),
        }
        proxy |= {"network.proxy.http": host, "network.proxy.http_port": int(port)}
        if self._is_free:
            proxy = {"network.proxy.type": 0}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in proxy.items()]
        (self.profile / "user.js").write_text("".join(lines), encoding="utf-8")
        options = "--headless", "--no-remote", "--profile", self.profile, "--remote-debugging-port", "0"
        self._process = self._run(tool("firefox-esr"), *options)
        self._wire = self._connect(self._process.said(r"BiDi listening on (ws://\S+)\s") + "/session")
        self._wire.call("session.new", capabilities={})
        self._context = self._wire.call("browsingContext.getTree")["contexts"][0]["context"]

    @property
    def profile(self) -> Path:
        """The folder where it keeps what it keeps."""
        return self._folder / "profile"

    def quit(self) -> None:
        """End it as its user would, so that all it keeps is written."""
        self._wire.call("browser.close")
        self._process.ended()

    def resize(self, width: int, height: int) -> None:
        viewport = {"width": width, "height": height}
        self._wire.call("browsingContext.setViewport", context=self._context, viewport=viewport, devicePixelRatio=1)

    def go(self, address: str) -> None:
        self._wire.call("browsingContext.navigate", context=self._context, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        code, target = f"JSON.stringify({expression})", {"context": self._context}
        answer = self._wire.call("script.evaluate", expression=code, target=target, awaitPromise=False)
        assert answer["type"] == "success", answer
        return json.loads(answer["result"].get("value", "null"))

    def press(self, key: str) -> None:
        self._wire.call("input.performActions", context=self._context, actions=self._strokes(key))

    def screenshot(self) -> bytes:
        answer = self._wire.call("browsingContext.captureScreenshot", context=self._context)
        return base64.b64decode(answer["data"])
