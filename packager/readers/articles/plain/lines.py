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
_BULLET = re.compile(r"([-*•·‣▪◦●○■□])[ \t\u3000]+(?=\S)")
_NUMBERED = re.compile(r"(?:(\d{1,3})[.)]|\((\d{1,3})\)|([①-⑳]))[ \t\u3000]*(?=\S)")
_BYLINE = re.compile(
    r"(?:by|author|authors|written by|text|words|글|글쓴이|지은이|작성자|작가|저자|기자|文|作者|著者|por|par|von|autor|"
    r"auteur|автор|بقلم|الكاتب|تأليف)\s*[:：]\s*(\S.{0,100})",
    re.IGNORECASE,
)
_NUMBERED_HEADING = re.compile(
    r"(?:chapter|part|section|episode|act|book)\s+(?:\d+|[ivxl]+|one|two|three|four|five|six|seven|eight|nine|ten)\b.{0,60}|"
    r"제\s?\d{1,3}\s?[장부절화편회].{0,40}|第[0-9一二三四五六七八九十百]{1,5}[章节節回部卷話话編编].{0,40}|"
    r"[一二三四五六七八九十]{1,3}、.{1,40}|(?:\d{1,2}|[IVX]{1,5})[.)]\s.{1,60}",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(r"[–—―-]{1,2}\s*\S")
_WIDEST_COLUMN = 110
_NARROWEST_COLUMN = 30
_SHORT_LINE = 60


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line that is not empty, without the space around it.

    `number` counts from 1; `gap` is the number of empty lines before it; `indent` and `width` are in columns.
    """

    number: int
    text: str
    gap: int
    indent: int
    width: int


@dataclass(frozen=True, slots=True)
class ListMarker:
    """What begins an item of a list: a bullet, or a number with the style it is written in; and the words behind it."""

    style: str
    number: int | None
    words: str

    def follows(self, first: ListMarker, count: int) -> bool:
        """Whether it goes on with a list of `count` items that begins with `first`."""
        return self.style == first.style and (first.number is None or self.number == first.number + count)


def lines_of(text: str) -> Iterator[TextLine]:
    """Yield the lines of a text that are not empty."""
    gap = 0
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.expandtabs(4).rstrip()
        bare = line.lstrip()
        if bare:
            yield TextLine(number, bare, gap, columns(line[: len(line) - len(bare)]), columns(bare))
        gap = 0 if bare else gap + 1


def columns(text: str) -> int:
    """Return the width of a text, where Chinese, Japanese and Korean letters take two columns."""
    return len(text) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text if letter > "\u10ff")


def ends_sentence(text: str) -> bool:
    return bool(_SENTENCE_END.search(text))


def ends_openly(text: str) -> bool:
    """Whether nothing at the end says that a sentence or a part of one is over, as in headings."""
    return not ends_sentence(text) and not _CLAUSE_END.search(text)


def is_rule(text: str) -> bool:
    return bool(_RULE.fullmatch(text))


def underline_level(text: str) -> int:
    """Return the level of the heading that such a line stands under; 0 for all other lines."""
    if len(text) >= 3 and not text.strip("="):
        return 1
    return 2 if len(text) >= 3 and not text.strip("-") else 0


def marker(text: str) -> ListMarker | None:
    """Return the marker of a list that the line begins with."""
    if bullet := _BULLET.match(text):
        return ListMarker(bullet[1], None, text[bullet.end() :])
    match = _NUMBERED.match(text)
    if not match or (match[1] and text[match.end() - 1 : match.end()] not in " \t\u3000"):
        return None
    digits = match[1] or match[2]
    number = int(digits) if digits else ord(match[3]) - ord("①") + 1
    style = match[0].strip().replace(digits, "1") if digits else "①"
    return ListMarker(style, number, text[match.end() :])


def byline(text: str) -> str:
    """Return the name in a line such as `By: Name`; "" for other lines."""
    match = _BYLINE.fullmatch(text)
    return match[1].strip() if match and not ends_sentence(match[1]) else ""


def is_numbered_heading(line: TextLine) -> bool:
    """Whether a line names a chapter or begins with the number of a section."""
    return bool(_NUMBERED_HEADING.fullmatch(line.text)) and (line.text[0].isalpha() or not ends_sentence(line.text))


def is_attribution(line: TextLine) -> bool:
    """Whether it could say, after a quotation, whose words they are."""
    return bool(_ATTRIBUTION.match(line.text)) and line.width <= 100 and not is_rule(line.text)


def wrap_column(lines: Sequence[TextLine]) -> int:
    """Return the column at which lines were broken to fit; 0 where each line is a paragraph of its own.

    A line was broken when the first word of the next had no more room in it.
    """
    together = [pair for pair in pairwise(lines) if not pair[1].gap]
    widths = sorted({line.number: line.indent + line.width for pair in together for line in pair}.values())
    if not widths or widths[-1] > _WIDEST_COLUMN * 1.5:
        return 0
    column = widths[math.ceil(0.9 * (len(widths) - 1))]
    pairs = [pair for pair in together if all(map(_is_plain, pair)) and not is_short(pair, column)]
    if not pairs or not _NARROWEST_COLUMN <= column <= _WIDEST_COLUMN:
        return 0
    full = sum(is_full(line, following, column) for line, following in pairs)
    ended = sum(ends_sentence(line.text) for line, _ in pairs)
    return column if full >= 0.7 * len(pairs) and ended <= 0.6 * len(pairs) else 0


def is_short(lines: Sequence[TextLine], column: int) -> bool:
    """Whether no line comes near the column, or near the width of a usual page where there is none."""
    most = column * 3 // 4 if column else _SHORT_LINE
    return all(line.indent + line.width <= most for line in lines)


def is_full(line: TextLine, following: TextLine, column: int) -> bool:
    """Whether the next line's first word had no room in this line."""
    first = following.text.split(maxsplit=1)[0]
    # Scripts without spaces break anywhere: a letter or two is all that need not fit.
    room = min(columns(first), 4) if columns(first) > len(first) * 1.5 else columns(first) + 1
    return line.indent + line.width + room > column


def _is_plain(line: TextLine) -> bool:
    return not (marker(line.text) or is_rule(line.text) or line.text.startswith((">", "#")))
