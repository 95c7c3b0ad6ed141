"""Sizes as people write them."""

from __future__ import annotations

import re
from fractions import Fraction

_UNITS = {"B": 1} | {
    f"{letter}{suffix}": base**power
    for power, letter in enumerate("KMGT", start=1)
    for suffix, base in (("", 1000), ("B", 1000), ("IB", 1024))
}


def size_in_bytes(size: str) -> int | None:
    """The bytes that `500MB`, `500M`, `1.5 GiB` or `4000000` mean, only those with an i binary; None for else."""
    match = re.fullmatch(r"\s*(\d{1,15}(?:\.\d{1,9})?)\s*([A-Za-z]*)\s*", size, re.ASCII)
    unit = _UNITS.get((match[2] or "B").upper()) if match else None
    return int(Fraction(match[1]) * unit) if match and unit else None


def size_words(size_bytes: int) -> str:
    """The shortest way to write exactly that many bytes, as `size_in_bytes` reads it; "" for none."""
    units = {name.replace("I", "i"): unit for name, unit in _UNITS.items() if name.endswith("B")}
    exact = [f"{size_bytes // unit}{name}" for name, unit in units.items() if size_bytes % unit == 0]
    return min(exact, key=len) if size_bytes else ""
