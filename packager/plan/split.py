"""A library over several media: series together, important works first, as few media as can be.

First-fit decreasing needs at most 11/9 of the fewest media and one more (Johnson, 1973), and most often the fewest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from packager.errors import DoesNotFit, UsageError
from packager.layout.build_input import BuildInput, OtherTree
from packager.model import AllRenditions
from packager.plan.plan import plan

Ids = tuple[str, ...]  # of what goes on one medium

AS_NEEDED = 0
"""In the place of a number of media: as many as it takes."""

_TRIES = 30  # each leaves more space for what the trees have in common; two are usual
_NAME = 36  # letters of a folder's name, before a dash and a number


@dataclass(frozen=True, slots=True)
class SplitUnit:
    """What must stay together: its ids in the order of the library, the bytes it takes, and how important it is."""

    ids: Ids
    size_bytes: int
    priority: int = 1


WeighedWorks = tuple[tuple[str, SplitUnit], ...]  # the series of each publication or "", and what it takes


def split_library(whole: BuildInput, renditions: AllRenditions, count: int) -> tuple[BuildInput, ...]:
    """What each tree is made from, in the order of importance; one alone keeps its name.

    `renditions` are all in the profile's quality. Raises UsageError where there are fewer works than media.
    """
    works = len(whole.library.publications)
    if count > works:
        raise UsageError(f"--split {count}: there are only {works} works", hint="Take fewer media.")
    # Each tree speaks the languages of the whole library.
    whole = replace(whole, definition=replace(whole.definition, languages=whole.languages))
    weighed, common_bytes = _weighed(whole, renditions)
    if count == AS_NEEDED:
        return _fewest_trees(whole, renditions, weighed, common_bytes)
    space_bytes = max(whole.medium.payload_bytes - common_bytes, sum(unit.size_bytes for _, unit in weighed) // count)
    together = units(weighed, space_bytes)  # where keeping series together leaves too few units, they fall apart
    return _trees(whole, split_evenly(together if len(together) >= count else [unit for _, unit in weighed], count))


def _weighed(whole: BuildInput, renditions: AllRenditions) -> tuple[WeighedWorks, int]:
    """What each publication adds to a tree, cluster by cluster, and what every tree has beside."""
    publications = whole.library.publications
    alone = [_occupied(whole.holding([publication]), renditions) for publication in publications]
    common = 0
    if len(publications) > 1:
        common = sum(alone[:2]) - _occupied(whole.holding(publications[:2]), renditions)
    weighed = tuple(
        (
            publication.series.in_language(publication.versions[0].language),
            SplitUnit((publication.id,), taken - common, publication.priority),
        )
        for publication, taken in zip(publications, alone, strict=True)
    )
    return weighed, common


def _fewest_trees(
    whole: BuildInput, renditions: AllRenditions, weighed: WeighedWorks, common_bytes: int
) -> tuple[BuildInput, ...]:
    """As few trees as are found that all fit; a work too large for any medium has one alone."""
    reserved_bytes = common_bytes
    for _ in range(_TRIES):
        space_bytes = whole.medium.payload_bytes - reserved_bytes
        trees = _trees(whole, split(units(weighed, space_bytes), space_bytes))
        excess_bytes = max(_excess(tree, renditions) for tree in trees)
        if not excess_bytes:
            return trees
        reserved_bytes += excess_bytes
    raise DoesNotFit(
        "the works could not be shared out so that each medium holds its part", hint="Say over how many: --split 3."
    )


def _excess(tree: BuildInput, renditions: AllRenditions) -> int:
    """By how much a tree is too large; of a single work, whose pictures can only be made poorer, nothing is asked."""
    if len(tree.library.publications) == 1:
        return 0
    try:
        return max(0, _occupied(tree, renditions) - tree.medium.payload_bytes)
    except DoesNotFit:  # more files than the profile's devices show
        return tree.medium.payload_bytes // 10


def _occupied(tree: BuildInput, renditions: AllRenditions) -> int:
    return plan(tree, renditions).occupied_bytes


def _trees(whole: BuildInput, shares: Sequence[Ids]) -> tuple[BuildInput, ...]:
    if len(shares) == 1:
        return (whole,)
    trees = tuple(
        OtherTree(
            f"{whole.definition.name[:_NAME]}-{number}",
            tuple(each for each in whole.library.publications if each.id in share),
        )
        for number, share in enumerate(map(frozenset, shares), start=1)
    )
    return tuple(
        replace(
            whole.holding(tree.publications),
            definition=replace(whole.definition, name=tree.folder),
            elsewhere=tuple(other for other in trees if other is not tree),
        )
        for tree in trees
    )


def units(works: Iterable[tuple[str, SplitUnit]], space_bytes: int) -> tuple[SplitUnit, ...]:
    """Works, each with the name of its series or "", as units: a series that fits on one medium is one unit."""
    series: dict[str, list[SplitUnit]] = {}
    for number, (name, unit) in enumerate(works):
        series.setdefault(name or f"\0{number}", []).append(unit)
    together: list[SplitUnit] = []
    for members in series.values():
        size_bytes = _size(members)
        if size_bytes > space_bytes:
            together += members
        else:
            ids = tuple(id_ for unit in members for id_ in unit.ids)
            together.append(SplitUnit(ids, size_bytes, min(unit.priority for unit in members)))
    return tuple(together)


def split(chosen: Sequence[SplitUnit], space_bytes: int) -> tuple[Ids, ...]:
    """As few shares as first-fit finds, none larger than `space_bytes` unless one unit alone is.

    Important works come first; where that takes more media than the order of sizes alone, it is given up.
    """
    by_priority = _first_fit(sorted(chosen, key=lambda unit: (unit.priority, -unit.size_bytes)), space_bytes)
    by_size = _first_fit(sorted(chosen, key=lambda unit: (-unit.size_bytes, unit.priority)), space_bytes)
    return _shares(by_size if len(by_size) < len(by_priority) else by_priority)


def split_evenly(chosen: Sequence[SplitUnit], count: int) -> tuple[Ids, ...]:
    """So many shares, as equal as taking the largest first makes them; there are at least as many units."""
    shares: list[list[SplitUnit]] = [[] for _ in range(count)]
    for unit in sorted(chosen, key=lambda unit: (-unit.size_bytes, unit.priority)):
        min(shares, key=_size).append(unit)
    return _shares(shares)


def _first_fit(ordered: Sequence[SplitUnit], space_bytes: int) -> list[list[SplitUnit]]:
    shares: list[list[SplitUnit]] = []
    for unit in ordered:
        share = next((share for share in shares if _size(share) + unit.size_bytes <= space_bytes), None)
        if share is None:
            shares.append(share := [])
        share.append(unit)
    return shares


def _size(share: Iterable[SplitUnit]) -> int:
    return sum(unit.size_bytes for unit in share)


def _shares(shares: Sequence[Sequence[SplitUnit]]) -> tuple[Ids, ...]:
    """The ids of each, the share with the most important works first; what was left over stays last."""
    ordered = sorted(shares, key=lambda share: sum(unit.priority for unit in share) / len(share))
    return tuple(tuple(id_ for unit in share for id_ in unit.ids) for share in ordered)
