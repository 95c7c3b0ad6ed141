"""Firefox ESR without a window, driven with WebDriver BiDi, which needs no driver beside it."""

from __future__ import annotations

import base64
import json
from typing import Any

from tests.browsers.browser import NOWHERE, Browser
from tests.system import tool


class Firefox(Browser):
    """Firefox ESR without a window, driven with WebDriver BiDi, which needs no driver beside it."""

    def _start(self) -> None:
        profile = self._folder / "profile"
        profile.mkdir()
        host, port = NOWHERE.split(":")
        proxy = {"network.proxy.type": 1, "network.proxy.ssl": host, "network.proxy.ssl_port": int(port)}
        proxy |= {"network.proxy.http": host, "network.proxy.http_port": int(port)}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in proxy.items()]
        (profile / "user.js").write_text("".join(lines), encoding="utf-8")
        options = "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"
        process = self._run(tool("firefox-esr"), *options)
        self._wire = self._connect(process.said(r"BiDi listening on (ws://\S+)\s") + "/session")
        self._wire.call("session.new", capabilities={})
        self._context = self._wire.call("browsingContext.getTree")["contexts"][0]["context"]

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
