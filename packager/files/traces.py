"""What operating systems leave on a drive, and what a computer could leave of itself in what it builds."""

from __future__ import annotations

import getpass
import os
import re
import socket
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

LOCALTIME = Path("/etc/localtime")  # a link to the zone's file, on Linux and macOS
ZONES = "/zoneinfo/"
_DAY = re.compile(r"\d{4}([-:])\d\d\1\d\d")


def traces(today: date) -> tuple[str, ...]:
    """The names of the user, the host and the time zone, the home folder, and the date as programs write it."""
    return tuple(dict.fromkeys(filter(None, _traces(today))))


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


def without_days(traces: tuple[str, ...]) -> tuple[str, ...]:
    """Return the traces but for the day, of which a file that was made and searched on an earlier one cannot tell."""
    return tuple(trace for trace in traces if not _DAY.fullmatch(trace))


@dataclass(frozen=True, slots=True)
class Leftover:
    """One thing that a system leaves; `pattern` fits the whole name of a file or folder, whatever its case.

    One that lies `at_root` is none anywhere else, and where it lies is the root of a drive. `tells` says what a finder
    learns from it, `removal` how to be rid of it.
    """

    system: str
    pattern: re.Pattern[str]
    tells: str
    removal: str
    at_root: bool


@lru_cache(maxsize=1 << 14)  # each rule of the check asks again of the same names
def leftover(name: str, *, at_root: bool) -> Leftover | None:
    """What `name`, of a file or folder that lies at a drive's root or deeper, is left by; None for all others."""
    return next((one for one in _LEFTOVERS if (at_root or not one.at_root) and one.pattern.fullmatch(name)), None)


def _leftovers() -> Iterator[Leftover]:
    table = tomllib.loads(Path(__file__).with_name("os_leftovers.toml").read_text(encoding="utf-8"))
    for row in table["leftover"]:
        pattern = re.compile(row["pattern"], re.IGNORECASE | re.DOTALL)
        removal = table["removal"][row["removal"]]
        yield Leftover(row["system"], pattern, row["tells"], removal, row.get("at_root", False))


_LEFTOVERS = tuple(_leftovers())

# Red Star OS puts a tag behind pictures and pages that it opens: a mark for each computer, a little-endian number with
# the length of all marks, then the end (docs/devices.md section 6).
_RED_STAR_MARK_BYTES = 24
_RED_STAR_END = b"EOF"
_RED_STAR_CLOSING_BYTES = 4 + len(_RED_STAR_END)


def red_star_marks(data: bytes) -> int:
    """How many marks the tag has that `data` ends with; 0 where there is no tag."""
    length = int.from_bytes(data[-_RED_STAR_CLOSING_BYTES : -len(_RED_STAR_END)], "little")
    is_within = 0 < length <= len(data) - _RED_STAR_CLOSING_BYTES and length % _RED_STAR_MARK_BYTES == 0
    return length // _RED_STAR_MARK_BYTES if is_within and data.endswith(_RED_STAR_END) else 0


def red_star_tag_bytes(data: bytes) -> int:
    """The length of the tag that `data` ends with; 0 where there is none."""
    marks = red_star_marks(data)
    return marks * _RED_STAR_MARK_BYTES + _RED_STAR_CLOSING_BYTES if marks else 0
