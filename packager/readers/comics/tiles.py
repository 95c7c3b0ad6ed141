"""Whether pictures are tiles of one strip: what is drawn at the lower edge of one goes on in the next.

Flat edges say nothing: gutters of strips have them, and so have the margins of pages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import sqrt
from operator import mul

from packager.model import Picture
from packager.pictures.worker_jobs import EdgeJob

Edges = Callable[[Sequence[EdgeJob]], Sequence[bytes]]
"""Gives an edge for each job, as `worker_jobs.edge` does; b"" where a picture cannot be read."""

_MOST_PAIRS = 12
_REACH = 6  # columns to either side, by whose mean a column differs where something is drawn
_DRAWN = 4  # levels, the root of the mean square of that: paper and JPEG noise stay below 3
# Of neighbours in real strips rows correlate by 0.36 to 0.95, most by more than 0.6, others by less than 0.3. Where all
# panels have the same frame it is the colours that tell neighbours.
_LIKE, _UNLIKE, _LEAST_AHEAD = 0.5, 0.3, 0.25
_NEAR, _FAR = 0.5, 0.8  # times the least distance to any other row


@dataclass(frozen=True, slots=True)
class Joins:
    """Neighbouring pictures that were looked at: those in which the drawing goes on, and those in which it ends."""

    looked_at: int = 0
    going_on: int = 0
    ending: int = 0

    @property
    def are_of_strip(self) -> bool:
        """Whether the pictures are tiles: not if the drawing ends twice as often, as at the first page of a chapter."""
        return 2 * self.going_on > self.ending

    @property
    def are_of_pages(self) -> bool:
        """Whether the drawing ends at every edge that has any."""
        return not self.going_on and self.ending > 1 and 2 * self.ending >= self.looked_at


def joins_of(pictures: Sequence[Picture], edges: Edges) -> Joins:
    """Return how neighbours of one width go together, a dozen of them at most; all rows are read, of few pictures."""
    pairs = _sample([pair for pair in pairwise(pictures) if pair[0].width == pair[1].width])
    if 2 * len(pairs) < min(_MOST_PAIRS, len(pictures) - 1):  # tiles are equally wide
        return Joins()
    both = list(dict.fromkeys(picture for pair in pairs for picture in pair))
    tops = _rows(both, edges, is_lower=False)
    drawn = [pair for pair in pairs if pair[1] in tops and tops[pair[1]].is_drawn]
    bottoms = _rows([above for above, _ in drawn], edges, is_lower=True)
    going_on = ending = 0
    for above, below in drawn:
        if above not in bottoms:
            continue
        others = [(bottoms[above], top) for picture, top in tops.items() if picture != below]
        others += [(bottom, tops[below]) for picture, bottom in bottoms.items() if picture != above]
        answer = _goes_on(bottoms[above], tops[below], others)
        going_on += answer is True
        ending += answer is False
    return Joins(len(pairs), going_on, ending)


def _sample(pairs: Sequence[tuple[Picture, Picture]]) -> list[tuple[Picture, Picture]]:
    """Some of the pairs, from everywhere."""
    count = min(len(pairs), _MOST_PAIRS)
    return [pairs[number * len(pairs) // count] for number in range(count)]


@dataclass(frozen=True, slots=True)
class _Row:
    """An edge: its levels, and how far each column of its grey differs from those around it, to a length of 1."""

    levels: bytes
    detail: tuple[float, ...]
    is_drawn: bool

    @classmethod
    def of(cls, levels: bytes) -> _Row:
        grey = list(map(sum, zip(levels[::3], levels[1::3], levels[2::3], strict=True)))  # three times the level
        before = [0, *accumulate(grey)]
        detail = []
        for column, level in enumerate(grey):
            first, end = max(0, column - _REACH), min(len(grey), column + _REACH + 1)
            detail.append((level - (before[end] - before[first]) / (end - first)) / 3)
        length = sqrt(sum(map(mul, detail, detail)))
        return cls(levels, tuple(each / (length or 1) for each in detail), length > _DRAWN * sqrt(len(detail)))

    def likeness(self, other: _Row) -> float:
        """The correlation of what is drawn, -1 to 1."""
        return sum(map(mul, self.detail, other.detail), 0.0)

    def distance(self, other: _Row) -> float:
        """Levels, on average."""
        pairs = zip(self.levels, other.levels, strict=True)
        return sum(abs(one - another) for one, another in pairs) / len(self.levels)


def _rows(pictures: Sequence[Picture], edges: Edges, *, is_lower: bool) -> dict[Picture, _Row]:
    found = edges([EdgeJob(picture.source, picture.page, is_lower) for picture in pictures])
    return {picture: _Row.of(levels) for picture, levels in zip(pictures, found, strict=True) if levels}


def _goes_on(bottom: _Row, top: _Row, others: Sequence[tuple[_Row, _Row]]) -> bool | None:
    """Whether the drawing goes on in the next row, judged by rows that do not lie together; None where unsure."""
    if not bottom.is_drawn:
        return False
    like, far = bottom.likeness(top), bottom.distance(top)
    likest = max((one.likeness(other) for one, other in others), default=0)
    nearest = min((one.distance(other) for one, other in others), default=0)
    if (like > _LIKE and like > likest + _LEAST_AHEAD) or far < _NEAR * nearest:
        return True
    return False if like < _UNLIKE and far > _FAR * nearest else None
