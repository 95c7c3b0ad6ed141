"""How sizes, and text taken from files, are put into messages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

LONGEST = 120
# Control, format (bidi, zero width, tags), surrogate (bytes of names that are no text), private, line ends.
UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def show(text: str, longest: int = LONGEST) -> str:
    """`text` fit for a terminal: what cannot be seen is escaped, what is long is cut."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(_escaped(letter) if unicodedata.category(letter) in UNSEEN else letter for letter in cut)


def listed(names: Iterable[str], most: int = 5) -> str:
    """The first few of `names`, fit for a terminal, and how many more there are."""
    shown = tuple(dict.fromkeys(names))
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return ", ".join(show(name) for name in shown[:most]) + more


def size(size_bytes: int) -> str:
    """Bytes as people read them, decimal: 850 KB, 2.4 MB."""
    for unit, name in ((10**9, "GB"), (10**6, "MB")):
        if size_bytes >= unit:
            return f"{size_bytes / unit:.1f} {name}"
    return f"{size_bytes / 1000:.0f} KB" if size_bytes >= 1000 else f"{size_bytes} bytes"


def size_against(measured: int, limit: int) -> str:
    """A size and the limit it passes, exact where rounding would make them look alike."""
    if size(measured) == size(limit):
        return f"{measured:,} bytes; at most {limit:,} bytes"
    return f"{size(measured)}; at most {size(limit)}"


def count_against(measured: int, limit: int, unit: str) -> str:
    """A count and the limit it passes."""
    return f"{measured:,} {unit}; at most {limit:,}"


def _escaped(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
