"""What is advised where space is short: whoever follows it gets what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from packager.errors import DoesNotFit
from packager.layout.build_input import BuildInput
from packager.model import Edition
from packager.plan.advice import fewer_media
from packager.plan.optional import without_optional
from packager.plan.plan import Advice, Plan, plan
from packager.plan.sizes import LEVELS
from packager.plan.split import AS_NEEDED, split_library
from tests.helpers.drawn_libraries import ANY, KIB, Encodings, case_of, drawn, fit

GENERATED = settings(max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate])


def in_space(case: BuildInput, space: int) -> BuildInput:
    """The same in another space."""
    return replace(case, medium=replace(case.medium, payload_bytes=space))


def in_editions(case: BuildInput, *editions: Edition) -> BuildInput:
    """As `--editions` asks for them."""
    return replace(case, editions=editions, definition=replace(case.definition, editions=editions))


def followed(case: BuildInput, step: Advice, encodings: Encodings) -> Plan:
    """The plan of the same case with the option added."""
    option, _, value = step.option.partition(" ")
    if option == "--cluster":
        case = replace(case, medium=replace(case.medium, cluster_bytes=int(value.removesuffix("KiB")) * KIB))
    if option == "--editions":
        case = in_editions(case, *map(Edition, value.split(",")))
    return fit(case, encodings)


@GENERATED
@given(
    counts=st.lists(st.integers(1, 20), min_size=2, max_size=5),
    seed=st.integers(0, 100),
    share=st.floats(0.1, 0.95),
    cluster=st.sampled_from([32 * KIB, 64 * KIB]),
)
def test_each_step_frees_and_reaches_what_it_says(counts: list[int], seed: int, share: float, cluster: int) -> None:
    """In spaces from nearly all that is needed to a tenth of it; qualities are estimates."""
    encodings = Encodings(drawn(30, seed))
    roomy = case_of(tuple(counts), 10**12, cluster)
    case = in_space(roomy, round(share * fit(roomy, encodings).occupied_bytes))
    try:
        made = fit(case, encodings)
    except DoesNotFit:
        return
    assert made.advice
    for step in made.advice:
        if step.option == "--split":
            assert step.quality == ANY.picture.quality
        elif step.quality:
            made = followed(case, step, encodings)
            assert abs(made.quality - step.quality) <= 10  # from one far off it is an estimate
        else:
            with pytest.raises(DoesNotFit):
                followed(case, step, encodings)


def test_what_does_not_fit_at_all_is_told_each_step_in_one_line() -> None:
    """With its option first, and the bytes that it frees; which of them are enough."""
    encodings = Encodings(drawn(30))
    case = without_optional(case_of((10, 10, 10), 10**12))
    low = plan(case, encodings.first(case, LEVELS)).occupied_bytes
    with pytest.raises(DoesNotFit) as caught:
        fit(in_space(case, round(0.8 * low)), encodings)
    lines = [line.split() for line in str(caught.value).splitlines()]
    by_option = {" ".join(words[:2]): words for words in lines if words[0] == "--editions"}
    assert list(by_option) == ["--editions phone", "--editions site"]
    for words in by_option.values():
        assert words[2] == "frees"
        assert words[4:6] == ["MB,", "without"]
        assert "quality" in words
    assert [words[0] for words in lines if words[0] in ("--split", "--drop")] == ["--split", "--drop"]
    assert caught.value.has_advice


def test_smaller_clusters_are_advised_where_they_make_all_fit() -> None:
    """Many small pictures in a space that holds their bytes and not their clusters; never where little is saved."""
    encodings = Encodings(drawn(10))
    case = case_of((40,), 10**12, 64 * KIB)
    bytes_alone = plan(case, encodings.first(case, 0)).size_bytes
    made = fit(in_space(case, round(1.05 * bytes_alone)), encodings)
    step = made.advice[0]
    assert (step.option, step.quality) == ("--cluster 4KiB", ANY.picture.quality)
    assert "then all of it fits" in step.words
    small = case_of((40,), round(0.9 * bytes_alone), 8 * KIB)
    assert [step.option for step in fit(small, encodings).advice if "--cluster" in step.option] == []


def test_what_an_edition_frees_is_what_it_takes_in_whole_clusters() -> None:
    """The one that costs most comes first."""
    encodings = Encodings(drawn(30))
    case = without_optional(case_of((30, 10), 10**12))
    low = plan(case, encodings.first(case, LEVELS)).occupied_bytes
    made = fit(in_space(case, 2 * low), encodings)
    steps = [step for step in made.advice if step.option.startswith("--editions")]
    assert [step.option for step in steps] == ["--editions phone", "--editions site"]
    for step, (_, size_bytes) in zip(steps, made.editions, strict=True):
        assert size_bytes <= step.frees_bytes <= size_bytes + 100_000


def test_more_media_are_advised_as_many_as_it_takes() -> None:
    """With everything, in the quality of the profile; a single work cannot be shared out."""
    encodings = Encodings(drawn(30))
    roomy = case_of((10, 10, 10), 10**12)
    whole = fit(roomy, encodings).occupied_bytes
    case = in_space(roomy, round(0.45 * whole))
    (step,) = (step for step in fit(case, encodings).advice if step.option == "--split")
    trees = split_library(case, encodings.first(case, 0), AS_NEEDED)
    assert step.words.startswith(f"about {len(trees)} of that size")
    alone = case_of((30,), round(0.45 * whole))
    assert [step.option for step in fit(alone, encodings).advice if step.option == "--split"] == []


@GENERATED
@given(counts=st.lists(st.integers(4, 12), min_size=3, max_size=6), seed=st.integers(0, 100))
def test_who_is_refused_is_told_how_many_media_a_split_makes(counts: list[int], seed: int) -> None:
    """And which of the works then do without an edition: all fits only where none does."""
    encodings = Encodings(drawn(30, seed))
    case = without_optional(case_of(tuple(counts), 10**12))
    low = plan(case, encodings.first(case, LEVELS)).occupied_bytes
    case = in_space(replace(case, lacking=frozenset()), round(0.8 * low))
    with pytest.raises(DoesNotFit) as caught:
        fit(case, encodings)
    (line,) = (line for line in str(caught.value).splitlines() if line.strip().startswith("--split"))
    trees = split_library(case, encodings.first(case, 0), AS_NEEDED)
    assert f" {len(trees)} of that size: " in line
    without = sum(len(lost.ids) for tree in trees for lost in fit(tree, encodings).given_up)
    assert (f"{without} of them without the edition cbz" in line) == bool(without)
    assert ("all of it fits" in line) == all(not fit(tree, encodings).advice for tree in trees)


def test_several_media_say_how_many_do_without_an_optional_edition() -> None:
    """And nothing where that spares none, or where the organizer wants it."""
    encodings = Encodings(drawn(30))
    roomy = case_of((10, 10, 10, 10), 10**12)
    pictures = encodings.first(roomy, 0)
    most, least = (plan(each, pictures).occupied_bytes for each in (roomy, without_optional(roomy)))
    case = in_space(roomy, round(0.52 * least))
    count = len(split_library(case, pictures, AS_NEEDED))
    assert (count, least * 2 < most * 3) == (4, True)
    (step,) = fewer_media(case, pictures, count)
    assert step.option == "--editions site,phone"
    assert step.words.startswith("2 of that size, not 4, hold all but the edition cbz")
    assert fewer_media(case, pictures, 2) == ()
    assert fewer_media(in_editions(case, *ANY.editions), pictures, count) == ()


def test_where_only_some_comic_books_are_lost_another_edition_may_go_instead() -> None:
    """Which one, and that all works then have the others in the quality of the profile."""
    encodings = Encodings(drawn(30))
    roomy = case_of((10, 10, 10), 10**12)
    pictures = encodings.first(roomy, 0)
    most, least = (plan(each, pictures).occupied_bytes for each in (roomy, without_optional(roomy)))
    case = in_space(roomy, round((most + least) / 2))
    made = fit(case, encodings)
    assert (made.level, len(made.given_up)) == (0, 1)
    steps = [step for step in made.advice if step.option.startswith("--editions")]
    assert [step.option for step in steps] == ["--editions phone,cbz"]
    assert followed(case, steps[0], encodings).given_up == ()
