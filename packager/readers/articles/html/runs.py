"""Runs of a page's text while they are gathered: where a line must end, and where one may."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from packager.model import Break, Text
from packager.readers.articles.inlines import Item

_SPACES = re.compile("^ | (?= )|(?<= ) ")


@dataclass(frozen=True, slots=True)
class LineEnd:
    """A place that words do not run over, as the edge of a division: many in a row, or beside a break, are one."""


PageItem = Item | LineEnd


def settled(items: Iterable[PageItem]) -> Iterator[Item]:
    """Yield the items of a run with a break where a line ends between words."""
    has_words = is_due = False
    for item in items:
        match item:
            case LineEnd():
                is_due = has_words
                continue
            case Break():
                has_words = is_due = False
            case Text(text=text) if not text.strip():
                pass
            case _:
                if is_due:
                    yield Break()
                has_words, is_due = True, False
        yield item


def lines_of(text: str) -> Iterator[Item]:
    """Yield text whose spaces and line ends count."""
    for number, line in enumerate(text.expandtabs(4).split("\n")):
        if number:
            yield Break()
        yield Text(_SPACES.sub("\N{NO-BREAK SPACE}", line) if line.strip() else "")
