"""The order in which people, and most programs, read names."""

from __future__ import annotations

import re

DIGITS = re.compile(r"(\d+)")


def natural(name: str) -> list[tuple[bool, int, str]]:
    """What to sort `name` by so that 9.jpg stands before 10.jpg."""
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in DIGITS.split(name) if part]
