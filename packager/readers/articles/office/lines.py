"""One line of a document -> HTML: pieces of text with their marks and links, readings, marks of notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import groupby


@dataclass(frozen=True, slots=True)
class OfficePiece:
    """Some HTML of a line, with the start tags around it without their brackets, and the address that it links to."""

    html: str
    tags: tuple[str, ...] = ()
    link: str = ""


def line(pieces: Iterable[OfficePiece]) -> str:
    """Return the HTML of a line; neighbours with the same marks and link share these."""
    html = []
    for (link, tags), group in groupby(pieces, lambda piece: (piece.link, piece.tags)):
        inner = "".join(piece.html for piece in group)
        for tag in reversed(tags):
            inner = f"<{tag}>{inner}</{tag.partition(' ')[0]}>"
        html.append(f'<a href="{escape(link)}">{inner}</a>' if link else inner)
    return "".join(html)


def ruby(base: str, reading: str) -> str:
    """Return some HTML with its reading above it."""
    return f"<ruby>{base}<rt>{reading}</rt></ruby>"


def note_mark(number: int, kind: str = "note") -> str:
    """Return the mark of a note, which stands in the element that `note` gives."""
    return f'<sup><a role="doc-noteref" href="#{kind}-{number}">{number}</a></sup>'


def note(number: int, html: str, kind: str = "note") -> str:
    """Return the HTML of a note as its mark leads to it."""
    return f'<div id="{kind}-{number}">{html}</div>'
