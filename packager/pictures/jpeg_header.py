"""What the header of a JPEG says, without a decoder."""

from __future__ import annotations

from itertools import chain

_FRAMES = frozenset(chain(range(0xC0, 0xC4), range(0xC5, 0xC8), range(0xC9, 0xCC), range(0xCD, 0xD0)))  # T.81, B.1.1.3


def is_grey(jpeg: bytes) -> bool:
    """Return whether a JPEG of ours has one component, and so no colours."""
    at = 2
    while jpeg[at + 1] not in _FRAMES:
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return jpeg[at + 9] == 1
