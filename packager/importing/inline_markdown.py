"""A run of text -> Markdown on one line, in HTML where Markdown has no signs of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import zip_longest

from packager.model import Break, Code, FootnoteMark, Inline, Link, Mark, Marked, Ruby, Span, Text
from packager.model.blocks import plain_text

_SIGNS = re.compile(r"[\\`*_\[\]<&~|]|(?<=\^)\[|!(?=\[)")
_LINE_START = re.compile(r"\A(?:[#>+=-]|(\d{1,9})(?=[.)])|:(?=-))")
_END_SPACES = re.compile(r"\A\s+|\s+\Z")
_ODD_ADDRESS = re.compile(r"[<>()\s\\]")
_SIGN_OF = {Mark.EMPHASIS: "*", Mark.STRONG: "**"}


def run(children: Sequence[Inline]) -> str:
    """Return the run as one line; nothing in it begins a block, and no space at its ends is lost."""
    line = _LINE_START.sub(_escaped_start, _written(children), count=1)
    return _END_SPACES.sub(lambda spaces: "".join(f"&#{ord(space)};" for space in spaces[0]), line)


def html_of(children: Iterable[Inline]) -> str:
    """Return the run as elements of HTML."""
    return "".join(map(_element, children))


def escaped(text: str) -> str:
    """Return the text with a backslash before each letter that Markdown would take for a sign."""
    return _SIGNS.sub(r"\\\g<0>", text)


def _written(children: Sequence[Inline]) -> str:
    line = ""
    for child, following in zip_longest(children, children[1:]):
        if isinstance(following, Link | FootnoteMark) and isinstance(child, Text) and child.text[-1:] in "!^":
            line += f"{escaped(child.text[:-1])}\\{child.text[-1:]}"
        else:
            line += _one(child, line[-1:], _first_letter(following))
    return line


def _one(child: Inline, before: str, after: str) -> str:
    match child:
        case Text(text=text):
            return escaped(text)
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
    """In signs where these are sure to be read as such, else as an element."""
    sign, words = _SIGN_OF.get(child.mark, ""), plain_text(child.children)
    opens = before in ("", " ") or (not (before.isalnum() or before in "*_\\") and words[:1].isalnum())
    closes = after in ("", " ") or (not (after.isalnum() or after in "*_") and words[-1:].isalnum())
    if sign and _is_plain(child) and words.strip() == words and opens and closes:
        return f"{sign}{_written(child.children)}{sign}"
    return _tagged(child)


def _link(child: Link) -> str:
    """In signs where these are sure to be read as the same address, else as an element."""
    from markdown_it.common.normalize_url import normalizeLink

    address = child.address
    if _is_plain(child) and not _ODD_ADDRESS.search(address) and normalizeLink(address) == address:
        return f"[{_written(child.children)}](<{address}>)"
    return _tagged(child)


def _is_plain(child: Marked | Link) -> bool:
    return all(isinstance(inner, Text) for inner in child.children)


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


def _escaped_start(match: re.Match[str]) -> str:
    """A number keeps its digits: the sign behind it is what makes it one of a list."""
    return f"{match[1]}\\" if match[1] else f"\\{match[0]}"


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
            return f"{opening}{html_of(child.children)}{closing}"


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
