"""Films and sound on one medium with pictures: their promises, for encoders that miss what was asked of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.config.profile import load, names
from packager.layout.build_input import BuildInput
from packager.model import Film, Recording, Renditions, Source, Wording
from packager.plan.filling import filled
from packager.plan.fitting import fit
from packager.plan.plan import FULL, Plan, plan
from packager.plan.rates import Needs, foretold, needs, rates_at
from packager.plan.split import AS_NEEDED, split_library
from tests.helpers.drawn_libraries import Encodings, Recorder, case_of, drawn, with_recordings

MB = 1_000_000
ENDLESS = 10**12


def library(fit_bytes: int, lengths: tuple[float, ...] = (30, 12, 5), tracks: int = 8) -> BuildInput:
    """Two comics of ten pages, films of so many minutes, and an album."""
    return with_recordings(case_of((10, 10), fit_bytes), lengths, tracks=tracks)


def planned(case: BuildInput, *, drops: bool = False) -> Plan:
    """What is foretold."""
    encodings = Encodings(drawn(10))
    return fit(case, encodings.first(case, 0), 0, encodings.encode, drops=drops)[0]


def built(case: BuildInput, recorder: Recorder) -> Plan:
    """What comes of it."""
    encodings = Encodings(drawn(10))
    made, renditions = fit(case, encodings.first(case, 0), 0, encodings.encode)
    lacking = frozenset((lost.edition, id_) for lost in made.given_up for id_ in lost.ids)
    return filled(replace(case, lacking=lacking), made, renditions, recorder.record)


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(
    lengths=st.lists(st.floats(1, 90), min_size=1, max_size=4).map(tuple),
    tracks=st.integers(0, 5),
    part=st.floats(0.02, 1.1),
    seed=st.integers(0, 1000),
    missed=st.floats(0, 0.06),
)
def test_a_medium_is_never_passed_and_nearly_full_where_films_had_to_give(
    lengths: tuple[float, ...], tracks: int, part: float, seed: int, missed: float
) -> None:
    """Whatever encoders make of it: at most 1 % stays empty, unless all films have their best."""
    endless = library(ENDLESS, lengths, tracks)
    every = needs(endless)
    least, most = (planned_bytes(every, share) for share in (0, FULL))
    beside = planned(endless).occupied_bytes - most
    space = round(1.01 * least + beside + part * (most - least)) + MB
    case = library(space, lengths, tracks)
    recorder = Recorder(case, seed, missed)
    made = built(case, recorder)
    assert made.occupied_bytes <= space
    assert made.occupied_bytes >= 0.99 * space or not any(
        lost.given.pictures < lost.best.pictures for lost in made.lowered
    )
    assert not made.dropped
    assert recorder.counts.total() <= len(every) + 8
    for lost in made.lowered:
        need = every[lost.key, lost.number]
        assert 0.9 * need.floor.pictures <= lost.given.pictures <= need.best.pictures
        assert need.floor.sound <= lost.given.sound <= need.best.sound


def planned_bytes(every: Needs, share: int) -> int:
    """What all recordings take at a share."""
    return sum(every[key].size_bytes(rates) for key, rates in rates_at(every, share).items())


@settings(max_examples=5, deadline=None)
@given(tracks=st.integers(12, 40), part=st.floats(0.05, 0.95))
def test_where_there_is_sound_alone_its_steps_fill_a_medium_too(tracks: int, part: float) -> None:
    """MP3 has few rates: pieces that lie beside each other change from one to the next at different shares."""
    every = needs(with_recordings(case_of((1,), ENDLESS), (), tracks=tracks))
    least, most = (planned_bytes(every, share) for share in (0, FULL))
    space = round(least + part * (most - least)) + MB
    made = planned(with_recordings(case_of((1,), space), (), tracks=tracks))
    step_bytes = max(need.recording.seconds for need in every.values()) * 16_000 / 8
    assert space - 0.01 * space - step_bytes <= made.occupied_bytes <= space


@pytest.mark.parametrize("name", ["any", "phone-old"])
def test_films_are_shared_out_over_media_in_their_order(name: str) -> None:
    """Each with its best, on as few as hold them."""
    case = with_recordings(case_of((1,), 100 * MB), (10, 8, 6, 11), tracks=3)
    case = replace(case, profile=load(name), editions=load(name).editions)
    series = tuple(replace(each, series=Wording.plain("Stars")) for each in case.library.publications)
    whole = replace(case, library=replace(case.library, publications=series))
    pictures = Encodings(drawn(4)).first(case_of((1,), ENDLESS), 0)
    shown = foretold(whole, {key: pictures.get(key, Renditions(())) for key, _ in whole.library.versions}, FULL)
    trees = split_library(whole, shown, AS_NEEDED)
    assert [each.id for tree in trees for each in tree.library.publications] == [each.id for each in series]
    assert all(plan(tree, shown).fits for tree in trees)


def test_an_encoder_that_takes_too_much_is_asked_for_less() -> None:
    """Where all have their floor and come out larger, they are made again."""
    case = library(ENDLESS, (20, 10), 0)
    space = planned_bytes(needs(case), 0) + planned(library(ENDLESS, (), 0)).occupied_bytes + MB
    tight = library(space, (20, 10), 0)
    recorder = Recorder(tight, 1)
    recorder.greed = 0.03
    assert built(tight, recorder).occupied_bytes <= space


def test_what_films_leave_goes_to_sound() -> None:
    """Where they take less than was foretold, as still pictures do."""
    tight = library(150 * MB, (20, 10), 10)
    recorder = Recorder(tight, 1)
    recorder.greed = -0.5
    made = built(tight, recorder)
    assert 0.99 * 150 * MB <= made.occupied_bytes <= 150 * MB or not made.lowered


def test_each_film_gets_its_part_by_length_and_the_important_ones_more() -> None:
    """Films of one importance get as many bit/s; one of half the importance gets half of what lies above the floor."""
    every = needs(library(ENDLESS))
    given_ = rates_at(every, 300)
    first, second, third = (given_[(f"f{number}", "ko"), 0] for number in range(3))
    assert first == third
    floor = every[("f0", "ko"), 0].floor
    assert first.pictures - floor.pictures == pytest.approx(2 * (second.pictures - floor.pictures), rel=0.01)


def test_more_space_never_means_poorer_films() -> None:
    """Step by step, from the floor up."""
    shares = [planned(library(megabytes * MB)).film_share for megabytes in range(190, 420, 45)]
    assert shares == sorted(shares)
    assert shares[0] < 200
    assert shares[-1] == FULL


def test_comics_keep_their_quality_while_films_can_give() -> None:
    """And are made poorer where all films have their floor."""
    roomy = planned(library(250 * MB))
    assert (roomy.level, roomy.film_share < FULL) == (0, True)
    assert {lost.key[0] for lost in roomy.lowered} >= {"f0", "f1", "f2"}
    case = library(250 * MB)
    least = planned_bytes(needs(case), 0)
    tight = planned(library(least + 4 * MB))
    assert tight.level > 0
    assert tight.film_share < 20


def test_works_of_least_priority_go_where_not_even_the_floor_fits() -> None:
    """And the others get what it leaves."""
    case = library(ENDLESS)
    every = needs(case)
    least = planned_bytes(every, 0)
    made = planned(library(least - 10 * MB), drops=True)
    assert made.dropped == ("f1",)
    assert made.fits
    assert made.film_share > 0


def test_advice_says_how_many_sticks_would_do() -> None:
    """Where films are poorer than they could be."""
    made = planned(library(250 * MB))
    assert [step.words for step in made.advice if step.option == "--split"] == [
        "about 2 of that size: then all of it fits"
    ]


@pytest.mark.parametrize(
    ("codec", "kept"), [("h264 baseline", True), ("h264 main", True), ("h264 high", False), ("hevc main", False)]
)
def test_what_devices_play_as_it_is_may_keep_its_bits(codec: str, *, kept: bool) -> None:
    """Where there is space; all else gets what is seen."""
    case = with_recordings(case_of((1,), 0), (1,))
    (publication,) = case.library.publications[-1:]
    version = publication.versions[0]
    assert isinstance(version.work, Film)
    recording = replace(version.work.recording, codec=codec, size_bytes=60 * 900_000 // 8)
    film = replace(version.work, recording=recording)
    works = (replace(publication, versions=(replace(version, work=film),)),)
    (need,) = needs(replace(case, library=replace(case.library, publications=works))).values()
    seen = round(case.profile.film.bits_per_pixel * 640 * 480 * 25)
    assert need.best.pictures == (900_000 if kept else seen)  # its own sound may have next to none


RECORDINGS = {
    "small": (320, 240, 25.0, 10**9),
    "wide": (1280, 544, 23.976, 10**9),
    "upright": (1080, 1920, 30.0, 10**9),
    "fast": (1920, 1080, 60.0, 10**9),
    "poor": (640, 480, 25.0, 3_000_000),
}


@pytest.mark.parametrize("name", [name for name in names() if load(name).plays_films])
@pytest.mark.parametrize("recording", RECORDINGS.values(), ids=list(RECORDINGS))
def test_no_film_gets_more_than_it_has_or_than_devices_play(name: str, recording: tuple[int, int, float, int]) -> None:
    """And none less than the floor, a twentieth of a bit for each pixel, but one that has less."""
    width, height, rate, size_bytes = recording
    film = Recording(Source(Path("film"), "film"), 60, width, height, rate, 1, channels=2, size_bytes=size_bytes)
    profile = load(name)
    case = with_recordings(case_of((1,), 0), (1,))
    publication = case.library.publications[-1]
    version = replace(publication.versions[0], work=Film(film))
    works = (replace(publication, versions=(version,)),)
    (need,) = needs(replace(case, profile=profile, library=replace(case.library, publications=works))).values()
    source_rate = size_bytes * 8 / 60
    assert need.best.pictures + need.best.sound <= source_rate
    assert need.best.pictures <= profile.film.bit_rate
    assert need.width <= profile.film.width
    shown = min(rate, profile.film.frame_rate)
    pixels = min(width, profile.film.width) * min(height, profile.film.height)
    assert need.floor.pictures <= 0.0501 * pixels * shown + 1
    assert need.floor.pictures <= need.best.pictures
