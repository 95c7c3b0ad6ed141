"""A library over several media: which publications each tree holds, at the profile's quality (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from packager.errors import DoesNotFit, UsageError
from packager.layout.build_input import OtherTree
from packager.layout.places import VersionKey
from packager.model import Publication, Renditions
from packager.plan.plan import Case, plan
from packager.plan.split import Lot, Share, lots, split, split_over

Seen = Mapping[VersionKey, Renditions]

AS_NEEDED = 0
"""In the place of a number of media: as many as it takes."""

_TRIES = 30  # each leaves more room for what the trees have in common; two are usual
_NAME = 36  # letters of a folder's name, before a dash and a number


def parts(case: Case, seen: Seen, count: int) -> tuple[Case, ...]:
    """The case of each tree, in the order of importance; one alone keeps its name.

    `seen` are all pictures in the profile's quality. Raises UsageError where there are fewer works than media.
    """
    publications = case.library.publications
    if count > len(publications):
        raise UsageError(f"--split {count}: there are only {len(publications)} works", hint="Take fewer media.")
    case = replace(case, definition=replace(case.definition, languages=case.languages))
    weighed, common = _weighed(case, seen)
    if count != AS_NEEDED:
        room = max(case.medium.payload_bytes - common, sum(lot.size_bytes for _, lot in weighed) // count)
        return _cases(case, _over(weighed, room, count))
    return _that_fit(case, seen, weighed, common)


Weighed = tuple[tuple[str, Lot], ...]  # the series of each publication, and what it takes


def _weighed(case: Case, seen: Seen) -> tuple[Weighed, int]:
    """What each publication adds to a tree, cluster by cluster, and what every tree has beside."""
    publications = case.library.publications
    alone = [_occupied(case.holding([publication]), seen) for publication in publications]
    common = 0
    if len(publications) > 1:
        common = sum(alone[:2]) - _occupied(case.holding(publications[:2]), seen)
    weighed = tuple(
        (_series(publication), Lot((publication.id,), taken - common, publication.priority))
        for publication, taken in zip(publications, alone, strict=True)
    )
    return weighed, common


def _over(weighed: Weighed, room: int, count: int) -> tuple[Share, ...]:
    """So many shares; where keeping series together leaves too few lots, they fall apart."""
    together = lots(weighed, room)
    return split_over(together if len(together) >= count else [lot for _, lot in weighed], count)


def _that_fit(case: Case, seen: Seen, weighed: Weighed, common: int) -> tuple[Case, ...]:
    """The cases of as few trees as are found that all fit; a work too large for any medium has one alone."""
    reserved = common
    for _ in range(_TRIES):
        room = case.medium.payload_bytes - reserved
        cases = _cases(case, split(lots(weighed, room), room))
        excess = max(_excess(part, seen) for part in cases)
        if not excess:
            return cases
        reserved += excess
    raise DoesNotFit("no way was found to share this out", hint="Say over how many media: --split 3.")


def _excess(part: Case, seen: Seen) -> int:
    """By how much a tree is too large; of a single work, whose pictures can only be made poorer, nothing is asked."""
    if len(part.library.publications) == 1:
        return 0
    try:
        return max(0, _occupied(part, seen) - part.medium.payload_bytes)
    except DoesNotFit:  # more files than the profile's devices show
        return part.medium.payload_bytes // 10


def _occupied(case: Case, seen: Seen) -> int:
    return plan(case, seen, case.editions).occupied_bytes


def _series(publication: Publication) -> str:
    return publication.series.in_language(publication.versions[0].language)


def _cases(case: Case, shares: tuple[Share, ...]) -> tuple[Case, ...]:
    if len(shares) == 1:
        return (case,)
    trees = tuple(
        OtherTree(
            f"{case.definition.name[:_NAME]}-{number}",
            tuple(each for each in case.library.publications if each.id in frozenset(share)),
        )
        for number, share in enumerate(shares, start=1)
    )
    return tuple(
        replace(
            case.holding(tree.publications),
            definition=replace(case.definition, name=tree.folder),
            elsewhere=tuple(other for other in trees if other is not tree),
        )
        for tree in trees
    )
