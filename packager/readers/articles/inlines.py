"""Runs of inline text: whitespace collapsed as browsers do, nothing empty, neighbours joined, pictures taken out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import dropwhile, groupby, zip_longest

from packager.model import (
    Block,
    Break,
    Code,
    Figure,
    Heading,
    Inline,
    Link,
    ListBlock,
    Marked,
    Paragraph,
    Ruby,
    Span,
    Text,
)
from packager.model.blocks import markers, words_of

_SPACE = re.compile(r"[ \t\n\f]+")
_WIDE = "\u2e80-\u303f\u3040-\u31ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_LINE_END_BETWEEN_WIDE = re.compile(f"(?<=[{_WIDE}])[ \t\f]*\n[ \t\n\f]*(?=[{_WIDE}])")

Item = Inline | Figure
"""What a run in a source holds; in the tree figures stand beside the blocks of text."""


def tidy(children: Iterable[Inline]) -> tuple[Inline, ...]:
    """Return the run without spaces at its ends, beside breaks and in a row, and without empty parts.

    A line end between Chinese or Japanese letters is no space.
    """
    run = dropwhile(lambda child: isinstance(child, Break), _collapsed(children, _Edge()))
    return _trimmed_end(list(run))


def plain(text: str) -> tuple[Inline, ...]:
    """Return a run of one text; empty where the text is blank."""
    return tidy([Text(text)])


def joined_lines(lines: Iterable[str]) -> str:
    """Return one line of text from lines that were broken to fit a width."""
    text = _LINE_END_BETWEEN_WIDE.sub("", "\n".join(line.strip() for line in lines))
    return re.sub(r"(?<=[a-z]-)\n(?=[a-z])", "", text).replace("\n", " ")


def inlines(items: Iterable[Item]) -> Iterator[Inline]:
    """Return the items that are no pictures."""
    return (item for item in items if not isinstance(item, Figure))


def figures(items: Iterable[Item]) -> Iterator[Figure]:
    """Return the items that are pictures."""
    return (item for item in items if isinstance(item, Figure))


def blocks_of(run: Iterable[Item], make: Callable[[tuple[Inline, ...]], Block]) -> Iterator[Block]:
    """Yield what `make` makes of the words of a run, after the pictures before them and before the others."""
    items = list(run)
    words = (index for index, item in enumerate(items) if not _is_blank(item) and not isinstance(item, Figure))
    first = next(words, len(items))
    yield from figures(items[:first])
    children = tidy(inlines(items))
    if children:
        yield make(children)
    yield from figures(items[first:])


def items_of(blocks: Iterable[Block]) -> Iterator[Item]:
    """Yield what blocks hold, for a place that holds a run: paragraphs on lines of their own, of others the words."""
    for index, block in enumerate(blocks):
        yield from [Break()] if index and not isinstance(block, Figure) else []
        if isinstance(block, Figure):
            yield block
        elif isinstance(block, Paragraph | Heading):
            yield from block.children
        elif isinstance(block, ListBlock):
            for number, (marker, item) in enumerate(zip(markers(block), block.items, strict=False)):
                yield from [Break()] if number else []
                yield from (Text(f"{marker} "), *items_of(item))
        else:
            yield Text(words_of([block]))


def parted(run: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield the parts of a run between line breaks that leave an empty line."""
    part: list[Item] = []
    breaks = 0
    for item in run:
        if not _is_blank(item):
            breaks = 0
        elif isinstance(item, Break):
            breaks += 1
        if breaks == 2:
            yield part
            part, breaks = [], 0
        else:
            part.append(item)
    yield part


def _is_blank(item: Item) -> bool:
    return isinstance(item, Break) or (isinstance(item, Text) and not item.text.strip(" \t\n\f"))


class _Edge:
    """Whether what came last in a run ends in a space, so that the next may not begin with one."""

    __slots__ = ("is_space",)

    def __init__(self) -> None:
        self.is_space = True


def _collapsed(children: Iterable[Inline], edge: _Edge) -> Iterator[Inline]:
    return _merged(_shortened(_merged(children), edge))


def _shortened(children: Iterable[Inline], edge: _Edge) -> Iterator[Inline]:
    for child in children:
        match child:
            case Text(text=text):
                text = _SPACE.sub(" ", _LINE_END_BETWEEN_WIDE.sub("", text))
                text = text.removeprefix(" ") if edge.is_space else text
                if text:
                    edge.is_space = text.endswith(" ")
                    yield Text(text)
            case Marked() | Link() | Span():
                inner = tuple(_collapsed(child.children, edge))
                if inner:
                    yield replace(child, children=inner)
            case Code(text="") | Ruby(base=""):
                pass
            case _:
                edge.is_space = isinstance(child, Break)
                yield child


def _merged(children: Iterable[Inline]) -> Iterator[Inline]:
    """Texts that stand side by side as one, so that what parts a source into pieces does not show."""
    for is_text, group in groupby(children, lambda child: isinstance(child, Text)):
        if is_text:
            yield Text("".join(child.text for child in group if isinstance(child, Text)))
        else:
            yield from group


def _trimmed_end(run: list[Inline]) -> tuple[Inline, ...]:
    """The run without the spaces and breaks at its end, and without a space before a break."""
    while run:
        last = run.pop()
        match last:
            case Text(text=text):
                end: tuple[Inline, ...] = _without_end_spaces(text)
            case Break():
                end = ()
            case Marked() | Link() | Span():
                inner = _trimmed_end(list(last.children))
                end = (replace(last, children=inner),) if inner else ()
            case _:
                end = (last,)
        if end:
            return (*_without_space_before_breaks(run), *end)
    return ()


def _without_space_before_breaks(run: list[Inline]) -> Iterator[Inline]:
    for child, following in zip_longest(run, run[1:]):
        if isinstance(child, Text) and isinstance(following, Break):
            yield from _without_end_spaces(child.text)
        elif child is not None:
            yield child


def _without_end_spaces(text: str) -> tuple[Inline, ...]:
    return (Text(text.rstrip(" ")),) if text.rstrip(" ") else ()
