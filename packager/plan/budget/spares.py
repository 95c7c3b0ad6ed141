"""Which of several renditions each picture gets, so that what is left of the space is used too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from packager.model import Rendition, Renditions, RoleSet, Shown

Seen = Mapping[tuple[str, str], Renditions]


@dataclass(frozen=True, slots=True)
class Choice:
    """Renditions with their spares: `better` are those that have a larger one, the farthest from their pixels first."""

    seen: Seen
    better: tuple[Rendition, ...]

    @classmethod
    def of(cls, seen: Seen) -> Choice:
        """All that can be chosen of."""
        every = [shown for shown in _shown(seen) if isinstance(shown, Rendition) and _largest(shown) is not shown]
        return cls(seen, tuple(sorted(every, key=lambda shown: (-shown.distance, str(shown.path)))))

    def with_better(self, chosen: tuple[Rendition, ...]) -> Seen:
        """The renditions, each of the chosen ones replaced by its largest spare."""
        return _replaced(self.seen, {shown.path: _largest(shown) for shown in chosen})

    @staticmethod
    def affordable(waiting: tuple[Rendition, ...], room_bytes: int) -> tuple[Rendition, ...]:
        """Those of the waiting ones, in their order, whose larger spares take no more than the room together."""
        taken: list[Rendition] = []
        for shown in waiting:
            more = _largest(shown).size_bytes - shown.size_bytes
            if more <= room_bytes:
                taken.append(shown)
                room_bytes -= more
        return tuple(taken)

    @property
    def smallest(self) -> Seen:
        """The smallest rendition of every picture."""
        every = (shown for shown in _shown(self.seen) if isinstance(shown, Rendition))
        return _replaced(
            self.seen, {shown.path: min(shown, *shown.spares, key=_size) for shown in every if shown.spares}
        )


def _replaced(seen: Seen, by_path: Mapping[object, Rendition]) -> Seen:
    def chosen(shown: Shown) -> Shown:
        return by_path.get(shown.path, shown) if isinstance(shown, Rendition) else shown

    return {
        key: replace(
            renditions,
            sets=tuple(RoleSet(lane.role, tuple(map(chosen, lane.shown))) for lane in renditions.sets),
        )
        for key, renditions in seen.items()
    }


def _shown(seen: Seen) -> Iterator[Shown]:
    for renditions in seen.values():
        for lane in renditions.sets:
            yield from lane.shown


def _largest(shown: Rendition) -> Rendition:
    return max(shown, *shown.spares, key=_size) if shown.spares else shown


def _size(shown: Rendition) -> int:
    return shown.size_bytes
