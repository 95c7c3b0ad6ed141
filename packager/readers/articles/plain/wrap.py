"""How a plain text is set: one line a paragraph, or lines broken at a column."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from packager.readers.articles.plain.lines import Line, columns, ends_sentence, is_rule, marker

_WIDEST = 110
_NARROWEST = 30
_VERSE_WIDTH = 60


def wrap_column(runs: Sequence[Sequence[Line]]) -> int:
    """The column at which lines were broken to fit; 0 where each line is a paragraph of its own.

    A line was broken when the first word of the next had no more room in it.
    """
    widths = sorted(line.indent + line.width for run in runs if len(run) > 1 for line in run)
    if not widths or widths[-1] > _WIDEST * 1.5:
        return 0
    column = widths[math.ceil(0.9 * (len(widths) - 1))]
    pairs = [pair for run in runs if _is_broad(run, column) for pair in pairwise(run) if all(map(_is_plain, pair))]
    if not pairs or not _NARROWEST <= column <= _WIDEST:
        return 0
    full = sum(is_full(line, following, column) for line, following in pairs)
    ended = sum(ends_sentence(line.text) for line, _ in pairs)
    return column if full >= 0.7 * len(pairs) and ended <= 0.6 * len(pairs) else 0


def is_full(line: Line, following: Line, column: int) -> bool:
    """Whether the next line's first word had no room in this line."""
    first = following.text.split(maxsplit=1)[0]
    # Scripts without spaces break anywhere: a letter or two is all that need not fit.
    room = min(columns(first), 4) if columns(first) > len(first) * 1.5 else columns(first) + 1
    return line.indent + line.width + room > column


def is_verse(lines: Sequence[Line], column: int) -> bool:
    """Whether lines are short for a reason of their own: verse, an address, a signature."""
    widest = max(line.width for line in lines)
    if len(lines) < 2 or widest > _VERSE_WIDTH:
        return False
    if column:
        full = sum(is_full(line, following, column) for line, following in pairwise(lines))
        return full * 3 < len(lines) and (len(lines) > 2 or widest < 0.6 * column)
    return len(lines) > 2 and sum(ends_sentence(line.text) for line in lines) * 2 < len(lines)


def _is_broad(run: Sequence[Line], column: int) -> bool:
    return max(line.indent + line.width for line in run) >= 0.75 * column


def _is_plain(line: Line) -> bool:
    return not (marker(line.text) or is_rule(line.text) or line.text.startswith((">", "#")))
