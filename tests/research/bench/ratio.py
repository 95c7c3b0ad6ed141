"""Times, or other amounts, of two things, measured side by side."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Ratio:
    """How much one thing takes as a multiple of another, and the multiple it may not pass."""

    name: str
    than: str
    amount: float
    than_amount: float
    limit: float
    unit: str = "s"

    @property
    def value(self) -> float:
        """1.0 where both take equally much."""
        return self.amount / self.than_amount

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.value <= self.limit

    @property
    def figure(self) -> str:
        """The ratio as docs/proof.md has it."""
        kept = "" if self.holds else ", **not kept**"
        return f"{self.name} : {self.than} = {self.value:.2f} (limit {self.limit:g}{kept})"

    def __str__(self) -> str:
        verdict = "ok" if self.holds else "TOO MUCH"
        amounts = f"{self.amount:.3f} {self.unit} / {self.than_amount:.3f} {self.unit}"
        return f"{self.value:6.2f}  (limit {self.limit:g}, {amounts})  {self.name} : {self.than}  {verdict}"


def medians(*jobs: Callable[[], object], runs: int) -> tuple[float, ...]:
    """The median seconds of each job over `runs` rounds, in each of which every job runs once."""
    rounds = [[_seconds(job) for job in jobs] for _ in range(runs)]
    return tuple(median(times) for times in zip(*rounds, strict=True))


def _seconds(job: Callable[[], object]) -> float:
    begin = time.perf_counter()
    job()
    return time.perf_counter() - begin
