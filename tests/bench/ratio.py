"""Times of two things, measured in turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Ratio:
    """How long one thing takes as a multiple of another, and the multiple it may not pass."""

    name: str
    than: str
    seconds: float
    than_seconds: float
    limit: float

    @property
    def value(self) -> float:
        """1.0 where both take equally long."""
        return self.seconds / self.than_seconds

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.value <= self.limit

    def __str__(self) -> str:
        verdict = "ok" if self.holds else "TOO SLOW"
        times = f"{self.seconds:.3f} s / {self.than_seconds:.3f} s"
        return f"{self.value:6.2f}  (limit {self.limit:g}, {times})  {self.name} : {self.than}  {verdict}"


def medians(*jobs: Callable[[], object], runs: int) -> tuple[float, ...]:
    """The median seconds of each job over `runs` rounds, in each of which every job runs once."""
    rounds = [[_seconds(job) for job in jobs] for _ in range(runs)]
    return tuple(median(times) for times in zip(*rounds, strict=True))


def _seconds(job: Callable[[], object]) -> float:
    begin = time.perf_counter()
    job()
    return time.perf_counter() - begin
