"""A run of the command under strace, and the paths that it touched."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.system import tool

# A process, a call, and what it was given; with -y a descriptor is told with the path it stands for.
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+|\?)")
_TEXT = re.compile(r'(?:(AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')
_OPENING = re.compile(r"O_(WRONLY|RDWR|CREAT|TRUNC|TMPFILE)")
_READING = re.compile(
    r"f?access(at2?)?|[lf]?stat|newfstatat|statx|statfs|readlink(at)?|open(at)?|getcwd|chdir|execve(at)?"
    r"|l?(get|list)xattr|inotify_add_watch|name_to_handle_at"
)


@dataclass(frozen=True, slots=True)
class Touch:
    """A path that a system call named: `writes` where the call was to change something there."""

    call: str
    path: str
    writes: bool


@dataclass(frozen=True, slots=True)
class Traced:
    """How the command ended, what it said, and what it touched."""

    code: int
    said: str
    touches: tuple[Touch, ...]

    def written(self) -> set[str]:
        """The paths at which something was to be changed."""
        return {touch.path for touch in self.touches if touch.writes}


def traced(log: Path, *arguments: object) -> Traced:
    """Run `packager` and note every system call of all its processes that names a file."""
    strace = [
        str(tool("strace")),
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-y",
        "-s",
        "9000",
        "-e",
        "trace=%file",
        "-o",
        str(log),
    ]
    root = str(Path(__file__).parents[3])
    done = subprocess.run(
        [*strace, sys.executable, "-m", "packager", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return Traced(done.returncode, done.stdout + done.stderr, tuple(_touches(log)))


def _touches(log: Path) -> Iterator[Touch]:
    with log.open(encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            if match := _CALL.match(line):
                call, given, _ = match.groups()
                writes = not _READING.fullmatch(call) or bool(_OPENING.search(given))
                for _, folder, text in _TEXT.findall(given if call not in ("execve", "execveat") else given[:500]):
                    yield Touch(call, os.path.normpath(Path(folder) / _plain(text)), writes)


def _plain(text: str) -> str:
    """The path in C's notation."""
    return text.encode("latin-1", "backslashreplace").decode("unicode_escape")
