"""A document in RTF -> one page of HTML with its notes, and its pictures (Rich Text Format 1.9.1)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html import escape

from packager.errors import SourceError
from packager.readers.articles.office.blocks import arranged
from packager.readers.articles.office.fields import link_in, reading_in
from packager.readers.articles.office.lines import note, note_mark, ruby
from packager.readers.articles.office.signs import signs
from packager.readers.articles.office.tables import OfficeCell
from packager.readers.articles.rtf.flow import ParagraphShape, RtfFlow
from packager.readers.articles.rtf.letters import LETTERS, RtfLetters
from packager.readers.articles.rtf.pictures import RtfPictures
from packager.readers.articles.rtf.setting import (
    COUNTED,
    OF_LETTERS,
    SILENT,
    WORD_ART,
    Into,
    RtfFont,
    RtfFonts,
    RtfSetting,
)
from packager.readers.articles.rtf.tokens import SYMBOLS, Token, TokenKind, codec_of_charset, codec_of_page, tokens

_LONGEST = 2_000  # letters of the number of an item, or of what a field is computed from
_DEEPEST = 500  # groups in one another
_HEADING = re.compile(r"heading (\d)")
_HIDDEN = (Into.NOWHERE, Into.COUNTED)


class RtfDocument:
    """Reads one document; `pictures` are those in it.

    `left_out` counts what is not taken, and `unseen` holds words that were not meant to be seen, or that are shown as
    something else.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._letters = RtfLetters()
        self._fonts = RtfFonts()
        self._styles: dict[int, str] = {}
        self._key = 0  # of the font or the style that is told of
        self._now = RtfSetting(RtfFont(self._letters.codec))
        self._outer: list[tuple[RtfSetting, Callable[[], None] | None]] = []
        self._is_first = self._is_starred = False
        self.unseen: list[str] = []
        self._flow = RtfFlow(self.unseen)
        self._shape = ParagraphShape()
        self._cells: list[OfficeCell] = []
        self._cell = OfficeCell("")
        self._instructions: list[str] = []
        self._notes: list[str] = []
        self._property = ""  # of a drawing
        self.pictures = RtfPictures()
        self.left_out: Counter[str] = Counter()

    def page(self) -> str:
        """Return the text with its notes as one page; raises SourceError for groups that lie too deep."""
        for token in tokens(self._data):
            self._read(token)
        while self._outer:  # what a document that is cut short leaves open
            self._close()
        self._flush()
        text = "".join(arranged(self._flow.close()))
        notes = "".join(note(number, html) for number, html in enumerate(self._notes, start=1))
        return f"<html><body><div>{text}{notes}</div></body></html>"

    def _read(self, token: Token) -> None:
        if token.kind is TokenKind.BYTES:
            self._is_first = False
            self._letters.read(token.data)
        elif token.kind is TokenKind.BINARY:
            if self._now.into is Into.PICTURE:
                self.pictures.add_bytes(token.data)
        elif token.kind is TokenKind.OPEN:
            self._open()
        elif token.kind is TokenKind.CLOSE:
            self._close()
        elif self._letters.skipped:
            self._letters.skipped -= 1
        elif token.kind is TokenKind.SIGN:
            self._sign(token.name)
        else:
            self._word(token.name, token.number)

    def _open(self) -> None:
        self._flush()
        if len(self._outer) >= _DEEPEST:
            raise SourceError(f"has groups that lie more than {_DEEPEST} deep in one another")
        self._outer.append((self._now, None))
        if self._now.counts_as == "upr":  # the first form of two, for programs that know no Unicode
            self._now = replace(self._now, into=Into.NOWHERE, counts_as="")
        self._letters.skipped = self._key = 0
        self._is_first, self._is_starred = True, False

    def _close(self) -> None:
        self._flush()
        self._letters.skipped = 0
        if self._outer:
            self._now, at_end = self._outer.pop()
            if at_end is not None:
                at_end()

    def _at_end(self, action: Callable[[], None]) -> None:
        """Do something when the group ends that is open now."""
        if self._outer:
            self._outer[-1] = (self._outer[-1][0], action)

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._is_starred = True
        elif sign in LETTERS:
            self._letters.add(LETTERS[sign], self._now.font.codec)
        elif sign in "\r\n":
            self._end_paragraph(None)

    def _word(self, name: str, number: int | None) -> None:
        is_first, self._is_first = self._is_first, False
        if is_first and self._begins_group(name):
            return
        if name == "u":
            self._letters.by_number(number or 0, self._now.font.codec)
            self._letters.skipped = self._now.skip
        elif name in LETTERS:
            self._letters.add(LETTERS[name], self._now.font.codec)
        elif name == "uc":
            self._now = replace(self._now, skip=max(0, min(1 if number is None else number, 100)))
        elif self._now.into not in _HIDDEN:
            self._flush()
            if name in OF_LETTERS:
                self._now = self._now.with_letters(name, is_on=number != 0)
            elif name in _WORDS:
                _WORDS[name](self, number)

    # Groups

    def _begins_group(self, name: str) -> bool:
        """Take the first word of a group for what the group is; return whether it is nothing more."""
        if name == "ud":
            self._now = replace(self._now, into=self._outer[-1][0].into, counts_as="")
        elif self._now.into in _HIDDEN:
            return name not in ("u", *LETTERS)
        elif name in _GROUPS:
            _GROUPS[name](self)
        elif name in COUNTED:
            self.left_out[COUNTED[name]] += name == "annotation"
            self._now = replace(self._now, into=Into.COUNTED, counts_as=COUNTED[name])
        elif name in SILENT or self._is_starred:
            self._now = replace(self._now, into=Into.NOWHERE)
        else:
            return False
        return True

    def _begin(self, into: Into) -> None:
        self._now = replace(self._now, into=into)

    def _begin_forms(self) -> None:
        self._now = replace(self._now, counts_as="upr")

    def _begin_note(self) -> None:
        number = len(self._notes) + 1
        self._notes.append("")
        self._flow.show(note_mark(number))
        self._begin_flow(lambda flow: self._notes.__setitem__(number - 1, "".join(arranged(flow.close()))))

    def _begin_box(self) -> None:
        outer = self._flow
        self._begin_flow(lambda flow: outer.blocks.extend(flow.close()))

    def _begin_flow(self, done: Callable[[RtfFlow], None]) -> None:
        outer = self._flow, self._shape, self._cells
        inner = self._flow = RtfFlow(self.unseen)
        self._shape, self._cells = ParagraphShape(), []
        self._now = replace(self._now.plain(self._now.font), into=Into.TEXT)

        def end() -> None:
            done(inner)
            self._flow, self._shape, self._cells = outer

        self._at_end(end)

    def _begin_field(self) -> None:
        self._instructions.append("")

        def end() -> None:
            if (reading := reading_in(self._instructions.pop())) and self._now.into is Into.TEXT:
                base, above = map(escape, reading)
                self._flow.show(ruby(base, above), self._now.tags, self._now.link)

        self._at_end(end)

    def _begin_result(self) -> None:
        link = link_in(self._instructions[-1]) if self._instructions else ""
        self._now = replace(self._now, link=link or self._now.link)

    def _begin_picture(self) -> None:
        self.pictures.begin()
        self._begin(Into.PICTURE)
        self._at_end(self._end_picture)

    def _end_picture(self) -> None:
        address = self.pictures.end(is_shown=self._now.into in (Into.TEXT, Into.SHAPE))
        if address:
            self._flow.show(f'<img src="{address}">')
        elif address is not None:
            self.left_out["drawings"] += 1

    # Text

    def _flush(self) -> None:
        """Bring the text that was read to where it goes."""
        now = self._now
        if now.into is Into.PICTURE:
            self.pictures.add(self._letters.take_bytes())
        text = self._letters.take(now.font.codec)
        if not text:
            return
        if now.into is Into.TEXT and not now.hides:
            if now.font.is_of_signs:
                self.unseen.append(text)
                text = signs(now.font.name, text)[0]
            self._flow.show(escape(text.upper() if now.is_upper else text, quote=False), now.tags, now.link)
        elif now.into is Into.TEXT or (now.into is Into.COUNTED and now.counts_as != "comments"):
            self.unseen.append(text)
            self.left_out[now.hides or now.counts_as] += len(text.split())
        else:
            self._take(text)

    def _take(self, text: str) -> None:
        """Bring what is no text of the document to where it belongs."""
        into, name = self._now.into, text.rstrip("; ")
        if into is Into.PROPERTY:
            self._property = text.strip()
        elif into is Into.VALUE and self._property == WORD_ART:
            self._flow.show(f" {escape(text)} ")
        elif into is Into.FONTS:
            self._fonts.add(self._key, replace(self._now.font, name=name))
        elif into is Into.STYLES:
            self._styles[self._key] = name.lower()
        elif into is Into.INSTRUCTION and self._instructions:
            self._instructions[-1] = (self._instructions[-1] + text)[:_LONGEST]
        elif into is Into.NUMBER:
            self._flow.number = f"{self._flow.number}{text}".strip()[:_LONGEST]

    def _set_font(self, number: int | None) -> None:
        self._key = number or 0
        codec = self._letters.codec
        font = RtfFont(codec) if self._now.into is Into.FONTS else self._fonts.get(self._key, codec)
        self._now = replace(self._now, font=font)

    def _set_charset(self, number: int | None) -> None:
        font = RtfFont(codec_of_charset(number, self._letters.codec), is_of_signs=number == SYMBOLS)
        self._now = replace(self._now, font=font)

    def _set_codec(self, codec: str) -> None:
        if self._now.into is not Into.FONTS:
            self._letters.codec = codec or self._letters.codec
        self._now = replace(self._now, font=RtfFont(codec or self._letters.codec))

    def _set_plain(self, _: int | None) -> None:
        self._now = self._now.plain(self._fonts.get(0, self._letters.codec))

    # Paragraphs and tables

    def _set_style(self, number: int | None) -> None:
        self._key = number or 0
        name = "" if self._now.into is Into.STYLES else self._styles.get(self._key, "")
        match = _HEADING.match(name)
        self._shape.heading = 1 if name == "title" else int(match[1]) if match else 0
        self._shape.is_quote = "quote" in name

    def _set_shape(self, **values: int) -> None:
        for name, said in values.items():
            setattr(self._shape, name, said)

    def _reset_paragraph(self, _: int | None) -> None:
        self._shape = ParagraphShape()

    def _end_paragraph(self, _: int | None) -> None:
        self._flush()
        if self._now.into is Into.TEXT:
            self._flow.end_paragraph(self._shape)

    def _begin_row(self, _: int | None) -> None:
        self._cells, self._cell = [], OfficeCell("")

    def _merge(self, cell: OfficeCell) -> None:
        self._cell = cell

    def _end_cell_shape(self, _: int | None) -> None:
        self._cells.append(self._cell)
        self._cell = OfficeCell("")


def _in_text(action: Callable[[RtfDocument], None]) -> Callable[[RtfDocument, int | None], None]:
    """A control word that means nothing where no text is shown."""
    return lambda document, _: action(document) if document._now.into is Into.TEXT else None


_GROUPS: dict[str, Callable[[RtfDocument], None]] = {
    "fonttbl": lambda document: document._begin(Into.FONTS),
    "stylesheet": lambda document: document._begin(Into.STYLES),
    "fldinst": lambda document: document._begin(Into.INSTRUCTION),
    **dict.fromkeys(("listtext", "pntext"), lambda document: document._begin(Into.NUMBER)),
    **dict.fromkeys(("shp", "shpinst", "do", "sp"), lambda document: document._begin(Into.SHAPE)),
    "sn": lambda document: document._begin(Into.PROPERTY),
    "sv": lambda document: document._begin(Into.VALUE),
    **dict.fromkeys(("shptxt", "dptxbxtext"), RtfDocument._begin_box),
    **dict.fromkeys(("shppict", "nesttableprops"), lambda _document: None),
    "field": RtfDocument._begin_field,
    "fldrslt": RtfDocument._begin_result,
    "footnote": RtfDocument._begin_note,
    "object": lambda document: document.left_out.update(["objects of other programs"]),
    "pict": RtfDocument._begin_picture,
    "upr": RtfDocument._begin_forms,
}
_WORDS: dict[str, Callable[[RtfDocument, int | None], None]] = {
    "ansicpg": lambda document, number: document._set_codec(codec_of_page(number or 0)),
    "cpg": lambda document, number: document._set_codec(codec_of_page(number or 0)),
    "mac": lambda document, _: document._set_codec("mac_roman"),
    "pc": lambda document, _: document._set_codec("cp437"),
    "pca": lambda document, _: document._set_codec("cp850"),
    "f": RtfDocument._set_font,
    "fcharset": RtfDocument._set_charset,
    "plain": RtfDocument._set_plain,
    "s": RtfDocument._set_style,
    "outlinelevel": lambda document, number: document._set_shape(heading=((number or 0) + 1) % 10),
    "ilvl": lambda document, number: document._set_shape(level=max(0, min(number or 0, 8))),
    "intbl": lambda document, _: document._set_shape(table=1),
    "itap": lambda document, number: document._set_shape(table=max(0, min(1 if number is None else number, 9))),
    "rtlpar": lambda document, _: document._set_shape(is_from_right=True),
    "pard": RtfDocument._reset_paragraph,
    **dict.fromkeys(("par", "sect", "page"), RtfDocument._end_paragraph),
    "line": _in_text(lambda document: document._flow.show("<br>")),
    **dict.fromkeys(("cell", "nestcell"), _in_text(lambda document: document._flow.end_cell(document._shape))),
    **dict.fromkeys(("row", "nestrow"), _in_text(lambda document: document._flow.end_row(document._cells))),
    "trowd": RtfDocument._begin_row,
    "cellx": RtfDocument._end_cell_shape,
    "clmrg": lambda document, _: document._merge(replace(document._cell, is_right_of_same=True)),
    "clvmrg": lambda document, _: document._merge(replace(document._cell, is_below_same=True)),
}
