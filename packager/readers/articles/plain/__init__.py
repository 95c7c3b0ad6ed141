"""Plain text -> the article in it, as a careful reader sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from packager.model import (
    Block,
    Break,
    Cell,
    Heading,
    Paragraph,
    Preformatted,
    Quote,
    Remark,
    Table,
    ThematicRule,
    warning,
)
from packager.readers.account import Account, words
from packager.readers.articles.inlines import joined_lines, plain, tidy
from packager.readers.articles.plain.aozora import readings_in, run_of, signs_in, without_readings
from packager.readers.articles.plain.lines import (
    TextLine,
    byline,
    ends_openly,
    ends_sentence,
    has_sign,
    is_full,
    is_letter_mark,
    is_rule,
    is_short,
    is_table,
    is_verse,
    is_wrapped,
    lines_of,
    looks_like_heading,
    underline_level,
    wrap_column,
)
from packager.readers.articles.reading import MAX_DEPTH, PictureFinder, ReadArticle, names, numbered
from packager.text.spelling import shortened

_MAX_TITLE_WIDTH = 160
_BYLINE_GAP = 2
_PICTURE_GAP = 6
_ARTICLE_GAP = 4
_CLOSING_WIDTH = 30
_BODY_WIDTH = 60
_TITLE_SIGNS = re.compile(r"#{1,6}\s+|(?:title|제목|标题|標題|タイトル)\s*[:：]\s*", re.IGNORECASE)
_HEADLINE = re.compile(r"\s[-–—|]\s|[:：]\s*\S")
_HEADING = re.compile(r"(#{1,6})\s++(.+)")


def read(source: str, label: str, finder: PictureFinder, title: str = "") -> ReadArticle:
    """Return the article in a plain text; its first line is the title, unless `title` says another.

    A plain text shows no pictures, so that nothing is asked of the finder.
    """
    lines = list(lines_of(source))
    first_line, rest = _title(lines)
    if title not in ("", first_line):
        rest = lines
    author = byline(rest[0].text) if rest and rest[0].gap <= _BYLINE_GAP else ""
    return ReadArticle(
        title or without_readings(first_line),
        tuple(_blocks(rest[1:] if author else rest)),
        authors=names(author),
        remarks=(*_several(lines, label), *_gaps(lines, label)),
        account=Account(named=words(rest[0].text if author else "", *signs_in(source), *readings_in(first_line))),
    )


def _title(lines: list[TextLine]) -> tuple[str, list[TextLine]]:
    """The title and the lines after it; "" and all lines where the text begins with a paragraph."""
    if not lines or lines[0].width > _MAX_TITLE_WIDTH:
        return "", lines
    first, below = lines[0], lines[1] if len(lines) > 1 else None
    column = wrap_column(lines)
    if column and below and not below.gap and is_full(first, below, column) and ends_openly(first.text):
        return "", lines  # broken to fit, in the middle of a sentence
    return _TITLE_SIGNS.sub("", first.text, count=1), lines[2 if underline_level(first, below) else 1 :]


def _several(lines: Sequence[TextLine], label: str) -> Iterator[Remark]:
    """Whether the text seems to be several articles: where headlines stand as they do only above an article."""
    headings = _headings(lines, wrap_column(lines))
    neighbours = zip(lines[2:], lines[3:], lines[4:], strict=False)
    starts = [line for before, line, after in neighbours if _begins_article(before, line, after, headings)]
    if starts:
        places = " and ".join(f"line {line.number} ({shortened(line.text)})" for line in (lines[0], *starts))
        message = f"looks like several articles, beginning at {places}: cut it into one file each"
        yield warning(label, message, starts[0].number)


def _begins_article(before: TextLine, line: TextLine, after: TextLine, headings: set[int]) -> bool:
    """Whether a byline follows a heading, or a headline a wide gap, or a few words that close a page."""
    is_closing = before.width <= _CLOSING_WIDTH and ends_openly(before.text) and before.number not in headings
    is_apart = line.gap >= _ARTICLE_GAP or (is_closing and before.mark is None)
    is_headline = is_apart and _HEADLINE.search(line.text) is not None
    return line.number in headings and (is_headline or bool(byline(after.text)))


def _gaps(lines: Sequence[TextLine], label: str) -> Iterator[Remark]:
    """Where text was copied from a page, empty lines stand for its pictures."""
    for line in lines[1:]:
        if line.gap >= _PICTURE_GAP:
            message = (
                f"{line.gap} empty lines in a row: if a picture stood here where the text was copied from, it is "
                "not in this file; a web page saved whole, or a Markdown file, shows its pictures"
            )
            yield warning(label, message, line.number - line.gap)


def _headings(lines: Sequence[TextLine], column: int) -> set[int]:
    """The numbers of the lines without signs that are headings: short ones over a text, a list or another heading."""
    headings: set[int] = set()
    for index in range(len(lines) - 2, -1, -1):
        line, below = lines[index], lines[index + 1]
        is_alone = below.gap > 0 and (line.gap > 0 or index == 0)
        if column:
            is_over_text = is_alone and not is_short([below], column)
        else:
            is_over_text = below.width >= max(_BODY_WIDTH, 2 * line.width) and below.number not in headings
        is_over_part = is_alone and (below.number in headings or below.mark is not None)
        if (is_over_text or is_over_part or byline(below.text)) and looks_like_heading(line):
            headings.add(line.number)
    return headings


def _blocks(lines: Sequence[TextLine], depth: int = 0) -> Iterator[Block]:
    """The blocks that the lines make; quotes and lists deeper than MAX_DEPTH become paragraphs."""
    column = wrap_column(lines)
    headings = _headings(lines, column)
    passage: list[TextLine] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        blocks, end = _kept(lines, index, column)
        if not blocks:
            blocks, end = _signed(lines, index, column, depth)
        if not blocks and line.number in headings:
            blocks, end = (Heading(2, plain(line.text)),), index + 1
        if blocks or line.gap:
            yield from _paragraphs(passage, column)
            passage = []
        yield from blocks
        passage += [] if blocks else [line]
        index = end
    yield from _paragraphs(passage, column)


def _kept(lines: Sequence[TextLine], start: int, column: int) -> tuple[tuple[Block, ...], int]:
    """The table or the verse that the lines up to the next empty one make, none where they make none."""
    end = start + 1
    if start and not lines[start].gap:
        return (), end
    while end < len(lines) and not lines[end].gap:
        end += 1
    part = lines[start:end]
    if len(part) > 1 and len(part[0].cells) > 1 and len({len(line.cells) for line in part}) == 1:
        return (Table(tuple(tuple(Cell(run_of(cell)) for cell in line.cells) for line in part)),), end
    if len(part) > 2 and not any(map(has_sign, part)) and is_verse(part, column):
        return (_verse(part),), end
    if not is_table(part):
        return (), start + 1
    margin = min(line.indent for line in part)
    return (Preformatted("\n".join(" " * (line.indent - margin) + line.text for line in part)),), end


def _verse(lines: Sequence[TextLine]) -> Paragraph:
    return Paragraph(tidy(inline for line in lines for inline in (*run_of(line.text), Break())))


def _signed(lines: Sequence[TextLine], start: int, column: int, depth: int) -> tuple[tuple[Block, ...], int]:
    """The blocks that begin on a line by a sign, none where it has no sign, and the index of the line after them."""
    line, below = lines[start], lines[start + 1] if start + 1 < len(lines) else None
    if is_rule(line.text):
        return (ThematicRule(),), start + 1
    if signs := _HEADING.fullmatch(line.text):
        return (Heading(len(signs[1]), plain(_without_closing(signs[2]))),), start + 1
    if line.text.startswith(">"):
        return _quote(lines, start, depth)
    if level := underline_level(line, below):
        return (Heading(level, plain(line.text)),), start + 2
    return _list(lines, start, column, depth)


def _without_closing(words: str) -> str:
    """Take off the signs that a heading may end with, behind a space."""
    bare = words.rstrip("#")
    return bare.rstrip() if bare[-1:].isspace() else words


def _quote(lines: Sequence[TextLine], start: int, depth: int) -> tuple[tuple[Block, ...], int]:
    end = start + 1
    while end < len(lines) and lines[end].text.startswith(">") and not lines[end].gap:
        end += 1
    if depth >= MAX_DEPTH:
        return tuple(Paragraph(run_of(line.text.lstrip("> "))) for line in lines[start:end]), end
    inner = tuple(_blocks(list(lines_of("\n".join(line.text[1:] for line in lines[start:end]))), depth + 1))
    return (Quote(inner),) if inner else (), end


def _list(lines: Sequence[TextLine], start: int, column: int, depth: int) -> tuple[tuple[Block, ...], int]:
    """The list that begins on a line: items that follow each other, with what is indented below them."""
    top, first = lines[start], lines[start].mark
    if first is None or depth >= MAX_DEPTH or (is_letter_mark(first) and first.number != 1):
        return (), start + 1
    items = [[top]]
    end = start + 1
    while end < len(lines):
        line, mark = lines[end], lines[end].mark
        is_next = mark is not None and mark.follows(first, len(items)) and line.indent <= top.indent + 1
        is_wrapped = mark is None and column > 0 and is_full(lines[end - 1], line, column)
        goes_on = is_next or is_wrapped or line.indent > top.indent
        if not goes_on or line.gap > (1 if is_next else 0):
            break
        if is_next:
            items.append([line])
        else:
            items[-1].append(line)
        end += 1
    if is_letter_mark(first) and len(items) == 1:
        return (), start + 1
    signs = [item[0].mark.sign if item[0].mark and first.number is not None else "" for item in items]
    return (numbered([tuple(_item(item, depth)) for item in items], signs),), end


def _item(lines: Sequence[TextLine], depth: int) -> Iterator[Block]:
    """The words behind the marker with the lines that go on with them, and the list inside the item."""
    mark = lines[0].mark
    end = next((index for index in range(1, len(lines)) if lines[index].mark), len(lines))
    words = [mark.words if mark else "", *(line.text for line in lines[1:end])]
    yield Paragraph(run_of(joined_lines(words)))
    yield from _blocks(lines[end:], depth + 1)


def _paragraphs(lines: Sequence[TextLine], column: int) -> Iterator[Block]:
    """The paragraphs of lines with no empty one among them: short lines keep their ends, as in verse."""
    if len(lines) > 1 and (is_short(lines, column) or is_verse(lines, column)):
        yield _verse(lines)
        return
    is_prose = column > 0 or (len(lines) > 1 and is_wrapped(lines))
    paragraph = [line.text for line in lines[:1]]
    for before, line in pairwise(lines):
        is_over = ends_sentence(before.text) and not is_full(before, line, column)
        if not is_prose or is_over or line.indent >= before.indent + 2:
            yield Paragraph(run_of(joined_lines(paragraph)))
            paragraph = []
        paragraph.append(line.text)
    if paragraph:
        yield Paragraph(run_of(joined_lines(paragraph)))
