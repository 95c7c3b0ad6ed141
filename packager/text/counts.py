"""What the numbers in names that lie beside each other tell: which are missing, and whether two things are counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from packager.text.endings import stem
from packager.text.numerals import MINUS, NUMBER, plain, with_digits
from packager.text.order import ordered

_FEWEST = 3  # names that count
_MOST_DIGITS = 9  # longer numbers are dates and marks, and count nothing
_MOST_NUMBERS = 6  # in a name
_LONGEST_RANGE = 4  # pages in one picture, as `012-013`


@dataclass(frozen=True, slots=True)
class NumberGap:
    """Numbers that no name has: how many, and the names before and behind."""

    missing: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Counted:
    """A name as its texts and numbers in turn, from where it counts."""

    name: str
    texts: tuple[str, ...]
    numbers: tuple[str, ...]


def gaps(names: Iterable[str]) -> list[NumberGap]:
    """Return the gaps in names that count one by one but for a few; none where most numbers are missing."""
    return list(_gaps(_counted(names), 0))


def counted_twice(names: Iterable[str]) -> tuple[str, str] | None:
    """Return two names that begin differently and with which two counts of the same numbers begin; None for one count.

    Pages of two comics in one folder are so: `a 1`, `a 2`, `a 3`, `b 1`, `b 2`, `b 3`.
    """
    groups: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for one in _counted(names):
        if (value := _value(one.numbers[0])) is not None:
            groups[one.texts[0]].setdefault(value, one.name)
    first, *others = [group for group in groups.values() if len(group) >= _FEWEST] or [{}]
    for other in others:
        if len(first.keys() & other.keys()) * 2 >= min(len(first), len(other)):
            return next(iter(first.values())), next(iter(other.values()))
    return None


def _counted(names: Iterable[str]) -> list[_Counted]:
    """Return the names that hold a number, in order; none of so few that nothing can be missing."""
    if len(in_order := ordered(names)) < _FEWEST:
        return []
    plains = with_digits([plain(stem(name)) for name in in_order])
    return [
        _Counted(name, tuple(part.strip() for part in NUMBER.split(text)), tuple(NUMBER.findall(text)))
        for name, text in zip(in_order, plains, strict=True)
        if NUMBER.search(text)
    ]


def _gaps(counted: Sequence[_Counted], position: int) -> Iterator[NumberGap]:
    """Yield the gaps at the numbers at `position`; where names have these in common, at the ones behind."""
    groups: defaultdict[tuple[str, ...], list[_Counted]] = defaultdict(list)
    for one in counted:
        if position < min(len(one.numbers), _MOST_NUMBERS):
            groups[one.texts[: position + 1]].append(one)
    for group in groups.values():
        by_number: defaultdict[int, list[_Counted]] = defaultdict(list)
        for one in group:
            if (value := _value(one.numbers[position])) is not None:
                by_number[value].append(one)
        yield from _between(by_number, position)
        if len(by_number) < len(group):
            for same in by_number.values():
                if len(same) >= _FEWEST:
                    yield from _gaps(same, position + 1)


def _between(by_number: dict[int, list[_Counted]], position: int) -> Iterator[NumberGap]:
    numbers = sorted(by_number)
    covered = {number: _last(by_number[number][-1], position, number) for number in numbers}
    steps = [(number, following, following - covered[number] - 1) for number, following in pairwise(numbers)]
    missing = sum(max(count, 0) for _, _, count in steps)
    if len(numbers) < _FEWEST or missing * 2 > len(numbers):
        return
    for number, following, count in steps:
        if count > 0:
            yield NumberGap(count, by_number[number][-1].name, by_number[following][0].name)


def _last(one: _Counted, position: int, number: int) -> int:
    """Return the last number that a name stands for: 13 of `012-013`."""
    if len(one.numbers) > position + 1 and not one.texts[position + 1]:
        last = _value(one.numbers[position + 1])
        if last is not None and number < last < number + _LONGEST_RANGE:
            return last
    return number


def _value(number: str) -> int | None:
    """Return the value of a whole number; None for others."""
    is_whole = number.isdecimal() and len(number) <= _MOST_DIGITS and not number.startswith(MINUS)
    return int(number) if is_whole else None
