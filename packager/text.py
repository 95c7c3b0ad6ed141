"""Text from files as a terminal may show it."""

from __future__ import annotations

import unicodedata

HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")  # Unicode categories: control, format (bidi among them), lone surrogates, lines


def escaped(text: str) -> str:
    """`text` with control and bidirectional characters as their code points; line ends of our own stay."""
    return "".join(f"<U+{ord(sign):04X}>" if sign != "\n" and is_hidden(sign) else sign for sign in text)


def is_hidden(sign: str) -> bool:
    """Whether a character does something to a terminal other than to be seen."""
    return unicodedata.category(sign) in HIDDEN
