"""The small pictures of the organizer's report: of all pages of a small library, else some of each chapter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from packager.model import (
    Comic,
    Flow,
    Library,
    Missing,
    Picture,
    Rendition,
    RenditionOrGap,
    Renditions,
    RenditionSpec,
    Role,
    Version,
    VersionKey,
)

MOST = 2000  # of one library: some 8 MB of the report
WIDTH, TALLEST, QUALITY = 96, 160, 55  # at which lettering is grey and a face can still be told


def parts(version: Version) -> tuple[range, ...]:
    """Return the indexes of a version's pictures by chapter; what stands before the first chapter is a part too."""
    chapters = version.work.chapters if isinstance(version.work, Comic) else ()
    bounds = (0, *(chapter.first for chapter in chapters), len(version.pictures))
    return tuple(range(first, end) for first, end in pairwise(bounds) if first < end)


def chosen(library: Library, most: int = MOST) -> dict[VersionKey, frozenset[int]]:
    """Return which pictures of each version have a thumbnail, by their indexes: at most about `most` in all.

    Of each chapter the first, then as many as of every other, evenly spread; with more chapters than `most`, of each
    version the first chapters.
    """
    by_version = {key: parts(version) for key, version in library.versions}
    every = [part for each in by_version.values() for part in each]
    number = _of_each_part(every, most)
    if number:
        return {key: frozenset(i for part in each for i in _spread(part, number)) for key, each in by_version.items()}
    chapters = max(1, most // max(1, len(by_version)))
    return {key: frozenset(part[0] for part in each[:chapters]) for key, each in by_version.items()}


def spec(version: Version, indexes: Collection[int]) -> RenditionSpec:
    """Return how to encode them, where a comic's own cover stands before its pictures, as in other specs.

    A picture that is no larger stands for itself. Slices of a strip are not known before they are cut, so that all are
    encoded; see `set_apart`.
    """
    work = version.work
    whole = RenditionSpec(Role.THUMBNAIL, WIDTH, TALLEST, WIDTH * TALLEST, QUALITY)
    if isinstance(work, Comic) and work.flow is Flow.STRIP:
        return whole
    qualities = tuple(
        QUALITY if index in indexes and not _is_small(one) else None for index, one in enumerate(version.pictures)
    )
    is_behind_cover = isinstance(work, Comic) and work.cover is not None and work.cover not in work.pictures
    return replace(whole, qualities=(QUALITY, *qualities) if is_behind_cover else qualities)


def set_apart(renditions: Renditions, indexes: Collection[int]) -> Renditions:
    """Return the renditions with those of thumbnails in their own place: one for each index, and that of a cover.

    A strip's is the first slice that begins in the picture or behind it. What was not encoded is as it is in the tree.
    """
    needed: list[RenditionOrGap] = []
    shown = next((one.shown for one in renditions.sets if one.role in (Role.PAGE, Role.PHONE, Role.PHOTO)), ())
    as_they_are = {one.first: one for one in shown if isinstance(one, Rendition)}
    following = sorted(indexes, reverse=True)
    for one in renditions.of(Role.THUMBNAIL):
        is_cover = one.first < 0
        if isinstance(one, Rendition) and not one.size_bytes:
            if one.first not in indexes or one.first not in as_they_are:
                continue
            one = as_they_are[one.first]  # noqa: PLW2901 - as if it were encoded
        if is_cover or (following and following[-1] <= one.first):
            needed.append(one)
        while following and following[-1] <= one.first:
            following.pop()
    sets = tuple(one for one in renditions.sets if one.role is not Role.THUMBNAIL)
    return replace(renditions, sets=sets, thumbnails=tuple(needed))


def _is_small(picture: Picture | Missing) -> bool:
    return isinstance(picture, Picture) and picture.width <= WIDTH and picture.height <= TALLEST


def _of_each_part(every: Sequence[range], most: int) -> int:
    """Return the largest number of each part, 0 for none, with which all parts have at most `most`."""
    number, longest = 0, max(map(len, every), default=0)
    step = 1 << longest.bit_length()
    while step:
        if sum(min(len(part), number + step) for part in every) <= most:
            number += step
        step >>= 1
    return min(number, longest)


def _spread(part: range, number: int) -> Sequence[int]:
    if len(part) <= number:
        return part
    return [part[place * len(part) // number] for place in range(number)]
