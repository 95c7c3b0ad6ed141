"""A pool of worker processes for pure jobs: a job that kills its worker is a named failure, and the rest goes on.

Every worker has a pipe of its own, read by a thread of its own, so that a death always belongs to the one job that
ran. (Pools that share one pipe lose track of that when the parent is busy, and then break as a whole.)
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing import resource_tracker
from typing import Self, TypeVar, TypeVarTuple, cast

from packager.errors import PackagerError, SourceError
from packager.limits import LIMITS

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as Connection
else:
    from multiprocessing.connection import Connection

T = TypeVar("T")
R = TypeVar("R")
Arguments = TypeVarTuple("Arguments")

# The parent has threads and a worker may load libvips, neither of which survives a fork.
_CONTEXT = multiprocessing.get_context("spawn")
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h of glibc
_KEPT_BYTES = 128 << 20
_ATTEMPTS = 2  # a process may be killed before it has done anything, by whoever frees memory


@dataclass(frozen=True, slots=True)
class Failure:
    """What stands in the place of a result when a job could not do its work."""

    error: PackagerError


class Workers:
    """Runs module-level functions in `jobs` processes, which start when first needed and stay until the end.

    A job may take `timeout_s` seconds and, on Linux, `memory_bytes` of address space.
    """

    def __init__(
        self, jobs: int | None = None, *, timeout_s: float = LIMITS.seconds, memory_bytes: int = LIMITS.memory_bytes
    ) -> None:
        self.jobs = jobs or _usable_processors()
        self._timeout_s = timeout_s
        self._memory_bytes = memory_bytes
        self._threads = ThreadPoolExecutor(self.jobs, thread_name_prefix="worker")
        self._of_thread = threading.local()
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.dismiss()
        self._threads.shutdown(wait=True)
        for worker in self._workers:
            worker.clear()

    def start(self, ready: Callable[[], object]) -> None:
        """Start all processes now rather than with their first jobs; each calls `ready`, which loads what they need."""
        for _ in range(self.jobs):
            self.submit(ready)

    def map(self, function: Callable[[T], R], items: Iterable[T], *, ahead: int | None = None) -> Iterator[R | Failure]:
        """The result for each item, in the order of the items; at most `ahead` (2 a worker) are under way.

        A PackagerError of the job comes back as a Failure, and so does a worker that died or ran out of time or
        memory (SourceError without `where`). Any other exception is raised here, with the worker's traceback as note.
        """
        remaining = iter(items)
        under_way = deque(self.submit(function, item) for item in islice(remaining, ahead or 2 * self.jobs))
        try:
            while under_way:
                result = _result_or_failure(under_way.popleft())
                under_way.extend(self.submit(function, item) for item in islice(remaining, 1))
                yield result
        finally:
            for future in under_way:
                future.cancel()

    def submit(self, function: Callable[[*Arguments], R], *arguments: *Arguments) -> Future[R]:
        """The result to come of one job; its `result()` raises what `map` would return as a Failure."""
        return self._threads.submit(self._run, function, arguments)

    def stream(self, function: Callable[[*Arguments], Iterator[R]], *arguments: *Arguments) -> Generator[R, None, None]:
        """What one job yields, while it works; the time limit is that of each item. Raises what the job raises.

        The job has a process of the calling thread's, which ends with a stream that nobody reads to its end.
        """
        return cast(
            Generator[R, None, None], self._worker().stream(pickle.dumps((function, arguments)), self._timeout_s)
        )

    def _run(self, function: Callable[[*Arguments], R], arguments: tuple[*Arguments]) -> R:
        return cast(R, self._worker().run(pickle.dumps((function, arguments)), self._timeout_s))

    def _worker(self) -> _Worker:
        if not hasattr(self._of_thread, "worker"):
            self._of_thread.worker = _Worker(self._memory_bytes)
            self._workers.append(self._of_thread.worker)
        return cast(_Worker, self._of_thread.worker)


def _result_or_failure(future: Future[R]) -> R | Failure:
    try:
        return future.result()
    except PackagerError as error:
        return Failure(error)


def _usable_processors() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# In the parent


class _Worker:
    """The parent's end of one worker process; a process that is gone is replaced when the next job comes."""

    # multiprocessing reaps the children of all threads whenever it starts one.
    _starting_or_reaping = threading.Lock()

    def __init__(self, memory_bytes: int) -> None:
        self._memory_bytes = memory_bytes
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._dismissed = False

    def run(self, job: bytes, timeout_s: float) -> object:
        return _unpacked(self._answer(job, timeout_s))

    def stream(self, job: bytes, timeout_s: float) -> Generator[object, None, None]:
        answer = self._answer(job, timeout_s)
        try:
            while answer:
                yield _unpacked(answer)
                answer = self._answer(b"", timeout_s)
        except PackagerError:
            raise  # the stream has ended with it
        except BaseException:
            self.clear()
            raise

    def _answer(self, job: bytes, timeout_s: float) -> bytes:
        """The next answer of the process, to a job where one is given."""
        pipe = self._pipe or self._start()
        try:
            if job:
                pipe.send_bytes(job)
            if not pipe.poll(timeout_s):
                self.clear()
                raise SourceError(
                    f"reading it took longer than {timeout_s:g} seconds", hint="Look at the file, or leave it out."
                )
            return pipe.recv_bytes()
        except (EOFError, OSError) as error:
            self.clear()
            raise SourceError(
                "the process that read it died", hint="The file may be damaged: look at it, or leave it out."
            ) from error

    def dismiss(self) -> None:
        """Kill the process from another thread: the owner notices, and starts no other."""
        with self._starting_or_reaping:
            self._dismissed = True
            if self._process is not None:
                self._process.kill()

    def clear(self) -> None:
        """Kill the process and give back what it held."""
        with self._starting_or_reaping:
            if self._process is not None:
                self._process.kill()
                self._process.join()
            if self._pipe is not None:
                self._pipe.close()
            self._process = self._pipe = None

    def _start(self) -> Connection:
        for _ in range(_ATTEMPTS):
            try:
                return self._started()
            except (EOFError, OSError) as error:
                problem = error
                self.clear()
        raise SourceError(
            "no process could be started to read it", hint="Free some memory, or give fewer --jobs, then try again."
        ) from problem

    def _started(self) -> Connection:
        with self._starting_or_reaping:
            if self._dismissed:
                raise EOFError("the pool is closed")
            self._pipe, theirs = _CONTEXT.Pipe()
            process = _CONTEXT.Process(target=_serve, args=(theirs, self._memory_bytes), daemon=True)
            with theirs, _interrupts_blocked():
                process.start()
            self._process = process
        self._pipe.recv_bytes()
        return self._pipe


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


def _unpacked(answer: bytes) -> object:
    value, error, trace = pickle.loads(answer)  # noqa: S301 - written by our own worker
    if error is None:
        return value
    if not isinstance(error, PackagerError):
        error.add_note(f"In a worker process:\n{trace}")
    raise error


# In the worker


def _serve(pipe: Connection, memory_bytes: int) -> None:
    """Answer jobs until the parent closes the pipe or ends."""
    _confine(memory_bytes)
    pipe.send_bytes(b"ready")
    while True:
        try:
            job = pipe.recv_bytes()
        except (EOFError, OSError):
            return
        with suppress(OSError):  # the parent is gone: the next read says so
            for answer in _answers(job):
                pipe.send_bytes(answer)


def _answers(job: bytes) -> Iterator[bytes]:
    """One answer, or those of a stream with an empty one behind them; an error is the last."""
    try:
        function, arguments = pickle.loads(job)  # noqa: S301 - written by our own parent
        result = function(*arguments)
        if isinstance(result, Iterator):
            for item in result:
                yield pickle.dumps((item, None, ""), protocol=pickle.HIGHEST_PROTOCOL)
            yield b""
        else:
            yield pickle.dumps((result, None, ""), protocol=pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        yield _packed(SourceError("reading it takes more memory than one file may have"))
    except Exception as error:
        yield _packed(error)


def _packed(error: Exception) -> bytes:
    trace = traceback.format_exc()
    try:
        answer = pickle.dumps((None, error, trace))
        pickle.loads(answer)  # noqa: S301 - exceptions that need arguments fail only here
    except Exception:
        return pickle.dumps((None, RuntimeError(f"{type(error).__name__}: {error}"), trace))
    return answer


def _confine(memory_bytes: int) -> None:
    """One thread for pictures, a limit on memory, no core files, and an end together with the parent."""
    os.environ["VIPS_CONCURRENCY"] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if sys.platform == "linux":
        import resource

        # Memory that is given back after every picture must be cleared by the kernel before the next: 6 % of the time.
        for threshold in (_M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD):
            with suppress(AttributeError):  # not every libc has it
                ctypes.CDLL(None).mallopt(threshold, _KEPT_BYTES)
        # The thread above needs the interpreter's lock, which a job in foreign code may hold.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
