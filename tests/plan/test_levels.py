"""The level of quality at which a tree fits: its promises, for pictures whose bytes are made up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.errors import DoesNotFit
from packager.layout.build_input import BuildInput
from packager.model import Edition
from packager.model.renditions import coarseness, quality_of
from packager.plan.optional import without_optional
from packager.plan.plan import plan
from packager.plan.sizes import LEGIBLE, LEVELS, quality_at
from tests.helpers.drawn_libraries import ANY, KIB, Encodings, case_of, drawn, fit


def poorest(case: BuildInput, encodings: Encodings) -> int:
    """What the tree takes at the lowest quality."""
    return plan(without_optional(case), encodings.first(case, LEVELS)).occupied_bytes


@settings(max_examples=6, deadline=None)
@given(
    counts=st.lists(st.integers(1, 60), min_size=1, max_size=3),
    seed=st.integers(0, 1000),
    share=st.floats(0.02, 1),
    level=st.integers(0, 1200),
    cluster=st.sampled_from([4 * KIB, 32 * KIB]),
)
def test_a_tree_is_never_larger_than_its_space_and_leaves_little_of_it(
    counts: list[int], seed: int, share: float, level: int, cluster: int
) -> None:
    """Whatever the pictures are, and at whatever level they were first; all but 3 % or two pictures' step is used."""
    encodings = Encodings(drawn(30, seed))
    unlimited = case_of(tuple(counts), 10**12, cluster)
    default = fit(unlimited, encodings).occupied_bytes
    low = poorest(unlimited, encodings)
    space = round(low + share * (default - low)) + cluster
    made = fit(case_of(tuple(counts), space, cluster), encodings, level=level)
    assert made.occupied_bytes <= space
    granularity = 2 * cluster + 0.3 * max(share.size_bytes / max(1, share.pictures) for share in made.shares)
    assert not made.level or made.occupied_bytes >= min(0.97 * space, space - granularity)


def test_few_pictures_are_encoded_more_than_twice() -> None:
    """Over a library of 300 pages in several spaces, first encoded a fifth too large or too small."""
    pictures = drawn(50, seed=7)
    unlimited = case_of((100, 150, 50), 10**12)
    low = poorest(unlimited, Encodings(pictures))
    for share in (0.1, 0.25, 0.4):
        space = round(low + share * (fit(unlimited, Encodings(pictures)).occupied_bytes - low))
        right = fit(case_of((100, 150, 50), space), Encodings(pictures)).level
        for level in (right - 150, right, right + 150):
            encodings = Encodings(pictures)
            made = fit(case_of((100, 150, 50), space), encodings, level=max(0, level))
            assert made.occupied_bytes >= 0.97 * space
            assert encodings.counts.total() <= 2 * len(encodings.counts)
            assert sum(count > 2 for count in encodings.counts.values()) <= 0.2 * len(encodings.counts)


def test_the_same_question_has_the_same_answer() -> None:
    """Two plans of one case are equal in every entry."""
    space = 9_000_000
    one, other = (fit(case_of((40,), space), Encodings(drawn(20))) for _ in range(2))
    assert one == other


def test_more_space_never_means_coarser_pictures() -> None:
    """From the floor up, step by step."""
    unlimited = case_of((30,), 10**12)
    encodings = Encodings(drawn(30))
    default, low = fit(unlimited, encodings).occupied_bytes, poorest(unlimited, encodings)
    spaces = [round(low + share / 10 * (default - low)) + 40_000 for share in range(10)]
    levels = [fit(case_of((30,), space), encodings).level for space in spaces]
    assert levels == sorted(levels, reverse=True)


def test_optional_editions_go_before_quality_does() -> None:
    """A space that holds the site and the phone edition in the profile's quality, and not the CBZ."""
    encodings = Encodings(drawn(30))
    whole = fit(case_of((30,), 10**12), encodings)
    cbz = dict(whole.editions)[Edition.CBZ]
    made = fit(case_of((30,), whole.occupied_bytes - cbz + 40_000), encodings)
    (lost,) = made.given_up
    assert (lost.edition, lost.size_bytes, lost.ids, lost.all_ids) == (Edition.CBZ, cbz, ("w0",), ("w0",))
    assert made.level == 0
    assert [edition for edition, _ in made.editions] == [Edition.SITE, Edition.PHONE]


def test_editions_that_the_organizer_names_are_kept() -> None:
    """`editions` in bundle.toml is an order, and pictures pay for it."""
    encodings = Encodings(drawn(30))
    case = case_of((30,), round(0.6 * fit(case_of((30,), 10**12), encodings).occupied_bytes))
    named = replace(case, definition=replace(case.definition, editions=(Edition.SITE, Edition.CBZ)))
    made = fit(named, encodings)
    assert made.given_up == ()
    assert made.level > 0


def test_nothing_is_encoded_again_where_everything_fits() -> None:
    """Once, at the profile's quality."""
    encodings = Encodings(drawn(10))
    made = fit(case_of((10,), 10**12), encodings)
    assert (set(encodings.counts.values()), made.level) == ({1}, 0)


def test_pictures_that_were_made_too_coarse_come_back_to_the_quality_of_the_profile() -> None:
    """Where the first level was a wrong guess, and everything fits."""
    made = fit(case_of((10,), 10**8), Encodings(drawn(10)), level=300)
    assert (made.level, made.given_up) == (0, ())
    assert {share.quality for share in made.shares} == {ANY.picture.quality}


def test_what_does_not_fit_names_what_would_have_to_go_least_important_first() -> None:
    """The comic of priority 3 goes, then one of priority 2; the most important stays."""
    encodings = Encodings(drawn(30))
    low = poorest(case_of((20,), 10**12), encodings)
    case = case_of((20, 20, 20), round(1.4 * low), priorities=(1, 2, 3))
    with pytest.raises(DoesNotFit) as caught:
        fit(case, encodings)
    assert caught.value.can_drop
    told = str(caught.value)
    assert told.index("w2") < told.index("w1")
    assert "w0" not in told


def test_what_was_dropped_is_not_in_the_tree() -> None:
    """With `drops`, the rest fits; the home document does not know the others."""
    encodings = Encodings(drawn(30))
    low = poorest(case_of((20,), 10**12), encodings)
    made = fit(case_of((20, 20), round(1.4 * low), priorities=(2, 1)), encodings, drops=True)
    assert made.dropped == ("w0",)
    assert made.occupied_bytes <= made.medium.payload_bytes
    assert not [entry for entry in made.entries if "w0" in str(entry.path)]


@pytest.mark.parametrize("level", [0, 300])
def test_pictures_that_may_take_no_more_bytes_are_planned_as_they_are(level: int) -> None:
    """They have a lower quality already: they cost no edition, and nothing is left free for them."""
    encodings = Encodings(drawn(200), most_bytes=150_000)
    roomy = fit(case_of((200,), 2_000_000_000), encodings)
    assert (roomy.level, roomy.given_up) == (0, ())
    space = roomy.occupied_bytes + roomy.occupied_bytes // 2
    fitting_ = fit(case_of((200,), space), encodings, level=level)
    assert (fitting_.level, fitting_.given_up, fitting_.occupied_bytes) == (0, (), roomy.occupied_bytes)
    short = fit(case_of((200,), roomy.occupied_bytes // 3), encodings, level=level)
    assert short.occupied_bytes >= 0.97 * (roomy.occupied_bytes // 3)


@pytest.mark.parametrize("level", [0, 100, 300])
def test_nothing_is_given_up_where_all_fits_by_a_hair(level: int) -> None:
    """Even where a sample guessed a level that is some steps too high."""
    encodings = Encodings(drawn(120))
    whole = fit(case_of((120,), 2_000_000_000), encodings)
    made = fit(case_of((120,), round(whole.occupied_bytes * 1.005)), encodings, level=level)
    assert (made.level, made.given_up, made.occupied_bytes) == (0, (), whole.occupied_bytes)


def test_a_space_too_small_for_any_publication_says_so() -> None:
    """Nothing is dropped to an empty library."""
    encodings = Encodings(drawn(30))
    with pytest.raises(DoesNotFit, match="not one publication would fit") as caught:
        fit(case_of((20, 20), 100_000), encodings, drops=True)
    assert not caught.value.can_drop


@given(st.integers(1, 95), st.integers(0, LEVELS - 1), st.integers(0, 10_000))
def test_a_higher_level_is_a_lower_quality(usual: int, level: int, number: int) -> None:
    """From that of the profile down to what is legible, for every picture."""
    here, above = quality_at(level, usual, number), quality_at(level + 1, usual, number)
    assert min(usual, LEGIBLE) <= above <= here <= usual
    assert quality_at(LEVELS, usual, number) == min(usual, LEGIBLE)


@given(st.integers(0, LEVELS), st.integers(0, 10_000))
def test_of_a_hundred_pictures_side_by_side_as_many_are_a_step_coarser_as_the_level_says(
    level: int, number: int
) -> None:
    """So that no work of a library is poorer than the others."""
    qualities = Counter(quality_at(level, 95, number + position) for position in range(100))
    finer, coarser = (quality_at(100 * steps, 95, 0) for steps in (level // 100, level // 100 + 1))
    if finer == coarser:  # both are as coarse as is legible
        assert qualities == {finer: 100}
    else:
        assert +qualities == +Counter({finer: 100 - level % 100, coarser: level % 100})


@given(st.integers(1, 99))
def test_qualities_and_coarseness_are_two_words_for_one_thing(quality: int) -> None:
    """Forth and back gives the quality again."""
    assert quality_of(coarseness(quality)) == quality
