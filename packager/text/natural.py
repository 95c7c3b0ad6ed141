"""Natural order of names: 2 before 10, whatever the digits, the case or the composition of letters."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

Tokens = tuple[tuple[int, str], ...]

_COVER_STEMS = frozenset({"cover", "folder"})


def tokens(name: str) -> Tokens:
    """Return a name as texts and numbers in turn, texts first; names that differ only in form have equal tokens.

    A number is its count of digits and the digits, so that numbers of any length compare without being computed.
    """
    parts = re.split(r"(\d+)", unicodedata.normalize("NFKC", name).casefold())
    return tuple(_number(part) if position % 2 else (0, part) for position, part in enumerate(parts))


def natural_key(name: str) -> tuple[Tokens, str]:
    """Return the key that sorts names naturally, names with equal tokens by their characters."""
    return tokens(name), name


def page_key(path: PurePosixPath) -> tuple[object, ...]:
    """Return the key that sorts pages: chapters (folders) in their place, and in each a picture called cover first.

    Stems go before whole names, so that `page.png` comes before `page-2.png`; and `1.png` before the folder `1`.
    """
    folders = ((1, natural_key(part)) for part in path.parts[:-1])
    return (*folders, (0 if is_called_cover(path) else 1, natural_key(path.stem)), (-1, path.name))


def is_called_cover(path: PurePosixPath) -> bool:
    """Whether a picture's name says that it comes before all pages."""
    return path.stem.casefold() in _COVER_STEMS


def is_numbered(path: PurePosixPath) -> bool:
    """Whether a picture's name holds a number, which makes it a page."""
    return any(sign.isdigit() for sign in path.stem)


def _number(digits: str) -> tuple[int, str]:
    plain = "".join(str(unicodedata.digit(digit)) for digit in digits).lstrip("0")
    return len(plain), plain
