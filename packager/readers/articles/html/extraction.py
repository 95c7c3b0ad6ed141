"""Which part of a whole site's page is its article, where trafilatura is installed (the extra `pages`)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cache

from selectolax.lexbor import LexborNode

from packager.readers.articles.html.wall import BLOCK

_MAX_LETTERS = 4_000_000
"""Of a page, pictures inside it too; beyond it the library takes minutes."""
_MIN_LINE = 20
_MIN_LETTERS = 200
_SHARE = 0.9


def extracted(source: str) -> tuple[str, ...]:
    """Lines of the article as the library sees it, without spaces; none where it is missing or finds nothing.

    Only these words are used, to find the element that holds them: what the library makes of markup goes nowhere.
    """
    extract = _library()
    if extract is None or len(source) > _MAX_LETTERS:
        return ()
    text = extract(source, include_comments=False, favor_recall=True) or ""
    lines = ("".join(line.split()) for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if len(line) >= _MIN_LINE))


@cache
def _library() -> Callable[..., str | None] | None:
    """Asked for once: looking for what is missing takes longer than reading a page."""
    try:
        from trafilatura import extract
    except ImportError:
        return None
    # What it cannot read it tells a log, which would go to the terminal.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)
    return extract


def innermost(body: LexborNode, lines: Sequence[str]) -> LexborNode:
    """The deepest element that holds nearly all of the lines; the body where they are few."""
    total = sum(map(len, lines))
    node: LexborNode | None = body if total >= _MIN_LETTERS else None
    found = body
    while node is not None:
        found = node
        node = next((child for child in node.iter() if _letters(child, lines) >= total * _SHARE), None)
    return found


def _letters(node: LexborNode, lines: Sequence[str]) -> int:
    """How many letters of the lines stand in a block."""
    if node.tag not in BLOCK:
        return 0
    text = "".join(node.text().split())
    return sum(len(line) for line in lines if line in text)
