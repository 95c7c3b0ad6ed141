"""What a document in RTF shows, as it comes -> blocks of HTML: paragraphs, items of lists, tables in one another."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from packager.readers.articles.arranging import OfficeBlock, arranged

_NUMBER = re.compile(r"(\d{1,6})[.)]")
_BULLETS = frozenset("•·▪●○◦–-*§o\uf0b7\uf0a7\uf076")


@dataclass(frozen=True, slots=True)
class CellShape:
    """Whether a cell goes on from the one on its left, or from the one above."""

    is_right_of_same: bool = False
    is_below_same: bool = False


@dataclass(slots=True)
class ParagraphShape:
    """How a paragraph is set; `table` says in how many tables it lies, `heading` is its level, 0 for none."""

    heading: int = 0
    level: int = 0
    table: int = 0
    is_from_right: bool = False
    is_quote: bool = False


@dataclass(slots=True)
class _OpenTable:
    rows: list[list[tuple[str, CellShape]]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    blocks: list[OfficeBlock] = field(default_factory=list)
    shapes: list[CellShape] = field(default_factory=list)


@dataclass(slots=True)
class RtfFlow:
    """The blocks of one text: the document's, a note's, or a box's. `tables` are open, the outer first."""

    blocks: list[OfficeBlock] = field(default_factory=list)
    tables: list[_OpenTable] = field(default_factory=list)
    pieces: list[tuple[str, tuple[str, ...], str]] = field(default_factory=list)
    number: str = ""

    def show(self, html: str, tags: tuple[str, ...] = (), link: str = "") -> None:
        """Add some HTML to the open paragraph."""
        self.pieces.append((html, tags, link))

    def end_paragraph(self, shape: ParagraphShape) -> None:
        """Close the open paragraph."""
        self._open_tables(shape.table)
        html, number = self._line(), self.number
        self.pieces, self.number = [], ""
        if not html.strip():
            return
        direction = ' dir="rtl"' if shape.is_from_right else ""
        match = _NUMBER.fullmatch(number)
        if shape.heading:
            tag = f"h{min(shape.heading, 6)}"
            block = OfficeBlock(f"<{tag}{direction}>{escape(number)} {html}</{tag}>")
        elif number in _BULLETS or (match and number.endswith(".")):
            count = int(match[1]) if match else None
            block = OfficeBlock(f"<p{direction}>{html}</p>", "li", shape.level, count)
        else:
            kind = "blockquote" if shape.is_quote else ""
            block = OfficeBlock(f"<p{direction}>{escape(number)} {html}</p>", kind)
        (self.tables[-1].blocks if self.tables else self.blocks).append(block)

    def end_cell(self, shape: ParagraphShape) -> None:
        """Close the open cell of the table that the paragraph lies in."""
        shape.table = max(1, shape.table)
        self.end_paragraph(shape)
        table = self.tables[-1]
        table.cells.append("".join(arranged(table.blocks)))
        table.blocks = []

    def end_row(self, shapes: list[CellShape]) -> None:
        """Close the open row of the innermost table, whose cells have these shapes."""
        if self.tables and (table := self.tables[-1]).cells:
            shapes = [*shapes, *[CellShape()] * len(table.cells)]
            table.rows.append(list(zip(table.cells, shapes, strict=False)))
            table.cells = []

    def close(self) -> list[OfficeBlock]:
        """Close all that is open, and return the blocks."""
        self.end_paragraph(ParagraphShape(table=len(self.tables)))
        self._open_tables(0)
        return self.blocks

    def _open_tables(self, depth: int) -> None:
        while len(self.tables) > depth:
            table = self.tables.pop()
            if table.blocks:
                table.cells.append("".join(arranged(table.blocks)))
            if table.cells:
                table.rows.append([(cell, CellShape()) for cell in table.cells])
            (self.tables[-1].blocks if self.tables else self.blocks).append(OfficeBlock(_table(table.rows)))
        while len(self.tables) < depth:
            self.tables.append(_OpenTable())

    def _line(self) -> str:
        html = []
        for (tags, link), group in groupby(self.pieces, lambda piece: piece[1:]):
            inner = "".join(piece[0] for piece in group)
            for tag in reversed(tags):
                inner = f"<{tag}>{inner}</{tag}>"
            html.append(f'<a href="{escape(link)}">{inner}</a>' if link else inner)
        return "".join(html)


@dataclass(slots=True)
class _Cell:
    html: list[str] = field(default_factory=list)
    columns: int = 1
    rows: int = 1


def _table(rows: list[list[tuple[str, CellShape]]]) -> str:
    """A table: a cell that goes on is no cell, and what it goes on from is wider or higher."""
    lines: list[str] = []
    built: list[list[_Cell]] = []
    above: dict[int, _Cell] = {}
    for row in rows:
        cells: list[_Cell] = []
        below: dict[int, _Cell] = {}
        for column, (html, shape) in enumerate(row):
            if shape.is_right_of_same and cells and column - 1 in below:
                cell = below[column - 1]
                cell.columns += cell is cells[-1]
            elif shape.is_below_same and column in above:
                cell = above[column]
                cell.rows += 1
            else:
                cell = _Cell()
                cells.append(cell)
            cell.html.append(html)
            below[column] = cell
        built.append(cells)
        above = below
    for cells in built:
        inner = ("".join(one.html) for one in cells)
        line = (
            f'<td colspan="{one.columns}" rowspan="{one.rows}">{html}</td>'
            for one, html in zip(cells, inner, strict=True)
        )
        lines.append(f"<tr>{''.join(line)}</tr>")
    return f"<table>{''.join(lines)}</table>"
