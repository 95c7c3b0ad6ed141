"""A run of text -> Markdown on one line."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from packager.importing.inline_html import around, html_of
from packager.model import Code, FootnoteMark, Inline, Link, Mark, Marked, Span, Text
from packager.model.blocks import plain_text

_SIGNS = re.compile(r"[\\`*_\[\]<&~|]|(?<=\^)\[|!(?=\[)")
_LINE_START = re.compile(r"(?:[#>+=-]|(\d{1,9})(?=[.)])|:(?=-))")
_ODD_ADDRESS = re.compile(r"[<>()\s\\]")
_SIGN_OF = {Mark.EMPHASIS: "*", Mark.STRONG: "**"}


def words(text: str) -> str:
    """Plain words, such as those that stand for a picture, inside a line."""
    return _escaped(text)


def run(children: Sequence[Inline]) -> str:
    """The run as one line; nothing in it begins a block, and no space at its ends is lost."""
    line = _written(children)
    line = _LINE_START.sub(_escaped_start, line, count=1) if _LINE_START.match(line) else line
    return _guarded(line)


def _written(children: Sequence[Inline]) -> str:
    line = ""
    for index, child in enumerate(children):
        following = children[index + 1] if index + 1 < len(children) else None
        if isinstance(following, Link | FootnoteMark) and isinstance(child, Text) and child.text[-1:] in "!^":
            line += f"{_escaped(child.text[:-1])}\\{child.text[-1:]}"
        else:
            line += _one(child, line[-1:], _first_letter(following))
    return line


def _one(child: Inline, before: str, after: str) -> str:
    match child:
        case Text(text=text):
            return _escaped(text)
        case Code(text=text):
            return _code(text, before, after)
        case Marked():
            return _marked(child, before, after)
        case Link():
            return _link(child)
        case FootnoteMark(label=label):
            return f"[^{label}]"
        case _:
            return _tagged(child) if isinstance(child, Span) else html_of((child,))


def _tagged(child: Marked | Link | Span) -> str:
    opening, closing = around(child)
    return f"{opening}{_written(child.children)}{closing}"


def _marked(child: Marked, before: str, after: str) -> str:
    """In signs where these are sure to be read as such, else as an element."""
    written, sign = _written(child.children), _SIGN_OF.get(child.mark, "")
    words = plain_text(child.children)
    is_plain = bool(sign) and all(isinstance(inner, Text) for inner in child.children) and words.strip() == words
    opens = before in ("", " ") or (not (before.isalnum() or before in "*_\\") and words[:1].isalnum())
    closes = after in ("", " ") or (not (after.isalnum() or after in "*_") and words[-1:].isalnum())
    return f"{sign}{written}{sign}" if is_plain and opens and closes else _tagged(child)


def _link(child: Link) -> str:
    is_plain = all(isinstance(inner, Text) for inner in child.children)
    if is_plain and _ODD_ADDRESS.search(child.address) is None and _normal(child.address) == child.address:
        return f"[{_written(child.children)}](<{child.address}>)"
    return _tagged(child)


def _normal(address: str) -> str:
    """The address as reading Markdown leaves it."""
    from markdown_it import MarkdownIt

    return MarkdownIt().normalizeLink(address)


def _code(text: str, before: str, after: str) -> str:
    if set("`<&") & {*text, before, after} or text.strip() != text:
        return f"<code>{html.escape(text, quote=False)}</code>"
    return f"`{text}`"


def _first_letter(child: Inline | None) -> str:
    """The letter that the next part begins with; a sign for what begins with one."""
    match child:
        case None:
            return ""
        case Text(text=text):
            return text[:1]
        case Code():
            return "`"
        case _:
            return "*"


def _escaped(text: str) -> str:
    return _SIGNS.sub(lambda match: "\\" + match[0], text)


def _escaped_start(match: re.Match[str]) -> str:
    """A number keeps its digits: the sign behind it is what makes it one of a list."""
    return f"{match[1]}\\" if match[1] else f"\\{match[0]}"


def _guarded(line: str) -> str:
    """Spaces of other kinds than the common one at the ends, as the numbers of their characters."""
    bare = line.strip()
    if bare == line or not bare:
        return "".join(map(_numbered, line)) if not bare else line
    start = line.index(bare[0])
    first, last = line[:start], line[start + len(bare) :]
    return f"{_all(first)}{bare}{_all(last)}"


def _all(spaces: Iterable[str]) -> str:
    return "".join(map(_numbered, spaces))


def _numbered(space: str) -> str:
    return f"&#{ord(space)};"
