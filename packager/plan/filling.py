"""Files of films and sound in the place of what was foretold of them: never more than the medium holds.

Encoders keep to a rate within some hundredths. So one film, which can give and take what others miss, is encoded last,
to the bytes that are left, and again where it missed them; where it can give no more, the next one does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import chain, count
from typing import Any

from packager.config.filesystems import file_clusters
from packager.errors import DoesNotFit
from packager.film.jobs import Rates
from packager.layout.build_input import BuildInput
from packager.model import AllRenditions, Rendition, VersionKey
from packager.plan.plan import FULL, Lowered, Plan, plan
from packager.plan.rates import Need, Needs, RecordingKey, files_of, foretold, needs, rates_at, with_recorded

Files = Mapping[RecordingKey, tuple[Rendition, ...]]
Record = Callable[[Mapping[RecordingKey, Rates]], Files]
"""Encodes recordings, each with its bit/s; a film that is larger than the profile allows comes in parts."""

_UNUSED = 0.01  # of the medium: what may stay empty where films had to give
_AIM = 0.003  # of the medium: what is left empty by intent, since the next try may miss by as much
_ROOM = 0.01  # of the medium: by so much a film can become larger and smaller, to be encoded last
_TRIES = 5  # of one film
_ASKED = 0.9  # of the floor is asked for at the least, of an encoder that takes more than it is asked for


def largest_share(build: BuildInput, renditions: AllRenditions) -> int | None:
    """Return the largest share at which films and sound are likely to fit; None where they are too large at any."""

    def planned(share: int) -> Plan:
        return plan(build, foretold(build, renditions, share))

    if planned(FULL).fits:
        return FULL
    least = planned(0)
    if not least.fits:
        return None
    every, cluster = needs(build), build.medium.cluster_bytes

    def clusters(share: int) -> int:
        files = (files_of(every[key], key[1], rates, build.profile) for key, rates in rates_at(every, share).items())
        return sum(file_clusters(file.size_bytes, cluster) for file in chain.from_iterable(files))

    most = clusters(0) + _spare_bytes(least) // cluster
    share = bisect_right(range(1, FULL), most, key=clusters)
    # What is said of films may be a little longer where they are larger.
    steps = (2**number for number in count())
    while share and not planned(share).fits:
        share = max(0, share - next(steps))
    return share


def lowered(every: Needs, rates: Mapping[RecordingKey, Rates]) -> tuple[Lowered, ...]:
    """Return those that have less than their best."""
    return tuple(
        Lowered(key, number, rates[key, number], need.best)
        for (key, number), need in every.items()
        if rates[key, number] != need.best
    )


def filled(build: BuildInput, fitted: Plan, renditions: AllRenditions, record: Record) -> Plan:
    """Return the plan with files that `record` makes, as large as the medium lets them be.

    Raises DoesNotFit where they take more than was foretold even at their floor.
    """
    every = needs(build)
    if not every:
        return fitted
    filling = _Filling(build, every, renditions, rates_at(every, fitted.film_share), record)
    order = _in_order_of_giving(every, filling.rates, _ROOM * build.medium.payload_bytes)
    held = order[:1] if fitted.film_share < FULL else []
    filling.make([key for key in every if key not in held])
    for key in order:
        if key in held or not filling.is_done:
            filling.settle(key, is_made=key not in held)
    filling.raise_sound()
    made = filling.made
    if not made.fits:
        raise DoesNotFit(
            f"films and sound take {-_spare_bytes(made):,} bytes more than there are, even at their lowest rates",
            hint="Leave one of them out, or take a larger stick.",
        )
    return with_sizes_of(fitted, made, lowered=lowered(every, filling.rates))


class _Filling:
    """A tree whose films are made one after the other, at the `rates` that they have in the end."""

    def __init__(
        self,
        build: BuildInput,
        every: Needs,
        renditions: AllRenditions,
        rates: dict[RecordingKey, Rates],
        record: Record,
    ) -> None:
        self.rates = rates
        self._build = build
        self._every = every
        self._renditions = renditions
        self._record = record
        self._cluster = build.medium.cluster_bytes
        self._files = {key: tuple(files_of(need, key[1], rates[key], build.profile)) for key, need in every.items()}

    @property
    def made(self) -> Plan:
        """The plan as it is."""
        by_version: dict[VersionKey, list[Rendition]] = {}
        for (key, _), files in self._files.items():
            by_version.setdefault(key, []).extend(files)
        shown = self._renditions.items()
        return plan(self._build, {key: with_recorded(each, tuple(by_version.get(key, ()))) for key, each in shown})

    @property
    def is_done(self) -> bool:
        """Whether all fits, and nothing is to be gained."""
        made = self.made
        is_full = _spare_bytes(made) <= _UNUSED * made.medium.payload_bytes
        return made.fits and (is_full or not lowered(self._every, self.rates))

    def make(self, keys: Iterable[RecordingKey]) -> None:
        """Make the files of these at their rates."""
        self._files.update(self._record({key: self.rates[key] for key in keys}))

    def settle(self, key: RecordingKey, *, is_made: bool) -> None:
        """Make a film so that it fills what the others leave, as far as its rate can do that."""
        need, payload_bytes = self._every[key], self._build.medium.payload_bytes
        room_bytes = (self._taken_bytes(key) + _spare_bytes(self.made)) // self._cluster * self._cluster
        target_bytes = room_bytes - round(_AIM * payload_bytes)
        foretold_bytes = {self.rates[key].pictures: self._taken_bytes(key)}
        taken = dict(foretold_bytes) if is_made else {}
        for _ in range(_TRIES):
            rate = _next_rate(need, self.rates[key].sound, taken or foretold_bytes, target_bytes)
            if rate in taken:
                break
            self._make_at(key, rate)
            taken[rate] = self._taken_bytes(key)
            if self.is_done:
                return
        fitting = [rate for rate, size_bytes in taken.items() if size_bytes <= room_bytes]
        best = max(fitting, default=min(taken))
        if best != self.rates[key].pictures:
            self._make_at(key, best)

    def raise_sound(self) -> None:
        """Give sound its next rates where films took less than was foretold, as those of still pictures do."""
        while not self.is_done:
            room_bytes = _spare_bytes(self.made) - _AIM * self._build.medium.payload_bytes
            raised: list[RecordingKey] = []
            for key, need in self._every.items():
                better = need.with_better_sound(self.rates[key])
                more_bytes = need.size_bytes(better) - need.size_bytes(self.rates[key]) + self._cluster
                if better != self.rates[key] and more_bytes <= room_bytes:
                    room_bytes -= more_bytes
                    self.rates[key] = better
                    raised.append(key)
            if not raised:
                return
            self.make(raised)

    def _make_at(self, key: RecordingKey, rate: int) -> None:
        self.rates[key] = replace(self.rates[key], pictures=rate)
        self.make([key])

    def _taken_bytes(self, key: RecordingKey) -> int:
        return sum(file_clusters(file.size_bytes, self._cluster) for file in self._files[key]) * self._cluster


def _next_rate(need: Need, sound: int, taken: Mapping[int, int], target_bytes: int) -> int:
    """The bit/s of pictures at which a film is likely to take `target_bytes`, after what it took at others.

    Its sound keeps its bit/s. Between two of them a straight line is followed, beside them the bytes of the pictures.
    """
    sizes = sorted((size_bytes, rate) for rate, size_bytes in taken.items())
    below = [each for each in sizes if each[0] <= target_bytes][-1:]
    above = [each for each in sizes if each[0] > target_bytes][:1]
    if below and above:
        (low, low_rate), (high, high_rate) = below[0], above[0]
        rate = low_rate + (high_rate - low_rate) * (target_bytes - low) / (high - low)
    else:
        size_bytes, nearest = (below or above)[0]
        steady = need.size_bytes(Rates(0, sound))
        rate = nearest * max(0, target_bytes - steady) / max(1, size_bytes - steady)
    return max(round(_ASKED * need.floor.pictures), min(need.best.pictures, round(rate)))


def _in_order_of_giving(every: Needs, rates: Mapping[RecordingKey, Rates], room_bytes: float) -> list[RecordingKey]:
    """The films that can give and take: first the shortest that can for all, as it is made alone; then the longest."""
    films = sorted((key for key, need in every.items() if need.can_give), key=lambda key: -every[key].leeway_bytes)

    def has_room(key: RecordingKey) -> bool:
        need = every[key]
        floor, size, best = map(need.size_bytes, (need.floor, rates[key], need.best))
        return min(size - floor, best - size) >= room_bytes

    first = next(filter(has_room, reversed(films)), None)
    return sorted(films, key=lambda key: key != first)


def with_sizes_of(made: Plan, other: Plan, **changes: Any) -> Plan:
    """Return a plan with the files and sizes of another one of the same tree."""
    sizes = {name: getattr(other, name) for name in ("entries", "occupied_bytes", "editions", "shares", "refused")}
    return replace(made, **sizes, **changes)


def _spare_bytes(made: Plan) -> int:
    return made.medium.payload_bytes - made.occupied_bytes
