"""Pieces of plain text -> the typed tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from packager.model import Block, Break, Heading, Inline, ListBlock, Paragraph, Quote, Text, ThematicRule
from packager.readers.articles.inlines import joined_lines, plain, tidy
from packager.readers.articles.plain.lines import Line, lines_of, marker
from packager.readers.articles.plain.pieces import pieces_of
from packager.readers.articles.plain.runs import Kind, Piece
from packager.readers.articles.reading import MAX_DEPTH

_QUOTE_SIGN = re.compile(r"> ?")
_ALL_QUOTE_SIGNS = re.compile(r"[> ]+")
_HEADING_SIGNS = re.compile(r"#{1,6}\s+|\s+#+$")


def blocks_of(pieces: Sequence[Piece], depth: int = 0) -> Iterator[Block]:
    """The blocks that the pieces make; quotes and lists deeper than MAX_DEPTH become paragraphs."""
    for piece in pieces:
        match piece.kind:
            case Kind.RULE:
                yield ThematicRule()
            case Kind.HEADING:
                yield Heading(piece.level, plain(_HEADING_SIGNS.sub("", piece.lines[0].text)))
            case Kind.VERSE:
                yield Paragraph(_verse(piece.lines))
            case Kind.LIST:
                yield from _list(list(_items(piece.lines)), depth)
            case Kind.QUOTE:
                yield from _quoted(piece.lines, depth)
            case Kind.ATTRIBUTED | Kind.INDENTED:
                yield from _quote(piece.parts, depth)
            case Kind.PARAGRAPH:
                yield _paragraph(piece.lines)


def _paragraph(lines: Sequence[Line]) -> Paragraph:
    return Paragraph(plain(joined_lines(line.text for line in lines)))


def _verse(lines: Sequence[Line]) -> tuple[Inline, ...]:
    return tidy(inline for line in lines for inline in (Text(line.text), Break()))


def _quoted(lines: Sequence[Line], depth: int) -> Iterator[Block]:
    sign = _QUOTE_SIGN if depth < MAX_DEPTH else _ALL_QUOTE_SIGNS
    text = "\n".join(sign.sub("", line.text, count=1) for line in lines)
    yield from _quote(pieces_of(list(lines_of(text))), depth)


def _quote(pieces: Sequence[Piece], depth: int) -> Iterator[Block]:
    inner = tuple(blocks_of(pieces, depth + 1))
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


def _items(lines: Sequence[Line]) -> Iterator[_Item]:
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
