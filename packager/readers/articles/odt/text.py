"""The text of an OpenDocument -> one page of HTML with its notes, and its pictures."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from packager.archive.xml import local_name, parse
from packager.files.signatures import PICTURES, file_type
from packager.readers.articles.odt.styles import OdtStyles, label
from packager.readers.articles.office.lines import note, note_mark, ruby
from packager.readers.articles.office.parts import OF_OFFICE, OfficeParts, child, children, number, value

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MARKS = ("b", "i", "s", "sup", "sub")
_MOST = 1_000  # spaces in a row, and times that a cell is repeated
_SILENT = frozenset(
    "annotation-end bookmark bookmark-start bookmark-end reference-mark reference-mark-start reference-mark-end "
    "soft-page-break change change-start change-end sequence-decls variable-decls user-field-decls forms "
    "table-column table-columns table-header-columns table-column-group alphabetical-index-mark toc-mark title desc "
    "event-listeners glue-point table-of-content-source illustration-index-source enhanced-geometry".split()
)
_BLOCKS = ("p", "h", "list", "table", "section")
_SHAPES = ("custom-shape", "rect", "circle", "ellipse", "line", "path", "polygon", "polyline", "connector", "measure")


class OdtText:
    """Reads one document; `pictures` are those in it by their addresses.

    `left_out` counts what is not taken, and `unseen` holds words that were not meant to be seen.
    """

    def __init__(self, parts: OfficeParts, content: Element, styles: Element | None) -> None:
        self._parts = parts
        self._body = child(content, "body", "text")
        self._styles = OdtStyles()
        for root in (styles, content):
            if root is not None:
                self._styles.add(root)
        self._boxes: list[str] = []
        self._notes: list[str] = []
        self._counts: dict[str, int] = {}
        self._headings: dict[int, int] = {}
        self.pictures: dict[str, bytes] = {}
        self.left_out: Counter[str] = Counter()
        self.unseen: list[str] = []

    def page(self) -> str:
        """Return the text with its notes as one page."""
        text = "".join(self._blocks(self._body)) if self._body is not None else ""
        text = text.replace("</pre><pre>", "\n").replace("</blockquote><blockquote>", "")
        return f"<html><body><div>{text}{''.join(self._notes)}</div></body></html>"

    # Blocks

    def _blocks(self, element: Iterable[Element]) -> Iterator[str]:
        for one in element:
            name = local_name(one.tag)
            if name in ("p", "h"):
                yield self._paragraph(one)
            elif name == "list":
                yield self._list(one, "", 1)
            elif name == "table":
                yield self._table(one)
            elif name == "tracked-changes":
                deleted = (part for part in one.iter() if local_name(part.tag) == "deletion")
                self._count("deleted words", *(paragraph for part in deleted for paragraph in children(part, "p")))
                self.unseen += one.itertext()
            elif value(one, "display") == "none" or value(one, "is-hidden") == "true":
                self._count("hidden words", one)
            elif name not in _SILENT and any(local_name(part.tag) in _BLOCKS for part in one):
                yield from self._blocks(one)
            elif name not in _SILENT:
                yield self._box("".join(self._piece(one)))

    def _box(self, html: str) -> str:
        boxes, self._boxes = self._boxes, []
        return f"{f'<p>{html}</p>' if html.strip() else ''}{''.join(boxes)}"

    def _paragraph(self, paragraph: Element, before: str = "") -> str:
        style = value(paragraph, "style-name")
        marks = self._styles.marks("paragraph", style)
        if "hidden" in marks:
            self._count("hidden words", paragraph)
            return ""
        html = "".join(self._set("".join(self._line(paragraph, "upper" in marks)), marks))
        boxes, self._boxes = "".join(self._boxes), []
        if not html.strip():
            return boxes
        before = f"{escape(before)} " if before else ""
        if local_name(paragraph.tag) == "h":
            level = number(value(paragraph, "outline-level"), 1)
            tag = f"h{min(level, 6)}"
            return f"<{tag}>{self._number_of_heading(level)}{before}{html}</{tag}>{boxes}"
        if self._styles.is_title(style):
            return f"<h1>{html}</h1>{boxes}"
        if self._styles.is_preformatted(style):
            return f"<pre>{html}</pre>{boxes}"
        block = f"<p>{before}{html}</p>"
        return (f"<blockquote>{block}</blockquote>" if self._styles.is_quote(style) else block) + boxes

    def _number_of_heading(self, level: int) -> str:
        self._headings = {deep: count for deep, count in self._headings.items() if deep <= level}
        self._headings[level] = self._headings.get(level, 0) + 1
        style = self._styles.headings.get(str(level))
        shown = label(style, self._headings[level]) if style is not None else None
        levels = number(value(style, "display-levels"), 1)
        above = [str(self._headings.get(deep, 1)) for deep in range(max(1, level - levels + 1), level)]
        return f"{escape('.'.join([*above, shown]))} " if shown else ""

    def _list(self, element: Element, style: str, level: int) -> str:
        style = value(element, "style-name") or style
        shape = self._styles.lists.get(style, {}).get(str(level))
        key = f"{style} {level}"
        if value(element, "continue-numbering") != "true" and not value(element, "continue-list"):
            self._counts.pop(key, None)
        first = value(shape, "start-value")
        count = self._counts.get(key, number(first, 1) - 1)
        items: list[tuple[int, str | None, str]] = []
        for one in element:
            is_item = local_name(one.tag) == "list-item"
            start = value(one, "start-value")
            count = number(start, count + 1) if is_item else count
            before = label(shape, count) if is_item else None
            is_plain = before in ("", f"{count}.")
            words = "" if is_plain or before is None else before
            items.append((count, before if is_plain else None, "".join(self._item(one, style, level, words))))
        self._counts[key] = count
        if any(before is None for _, before, _ in items):  # numbers that no list of HTML has are words
            return "".join(html for _, _, html in items)
        tag = "ul" if not items or items[0][1] == "" else f'ol start="{items[0][0]}"'
        return f"<{tag}>{''.join(f'<li>{html}</li>' for _, _, html in items)}</{tag[:2]}>"

    def _item(self, element: Element, style: str, level: int, before: str) -> Iterator[str]:
        for one in element:
            name = local_name(one.tag)
            if name == "list":
                yield self._list(one, style, level + 1)
            elif name in ("p", "h"):
                yield self._paragraph(one, before)
                before = ""
            else:
                yield from self._blocks([one])

    def _table(self, table: Element) -> str:
        rows = "".join(self._rows(table, "td"))
        return f"<table>{rows}</table>"

    def _rows(self, element: Element, tag: str) -> Iterator[str]:
        for one in element:
            name = local_name(one.tag)
            if name == "table-row":
                cells = "".join(self._cell(cell, tag) for cell in children(one, "table-cell"))
                yield f"<tr>{cells}</tr>"
            elif name in ("table-rows", "table-row-group", "table-header-rows"):
                yield from self._rows(one, "th" if name == "table-header-rows" else tag)

    def _cell(self, cell: Element, tag: str) -> str:
        columns, rows = value(cell, "number-columns-spanned") or 1, value(cell, "number-rows-spanned") or 1
        times = value(cell, "number-columns-repeated")
        html = "".join(self._blocks(cell))
        one = f'<{tag} colspan="{escape(str(columns))}" rowspan="{escape(str(rows))}">{html}</{tag}>'
        return one * (min(number(times, 1), _MOST) if html else 1)

    # Lines

    def _line(self, element: Element, is_upper: bool) -> Iterator[str]:
        yield _text(element.text, is_upper)
        for one in element:
            if local_name(one.tag) not in _SILENT:
                yield from self._piece(one, is_upper)
            yield _text(one.tail, is_upper)

    def _piece(self, element: Element, is_upper: bool = False) -> Iterator[str]:
        name = local_name(element.tag)
        if name in _PIECES:
            yield from _PIECES[name](self, element)
        elif value(element, "is-hidden") == "true":
            self._count("hidden words", element)
        elif name in _BLOCKS:
            self._boxes += self._blocks([element])
        elif name in _SHAPES:
            yield from self._shape(element)
        else:
            yield from self._line(element, is_upper)

    def _span(self, element: Element) -> Iterator[str]:
        marks = self._styles.marks("text", value(element, "style-name"))
        if "hidden" in marks:
            self._count("hidden words", element)
            return
        yield from self._set("".join(self._line(element, "upper" in marks)), marks)

    def _set(self, html: str, marks: frozenset[str]) -> Iterator[str]:
        tags = [tag for tag in _MARKS if tag in marks] if html.strip() else []
        yield "".join(f"<{tag}>" for tag in tags) + html + "".join(f"</{tag}>" for tag in reversed(tags))

    def _link(self, element: Element) -> Iterator[str]:
        yield f'<a href="{escape(value(element, "href"))}">{"".join(self._line(element, False))}</a>'

    def _note(self, element: Element) -> Iterator[str]:
        number = len(self._notes) + 1
        self._notes.append("")
        self.unseen += (text for one in children(element, "note-citation") for text in one.itertext())
        boxes, self._boxes = self._boxes, []
        body = child(element, "note-body")
        self._notes[number - 1] = note(number, "".join(self._blocks(body)) if body is not None else "")
        self._boxes = boxes
        yield note_mark(number)

    def _comment(self, element: Element) -> Iterator[str]:
        self.left_out["comments"] += 1
        self.unseen += element.itertext()
        self._count("words of comments", *children(element, "p"))
        return iter(())

    def _ruby(self, element: Element) -> Iterator[str]:
        base, above = (child(element, name) for name in ("ruby-base", "ruby-text"))
        lines = ["".join(self._line(one, False)) if one is not None else "" for one in (base, above)]
        yield ruby(*lines)

    def _frame(self, element: Element) -> Iterator[str]:
        """The first form of what a frame holds: others are for programs that cannot show it."""
        words = " ".join("".join(one.itertext()) for name in ("title", "desc") for one in children(element, name)[:1])
        forms = [one for one in element if local_name(one.tag) not in _SILENT]
        shown = list(self._form(forms[0], " ".join(words.split()))) if forms else []
        if not any(shown) and not self._boxes and len(forms) > 1:
            shown = list(self._form(forms[1], words))
        yield from shown

    def _form(self, element: Element, words: str) -> Iterator[str]:
        name = local_name(element.tag)
        if name == "image":
            yield self._picture(element, words)
        elif name in ("object", "object-ole"):
            yield from self._object(element)
        else:
            self._boxes += self._blocks(element)

    def _picture(self, element: Element, words: str) -> str:
        address = unquote(value(element, "href")).removeprefix("./")
        data = self._parts.bytes_of(address)
        if not data:
            self.left_out["pictures that lie elsewhere"] += 1
            return f" {escape(words)} "
        if file_type(data[:64]) not in PICTURES:
            self.left_out["drawings"] += 1
            return f" {escape(words)} "
        self.pictures[f"cid:{address}"] = data
        return f'<img src="cid:{escape(address)}" alt="{escape(words)}">'

    def _object(self, element: Element) -> Iterator[str]:
        """A formula, in its own part or in the text; what else other programs made is counted."""
        name = posixpath.join(unquote(value(element, "href")).removeprefix("./"), "content.xml")
        data = self._parts.bytes_of(name)
        root = parse(data, OF_OFFICE) if data else child(element, "math")
        if root is not None and local_name(root.tag) == "math":
            from xml.etree.ElementTree import tostring

            for one in root.iter():
                one.tag = local_name(one.tag)
            root.tail = None
            yield tostring(root, encoding="unicode", method="html")
        else:
            is_chart = root is not None and child(root, "body", "chart") is not None
            self.left_out["charts" if is_chart else "objects of other programs"] += 1

    def _shape(self, element: Element) -> Iterator[str]:
        """A drawing, of which the words are read."""
        boxes = len(self._boxes)
        self._boxes += self._blocks(element)
        self.left_out["drawings"] += not "".join(self._boxes[boxes:])
        return iter(())

    def _count(self, kind: str, *elements: Element) -> None:
        texts = ["".join(one.itertext()) for one in elements]
        self.unseen += texts
        self.left_out[kind] += sum(len(text.split()) for text in texts)


def _text(text: str | None, is_upper: bool) -> str:
    return escape((text or "").upper() if is_upper else text or "", quote=False)


def _spaces(_: OdtText, element: Element) -> Iterator[str]:
    count = value(element, "c")
    yield " " * min(number(count, 1), _MOST)


def _always(html: str) -> Callable[[OdtText, Element], Iterator[str]]:
    return lambda _text, _element: iter((html,))


_PIECES: dict[str, Callable[[OdtText, Element], Iterator[str]]] = {
    "span": OdtText._span,
    "a": OdtText._link,
    "note": OdtText._note,
    "annotation": OdtText._comment,
    "ruby": OdtText._ruby,
    "frame": OdtText._frame,
    "s": _spaces,
    "tab": _always(" "),
    "line-break": _always("<br>"),
}
