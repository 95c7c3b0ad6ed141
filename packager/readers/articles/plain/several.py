"""Whether one text is several articles, and where each seems to begin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from packager.readers.articles.plain.lines import Line, byline, ends_openly
from packager.readers.articles.plain.runs import Kind, Piece

_LONG_GAP = 4
_ORPHAN_WIDTH = 30
_HEADLINE_SHARE = 1.25
_ENOUGH = 3
_MIN_PIECES = 2

_HEADLINE = re.compile(r"\s[-–—|]\s|[:：]\s*\S")
_CALL = re.compile(
    r"\b(?:give|donate|subscribe|share|follow|sign up|read more|learn more|join|support|contact|back to top|the end)\b|"
    r"기부|후원|구독|공유|더 ?보기|끝$|捐|订阅|訂閱|分享|寄付|続きを読む|تبرع|donar|suscr",
    re.IGNORECASE,
)


def beginnings(pieces: Sequence[Piece]) -> tuple[Line, ...]:
    """The headlines inside a text that seem to begin another article."""
    headings = [index for index, piece in enumerate(pieces) if piece.kind is Kind.HEADING]
    return tuple(
        pieces[index].lines[0]
        for index in headings
        if _MIN_PIECES <= index <= len(pieces) - 1 - _MIN_PIECES
        and sum(_signs(pieces, index, [pieces[other].width for other in headings if other != index])) >= _ENOUGH
    )


def _signs(pieces: Sequence[Piece], index: int, others: Sequence[int]) -> Iterator[int]:
    """What speaks for another article's beginning at a heading, weighed."""
    before, heading, after = pieces[index - 1 : index + 2]
    yield 3 * bool(byline(after.lines[0].text))
    yield 2 * (heading.gap >= _LONG_GAP)
    yield before.kind is Kind.RULE
    yield bool(_HEADLINE.search(heading.text)) or (bool(others) and heading.width > _HEADLINE_SHARE * max(others))
    # What closes a page often stands alone before the next one begins: "Give today", "Read more".
    is_orphan = before.kind is Kind.PARAGRAPH and before.width <= _ORPHAN_WIDTH and ends_openly(before.text)
    yield is_orphan
    yield is_orphan and bool(_CALL.search(before.text))
