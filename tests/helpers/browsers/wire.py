"""The websocket through which a browser takes orders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.helpers.browsers.process import TIMEOUT


class Wire:
    """Numbered JSON calls and events over one websocket: the form that DevTools and WebDriver BiDi share."""

    def __init__(self, connection: ClientConnection) -> None:
        self._socket = connection
        self._calls = 0
        self.envelope: dict[str, str] = {}
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        self._calls += 1
        message = {"id": self._calls, "method": method, "params": parameters} | self.envelope
        self._socket.send(json.dumps(message))
        while (answer := self._receive()).get("id") != self._calls:
            pass
        assert "error" not in answer, f"{method}: {answer}"
        result: dict[str, Any] = answer["result"]
        return result

    def wait_for(self, event: str) -> None:
        while event not in (seen.get("method") for seen in self.events):
            self._receive()

    def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._socket.recv(timeout=TIMEOUT))
        if "method" in message:
            self.events.append(message)
        return message


@contextmanager
def connected(address: str) -> Iterator[Wire]:
    """A wire to a `ws://` address, never through a proxy."""
    with connect(address, proxy=None, max_size=None, compression=None, open_timeout=TIMEOUT) as connection:
        yield Wire(connection)
