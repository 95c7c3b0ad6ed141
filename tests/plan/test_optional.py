"""Which works keep an edition that there is no space for in all of them: as many as can be, by a rule one can say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from packager.errors import DoesNotFit
from packager.layout.build_input import BuildInput
from packager.model import Edition
from packager.plan.optional import without_optional
from packager.plan.plan import Plan, plan
from tests.helpers.drawn_libraries import KIB, Encodings, case_of, drawn, fit

ROOMY = 10**12
CASES = {
    "counts": st.lists(st.integers(1, 12), min_size=1, max_size=5),
    "seed": st.integers(0, 100),
    "share": st.floats(0, 0.999),
    "cluster": st.sampled_from([4 * KIB, 32 * KIB]),
}
GENERATED = settings(max_examples=15, deadline=None, derandomize=True, phases=[Phase.generate])


def in_space(case: BuildInput, encodings: Encodings, share: float) -> BuildInput:
    """The same with that share of what optional editions take, and all that the others need."""
    least, most = (plan(each, encodings.first(case, 0)).occupied_bytes for each in (without_optional(case), case))
    return replace(case, medium=replace(case.medium, payload_bytes=round(least + share * (most - least))))


def lacking(made: Plan) -> frozenset[str]:
    """The works without the edition that was given up."""
    return frozenset(made.given_up[0].ids) if made.given_up else frozenset()


def occupied(case: BuildInput, encodings: Encodings, without: frozenset[str]) -> int:
    """What the tree takes where these works have no CBZ."""
    pairs = frozenset((Edition.CBZ, id_) for id_ in without)
    return plan(replace(case, lacking=pairs), encodings.first(case, 0)).occupied_bytes


def subsets(ids: frozenset[str]) -> Iterator[frozenset[str]]:
    """All of them, the smallest first."""
    for size in range(len(ids) + 1):
        yield from map(frozenset, combinations(sorted(ids), size))


@GENERATED
@given(**CASES)
def test_as_many_works_keep_theirs_as_any_choice_could_leave(
    counts: list[int], seed: int, share: float, cluster: int
) -> None:
    """Of works as important as each other and of no series, in the quality of the profile, proven by trying all."""
    encodings = Encodings(drawn(30, seed))
    case = in_space(case_of(tuple(counts), ROOMY, cluster), encodings, share)
    made = fit(case, encodings)
    assert (made.level, made.fits) == (0, True)
    every = frozenset(each.id for each in case.library.publications)
    fewest = next(some for some in subsets(every) if occupied(case, encodings, some) <= case.medium.payload_bytes)
    assert len(lacking(made)) == len(fewest)


@GENERATED
@given(series=st.text("ab ", min_size=5, max_size=5), priorities=st.tuples(*[st.integers(1, 3)] * 5), **CASES)
def test_nothing_is_given_up_that_there_is_space_for(
    counts: list[int], seed: int, share: float, cluster: int, series: str, priorities: tuple[int, ...]
) -> None:
    """Not the edition of one more work, whatever the series, the importance, and the level of the first pictures."""
    encodings = Encodings(drawn(30, seed))
    case = in_space(case_of(tuple(counts), ROOMY, cluster, priorities, series), encodings, share)
    made = fit(case, encodings, level=seed % 3 * 100)
    assert made.fits
    if made.level:  # a guess that was too coarse is left where it fills the space
        assert made.occupied_bytes >= 0.97 * case.medium.payload_bytes
        return
    for id_ in lacking(made):
        assert occupied(case, encodings, lacking(made) - {id_}) > case.medium.payload_bytes


@pytest.mark.parametrize(
    ("counts", "priorities", "series", "space_for", "kept"),
    [
        ((4, 3, 2), (1, 1, 1), "", (3, 2), {"w1", "w2"}),
        ((4, 3, 2), (1, 2, 2), "", (4,), {"w0"}),
        ((3, 5, 3), (1, 1, 1), "a a", (3, 3), {"w0", "w2"}),
        ((3, 5, 4), (1, 1, 1), "a a", (5,), {"w1"}),
        ((3, 3, 3), (1, 1, 1), "aaa", (3, 3), {"w0", "w1"}),
    ],
    ids=[
        "the smallest",
        "the important one",
        "a series whole",
        "rather one work than half a series",
        "what there is space for",
    ],
)
def test_the_works_that_keep_theirs_are_those_one_would_say(
    counts: tuple[int, ...], priorities: tuple[int, ...], series: str, space_for: tuple[int, ...], kept: set[str]
) -> None:
    """Of comics whose pages all take the same, in a space for the CBZ of so many pages."""
    encodings = Encodings((drawn(1)[0],))
    case = case_of(counts, ROOMY, 4 * KIB, priorities, series)
    page = encodings.first(case, 0)["w0", "ko"].sets[0].shown[0].size_bytes  # type: ignore[union-attr]
    least = plan(without_optional(case), encodings.first(case, 0)).occupied_bytes
    space = least + round((sum(space_for) + 0.5) * page)
    made = fit(replace(case, medium=replace(case.medium, payload_bytes=space)), encodings)
    assert {each.id for each in case.library.publications} - lacking(made) == kept


def test_what_an_edition_would_have_taken_does_not_grow_while_the_space_shrinks() -> None:
    """From all works with it to the poorest pictures."""
    encodings = Encodings(drawn(30))
    case = case_of((8, 5, 3, 2), ROOMY)
    most = fit(case, encodings).occupied_bytes
    shrinking = [fit(in_fit(case, round(most * share / 20)), encodings, level=share * 7) for share in range(19, 5, -1)]
    figures = [lost.size_bytes for made in shrinking for lost in made.given_up]
    assert len(figures) == len(shrinking)
    assert figures == sorted(figures, reverse=True)
    numbers = [len(lost.ids) for made in shrinking for lost in made.given_up]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("space", [0, ROOMY])
def test_what_devices_show_too_few_files_for_does_without_an_optional_edition_first(space: int) -> None:
    """As few works as must be, with and without a medium; refused where that is not enough."""
    encodings = Encodings(drawn(10))
    roomy = case_of((3, 2, 2), space)
    pictures = encodings.first(roomy, 0)
    files = len(plan(without_optional(roomy), pictures).entries)

    def showing(most: int) -> BuildInput:
        return replace(roomy, profile=replace(roomy.profile, tree=replace(roomy.profile.tree, max_files=most)))

    made = fit(showing(files + 1), encodings)
    assert (len(lacking(made)), made.level, made.refused) == (2, 0, None)
    with pytest.raises(DoesNotFit, match=f"show {files - 1}[.]"):
        fit(showing(files - 1), encodings)


def in_fit(case: BuildInput, fit_bytes: int) -> BuildInput:
    """The same in another space."""
    return replace(case, medium=replace(case.medium, payload_bytes=fit_bytes))
