"""Whoever encodes for hours sees which film it is, how much of it is done, and how long the rest will take."""

from __future__ import annotations

from packager.build.film_progress import FilmProgress
from packager.plan.rates import RecordingKey


class Said:
    """What a build tells of its progress."""

    def __init__(self) -> None:
        self.total = self.done = 0
        self.words = ""

    def start(self, _verb: str, total: int) -> None:
        """Keep how much there is."""
        self.total = total

    def advance(self, units: int = 1) -> None:
        """Count it."""
        self.done += units

    def say(self, words: str) -> None:
        """Keep the last words."""
        self.words = words

    def finish(self) -> None: ...


class Clock:
    """A clock that stands until it is set."""

    now = 0.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def key(name: str) -> RecordingKey:
    return (name, "en"), 0


def test_each_film_is_told_by_its_name_with_the_time_that_all_will_take() -> None:
    """Ten seconds of film a second, of which three hours are left: 18 minutes."""
    said, clock = Said(), Clock()
    told = FilmProgress(said, {key("rain"): ("Rain", 1_200), key("sea"): ("Sea", 10_200)}, clock)
    with told.all(), told.one(key("rain")) as tell:
        assert said.words == "1 of 2: Rain, 0:00 of 20:00"
        clock.now = 60
        tell(600)
        assert said.words == "1 of 2: Rain, 10:00 of 20:00, 18 min left"
    with told.one(key("sea")) as tell:
        assert said.words.startswith("2 of 2: Sea, 0:00 of 2:50:00")
    assert (said.done, said.total) == (11_400, 11_400)


def test_what_took_no_time_does_not_make_the_rest_seem_short() -> None:
    """Three films that were kept from an earlier build, and a fourth that goes as fast as it lasts."""
    said, clock = Said(), Clock()
    told = FilmProgress(said, {key(name): (name, 3_600) for name in "abcd"}, clock)
    for name in "abc":
        with told.one(key(name)):
            pass
    with told.one(key("d")) as tell:
        clock.now = 600
        tell(600)
        assert said.words == "4 of 4: d, 10:00 of 1:00:00, 50 min left"


def test_of_films_side_by_side_the_longest_counts_when_it_is_alone() -> None:
    """Two at a time, each as fast as it lasts: the second takes its whole hour."""
    said, clock = Said(), Clock()
    told = FilmProgress(said, {key("a"): ("a", 120), key("b"): ("b", 3_660)}, clock)
    with told.one(key("a")) as short, told.one(key("b")) as long:
        clock.now = 60
        short(60)
        long(60)
        assert said.words == "1 of 2: a, 1:00 of 2:00, 1 h 0 min left"


def test_a_film_that_is_made_again_keeps_its_number_and_begins_anew() -> None:
    """As the last one does, to fill what is left; and a long name leaves the rest of the line its place."""
    said, clock = Said(), Clock()
    told = FilmProgress(said, {key("a"): ("A rainy day at the harbour of a small town", 60)}, clock)
    for _ in range(2):
        with told.one(key("a")) as tell:
            tell(30)
            assert said.words == "1 of 1: A rainy day at the harbour of a…, 0:30 of 1:00"
            assert said.done == 30
    assert said.done == 60
