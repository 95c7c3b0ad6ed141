"""Tables of documents of word processors -> HTML, with their merged cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OfficeCell:
    """One cell of a row: its HTML, how many columns it takes, and whether it goes on from a neighbour."""

    html: str
    columns: int = 1
    is_head: bool = False
    is_right_of_same: bool = False
    is_below_same: bool = False


@dataclass(slots=True)
class _Merged:
    html: list[str]
    columns: int
    is_head: bool
    rows: int = 1


def table(rows: Iterable[Sequence[OfficeCell]]) -> str:
    """Return a table: a cell that goes on is no cell, and what it goes on from is wider or higher."""
    lines = (f"<tr>{''.join(map(_html, cells))}</tr>" for cells in _merged(rows))
    return f"<table>{''.join(lines)}</table>"


def _merged(rows: Iterable[Sequence[OfficeCell]]) -> list[list[_Merged]]:
    built: list[list[_Merged]] = []
    above: dict[int, _Merged] = {}
    for row in rows:
        cells: list[_Merged] = []
        below: dict[int, _Merged] = {}
        column = 0
        for one in row:
            if one.is_right_of_same and cells and column - 1 in below:
                cell = below[column - 1]
                cell.columns += cell is cells[-1]
            elif one.is_below_same and column in above:
                cell = above[column]
                cell.rows += cell is not below.get(column - 1)
            else:
                cell = _Merged([], one.columns, one.is_head)
                cells.append(cell)
            cell.html.append(one.html)
            below[column] = cell
            column += one.columns
        built.append(cells)
        above = below
    return built


def _html(cell: _Merged) -> str:
    tag = "th" if cell.is_head else "td"
    return f'<{tag} colspan="{cell.columns}" rowspan="{cell.rows}">{"".join(cell.html)}</{tag}>'
