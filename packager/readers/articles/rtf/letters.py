"""The letters of RTF as they come: bytes in a code page, numbers of Unicode, and bytes that stand in for these."""

from __future__ import annotations

from packager.readers.articles.rtf.tokens import decoded

LETTERS = {
    **{"emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"},
    **{"emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005", "tab": " ", "zwj": "\u200d", "zwnj": "\u200c"},
    **{"ltrmark": "\u200e", "rtlmark": "\u200f", "~": "\xa0", "_": "\u2011", "-": "", "{": "{", "}": "}", "\\": "\\"},
}
"""What control words and signs stand for."""


class RtfLetters:
    """Gathers text until it is taken; `codec` is the document's, `skipped` counts tokens that are to be passed over."""

    def __init__(self) -> None:
        self.codec = "cp1252"
        self.skipped = 0
        self._bytes = bytearray()
        self._text: list[str] = []
        self._high = 0

    def read(self, data: bytes) -> None:
        """Add bytes, but for those that stand in for a letter given by its number."""
        skipped = min(self.skipped, len(data))
        self.skipped -= skipped
        self._bytes += data[skipped:]

    def add(self, text: str, codec: str) -> None:
        """Add a text behind bytes in a code page."""
        self._decode(codec)
        self._text.append(text)

    def by_number(self, number: int, codec: str) -> None:
        """Add a letter: numbers above 32,767 are negative, and letters beyond 65,535 come as two."""
        code = number % 0x10000
        if 0xD800 <= code < 0xDC00:
            self._high = code
        elif 0xDC00 <= code < 0xE000:
            self.add(chr(0x10000 + ((self._high - 0xD800) << 10) + code - 0xDC00) if self._high else "", codec)
            self._high = 0
        elif code:
            self.add(chr(code), codec)

    def take(self, codec: str) -> str:
        """Return the text that was gathered, of which the last bytes are in a code page."""
        self._decode(codec)
        text, self._text = "".join(self._text), []
        return text

    def take_bytes(self) -> bytes:
        """Return the bytes that were gathered last, which are no text."""
        data, self._bytes = self._bytes, bytearray()
        return bytes(data)

    def _decode(self, codec: str) -> None:
        if self._bytes:
            self._text.append(decoded(self.take_bytes(), codec, self.codec))
