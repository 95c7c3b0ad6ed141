"""Walks over the blocks of articles: figures in order, plain words, footnotes and headings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from packager.model.text import (
    Block,
    Break,
    Code,
    Figure,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    Link,
    ListBlock,
    Mark,
    Marked,
    Paragraph,
    Preformatted,
    Quote,
    Ruby,
    Span,
    Table,
    Text,
)


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks of a text in reading order, those inside others too."""
    for block in blocks:
        yield block
        match block:
            case Quote(blocks=inner) | Footnote(blocks=inner):
                yield from walk(inner)
            case ListBlock(items=items):
                for item in items:
                    yield from walk(item)


def figures(blocks: Iterable[Block]) -> Iterator[Figure]:
    """Return the figures of a text in reading order, however deep they lie."""
    return (block for block in walk(blocks) if isinstance(block, Figure))


def with_runs(blocks: Iterable[Block], change: Callable[[tuple[Inline, ...]], tuple[Inline, ...]]) -> Iterator[Block]:
    """Yield the blocks with what `change` makes of each run of text that is not empty."""

    def changed(run: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return change(run) if run else run

    for block in blocks:
        match block:
            case Paragraph() | Heading():
                yield replace(block, children=changed(block.children))
            case Figure():
                yield replace(block, caption=changed(block.caption))
            case Quote() | Footnote():
                yield replace(block, blocks=tuple(with_runs(block.blocks, change)))
            case ListBlock():
                yield replace(block, items=tuple(tuple(with_runs(item, change)) for item in block.items))
            case Table():
                rows = (tuple(replace(cell, children=changed(cell.children)) for cell in row) for row in block.rows)
                yield replace(block, rows=tuple(rows), caption=changed(block.caption))
            case _:
                yield block


def with_headings(blocks: Iterable[Block], change: Callable[[Heading], Heading]) -> Iterator[Block]:
    """Yield the blocks with what `change` makes of each heading, however deep it lies."""
    for block in blocks:
        match block:
            case Heading():
                yield change(block)
            case Quote() | Footnote():
                yield replace(block, blocks=tuple(with_headings(block.blocks, change)))
            case ListBlock():
                yield replace(block, items=tuple(tuple(with_headings(item, change)) for item in block.items))
            case _:
                yield block


def markers(block: ListBlock) -> tuple[str, ...]:
    """Return what stands before each item of a list, a bullet where it has no numbers."""
    if block.markers:
        return block.markers
    if block.start is None:
        return ("\N{BULLET}",) * len(block.items)
    return tuple(f"{number}." for number, _ in enumerate(block.items, block.start))


def size(blocks: Iterable[Block]) -> int:
    """Return how many parts a text has: blocks, items of lists, cells, and what is more than plain words in them."""
    count = 0
    for block in walk(blocks):
        match block:
            case ListBlock(items=items):
                count += 1 + len(items)
            case Table(rows=rows):
                count += 1 + sum(map(len, rows))
            case _:
                count += 1
        count += sum(not isinstance(inline, Text) for run in _runs(block) for inline in _flat(run))
    return count


def marks(blocks: Iterable[Block]) -> set[str]:
    """Return the labels of the footnotes that a text points to."""
    inlines = (inline for block in walk(blocks) for run in _runs(block) for inline in _flat(run))
    return {inline.label for inline in inlines if isinstance(inline, FootnoteMark)}


def headings(blocks: Iterable[Block]) -> Iterator[str]:
    """Return the words of the headings of a text, for lists of them."""
    return (standing_text(block.children) for block in blocks if isinstance(block, Heading))


def standing_text(children: Iterable[Inline]) -> str:
    """Return the words of a run that are not struck out, for a place that cannot show them so."""
    standing = (child for child in children if not (isinstance(child, Marked) and child.mark is Mark.STRUCK))
    pieces = (
        standing_text(child.children) if isinstance(child, Marked | Link | Span) else _words(child, " ")
        for child in standing
    )
    return " ".join("".join(pieces).split())


def plain_text(children: Iterable[Inline], line_break: str = " ") -> str:
    """Return the words of a run of text, without their marks."""
    return "".join(_words(inline, line_break) for inline in children)


def words_of(blocks: Iterable[Block], between: str = " ") -> str:
    """Return all words of a text in reading order, with what stands `between` two of its parts or lines."""
    pieces: list[str] = []
    for block in blocks:
        match block:
            case Preformatted(text=text):
                pieces.append(text)
            case Quote(blocks=inner) | Footnote(blocks=inner):
                pieces.append(words_of(inner, between))
            case ListBlock(items=items):
                pieces.extend(words_of(item, between) for item in items)
            case _:
                pieces.extend(plain_text(run, between) for run in _runs(block))
    return between.join(pieces)


def _runs(block: Block) -> Iterator[tuple[Inline, ...]]:
    match block:
        case Heading(children=children) | Paragraph(children=children):
            yield children
        case Figure(caption=caption):
            yield caption
        case Table(rows=rows, caption=caption):
            yield caption
            for row in rows:
                yield from (cell.children for cell in row)


def _flat(children: Iterable[Inline]) -> Iterator[Inline]:
    for inline in children:
        yield inline
        if isinstance(inline, Marked | Link | Span):
            yield from _flat(inline.children)


def _words(inline: Inline, line_break: str) -> str:
    match inline:
        case Text(text=text) | Code(text=text):
            return text
        case Break():
            return line_break
        case Ruby(base=base):
            return base
        case Marked(children=children) | Link(children=children) | Span(children=children):
            return plain_text(children, line_break)
        case FootnoteMark():
            return ""
