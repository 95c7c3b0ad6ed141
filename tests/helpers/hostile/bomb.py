"""A small file that asks for much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bomb:
    """What it is, its path in the bundle or in the tree, and what makes its bytes."""

    what: str
    path: str
    make: Callable[[], bytes]
