"""Sizes, times and counts as people say them."""

from __future__ import annotations

COPY_BYTES_PER_SECOND = 5_000_000  # what cheap USB 2 sticks write


def size(count: int) -> str:
    """Bytes as people say them, decimal."""
    for unit, step in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if count >= step:
            number = count / step
            return f"{number:.0f} {unit}" if number >= 100 else f"{number:.1f} {unit}"
    return f"{count} bytes"


def duration(size_bytes: int) -> str:
    """How long a tree takes to copy onto a cheap stick."""
    seconds = max(1, round(size_bytes / COPY_BYTES_PER_SECOND))
    return f"{seconds} s" if seconds < 120 else f"{round(seconds / 60)} min"


def count(number: int, noun: str) -> str:
    """A number with its noun, plural where it must be."""
    head, joint, rest = noun.partition(" for ")
    plural = head + ("es" if head.endswith("s") else "s") + joint + rest
    return f"{number} {noun if number == 1 else plural}"
