"""What single lines of plain text look like, and at which column they were broken."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।][\"'”’»」』)）\]]*$")
_CLAUSE_END = re.compile(r"[,;:،؛，、；：]$")
_RULE = re.compile(r"([*\-_=~#·•⁂※◇◆○●☆★—])(?:\s*\1){2,}|⁂")
_MARKER = re.compile(r"(?:[-*+•·‣▪◦●○■□]|(?P<number>\d{1,3})[.)])[ \t\u3000]+(?=\S)")
_BYLINE = re.compile(
    r"(?:by|author|authors|written by|text|words|글|글쓴이|지은이|작성자|작가|저자|기자|文|作者|著者|por|par|von|autor|"
    r"auteur|автор|بقلم|الكاتب|تأليف)\s*[:：]\s*(\S.{0,100})",
    re.IGNORECASE,
)
_OPENING = re.compile(r"[–—-]|[“\"«「『„]|.*(?:@|://)")
_WIDEST_COLUMN = 110
_NARROWEST_COLUMN = 30
_SHORT_LINE = 60
_HEADING_WIDTH = 80
_HEADING_WORDS = 14


@dataclass(frozen=True, slots=True)
class ListMarker:
    """What begins an item of a list: the sign, the number in it where it has one, and the words behind it."""

    sign: str
    number: int | None
    words: str

    def follows(self, first: ListMarker, count: int) -> bool:
        """Whether it goes on with a list of `count` items that begins with `first`."""
        if self.number is None or first.number is None:
            return self.sign == first.sign
        return self.sign[-1] == first.sign[-1] and self.number == first.number + count


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line that is not empty, without the space around it.

    `number` counts from 1; `gap` is the number of empty lines before it; `indent` and `width` are in columns; `mark` is
    what makes it an item of a list.
    """

    number: int
    text: str
    gap: int
    indent: int
    width: int
    mark: ListMarker | None


def lines_of(text: str) -> Iterator[TextLine]:
    """Yield the lines of a text that are not empty."""
    gap = 0
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.expandtabs(4).rstrip()
        bare = line.lstrip()
        if bare:
            indent = _columns(line[: len(line) - len(bare)])
            yield TextLine(number, bare, gap, indent, _columns(bare), _mark(bare))
        gap = 0 if bare else gap + 1


def _columns(text: str) -> int:
    """The width of a text, where Chinese, Japanese and Korean letters take two columns."""
    return len(text) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text if letter > "\u10ff")


def _mark(text: str) -> ListMarker | None:
    match = _MARKER.match(text)
    if match is None:
        return None
    return ListMarker(match[0].strip(), int(match["number"]) if match["number"] else None, text[match.end() :])


def ends_sentence(text: str) -> bool:
    return bool(_SENTENCE_END.search(text))


def ends_openly(text: str) -> bool:
    """Whether nothing at the end says that a sentence or a part of one is over, as in headings."""
    return not ends_sentence(text) and not _CLAUSE_END.search(text)


def is_rule(text: str) -> bool:
    return bool(_RULE.fullmatch(text))


def underline_level(line: TextLine, below: TextLine | None) -> int:
    """Return the level of the heading that a line is because of signs below it; 0 for all other lines."""
    if below is None or below.gap or len(below.text) < 3 or not line.width <= min(_HEADING_WIDTH, 3 * below.width):
        return 0
    return {"=": 1, "-": 2}.get(below.text[0], 0) if len(set(below.text)) == 1 else 0


def byline(text: str) -> str:
    """Return the name in a line such as `By: Name`; "" for other lines."""
    match = _BYLINE.fullmatch(text)
    return match[1].strip() if match and not ends_sentence(match[1]) else ""


def looks_like_heading(line: TextLine) -> bool:
    """Whether a line is short, does not end as sentences do, and begins neither in small letters nor as speech does."""
    letters = [letter for letter in line.text if letter.isalpha()]
    if not letters or letters[0].islower() or line.width > _HEADING_WIDTH or len(line.text.split()) > _HEADING_WORDS:
        return False
    is_other = _OPENING.match(line.text) or line.mark or byline(line.text)
    return not is_other and ends_openly(line.text)


def wrap_column(lines: Sequence[TextLine]) -> int:
    """Return the column at which lines were broken to fit; 0 where each line is a paragraph of its own.

    A line was broken when the first word of the next had no more room in it.
    """
    together = [pair for pair in pairwise(lines) if not pair[1].gap]
    widths = sorted({line.number: line.indent + line.width for pair in together for line in pair}.values())
    if not widths or widths[-1] > _WIDEST_COLUMN * 1.5:
        return 0
    column = widths[math.ceil(0.9 * (len(widths) - 1))]
    pairs = [pair for pair in together if not is_short(pair, column) and not any(map(_has_sign, pair))]
    if not pairs or not _NARROWEST_COLUMN <= column <= _WIDEST_COLUMN:
        return 0
    full = sum(is_full(line, following, column) for line, following in pairs)
    ended = sum(ends_sentence(line.text) for line, _ in pairs)
    return column if full >= 0.7 * len(pairs) and ended <= 0.6 * len(pairs) else 0


def _has_sign(line: TextLine) -> bool:
    return line.mark is not None or line.text.startswith((">", "#")) or is_rule(line.text)


def is_short(lines: Sequence[TextLine], column: int) -> bool:
    """Whether no line comes near the column, or near the width of a usual page where there is none."""
    most = column * 3 // 4 if column else _SHORT_LINE
    return all(line.indent + line.width <= most for line in lines)


def is_full(line: TextLine, following: TextLine, column: int) -> bool:
    """Whether the next line's first word had no room in this line."""
    first = following.text.split(maxsplit=1)[0]
    # Scripts without spaces break anywhere: a letter or two is all that need not fit.
    room = min(_columns(first), 4) if _columns(first) > len(first) * 1.5 else _columns(first) + 1
    return line.indent + line.width + room > column
