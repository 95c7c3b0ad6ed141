"""Member names of ZIP archives that do not say how they are encoded: the bytes have to tell."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, pairwise

# Of encodings in which the names are equally usual, the first one wins.
_ENCODINGS = ("utf-8", "cp949", "gbk", "cp932")
# The plain sets inside them. Their extensions hold what hardly anyone writes, and so betray a wrong guess.
_PLAIN_SETS = {"cp949": "euc_kr", "gbk": "gb2312", "cp932": "euc_jp"}
_LAST_RESORT = "cp437"  # the ZIP specification (APPNOTE, appendix D); it can decode every byte
_SAMPLE = 1_000  # names are enough to tell


def encoding_of(names: Iterable[bytes]) -> str:
    """The encoding that all names of one archive have most likely been written in."""
    text = b"\n".join(islice(names, _SAMPLE))
    if text.isascii():
        return "utf-8"
    best = max(_ENCODINGS, key=lambda encoding: _likelihood(text, encoding))
    if _likelihood(text, best) > 0.5:
        return best
    return _LAST_RESORT if _decoded(text, "utf-8") is None else "utf-8"


def _likelihood(text: bytes, encoding: str) -> float:
    """The share, 0 to 1, of foreign characters that people write in this encoding's language; 0 if it cannot be."""
    decoded = _decoded(text, encoding) or ""
    foreign = [(before, character) for before, character in pairwise(f"\n{decoded}") if not character.isascii()]
    if not foreign:
        return 0
    return sum(_is_usual(before, character, encoding) for before, character in foreign) / len(foreign)


def _is_usual(before: str, character: str, encoding: str) -> bool:
    if encoding == "utf-8":  # two bytes of other encodings can look like these
        return not ("\u0080" <= character <= "\u00bf" or "\u0180" <= character <= "\u02ff")
    if before.isascii() and before.isalpha():  # an accented letter of a western word has swallowed the next one
        return False
    if encoding == "cp949" and not "가" <= character <= "힣":
        return False
    if "\uff61" <= character <= "\uff9f":  # halfwidth katakana: what single bytes of other encodings turn into
        return False
    return _is_plain(character, _PLAIN_SETS[encoding])


def _is_plain(character: str, plain_set: str) -> bool:
    try:
        return len(character.encode(plain_set)) == 2  # rare ones take more
    except UnicodeEncodeError:
        return False


def _decoded(text: bytes, encoding: str) -> str | None:
    try:
        return text.decode(encoding)
    except UnicodeDecodeError:
        return None
