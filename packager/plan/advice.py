"""What a person would do where space is short: what each step frees, what comes of it, and the option that does it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from packager.config import media
from packager.config.filesystems import KIB
from packager.config.media import Format, Medium
from packager.layout.build_input import BuildInput
from packager.model import AllRenditions, Edition
from packager.plan.filling import largest_share
from packager.plan.optional import given_up, with_all_that_fit, with_needed_roles, without_optional
from packager.plan.plan import FULL, SMALL_CLUSTER, Advice, Plan, are_enough, plan
from packager.plan.rates import foretold, needs, rates_at
from packager.plan.sizes import LEVELS, changes, resized
from packager.plan.split import AS_NEEDED, split_library

_MUCH = 0.03  # of the space: what smaller clusters must save to be worth another way of formatting
_LEVELS_BETWEEN = 25  # those that are tried: a quality of one or two less
_WHOLE = "then all of it fits"


def advice(
    build: BuildInput, made: Plan, pictures: AllRenditions, usual: AllRenditions | None = None
) -> tuple[Advice, ...]:
    """What would help where `made` fits with losses, or not at all; `pictures` are those of all editions, as there.

    `usual` are the same in the quality of the profile, where they are known; else their sizes are estimates.
    """
    steps = [*_smaller_clusters(build, made, pictures)]
    steps += sorted(_fewer_editions(build, made, pictures), key=lambda step: -step.frees_bytes)
    if can_be_split(build):
        steps += _more_media(build, pictures, usual)
    return tuple(steps)


def can_be_split(build: BuildInput) -> bool:
    """Whether several media can hold what one cannot."""
    return bool(build.medium.payload_bytes) and not build.elsewhere and len(build.library.publications) > 1


def _smaller_clusters(build: BuildInput, made: Plan, pictures: AllRenditions) -> Iterator[Advice]:
    clusters = build.medium.cluster_bytes
    if clusters <= SMALL_CLUSTER:
        return
    other = replace(build, medium=_with_clusters(build.medium, SMALL_CLUSTER))
    freed = made.occupied_bytes - _planned(other, pictures).occupied_bytes
    freed += other.medium.payload_bytes - build.medium.payload_bytes
    if freed < _MUCH * build.medium.payload_bytes:
        return
    small, large = (f"{size // KIB} KiB" for size in (SMALL_CLUSTER, clusters))
    quality, result = _reached(other, pictures)
    if made.fits and not made.level and result != _WHOLE:
        return  # the pictures are as good as they can be, and no edition comes back whole
    words = f"on a stick formatted with clusters of {small}, not {large}: {result}"
    yield Advice(f"--cluster {small.replace(' ', '')}", freed, quality, words)


def _with_clusters(medium: Medium, cluster_bytes: int) -> Medium:
    wanted = Format(medium.filesystem, cluster_bytes)
    if medium.capacity_bytes:
        return media.described(medium.name, medium.capacity_bytes, wanted)
    return replace(medium, cluster_bytes=cluster_bytes)


def _fewer_editions(build: BuildInput, made: Plan, pictures: AllRenditions) -> Iterator[Advice]:
    """One edition less: for better pictures, or where these are good, so that all works have the others."""
    kept, lost = [edition for edition, _ in made.editions], {edition for edition, _ in build.lacking}
    is_poor = made.level > 0 or made.film_share < FULL or not made.fits
    for edition in kept:
        rest = tuple(other for other in (kept if is_poor else build.editions) if other is not edition)
        if edition in lost or not are_enough(rest, build.profile):
            continue
        other = replace(build, editions=rest, definition=replace(build.definition, editions=rest))
        quality, result = _reached(other, pictures)
        if result == _WHOLE:
            result = f"then the rest fits in quality {quality}"
        elif not is_poor:
            continue
        less = replace(build, editions=tuple(other for other in build.editions if other is not edition))
        freed = made.occupied_bytes - _planned(less, pictures).occupied_bytes
        if made.fits and not made.level and is_poor and freed < _MUCH * build.medium.payload_bytes:
            continue  # films would hardly be better
        yield Advice(f"--editions {','.join(rest)}", freed, quality, f"without the edition {edition}: {result}")


def _more_media(build: BuildInput, pictures: AllRenditions, usual: AllRenditions | None) -> Iterator[Advice]:
    whole = replace(build, lacking=frozenset())
    lowest = _at(LEVELS, 0, whole, pictures)
    usual = foretold(whole, usual, FULL) if usual else _at(0, FULL, whole, pictures)
    trees = split_library(whole, usual, AS_NEEDED)
    if all(_planned(without_optional(tree), lowest).fits for tree in trees):
        result = _lost(trees, usual) or _WHOLE
        quality = max(1, plan(whole, usual).quality)
        yield Advice("--split", 0, quality, f"about {len(trees)} of that size: {result}")


def _lost(trees: Sequence[BuildInput], usual: AllRenditions) -> str:
    """What is lost where each tree is on a medium of its own, in words; "" for nothing."""
    poorer, without = 0, Counter[Edition]()
    for tree in trees:
        kept = without_optional(tree)
        made = _planned(kept, usual)
        poorer += not made.fits  # it holds one work
        if made.fits:
            kept = with_all_that_fit(kept, usual, made)
        without.update({lost.edition: len(lost.ids) for lost in given_up(kept, usual)})
    losses = [f"{number} of them without the edition {edition}" for edition, number in without.items()]
    losses += [f"{poorer} of them in poorer pictures"] * bool(poorer)
    return ", ".join(["then all works fit", *losses]) if losses else ""


def fewer_media(whole: BuildInput, renditions: AllRenditions, count: int) -> tuple[Advice, ...]:
    """How many media would do instead of `count` without what the profile calls optional; nothing where as many."""
    least = without_optional(whole)
    rest = tuple(
        edition for edition in whole.editions if (edition, whole.library.publications[0].id) not in least.lacking
    )
    if rest == whole.editions or count == 1:
        return ()
    pictures = with_needed_roles(least, renditions)
    number = len(split_library(least, pictures, AS_NEEDED))
    if number >= count:
        return ()
    gone = " and ".join(edition for edition in whole.editions if edition not in rest)
    words = f"{number} of that size, not {count}, hold all but the edition {gone}"
    return (Advice(f"--editions {','.join(rest)}", 0, plan(least, pictures).quality, words),)


def _reached(build: BuildInput, pictures: AllRenditions) -> tuple[int, str]:
    """About the quality that pictures would have, and in words what would be lost; 0 where it does not fit."""

    def planned(level: int, share: int, build: BuildInput) -> Plan:
        return _planned(build, _at(level, share, build, pictures))

    whole = planned(0, FULL, replace(build, lacking=frozenset()))
    if whole.fits:
        return max(1, whole.quality), _WHOLE
    least, levels = without_optional(build), range(0, LEVELS + 1, _LEVELS_BETWEEN)
    if needs(build) and (share := largest_share(least, _at(0, 0, least, pictures))) is not None:
        return max(1, whole.quality), f"films and sound get {_percent(least, share)} % of the bytes of their best"
    level = bisect_left(levels[:-1], True, key=lambda level: planned(level, 0, least).fits)
    best = planned(levels[level], 0, least)
    if not best.fits:
        return 0, "not enough alone"
    return max(1, best.quality), f"pictures of about quality {best.quality}"


def _at(level: int, share: int, build: BuildInput, pictures: AllRenditions) -> AllRenditions:
    """The renditions about as large as they are at a level of pictures and a share of films."""
    return foretold(build, resized(build, pictures, changes(build, pictures, level)), share)


def _percent(build: BuildInput, share: int) -> int:
    every = needs(build)
    best, given = (sum(every[key].size_bytes(one) for key, one in rates_at(every, at).items()) for at in (FULL, share))
    return 100 * given // best


def _planned(build: BuildInput, pictures: AllRenditions) -> Plan:
    return plan(build, with_needed_roles(build, pictures))


def as_lines(steps: tuple[Advice, ...]) -> Iterator[str]:
    """A line for each, with its option first."""
    width = max((len(step.option) for step in steps), default=0)
    for step in steps:
        frees = f"frees {megabytes(step.frees_bytes)}, " if step.frees_bytes else ""
        yield f"{step.option:<{width}}  {frees}{step.words}"


def megabytes(size_bytes: int) -> str:
    """The size in MB, as short as two decimals make it."""
    return f"{round(size_bytes / 1e6, 2):g} MB"
