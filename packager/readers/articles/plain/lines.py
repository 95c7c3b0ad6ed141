"""What a line of plain text looks like."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।][\"'”’»」』)）\]]*$")
_CLAUSE_END = re.compile(r"[,;:،؛，、；：]$")
_RULE = re.compile(r"([*\-_=~#·•⁂※◇◆○●☆★—])(?:\s*\1){2,}|⁂")
_BULLET = re.compile(r"([-*•·‣▪◦●○■□])[ \t\u3000]+(?=\S)")
_NUMBERED = re.compile(r"(?:(\d{1,3})[.)]|\((\d{1,3})\)|([①-⑳]))[ \t\u3000]*(?=\S)")
_BYLINE = re.compile(
    r"(?:by|author|authors|written by|text|words|글|글쓴이|지은이|작성자|작가|저자|기자|文|作者|著者|por|par|von|autor|"
    r"auteur|автор|بقلم|الكاتب|تأليف)\s*[:：]\s*(\S.{0,100})|by (\S.{0,60})",
    re.IGNORECASE,
)
_NUMBERED_HEADING = re.compile(
    r"(?:chapter|part|section|episode|act|book)\s+(?:\d+|[ivxl]+|one|two|three|four|five|six|seven|eight|nine|ten)\b.{0,60}|"
    r"제\s?\d{1,3}\s?[장부절화편회].{0,40}|第[0-9一二三四五六七八九十百]{1,5}[章节節回部卷話话編编].{0,40}|"
    r"[一二三四五六七八九十]{1,3}、.{1,40}|(?:\d{1,2}|[IVX]{1,5})[.)]\s.{1,60}",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"«「『„]")
_QUOTE_END = re.compile(r"[”\"»」』“]$")
_ATTRIBUTION = re.compile(r"[–—―-]{1,2}\s*\S")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the space around it; its number from 1, and its indent and width in columns."""

    number: int
    text: str
    indent: int
    width: int


@dataclass(frozen=True, slots=True)
class Marker:
    """What begins an item of a list: a bullet, or a number with the style it is written in; and the words behind it."""

    style: str
    number: int | None
    words: str


def lines_of(text: str) -> Iterator[Line]:
    """All lines of a text, the empty ones too."""
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.expandtabs(4).rstrip()
        bare = line.lstrip()
        yield Line(number, bare, columns(line[: len(line) - len(bare)]), columns(bare))


def runs(lines: Iterable[Line]) -> Iterator[tuple[int, list[Line]]]:
    """The lines that stand together, each run with the number of empty lines before it."""
    gap = 0
    for is_empty, group in groupby(lines, lambda line: not line.text):
        found = list(group)
        if is_empty:
            gap = len(found)
        else:
            yield gap, found
            gap = 0


def columns(text: str) -> int:
    """The width of a text where Chinese, Japanese and Korean letters take two columns."""
    return len(text) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text if letter > "\u10ff")


def ends_sentence(text: str) -> bool:
    return bool(_SENTENCE_END.search(text))


def ends_openly(text: str) -> bool:
    """Whether nothing at the end says that a sentence or a part of one is over, as in headings."""
    return not ends_sentence(text) and not _CLAUSE_END.search(text)


def is_rule(text: str) -> bool:
    return bool(_RULE.fullmatch(text))


def underline_level(text: str) -> int:
    """The level of the heading that such a line stands under; 0 for all other lines."""
    if len(text) >= 3 and not text.strip("="):
        return 1
    return 2 if len(text) >= 3 and not text.strip("-") else 0


def marker(text: str) -> Marker | None:
    """The marker of a list that the line begins with."""
    if bullet := _BULLET.match(text):
        return Marker(bullet[1], None, text[bullet.end() :])
    match = _NUMBERED.match(text)
    if not match or (match[1] and text[match.end() - 1 : match.end()] not in " \t\u3000"):
        return None
    digits = match[1] or match[2]
    number = int(digits) if digits else ord(match[3]) - ord("①") + 1
    style = match[0].strip().replace(digits, "1") if digits else "①"
    return Marker(style, number, text[match.end() :])


def byline(text: str) -> str:
    """The name in a line such as `By: Name`; "" for other lines."""
    match = _BYLINE.fullmatch(text)
    if not match:
        return ""
    name = match[1] or match[2]
    is_name = bool(match[1]) or all(
        word[0].isupper() or word in ("and", "&", "de", "van", "von") for word in name.split()
    )
    return name.strip() if is_name and not ends_sentence(name) else ""


def is_numbered_heading(line: Line) -> bool:
    """Whether a line names a chapter or begins with the number of a section."""
    return bool(_NUMBERED_HEADING.fullmatch(line.text)) and (line.text[0].isalpha() or not ends_sentence(line.text))


def begins_quoted(text: str) -> bool:
    return bool(_QUOTED.match(text))


def ends_quoted(text: str) -> bool:
    return bool(_QUOTE_END.search(text))


def is_attribution(line: Line) -> bool:
    """Whether it could say, after a quotation, whose words they are."""
    return bool(_ATTRIBUTION.match(line.text)) and line.width <= 100 and not is_rule(line.text)
