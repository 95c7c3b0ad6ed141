"""How far the making of films and sound is: which of how many, how much of it, and how long the rest will take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock

from packager.film.track import Tell
from packager.layout.works import clock
from packager.model.progress import Progress, step
from packager.plan.rates import RecordingKey

_LOOKED_BACK_S = 300  # for how fast it goes: what was made before then may have been easier
_SURE_S = 5  # before that nothing can be told of it
_MOST_SIGNS = 32  # of a name, so that the rest of a line has a place beside it


class FilmProgress:
    """Passes on to `progress` how far the making of recordings is, each with its name and how many seconds it lasts.

    Those that are made again, to fill what is left of the medium, keep their number.
    """

    def __init__(
        self,
        progress: Progress,
        recordings: Mapping[RecordingKey, tuple[str, float]],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._progress = progress
        self._names = {key: name for key, (name, _) in recordings.items()}
        self._left = {key: round(seconds) for key, (_, seconds) in recordings.items()}
        self._lengths = dict(self._left)
        self._numbers: dict[RecordingKey, int] = {}
        self._under_way: list[RecordingKey] = []
        self._worked = 0  # seconds of film
        self._pace: deque[tuple[float, int]] = deque()  # when so many were done
        self._now = now
        self._lock = Lock()

    @contextmanager
    def all(self) -> Iterator[None]:
        """The whole of the work."""
        with step(self._progress, "films", sum(self._lengths.values())):
            yield

    @contextmanager
    def one(self, key: RecordingKey) -> Iterator[Tell]:
        """One recording, while any thread makes it: what is yielded hears how many of its seconds are done."""
        with self._lock:
            self._numbers.setdefault(key, len(self._numbers) + 1)
            self._under_way.append(key)
            self._set_left(key, self._lengths[key])
            self._say()
        try:
            yield lambda done: self._tell(key, done)
        finally:
            with self._lock:
                self._under_way.remove(key)
                self._set_left(key, 0)  # what was not told of took no time: it was kept, or is as it is to be
                self._say()

    def _tell(self, key: RecordingKey, done: float) -> None:
        left = max(0, self._lengths[key] - round(done))
        with self._lock:
            if left != self._left[key]:
                self._worked += self._left[key] - left
                self._set_left(key, left)
                self._say()

    def _set_left(self, key: RecordingKey, left: int) -> None:
        self._progress.advance(self._left[key] - left)
        self._left[key] = left

    def _say(self) -> None:
        """Say how far the one is that began first, and how long all will take."""
        if not self._under_way:
            return
        key = self._under_way[0]
        name = self._names[key]
        short = name if len(name) <= _MOST_SIGNS else f"{name[: _MOST_SIGNS - 1]}…"
        done, length = self._lengths[key] - self._left[key], self._lengths[key]
        left = self._minutes_left()
        words = f"{self._numbers[key]} of {len(self._names)}: {short}, {clock(done)} of {clock(length)}"
        self._progress.say(f"{words}, {left}" if left else words)

    def _minutes_left(self) -> str:
        """How long the rest will take at the pace of the last minutes; "" as long as that cannot be told."""
        self._pace.append((self._now(), self._worked))
        while self._pace[-1][0] - self._pace[0][0] > _LOOKED_BACK_S and len(self._pace) > 2:
            self._pace.popleft()
        (began, before), (now, worked) = self._pace[0], self._pace[-1]
        if now - began < _SURE_S or worked <= before:
            return ""
        pace = (worked - before) / (now - began)
        # At the end one is made alone, as fast as each of those that are made side by side.
        seconds = max(sum(self._left.values()), max(self._left.values()) * len(self._under_way)) / pace
        minutes = round(seconds / 60)
        hours, rest = divmod(minutes, 60)
        if hours:
            return f"{hours} h {rest} min left"
        return f"{minutes} min left" if minutes else "less than a minute left"
