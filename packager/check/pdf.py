"""Strings of a PDF as programs show them; ISO 32000-1, 7.3.4."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

# Parentheses stand in a string in pairs; deeper pairs than one are read as strings of their own.
INNER = rb"[^()\\]*+(?:\\.[^()\\]*+)*"
STRING = re.compile(
    rb"(/(?:Author|Creator|Producer|Company|Manager|LastModifiedBy|T)\s*+)?"
    rb"(?:(?<!\\)\((" + INNER + rb"(?:\(" + INNER + rb"\)" + INNER + rb")*)\)|(?<!<)<([0-9A-Fa-f\s]{8,}+)>)",
    re.DOTALL,
)
ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|\r?\n|(.))", re.DOTALL)


def strings(data: bytes) -> Iterator[tuple[bytes, bool]]:
    """Each string in UTF-8, or in whatever encoding it is, and whether it says who made the document."""
    for found in STRING.finditer(data):
        held = ESCAPE.sub(_letter, found[2]) if found[3] is None else _from_hex(found[3])
        if held.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
            held = held.decode("utf-16", errors="replace").encode(errors="replace")
        yield held, found[1] is not None


def _letter(escape: re.Match[bytes]) -> bytes:
    return bytes((int(escape[1], 8) & 0xFF,)) if escape[1] else escape[2] or b""


def _from_hex(digits: bytes) -> bytes:
    whole = b"".join(digits.split())
    return bytes.fromhex((whole + b"0" * (len(whole) % 2)).decode())
