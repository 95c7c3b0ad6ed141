"""An article -> Markdown that reads back to the same tree."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from packager.importing.inline_markdown import escaped, html_of, run
from packager.model import (
    Block,
    Cell,
    Code,
    Figure,
    Footnote,
    Heading,
    Inline,
    Link,
    ListBlock,
    Mark,
    Marked,
    Paragraph,
    Preformatted,
    Quote,
    Table,
    ThematicRule,
)

PictureName = Callable[[Figure], str]
"""Where the picture of a figure lies, relative to the text."""

_APART = "<!-- -->"
_CLOSING_SIGNS, _ESCAPED = re.compile(r"(?<![\\#])#+$"), r"\\\g<0>"


def front_matter(values: Mapping[str, str | Sequence[str]]) -> str:
    """Return the lines that say what a text is; keys without a value are left out."""
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value]
    return "\n".join(["---", *lines, "---", ""]) if lines else ""


def markdown(blocks: Sequence[Block], name: PictureName) -> str:
    """Return the text of the blocks; ends with a line end."""
    return "\n".join(_lines(blocks, name)) + "\n"


def _lines(blocks: Sequence[Block], name: PictureName) -> Iterator[str]:
    """The lines of blocks, an empty one between two, a comment where two would otherwise become one."""
    for before, block in pairwise((None, *blocks)):
        if before:
            yield ""
        if before and block and _would_join(before, block):
            yield from (_APART, "")
        if block:
            yield from _block(block, name)


def _would_join(before: Block, block: Block) -> bool:
    match before, block:
        case ListBlock(), ListBlock():
            return True
        case Figure(caption=()), Paragraph(children=(Marked(mark=Mark.EMPHASIS),)):
            return True
        case Footnote(), _:
            return not isinstance(block, Footnote)
        case _:
            return False


def _block(block: Block, name: PictureName) -> Iterator[str]:
    match block:
        case Heading(level=level, children=children):
            yield f"{'#' * level} {_CLOSING_SIGNS.sub(_ESCAPED, run(children))}"
        case Paragraph(children=children):
            yield run(children)
        case Quote(blocks=inner):
            yield from _indented("> ", "> ", inner, name)
        case ListBlock():
            yield from _list(block, name)
        case Figure():
            yield from _figure(block, name)
        case Table():
            yield from _table(block)
        case ThematicRule():
            yield "***"
        case Preformatted(text=text):
            yield from _verbatim(text)
        case Footnote(label=label, blocks=inner):
            yield from _indented(f"[^{label}]: ", "    ", inner, name)


def _list(block: ListBlock, name: PictureName) -> Iterator[str]:
    for number, item in enumerate(block.items, start=block.start or 0):
        marker = "- " if block.start is None else f"{number}. "
        yield from _indented(marker, " " * len(marker), item, name)


def _indented(first: str, others: str, blocks: Sequence[Block], name: PictureName) -> Iterator[str]:
    """The lines of blocks behind a marker and below it."""
    for index, line in enumerate(_lines(blocks, name)):
        start = others if index else first
        yield f"{start}{line}" if line else start.rstrip(" ")


def _figure(figure: Figure, name: PictureName) -> Iterator[str]:
    yield f"![{escaped(figure.alt)}](<{name(figure)}>)"
    if figure.caption:
        yield run((Marked(Mark.EMPHASIS, figure.caption),))


def _verbatim(text: str) -> Iterator[str]:
    longest = max(map(len, re.findall("^ *(`+)", text, re.MULTILINE)), default=0)
    fence = "`" * (1 + max(2, longest))
    yield from (fence, *text.split("\n"), fence)


def _table(block: Table) -> Iterator[str]:
    """In the signs of Markdown where they can hold it, else as HTML that Markdown may hold."""
    if _fits_signs(block):
        head, *rows = (f"| {' | '.join(run(cell.children) for cell in row)} |" for row in block.rows)
        yield from (head, f"|{'---|' * len(block.rows[0])}", *rows)
        return
    yield '<table role="table">'
    if block.caption:
        yield f"<caption>{html_of(block.caption)}</caption>"
    yield from (f"<tr>{''.join(map(_cell, row))}</tr>" for row in block.rows)
    yield "</table>"


def _fits_signs(block: Table) -> bool:
    """Whether it is a row of headers over plain rows of as many cells."""
    if block.caption or not block.rows:
        return False
    return all(len(row) == len(block.rows[0]) for row in block.rows) and all(
        cell.columns == cell.rows == 1 and cell.is_header is (index == 0) and not _has_bar(cell.children)
        for index, row in enumerate(block.rows)
        for cell in row
    )


def _has_bar(children: Sequence[Inline]) -> bool:
    """Whether there is a bar where no backslash keeps it from parting the cell."""
    return any(
        (isinstance(child, Code) and set(child.text) & {"|", "\\"})
        or (isinstance(child, Link) and "|" in child.address)
        or _has_bar(getattr(child, "children", ()))
        for child in children
    )


def _cell(cell: Cell) -> str:
    name = "th" if cell.is_header else "td"
    spans = {"colspan": cell.columns, "rowspan": cell.rows}
    attributes = "".join(f' {key}="{count}"' for key, count in spans.items() if count > 1)
    return f"<{name}{attributes}>{html_of(cell.children)}</{name}>"
