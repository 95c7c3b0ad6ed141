"""Plain text -> the article in it, as a careful reader sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from packager.model import Block, Break, Heading, ListBlock, Paragraph, Quote, Remark, Text, ThematicRule
from packager.readers.articles.inlines import joined_lines, plain, tidy
from packager.readers.articles.plain.lines import (
    TextLine,
    byline,
    ends_openly,
    is_full,
    lines_of,
    marker,
    underline_level,
    wrap_column,
)
from packager.readers.articles.plain.segments import SegmentKind, TextSegment, segments_of
from packager.readers.articles.reading import MAX_DEPTH, PictureFinder, ReadArticle, names, warning
from packager.text.spelling import shortened

_MAX_TITLE_WIDTH = 160
_BYLINE_GAP = 2
_PICTURE_GAP = 6
_ARTICLE_GAP = 4
_CLOSING_WIDTH = 30
_TITLE_SIGNS = re.compile(r"#{1,6}\s+|(?:title|제목|标题|標題|タイトル)\s*[:：]\s*", re.IGNORECASE)
_HEADLINE = re.compile(r"\s[-–—|]\s|[:：]\s*\S")
_QUOTE_SIGN = re.compile(r"> ?")
_ALL_QUOTE_SIGNS = re.compile(r"[> ]+")
_HEADING_SIGNS = re.compile(r"#{1,6}\s+|\s+#+$")


def read(source: str, label: str, finder: PictureFinder, title: str = "") -> ReadArticle:
    """Return the article in a plain text; its first line is the title, unless `title` says another.

    A plain text shows no pictures, so that nothing is asked of the finder.
    """
    lines = list(lines_of(source))
    first_line, rest = _title(lines)
    if title not in ("", first_line):
        rest = lines
    authors, rest = _authors(rest)
    segments = segments_of(rest)
    first = lines[0] if first_line and rest is not lines else None
    return ReadArticle(
        title or first_line,
        tuple(_blocks(segments)),
        authors=authors,
        remarks=(*_several(segments, first, label), *_gaps(segments, label)),
    )


def _title(lines: list[TextLine]) -> tuple[str, list[TextLine]]:
    """The title and the lines after it; "" and all lines where the text begins with a paragraph."""
    if not lines or lines[0].width > _MAX_TITLE_WIDTH or _goes_on(lines):
        return "", lines
    is_underlined = len(lines) > 1 and not lines[1].gap and underline_level(lines[1].text)
    return _TITLE_SIGNS.sub("", lines[0].text, count=1), lines[2 if is_underlined else 1 :]


def _goes_on(lines: Sequence[TextLine]) -> bool:
    """Whether the first line was broken to fit, in the middle of a sentence."""
    column = wrap_column(lines)
    return column > 0 and not lines[1].gap and is_full(lines[0], lines[1], column) and ends_openly(lines[0].text)


def _authors(lines: list[TextLine]) -> tuple[tuple[str, ...], list[TextLine]]:
    """Those whom a line soon after the title names, and the text without that line."""
    name = byline(lines[0].text) if lines and lines[0].gap <= _BYLINE_GAP else ""
    return (names(name), lines[1:]) if name else ((), lines)


def _several(segments: Sequence[TextSegment], first: TextLine | None, label: str) -> Iterator[Remark]:
    """Whether the text seems to be several articles: where headlines stand as they do only above an article."""
    inside = range(2, len(segments) - 2)
    starts = [segments[index].lines[0] for index in inside if _begins_article(*segments[index - 1 : index + 2])]
    if starts:
        lines = [first, *starts] if first else starts
        places = " and ".join(f"line {line.number} ({shortened(line.text)})" for line in lines)
        message = f"looks like several articles, beginning at {places}: cut it into one file each"
        yield warning(label, message, starts[0].number)


def _begins_article(before: TextSegment, heading: TextSegment, after: TextSegment) -> bool:
    """Whether a byline follows a heading, or a headline a wide gap, a rule, or a few words that close a page."""
    if heading.kind is not SegmentKind.HEADING:
        return False
    is_closing = before.kind is SegmentKind.PARAGRAPH and before.width <= _CLOSING_WIDTH and ends_openly(before.text)
    is_apart = heading.gap >= _ARTICLE_GAP or before.kind is SegmentKind.RULE or is_closing
    return bool(byline(after.lines[0].text)) or (is_apart and _HEADLINE.search(heading.text) is not None)


def _gaps(segments: Sequence[TextSegment], label: str) -> Iterator[Remark]:
    """Where text was copied from a page, empty lines stand for its pictures."""
    for segment in segments:
        line = segment.lines[0].number - segment.gap
        if segment.gap >= _PICTURE_GAP and line > 1:
            message = (
                f"{segment.gap} empty lines in a row: if a picture stood here where the text was copied from, it is "
                "not in this file; a web page saved whole, or a Markdown file, shows its pictures"
            )
            yield warning(label, message, line)


def _blocks(segments: Sequence[TextSegment], depth: int = 0) -> Iterator[Block]:
    """The blocks that the segments make; quotes and lists deeper than MAX_DEPTH become paragraphs."""
    for segment in segments:
        match segment.kind:
            case SegmentKind.RULE:
                yield ThematicRule()
            case SegmentKind.HEADING:
                yield Heading(segment.level, plain(_HEADING_SIGNS.sub("", segment.lines[0].text)))
            case SegmentKind.LINES:
                yield Paragraph(tidy(inline for line in segment.lines for inline in (Text(line.text), Break())))
            case SegmentKind.LIST:
                yield from _list(list(_items(segment.lines)), depth)
            case SegmentKind.QUOTE:
                yield from _quote(segment, depth)
            case SegmentKind.PARAGRAPH:
                yield Paragraph(plain(joined_lines(line.text for line in segment.lines)))


def _quote(segment: TextSegment, depth: int) -> Iterator[Block]:
    sign = _QUOTE_SIGN if depth < MAX_DEPTH else _ALL_QUOTE_SIGNS
    unsigned = "\n".join(sign.sub("", line.text, count=1) for line in segment.lines)
    inner = tuple(_blocks(segment.parts or segments_of(list(lines_of(unsigned))), depth + 1))
    if depth >= MAX_DEPTH:
        yield from inner
    elif inner:
        yield Quote(inner)


@dataclass(frozen=True, slots=True)
class _Item:
    """One item of a list: how far it is indented, its number, its words."""

    indent: int
    number: int | None
    words: str


def _items(lines: Sequence[TextLine]) -> Iterator[_Item]:
    """The items, each with the lines that go on with it."""
    item: _Item | None = None
    for line in lines:
        mark = marker(line.text)
        if mark or item is None:
            yield from [item] if item else []
            item = _Item(line.indent, mark.number if mark else None, mark.words if mark else line.text)
        else:
            item = replace(item, words=joined_lines([item.words, line.text]))
    yield from [item] if item else []


def _list(items: Sequence[_Item], depth: int) -> Iterator[Block]:
    """The list of the items that are indented least, those between them as lists inside it."""
    if depth >= MAX_DEPTH:
        yield from (Paragraph(plain(item.words)) for item in items)
        return
    groups: list[list[_Item]] = []
    for item in items:
        if groups and item.indent > groups[0][0].indent + 1:
            groups[-1].append(item)
        else:
            groups.append([item])
    entries = tuple(
        (Paragraph(plain(first.words)), *(_list(inner, depth + 1) if inner else ())) for first, *inner in groups
    )
    yield ListBlock(entries, groups[0][0].number)
