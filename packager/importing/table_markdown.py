"""A table -> the signs of Markdown where they can hold it, else HTML that Markdown may hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packager.importing.inline_html import html_of
from packager.importing.inline_markdown import run
from packager.model import Cell, Code, Inline, Link, Table


def table(block: Table) -> Iterator[str]:
    """The lines of a table."""
    if _fits_signs(block):
        yield from _in_signs(block)
        return
    yield '<table role="table">'
    if block.caption:
        yield f"<caption>{html_of(block.caption)}</caption>"
    yield from (f"<tr>{''.join(map(_cell, row))}</tr>" for row in block.rows)
    yield "</table>"


def _fits_signs(block: Table) -> bool:
    """Whether it is a row of headers over plain rows of as many cells."""
    if block.caption or not block.rows or not all(cell.is_header for cell in block.rows[0]):
        return False
    width = len(block.rows[0])
    return all(len(row) == width for row in block.rows) and all(
        cell.columns == cell.rows == 1 and cell.is_header is (index == 0) and not _has_code(cell.children)
        for index, row in enumerate(block.rows)
        for cell in row
    )


def _has_code(children: Sequence[Inline]) -> bool:
    """Where a bar in it would part the cell."""
    return any(
        (isinstance(child, Code) and set(child.text) & {"|", "\\"})
        or (isinstance(child, Link) and "|" in child.address)
        or _has_code(getattr(child, "children", ()))
        for child in children
    )


def _in_signs(block: Table) -> Iterator[str]:
    head, *rows = ([run(cell.children) for cell in row] for row in block.rows)
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _cell(cell: Cell) -> str:
    name = "th" if cell.is_header else "td"
    spans = (f' colspan="{cell.columns}"' if cell.columns > 1 else "") + (
        f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    )
    return f"<{name}{spans}>{html_of(cell.children)}</{name}>"
