"""Blocks of a document of a word processor, one behind the other -> HTML, with its lists in one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class OfficeBlock:
    """Some HTML of a document; of an item of a list its level, and its number unless it has a bullet.

    `kind` is "" where it stands for itself, else the element that neighbours of its kind share.
    """

    html: str
    kind: str = ""
    level: int = 0
    number: int | None = None


def arranged(blocks: Iterable[OfficeBlock]) -> Iterator[str]:
    """Yield the HTML of blocks, those of a kind that stand together in one element."""
    for kind, group in groupby(blocks, lambda block: block.kind):
        run = list(group)
        if kind == "li":
            yield from _lists(run)
        elif kind == "pre":
            yield "<pre>{}</pre>".format("\n".join(block.html for block in run))
        else:
            html = "".join(block.html for block in run)
            yield f"<{kind}>{html}</{kind}>" if kind else html


def _lists(items: Iterable[OfficeBlock]) -> Iterator[str]:
    """Yield items as lists in one another; one that counts on from elsewhere begins a list with its number."""
    levels: list[tuple[int, str, int | None]] = []
    for item in items:
        while levels and levels[-1][0] > item.level:
            yield f"</li></{levels.pop()[1]}>"
        tag = "ul" if item.number is None else "ol"
        if levels and levels[-1][0] == item.level:
            _, open_tag, last = levels[-1]
            goes_on = open_tag == tag and (item.number is None or last is None or item.number == last + 1)
            yield "</li>" if goes_on else f"</li></{levels.pop()[1]}>"
        if not levels or levels[-1][0] < item.level:
            levels.append((item.level, tag, item.number))
            yield f"<{tag}>" if item.number is None else f'<ol start="{item.number}">'
        else:
            levels[-1] = (item.level, tag, item.number)
        yield f"<li>{item.html}"
    while levels:
        yield f"</li></{levels.pop()[1]}>"
