"""What the fields of word processors say of themselves, in Word's documents and in RTF."""

from __future__ import annotations

import re

_LINK = re.compile(r'\s*HYPERLINK\s+(?:\\\w\s+)*"?([^"\s]+)"?')
_READING = re.compile(r"\s*EQ\b.*\\o\s*\\ad\s*\(\s*\\s\s*\\up\s*\d+\s*\(([^()]*)\)\s*[,;]\s*([^()]*)\)", re.DOTALL)


def link_in(instruction: str) -> str:
    """Return the address that a field links to; "" where it is no link to the outside."""
    match = _LINK.match(instruction)
    return match[1] if match and "://" in match[1] else ""


def reading_in(instruction: str) -> tuple[str, str] | None:
    """Return the word and its reading in a field that sets one above the other, as Word did before it knew ruby."""
    match = _READING.match(instruction)
    return (match[2].strip(), match[1].strip()) if match else None
