"""A plan that fits its medium: one level of quality for all pictures, the best at which the tree fits.

Nothing is given up while everything fits at the quality of the profile. Then editions are given up that the profile
calls optional, then quality; publications only where the organizer says so. Pictures that need another quality are
encoded by a function that the caller gives; all else works on values alone.
"""

from __future__ import annotations

import pickle
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from types import MappingProxyType

from packager.errors import DoesNotFit
from packager.layout.build_input import BuildInput
from packager.model import AllRenditions, Document, Edition, Role
from packager.plan.plan import Plan, plan, specs
from packager.plan.sizes import LEVELS, Densities, Qualities, changes, expected_bytes, resized

Encode = Callable[[BuildInput, AllRenditions, Qualities], AllRenditions]
"""Encodes pictures of a build anew, each of which has a quality in the mapping; gives these and all others."""

# What is left free of the space when a level is looked for, one search after another; the last leaves nothing.
_MARGINS = (0.015, 0.015, 0.02, 0.03)
_NEARLY = 1.03  # of the space: what is likely to take no more may fit without any loss, and is tried
_FULL = 0.97  # of the space: a tree that takes more is not made again to take more
_UNKNOWN: Densities = MappingProxyType({})
_RETRIED_PUBLICATIONS = 20  # publications that are tried again, each with a plan of its own


def first_level(build: BuildInput, densities: Densities = _UNKNOWN) -> int:
    """Return the level at which all pictures are likely to fill the medium; 0 where they are likely to fit anyway."""
    *_, editions = _edition_fallbacks(build)

    def fits(level: int) -> bool:
        return expected_bytes(build, editions, level, densities) <= build.medium.payload_bytes

    return bisect_left(range(LEVELS), True, key=fits)


def fit(build: BuildInput, pictures: AllRenditions, level: int, encode: Encode, *, drops: bool = False) -> Plan:
    """Return the plan that makes the most of the medium; `pictures` are all, encoded at the `level`.

    DoesNotFit when the lowest quality takes too much, unless it `drops` publications, those of least priority first.
    """
    build = replace(build, size_of=_memoized(build.size_of))
    usual = resized(build, pictures, changes(build, pictures, 0))
    whole = plan(build, usual, build.editions)
    if level and whole.occupied_bytes <= _NEARLY * build.medium.payload_bytes:
        level, usual = 0, encode(build, pictures, changes(build, pictures, 0))
        pictures, whole = usual, plan(build, usual, build.editions)
    if whole.fits and not level:
        return whole
    for editions in _edition_fallbacks(build):  # the first that fit at the quality of the profile, else the fewest
        if plan(build, _without_unused_roles(build, usual, editions), editions).fits:
            break
    made, pictures = _search_quality(build, editions, _without_unused_roles(build, pictures, editions), level, encode)
    if made.fits:
        return _with_losses(made, whole)
    dropped = _to_drop(build, made, pictures, editions)
    if not drops or len(dropped) == len(build.library.publications):
        raise _too_large(build, made, pictures, editions, dropped)
    kept = build.without(dropped)
    pictures = encode(kept, pictures, {})  # some of them list what is in the tree
    made, _ = _search_quality(kept, editions, pictures, LEVELS, encode)
    return replace(_with_losses(made, plan(kept, usual, kept.editions)), dropped=dropped)


def _edition_fallbacks(build: BuildInput) -> Iterator[tuple[Edition, ...]]:
    """Yield the editions asked for, then without the optional ones, one after another; one always remains.

    What the organizer names is wanted, whatever the profile calls it.
    """
    editions = build.editions
    yield editions
    optional = build.profile.optional if build.definition.editions is None else ()
    for edition in optional:
        if edition in editions and len(editions) > 1:
            editions = tuple(kept for kept in editions if kept is not edition)
            yield editions


def _without_unused_roles(build: BuildInput, pictures: AllRenditions, editions: tuple[Edition, ...]) -> AllRenditions:
    """Return the renditions without those in roles that only editions need which are given up."""

    def roles(editions: tuple[Edition, ...]) -> set[Role]:
        works = [version.work for _, version in build.library.versions]
        return {spec.role for work in works for spec in specs(work, build.profile, editions)}

    gone = roles(build.editions) - roles(editions)
    return {
        key: replace(renditions, sets=tuple(one for one in renditions.sets if one.role not in gone))
        for key, renditions in pictures.items()
    }


def _search_quality(
    build: BuildInput, editions: tuple[Edition, ...], pictures: AllRenditions, level: int, encode: Encode
) -> tuple[Plan, AllRenditions]:
    """Return the plan that fills the medium, and the pictures: where it does not fit, they have the lowest quality.

    Each search for a level knows what the pictures took at the one before, so that few are encoded more than twice.
    """
    best: Plan | None = None
    for margin in (*_MARGINS, 1):
        made = replace(plan(build, pictures, editions), level=level)
        if made.fits and (best is None or made.occupied_bytes > best.occupied_bytes):
            best = made
        if best and (margin == 1 or not level or best.occupied_bytes >= _FULL * build.medium.payload_bytes):
            return best, pictures
        level = _level(build, editions, pictures, round((1 - margin) * build.medium.payload_bytes))
        anew = changes(build, pictures, level)
        if not anew:
            return best or made, pictures
        pictures = encode(build, pictures, anew)
    return replace(plan(build, pictures, editions), level=level), pictures


def _level(build: BuildInput, editions: tuple[Edition, ...], pictures: AllRenditions, space_bytes: int) -> int:
    """Return the lowest level at which the tree probably takes no more than that."""

    def fits(level: int) -> bool:
        expected = resized(build, pictures, changes(build, pictures, level))
        return plan(build, expected, editions).occupied_bytes <= space_bytes

    return bisect_left(range(LEVELS), True, key=fits)


def _with_losses(made: Plan, whole: Plan) -> Plan:
    kept = dict(made.editions)
    return replace(made, given_up=tuple((edition, size) for edition, size in whole.editions if edition not in kept))


def _to_drop(
    build: BuildInput, lowest: Plan, pictures: AllRenditions, editions: tuple[Edition, ...]
) -> tuple[str, ...]:
    """Return the publications without which the rest fits at the lowest quality, in which the pictures are.

    Those of least priority go first, and of the same priority the largest; what may stay all the same, then stays.
    """
    sizes = _sizes(lowest)
    order = sorted(build.library.publications, key=lambda each: (-each.priority, -sizes[each.id], each.id))
    ids = tuple(publication.id for publication in order)

    def fits(dropped: tuple[str, ...]) -> bool:
        return len(dropped) == len(ids) or plan(build.without(dropped), pictures, editions).fits

    fewest = bisect_left(range(len(ids)), True, key=lambda count: fits(ids[:count]))
    dropped = ids[:fewest]
    for id_ in dropped[-_RETRIED_PUBLICATIONS - 1 : -1][::-1]:
        fewer = tuple(each for each in dropped if each != id_)
        dropped = fewer if fits(fewer) else dropped
    return dropped


def _sizes(made: Plan) -> Mapping[str, int]:
    """Return the bytes of each publication, all versions together."""
    sizes = Counter[str]()
    for share in made.shares:
        sizes[share.key[0]] += share.size_bytes
    return sizes


def _too_large(
    build: BuildInput, lowest: Plan, pictures: AllRenditions, editions: tuple[Edition, ...], dropped: tuple[str, ...]
) -> DoesNotFit:
    sizes = _sizes(lowest)
    name = lowest.medium.name or "the space given"
    needed, held = (_mb(size) for size in (lowest.occupied_bytes, lowest.medium.payload_bytes))
    what = f"the bundle takes {needed} even with the poorest pictures that can be read, and {name} holds {held}"
    if len(dropped) == len(build.library.publications):
        return DoesNotFit(f"{what}; not one publication would fit", hint="Choose a larger stick.")
    lines = [
        f"\n  {each.id:<16} {_mb(sizes[each.id]):>10}  priority {each.priority}  {each.versions[0].title}"
        for id_ in dropped
        for each in build.library.publications
        if each.id == id_
    ]
    freed = lowest.occupied_bytes - plan(build.without(dropped), pictures, editions).occupied_bytes
    error = DoesNotFit(f"{what}; it fits without{''.join(lines)}\n  together {_mb(freed)}")
    error.can_drop = True
    return error


def _mb(size_bytes: int) -> str:
    return f"{round(size_bytes / 1e6, 2):g} MB"


def _memoized(size_of: Callable[[Document], int]) -> Callable[[Document], int]:
    """Return the same, which renders no document again that only has other bytes in its pictures."""

    sizes: dict[bytes, int] = {}

    def memoized(document: Document) -> int:
        # Views are deep, and not all of them can be hashed; two that are equal may differ here, and are rendered then.
        text = sha256(pickle.dumps((document.template, document.view))).digest()
        if text not in sizes:
            sizes[text] = size_of(document)
        return sizes[text]

    return memoized
