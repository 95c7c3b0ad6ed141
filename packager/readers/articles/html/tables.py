"""Tables: whether one is a table or a frame for the parts of a page, its rows in order, and its cells as lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from packager.readers.articles.html.markup import HEADINGS
from packager.readers.articles.html.nodes import attribute, verbatim

_PARTS = ("thead", "tbody", "tfoot")
_HEADINGS = ", ".join(HEADINGS)
_BLOCKS = f"table, ul, ol, dl, blockquote, figure, pre, hr, {_HEADINGS}"
_LINE_NUMBERS = re.compile(r"line-?n(?:o|um)|gutter|blob-num", re.IGNORECASE)
_MOST_LETTERS = 600
"""Of a cell with lists or other blocks: a page that is laid out in a table has more in one."""


def rows_of(table: LexborNode) -> list[list[LexborNode]]:
    """Return the cells of a table's own rows, those of its head first and those of its foot last."""
    parts: dict[str, list[LexborNode]] = {part: [] for part in _PARTS}
    for child in table.iter():
        if child.tag == "tr":
            parts["tbody"].append(child)
        elif child.tag in _PARTS:
            parts[child.tag] += [row for row in child.iter() if row.tag == "tr"]
    rows = ([cell for cell in row.iter() if cell.tag in ("td", "th")] for part in _PARTS for row in parts[part])
    return [row for row in rows if row]


def captions_of(table: LexborNode) -> Iterator[LexborNode]:
    """Return the captions of a table, but not of those in it."""
    return (child for child in table.iter() if child.tag == "caption")


def is_data(table: LexborNode, rows: list[list[LexborNode]]) -> bool:
    """Whether a table is one, not a frame for a page's parts.

    Those that say so are, unless they hold a heading or text of the length of an article; others where no cell holds
    more than paragraphs, or where rows of several short cells do.
    """
    role = attribute(table, "role")
    if role in ("presentation", "none"):
        return False
    if role in ("table", "grid"):
        return True
    cells = [cell for row in rows for cell in row]
    if len(cells) < 2:
        return False
    with_blocks = [cell for cell in cells if cell.css_first(_BLOCKS) is not None]
    if not with_blocks:
        return True
    if any(is_line_numbers(cell) for cell in cells):
        return False
    is_told = any(cell.tag == "th" for cell in cells) or any(captions_of(table))
    is_grid = len(rows) > 1 and all(len(row) > 1 for row in rows)
    most = 5 * _MOST_LETTERS if is_told else _MOST_LETTERS
    return (is_told or is_grid) and not any(
        cell.css_first(_HEADINGS) is not None or len(cell.text()) > most for cell in with_blocks
    )


def is_line_numbers(cell: LexborNode) -> bool:
    """Whether a cell or element only numbers the lines of the code beside it."""
    return _LINE_NUMBERS.search(attribute(cell, "class")) is not None and all(
        word.isdigit() for word in verbatim(cell).split()
    )


def is_code(rows: list[list[LexborNode]]) -> bool:
    """Whether a table is code, a row a line, with the number before each."""
    return len(rows) > 1 and all(0 < len(without_numbers(row)) < len(row) for row in rows)


def without_numbers(row: list[LexborNode]) -> list[LexborNode]:
    """Return the cells of a row that do not number it as a line."""
    return [cell for cell in row if not is_line_numbers(cell)]
