"""The text of a document of Word -> one page of HTML, with its headings, lists, tables and notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import escape, unescape
from typing import TYPE_CHECKING

from packager.archive.xml import local_name
from packager.readers.account import Account, of_markup, without, words
from packager.readers.articles.docx.chunks import chunk_html
from packager.readers.articles.docx.drawings import WordPictures
from packager.readers.articles.docx.numbering import numbering_of
from packager.readers.articles.docx.runs import SILENT, WordRuns
from packager.readers.articles.docx.styles import styles_of
from packager.readers.articles.office.blocks import OfficeBlock, arranged
from packager.readers.articles.office.lines import note
from packager.readers.articles.office.parts import OfficeParts, child, is_on, number, value
from packager.readers.articles.office.tables import OfficeCell
from packager.readers.articles.office.tables import table as table_html
from packager.readers.articles.reading import PictureFinder

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_WORDS = re.compile(r"<w:t(?: [^>]*)?>([^<]*)|<w:(?:tab|br|cr)\b")
_FURNITURE = ("header", "footer")


class WordBody:
    """Reads one document; `pictures` holds those in it, `left_out` and `words` count what is not taken."""

    def __init__(self, parts: OfficeParts, finder: PictureFinder) -> None:
        self._parts = parts
        self._body = parts.body()
        styles = styles_of(parts.part(self._body.related("styles")))
        self._styles = styles
        self._chunks: dict[str, str] = {}
        self._numbering = numbering_of(parts.part(self._body.related("numbering")), styles)
        self.pictures = WordPictures(parts, finder)
        self._runs = WordRuns(parts, self._body, styles, self.pictures, self._html)

    @property
    def left_out(self) -> Counter[str]:
        """How many things of each kind are not taken."""
        return self._runs.left_out + Counter(drawings=self.pictures.drawings)

    @property
    def words(self) -> Counter[str]:
        """How many words stand in those that were not meant to be seen."""
        return self._runs.words

    def account(self, label: str) -> Account:
        """Return the words that the document holds, and those of them that were not meant to be seen."""
        parts = [self._body.name, *(self._body.related(kind) for kind in ("footnotes", "endnotes"))]
        held = words(*(text for name in parts for text in _held(self._parts.bytes_of(name))))
        held += words(*(of_markup(html, is_whole=True) for html in self._chunks.values()))
        return Account(((label, held),), words(*self._runs.unseen))

    def page(self) -> str:
        """Return the text with its notes as one page."""
        body = child(self._body.root, "body")
        paragraphs = [one for one in self._body.root.iter() if local_name(one.tag) == "p"]
        from_right = sum(is_on(child(one, "pPr", "bidi")) for one in paragraphs)
        direction = ' dir="rtl"' if from_right * 2 > len(paragraphs) else ""
        text = self._html(body) if body is not None else ""
        notes = "".join(self._notes())
        self._count_unseen()
        return f"<html><body><div{direction}>{text}{notes}</div></body></html>"

    def _html(self, element: Element) -> str:
        return "".join(arranged(self._blocks(element)))

    def _blocks(self, element: Element) -> Iterator[OfficeBlock]:
        for one in element:
            name = local_name(one.tag)
            if name == "p":
                yield from self._paragraph(one)
            elif name == "tbl":
                yield OfficeBlock(self._table(one))
            elif name == "altChunk" and (html := self._chunk(value(one, "id"))):
                yield OfficeBlock(html)
            elif name in ("del", "moveFrom", "altChunk"):
                self._runs.pass_over(one)
            elif name == "AlternateContent":
                chosen = self.pictures.better_alternative(self._runs.part, one)
                yield from self._blocks(chosen) if chosen is not None else ()
            elif name not in SILENT:
                yield from self._blocks(one)

    def _chunk(self, key: str) -> str:
        """What a page that is a part of the document holds, the first time that it is shown; "" for other forms."""
        relation = self._body.relations.get(key)
        if relation is None or relation.is_outside or relation.target in self._chunks:
            return ""
        self._chunks[relation.target], pictures = chunk_html(self._parts.bytes_of(relation.target))
        self.pictures.by_address.update(pictures)
        return self._chunks[relation.target]

    def _paragraph(self, paragraph: Element) -> Iterator[OfficeBlock]:
        own = child(paragraph, "pPr")
        html = self._runs.line(paragraph)
        boxes, self._runs.boxes = self._runs.boxes, []
        level = self._styles.heading_level(own)
        number = self._numbering.next(own) if html.strip() else None
        words = escape(number.words, quote=False) if number is not None else ""
        direction = ' dir="rtl"' if is_on(self._styles.property(own, "bidi")) else ""
        if level:
            tag = f"h{min(level, 6)}"
            yield OfficeBlock(f"<{tag}{direction}>{words} {html}</{tag}>")
        elif self._styles.is_preformatted(own):
            yield OfficeBlock(html.replace("<br>", "\n"), "pre")
        elif number is not None and (number.is_plain or not words):
            count = number.number if words else None
            yield OfficeBlock(f"<p{direction}>{html}</p>", "li", number.level, count)
        elif html.strip():
            kind = "blockquote" if self._styles.is_quote(own) else ""
            yield OfficeBlock(f"<p{direction}>{words} {html}</p>", kind)
        yield from map(OfficeBlock, boxes)

    def _table(self, table: Element) -> str:
        rows: list[list[OfficeCell]] = []
        for row in _within(table, "tr"):
            if child(row, "trPr", "del") is not None:
                self._runs.count_deleted(row)
                continue
            is_head = is_on(child(row, "trPr", "tblHeader"))
            rows.append([self._cell(element, is_head) for element in _within(row, "tc")])
        return table_html(rows)

    def _cell(self, element: Element, is_head: bool) -> OfficeCell:
        merge = child(element, "tcPr", "vMerge")
        width = number(value(child(element, "tcPr", "gridSpan")), 1)
        columns = width if 0 < width < 100 else 1
        is_below_same = merge is not None and value(merge) != "restart"
        return OfficeCell(self._html(element), columns, is_head, is_below_same=is_below_same)

    def _notes(self) -> Iterator[str]:
        """The notes whose marks were met, each behind what its mark leads to."""
        for kind in ("footnote", "endnote"):
            part = self._parts.part(self._body.related(f"{kind}s"))
            if part is None:
                continue
            by_id = {value(one, "id"): one for one in part.root if local_name(one.tag) == kind}
            self._runs.part = part
            for (of_kind, key), place in list(self._runs.notes.items()):
                if of_kind == kind and key in by_id:
                    yield note(place, self._html(by_id[key]), kind)
        self._runs.part = self._body

    def _count_unseen(self) -> None:
        """Count the words of comments, and of what stands at the edge of every page."""
        runs = self._runs
        comments = self._parts.part(self._body.related("comments"))
        if comments is not None:
            runs.count_words("comments", comments.root)
        for relation in self._body.relations.values():
            part = self._parts.part(relation.target) if relation.kind in _FURNITURE else None
            if part is not None and runs.count_words("headers and footers", part.root):
                runs.left_out["headers and footers"] += 1


def _held(data: bytes) -> Iterator[str]:
    """The words of each paragraph of a part, told without a parser; what stands there in two forms once."""
    for paragraph in without(data.decode("utf-8", "replace"), "mc:Fallback").split("</w:p>"):
        yield unescape("".join(match[1] if match[1] is not None else " " for match in _WORDS.finditer(paragraph)))


def _within(element: Element, name: str) -> Iterator[Element]:
    """Yield the rows of a table, or the cells of a row, also those in what holds other things."""
    for one in element:
        if local_name(one.tag) == name:
            yield one
        elif local_name(one.tag) not in (*SILENT, "tbl"):
            yield from _within(one, name)
