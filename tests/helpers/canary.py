"""A network that leads nowhere and notes who tries: `python -m tests.helpers.canary ENGINE LOUD QUIET...`, as root.

It wants network and mounts of its own (`unshare --net --mount`). It opens the quiet pages one after the other, reads
through each, then opens the loud one and waits until its cry is heard: whatever the quiet ones had asked for came
before. It prints both lists as JSON.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from tests.helpers.browsers import Browser, Chromium, Firefox
from tests.helpers.browsers.process import until

ENGINES: dict[str, type[Browser]] = {"chromium": Chromium, "firefox": Firefox}
LOUD = "canary"  # in every name that a loud page asks for
LOUD_ADDRESS = "203.0.113.7"  # reserved for documentation
_TUNSETIFF, _TUN_WITHOUT_HEADER = 0x400454CA, 0x1001
_NAMESERVER = "198.18.0.53"
_ROUTES = (
    "link set lo up",
    "addr add 198.18.0.1/15 dev canary",
    "link set canary up",
    "route add default dev canary",
)
_TCP, _UDP, _DNS = 6, 17, 53


class Canary:
    """The only way out: a tunnel whose other end is this program."""

    def __init__(self) -> None:
        import fcntl  # Windows has none, and imports this module for its names

        self.heard: list[str] = []
        self._tunnel = os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(self._tunnel, _TUNSETIFF, struct.pack("16sH", b"canary", _TUN_WITHOUT_HEADER))
        for route in _ROUTES:
            subprocess.run(["ip", *route.split()], check=True)
        with tempfile.NamedTemporaryFile("w", delete=False) as servers:
            servers.write(f"nameserver {_NAMESERVER}\n")
        subprocess.run(["mount", "--bind", servers.name, "/etc/resolv.conf"], check=True)
        Path(servers.name).unlink()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            packet = os.read(self._tunnel, 65_536)
            if told := _told(packet):
                self.heard.append(told)


def _told(packet: bytes) -> str:
    """Whom a packet of IPv4 is for: `dns NAME`, `tcp ADDRESS:PORT` or `udp ADDRESS:PORT`."""
    if packet[0] >> 4 != 4 or packet[9] not in (_TCP, _UDP):
        return ""
    body = packet[(packet[0] & 15) * 4 :]
    port = int.from_bytes(body[2:4], "big")
    if packet[9] == _UDP and port == _DNS:
        return f"dns {_name(body[20:])}"
    return f"{'tcp' if packet[9] == _TCP else 'udp'} {'.'.join(map(str, packet[16:20]))}:{port}"


def _name(question: bytes) -> str:
    labels, place = [], 0
    while length := question[place]:
        labels.append(question[place + 1 : place + 1 + length].decode("ascii", "replace"))
        place += 1 + length
    return ".".join(labels)


def read_through(browser: Browser, page: Path) -> None:
    """What a reader does with a page: keys, words in its search box, scrolling to its end."""
    browser.open(page, 360, 640)
    for key in "nnpfd":  # none of these goes past an end, which opens another page
        browser.press(key)
    browser.resize(640, 360)
    browser.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    if browser.evaluate("!!document.querySelector('input') && (document.querySelector('input').focus(), true)"):
        for letter in "boat":
            browser.press(letter)


def main(engine: str, loud: str, *quiet: str) -> None:
    """Read the pages, and print what was heard."""
    canary = Canary()
    with ENGINES[engine](is_free=True) as browser:
        for page in map(Path, quiet):
            read_through(browser, page)
        calm = len(canary.heard)
        browser.open(Path(loud))
        until(lambda: _cries(canary.heard) or None)
    print(json.dumps({"quiet": canary.heard[:calm], "loud": canary.heard[calm:]}))


def _cries(heard: list[str]) -> bool:
    return any(LOUD in told for told in heard) and any(LOUD_ADDRESS in told for told in heard)


if __name__ == "__main__":
    main(*sys.argv[1:])
