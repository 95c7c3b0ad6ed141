"""Keys of so many parts, `a.b.c`, that Python's parser would take time and memory by the square of their number."""

from __future__ import annotations

import re

MOST_PARTS = 20
"""Of a key: no definition has tables in tables so deep."""

# What a text consists of, in the order of trial; in strings and comments nothing is a key. What has no end goes on to
# the end of its line, or of the text.
_TOKENS = re.compile(
    r"""
    (?P<other>\#[^\n]*
        |"{3}[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*(?:"{3,5}|\Z)
        |'{3}[^']*+(?:'(?!'')[^']*+)*(?:'{3,5}|\Z))
    |(?P<part>"[^"\\\n]*+(?:\\.[^"\\\n]*+)*"?|'[^'\n]*'?|[^\s."'\[\]{},=\#]+)
    |(?P<dot>\.)
    |(?P<blank>[ \t]+)
    |.
    """,
    re.VERBOSE | re.DOTALL,
)


def too_long_at(text: str) -> int | None:
    """The number of the line with the first key of more than MOST_PARTS parts; None where there is none."""
    parts, is_after_dot = 0, False
    for token in _TOKENS.finditer(text):
        kind = token.lastgroup
        if kind == "part":
            parts = parts + 1 if is_after_dot else 1
            is_after_dot = False
            if parts > MOST_PARTS:
                return text.count("\n", 0, token.start()) + 1
        elif kind == "dot":
            is_after_dot = parts > 0 and not is_after_dot
        elif kind != "blank":
            parts, is_after_dot = 0, False
    return None
