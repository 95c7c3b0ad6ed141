"""What is left of a file when its faults that touch no pixel are taken away."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mended:
    """A picture's file, and whether none of the picture is known to be lost."""

    data: bytes
    is_whole: bool = True
