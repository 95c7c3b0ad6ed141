"""What a document in RTF shows, as it comes -> blocks of HTML: paragraphs, items of lists, tables in one another."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html import escape

from packager.readers.articles.office.blocks import OfficeBlock, arranged
from packager.readers.articles.office.lines import OfficePiece, line
from packager.readers.articles.office.tables import OfficeCell
from packager.readers.articles.office.tables import table as table_html

_NUMBER = re.compile(r"(\d{1,6})[.)]")
_BULLETS = frozenset("•·▪●○◦–-*§o\uf0b7\uf0a7\uf076")


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
    rows: list[list[OfficeCell]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    blocks: list[OfficeBlock] = field(default_factory=list)


@dataclass(slots=True)
class RtfFlow:
    """The blocks of one text: the document's, a note's, or a box's. `tables` are open, the outer first.

    `unseen` gathers the numbers that lists of HTML count themselves.
    """

    unseen: list[str]
    blocks: list[OfficeBlock] = field(default_factory=list)
    tables: list[_OpenTable] = field(default_factory=list)
    pieces: list[OfficePiece] = field(default_factory=list)
    number: str = ""

    def show(self, html: str, tags: tuple[str, ...] = (), link: str = "") -> None:
        """Add some HTML to the open paragraph."""
        self.pieces.append(OfficePiece(html, tags, link))

    def end_paragraph(self, shape: ParagraphShape) -> None:
        """Close the open paragraph."""
        self._open_tables(shape.table)
        html, number = line(self.pieces), self.number
        self.pieces, self.number = [], ""
        if not html.strip():
            self.unseen.append(number)
            return
        direction = ' dir="rtl"' if shape.is_from_right else ""
        match = _NUMBER.fullmatch(number)
        if shape.heading:
            tag = f"h{min(shape.heading, 6)}"
            block = OfficeBlock(f"<{tag}{direction}>{escape(number)} {html}</{tag}>")
        elif number in _BULLETS or (match and number.endswith(".")):
            count = int(match[1]) if match else None
            self.unseen.append(number)
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

    def end_row(self, shapes: list[OfficeCell]) -> None:
        """Close the open row of the innermost table, whose cells are merged as these are."""
        if self.tables and (table := self.tables[-1]).cells:
            shapes = [*shapes, *[OfficeCell("")] * len(table.cells)]
            table.rows.append([replace(shape, html=cell) for cell, shape in zip(table.cells, shapes, strict=False)])
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
                table.rows.append([OfficeCell(cell) for cell in table.cells])
            (self.tables[-1].blocks if self.tables else self.blocks).append(OfficeBlock(table_html(table.rows)))
        while len(self.tables) < depth:
            self.tables.append(_OpenTable())
