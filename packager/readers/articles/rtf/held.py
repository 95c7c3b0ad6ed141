"""The words that a document in RTF holds, told without its reader: the account of the article is held against them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from packager.readers.articles.rtf.setting import COUNTED, SILENT, WORD_ART
from packager.readers.articles.rtf.tokens import codec_of_charset, codec_of_page, decoded

_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?[0-9]{1,10})? ?|\\'(?P<byte>[0-9A-Fa-f]{2})|\\(?P<sign>[^A-Za-z'])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n\\]",
    re.DOTALL,
)
_NO_TEXT = SILENT | {"fonttbl", "stylesheet", "fldinst", "pict", "annotation", "upr", "shp", "do"}
_TEXT = ("footnote", "shptxt", "dptxbxtext")
"""Groups of text that lie in drawings too."""
_APART = (*_TEXT, *COUNTED, "sv")
"""Groups that no word goes on into."""
_IN_WORDS = frozenset(
    "b i ul ulnone strike super sub nosupersub caps cf cs f fs af hich loch dbch ltrch rtlch lang langfe langnp "
    "noproof kerning expnd expndtw insrsid charrsid zwj zwnj ltrmark rtlmark".split()
)
"""Words of control that stand inside words of the text; others part them."""
_CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


def words_held(data: bytes) -> str:
    """Return the words for readers in a document; the time is linear, whatever is not closed."""
    return _Scanner().read(data)


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds in a group: its name, whether it is of text, its font, how many bytes stand in for a letter."""

    name: str = ""
    is_text: bool = True
    font: int = 0
    stand_ins: int = 1


class _Scanner:
    def __init__(self) -> None:
        self._codec = "cp1252"
        self._fonts: dict[int, str] = {}
        self._now = _Group()
        self._outer: list[_Group] = []
        self._is_first = self._is_starred = False
        self._property = b""  # of a drawing
        self._skipped = 0  # of what stands in for a letter
        self._bytes = bytearray()
        self._texts: list[str] = []

    def read(self, data: bytes) -> str:
        place = 0
        while match := _TOKEN.match(data, place):
            place = match.end()
            number = int(match["number"]) if match["number"] else None
            if match["brace"]:
                self._end() if match["brace"] == b"}" else self._begin()
            elif match["word"] == b"bin" and place + (number or 0) <= len(data):
                place += max(0, number or 0)
            elif match["text"] or match["byte"]:
                self._letters(match["text"] or bytes((int(match["byte"], 16),)))
            elif self._skipped and (match["word"] or match["sign"]):
                self._skipped -= 1
            elif match["word"]:
                self._word(match["word"].decode(), number)
            elif match["sign"]:
                self._sign(match["sign"])
        self._flush()
        # A letter beyond the first plane comes as two.
        return "".join(self._texts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _begin(self) -> None:
        self._flush()
        self._outer.append(self._now)
        self._is_first, self._is_starred, self._skipped = True, False, 0

    def _end(self) -> None:
        self._flush(" " if self._now.name in _APART else "")
        self._skipped = 0
        if self._outer:
            self._now = self._outer.pop()

    def _letters(self, data: bytes) -> None:
        self._is_first = False
        skipped = min(self._skipped, len(data))
        self._skipped -= skipped
        self._bytes += data[skipped:] if self._now.is_text else b""
        if self._now.name == "sn":
            self._property = data

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._is_starred = True
        elif sign != b"-":  # a hyphen that shows only at the end of a line
            self._flush(" ")

    def _word(self, name: str, number: int | None) -> None:
        is_first, self._is_first = self._is_first, False
        if is_first:
            self._name_group(name)
        if name == "u":
            self._flush(chr((number or 0) % 0x10000) if self._now.is_text and number else "")
            self._skipped = self._now.stand_ins
        elif name == "uc":
            self._now = replace(self._now, stand_ins=min(max(0, 1 if number is None else number), 100))
        else:
            self._flush("" if name in _IN_WORDS else " ")
        if name in ("f", "plain"):
            self._now = replace(self._now, font=(number or 0) if name == "f" else 0)
        elif name in ("fcharset", "cpg") and self._outer:
            codec = codec_of_charset(number, "") if name == "fcharset" else codec_of_page(number or 0)
            self._fonts[self._now.font] = codec or self._fonts.get(self._now.font, "")
        elif name == "ansicpg":
            self._codec = codec_of_page(number or 0) or self._codec
        elif name in _CODE_PAGES:
            self._codec = _CODE_PAGES[name]

    def _name_group(self, name: str) -> None:
        is_text = self._now.is_text
        if name == "ud":  # the second form of two
            is_text = self._outer[-2].is_text if len(self._outer) > 1 else True
        elif name in _TEXT:
            is_text = True
        elif name == "sv" and self._outer and self._outer[-1].name == "sp":
            is_text = self._property.strip() == WORD_ART.encode()
        elif name in _NO_TEXT or self._is_starred:
            is_text = False
        self._now = replace(self._now, name=name, is_text=is_text)

    def _flush(self, behind: str = "") -> None:
        """Add the letters that were read, and what stands behind them."""
        if self._bytes:
            # Where all fonts are said to be western, whoever wrote the document knew nothing of them.
            own = self._fonts.get(self._now.font) if set(self._fonts.values()) - {"", "cp1252"} else ""
            self._texts.append(decoded(bytes(self._bytes), own or self._codec, self._codec))
            self._bytes.clear()
        self._texts.append(behind)
