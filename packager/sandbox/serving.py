"""The worker's side: a process that confines itself, then answers jobs until its parent closes the pipe or ends."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from multiprocessing import resource_tracker

from packager.errors import SourceError
from packager.sandbox import answers
from packager.sandbox.resources import limit_processor_time
from packager.sandbox.restrictions import Bounds, confine

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as Connection
else:
    from multiprocessing.connection import Connection

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # malloc.h of glibc
_KEPT_BYTES = 128 << 20


def serve(pipe: Connection, prepare: Callable[[], object] | None) -> None:
    """Load what jobs need, confine this process within the bounds that come first, say what holds, and answer jobs."""
    _settle(pipe)
    if prepare:
        prepare()
    pipe.send_bytes(b"ready")
    with suppress(EOFError, OSError):  # the parent is gone
        bounds: Bounds = pickle.loads(pipe.recv_bytes())  # noqa: S301 - written by our own parent
        walls = confine(bounds)
        threading.Thread(target=_end_with_parent, daemon=True).start()
        pipe.send_bytes(answers.encode(walls))
        while True:
            job = pipe.recv_bytes()
            for answer in _answers(job, bounds):
                pipe.send_bytes(answer)


def _answers(job: bytes, bounds: Bounds) -> Iterator[bytes]:
    """One answer, or those of a stream with an empty one behind them; an error is the last."""
    try:
        processor_s, function, arguments = pickle.loads(job)  # noqa: S301 - written by our own parent
        _begin_anew(processor_s)
        result = function(*arguments)
        if isinstance(result, Iterator):
            for one in result:
                yield answers.encode(one)
                _begin_anew(processor_s)
            yield b""
        else:
            yield answers.encode(result)
    except MemoryError:
        yield answers.encode_error(SourceError(f"reading it takes more than {bounds.memory_bytes >> 20} MB of memory"))
    except Exception as error:
        yield answers.encode_error(error)


def _begin_anew(processor_s: float) -> None:
    """Give the job so much of the processor from now on; on Linux the parent keeps time, whatever a job does here."""
    if sys.platform != "linux":
        limit_processor_time(processor_s)


def _settle(pipe: Connection) -> None:
    """One thread for pictures, no words past the report, no descriptors of others, an end together with the parent."""
    os.environ["VIPS_CONCURRENCY"] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    os.close(nothing)
    if sys.platform != "win32":
        _close_others(pipe)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        # Memory that is given back after every picture must be cleared by the kernel before the next: 6 % of the time.
        for setting, value in (
            (_M_MMAP_THRESHOLD, _KEPT_BYTES),
            (_M_TRIM_THRESHOLD, _KEPT_BYTES),
        ):
            with suppress(AttributeError):  # not every libc has it
                libc.mallopt(setting, value)
        # The thread that watches the parent needs the interpreter's lock, which a job in foreign code may hold.
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _close_others(pipe: Connection) -> None:
    """Close what came from the parent beside the pipe: that of multiprocessing's tracker removes files on request."""
    parent = multiprocessing.parent_process()
    kept = (pipe.fileno(), *((parent.sentinel,) if parent else ()))
    edges = [2, *sorted(kept), os.sysconf("SC_OPEN_MAX")]
    for before, behind in pairwise(edges):
        os.closerange(before + 1, behind)
    resource_tracker._resource_tracker._fd = None  # type: ignore[attr-defined] # or else it writes into another file


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
