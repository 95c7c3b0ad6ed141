"""Article trees rebuilt with some of their parts changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from packager.model import (
    Block,
    Cell,
    Code,
    Figure,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    Link,
    ListBlock,
    Marked,
    Paragraph,
    Quote,
    Ruby,
    Span,
    Table,
    Text,
)
from packager.text.terminal import clean


def ranked(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with their headings, of whatever levels, on levels 2 to 4 in the same order of rank."""
    blocks = tuple(blocks)
    rank = {level: min(4, 2 + place) for place, level in enumerate(sorted(set(_levels(blocks))))}

    def lowered(block: Block) -> Block:
        return replace(block, level=rank[block.level]) if isinstance(block, Heading) else block

    return Change(of_block=lowered).blocks(blocks)


def renumbered(blocks: Iterable[Block], offset: int) -> tuple[Block, ...]:
    """The blocks with their footnotes, which have numbers for labels, `offset` numbers further on."""

    def note(block: Block) -> Block:
        return replace(block, label=str(int(block.label) + offset)) if isinstance(block, Footnote) else block

    def mark(inline: Inline) -> Inline:
        return FootnoteMark(str(int(inline.label) + offset)) if isinstance(inline, FootnoteMark) else inline

    return Change(note, mark).blocks(blocks)


def in_sight(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks without characters that cannot be seen, however their source wrote them."""

    def cleaned(inline: Inline) -> Inline:
        match inline:
            case Text(text=text) | Code(text=text):
                return replace(inline, text=clean(text))
            case Ruby(base=base, reading=reading):
                return Ruby(clean(base), clean(reading))
            case _:
                return inline

    def block(block: Block) -> Block:
        return replace(block, alt=clean(block.alt)) if isinstance(block, Figure) else block

    return Change(block, cleaned).blocks(blocks)


def _levels(blocks: Iterable[Block]) -> Iterator[int]:
    for block in blocks:
        match block:
            case Heading(level=level):
                yield level
            case Quote(blocks=inner) | Footnote(blocks=inner):
                yield from _levels(inner)
            case ListBlock(items=items):
                for item in items:
                    yield from _levels(item)


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of each block and each inline part, the innermost first."""

    of_block: Callable[[Block], Block] = lambda block: block
    of_inline: Callable[[Inline], Inline] = lambda inline: inline

    def blocks(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """The blocks, changed."""
        return tuple(self.of_block(self._inside(block)) for block in blocks)

    def run(self, children: Iterable[Inline]) -> tuple[Inline, ...]:
        """The run of text, changed."""
        return tuple(self.of_inline(self._within(child)) for child in children)

    def _inside(self, block: Block) -> Block:
        match block:
            case Quote(blocks=inner) | Footnote(blocks=inner):
                return replace(block, blocks=self.blocks(inner))
            case ListBlock(items=items):
                return replace(block, items=tuple(self.blocks(item) for item in items))
            case Heading(children=children) | Paragraph(children=children):
                return replace(block, children=self.run(children))
            case Figure(caption=caption):
                return replace(block, caption=self.run(caption))
            case Table(rows=rows, caption=caption):
                return Table(tuple(tuple(map(self._cell, row)) for row in rows), self.run(caption))
            case _:
                return block

    def _cell(self, cell: Cell) -> Cell:
        return replace(cell, children=self.run(cell.children))

    def _within(self, inline: Inline) -> Inline:
        if isinstance(inline, Marked | Link | Span):
            return replace(inline, children=self.run(inline.children))
        return inline
