"""Works shared out over media: every one once, none too full, series together, few media."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.plan.packing import Ids, Room, SplitUnit, WeighedWorks, fewest, share_out, split_evenly, units
from packager.plan.packing import split as split_into

ROOM = 100
SIZES = st.lists(st.integers(1, ROOM), min_size=1, max_size=40)


def single(sizes: list[int], priorities: list[int] | None = None) -> list[SplitUnit]:
    """A unit a work, called by its number."""
    return [SplitUnit((str(n),), size, priorities[n] if priorities else 1) for n, size in enumerate(sizes)]


def split(chosen: list[SplitUnit], space: int) -> tuple[Ids, ...]:
    """As few shares as are found."""
    counts = range(fewest(chosen, Room(space)), len(chosen) + 1)
    return next(filter(None, (split_into(chosen, Room(space), count) for count in counts)))


def exhaustive(sizes: list[int]) -> int:
    """The fewest media that hold these, found by filling one after the other in every order there is."""
    best = {0: (1, 0)}  # the works that are placed, as bits -> media, and what the last one holds
    for placed in range(1, 1 << len(sizes)):
        options = []
        for number, size in enumerate(sizes):
            if placed >> number & 1:
                media, filled = best[placed & ~(1 << number)]
                options.append((media, filled + size) if filled + size <= ROOM else (media + 1, size))
        best[placed] = min(options)
    return best[(1 << len(sizes)) - 1][0]


def total(share: tuple[str, ...], sizes: list[int]) -> int:
    """What a share takes."""
    return sum(sizes[int(id_)] for id_ in share)


@given(SIZES, st.data())
def test_every_work_goes_on_one_medium_that_has_room(sizes: list[int], data: st.DataObject) -> None:
    """Whatever the priorities."""
    priorities = [data.draw(st.integers(1, 3)) for _ in sizes]
    shares = split(single(sizes, priorities), ROOM)
    assert sorted(id_ for share in shares for id_ in share) == sorted(str(n) for n in range(len(sizes)))
    assert all(0 < total(share, sizes) <= ROOM for share in shares)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.integers(1, ROOM), min_size=1, max_size=9))
def test_no_packer_needs_fewer_media(sizes: list[int]) -> None:
    """Proven by trying all ways to share out up to nine works."""
    assert len(split(single(sizes), ROOM)) == exhaustive(sizes)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.data())
def test_media_that_are_filled_to_the_last_bytes_are_found(data: st.DataObject) -> None:
    """Of three media, each cut into works of which nothing is left over."""
    sizes = []
    for _ in range(3):
        cuts = sorted(data.draw(st.sets(st.integers(1, ROOM - 1), min_size=3, max_size=5)))
        sizes += [after - before for before, after in zip([0, *cuts], [*cuts, ROOM], strict=True)]
    assert len(split(single(sizes), ROOM)) == 3


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from("ab "), st.integers(1, ROOM)), min_size=2, max_size=8))
def test_a_series_is_divided_only_where_that_saves_a_medium(works: list[tuple[str, int]]) -> None:
    """As many media as works alone take; whole where the series in one piece needs no more."""
    sizes = [size for _, size in works]
    weighed = tuple((name.strip(), unit) for (name, _), unit in zip(works, single(sizes), strict=True))
    count = exhaustive(sizes)
    shares = share_out(weighed, Room(ROOM), count)
    assert shares is not None
    assert sorted(id_ for share in shares for id_ in share) == sorted(str(number) for number in range(len(sizes)))
    assert all(total(share, sizes) <= ROOM for share in shares)
    assert len(shares) == count
    named = {name for name, _ in weighed if name}
    together = units(weighed, Room(ROOM))
    if len(together) == len(named) + sum(not name for name, _ in weighed):  # each series fits one medium
        in_one_piece = exhaustive([unit.size_bytes for unit in together]) == count
        divided = [unit for unit in together if not any(set(unit.ids) <= set(share) for share in shares)]
        assert (divided == []) == in_one_piece


@given(SIZES)
def test_the_media_are_never_many_more_than_the_bytes_need(sizes: list[int]) -> None:
    """All but one of them are more than half full."""
    shares = split(single(sizes), ROOM)
    assert sum(total(share, sizes) * 2 <= ROOM for share in shares) <= 1


@given(SIZES, st.data())
def test_the_same_works_are_always_shared_out_alike(sizes: list[int], data: st.DataObject) -> None:
    """In whatever order they come, as far as media, sizes and importance go."""
    chosen = single(sizes, [1 + n % 3 for n in range(len(sizes))])
    kinds = {unit.ids[0]: (unit.size_bytes, unit.priority) for unit in chosen}
    one, other = (split(units, ROOM) for units in (chosen, data.draw(st.permutations(chosen))))
    assert [sorted(kinds[id_] for id_ in share) for share in one] == [
        sorted(kinds[id_] for id_ in share) for share in other
    ]


def test_important_works_come_on_the_first_media() -> None:
    """Even where larger ones of less importance would fill them better."""
    shares = split(single([50, 50, 40, 40], [2, 2, 1, 1]), ROOM)
    assert [set(share) for share in shares] == [{"2", "3"}, {"0", "1"}]


def test_the_medium_that_is_not_full_comes_last() -> None:
    """Where all works are as important."""
    shares = split(single([30] * 7), ROOM)
    assert [len(share) for share in shares] == [3, 3, 1]


def test_importance_is_given_up_where_it_takes_another_medium() -> None:
    """Two media are cheaper than three."""
    sizes = [40, 40, 60, 60]
    assert len(split(single(sizes, [1, 1, 2, 2]), ROOM)) == 2


def test_a_work_too_large_for_any_medium_has_one_alone() -> None:
    """Where its pictures may be made poorer."""
    assert sorted(split(single([150, 30]), ROOM)) == [("0",), ("1",)]


def test_a_series_stays_together_where_it_can() -> None:
    """A unit, as important as its most important work; one too large for a medium is divided in its order."""
    works: WeighedWorks = (
        ("A", SplitUnit(("1",), 30, 2)),
        ("", SplitUnit(("2",), 10)),
        ("A", SplitUnit(("3",), 40, 1)),
        ("B", SplitUnit(("4",), 60)),
        ("B", SplitUnit(("5",), 60)),
        ("B", SplitUnit(("6",), 30)),
    )
    assert units(works, Room(ROOM)) == [
        SplitUnit(("1", "3"), 70, 1),
        SplitUnit(("2",), 10),
        SplitUnit(("4",), 60),
        SplitUnit(("5", "6"), 90),
    ]


@given(st.lists(st.integers(1, ROOM), min_size=5, max_size=40), st.integers(1, 5))
def test_so_many_shares_are_as_equal_as_the_largest_work_allows(sizes: list[int], count: int) -> None:
    """Every work once; no two shares are further apart than one work."""
    shares = split_evenly(single(sizes), count)
    taken = [total(share, sizes) for share in shares]
    assert sorted(id_ for share in shares for id_ in share) == sorted(str(n) for n in range(len(sizes)))
    assert len(shares) == count
    assert max(taken) - min(taken) <= max(sizes)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_share_is_empty(count: int) -> None:
    """As long as there are as many works."""
    assert all(split_evenly(single([5, 1, 1]), count))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(1, ROOM), st.integers(1, 20)), min_size=1, max_size=8))
def test_files_count_as_bytes_do(works: list[tuple[int, int]]) -> None:
    """No share has more of either than devices show; no more media than a packer that tries all ways takes."""
    chosen = [SplitUnit((str(n),), size, files=files) for n, (size, files) in enumerate(works)]
    space = Room(ROOM, 20)
    counts = range(fewest(chosen, space), len(chosen) + 1)
    shares = next(filter(None, (split_into(chosen, space, count) for count in counts)))
    for share in shares:
        assert total(share, [size for size, _ in works]) <= ROOM
        assert total(share, [files for _, files in works]) <= 20
    assert len(shares) == fewest_of_both(works)


def fewest_of_both(works: list[tuple[int, int]]) -> int:
    """The fewest media of 100 bytes and 20 files, found by putting each work on every one in turn."""

    def needed(left: list[tuple[int, int]], media: list[tuple[int, int]]) -> int:
        if not left:
            return len(media)
        (size, files), *rest = left
        places = [n for n, (held, many) in enumerate(media) if held + size <= ROOM and many + files <= 20]
        with_one_more = needed(rest, [*media, (size, files)])
        fuller = [[*media[:n], (media[n][0] + size, media[n][1] + files), *media[n + 1 :]] for n in places]
        return min([with_one_more, *(needed(rest, each) for each in fuller)])

    return needed(works, [])


@pytest.mark.parametrize(("most_files", "together"), [(100, {"0"}), (5, {"0", "1"})])
def test_a_number_of_media_is_filled_evenly_by_files_where_bytes_give_one_too_many(
    most_files: int, together: set[str]
) -> None:
    """A long film, which is one file, and comics of few bytes."""
    works = [(90, 1), (20, 4), (20, 3), (20, 2)]
    chosen = [SplitUnit((str(n),), size, files=files) for n, (size, files) in enumerate(works)]
    assert together in map(set, split_evenly(chosen, 2, most_files))
