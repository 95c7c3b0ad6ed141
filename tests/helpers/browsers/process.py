"""Programs that run beside a test, what they print, and their end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol, TypeVar

Answer = TypeVar("Answer")

TIMEOUT = 60  # seconds that a browser may take for one thing


class Runner(Protocol):
    """What starts a program that ends with its browser."""

    def __call__(self, *command: str | Path, **environment: str) -> Process: ...


@contextmanager
def running(folder: Path, command: tuple[str | Path, ...], extra: dict[str, str]) -> Iterator[Process]:
    """A program with its home in `folder`, ended at the end together with everything it started."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"}
    log = folder / f"{Path(command[0]).name}.log"
    with log.open("wb") as output:
        program = subprocess.Popen(
            command,
            env=environment | extra,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield Process(log, program)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()


class Process:
    """A running program, known by what it prints to its log."""

    def __init__(self, log: Path, program: subprocess.Popen[bytes]) -> None:
        self._log = log
        self._program = program

    def ended(self) -> None:
        """Wait until it has ended by itself."""
        self._program.wait(TIMEOUT)

    def said(self, pattern: str) -> str:
        """The first group of `pattern` in what the program prints, waited for."""
        try:
            return until(lambda: self._search(pattern))
        except TimeoutError as error:
            error.add_note(self._printed())
            raise

    def _search(self, pattern: str) -> str | None:
        found = re.search(pattern, self._printed(), re.MULTILINE)
        return found and found[1]

    def _printed(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")


def until(ask: Callable[[], Answer | None]) -> Answer:
    """The first answer that is not None; TimeoutError when none comes."""
    deadline = time.monotonic() + TIMEOUT
    while (answer := ask()) is None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"no answer in {TIMEOUT} s")
        time.sleep(0.05)
    return answer


def free_port() -> int:
    """A port of this machine's own where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
