"""Asking and being told: how far one may go before it no longer fits."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Search:
    """The largest whole number of steps, up to `most`, that fits: ask for `step` until `is_over`, and tell each time.

    0 steps are known to fit. Whoever asks twice with the same answers is asked for the same steps.
    """

    most: int
    fitting: int = 0

    @property
    def is_over(self) -> bool:
        """Whether `fitting` is the answer."""
        return self.fitting >= self.most

    @property
    def step(self) -> int:
        """The step to try next."""
        return (self.fitting + self.most + 1) // 2

    def told(self, *, fits: bool) -> Search:
        """The search that knows whether `step` fits."""
        return replace(self, fitting=self.step) if fits else replace(self, most=self.step - 1)
