"""An article -> Markdown that reads back to the same tree."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from packager.importing.inline_markdown import run, words
from packager.importing.table_markdown import table
from packager.model import (
    Block,
    Figure,
    Footnote,
    Heading,
    ListBlock,
    Mark,
    Marked,
    Paragraph,
    Preformatted,
    Quote,
    Table,
    ThematicRule,
)

Name = Callable[[Figure], str]
"""Where the picture of a figure lies, relative to the text."""

_APART = "<!-- -->"
_FENCE = "`"
_CLOSING_SIGNS, _ESCAPED = re.compile(r"(?<![\\#])#+$"), r"\\\g<0>"


def front_matter(said: Mapping[str, str | Sequence[str]]) -> str:
    """The lines that say what a text is; keys without a value are left out."""
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in said.items() if value]
    return "\n".join(["---", *lines, "---", ""]) if lines else ""


def markdown(blocks: Sequence[Block], name: Name) -> str:
    """The text of the blocks; ends with a line end."""
    return "\n".join(_lines(blocks, name)) + "\n"


def _lines(blocks: Sequence[Block], name: Name) -> Iterator[str]:
    """The lines of blocks, an empty one between two, a comment where two would otherwise become one."""
    for before, block in pairwise((None, *blocks)):
        if before is not None:
            yield ""
        if before is not None and block is not None and _would_join(before, block):
            yield from (_APART, "")
        if block is not None:
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


def _block(block: Block, name: Name) -> Iterator[str]:
    match block:
        case Heading(level=level, children=children):
            yield f"{'#' * level} {_CLOSING_SIGNS.sub(_ESCAPED, run(children))}"
        case Paragraph(children=children):
            yield run(children)
        case Quote(blocks=inner):
            yield from (f"> {line}".rstrip(" ") if not line else f"> {line}" for line in _lines(inner, name))
        case ListBlock():
            yield from _list(block, name)
        case Figure():
            yield from _figure(block, name)
        case Table():
            yield from table(block)
        case ThematicRule():
            yield "***"
        case Preformatted(text=text):
            yield from _verbatim(text)
        case Footnote(label=label, blocks=inner):
            yield from _indented(f"[^{label}]: ", "    ", inner, name)


def _list(block: ListBlock, name: Name) -> Iterator[str]:
    for number, item in enumerate(block.items, start=block.start or 0):
        marker = "- " if block.start is None else f"{number}. "
        yield from _indented(marker, " " * len(marker), item, name)


def _indented(first: str, others: str, blocks: Sequence[Block], name: Name) -> Iterator[str]:
    """The lines of blocks behind a marker and below it."""
    for index, line in enumerate(_lines(blocks, name)):
        yield f"{others if index else first}{line}" if line else (others if index else first).rstrip(" ")


def _figure(figure: Figure, name: Name) -> Iterator[str]:
    yield f"![{words(figure.alt)}](<{name(figure)}>)"
    if figure.caption:
        yield run((Marked(Mark.EMPHASIS, figure.caption),))


def _verbatim(text: str) -> Iterator[str]:
    longest = 2
    for line in text.split("\n"):
        count = len(line.strip(" ")) - len(line.strip(" ").lstrip(_FENCE))
        longest = max(longest, count)
    fence = _FENCE * (longest + 1)
    yield from (fence, *text.split("\n"), fence)
