"""Titles as people can be told them: made from names, or cut short."""

from __future__ import annotations

import re

from packager.text.terminal import clean

# Control characters, direction overrides, and what stands for the bytes of a name that is no text.
_UNSAYABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff]+")


def readable(name: str) -> str:
    """`01_the_window` -> `01 the window`; leading numbers stay, and what cannot be said is a replacement character."""
    return clean(_UNSAYABLE.sub("\ufffd", " ".join(name.replace("_", " ").split())))


def beginning(text: str, longest: int = 60) -> str:
    """`text`, cut at a word's end and with an ellipsis where it has more than `longest` letters."""
    if len(text) <= longest:
        return text
    cut = text[: longest + 1]
    # Scripts without spaces may be cut anywhere.
    return f"{cut.rpartition(' ')[0] or cut[:longest]} …"
