"""Trees of a library over several media: as few as hold everything, cluster by cluster."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from packager.layout.build_input import BuildInput
from packager.model import AllRenditions
from packager.plan.optional import without_optional
from packager.plan.plan import plan
from packager.plan.split import AS_NEEDED, split_library
from tests.helpers.drawn_libraries import KIB, Encodings, case_of, drawn

GENERATED = settings(max_examples=20, deadline=None, derandomize=True, phases=[Phase.generate])


def in_space(case: BuildInput, space: int) -> BuildInput:
    """The same in another space."""
    return replace(case, medium=replace(case.medium, payload_bytes=space))


def fewest_trees(case: BuildInput, pictures: AllRenditions) -> int:
    """Into how few trees the works can be divided that each fit, found by trying all ways."""
    works = case.library.publications

    @cache
    def needed(left: frozenset[int]) -> int:
        if not left:
            return 0
        first = min(left)
        others = sorted(left - {first})
        together = (frozenset((first, *some)) for size in range(len(left)) for some in combinations(others, size))
        return 1 + min(needed(left - some) for some in together if len(some) == 1 or fits(some))

    @cache
    def fits(some: frozenset[int]) -> bool:
        return plan(case.holding([works[number] for number in sorted(some)]), pictures).fits

    return needed(frozenset(range(len(works))))


@GENERATED
@given(
    counts=st.lists(st.integers(2, 10), min_size=2, max_size=6),
    seed=st.integers(0, 100),
    share=st.floats(0.15, 0.7),
    cluster=st.sampled_from([4 * KIB, 32 * KIB]),
    series=st.text("a ", min_size=6, max_size=6),
)
def test_no_way_to_share_them_out_needs_fewer_media(
    counts: list[int], seed: int, share: float, cluster: int, series: str
) -> None:
    """Every work once; every tree within its space, without CBZ where a work has no space for its own even alone."""
    roomy = case_of(tuple(counts), 10**12, cluster, series=series)
    pictures = Encodings(drawn(30, seed)).first(roomy, 0)
    case = in_space(roomy, round(share * plan(roomy, pictures).occupied_bytes))
    trees = split_library(case, pictures, AS_NEEDED)
    assert sorted(each.id for tree in trees for each in tree.library.publications) == [
        each.id for each in case.library.publications
    ]
    if any(not plan(case.holding([each]), pictures).fits for each in case.library.publications):
        case = without_optional(case)
        trees = tuple(map(without_optional, trees))
    assert all(len(tree.library.publications) == 1 or plan(tree, pictures).fits for tree in trees)
    assert len(trees) == fewest_trees(case, pictures)


@GENERATED
@given(seed=st.integers(0, 100), cluster=st.sampled_from([4 * KIB, 32 * KIB]))
def test_three_media_are_filled_where_three_hold_everything(seed: int, cluster: int) -> None:
    """To 97.7 % of their space, with fourteen works: 58.6 of 60 MB."""
    counts = (9, 8, 8, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2)
    roomy = case_of(counts, 10**12, cluster)
    pictures = Encodings(drawn(30, seed)).first(roomy, 0)
    case = in_space(roomy, round(plan(roomy, pictures).occupied_bytes / 3 / 0.977))
    assert len(split_library(case, pictures, AS_NEEDED)) == 3
