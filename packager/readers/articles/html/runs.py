"""Runs of a page's text while they are gathered: where a line must end, and where one may."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import dropwhile

from selectolax.lexbor import LexborNode

from packager.model import Block, Break, Code, Inline, Paragraph, Text
from packager.model.blocks import plain_text
from packager.readers.articles.html.nodes import verbatim, words
from packager.readers.articles.inlines import Item, tidy

_RETURNS = " ^↑↩\N{VARIATION SELECTOR-15}"
"""What stands before a note where the ways back to its marks stood."""
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


def code_lines(node: LexborNode) -> Iterator[Item]:
    """Yield the lines of code, with breaks between them."""
    is_several = node.css_first("br, div, p") is not None
    for index, line in enumerate(verbatim(node).strip("\n").split("\n") if is_several else [words(node)]):
        yield from [Break()] if index else []
        yield Code(" ".join(line.split()))


def without_returns(children: tuple[Inline, ...]) -> tuple[Block, ...]:
    """Return a note's first paragraph without the signs that led back to its marks."""
    rest = dropwhile(lambda child: not plain_text([child]).strip(_RETURNS), children)
    match list(rest):
        case [Text(text=text), *others]:
            run = tidy([Text(text.lstrip(_RETURNS)), *others])
        case others:
            run = tuple(others)
    return (Paragraph(run),) if run else ()
