"""Which works go on which of several media (pure): series together, important works first, as few media as can be.

First-fit decreasing needs at most 11/9 of the fewest media and one more (Johnson, 1973), and most often the fewest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lot:
    """What must stay together: its ids in the order of the library, the bytes it takes, and how important it is."""

    ids: tuple[str, ...]
    size_bytes: int
    priority: int = 1


Share = tuple[str, ...]  # ids that go on one medium


def lots(works: Iterable[tuple[str, Lot]], room_bytes: int) -> tuple[Lot, ...]:
    """Works, each with the name of its series or "", as lots: a series that has room on one medium is one lot."""
    series: dict[str, list[Lot]] = {}
    for number, (name, lot) in enumerate(works):
        series.setdefault(name or f"\0{number}", []).append(lot)
    return tuple(lot for members in series.values() for lot in _together(members, room_bytes))


def _together(members: Sequence[Lot], room_bytes: int) -> Sequence[Lot]:
    size_bytes = sum(lot.size_bytes for lot in members)
    if len(members) == 1 or size_bytes > room_bytes:
        return members
    ids = tuple(id_ for lot in members for id_ in lot.ids)
    return [Lot(ids, size_bytes, min(lot.priority for lot in members))]


def split(chosen: Sequence[Lot], room_bytes: int) -> tuple[Share, ...]:
    """As few shares as first-fit finds, none larger than `room_bytes` unless one lot alone is.

    Important works come first; where that takes more media than the order of sizes alone, it is given up.
    """
    by_priority = _first_fit(sorted(chosen, key=lambda lot: (lot.priority, -lot.size_bytes)), room_bytes)
    by_size = _first_fit(sorted(chosen, key=lambda lot: (-lot.size_bytes, lot.priority)), room_bytes)
    return _shares(by_size if len(by_size) < len(by_priority) else by_priority)


def split_over(chosen: Sequence[Lot], count: int) -> tuple[Share, ...]:
    """So many shares, as equal as taking the largest first makes them; there are at least as many lots."""
    shares: list[list[Lot]] = [[] for _ in range(count)]
    for lot in sorted(chosen, key=lambda lot: -lot.size_bytes):
        min(shares, key=_size).append(lot)
    return _shares(shares)


def _first_fit(ordered: Sequence[Lot], room_bytes: int) -> list[list[Lot]]:
    shares: list[list[Lot]] = []
    for lot in ordered:
        roomy = (share for share in shares if _size(share) + lot.size_bytes <= room_bytes)
        share = next(roomy, None)
        if share is None:
            shares.append([lot])
        else:
            share.append(lot)
    return shares


def _size(share: Iterable[Lot]) -> int:
    return sum(lot.size_bytes for lot in share)


def _shares(shares: Sequence[Sequence[Lot]]) -> tuple[Share, ...]:
    """The ids of each, the share with the most important works first; what was left over stays last."""
    ordered = sorted(shares, key=lambda share: sum(lot.priority for lot in share) / len(share))
    return tuple(tuple(id_ for lot in share for id_ in lot.ids) for share in ordered)
