"""An article -> Markdown that reads back to the same tree, with HTML where Markdown has no signs of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise, zip_longest

from packager.model import (
    Block,
    Break,
    Cell,
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
    ThematicRule,
)
from packager.model.blocks import plain_text

PictureName = Callable[[Figure], str]
"""Where the picture of a figure lies, relative to the text."""

_APART = "<!-- -->"
_CLOSING_SIGNS = re.compile(r"(?<![\\#])#+$")
_SIGNS = re.compile(
    r"[\\`*_\[\]<&~|$]|!(?=\[)"
    r"|=(?==)|%(?=%)|\{(?=[#.:\w])|(?:(?<=\s)|\A)\^(?=[A-Za-z0-9-]{4})"  # of editors
)
_LINE_START = re.compile(r"\A(?:(?=[#>+=-]|:[-:])|(\d{1,9})(?=[.)]))")
_ODD_ADDRESS = re.compile(r"[<>()\s\\]")
_SIGN_OF = {Mark.EMPHASIS: "*", Mark.STRONG: "**", Mark.STRUCK: "~~"}


def front_matter(values: Mapping[str, str | Sequence[str]]) -> str:
    """Return the lines that say what a text is; keys without a value are left out."""
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value]
    return "\n".join(["---", *lines, "---", ""]) if lines else ""


def markdown(blocks: Sequence[Block], name: PictureName) -> str:
    """Return the text of the blocks; ends with a line end."""
    return "\n".join(_lines(blocks, name)) + "\n"


def _lines(blocks: Sequence[Block], name: PictureName) -> Iterator[str]:
    """Yield the lines of blocks, an empty one between two, a comment where two would otherwise become one."""
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
            words = _CLOSING_SIGNS.sub(lambda signs: f"\\{signs[0]}", _run(children))
            yield f"{'#' * level} {words}"
        case Paragraph(children=children):
            yield _run(children)
        case Quote(blocks=inner):
            yield from _indented("> ", "> ", inner, name)
        case ListBlock():
            yield from _list(block, name)
        case Figure(alt=alt, caption=caption):
            yield f"![{_escaped(alt)}](<{name(block)}>)"
            yield from [_run((Marked(Mark.EMPHASIS, caption),))] if caption else []
        case Table():
            yield from _table(block)
        case ThematicRule():
            yield "***"
        case Preformatted(text=text):
            longest = max(map(len, re.findall("^ *(`+)", text, re.MULTILINE)), default=0)
            fence = "`" * max(3, longest + 1)
            yield from (fence, *text.split("\n"), fence)
        case Footnote(label=label, blocks=inner):
            yield from _indented(f"[^{label}]: ", "    ", inner, name)


def _list(block: ListBlock, name: PictureName) -> Iterator[str]:
    if block.markers:
        yield from _marked_list(block, name)
        return
    for number, item in enumerate(block.items, start=block.start or 0):
        marker = "- " if block.start is None else f"{number}. "
        yield from _indented(marker, " " * len(marker), item, name)


def _marked_list(block: ListBlock, name: PictureName) -> Iterator[str]:
    """Yield a list as elements around its items: Markdown numbers from 1, 2, 3 only."""
    yield "<ol>"
    for marker, item in zip(block.markers, block.items, strict=False):
        yield from (f'<li data-marker="{escape(marker)}">', "", *_lines(item, name), "", "</li>")
    yield "</ol>"


def _indented(first: str, others: str, blocks: Sequence[Block], name: PictureName) -> Iterator[str]:
    """Yield the lines of blocks behind a marker and below it."""
    for index, line in enumerate(_lines(blocks, name)):
        start = others if index else first
        yield f"{start}{line}" if line else start.rstrip(" ")


def _table(block: Table) -> Iterator[str]:
    """Yield a table in the signs of Markdown where they can hold it, else as HTML that Markdown may hold."""
    if _fits_signs(block):
        head, *rows = (f"| {' | '.join(_run(cell.children) for cell in row)} |" for row in block.rows)
        yield from (head, f"|{'---|' * len(block.rows[0])}", *rows)
        return
    yield '<table role="table">'
    if block.caption:
        yield f"<caption>{_html(block.caption)}</caption>"
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
    return f"<{name}{attributes}>{_html(cell.children)}</{name}>"


def _run(children: Sequence[Inline]) -> str:
    """Return the run as one line; nothing in it begins a block, and no space at its ends is lost."""
    # A number keeps its digits: the sign behind it is what makes it one of a list.
    line = _LINE_START.sub(r"\1\\", _written(children), count=1)
    inner = line.strip()
    before, _, after = line.partition(inner) if inner else ("", "", line)
    return f"{_numbered(before)}{inner}{_numbered(after)}"


def _numbered(spaces: str) -> str:
    return "".join(f"&#{ord(space)};" for space in spaces)


def _html(children: Iterable[Inline]) -> str:
    """Return the run as elements of HTML."""
    return "".join(map(_element, children))


def _escaped(text: str) -> str:
    """Return the text with a backslash before each letter that Markdown would take for a sign."""
    return _SIGNS.sub(r"\\\g<0>", text)


def _written(children: Sequence[Inline]) -> str:
    line = ""
    for child, following in zip_longest(children, children[1:]):
        if isinstance(following, Link | FootnoteMark) and isinstance(child, Text) and child.text[-1:] in "!^":
            line += f"{_escaped(child.text[:-1])}\\{child.text[-1:]}"
        else:
            line += _inline(child, line[-1:], _first_letter(following))
    return line


def _inline(child: Inline, before: str, after: str) -> str:
    match child:
        case Text(text=text):
            return _escaped(text)
        case Code(text=text) if not set("`<&") & {*text, before, after} and text.strip() == text:
            return f"`{text}`"
        case Marked():
            return _marked(child, before, after)
        case Link():
            return _link(child)
        case FootnoteMark(label=label):
            return f"[^{label}]"
        case _:
            return _tagged(child) if isinstance(child, Span) else _element(child)


def _marked(child: Marked, before: str, after: str) -> str:
    """Write in signs where these are sure to be read as such, else as an element."""
    sign, words = _SIGN_OF.get(child.mark, ""), plain_text(child.children)
    opens = before in ("", " ") or (not (before.isalnum() or before in "*_~\\") and words[:1].isalnum())
    closes = after in ("", " ") or (not (after.isalnum() or after in "*_~") and words[-1:].isalnum())
    if sign and _is_plain(child) and words.strip() == words and opens and closes:
        return f"{sign}{_written(child.children)}{sign}"
    return _tagged(child)


def _link(child: Link) -> str:
    """Write in signs where these are sure to be read as the same address, else as an element."""
    from markdown_it.common.normalize_url import normalizeLink

    address = child.address
    if _is_plain(child) and not _ODD_ADDRESS.search(address) and normalizeLink(address) == address:
        return f"[{_written(child.children)}](<{address}>)"
    return _tagged(child)


def _is_plain(child: Marked | Link) -> bool:
    return all(isinstance(inner, Text) for inner in child.children)


def _first_letter(child: Inline | None) -> str:
    """Return the letter that the next part begins with; a sign for what begins with one."""
    match child:
        case None:
            return ""
        case Text(text=text):
            return text[:1]
        case Code():
            return "`"
        case _:
            return "*"


def _tagged(child: Marked | Link | Span) -> str:
    opening, closing = _tags(child)
    return f"{opening}{_written(child.children)}{closing}"


def _element(child: Inline) -> str:
    match child:
        case Break():
            return "<br>"
        case Text(text=text):
            return escape(text, quote=False)
        case Code(text=text):
            return f"<code>{escape(text, quote=False)}</code>"
        case Ruby(base=base, reading=reading):
            return f"<ruby>{escape(base)}<rt>{escape(reading)}</rt></ruby>"
        case FootnoteMark(label=label):
            # HTML inside Markdown knows no notes: the mark stays as words.
            return f"<sup>[{label}]</sup>"
        case _:
            opening, closing = _tags(child)
            return f"{opening}{_html(child.children)}{closing}"


def _tags(child: Marked | Link | Span) -> tuple[str, str]:
    match child:
        case Marked(mark=mark):
            return f"<{mark}>", f"</{mark}>"
        case Link(address=address):
            return f'<a href="{escape(address)}">', "</a>"
        case Span(language=language, direction=direction):
            attributes = {"lang": language, "dir": direction}
            written = "".join(f' {key}="{value}"' for key, value in attributes.items() if value)
            return f"<span{written}>", "</span>"
