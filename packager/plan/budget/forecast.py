"""What all pictures of a bundle would take at one level of quality, from one look at each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import fmean
from typing import TypeGuard

from packager.model import Rendition, Renditions, Role, RoleSet, Shown, Wish
from packager.pictures.quality import LEGIBLE, coarseness, quality_of
from packager.plan.budget.curves import HIGHEST_QUALITY, Curve, curves

# docs/devices.md section 9
FLOOR = 0.21  # the distance beyond which lettering is no longer read with ease
LEVELS = 1000  # steps from the floor up to the quality of the profile
COARSEST = 13  # times the coarseness of the profile's quality: there all pictures have reached the floor
TRIALS = (70, 40)  # dense qualities that tell where a picture's curves lie
LOWEST_LOOK = 20  # quality of a first look; a little above LEGIBLE, so that there is something on both sides
AROUND = 1.8  # times coarser and finer than the first look: the other trials of a picture that was seen densely
TRIED = 32  # one picture in so many is tried
SPARED = 5  # one picture in so many gets a better rendition as a spare: the largest, where much can be had for it
FEWEST_SPARED = 6  # so that a bundle of few pictures can be filled too
BETTER = 0.6  # of the coarseness: a third more bytes
LEEWAY = 0.035  # of its forecast: what a picture may take beyond it; forecasts miss by 3 %
LEAST_LEEWAY = 0.01  # of the mean forecast: small pictures are not worth an encoding more

Key = tuple[str, str]  # of a version
Group = tuple[Key, Role]  # a version, and what its renditions are for


def first_wishes(offset: int, usual: int, coarser: float = 1) -> tuple[Wish, ...]:
    """What is wished of pictures at the first look: all are judged, and a few are tried at other qualities.

    `usual` is their quality in the profile. Where the space asks for pictures so many times `coarser`, they are seen as
    the dense encoder makes them then: nothing foretells what they take like an encoding that is nearly the same.
    """
    if coarser <= 1:
        wishes = [Wish(usual, is_judged=True)] * TRIED
        # None is the plain one's own quality, by which dense ones would be known.
        trials = tuple(quality + (quality == usual) for quality in TRIALS)
        wishes[offset % TRIED] = Wish(usual, is_judged=True, trials=trials)
        return tuple(wishes)
    middle = min(coarser, COARSEST) * coarseness(usual)
    near = max(LOWEST_LOOK, quality_of(middle))
    finer, coarse = (max(LEGIBLE, quality_of(coarseness(near) * factor)) for factor in (1 / AROUND, AROUND))
    wishes = [Wish(near, is_dense=True, is_judged=True, trials=(near,))] * TRIED
    wishes[offset % TRIED] = Wish(near, is_dense=True, is_judged=True, trials=(near, finer, coarse))
    return tuple(wishes)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The curves of all pictures, by version and role; None for what was not judged.

    A level makes all pictures coarser by the same factor, until one is as far from its pixels as lettering bears. (To
    give all the same distance would take from inked pages, where little is much, for painted ones: docs/proof.md.)
    """

    seen: Mapping[Key, Renditions]
    curves: Mapping[Group, tuple[Curve | None, ...]]

    @classmethod
    def of(cls, seen: Mapping[Key, Renditions], usual: Mapping[Role, int]) -> Forecast:
        """From judged renditions, of which some were tried at other qualities; `usual` are those of the profile."""
        by_role: dict[Role, list[Rendition]] = {}
        for _, lane in _lanes(seen):
            by_role.setdefault(lane.role, []).extend(shown for shown in lane.shown if _is_judged(shown))
        found = {role: iter(curves(pictures, usual[role])) for role, pictures in by_role.items()}
        return cls(
            seen,
            {
                (key, lane.role): tuple(next(found[lane.role]) if _is_judged(shown) else None for shown in lane.shown)
                for key, lane in _lanes(seen)
            },
        )

    def at(self, level: int) -> Mapping[Key, Renditions]:
        """Renditions with the quality that the level gives each, and the bytes that it may take then at most."""
        shares = self._shares(level)
        return {
            key: replace(
                renditions,
                sets=tuple(
                    RoleSet(lane.role, tuple(map(_allotted, lane.shown, shares[key, lane.role])))
                    for lane in renditions.sets
                ),
            )
            for key, renditions in self.seen.items()
        }

    def wishes(self, level: int) -> Mapping[Group, tuple[Wish, ...]]:
        """What to wish of every picture, so that it keeps to what it was allotted."""
        shares = self._shares(level)
        sizes = sorted((share.expected_bytes for lane in shares.values() for share in lane if share), reverse=True)
        large = sizes[max(len(sizes) // SPARED, min(FEWEST_SPARED, len(sizes) - 1))] if sizes else 0
        return {group: tuple(_wish(share, large) for share in lane) for group, lane in shares.items()}

    def _shares(self, level: int) -> dict[Group, tuple[_Share | None, ...]]:
        """For every picture its quality at that level, and its bytes."""
        expected: dict[Group, list[tuple[int, int] | None]] = {}
        for (key, role), lane in self.curves.items():
            qualities = [quality_at(level, curve) if curve else 0 for curve in lane]
            expected[key, role] = [
                (quality, curve.size_bytes(quality)) if curve else None
                for curve, quality in zip(lane, qualities, strict=True)
            ]
        sizes = [each[1] for lane in expected.values() for each in lane if each]
        least = LEAST_LEEWAY * fmean(sizes) if sizes else 0
        return {
            group: tuple(_Share(*each, round(LEEWAY * each[1] + least)) if each else None for each in lane)
            for group, lane in expected.items()
        }


@dataclass(frozen=True, slots=True)
class _Share:
    """The quality of one picture, the bytes expected of it, and how far it may miss them."""

    quality: int
    expected_bytes: int
    leeway_bytes: int


def _allotted(shown: Shown, share: _Share | None) -> Shown:
    if share is None or not isinstance(shown, Rendition):
        return shown
    return replace(shown, quality=share.quality, size_bytes=share.expected_bytes + share.leeway_bytes)


def _wish(share: _Share | None, large: int) -> Wish:
    if share is None:
        return Wish(0)
    better = min(quality_of(coarseness(share.quality) * BETTER), HIGHEST_QUALITY)
    return Wish(
        share.quality,
        allotted_bytes=share.expected_bytes + share.leeway_bytes,
        least_bytes=max(1, share.expected_bytes - 4 * share.leeway_bytes),
        is_dense=True,
        is_judged=True,
        spare=better if share.expected_bytes > large else 0,
    )


def quality_at(level: int, curve: Curve) -> int:
    """The quality of a picture at a level from 0 to LEVELS, which shows as much as the profile's; never past FLOOR.

    An empty page has the profile's at every level: its one colour would change for nothing.
    """
    if curve.is_empty:
        return quality_of(curve.usual_coarseness)
    wanted = quality_of(curve.usual_coarseness * COARSEST ** (1 - level / LEVELS))
    legible = curve.quality_for(max(FLOOR, curve.usual_distance))
    return min(max(wanted, legible), HIGHEST_QUALITY)


def _lanes(seen: Mapping[Key, Renditions]) -> Iterator[tuple[Key, RoleSet]]:
    for key, renditions in seen.items():
        for lane in renditions.sets:
            yield key, lane


def _is_judged(shown: Shown) -> TypeGuard[Rendition]:
    return isinstance(shown, Rendition) and shown.distance >= 0
