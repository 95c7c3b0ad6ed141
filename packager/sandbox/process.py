"""One worker process: the parent's side, which replaces it when it is gone, and `serve`, which runs in it."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import pairwise
from multiprocessing import resource_tracker
from typing import cast

from packager.errors import PackagerError, SourceError, TakesTooLong
from packager.sandbox import answers, channel
from packager.sandbox.answer_types import Check, check_of
from packager.sandbox.channel import Watch
from packager.sandbox.limits import LIMITS
from packager.sandbox.restrictions import Bounds, Restriction, confine, limit_processor_time

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as Connection
else:
    from multiprocessing.connection import Connection

# The parent has threads and a worker may load libvips, neither of which survives a fork.
_CONTEXT = multiprocessing.get_context("spawn")
_ATTEMPTS = 2  # a process may be killed before it has done anything, by whoever frees memory
_LOOK = "Look at the file, or leave it out."
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h of glibc
_RETAINED_BYTES = 128 << 20  # by malloc, once it has them


class Process:
    """One process at a time, for one thread; it starts with its first job or before, as `start` says."""

    # multiprocessing reaps the children of all threads whenever it starts one.
    _starting_or_reaping = threading.Lock()

    def __init__(self, prepare: Callable[[], object] | None) -> None:
        self._prepare = prepare
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._bounds: Bounds | None = None
        self._dismissed = False
        self._stream: object = None
        self._used_when_idle_s: float | None = None
        self.restrictions: frozenset[Restriction] | None = None

    def run(self, job: bytes, is_answer: Check, bounds: Bounds, timeout_s: float) -> object:
        """The result of a job; a SourceError where the process dies of it or runs out of what `bounds` leave it."""
        self._end_stream()
        try:
            answer = self._answer(job, bounds, timeout_s)
        except channel.LateError:
            raise _late(timeout_s) from None
        self._note_idle_time()
        return self._decoded(answer, is_answer)

    def stream(self, job: bytes, is_answer: Check, bounds: Bounds, timeout_s: float) -> Generator[object, None, None]:
        """What a job yields; the process ends with a stream that is left, or that another job interrupts."""
        self._end_stream()
        self._stream = mine = object()
        left_s = LIMITS.stream_seconds
        try:
            for _ in range(LIMITS.stream_items):
                started = time.monotonic()
                try:
                    answer = self._answer(job, bounds, min(timeout_s, left_s), LIMITS.stream_item_bytes)
                except channel.LateError:
                    raise _late(timeout_s if timeout_s <= left_s else LIMITS.stream_seconds) from None
                left_s = max(0, left_s - (time.monotonic() - started))
                if not answer:
                    break
                yield self._decoded(answer, is_answer)
                job = b""
            else:
                self._end_stream()
                raise SourceError(f"it holds more than {LIMITS.stream_items:,} pieces", hint=_LOOK)
            self._stream = None
            self._note_idle_time()
        except (PackagerError, channel.LateError):
            self._stream = None  # the stream has ended with it
            raise
        finally:
            if self._stream is mine:
                self._end_stream()

    def _end_stream(self) -> None:
        """Have a stream that was left say nothing more: what is still in the pipe would answer the next job."""
        if self._stream is not None:
            self._stream = None
            self.clear()

    def start(self) -> None:
        """Start the process without a job: it prepares itself while the parent goes on."""
        if self._pipe is None:
            self._started()

    def dismiss(self) -> None:
        """Kill the process from another thread: the owner notices, and starts no other."""
        with self._starting_or_reaping:
            self._dismissed = True
            if self._process is not None:
                self._process.kill()

    def clear(self) -> int | None:
        """Kill the process and give back what it held; with what it had ended, if it had."""
        with self._starting_or_reaping:
            ended = None
            if self._process is not None:
                self._process.kill()
                self._process.join()
                ended = self._process.exitcode
            if self._pipe is not None:
                self._pipe.close()
            self._process = self._pipe = self._bounds = self._used_when_idle_s = None
            return ended

    def _note_idle_time(self) -> None:
        """Note what the process has used of the processor, now that it has nothing to do."""
        if self._process is not None and self._process.pid is not None:
            with suppress(OSError):  # it is gone
                self._used_when_idle_s = channel.processor_seconds(self._process.pid)

    def _kill_if_busy(self) -> None:
        """Kill a process that worked on after its answer: nobody asked it to."""
        if self._used_when_idle_s is None or self._process is None or self._process.pid is None:
            return
        with suppress(OSError):
            if channel.processor_seconds(self._process.pid) - self._used_when_idle_s > LIMITS.idle_processor_seconds:
                self.clear()
        self._used_when_idle_s = None

    def _answer(
        self, job: bytes, bounds: Bounds, timeout_s: float, most_bytes: int = LIMITS.answer_bytes
    ) -> bytes | bytearray:
        """The next answer of the process, to a job where one is given; LateError where it takes longer."""
        if job:
            self._kill_if_busy()
        pipe = self._confined_pipe(bounds)
        try:
            assert self._process is not None
            assert self._process.pid is not None
            watch = Watch(self._process.pid, timeout_s, bounds.processor_s)
            if job:
                channel.send(pipe, job, watch)
            return channel.receive(pipe, watch, most_bytes)
        except channel.LateError:
            self.clear()
            raise
        except channel.SpentError:
            self.clear()
            raise _spent(bounds) from None
        except channel.TooLongError:
            self.clear()
            raise SourceError(f"it holds more than {most_bytes >> 20} MB in one piece", hint=_LOOK) from None
        except (EOFError, OSError) as error:
            raise _death(self.clear(), bounds) from error

    def _decoded(self, answer: bytes | bytearray, is_answer: Check) -> object:
        try:
            return answers.decode(answer, is_answer)
        except answers.ForeignAnswer as error:
            self.clear()
            raise SourceError("the process that read it did not answer as packager does", hint=_LOOK) from error

    def _confined_pipe(self, bounds: Bounds) -> Connection:
        """The pipe to a process within these bounds. They hold for good: for other ones another process is started.

        Processor time apart: each job says how much it has.
        """
        if self._pipe and self._bounds and self._bounds == replace(bounds, processor_s=self._bounds.processor_s):
            return self._pipe
        if self._bounds is not None:
            self.clear()
        for _ in range(_ATTEMPTS):
            try:
                return self._confine(self._pipe or self._started(), bounds)
            except (EOFError, OSError, channel.LateError) as error:
                problem = error
                self.clear()
        raise SourceError(
            "no process could be started to read it", hint="Free some memory, or give fewer --jobs, then try again."
        ) from problem

    def _confine(self, pipe: Connection, bounds: Bounds) -> Connection:
        """The pipe, once its process is within the bounds and has said which restrictions hold."""
        watch = Watch(0, LIMITS.seconds)
        channel.receive(pipe, watch)  # it is prepared
        channel.send(pipe, pickle.dumps(bounds), watch)
        answer = channel.receive(pipe, watch)
        self.restrictions = cast(frozenset[Restriction], answers.decode(answer, check_of(frozenset[Restriction])))
        self._bounds = bounds
        return pipe

    def _started(self) -> Connection:
        with self._starting_or_reaping:
            if self._dismissed:
                raise EOFError("the pool is closed")
            self._pipe, theirs = _CONTEXT.Pipe()
            channel.prepare(self._pipe)
            process = _CONTEXT.Process(target=serve, args=(theirs, self._prepare), daemon=True)
            with theirs, _interrupts_blocked():
                process.start()
            self._process = process
            return self._pipe


def _death(ended: int | None, bounds: Bounds) -> SourceError:
    """Why a process died: of its limit on processor time, which the system keeps by a signal, or of its source."""
    if sys.platform != "win32" and ended == -signal.SIGXCPU:
        return _spent(bounds)
    return SourceError("the process that read it died", hint="The file may be damaged: look at it, or leave it out.")


def _late(seconds: float) -> TakesTooLong:
    return TakesTooLong(f"reading it took longer than {seconds:g} seconds", hint=_LOOK)


def _spent(bounds: Bounds) -> TakesTooLong:
    return TakesTooLong(f"reading it takes more than {bounds.processor_s:g} seconds of the processor", hint=_LOOK)


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """A process started inside never sees ctrl-C, not even while it starts (where the system can do that)."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # or else it starts now, and lifts the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def serve(pipe: Connection, prepare: Callable[[], object] | None) -> None:
    """Load what jobs need, confine this process within the bounds that come first, and answer jobs.

    The worker's side. The first answer is the restrictions that hold. It ends when its parent does, or closes the pipe.
    """
    _isolate(pipe)
    if prepare:
        prepare()
    pipe.send_bytes(b"ready")
    with suppress(EOFError, OSError):  # the parent is gone
        bounds: Bounds = pickle.loads(pipe.recv_bytes())  # noqa: S301 - written by our own parent
        restrictions = confine(bounds)
        threading.Thread(target=_end_with_parent, daemon=True).start()
        pipe.send_bytes(answers.encode(restrictions))
        while True:
            job = pipe.recv_bytes()
            for answer in _answers(job, bounds):
                pipe.send_bytes(answer)


def _answers(job: bytes, bounds: Bounds) -> Iterator[bytes]:
    """One answer, or those of a stream with an empty one behind them; an error is the last."""
    try:
        processor_s, function, arguments = pickle.loads(job)  # noqa: S301 - written by our own parent
        _restart_clock(processor_s)
        result = function(*arguments)
        if isinstance(result, Iterator):
            for one in result:
                yield answers.encode(one)
                _restart_clock(processor_s)
            yield b""
        else:
            yield answers.encode(result)
    except MemoryError:
        yield answers.encode_error(SourceError(f"reading it takes more than {bounds.memory_bytes >> 20} MB of memory"))
    except Exception as error:
        yield answers.encode_error(error)


def _restart_clock(processor_s: float) -> None:
    """Give the job so much of the processor from now on; on Linux the parent keeps the time."""
    if sys.platform != "linux":
        limit_processor_time(processor_s)


def _isolate(pipe: Connection) -> None:
    """Use one thread for pictures, write nothing past the report, close descriptors of others, end with the parent."""
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
        for setting in (_M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD):
            with suppress(AttributeError):  # not every libc has it
                libc.mallopt(setting, _RETAINED_BYTES)
        # The thread that watches the parent needs the interpreter's lock, which a job in foreign code may hold.
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _close_others(pipe: Connection) -> None:
    """Close what came from the parent beside the pipe: that of multiprocessing's tracker removes files on request."""
    parent = multiprocessing.parent_process()
    ours = (pipe.fileno(), *((parent.sentinel,) if parent else ()))
    edges = [2, *sorted(ours), os.sysconf("SC_OPEN_MAX")]
    for before, behind in pairwise(edges):
        os.closerange(before + 1, behind)
    resource_tracker._resource_tracker._fd = None  # type: ignore[attr-defined] # or else it writes into another file


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
