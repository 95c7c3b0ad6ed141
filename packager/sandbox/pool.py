"""A pool of worker processes for pure jobs: a job that kills its worker is a named failure, and the rest goes on.

Every worker has a pipe of its own, read by a thread of its own, so that a death always belongs to the one job that
ran. (Pools that share one pipe lose track of that when the parent is busy, and then break as a whole.)
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Self, TypeVar, TypeVarTuple, cast

from packager.errors import PackagerError
from packager.sandbox.answer_types import answer_check
from packager.sandbox.known_jobs import KnownJobs
from packager.sandbox.limits import LIMITS
from packager.sandbox.process import Process
from packager.sandbox.programs import Programs
from packager.sandbox.restrictions import Bounds, Restriction

T = TypeVar("T")
R = TypeVar("R")
Arguments = TypeVarTuple("Arguments")
_BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Failure:
    """What stands in the place of a result when a job could not do its work."""

    error: PackagerError


class Workers:
    """Runs module-level functions in `jobs` processes, which start when first needed and stay until the end.

    A job may take `timeout_s` seconds by the clock, and what `bounds` leave it: they restrict each process as far as
    the system can, whatever a job calls. `programs` runs those of the system.
    """

    def __init__(
        self,
        jobs: int | None = None,
        *,
        timeout_s: float = LIMITS.seconds,
        bounds: Bounds = _BOUNDS,
        trusts_programs: bool = False,
    ) -> None:
        self.jobs = jobs or _usable_processors()
        self.programs = Programs(is_trusted=trusts_programs, kernel=bounds.kernel)
        self._timeout_s = timeout_s
        self._bounds = bounds
        self._prepare: Callable[[], object] | None = None
        self._known: KnownJobs | None = None
        self._threads = ThreadPoolExecutor(self.jobs, thread_name_prefix="worker")
        self._of_thread = threading.local()
        self._processes: list[Process] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in self._processes:
            process.dismiss()
        self._threads.shutdown(wait=True)
        for process in self._processes:
            process.clear()

    def start(self, prepare: Callable[[], object]) -> None:
        """Start all processes now; each calls `prepare`, which loads what jobs need, before it is restricted."""
        self._prepare = prepare
        for _ in range(self.jobs):
            self._threads.submit(lambda: self._process().start())

    def only_read(self, *places: Path) -> None:
        """Let the jobs from now on read nothing but these folders and files, and what programs need to run."""
        self._bounds = replace(self._bounds, readable=places, looked_up=self._bounds.looked_up + 1)

    @contextmanager
    def knowing(self, known: KnownJobs | None) -> Iterator[None]:
        """Within this block no job is done that is known, and answers to all others are kept."""
        self._known = known
        try:
            yield
        finally:
            self._known = None

    def missing_restrictions(self) -> tuple[Restriction, ...]:
        """The restrictions that this system did not put on some process, in the order of `Restriction`."""
        held = [process.restrictions for process in self._processes if process.restrictions is not None]
        return tuple(one for one in Restriction if any(one not in restrictions for restrictions in held))

    def map(self, function: Callable[[T], R], items: Iterable[T], *, ahead: int | None = None) -> Iterator[R | Failure]:
        """The result for each item, in the order of the items; at most `ahead` (2 a worker) are under way.

        A PackagerError of the job comes back as a Failure, and so does a worker that died or ran out of time or
        memory (SourceError without `where`). Any other exception is raised here, with the worker's traceback as note.
        """
        remaining = iter(items)
        under_way = deque(self.submit(function, item) for item in islice(remaining, ahead or 2 * self.jobs))
        try:
            while under_way:
                result: R | Failure
                try:
                    result = under_way.popleft().result()
                except PackagerError as error:
                    result = Failure(error)
                under_way.extend(self.submit(function, item) for item in islice(remaining, 1))
                yield result
        finally:
            for future in under_way:
                future.cancel()

    def submit(self, function: Callable[[*Arguments], R], *arguments: *Arguments) -> Future[R]:
        """The result to come of one job; its `result()` raises what `map` would return as a Failure."""
        return self._threads.submit(self._run, function, arguments)

    def submit_within(
        self, processor_s: float, function: Callable[[*Arguments], R], *arguments: *Arguments
    ) -> Future[R]:
        """The same of a job that has so many seconds of the processor."""
        return self._threads.submit(self._run, function, arguments, processor_s)

    def stream(self, function: Callable[[*Arguments], Iterator[R]], *arguments: *Arguments) -> Generator[R, None, None]:
        """What one job yields, while it works; the time limit is that of each item. Raises what the job raises.

        The job has a process of the calling thread's, which ends with a stream that nobody reads to its end.
        """
        job = pickle.dumps((self._bounds.processor_s, function, arguments))
        return cast(
            Generator[R, None, None], self._process().stream(job, answer_check(function), self._bounds, self._timeout_s)
        )

    def _run(
        self, function: Callable[[*Arguments], R], arguments: tuple[*Arguments], processor_s: float | None = None
    ) -> R:
        known = self._known
        key = known.key(function, arguments) if known else b""
        if known and key and (found := known.answer(key, answer_check(function))):
            return cast(R, found[0])
        answer = self._done(function, arguments, processor_s)
        if known and key:
            known.note(key, function, arguments, answer)
        return answer

    def _done(self, function: Callable[[*Arguments], R], arguments: tuple[*Arguments], processor_s: float | None) -> R:
        bounds = self._bounds if processor_s is None else replace(self._bounds, processor_s=processor_s)
        job = pickle.dumps((bounds.processor_s, function, arguments))
        return cast(R, self._process().run(job, answer_check(function), bounds, self._timeout_s))

    def _process(self) -> Process:
        """The calling thread's own."""
        if not hasattr(self._of_thread, "process"):
            self._of_thread.process = Process(self._prepare)
            self._processes.append(self._of_thread.process)
        return cast(Process, self._of_thread.process)


def _usable_processors() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
