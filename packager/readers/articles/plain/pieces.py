"""Lines of plain text -> pieces: what a careful reader sees in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise, takewhile
from statistics import median_low

from packager.readers.articles.plain.lines import (
    Line,
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


class Kind(Enum):
    """What a piece is; LINES are short ones that keep their ends."""

    PARAGRAPH = auto()
    LINES = auto()
    HEADING = auto()
    LIST = auto()
    QUOTE = auto()
    RULE = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that belong together.

    `level` is a heading's. `parts` are what a quotation holds where no signs at the lines' beginnings mark it as one.
    """

    kind: Kind
    lines: tuple[Line, ...]
    level: int = 2
    parts: tuple[Piece, ...] = ()

    @property
    def gap(self) -> int:
        return self.lines[0].gap

    @property
    def width(self) -> int:
        return sum(line.width for line in self.lines)

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


def pieces_of(lines: Sequence[Line]) -> list[Piece]:
    """Return the pieces of a text in order."""
    column = wrap_column(lines)
    base = median_low([line.indent for line in lines] or [0])
    pieces: list[Piece] = []
    plain: list[Line] = []
    index = 0
    while index < len(lines):
        piece = _marked(lines, index, column)
        if piece or lines[index].gap:
            pieces += _unmarked(plain, column, base)
            plain = []
        if piece:
            pieces.append(piece)
        else:
            plain.append(lines[index])
        index += len(piece.lines) if piece else 1
    pieces += _unmarked(plain, column, base)
    return _attributed(_headed(pieces, is_wrapped=column > 0))


def _marked(lines: Sequence[Line], index: int, column: int) -> Piece | None:
    """The piece that begins on a line and shows what it is by a sign of its own."""
    line = lines[index]
    if is_rule(line.text):
        return Piece(Kind.RULE, (line,))
    if line.text.startswith(">"):
        others = takewhile(lambda other: other.text.startswith(">") and not other.gap, lines[index + 1 :])
        return Piece(Kind.QUOTE, (line, *others))
    if signs := _NUMBER_SIGN.match(line.text):
        return Piece(Kind.HEADING, (line,), level=len(signs[1]))
    for below in lines[index + 1 : index + 2]:
        level = 0 if below.gap else underline_level(below.text)
        if level and line.width <= _UNDERLINED_WIDTH and below.width * 3 >= line.width:
            return Piece(Kind.HEADING, (line, below), level=level)
    return _list(lines, index, column)


def _list(lines: Sequence[Line], index: int, column: int) -> Piece | None:
    """The items from a line on, if they are a list: several, or one whose bullet can be nothing else."""
    top = lines[index]
    first = marker(top.text)
    if first is None:
        return None
    count = inner = 0
    end = index
    for end, line in enumerate(lines[index:], start=index):
        mark = marker(line.text)
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
        return Piece(Kind.LIST, tuple(lines[index:end]))
    return None


def _continues(before: Line, line: Line, indent: int, column: int) -> bool:
    """Whether a line without a marker belongs to the item before it."""
    if is_rule(line.text) or line.text.startswith(">"):
        return False
    return line.indent > indent or (column > 0 and is_full(before, line, column))


def _unmarked(lines: list[Line], column: int, base: int) -> Iterator[Piece]:
    """The pieces that lines without signs make, with no empty line among them."""
    if len(lines) > 1 and all(line.indent >= base + _QUOTE_INDENT for line in lines):
        inner = [replace(line, indent=0) for line in lines]
        yield Piece(Kind.QUOTE, tuple(lines), parts=tuple(_unmarked(inner, column, base)))
    elif _keep_their_ends(lines, column):
        yield Piece(Kind.LINES, tuple(lines))
    elif lines:
        start = 0
        for index, (before, line) in enumerate(pairwise(lines), start=1):
            if _is_parted(before, line, column):
                yield Piece(Kind.PARAGRAPH, tuple(lines[start:index]))
                start = index
        yield Piece(Kind.PARAGRAPH, tuple(lines[start:]))


def _keep_their_ends(lines: Sequence[Line], column: int) -> bool:
    """Whether several lines are all short, as in verse, addresses and signatures."""
    if len(lines) < 2 or not is_short(lines, column):
        return False
    return not (is_numbered_heading(lines[0]) or byline(lines[1].text))


def _is_parted(before: Line, line: Line, column: int) -> bool:
    """Whether a new paragraph begins on `line`."""
    if not column or line.indent >= before.indent + 2:
        return True
    is_over = ends_sentence(before.text) or is_numbered_heading(before)
    return is_over and not is_full(before, line, column)


def _headed(pieces: Sequence[Piece], *, is_wrapped: bool) -> list[Piece]:
    """The pieces, with the short lines that stand over others as headings."""
    headed = list(pieces)
    for index in range(len(pieces) - 2, -1, -1):
        if _is_heading(headed[max(0, index - 1)], headed[index], headed[index + 1], is_wrapped=is_wrapped):
            headed[index] = replace(headed[index], kind=Kind.HEADING)
    return headed


def _is_heading(before: Piece, piece: Piece, following: Piece, *, is_wrapped: bool) -> bool:
    if piece.kind is not Kind.PARAGRAPH or len(piece.lines) > 1:
        return False
    line = piece.lines[0]
    is_apart = piece.gap > 0 or before is piece
    if is_apart and is_numbered_heading(line) and (line.text[0].isalpha() or following.width > piece.width):
        return True
    is_alone = following.gap > 0 and (is_apart or is_numbered_heading(before.lines[0]))
    return _looks_like_heading(line) and _stands_over(piece, following, is_alone=is_alone, is_wrapped=is_wrapped)


def _stands_over(piece: Piece, following: Piece, *, is_alone: bool, is_wrapped: bool) -> bool:
    """Whether what follows a short line is what a heading has under it."""
    if following.kind is Kind.PARAGRAPH and not byline(following.lines[0].text):
        is_longer = following.width >= max(_BODY_WIDTH, 2 * piece.width)
        return is_longer and (is_alone or not is_wrapped)
    return following.kind is Kind.PARAGRAPH or (is_alone and following.kind is not Kind.RULE)


def _looks_like_heading(line: Line) -> bool:
    words = line.text.split()
    letters = [letter for letter in line.text if letter.isalpha()]
    if not letters or letters[0].islower() or line.width > _HEADING_WIDTH or len(words) > _HEADING_WORDS:
        return False
    if _QUOTED.match(line.text) or is_attribution(line) or byline(line.text) or "@" in line.text or "://" in line.text:
        return False
    return ends_openly(line.text) or (line.text.endswith("?") and _is_title_case(words))


def _is_title_case(words: Sequence[str]) -> bool:
    return len(words) > 2 and sum(word[0].isupper() for word in words) >= 0.6 * len(words)


def _attributed(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with quoted paragraphs and the line after them that says whose words they are as one."""
    joined: list[Piece] = []
    for piece in pieces:
        is_name = piece.kind is Kind.PARAGRAPH and len(piece.lines) == 1 and is_attribution(piece.lines[0])
        count = _quoted_paragraphs(joined) if is_name and piece.gap <= 1 else 0
        if count:
            parts = (*joined[-count:], piece)
            lines = tuple(line for part in parts for line in part.lines)
            joined[-count:] = [Piece(Kind.QUOTE, lines, parts=parts)]
        else:
            joined.append(piece)
    return joined


def _quoted_paragraphs(pieces: Sequence[Piece]) -> int:
    """How many paragraphs the quotation has that ends the pieces; 0 where none does."""
    if pieces and _QUOTE_END.search(pieces[-1].text):
        for count, piece in enumerate(reversed(pieces[-_QUOTED_PARAGRAPHS:]), start=1):
            if piece.kind is not Kind.PARAGRAPH:
                break
            if _QUOTED.match(piece.text):
                return count
    return 0
