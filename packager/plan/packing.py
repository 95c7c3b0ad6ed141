"""Units into as few equal spaces as hold them: exactly where there are few, as first-fit finds it where there are many.

First-fit decreasing needs at most 11/9 of the fewest and one more (Johnson, 1973). The search that goes before it is
that of Martello and Toth (1990): the largest first, into the fullest space that has room, given up where what no unit
can fill any more is more than may stay empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from math import ceil, inf

Ids = tuple[str, ...]  # of what goes on one medium

_STEPS = 20_000  # of a search: small cases are searched to their end
_MOST_SEARCHED = 500  # units; with more of them, small ones fill what large ones leave
_TRIES = 60  # ways to divide series, before all works count alone


@dataclass(frozen=True, slots=True)
class SplitUnit:
    """What must stay together: its ids in the order of the library, the bytes it takes, and how important it is.

    `place` is that of its first work in the library; it has so many `files`.
    """

    ids: Ids
    size_bytes: int
    priority: int = 1
    place: int = 0
    files: int = 0


Share = list[SplitUnit]
WeighedWorks = tuple[tuple[str, SplitUnit], ...]  # the series of each publication or "", and what it takes


@dataclass(frozen=True, slots=True)
class Room:
    """What a medium has for units: bytes, and the files that its devices show."""

    size_bytes: int
    files: float = inf

    def holds(self, units: Sequence[SplitUnit]) -> bool:
        """Whether there is room for all of them."""
        return size_of(units) <= self.size_bytes and files_of(units) <= self.files


def fewest(chosen: Sequence[SplitUnit], space: Room) -> int:
    """Fewer spaces than this cannot hold the units: one that is too large for any has one alone."""
    small = [unit for unit in chosen if space.holds([unit])]
    spaces = max(-(-size_of(small) // space.size_bytes), ceil(files_of(small) / space.files))
    return len(chosen) - len(small) + spaces


def share_out(works: WeighedWorks, space: Room, count: int) -> tuple[Ids, ...] | None:
    """The works in so many spaces or fewer, series together where that is possible; None where they are not found."""
    if fewest([unit for _, unit in works], space) > count:
        return None
    shares = (split(units, space, count) for units in _divided(works, space))
    return next(filter(None, shares), None)


def split(chosen: Sequence[SplitUnit], space: Room, count: int) -> tuple[Ids, ...] | None:
    """The units in so many shares or fewer, none larger than a `space` unless one unit alone is; None if not found.

    Important works come first; where that takes more media than the order of sizes alone, it is given up.
    """
    for ordered in (
        sorted(chosen, key=lambda unit: (unit.priority, -unit.size_bytes)),
        by_size := sorted(chosen, key=lambda unit: (-unit.size_bytes, unit.priority, unit.ids)),
    ):
        shares = _first_fit(ordered, space)
        if len(shares) <= count:
            return in_order(shares)
    large = [[unit] for unit in by_size if not space.holds([unit])]
    found = _Search([unit for unit in by_size if space.holds([unit])], space, count - len(large)).found()
    return in_order([*large, *found]) if found is not None else None


class _Search:
    """A search for shares of units, the largest first, which fit one space each."""

    def __init__(self, units: Sequence[SplitUnit], space: Room, count: int) -> None:
        if files_of(units) <= space.files:  # then spaces with as many bytes are the same
            space = Room(space.size_bytes)
        self._units = units
        self._shares: list[Share] = [[] for _ in range(max(0, count))]
        self._free = [space] * max(0, count)
        self._spare_bytes = count * space.size_bytes - size_of(units)
        self._steps = _STEPS

    def found(self) -> list[Share] | None:
        """The shares; None where there are none, or where finding them takes too long."""
        if self._spare_bytes < 0 or len(self._units) > _MOST_SEARCHED:
            return None
        return [share for share in self._shares if share] if self._place(0) else None

    def _place(self, number: int) -> bool:
        """Whether the units from this one on found their places."""
        if number == len(self._units):
            return True
        self._steps -= 1
        smallest = self._units[-1].size_bytes
        lost = sum(free.size_bytes for free in self._free if free.size_bytes < smallest)
        if self._steps < 0 or lost > self._spare_bytes:
            return False
        unit = self._units[number]
        room = {free: place for place, free in reversed(list(enumerate(self._free))) if free.holds([unit])}
        for free, place in sorted(room.items(), key=lambda one: (one[0].size_bytes, one[1])):  # as much room: the same
            self._free[place] = Room(free.size_bytes - unit.size_bytes, free.files - unit.files)
            self._shares[place].append(unit)
            if self._place(number + 1):
                return True
            self._free[place] = free
            self._shares[place].pop()
            if free == Room(unit.size_bytes):  # nothing can be better there than what fills it
                return False
        return False


def _divided(works: WeighedWorks, space: Room) -> Iterator[list[SplitUnit]]:
    """The works as units: series whole, then one of them in two, then one in single works, at last all of them."""
    series = _series(works)
    whole = [_runs(members, space) for members in series]
    yield list(chain(*whole))

    def with_one_divided() -> Iterator[list[SplitUnit]]:
        for place, members in enumerate(series):
            for cut in range(1, len(members)):
                parts = (*_runs(members[:cut], space), *_runs(members[cut:], space))
                yield list(chain(*whole[:place], parts, *whole[place + 1 :]))
        for place, members in enumerate(series):
            if len(members) > 1:
                yield list(chain(*whole[:place], members, *whole[place + 1 :]))

    yield from islice(with_one_divided(), _TRIES)
    if len(series) < len(works):
        yield list(chain(*series))


def units(works: WeighedWorks, space: Room) -> list[SplitUnit]:
    """Works, each with the name of its series or "", as units: a series is one, or as few as fit on media, in order."""
    return list(chain(*(_runs(members, space) for members in _series(works))))


def _series(works: WeighedWorks) -> list[Share]:
    series: dict[str, Share] = {}
    for number, (name, unit) in enumerate(works):
        series.setdefault(name or f"\0{number}", []).append(unit)
    return list(series.values())


def _runs(members: Iterable[SplitUnit], space: Room) -> list[SplitUnit]:
    """The members one after the other, as many together as a space holds."""
    runs: list[Share] = []
    for unit in members:
        if not runs or not space.holds([*runs[-1], unit]):
            runs.append([])
        runs[-1].append(unit)
    return [
        replace(
            run[0],
            ids=tuple(chain(*(unit.ids for unit in run))),
            size_bytes=size_of(run),
            files=files_of(run),
            priority=min(unit.priority for unit in run),
        )
        for run in runs
    ]


def split_evenly(chosen: Sequence[SplitUnit], count: int, most_files: float = inf) -> tuple[Ids, ...]:
    """So many shares, as equal as taking the largest first makes them; there are at least as many units.

    They are equal in bytes, or in files where one would have too many of these.
    """
    shares = _even(chosen, count, size_of)
    if any(files_of(share) > most_files for share in shares):
        shares = _even(chosen, count, files_of)
    return in_order(shares)


def _even(chosen: Sequence[SplitUnit], count: int, amount: Callable[[Sequence[SplitUnit]], int]) -> list[Share]:
    shares: list[Share] = [[] for _ in range(count)]
    for unit in sorted(chosen, key=lambda unit: (-amount([unit]), unit.priority)):
        min(shares, key=amount).append(unit)
    return shares


def _first_fit(ordered: Sequence[SplitUnit], space: Room) -> list[Share]:
    shares: list[Share] = []
    free: list[Room] = []
    for unit in ordered:
        place = next((place for place, room in enumerate(free) if room.holds([unit])), None)
        if place is None:
            place = len(shares)
            shares.append([])
            free.append(space)
        shares[place].append(unit)
        free[place] = Room(free[place].size_bytes - unit.size_bytes, free[place].files - unit.files)
    return shares


def size_of(share: Iterable[SplitUnit]) -> int:
    """The bytes of all its units."""
    return sum(unit.size_bytes for unit in share)


def files_of(share: Iterable[SplitUnit]) -> int:
    """The files of all its units."""
    return sum(unit.files for unit in share)


def in_order(shares: Sequence[Sequence[SplitUnit]]) -> tuple[Ids, ...]:
    """The ids of each, the share with the most important works first, and of such that of the first in the library."""

    def rank(share: Sequence[SplitUnit]) -> tuple[float, int]:
        return sum(unit.priority for unit in share) / len(share), min(unit.place for unit in share)

    ordered = sorted(shares, key=rank)
    return tuple(tuple(id_ for unit in share for id_ in unit.ids) for share in ordered)
