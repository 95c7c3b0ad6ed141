"""Text from files as a terminal may show it."""

from __future__ import annotations

import unicodedata

HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")  # Unicode categories: control, format (bidi among them), lone surrogates, lines


def escaped(text: str) -> str:
    """`text` with control and bidirectional characters as their code points; line ends of our own stay."""
    return "".join(
        f"<U+{ord(sign):04X}>" if sign != "\n" and unicodedata.category(sign) in HIDDEN else sign for sign in text
    )
