"""A command in a network that leads nowhere: `python -m tests.helpers.canary_command COMMAND...`, as root.

It wants network and mounts of its own (`unshare --net --mount`), and prints as JSON how the command ended, whom it
asked for, and that an address asked for afterwards was heard.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.helpers.browsers.process import until
from tests.helpers.canary import Canary

NEEDS_ROOT = pytest.mark.skipif(
    getattr(os, "getuid", lambda: 1)() != 0, reason="needs root, to have a network of its own"
)
"""For tests that have a command heard; they need `unshare` and `ip`."""


def asked_for(*command: str | Path) -> list[str]:
    """Run `packager COMMAND` where a listener is the only way out of the network, and return whom it asked for.

    It must succeed; that the listener hears is tried after it.
    """
    alone = ("unshare", "--net", "--mount", sys.executable, "-m", "tests.helpers.canary_command", "packager")
    root = Path(__file__).parents[2]
    done = subprocess.run([*alone, *command], cwd=root, capture_output=True, text=True, check=True)
    code, quiet, loud = json.loads(done.stdout).values()
    assert code == 0
    assert any("203.0.113.7" in told for told in loud)
    return list(quiet)


def main(command: list[str]) -> None:
    """Run `python -m COMMAND`, then ask for a name, and print what was heard."""
    canary = Canary()
    done = subprocess.run([sys.executable, "-m", *command], stdout=subprocess.DEVNULL, check=False)
    calm = len(canary.heard)
    with suppress(OSError):  # nobody answers
        socket.create_connection(("203.0.113.7", 80), timeout=0.1)
    until(lambda: any("203.0.113.7" in told for told in canary.heard) or None)
    print(json.dumps({"code": done.returncode, "quiet": canary.heard[:calm], "loud": canary.heard[calm:]}))


if __name__ == "__main__":
    main(sys.argv[1:])
