"""What stands in a paragraph of Word -> HTML: runs of text with their marks, fields, notes, pictures, formulas."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING

from packager.archive.xml import local_name
from packager.readers.articles.docx import formulas
from packager.readers.articles.docx.drawings import WordPictures
from packager.readers.articles.docx.fields import WordFields
from packager.readers.articles.docx.styles import WordStyles
from packager.readers.articles.office.lines import OfficePiece, line, note_mark, ruby
from packager.readers.articles.office.parts import OfficeParts, WordPart, child, value
from packager.readers.articles.office.signs import is_of_signs, sign, signs

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DELETED = ("del", "moveFrom")
_WORDS = ("t", "delText")
# What holds no words of the text: properties, anchors, and marks of what was proofread.
SILENT = frozenset(
    "pPr rPr rubyPr sdtPr sdtEndPr tblPr tblGrid trPr tcPr sectPr smartTagPr customXmlPr proofErr bookmarkStart "
    "bookmarkEnd commentRangeStart commentRangeEnd annotationRef footnoteRef endnoteRef separator permStart permEnd "
    "continuationSeparator delInstrText extLst lastRenderedPageBreak softHyphen".split()
)
_OBJECTS = {
    "chart": "charts",
    "relIds": "diagrams",
    "OLEObject": "objects of other programs",
    "control": "objects of other programs",
    "altChunk": "parts of other documents",
    "subDoc": "parts of other documents",
}
_TAGS = {"b": "b", "i": "i", "strike": "s", "dstrike": "s", "superscript": "sup", "subscript": "sub"}


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a place in a line is set: as a link to an address, in these tags, in capitals, in a font."""

    link: str = ""
    tags: tuple[str, ...] = ()
    font: str = ""
    is_upper: bool = False

    def piece(self, html: str) -> OfficePiece:
        return OfficePiece(html, self.tags, self.link)


@dataclass(slots=True)
class WordRuns:
    """Reads the paragraphs of one document; what is not taken is counted.

    `left_out` counts things by kind, `words` the words in those that were not meant to be seen, which `unseen` holds.
    `boxes` are blocks that stand in a paragraph, to be put behind it; `notes` the marks that were met, by kind and id.
    `blocks` gives the HTML of the blocks in an element.
    """

    parts: OfficeParts
    part: WordPart
    styles: WordStyles
    pictures: WordPictures
    blocks: Callable[[Element], str]
    left_out: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    unseen: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    notes: dict[tuple[str, str], int] = field(default_factory=dict)
    _fields: WordFields = field(default_factory=WordFields)
    _style: str = ""

    def line(self, paragraph: Element) -> str:
        """Return the HTML of what stands in a paragraph."""
        self._style = value(child(paragraph, "pPr", "pStyle"))
        return line(self._inside(paragraph, _Setting()))

    def pass_over(self, element: Element) -> None:
        """Count what is not taken, where it stands between paragraphs."""
        name = local_name(element.tag)
        if name == "del":
            self.count_deleted(element)
        elif name == "moveFrom":  # what was moved is shown where it was moved to
            self.unseen.append(_words_of(element))
        elif name in _OBJECTS:
            list(self._object(element, _Setting()))

    def count_deleted(self, element: Element) -> None:
        """Count a passage that was deleted, and its words."""
        self.left_out["deleted passages"] += 1
        self.count_words("deleted passages", element)

    def count_words(self, kind: str, element: Element) -> int:
        """Count the words in an element that were not meant to be seen; return how many these are."""
        words = _words_of(element)
        self.unseen.append(words)
        count = len(words.split())
        self.words[kind] += count
        return count

    def _inside(self, element: Element, at: _Setting) -> Iterator[OfficePiece]:
        for one in element:
            name = local_name(one.tag)
            if name not in SILENT:
                read = _READERS.get(name, WordRuns._holder)
                yield from read(self, one, at)

    def _run(self, run: Element, at: _Setting) -> Iterator[OfficePiece]:
        own = child(run, "rPr")
        marks = self.styles.marks(own, self._style)
        if "vanish" in marks:
            self.left_out["hidden words"] += self.count_words("hidden words", run)
            return
        tags = dict.fromkeys(tag for mark, tag in _TAGS.items() if mark in marks)
        setting = _Setting(
            at.link or self._fields.link,
            (*at.tags, *tags),
            value(child(own, "rFonts"), "ascii"),
            "caps" in marks,
        )
        yield from self._inside(run, setting)

    def _text(self, element: Element, at: _Setting) -> Iterator[OfficePiece]:
        text = element.text or ""
        if is_of_signs(at.font):
            self.unseen.append(text)
            text, unknown = signs(at.font, text)
            self.left_out["signs of a font"] += unknown
        yield from self._shown(text.upper() if at.is_upper else text, at)

    def _sign(self, element: Element, at: _Setting) -> Iterator[OfficePiece]:
        code, font = value(element, "char"), value(element, "font")
        number = int(code, 16) if re.fullmatch("[0-9A-Fa-f]{1,4}", code) else 0
        of_text = chr(number) if 0x20 < number < 0xD800 else ""
        shown = sign(font, number) if is_of_signs(font) else of_text
        self.left_out["signs of a font"] += not shown
        yield from self._shown(shown or "□", at)

    def _shown(self, text: str, at: _Setting) -> Iterator[OfficePiece]:
        if self._fields.is_instruction:
            self.unseen.append(text)
        else:
            yield at.piece(escape(text, quote=False))

    def _break(self, element: Element, at: _Setting) -> Iterator[OfficePiece]:
        yield at.piece(" " if value(element, "type") in ("page", "column") else "<br>")

    def _instruction(self, element: Element, _at: _Setting) -> Iterator[OfficePiece]:
        self._fields.add_instruction(element.text or "")
        return iter(())

    def _field(self, element: Element, at: _Setting) -> Iterator[OfficePiece]:
        if shown := self._fields.follow(element):
            yield at.piece(shown)

    def _hyperlink(self, element: Element, at: _Setting) -> Iterator[OfficePiece]:
        relation = self.part.relations.get(value(element, "id"))
        address = relation.target if relation is not None and relation.is_outside else ""
        return self._inside(element, replace(at, link=address or at.link))

    def _directed(self, element: Element, at: _Setting) -> Iterator[OfficePiece]:
        direction = "rtl" if value(element) == "rtl" else "ltr"
        return self._inside(element, replace(at, tags=(*at.tags, f'span dir="{direction}"')))

    def _ruby(self, element: Element, at: _Setting) -> Iterator[OfficePiece]:
        base, reading = (escape(_words_of(child(element, part))) for part in ("rubyBase", "rt"))
        yield at.piece(ruby(base, reading))

    def _formula(self, element: Element, at: _Setting) -> Iterator[OfficePiece]:
        yield at.piece(formulas.line_of(element))

    def _note(self, element: Element, at: _Setting) -> Iterator[OfficePiece]:
        kind = local_name(element.tag).removesuffix("Reference")
        number = self.notes.setdefault((kind, value(element, "id")), len(self.notes) + 1)
        yield OfficePiece(note_mark(number, kind))

    def _comment(self, _element: Element, _at: _Setting) -> Iterator[OfficePiece]:
        self.left_out["comments"] += 1
        return iter(())

    def _deleted(self, element: Element, _at: _Setting) -> Iterator[OfficePiece]:
        self.pass_over(element)
        return iter(())

    def _alternative(self, element: Element, at: _Setting) -> Iterator[OfficePiece]:
        chosen = self.pictures.better_alternative(self.part, element)
        return self._inside(chosen, at) if chosen is not None else iter(())

    def _picture(self, element: Element, at: _Setting) -> Iterator[OfficePiece]:
        yield at.piece(self.pictures.picture(self.part, element))

    def _word_art(self, element: Element, at: _Setting) -> Iterator[OfficePiece]:
        yield at.piece(f" {escape(value(element, 'string'))} ")

    def _shape(self, element: Element, at: _Setting) -> Iterator[OfficePiece]:
        self.left_out["drawings"] += not any(local_name(one.tag) == "txbxContent" for one in element.iter())
        return self._inside(element, at)

    def _object(self, element: Element, _at: _Setting) -> Iterator[OfficePiece]:
        """Count what another program draws, and read the words that lie in its part."""
        kind = _OBJECTS[local_name(element.tag)]
        self.left_out[kind] += 1
        relation = self.part.relations.get(value(element, "dm") or value(element, "id"))
        is_read = relation is not None and kind in ("charts", "diagrams")
        part = self.parts.part(relation.target) if relation is not None and is_read else None
        paragraphs = (one for one in part.root.iter() if local_name(one.tag) == "p") if part is not None else ()
        self.boxes += (f"<p>{escape(words)}</p>" for words in map(_words_of, paragraphs) if words)
        return iter(())

    def _holder(self, element: Element, at: _Setting) -> Iterator[OfficePiece]:
        """What stands in an element that shows nothing itself, or that nobody here knows."""
        with self.pictures.described(element):
            yield from self._inside(element, at)

    def _box(self, element: Element, _at: _Setting) -> Iterator[OfficePiece]:
        """Read blocks that stand in a line, for behind its paragraph."""
        outer, style, fields = self.boxes, self._style, self._fields
        self.boxes, self._fields = [], WordFields()
        outer.append(self.blocks(element))
        outer += self.boxes
        self.boxes, self._style, self._fields = outer, style, fields
        return iter(())


def _words_of(element: Element | None) -> str:
    return (
        "".join(one.text or "" for one in element.iter() if local_name(one.tag) in _WORDS)
        if element is not None
        else ""
    )


def _always(html: str) -> Callable[[WordRuns, Element, _Setting], Iterator[OfficePiece]]:
    return lambda _runs, _element, at: iter((at.piece(html),))


_READERS: dict[str, Callable[[WordRuns, Element, _Setting], Iterator[OfficePiece]]] = {
    "r": WordRuns._run,
    "t": WordRuns._text,
    "sym": WordRuns._sign,
    "br": WordRuns._break,
    **dict.fromkeys(("tab", "ptab"), _always(" ")),
    "cr": _always("<br>"),
    "noBreakHyphen": _always("\u2011"),
    "instrText": WordRuns._instruction,
    "fldChar": WordRuns._field,
    "hyperlink": WordRuns._hyperlink,
    **dict.fromkeys(("bdo", "dir"), WordRuns._directed),
    "ruby": WordRuns._ruby,
    **dict.fromkeys(("oMath", "oMathPara"), WordRuns._formula),
    **dict.fromkeys(("footnoteReference", "endnoteReference"), WordRuns._note),
    "commentReference": WordRuns._comment,
    **dict.fromkeys(_DELETED, WordRuns._deleted),
    "AlternateContent": WordRuns._alternative,
    **dict.fromkeys(("blip", "imagedata"), WordRuns._picture),
    "textpath": WordRuns._word_art,
    "wsp": WordRuns._shape,
    **dict.fromkeys(_OBJECTS, WordRuns._object),
    "txbxContent": WordRuns._box,
}
