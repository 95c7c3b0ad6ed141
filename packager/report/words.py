"""Sizes, times, counts and lines as people read them, and values as programs read them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from packager.text.terminal import escaped, hidden_in

COPY_BYTES_PER_SECOND = 5_000_000  # what cheap USB 2 sticks write

Line = tuple[str, str]  # a label, and what there is to say

_DIFFERING = re.compile(r"\d[\d.,]*|`[^`]*`|“[^”]*”|\([^()]*\)|: [^:]*\Z")  # between messages of one kind


def duration(size_bytes: int) -> str:
    """Return how long a tree takes to copy onto a cheap stick."""
    seconds = max(1, round(size_bytes / COPY_BYTES_PER_SECOND))
    return f"{seconds} s" if seconds < 120 else f"{round(seconds / 60)} min"


def count(number: int, noun: str) -> str:
    """Return a number with its noun, plural where it must be."""
    head, joint, rest = noun.partition(" for ")
    plural = head + ("es" if head.endswith("s") else "s") + joint + rest
    return f"{number} {noun if number == 1 else plural}"


def kind_of_message(message: str) -> str:
    """Return what messages have in common that differ in numbers and names alone."""
    return _DIFFERING.sub("", message)


def labelled(lines: Iterable[Line]) -> str:
    """Return the lines with their labels in a column, fit for a terminal."""
    return "\n".join(f"{label:<9} {escaped(text)}" for label, text in lines)


def as_json(value: object) -> str:
    """Return `value` as JSON: letters as they are, but for what a terminal or a log would obey."""
    plain = re.sub(r"#(?=#[\w.-]*\[)", r"\\u0023", json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))
    return plain.translate({ord(sign): json.dumps(sign)[1:-1] for sign in hidden_in(plain)})
