"""The parent's end of the pipe to a worker: whole messages, each within a time and a length.

A worker may have been taken over by what it read: it may send half a message, or one without an end, or never read.
"""

from __future__ import annotations

import math
import os
import struct
import sys
import time
from pathlib import Path

from packager.sandbox.limits import LIMITS

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as Connection
else:
    import select
    from multiprocessing.connection import Connection

# How multiprocessing.connection frames a message: its length, or -1 and then a longer length.
_SHORT, _LONG = struct.Struct("!i"), struct.Struct("!Q")
_LONG_FOLLOWS = -1
_SHORTEST_WAIT_S, _LONGEST_WAIT_S = 0.01, 1.0
_MOST_THREADS = 64  # ours have one for libvips and one or two more


class LateError(Exception):
    """The worker took too long by the clock."""


class SpentError(Exception):
    """The worker took more processor time than it has."""


class TooLongError(Exception):
    """The worker sent a message that is longer than any of ours."""


class Watch:
    """What is left to a worker for its next message: seconds by the clock, and seconds of the processor."""

    def __init__(self, pid: int, seconds: float, processor_s: float = math.inf) -> None:
        self._pid = pid
        self._end = time.monotonic() + seconds
        self._spent = (processor_seconds(pid) if processor_s < math.inf else 0) + processor_s

    def left_s(self) -> float:
        """How long may be waited until the next look; raises LateError, and where the system tells it, SpentError."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise LateError
        if self._spent == math.inf:
            return left
        processor_left = self._spent - processor_seconds(self._pid)
        if processor_left <= 0 or _threads(self._pid) > _MOST_THREADS:
            raise SpentError
        return min(left, _LONGEST_WAIT_S, max(processor_left / (os.cpu_count() or 1), _SHORTEST_WAIT_S))


if sys.platform == "win32":

    def prepare(pipe: Connection) -> None:
        """Have neither side wait in the middle of a message: Windows' pipes carry them whole."""

    def send(pipe: Connection, message: bytes, watch: Watch) -> None:
        """Send a message; Windows' pipes take it whole."""
        pipe.send_bytes(message)

    def receive(pipe: Connection, watch: Watch, most_bytes: int = LIMITS.answer_bytes) -> bytes | bytearray:
        """The next message; raises LateError, TooLongError, and EOFError or OSError where the worker is gone."""
        if not pipe.poll(watch.left_s()):
            raise LateError
        message = pipe.recv_bytes()
        if len(message) > most_bytes:
            raise TooLongError
        return message

else:

    def prepare(pipe: Connection) -> None:
        """Have writing into a full pipe come back, so that time is kept in the middle of a message too."""
        os.set_blocking(pipe.fileno(), False)

    def send(pipe: Connection, message: bytes, watch: Watch) -> None:
        """Send a message; raises LateError or SpentError, and OSError where the worker is gone."""
        is_short = len(message) <= 0x7FFF_FFFF
        head = _SHORT.pack(len(message)) if is_short else _SHORT.pack(_LONG_FOLLOWS) + _LONG.pack(len(message))
        for part in (head, message):
            left = memoryview(part)
            while left:
                _wait(pipe, select.POLLOUT, watch)
                left = left[os.write(pipe.fileno(), left) :]

    def receive(pipe: Connection, watch: Watch, most_bytes: int = LIMITS.answer_bytes) -> bytes | bytearray:
        """The next message; raises LateError, SpentError, TooLongError, and EOFError or OSError for a worker gone."""
        (size,) = _SHORT.unpack(_exactly(pipe, _SHORT.size, watch))
        if size == _LONG_FOLLOWS:
            (size,) = _LONG.unpack(_exactly(pipe, _LONG.size, watch))
        if not 0 <= size <= most_bytes:
            raise TooLongError
        return _exactly(pipe, size, watch)

    def _exactly(pipe: Connection, size: int, watch: Watch) -> bytearray:
        data = bytearray(size)  # the system gives memory for what has come, not for what is said to come
        left = memoryview(data)
        while left:
            _wait(pipe, select.POLLIN, watch)
            count = os.readv(pipe.fileno(), [left])
            if not count:
                raise EOFError
            left = left[count:]
        return data

    def _wait(pipe: Connection, event: int, watch: Watch) -> None:
        """Wait until the pipe can be read or written."""
        poll = select.poll()
        poll.register(pipe, event)
        while not poll.poll(0):  # what is there counts, however late this process looks for it
            poll.poll(math.ceil(watch.left_s() * 1000))


if sys.platform == "linux":

    def processor_seconds(pid: int) -> float:
        """What all threads of another process have used: the kernel has a clock for each (linux/posix-timers.h)."""
        return time.clock_gettime(~pid << 3 | 2)

    def _threads(pid: int) -> int:
        """The threads of another process: the twentieth field of its state, of which the second may hold blanks."""
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[17])

else:

    def processor_seconds(pid: int) -> float:
        """Not told by this system, which ends the process itself."""
        return 0.0

    def _threads(pid: int) -> int:
        return 1
