"""Names sort as people expect: numbers by value, covers before pages, chapters in their place."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.text.order import natural_key, page_key, tokens

ORDERS = {
    "2 before 10": ["1.jpg", "2.jpg", "10.jpg"],
    "full-width digits are digits": ["1.jpg", "２.jpg", "10.jpg"],
    "numbers inside Korean words": ["제1화.jpg", "제2화.jpg", "제10화.jpg"],
    "capitals do not come first": ["a1.jpg", "A2.jpg", "b1.jpg"],
    "the stem before its continuations": ["E06.png", "E06P00.png", "E06P01.png"],
    "no number before a number": ["page.jpg", "page 2.jpg", "page 10.jpg"],
    "a cover before the pages": ["cover.jpg", "001.jpg", "002.jpg"],
    "a folder picture before the pages": ["Folder.jpg", "001.jpg"],
    "chapters in order, their covers first": ["1/9.jpg", "2/cover.jpg", "2/1.jpg", "10/1.jpg"],
    "a picture before the folder of its name": ["1.jpg", "1/cover.jpg", "1/1.jpg", "2.jpg"],
    "circled numbers are numbers": ["①.jpg", "②.jpg", "3.jpg"],
}


@pytest.mark.parametrize("names", ORDERS.values(), ids=list(ORDERS))
def test_pages_stand_in_the_order_people_expect(names: list[str]) -> None:
    """Whatever order a directory gives them in."""
    paths = [PurePosixPath(name) for name in names]
    for shuffled in (paths[::-1], sorted(paths), paths[1:] + paths[:1]):
        assert sorted(shuffled, key=page_key) == paths


@given(st.lists(st.integers(min_value=0, max_value=10**40), unique=True))
def test_numbers_sort_by_value_however_they_are_padded(numbers: list[int]) -> None:
    """Padding and length change nothing."""
    names = [f"p{number:0{number % 7}}" for number in numbers]
    by_name = sorted(zip(names, numbers, strict=True), key=lambda pair: natural_key(pair[0]))
    assert [number for _, number in by_name] == sorted(numbers)


@given(st.text(), st.text())
def test_any_two_names_can_be_compared(one: str, other: str) -> None:
    """No name, however odd, stops the sorting; different names never tie."""
    first, second = natural_key(one), natural_key(other)
    assert (first < second) + (second < first) == (one != other)


def test_a_number_of_any_length_is_compared() -> None:
    """Python refuses to compute with more than 4,300 digits."""
    assert tokens("9" * 9_000) < tokens("1" + "0" * 9_000)
