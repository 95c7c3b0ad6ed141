"""RTF as a row of tokens, and the code pages that its bytes are in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

_TOKEN = re.compile(
    rb"(?P<open>\{)|(?P<close>\})|\\(?P<word>[A-Za-z]{1,32})(?P<number>-?[0-9]{1,10})? ?|\\'(?P<byte>[0-9A-Fa-f]{2})"
    rb"|\\(?P<sign>[^A-Za-z'])|(?P<text>[^\\{}\r\n]+)|[\r\n\\]",
    re.DOTALL,
)
# By the numbers of Windows' character sets, https://learn.microsoft.com/openspecs/windows_protocols/ms-wmf/
_CHARSETS = {
    0: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gb18030",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
SYMBOLS = 2  # the character set of fonts that hold signs
_OF_SEVERAL_BYTES = ("cp932", "cp949", "johab", "gb18030", "cp950")


class TokenKind(Enum):
    """What a token of RTF is."""

    OPEN = auto()
    CLOSE = auto()
    WORD = auto()
    SIGN = auto()
    BYTES = auto()
    BINARY = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A control word with its number, a control sign, bytes of text or of something else, or an end of a group."""

    kind: TokenKind
    name: str = ""
    number: int | None = None
    data: bytes = b""


def tokens(data: bytes) -> Iterator[Token]:
    """Yield the tokens of RTF."""
    place = 0
    while match := _TOKEN.match(data, place):
        place = match.end()
        if match["open"]:
            yield Token(TokenKind.OPEN)
        elif match["close"]:
            yield Token(TokenKind.CLOSE)
        elif word := match["word"]:
            number = int(match["number"]) if match["number"] else None
            if word == b"bin":
                end = place + max(0, number or 0)
                yield Token(TokenKind.BINARY, data=data[place:end])
                place = end
            else:
                yield Token(TokenKind.WORD, word.decode(), number)
        elif byte := match["byte"]:
            yield Token(TokenKind.BYTES, data=bytes((int(byte, 16),)))
        elif sign := match["sign"]:
            yield Token(TokenKind.SIGN, sign.decode("latin-1"))
        elif text := match["text"]:
            yield Token(TokenKind.BYTES, data=text)


def codec_of_page(number: int) -> str:
    """Return the Python codec of a code page of Windows; "" where there is none."""
    names = {65001: "utf-8", 936: "gb18030", 10000: "mac_roman", 1361: "johab"}
    try:
        return codecs.lookup(names.get(number, f"cp{number}")).name
    except LookupError:
        return ""


def codec_of_charset(number: int | None, of_document: str) -> str:
    """Return the codec of a font's character set; that of the document where the font has none of its own."""
    return _CHARSETS.get(number if number is not None else -1, "") or of_document


def decoded(data: bytes, codec: str, of_document: str) -> str:
    """Return the text in bytes; programs of East Asia call their own code page that of the West."""
    if codec == "cp1252" and of_document in _OF_SEVERAL_BYTES and max(data, default=0) > 0x7F:
        try:
            return data.decode(of_document)
        except UnicodeDecodeError:
            pass
    return data.decode(codec, "replace")
