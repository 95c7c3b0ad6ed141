"""Which quality every picture gets: the promises of the budget, for pictures whose bytes and distances are made up."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.build.measure import usual_bytes
from packager.config import media
from packager.config.definition import Definition
from packager.config.filesystems import Filesystem
from packager.config.media import Format
from packager.config.profile import load
from packager.errors import DoesNotFit
from packager.model import (
    Comic,
    Direction,
    Edition,
    Flow,
    Library,
    Picture,
    Publication,
    Rendition,
    Renditions,
    Role,
    RoleSet,
    Source,
    Trial,
    Version,
    Wish,
    Wording,
)
from packager.output import templating
from packager.pictures.quality import LEGIBLE, coarseness, quality_of
from packager.plan import fitting
from packager.plan.budget import LEVELS, Forecast, Search, first_wishes
from packager.plan.budget.curves import HIGHEST_QUALITY, Curve, Line
from packager.plan.budget.forecast import quality_at
from packager.plan.plan import Case, Plan, plan, specs

ANY = load("any")
WORDS = templating.dictionary()
WIDTH, HEIGHT = 1220, 1719
KIB = 1024


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as an encoder sees it: at quality 80, and how it changes with the quality and the encoder."""

    size_bytes: int
    distance: float
    steepness: float
    drift: float
    saving: float

    def size(self, quality: int, *, is_dense: bool) -> int:
        """With a ripple that no straight line foretells."""
        coarse = math.log(coarseness(quality) / coarseness(80))
        ripple = 0.01 * math.sin(quality * self.size_bytes)
        saving = self.saving if is_dense else 0
        return max(200, round(self.size_bytes * math.exp(-self.steepness * coarse - saving + ripple)))

    def distance_at(self, quality: int, *, is_dense: bool = True) -> float:
        coarse = math.log(coarseness(quality) / coarseness(80))
        return self.distance * math.exp(self.drift * coarse + (0.14 if is_dense else 0))


def drawn(count: int, seed: int = 0) -> tuple[Drawn, ...]:
    """Pictures as different as those of one library."""
    chance = random.Random(seed)
    return tuple(
        Drawn(
            size_bytes=chance.randrange(60_000, 400_000),
            distance=chance.uniform(0.05, 0.1),
            steepness=chance.uniform(0.55, 0.7),
            drift=chance.uniform(0.4, 0.5),
            saving=chance.uniform(0.13, 0.2),
        )
        for _ in range(count)
    )


def case_of(counts: tuple[int, ...], fit_bytes: int, cluster: int = 4 * KIB, priorities: tuple[int, ...] = ()) -> Case:
    """One comic for each number of pages, in the profile `any`."""
    publications = []
    for number, pages in enumerate(counts):
        pictures = tuple(Picture(Source(Path(f"{n}.png"), f"{n}.png"), WIDTH, HEIGHT) for n in range(pages))
        version = Version("ko", f"Comic {number}", Comic(Flow.PAGES, Direction.LTR, pictures))
        priority = priorities[number] if priorities else 1
        publications.append(Publication(f"w{number}", (version,), priority=priority))
    asked = Definition(folder=Path(), name="window", title=Wording.plain("A window"))
    space = media.space(fit_bytes, Format(Filesystem.FAT32, cluster))
    return Case(asked, ANY, Library(tuple(publications), ()), WORDS, templating.size_of, space, ANY.editions)


class Press:
    """Encodes drawn pictures as wished, and counts how often."""

    def __init__(self, pictures: tuple[Drawn, ...]) -> None:
        self.pictures = pictures
        self.encodings = 0
        self.looks = 0

    def render(self, case: Case, editions: tuple[Edition, ...], wishes: fitting.Wishes) -> Mapping[object, Renditions]:
        """What measuring would give."""
        self.looks += 1
        seen = {}
        for publication in case.library.publications:
            for version in publication.versions:
                key, work = (publication.id, version.language), version.work
                assert isinstance(work, Comic)
                lanes = []
                for spec in specs(work, ANY, editions):
                    asked = replace(spec, wishes=wishes.get((key, spec.role), ()))
                    count = 1 if spec.role is Role.COVER else len(work.pictures)
                    shown = (self.encoded(key, spec.role, n, asked.wish(n)) for n in range(count))
                    lanes.append(RoleSet(spec.role, tuple(shown)))
                seen[key] = Renditions(tuple(lanes))
        return seen  # type: ignore[return-value]

    def encoded(self, key: tuple[str, str], role: Role, number: int, wish: Wish) -> Rendition:
        """One picture with its spares, as images/takes.py makes them."""
        picture = self.pictures[(number + int(key[0][1:])) % len(self.pictures)]
        small = 40 if role is Role.COVER else 1 + 2 * (role is Role.PHONE)

        def take(quality: int, *, is_dense: bool) -> Rendition:
            self.encodings += 1
            size = max(100, picture.size(quality, is_dense=is_dense) // small)
            distance = picture.distance_at(quality, is_dense=is_dense) if wish.is_judged else -1.0
            path = Path(f"{key[0]}-{role}-{number}-{quality}.jpg")
            return Rendition(role, path, 800, 1200, size, number, quality, distance)

        takes = [take(wish.quality, is_dense=wish.is_dense)]
        if wish.spare:
            takes.append(take(wish.spare, is_dense=wish.is_dense))
        elif takes[0].size_bytes < wish.least_bytes:
            takes.append(take(min(100, wish.quality + 5), is_dense=wish.is_dense))
        lowest = takes[0]
        while 0 < wish.allotted_bytes < lowest.size_bytes and lowest.quality > LEGIBLE:
            coarse = coarseness(lowest.quality) * (lowest.size_bytes / wish.allotted_bytes) ** (1 / 0.6)
            lowest = take(max(LEGIBLE, min(lowest.quality - 1, quality_of(coarse))), is_dense=wish.is_dense)
            takes.append(lowest)
        allotted = [each for each in takes if not 0 < wish.allotted_bytes < each.size_bytes] or [lowest]
        best = max(allotted, key=lambda each: each.quality) if wish.allotted_bytes else takes[0]
        trials = [
            best if wish.is_dense and quality == best.quality else take(quality, is_dense=True)
            for quality in wish.trials
        ]
        return replace(
            best,
            spares=tuple(each for each in takes if each is not best),
            trials=tuple(Trial(each.quality, each.size_bytes, each.distance) for each in trials),
        )


def first_look(case: Case) -> fitting.Wishes:
    """What a build wishes of the pictures before it has seen any."""
    return fitting.first_wishes(case, fitting.coarser_for(usual_bytes(case), case.medium.payload_bytes))


def fit(case: Case, press: Press, *, drops: bool = False) -> Plan:
    """The plan after the first look that a build takes."""
    first = press.render(case, case.editions, first_look(case))
    return fitting.fit(case, first, press.render, drops=drops)  # type: ignore[arg-type]


def poorest(case: Case, press: Press) -> int:
    """What the tree takes at the floor."""
    first = press.render(case, case.editions, first_look(case))
    usual = {
        spec.role: spec.quality for spec in specs(case.library.publications[0].versions[0].work, ANY, ANY.editions)
    }
    lowest = Forecast.of(first, usual).at(0)  # type: ignore[arg-type]
    return plan(case, lowest, (Edition.SITE, Edition.PHONE)).occupied_bytes


@settings(max_examples=6, deadline=None)
@given(
    counts=st.lists(st.integers(1, 30), min_size=1, max_size=3),
    seed=st.integers(0, 1000),
    share=st.floats(0.02, 1),
    cluster=st.sampled_from([4 * KIB, 32 * KIB]),
)
def test_a_tree_is_never_larger_than_its_space_and_leaves_little_of_it(
    counts: list[int], seed: int, share: float, cluster: int
) -> None:
    """Whatever the pictures are; where they could be better, 98 % is used, or all but a step of one picture."""
    press = Press(drawn(30, seed))
    unlimited = case_of(tuple(counts), 10**12, cluster)
    default = fit(unlimited, press).occupied_bytes
    low = poorest(unlimited, press)
    space = round(low + share * (default - low)) + cluster
    made = fit(case_of(tuple(counts), space, cluster), press)
    assert made.occupied_bytes <= space
    is_at_its_best = made.level in (None, LEVELS)
    granularity = 2 * cluster + 0.15 * max(share.size_bytes / max(1, share.pictures) for share in made.shares)
    assert is_at_its_best or made.occupied_bytes >= min(0.98 * space, space - granularity)


def test_no_more_than_1_6_encodings_a_picture_beyond_the_one_that_ships() -> None:
    """Over a library of 300 pages in three spaces, and each picture is decoded twice."""
    for share in (0.1, 0.25, 0.4):
        pictures = drawn(50, seed=7)
        unlimited = case_of((100, 150, 50), 10**12)
        default, low = (fit(unlimited, Press(pictures)).occupied_bytes, poorest(unlimited, Press(pictures)))
        press = Press(pictures)
        made = fit(case_of((100, 150, 50), round(low + share * (default - low))), press)
        shipped = 2 * 300 + 3
        assert press.encodings / shipped - 1 <= 1.6
        assert press.looks == 2
        assert made.occupied_bytes >= 0.995 * made.medium.payload_bytes


def test_the_same_question_has_the_same_answer() -> None:
    """Two plans of one case are equal in every entry."""
    space = 9_000_000
    one, other = (fit(case_of((40,), space), Press(drawn(20))) for _ in range(2))
    assert one == other


def test_more_space_never_means_a_lower_level() -> None:
    """From the floor up, step by step."""
    unlimited = case_of((30,), 10**12)
    press = Press(drawn(30))
    default, low = fit(unlimited, press).occupied_bytes, poorest(unlimited, press)
    spaces = [round(low + share / 10 * (default - low)) + 40_000 for share in range(10)]
    levels = [fit(case_of((30,), space), press).level for space in spaces]
    known = [LEVELS + 1 if level is None else level for level in levels]  # None: the profile's own quality
    assert known == sorted(known)


def test_optional_editions_go_before_quality_does() -> None:
    """A space that holds the site and the phone edition in the profile's quality, and not the CBZ."""
    press = Press(drawn(30))
    whole = fit(case_of((30,), 10**12), press)
    cbz = dict(whole.editions)[Edition.CBZ]
    made = fit(case_of((30,), whole.occupied_bytes - cbz + 40_000), press)
    ((edition, size),) = made.given_up
    assert edition is Edition.CBZ
    assert 0.7 * cbz <= size <= cbz
    assert made.level in (None, LEVELS)
    assert [edition for edition, _ in made.editions] == [Edition.SITE, Edition.PHONE]


def test_editions_that_the_organizer_names_are_kept() -> None:
    """`editions` in bundle.toml is an order, and pictures pay for it."""
    press = Press(drawn(30))
    case = case_of((30,), round(0.6 * fit(case_of((30,), 10**12), press).occupied_bytes))
    named = replace(case, definition=replace(case.definition, editions=(Edition.SITE, Edition.CBZ)))
    made = fit(named, press)
    assert made.given_up == ()
    assert made.level is not None


def test_nothing_is_encoded_again_where_everything_fits() -> None:
    """One look, at the profile's quality."""
    press = Press(drawn(10))
    made = fit(case_of((10,), 10**12), press)
    assert (press.looks, made.level) == (1, None)


def test_what_does_not_fit_names_what_would_have_to_go_least_important_first() -> None:
    """The comic of priority 3 goes, then one of priority 2; the most important stays."""
    press = Press(drawn(30))
    low = poorest(case_of((20,), 10**12), press)
    case = case_of((20, 20, 20), round(1.4 * low), priorities=(1, 2, 3))
    with pytest.raises(DoesNotFit) as caught:
        fit(case, press)
    assert caught.value.can_drop
    told = str(caught.value)
    assert told.index("w2") < told.index("w1")
    assert "w0" not in told


def test_what_was_dropped_is_not_in_the_tree() -> None:
    """With `drops`, the rest fits; the home document does not know the others."""
    press = Press(drawn(30))
    low = poorest(case_of((20,), 10**12), press)
    made = fit(case_of((20, 20), round(1.4 * low), priorities=(2, 1)), press, drops=True)
    assert made.dropped == ("w0",)
    assert made.occupied_bytes <= made.medium.payload_bytes
    assert not [entry for entry in made.entries if "w0" in str(entry.path)]


def test_a_space_too_small_for_any_publication_says_so() -> None:
    """Nothing is dropped to an empty library."""
    press = Press(drawn(30))
    with pytest.raises(DoesNotFit, match="not one publication would fit") as caught:
        fit(case_of((20, 20), 100_000), press, drops=True)
    assert not caught.value.can_drop


@given(st.floats(0.001, 0.5), st.integers(50, 95), st.integers(0, LEVELS - 1))
def test_a_higher_level_is_a_higher_quality(distance: float, quality: int, level: int) -> None:
    """From what is legible up to a little more than the quality of the profile, which the dense encoder needs."""
    curve = Curve(Line(0, -0.6), Line(math.log(distance), 0.5), coarseness(quality), distance)
    here, above = quality_at(level, curve), quality_at(level + 1, curve)
    assert LEGIBLE <= here <= above <= max(HIGHEST_QUALITY, quality)


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_a_search_finds_the_last_step_that_fits(most: int, last: int) -> None:
    """In as many questions as bisecting takes."""
    search, asked = Search(most=most), 0
    while not search.is_over:
        search, asked = search.told(fits=search.step <= last), asked + 1
    assert search.fitting == min(most, last)
    assert asked <= most.bit_length()


def test_every_thirty_second_picture_is_tried_at_other_qualities() -> None:
    """Whatever came before it in the library."""
    for offset in (0, 5, 31, 40, -3):
        assert sum(bool(wish.trials) for wish in first_wishes(offset, 80)) == 1
        assert sum(len(wish.trials) > 1 for wish in first_wishes(offset, 80, 2.5)) == 1


@given(st.integers(1, 99))
def test_qualities_and_coarseness_are_two_words_for_one_thing(quality: int) -> None:
    """Forth and back gives the quality again."""
    assert quality_of(coarseness(quality)) == quality
