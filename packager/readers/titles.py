"""A title for what has none: the name of its file or folder, made readable."""

from __future__ import annotations

import re

# Control characters, and what stands for the bytes of a name that is no text: no document can hold them.
_UNSAYABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def readable(name: str) -> str:
    """`01_the_window` -> `01 the window`; leading numbers stay, and what cannot be said is a replacement character."""
    return _UNSAYABLE.sub("\ufffd", " ".join(name.replace("_", " ").split()))
