"""A title for what has none: the name of its file or folder, made readable."""

from __future__ import annotations


def readable(name: str) -> str:
    """`01_the_window` -> `01 the window`; leading numbers stay."""
    return " ".join(name.replace("_", " ").split())
