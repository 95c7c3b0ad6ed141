"""Programs of this system that read what strangers made (pandoc, bsdtar, unar): the one way in which they are run.

Each is restricted: it reads its source, its own libraries and data, writes nothing but its output, and reaches no
network and no other process. Without those restrictions it is run only where somebody trusts it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from packager.errors import SourceError
from packager.sandbox.launcher import Order
from packager.sandbox.limits import LIMITS
from packager.sandbox.restrictions import KernelFeatures, Restriction

SOURCE = "it"
"""What a program's source is called in what the program says of it."""

_START = "import sys; sys.path.append({folder!r}); from packager.sandbox.launcher import main; main()"
_END_BYTES = 4_096  # of what a program says of its errors, at the end
_BEGINNING_BYTES = 4 << 20  # and from the beginning
_TRUST = "Where you trust the file, add --trust-programs."
_RESERVING = frozenset({"pandoc"})  # Haskell's runtime reserves a terabyte of addresses
_CLOCK_FACTOR = 6  # seconds by the clock for one of the processor: others use it too
_ALL_FEATURES = KernelFeatures()


def _ignore(_: str) -> None:
    pass


class MissingProgram(SourceError):
    """A program that is not installed."""


class FailedProgram(SourceError):
    """A program that ended with an error; `what` is its own last line."""


@dataclass(frozen=True, slots=True)
class Programs:
    """Runs programs with restrictions, and without those that this system lacks only where they are trusted.

    `unconfined` grows with the programs that ran, each with the restrictions that were missing.
    """

    is_trusted: bool = False
    kernel: KernelFeatures = _ALL_FEATURES
    unconfined: dict[str, tuple[Restriction, ...]] = field(default_factory=dict)

    def output(
        self,
        *command: str | Path,
        reads: Sequence[Path],
        processor_s: float,
        most_bytes: int,
        tell: Callable[[str], object] = _ignore,
    ) -> bytes:
        """All that a command writes; raises what `piped` raises, and SourceError for more than `most_bytes`."""
        with self.piped(*command, reads=reads, processor_s=processor_s, tell=tell) as stream:
            said = stream.read(most_bytes + 1)
            if len(said) > most_bytes:
                raise SourceError(f"{command[0]} makes more than {most_bytes >> 20} MB of it")
            return said

    @contextmanager
    def piped(
        self,
        *command: str | Path,
        reads: Sequence[Path],
        processor_s: float = LIMITS.program_processor_seconds,
        tell: Callable[[str], object] = _ignore,
    ) -> Iterator[IO[bytes]]:
        """What a command writes, as it comes; the command reads the files `reads` and nothing else of the user's.

        When all has been read, `tell` hears what the command said on its error stream, of much of it the beginning,
        and nowhere where these files lie.
        Raises MissingProgram; SourceError where a restriction is missing and nobody trusts programs; and, when all has
        been read, FailedProgram, or SourceError where it took too long.
        """
        program = shutil.which(str(command[0]))
        if program is None or not Path(program).is_absolute():  # not one that lies where the user stands
            raise MissingProgram(f"is read with {command[0]}, which is not installed")
        arguments = (program, *map(str, command[1:]))
        with self._started(Path(program).name, arguments, reads, processor_s) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            errors = _ErrorOutput(process.stderr)
            seconds = max(LIMITS.seconds, _CLOCK_FACTOR * processor_s)
            clock = threading.Timer(seconds, process.kill)
            clock.daemon = True
            clock.start()
            try:
                yield process.stdout
                while process.stdout.read(1 << 18):
                    pass
                process.wait()
                is_late = not clock.is_alive()
            finally:
                clock.cancel()
                process.kill()
                last_line = _without_paths(errors.last_line(), reads)
        if is_late:
            raise SourceError(f"{command[0]} took longer than {seconds:g} seconds to read it")
        _refuse_failed(Path(program).name, process.returncode, last_line, processor_s)
        tell(_without_paths(errors.beginning(), reads))

    def _started(
        self, name: str, command: tuple[str, ...], reads: Sequence[Path], processor_s: float
    ) -> subprocess.Popen[bytes]:
        """The process, when it runs the program."""
        if sys.platform == "win32":
            self._accept(name, tuple(Restriction))
            return _opened(command)
        reading, status = os.pipe()
        order = Order(
            command=command,
            readable=tuple(map(os.path.abspath, reads)),
            memory_bytes=LIMITS.program_memory_bytes,
            has_addresses=name in _RESERVING,
            processor_s=processor_s,
            is_trusted=self.is_trusted,
            parent=os.getpid(),
            status=status,
            kernel=self.kernel,
        )
        folder = str(Path(__file__).parents[2])
        start = (sys.executable, "-I", "-S", "-B", "-c", _START.format(folder=folder), order.written())
        with os.fdopen(reading, "rb") as reader:
            try:
                process = _opened(start, status)
            finally:
                os.close(status)
            missing = reader.read().decode().split()
        try:
            self._accept(name, tuple(Restriction[one] for one in missing))
        except SourceError:
            process.kill()
            process.communicate()
            raise
        return process

    def _accept(self, name: str, missing: tuple[Restriction, ...]) -> None:
        if missing and not self.is_trusted:
            raise SourceError(
                f"is read with {name}, which this system cannot keep from {', '.join(missing)}", hint=_TRUST
            )
        if missing:
            self.unconfined[name] = missing


class _ErrorOutput:
    """Beginning and end of what a program says of its errors, read as it comes, so that it never waits for a reader."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._beginning, self._end = bytearray(), b""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while piece := self._stream.read(_END_BYTES):
            self._end = (self._end + piece)[-_END_BYTES:]
            if len(self._beginning) < _BEGINNING_BYTES:
                self._beginning += piece

    def beginning(self) -> str:
        """What was said first."""
        self._thread.join()
        return self._beginning.decode("utf-8", "replace")

    def last_line(self) -> str:
        """The last line that is not empty."""
        self._thread.join()
        lines = self._end.decode("utf-8", "replace").strip().splitlines()
        return lines[-1].strip() if lines else ""


def _opened(command: tuple[str, ...], *descriptors: int) -> subprocess.Popen[bytes]:
    # In a group of its own: ctrl-C is answered by the parent, which ends it.
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=os.sep,
        pass_fds=descriptors,
        process_group=None if sys.platform == "win32" else 0,
    )


def _without_paths(said: str, paths: Sequence[Path]) -> str:
    """What a program said without the paths of what it read: many are ours, in folders that nobody knows."""
    for path in sorted(map(os.path.abspath, paths), key=len, reverse=True):
        said = said.replace(f"{path}: ", "").replace(path, SOURCE)
    return said


def _refuse_failed(name: str, code: int, last_line: str, processor_s: float) -> None:
    if sys.platform != "win32" and code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise SourceError(f"reading it takes {name} more than {processor_s:g} seconds of the processor")
    if code:
        raise FailedProgram(last_line or "no reason given")
