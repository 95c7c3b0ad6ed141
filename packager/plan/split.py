"""A library over several media: series together, important works first, as few media as can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from packager.config.filesystems import occupied_bytes
from packager.errors import UsageError
from packager.layout import lay_out
from packager.layout.build_input import BuildInput, OtherTree
from packager.model import AllRenditions
from packager.plan.optional import with_needed_roles, without_optional
from packager.plan.packing import (
    Ids,
    Room,
    SplitUnit,
    WeighedWorks,
    fewest,
    share_out,
    size_of,
    split_evenly,
    units,
)
from packager.plan.plan import plan

AS_NEEDED = 0
"""In the place of a number of media: as many as it takes."""

_TRIES = 30  # each leaves more space for what the trees have in common; two are usual
_NAME = 36  # letters of a folder's name, before a dash and a number


def split_library(whole: BuildInput, renditions: AllRenditions, count: int) -> tuple[BuildInput, ...]:
    """What each tree is made from, in the order of importance; one alone keeps its name.

    `renditions` are all in the profile's quality. Raises UsageError where there are fewer works than media.
    """
    works = len(whole.library.publications)
    if count > works:
        raise UsageError(f"--split {count}: there are only {works} works", hint="Take fewer media.")
    # Each tree speaks the languages of the whole library.
    whole = replace(whole, definition=replace(whole.definition, languages=whole.languages))
    if count == AS_NEEDED:
        return _as_needed(whole, renditions)
    weighed, common = _weighed(whole, renditions, _alone(whole, renditions))
    works_alone, most_files = [unit for _, unit in weighed], whole.profile.tree.max_files - common.files
    space_bytes = max(whole.medium.payload_bytes - common.size_bytes, size_of(works_alone) // count)
    together = units(weighed, Room(space_bytes, most_files))
    # Where keeping series together leaves too few units, they fall apart.
    return _trees(whole, split_evenly(together if len(together) >= count else works_alone, count, most_files))


def _as_needed(whole: BuildInput, renditions: AllRenditions) -> tuple[BuildInput, ...]:
    """As few trees as hold everything that a tree can hold.

    Where a work does without an optional edition even alone, no other takes a tree more for the sake of its own.
    """
    trees = _fewest_trees(whole, renditions)
    without = without_optional(whole).lacking
    large = {each.id for tree in trees if not plan(tree, renditions).fits for each in tree.library.publications}
    if not large:
        return trees
    for lacking in (whole.lacking.union(each for each in without if each[1] in large), without):
        if lacking != whole.lacking:
            less = replace(whole, lacking=lacking)
            fewer = _fewest_trees(less, with_needed_roles(less, renditions))
            trees = min(trees, fewer, key=len)  # of as many, those that lack less
    return tuple(replace(tree, lacking=whole.lacking) for tree in trees)


@dataclass(frozen=True, slots=True)
class _Weight:
    """What a tree takes: its works' own files and folders in whole clusters, and the bytes of the files of no work."""

    files: int
    own_bytes: int
    shared_files: int
    shared_bytes: int

    @classmethod
    def of(cls, tree: BuildInput, renditions: AllRenditions) -> _Weight:
        own: list[tuple[PurePosixPath, int]] = []
        shared: list[tuple[PurePosixPath, int]] = []
        for group in lay_out(tree, renditions):
            (own if group.work else shared).extend((entry.path, entry.size_bytes) for entry in group.entries)
        every, rest = (
            occupied_bytes(files, tree.definition.name, tree.medium.filesystem, tree.medium.cluster_bytes)
            for files in ([*own, *shared], shared)
        )
        return cls(len(own), every - rest, len(shared), sum(size for _, size in shared))


def _alone(whole: BuildInput, renditions: AllRenditions) -> list[_Weight]:
    return [_Weight.of(whole.holding([each]), renditions) for each in whole.library.publications]


def _weighed(whole: BuildInput, renditions: AllRenditions, alone: Sequence[_Weight]) -> tuple[WeighedWorks, SplitUnit]:
    """What each publication adds to a tree, and what every tree has beside, both at the least.

    Its own files take whole clusters; what it adds to files that all works share, such as the library, only its bytes.
    """
    publications = whole.library.publications
    own_bytes = shared_bytes = 0  # of what all have
    if len(publications) > 1:
        first, second, *_ = alone
        both = _Weight.of(whole.holding(publications[:2]), renditions)
        own_bytes = first.own_bytes + second.own_bytes - both.own_bytes
        shared_bytes = first.shared_bytes + second.shared_bytes - both.shared_bytes
        shared_bytes = min(shared_bytes, *(weight.shared_bytes for weight in alone))
    weighed = []
    for place, (publication, weight) in enumerate(zip(publications, alone, strict=True)):
        added_bytes = weight.own_bytes - own_bytes + weight.shared_bytes - shared_bytes
        series = publication.series.in_language(publication.versions[0].language)
        unit = SplitUnit((publication.id,), added_bytes, publication.priority, place, weight.files)
        weighed.append((series, unit))
    return tuple(weighed), SplitUnit((), own_bytes + shared_bytes, files=min(weight.shared_files for weight in alone))


def _fewest_trees(whole: BuildInput, renditions: AllRenditions) -> tuple[BuildInput, ...]:
    """As few trees as are found that all fit; a work too large for any has one alone."""
    alone = _alone(whole, renditions)
    weighed, common = _weighed(whole, renditions, alone)
    works, space = [unit for _, unit in weighed], _space(whole, common)
    for count in range(max(1, fewest(works, space)), len(works)) if space.size_bytes > 0 < space.files else ():
        if trees := _fitting_trees(whole, renditions, weighed, count, common):
            return trees
    return _trees(whole, [unit.ids for unit in works])


def _space(whole: BuildInput, reserved: SplitUnit) -> Room:
    """What a tree has for its works beside what is reserved for all else."""
    return Room(whole.medium.payload_bytes - reserved.size_bytes, whole.profile.tree.max_files - reserved.files)


def _fitting_trees(
    whole: BuildInput, renditions: AllRenditions, weighed: WeighedWorks, count: int, reserved: SplitUnit
) -> tuple[BuildInput, ...]:
    """So many trees or fewer, which all fit; none where they are not found."""
    for _ in range(_TRIES):
        space = _space(whole, reserved)
        shares = share_out(weighed, space, count) if space.size_bytes > 0 < space.files else None
        if not shares:
            return ()
        trees = _trees(whole, shares)
        excess = [_excess(tree, renditions) for tree in trees]
        more_bytes, more_files = (max(column) for column in zip(*excess, strict=True))
        if not more_bytes and not more_files:
            return trees
        reserved = replace(reserved, size_bytes=reserved.size_bytes + more_bytes, files=reserved.files + more_files)
    return ()


def _excess(tree: BuildInput, renditions: AllRenditions) -> tuple[int, int]:
    """By how many bytes and files a tree is too large; a work alone, whose pictures can be made poorer, never is."""
    if len(tree.library.publications) == 1:
        return 0, 0
    made = plan(tree, renditions)
    more_files = max(0, len(made.entries) - tree.profile.tree.max_files)
    # What its file system cannot hold is refused too, whatever space there is.
    is_refused = made.refused is not None and not more_files
    more_bytes = made.medium.payload_bytes // 10 if is_refused else made.occupied_bytes - made.medium.payload_bytes
    return max(0, more_bytes), more_files


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
