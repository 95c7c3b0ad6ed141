"""Names that FAT, exFAT and Windows cannot hold, or take for one another; docs/devices.md section 1."""

from __future__ import annotations

import re
import unicodedata

MOST_UNITS = 255  # of UTF-16, in a name on FAT and exFAT
FORBIDDEN_LETTERS = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')
DEVICE_NAME = re.compile(r"(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?:\..*)?", re.IGNORECASE | re.DOTALL)


def problem(name: str) -> str:
    """Why FAT and exFAT cannot hold the name, as what a file "has"; "" when they can."""
    if FORBIDDEN_LETTERS.search(name):
        return "has a letter in its name that FAT forbids"
    if name.endswith((".", " ")):
        return "has a name that ends in a dot or a space"
    if units(name) > MOST_UNITS:
        return f"has a name of more than {MOST_UNITS} characters"
    return ""


def units(text: str) -> int:
    """The length of a name as file systems count it, in UTF-16; undecodable bytes count too."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def folded(name: str) -> str:
    """One text for all names that FAT, Windows or macOS take for the same: without case, of composed letters."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
