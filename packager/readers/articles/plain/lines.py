"""What single lines of plain text look like, and at which column they were broken."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from packager.text.numbering import CIRCLED, LETTERS

_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।][\"'”’»」』)）\]]*$")
_CLAUSE_END = re.compile(r"[,;:،؛，、；：]$")
_RULE = re.compile(r"([*\-_=~#·•⁂※◇◆○●☆★—])(?:\s*\1){2,}|⁂")
_LETTERS = {
    "hangul": LETTERS["hangul"],
    "jamo": LETTERS["hangul-consonant"],
    "circle": CIRCLED[:20],
    "latin": LETTERS["lower-alpha"],
    "capital": LETTERS["upper-alpha"],
    "chinese": "一二三四五六七八九十",
}
"""Letters that number the items of lists; as any may begin a sentence, only those that follow each other do."""
_MARKER = re.compile(
    rf"(?:[-*+•·‣▪◦●○■□]|(?P<number>\d{{1,3}})[.)]|\((?P<inside>\d{{1,3}})\)|(?P<circle>[{_LETTERS['circle']}])"
    rf"|\(?(?P<hangul>[{_LETTERS['hangul']}])[.)]|(?P<jamo>[{_LETTERS['jamo']}])[.)]"
    rf"|\(?(?P<latin>[a-z])[.)]|\(?(?P<capital>[A-Z])\)|(?P<chinese>[{_LETTERS['chinese']}])[、．.)）])"
    r"(?:[ \t\u3000]+|(?<=[①-⑳、]))(?=\S)"
)
_FRAMED = re.compile(r"([-*=~])[ \t].*[ \t]\1")  # `- the end -`
_BYLINE = re.compile(
    r"(?:by|author|authors|written by|text|words|글|글쓴이|지은이|작성자|작가|저자|기자|文|作者|著者|por|par|von|autor|"
    r"auteur|автор|بقلم|الكاتب|تأليف)\s*[:：]\s*(\S.{0,100})",
    re.IGNORECASE,
)
_OPENING = re.compile(r"[–—-]|\[[^\]]*\]\s*\S|[“\"«「『„]|.*(?:@|://)")
_FRAME = re.compile(r"[+|│┃┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝║╟╢].*[+|│┃┐┤┘╗╣╝║╢]")
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_HYPHENATED = re.compile(r"[a-z]-$")
_VERSE_SHARE, _MOST_LINES = 0.34, 2 / 3
_SPEAKER = re.compile(
    r"\[[^\]]{1,40}\]|\(?\d{1,2}[:.]\d{2}|\d{4}[-./년]"
    r"|(?=\D)[^\s:：]{1,20}(?: [^\s:：]{1,20})?[ \t]?[:：](?:\s|(?<=：))"
)
_WIDEST_COLUMN = 110
_NARROWEST_COLUMN = 30
_SHORT_LINE = 60
_HEADING_WIDTH = 80
_HEADING_WORDS = 14


@dataclass(frozen=True, slots=True)
class ListMarker:
    """What begins an item of a list: the sign, the number in it where it has one, and the words behind it.

    `kind` is what numbers it, "" for common digits and bullets.
    """

    sign: str
    number: int | None
    words: str
    kind: str = ""

    def follows(self, first: ListMarker, count: int) -> bool:
        """Whether it goes on with a list of `count` items that begins with `first`."""
        if self.number is None or first.number is None:
            return self.sign == first.sign
        is_alike = self.kind == first.kind and (self.kind == "circle" or self.sign[-1] == first.sign[-1])
        return is_alike and self.number == first.number + count


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line that is not empty, without the space around it.

    `number` counts from 1; `gap` is the number of empty lines before it; `indent` and `width` are in columns; `mark` is
    what makes it an item of a list, `cells` are what tabs part.
    """

    number: int
    text: str
    gap: int
    indent: int
    width: int
    mark: ListMarker | None
    cells: tuple[str, ...] = ()


def lines_of(text: str) -> Iterator[TextLine]:
    """Yield the lines of a text that are not empty."""
    gap = 0
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.expandtabs(4).rstrip()
        bare = line.lstrip()
        if bare:
            indent = columns(line[: len(line) - len(bare)])
            cells = tuple(cell.strip() for cell in raw.strip().split("\t"))
            yield TextLine(number, bare, gap, indent, columns(bare), _mark(bare), cells)
        gap = 0 if bare else gap + 1


def columns(text: str) -> int:
    """The width of a text, where Chinese, Japanese and Korean letters take two columns."""
    return len(text) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text if letter > "\u10ff")


def _mark(text: str) -> ListMarker | None:
    match = _MARKER.match(text)
    if match is None or _FRAMED.fullmatch(text):
        return None
    sign, words = match[0].strip(), text[match.end() :]
    kind = match.lastgroup or ""
    if kind in _LETTERS:
        return ListMarker(sign, _LETTERS[kind].index(match[kind]) + 1, words, kind)
    return ListMarker(sign, int(match[kind]) if kind else None, words, kind.removeprefix("number"))


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
    pairs = [pair for pair in together if not is_short(pair, column) and not any(map(has_sign, pair))]
    if not pairs or not _NARROWEST_COLUMN <= column <= _WIDEST_COLUMN:
        return 0
    full = sum(is_full(line, following, column) for line, following in pairs)
    ended = sum(ends_sentence(line.text) for line, _ in pairs)
    return column if full >= 0.7 * len(pairs) and ended <= 0.6 * len(pairs) else 0


def has_sign(line: TextLine) -> bool:
    """Whether a line begins with a sign that makes it an item, a quote, a heading or a rule."""
    return line.mark is not None or line.text.startswith((">", "#")) or is_rule(line.text)


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


def is_letter_mark(mark: ListMarker | None) -> bool:
    """Whether a line begins with what numbers an item only where another follows."""
    return mark is not None and mark.kind != ""


def is_table(lines: Sequence[TextLine]) -> bool:
    """Whether lines are a table drawn with signs, or with spaces: their cells begin, or end, in the same columns."""
    if sum(_FRAME.fullmatch(line.text) is not None for line in lines) >= 2:
        return True
    if len(lines) < 3 or any(line.width > 2 * _WIDEST_COLUMN for line in lines):
        return False
    places = Counter(place for line in lines for place in _cells_at(line))
    most = max(places.values(), default=0)
    return most >= 0.8 * len(lines)


def _cells_at(line: TextLine) -> set[tuple[str, int]]:
    """Where the cells behind the first begin and end."""
    found: set[tuple[str, int]] = set()
    for gap in _GAP.finditer(line.text):
        after = line.text[gap.end() :]
        begin = line.indent + columns(line.text[: gap.end()])
        found |= {("begin", begin), ("end", begin + columns(re.split(" {2,}", after, maxsplit=1)[0]))}
    return found


def is_verse(lines: Sequence[TextLine], column: int) -> bool:
    """Whether lines end where their writer wanted, as in verse and in talks that were written down.

    They end before the column and not with a sentence, begin with capitals, or with who speaks and when. Where the
    whole text has no column, it is that of the lines themselves.
    """
    pairs = list(pairwise(lines))
    widest = max(line.indent + line.width for line in lines)
    if not pairs or widest > (_WIDEST_COLUMN if column else _HEADING_WIDTH):
        return False
    if len(pairs) > 1 and sum(_SPEAKER.match(line.text) is not None for line in lines) >= _MOST_LINES * len(lines):
        return True
    column = column or widest
    going_on = [pair for pair in pairs if not ends_sentence(pair[0].text) and not _HYPHENATED.search(pair[0].text)]
    before = sum(not is_full(line, following, column) for line, following in going_on)
    capitals = sum(following.text[0].isupper() for _, following in going_on)
    return before > _VERSE_SHARE * len(pairs) or (before > 0 and capitals >= _MOST_LINES * len(pairs))


def is_wrapped(lines: Sequence[TextLine]) -> bool:
    """Whether lines that stand together were broken to fit a width of their own, in the middle of sentences."""
    column = max(line.indent + line.width for line in lines)
    pairs = list(pairwise(lines))
    if not _SHORT_LINE <= column <= _WIDEST_COLUMN or not pairs:
        return False
    full = sum(is_full(*pair, column) or _HYPHENATED.search(pair[0].text) is not None for pair in pairs)
    ended = sum(ends_sentence(line.text) for line, _ in pairs)
    return full >= 0.7 * len(pairs) and ended <= 0.3 * len(pairs)
