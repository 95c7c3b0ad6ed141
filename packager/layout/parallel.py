"""The blocks of a text as documents show them: figures settled, and another language beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from packager.layout.views import BlockView, FigureView, FootnoteView, Gap, ListView, PictureView, QuoteView
from packager.model import (
    Article,
    Block,
    Figure,
    Footnote,
    Heading,
    ListBlock,
    Paragraph,
    Publication,
    Quote,
    Version,
)

Settle = Callable[[Figure], PictureView | Gap]


def settle(blocks: Iterable[Block], picture: Settle) -> tuple[BlockView, ...]:
    """The blocks with every figure's picture settled."""
    return tuple(_settled(block, picture) for block in blocks)


def _settled(block: Block, picture: Settle) -> BlockView:
    match block:
        case Figure():
            return FigureView(picture(block), block.caption)
        case Quote():
            return QuoteView(settle(block.blocks, picture))
        case Footnote():
            return FootnoteView(block.label, settle(block.blocks, picture))
        case ListBlock():
            return ListView(tuple(settle(item, picture) for item in block.items), block.start)
        case _:
            return block


def other_version(publication: Publication, version: Version) -> Version | None:
    """The version that readers of `version` have beside it."""
    if version.language not in publication.parallel:
        return None
    others = (each for each in publication.versions if each.language in publication.parallel and each is not version)
    return next((other for other in others if isinstance(other.work, Article)), None)


@dataclass(frozen=True, slots=True)
class Paired:
    """A block of a text, with those of the other language: at its side where they match, else after it."""

    block: Block
    others: tuple[Block, ...] = ()
    is_side: bool = True


def paired(own: Iterable[Block], other: Iterable[Block]) -> Iterator[Paired]:
    """The blocks of a text with those of its other language, footnotes apart, matched between their headings."""
    ours, theirs = _sections(own), _sections(other)
    # Words before a first heading must not get lost where the text itself begins with one.
    if len(ours) != len(theirs) or (theirs[0] and not ours[0]):
        ours, theirs = [list(chain(*ours))], [list(chain(*theirs))]
    for mine, yours in zip(ours, theirs, strict=True):
        yield from _matched(mine, yours)


def _sections(blocks: Iterable[Block]) -> list[list[Block]]:
    sections: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Heading):
            sections.append([])
        if not isinstance(block, Footnote):
            sections[-1].append(block)
    return sections


def _matched(mine: list[Block], yours: list[Block]) -> Iterator[Paired]:
    """One by one where there are as many of each, pictures counted or not; else all of the others after the last."""
    words = [block for block in mine if not isinstance(block, Figure)]
    other_words = [block for block in yours if not isinstance(block, Figure)]
    if len(mine) == len(yours):
        yield from (Paired(block, _without_picture(other)) for block, other in zip(mine, yours, strict=True))
    elif len(words) == len(other_words):
        others = iter(other_words)
        yield from (Paired(block, () if isinstance(block, Figure) else (next(others),)) for block in mine)
    else:
        if len(mine) > 1 and yours and isinstance(mine[0], Heading) and isinstance(yours[0], Heading):
            yield Paired(mine.pop(0), (other_words.pop(0),))
        yield from (Paired(block) for block in mine[:-1])
        yield from (Paired(block, tuple(other_words), is_side=False) for block in mine[-1:])


def _without_picture(block: Block) -> tuple[Block, ...]:
    """What a figure says: its picture stands in the text beside it already."""
    if isinstance(block, Figure):
        return (Paragraph(block.caption),) if block.caption else ()
    return (block,)
