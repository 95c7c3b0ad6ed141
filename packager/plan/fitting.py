"""A plan that fits its medium: one level of quality for all pictures, the best at which the tree fits.

Nothing is given up while everything fits at the quality of the profile. Then films lose what is hardly seen, then
editions are given up that the profile calls optional, then films get less, down to their floor, and at last pictures;
publications only where the organizer says so. Pictures that need another quality are
encoded by a function that the caller gives; all else works on values alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from packager.layout.build_input import BuildInput
from packager.model import AllRenditions, RoleRenditions, VersionKey
from packager.plan.advice import advice, can_be_split
from packager.plan.counting import counted, too_many
from packager.plan.dropping import to_drop, too_large
from packager.plan.filling import largest_share, lowered, with_sizes_of
from packager.plan.optional import given_up, with_all_that_fit, with_needed_roles, without_optional
from packager.plan.plan import FULL, Plan, plan
from packager.plan.rates import floor_bytes, foretold, needs, rates_at
from packager.plan.sizes import LEVELS, Densities, Qualities, changes, expected_bytes, resized

Encode = Callable[[BuildInput, AllRenditions, Qualities], AllRenditions]
"""Encodes pictures of a build anew, each of which has a quality in the mapping; gives these and all others."""

# What is left free of the space when a level is looked for, one search after another; the last leaves nothing.
_MARGINS = (0.015, 0.015, 0.02, 0.03)
_NEARLY = 1.03  # of the space: what is likely to take no more may fit without any loss, and is tried
_FULL = 0.97  # of the space: a tree that takes more is not made again to take more
_UNSEEN = 900  # the share at which films lose nothing that is seen
_UNKNOWN: Densities = MappingProxyType({})


def first_level(build: BuildInput, densities: Densities = _UNKNOWN) -> int:
    """Return the level at which all pictures are likely to fill the medium; 0 where they are likely to fit anyway."""
    least, space_bytes = without_optional(build), build.medium.payload_bytes - floor_bytes(build)

    def fits(level: int) -> bool:
        return expected_bytes(least, level, densities) <= space_bytes

    return bisect_left(range(LEVELS), True, key=fits)


def fit(
    build: BuildInput, pictures: AllRenditions, level: int, encode: Encode, *, drops: bool = False
) -> tuple[Plan, AllRenditions]:
    """Return the plan that makes the most of the medium, and its renditions, among which films and sound are foretold.

    `pictures` are all, encoded at the `level`. DoesNotFit when the lowest quality takes too much, unless it `drops`
    publications, those of least priority first, and when there are too many files, or one too large, even without
    optional editions.
    """
    if not needs(build):
        if not level and (unreduced := plan(build, pictures)).fits:
            return unreduced, pictures
        if build.has_search and build.definition.search is None:
            build = replace(build, has_search=False)  # nothing is made poorer for what nobody asked for
        return _fit_pictures(build, pictures, level, encode, drops=drops)
    at_best = foretold(build, pictures, FULL)
    if not level and (unreduced := plan(build, at_best)).fits:
        return unreduced, at_best
    pictures = foretold(build, pictures, _share_beside(build, resized(build, pictures, changes(build, pictures, 0))))
    made, shown = _fit_pictures(build, pictures, level, encode, drops=drops)
    if made.dropped:  # the others have had their part
        return made, shown
    kept = replace(build, lacking=frozenset((lost.edition, id_) for lost in made.given_up for id_ in lost.ids))
    share = largest_share(kept, shown) or 0
    shown = foretold(kept, shown, share)
    every = needs(kept)
    poorer = lowered(every, rates_at(every, share))
    filled = with_sizes_of(made, plan(kept, shown), film_share=share, lowered=poorer)
    if poorer and not made.advice:
        whole = foretold(build, pictures, share)
        filled = replace(filled, advice=advice(kept, filled, whole))
    return filled, shown


def _share_beside(build: BuildInput, usual: AllRenditions) -> int:
    """The share of films beside pictures in the quality of the profile; 0 where there is no space for these."""
    share = largest_share(build, usual)
    if share is not None and share >= _UNSEEN:
        return share
    least = without_optional(build)
    return largest_share(least, with_needed_roles(least, usual)) or 0


def _fit_pictures(
    build: BuildInput, pictures: AllRenditions, level: int, encode: Encode, *, drops: bool
) -> tuple[Plan, AllRenditions]:
    """As `fit`, for pictures beside films and sound of a size that is settled."""
    usual = resized(build, pictures, changes(build, pictures, 0))
    whole = plan(build, usual)
    if level and whole.occupied_bytes <= _NEARLY * build.medium.payload_bytes:
        level, pictures = 0, encode(build, pictures, changes(build, pictures, 0))
        whole = plan(build, pictures)
    if whole.fits and not level:
        return whole, pictures
    least = without_optional(build)
    if (poorest := plan(least, with_needed_roles(least, usual))).refused:
        is_many = len(poorest.entries) > least.profile.tree.max_files
        raise too_many(least, counted(least, with_needed_roles(least, usual))) if is_many else poorest.refused
    made, reached = _search_quality(least, with_needed_roles(least, pictures), level, encode)
    if made.fits:
        return _with_editions(least, made, _together(pictures, reached), encode)
    dropped, pictures = to_drop(least, made, reached), _together(pictures, reached)
    if not drops or len(dropped) == len(build.library.publications):
        every = replace(least, lacking=frozenset())
        # Who gets nothing is to be told how many media it takes, and not about how many.
        exact = encode(every, pictures, changes(every, pictures, 0)) if can_be_split(every) else None
        raise too_large(least, made, pictures, dropped, exact)
    kept = build.without(dropped)
    # Some of the pictures list what is in the tree.
    rest, shown = fit(kept, encode(kept, pictures, {}), LEVELS, encode)
    return replace(rest, dropped=dropped, advice=advice(least, made, pictures)), shown


def _with_editions(
    least: BuildInput, made: Plan, pictures: AllRenditions, encode: Encode
) -> tuple[Plan, AllRenditions]:
    """The plan with what it may hold of optional editions too, which is nothing where pictures had to be poorer.

    `made` is the plan in the fewest editions, and `pictures` are those of all.
    """
    whole = replace(least, lacking=frozenset())
    anew = changes(whole, pictures, made.level)
    if made.level:
        kept, shown = least, pictures
        pictures = resized(whole, pictures, anew)
    else:
        shown = pictures = encode(whole, pictures, anew) if anew else pictures
        kept = with_all_that_fit(least, pictures, made)
        made = plan(kept, with_needed_roles(kept, pictures))
    lost = given_up(kept, pictures)
    steps = advice(kept, made, pictures) if lost or made.level else ()
    return replace(made, given_up=lost, advice=steps), with_needed_roles(kept, shown)


def _together(pictures: AllRenditions, others: AllRenditions) -> AllRenditions:
    """All the pictures, those that `others` has too as they are there."""

    def newest(key: VersionKey, one: RoleRenditions) -> RoleRenditions:
        return next((other for other in others[key].sets if other.role is one.role), one)

    return {
        key: replace(renditions, sets=tuple(newest(key, one) for one in renditions.sets))
        for key, renditions in pictures.items()
    }


def _search_quality(
    build: BuildInput, pictures: AllRenditions, level: int, encode: Encode
) -> tuple[Plan, AllRenditions]:
    """Return the plan that fills the medium, and its pictures: where it does not fit, they have the lowest quality.

    Each search for a level knows what the pictures took at the one before, so that few are encoded more than twice.
    """
    best: tuple[Plan, AllRenditions] | None = None
    for margin in (*_MARGINS, 1):
        made = replace(plan(build, pictures), level=level)
        if made.fits and (best is None or made.occupied_bytes > best[0].occupied_bytes):
            best = made, pictures
        if best and (margin == 1 or not level or best[0].occupied_bytes >= _FULL * build.medium.payload_bytes):
            return best
        level = _level(build, pictures, round((1 - margin) * build.medium.payload_bytes))
        anew = changes(build, pictures, level)
        if not anew:
            return best or (made, pictures)
        pictures = encode(build, pictures, anew)
    return replace(plan(build, pictures), level=level), pictures


def _level(build: BuildInput, pictures: AllRenditions, space_bytes: int) -> int:
    """Return the lowest level at which the tree probably takes no more than that."""

    def fits(level: int) -> bool:
        expected = resized(build, pictures, changes(build, pictures, level))
        return plan(build, expected).occupied_bytes <= space_bytes

    return bisect_left(range(LEVELS), True, key=fits)
