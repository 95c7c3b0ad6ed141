"""Lines of plain text -> segments: what a careful reader sees in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise
from statistics import median_low

from packager.readers.articles.plain.lines import (
    TextLine,
    byline,
    ends_openly,
    ends_sentence,
    is_attribution,
    is_full,
    is_numbered_heading,
    is_rule,
    is_short,
    marker,
    underline_level,
    wrap_column,
)

_NUMBER_SIGN = re.compile(r"(#{1,6})\s+(?=\S)")
_QUOTED = re.compile(r"[“\"«「『„]")
_QUOTE_END = re.compile(r"[”\"»」』“]$")
_QUOTE_INDENT = 4
_QUOTED_PARAGRAPHS = 6
_UNDERLINED_WIDTH = 80
_HEADING_WIDTH = 80
_HEADING_WORDS = 14
_BODY_WIDTH = 60


class SegmentKind(Enum):
    """What a segment is; LINES are short ones that keep their ends."""

    PARAGRAPH = auto()
    LINES = auto()
    HEADING = auto()
    LIST = auto()
    QUOTE = auto()
    RULE = auto()


@dataclass(frozen=True, slots=True)
class TextSegment:
    """Lines that belong together.

    `level` is a heading's. `parts` are what a quotation holds where no signs at the lines' beginnings mark it as one.
    """

    kind: SegmentKind
    lines: tuple[TextLine, ...]
    level: int = 2
    parts: tuple[TextSegment, ...] = ()

    @property
    def gap(self) -> int:
        return self.lines[0].gap

    @property
    def width(self) -> int:
        return sum(line.width for line in self.lines)

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


def segments_of(lines: Sequence[TextLine]) -> list[TextSegment]:
    """Return the segments of a text in order."""
    column = wrap_column(lines)
    base = median_low([line.indent for line in lines] or [0])
    segments: list[TextSegment] = []
    plain: list[TextLine] = []
    index = 0
    while index < len(lines):
        segment = _marked(lines, index, column)
        if segment or lines[index].gap:
            segments += _unmarked(plain, column, base)
            plain = []
        if segment:
            segments.append(segment)
        else:
            plain.append(lines[index])
        index += len(segment.lines) if segment else 1
    segments += _unmarked(plain, column, base)
    return _attributed(_headed(segments, is_wrapped=column > 0))


def _marked(lines: Sequence[TextLine], index: int, column: int) -> TextSegment | None:
    """The segment that begins on a line and shows what it is by a sign of its own."""
    line = lines[index]
    if is_rule(line.text):
        return TextSegment(SegmentKind.RULE, (line,))
    if line.text.startswith(">"):
        end = index + 1
        while end < len(lines) and lines[end].text.startswith(">") and not lines[end].gap:
            end += 1
        return TextSegment(SegmentKind.QUOTE, tuple(lines[index:end]))
    if signs := _NUMBER_SIGN.match(line.text):
        return TextSegment(SegmentKind.HEADING, (line,), level=len(signs[1]))
    for below in lines[index + 1 : index + 2]:
        level = 0 if below.gap else underline_level(below.text)
        if level and line.width <= _UNDERLINED_WIDTH and below.width * 3 >= line.width:
            return TextSegment(SegmentKind.HEADING, (line, below), level=level)
    return _list(lines, index, column)


def _list(lines: Sequence[TextLine], index: int, column: int) -> TextSegment | None:
    """The items from a line on, if they are a list: several, or one whose bullet can be nothing else."""
    top = lines[index]
    first = marker(top.text)
    if first is None:
        return None
    count = inner = 0
    end = index
    for end in range(index, len(lines)):
        line, mark = lines[end], marker(lines[end].text)
        goes_on = mark is not None and mark.follows(first, count) and line.indent <= top.indent
        if line.gap and end > index and not (goes_on and line.gap == 1):
            break
        if goes_on:
            count += 1
        elif mark and line.indent > top.indent:
            inner += 1
        elif mark or not _continues(lines[end - 1], line, top.indent, column):
            break
    else:
        end = len(lines)
    is_introduced = index > 0 and not top.gap and lines[index - 1].text.endswith((":", "："))
    is_plain_bullet = first.number is None and first.style not in ("-", "*", "·")
    if count + inner > 1 or is_introduced or is_plain_bullet:
        return TextSegment(SegmentKind.LIST, tuple(lines[index:end]))
    return None


def _continues(before: TextLine, line: TextLine, indent: int, column: int) -> bool:
    """Whether a line without a marker belongs to the item before it."""
    if is_rule(line.text) or line.text.startswith(">"):
        return False
    return line.indent > indent or (column > 0 and is_full(before, line, column))


def _unmarked(lines: list[TextLine], column: int, base: int) -> Iterator[TextSegment]:
    """The segments that lines without signs make, with no empty line among them."""
    if len(lines) > 1 and all(line.indent >= base + _QUOTE_INDENT for line in lines):
        inner = [replace(line, indent=0) for line in lines]
        yield TextSegment(SegmentKind.QUOTE, tuple(lines), parts=tuple(_unmarked(inner, column, base)))
    elif _keep_their_ends(lines, column):
        yield TextSegment(SegmentKind.LINES, tuple(lines))
    elif lines:
        start = 0
        for index, (before, line) in enumerate(pairwise(lines), start=1):
            if _is_parted(before, line, column):
                yield TextSegment(SegmentKind.PARAGRAPH, tuple(lines[start:index]))
                start = index
        yield TextSegment(SegmentKind.PARAGRAPH, tuple(lines[start:]))


def _keep_their_ends(lines: Sequence[TextLine], column: int) -> bool:
    """Whether several lines are all short, as in verse, addresses and signatures."""
    if len(lines) < 2 or not is_short(lines, column):
        return False
    return not (is_numbered_heading(lines[0]) or byline(lines[1].text))


def _is_parted(before: TextLine, line: TextLine, column: int) -> bool:
    """Whether a new paragraph begins on `line`."""
    if not column or line.indent >= before.indent + 2:
        return True
    is_over = ends_sentence(before.text) or is_numbered_heading(before)
    return is_over and not is_full(before, line, column)


def _headed(segments: Sequence[TextSegment], *, is_wrapped: bool) -> list[TextSegment]:
    """The segments, with the short lines that stand over others as headings."""
    headed = list(segments)
    for index in range(len(segments) - 2, -1, -1):
        before = headed[index - 1] if index else None
        if _is_heading(before, headed[index], headed[index + 1], is_wrapped=is_wrapped):
            headed[index] = replace(headed[index], kind=SegmentKind.HEADING)
    return headed


def _is_heading(before: TextSegment | None, segment: TextSegment, after: TextSegment, *, is_wrapped: bool) -> bool:
    """Whether it is a short line, and what follows it is what a heading has under it."""
    line = segment.lines[0]
    if segment.kind is not SegmentKind.PARAGRAPH or len(segment.lines) > 1:
        return False
    is_apart = segment.gap > 0 or before is None
    if is_apart and is_numbered_heading(line) and (line.text[0].isalpha() or after.width > segment.width):
        return True
    is_alone = after.gap > 0 and (is_apart or (before is not None and is_numbered_heading(before.lines[0])))
    if not _looks_like_heading(line):
        return False
    if after.kind is not SegmentKind.PARAGRAPH:
        return is_alone and after.kind is not SegmentKind.RULE
    is_longer = after.width >= max(_BODY_WIDTH, 2 * segment.width)
    return bool(byline(after.lines[0].text)) or (is_longer and (is_alone or not is_wrapped))


def _looks_like_heading(line: TextLine) -> bool:
    words = line.text.split()
    letters = [letter for letter in line.text if letter.isalpha()]
    if not letters or letters[0].islower() or line.width > _HEADING_WIDTH or len(words) > _HEADING_WORDS:
        return False
    if _QUOTED.match(line.text) or is_attribution(line) or byline(line.text) or "@" in line.text or "://" in line.text:
        return False
    is_title_case = len(words) > 2 and sum(word[0].isupper() for word in words) >= 0.6 * len(words)
    return ends_openly(line.text) or (line.text.endswith("?") and is_title_case)


def _attributed(segments: Sequence[TextSegment]) -> list[TextSegment]:
    """The segments, with quoted paragraphs and the line after them that says whose words they are as one."""
    joined: list[TextSegment] = []
    for segment in segments:
        is_name = segment.kind is SegmentKind.PARAGRAPH and len(segment.lines) == 1 and is_attribution(segment.lines[0])
        count = _quoted_paragraphs(joined) if is_name and segment.gap <= 1 else 0
        if count:
            parts = (*joined[-count:], segment)
            lines = tuple(line for part in parts for line in part.lines)
            joined[-count:] = [TextSegment(SegmentKind.QUOTE, lines, parts=parts)]
        else:
            joined.append(segment)
    return joined


def _quoted_paragraphs(segments: Sequence[TextSegment]) -> int:
    """How many paragraphs the quotation has that ends the segments; 0 where none does."""
    if segments and _QUOTE_END.search(segments[-1].text):
        for count, segment in enumerate(reversed(segments[-_QUOTED_PARAGRAPHS:]), start=1):
            if segment.kind is not SegmentKind.PARAGRAPH:
                break
            if _QUOTED.match(segment.text):
                return count
    return 0
