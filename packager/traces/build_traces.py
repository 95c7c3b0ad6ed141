"""What a computer could leave of itself in what it builds."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

LOCALTIME = Path("/etc/localtime")  # a link to the zone's file, on Linux and macOS
ZONES = "/zoneinfo/"


def traces(today: date) -> tuple[str, ...]:
    """The names of the user, the host and the time zone, the home folder, and the date as programs write it."""
    return tuple(dict.fromkeys(trace for trace in _traces(today) if trace))


def _traces(today: date) -> Iterator[str]:
    with suppress(OSError, KeyError, ImportError):  # a user without a name, as containers have; which of them differs
        yield getpass.getuser()
    yield socket.gethostname()
    yield socket.gethostname().partition(".")[0]  # without the network's name
    with suppress(RuntimeError):
        yield str(Path.home())
    yield os.environ.get("TZ", "")
    with suppress(OSError):
        yield str(LOCALTIME.resolve()).partition(ZONES)[2]
    yield f"{today:%Y-%m-%d}"
    yield f"{today:%Y:%m:%d}"  # Exif
