"""Tables of words, written as people write them."""

from __future__ import annotations


def words(*lines: str) -> frozenset[str]:
    """The words of `lines`, which stand apart by spaces."""
    return frozenset(" ".join(lines).split())
