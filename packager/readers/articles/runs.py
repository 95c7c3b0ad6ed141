"""Runs of inline text with pictures among them -> blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from packager.model import Block, Break, Figure, Inline, Text
from packager.readers.articles.inlines import tidy

Item = Inline | Figure


def inlines(items: Iterable[Item]) -> Iterator[Inline]:
    """The items that are no pictures."""
    return (item for item in items if not isinstance(item, Figure))


def figures(items: Iterable[Item]) -> Iterator[Figure]:
    """The items that are pictures."""
    return (item for item in items if isinstance(item, Figure))


def is_blank(item: Item) -> bool:
    """Whether an item shows nothing but space."""
    return isinstance(item, Break) or (isinstance(item, Text) and not item.text.strip(" \t\n\f"))


def blocks_of(run: Iterable[Item], make: Callable[[tuple[Inline, ...]], Block]) -> Iterator[Block]:
    """What `make` makes of the words of a run, after the pictures that stand before them and before the others."""
    items = list(run)
    words = (index for index, item in enumerate(items) if not is_blank(item) and not isinstance(item, Figure))
    first = next(words, len(items))
    yield from figures(items[:first])
    children = tidy(inlines(items))
    if children:
        yield make(children)
    yield from figures(items[first:])


def parted(run: Iterable[Item]) -> Iterator[list[Item]]:
    """The parts of a run between line breaks that leave an empty line."""
    part: list[Item] = []
    breaks = 0
    for item in run:
        if not is_blank(item):
            breaks = 0
        elif isinstance(item, Break):
            breaks += 1
        if breaks == 2:
            yield part
            part, breaks = [], 0
        else:
            part.append(item)
    yield part
