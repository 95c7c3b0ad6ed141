"""Which works keep an edition that the profile calls optional, where there is no space for it in all of them.

The important ones first, of the same importance the smallest, so that as many as can be keep theirs. A series, which
counts as its works do on average, keeps it whole; where there is no space for all of it, some of its works do.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from math import inf

from packager.config.filesystems import file_clusters
from packager.layout import lay_out
from packager.layout.build_input import BuildInput
from packager.model import AllRenditions, Edition, Publication, Role
from packager.plan.plan import RECORDED, GivenUp, Plan, are_enough, plan, specs

WorkEdition = tuple[Edition, str]  # an edition of one publication, by its id
Together = tuple[WorkEdition, ...]  # kept or given up as one


def without_optional(build: BuildInput) -> BuildInput:
    """The same in as few editions as may be: none that the profile calls optional, as far as the others are enough.

    What the organizer names is wanted, whatever the profile calls it.
    """
    gone = [(edition, each.id) for edition in _optional(build) for each in build.library.publications]
    return replace(build, lacking=frozenset(gone))


def _optional(build: BuildInput) -> tuple[Edition, ...]:
    """The editions that may be given up, in that order."""
    left, gone = set(build.editions), []
    for edition in build.profile.optional if build.definition.editions is None else ():
        if edition in left and are_enough(left - {edition}, build.profile):
            left.remove(edition)
            gone.append(edition)
    return tuple(gone)


def with_needed_roles(build: BuildInput, pictures: AllRenditions) -> AllRenditions:
    """The renditions without those in roles that no edition of their work needs."""
    needed = dict(pictures)
    for key, version in build.library.versions:
        roles = {spec.role for spec in specs(version.work, build.profile, build.editions_of(key[0]))}
        roles |= {*RECORDED, Role.PDF}  # which have no spec
        sets = tuple(one for one in pictures[key].sets if one.role in roles)
        needed[key] = replace(pictures[key], sets=sets)
    return needed


def with_all_that_fit(build: BuildInput, pictures: AllRenditions, made: Plan) -> BuildInput:
    """The build with every edition that it lacks and that there is space for; `made` is its plan as it is.

    `pictures` are those of all editions.
    """
    sizes = _sizes(replace(build, lacking=frozenset()), pictures, build.medium.cluster_bytes)
    waiting = list(_in_order_of_keeping(build, sizes))
    while waiting:
        costs = list(_costs(build.lacking, waiting, sizes))
        space_bytes = (build.medium.payload_bytes or inf) - made.occupied_bytes
        most = sum(total <= space_bytes for total in accumulate(costs))
        count = bisect_left(range(most), True, key=lambda more: not _planned(build, waiting[: more + 1], pictures).fits)
        build = _with(build, waiting[:count])
        made = plan(build, with_needed_roles(build, pictures))
        waiting = waiting[count + 1 :]  # the next one has no space: it takes more than its own bytes, never less
    return build


def _costs(
    lacking: frozenset[WorkEdition], waiting: Sequence[Together], sizes: Mapping[WorkEdition, int]
) -> Iterator[int]:
    """What each takes that was not taken with one before it."""
    for together in waiting:
        yield sum(sizes[each] for each in lacking.intersection(together))
        lacking = lacking.difference(together)


def given_up(kept: BuildInput, pictures: AllRenditions) -> tuple[GivenUp, ...]:
    """What there was no space for; `pictures` are those of all editions, as good as those that are kept."""
    sizes = _sizes(replace(kept, lacking=frozenset()), pictures, cluster_bytes=1)
    ids = [publication.id for publication in kept.library.publications]
    losses = []
    for edition in _optional(kept):
        all_ids = tuple(id_ for id_ in ids if sizes[edition, id_])
        lacking = tuple(id_ for id_ in all_ids if (edition, id_) in kept.lacking)
        if lacking:
            losses.append(GivenUp(edition, sum(sizes[edition, id_] for id_ in all_ids), lacking, all_ids))
    return tuple(losses)


def _sizes(build: BuildInput, pictures: AllRenditions, cluster_bytes: int) -> Mapping[WorkEdition, int]:
    """What the files of each publication take in each edition, in whole clusters."""
    sizes = Counter[WorkEdition]()
    for group in lay_out(build, pictures):
        if group.work:
            clusters = sum(file_clusters(entry.size_bytes, cluster_bytes) for entry in group.entries)
            sizes[group.edition, group.work[0]] += clusters * cluster_bytes
    return sizes


def _in_order_of_keeping(build: BuildInput, sizes: Mapping[WorkEdition, int]) -> Iterator[Together]:
    """What is kept as one, the first to be kept first: of several editions the one that is given up last."""
    for edition in reversed(_optional(build)):
        ranked: list[tuple[int, bool, float, int, Together]] = []
        for members in _series(build.library.publications):
            for some in [members] if len(members) == 1 else [members, *([each] for each in members)]:
                together = tuple((edition, each.id) for each in some if sizes[edition, each.id])
                is_part = len(some) < len(members)
                cost = sum(sizes[each] for each in together) / max(1, len(together))
                ranked.append((min(each.priority for each in some), is_part, cost, len(ranked), together))
        yield from (together for *_, together in sorted(ranked) if together)


def _series(publications: Sequence[Publication]) -> list[list[Publication]]:
    """The publications, those of one series together."""
    series: dict[str, list[Publication]] = {}
    for number, each in enumerate(publications):
        series.setdefault(each.series.in_language(each.versions[0].language) or f"\0{number}", []).append(each)
    return list(series.values())


def _planned(build: BuildInput, more: Sequence[Together], pictures: AllRenditions) -> Plan:
    build = _with(build, more)
    return plan(build, with_needed_roles(build, pictures))


def _with(build: BuildInput, more: Sequence[Together]) -> BuildInput:
    return replace(build, lacking=build.lacking.difference(*more))
