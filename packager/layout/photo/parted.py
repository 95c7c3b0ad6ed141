"""Very long runs of text in parts: a picture of text can be only so high."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from packager.model import Inline, Link, Marked, Span, Text, blocks

LONGEST = 3000  # signs: some two pages of the smallest sheet, and a tenth of what libvips can set in one picture
_END = re.compile(r".*[.!?\u3002\uff01\uff1f\u061f]\s+|.*\s", re.DOTALL)


def parted(children: tuple[Inline, ...]) -> Iterator[tuple[Inline, ...]]:
    """The run itself; of one that is longer than `LONGEST` parts, which end where a sentence or else a word ends."""
    if len(blocks.plain_text(children)) <= LONGEST:
        yield children
        return
    part: list[Inline] = []
    length = 0
    for leaf in _leaves(children):
        size = len(blocks.plain_text((leaf,)))
        if part and length + size > LONGEST:
            yield tuple(part)
            part, length = [], 0
        part.append(leaf)
        length += size
    yield tuple(part)


def chunks(text: str) -> Iterator[str]:
    """Text in chunks of at most `LONGEST` signs, parted behind a sentence where there is one, else behind a word."""
    while len(text) > LONGEST:
        end = _END.match(text[:LONGEST])
        cut = end.end() if end else LONGEST
        yield text[:cut]
        text = text[cut:]
    yield text


def _leaves(children: Iterable[Inline]) -> Iterator[Inline]:
    """The same run flat: every text short, with the marks of its own around it."""
    for child in children:
        match child:
            case Text(text=text):
                yield from map(Text, chunks(text))
            case Marked() | Link() | Span():
                yield from (replace(child, children=(leaf,)) for leaf in _leaves(child.children))
            case _:
                yield child
