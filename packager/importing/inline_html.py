"""A run of text -> HTML, for what Markdown has no signs of its own for."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from packager.model import Break, Code, FootnoteMark, Inline, Link, Marked, Ruby, Span, Text


def html_of(children: Iterable[Inline]) -> str:
    """The run as elements."""
    return "".join(map(_element, children))


def around(child: Marked | Link | Span) -> tuple[str, str]:
    """The tags that stand around what is in an element."""
    match child:
        case Marked(mark=mark):
            return f"<{mark}>", f"</{mark}>"
        case Link(address=address):
            return f'<a href="{escape(address)}">', "</a>"
        case Span(language=language, direction=direction):
            said = {"lang": language, "dir": direction}
            attributes = "".join(f' {key}="{value}"' for key, value in said.items() if value)
            return f"<span{attributes}>", "</span>"


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
            opening, closing = around(child)
            return f"{opening}{html_of(child.children)}{closing}"
