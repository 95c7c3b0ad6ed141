"""A command in a network that leads nowhere: `python -m tests.helpers.canary_command COMMAND...`, as root.

It wants network and mounts of its own (`unshare --net --mount`), and prints as JSON how the command ended, whom it
asked for, and that an address asked for afterwards was heard.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from contextlib import suppress

from tests.helpers.browsers.process import until
from tests.helpers.canary import Canary


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
