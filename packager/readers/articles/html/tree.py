"""Nodes of a page -> the typed tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from selectolax.lexbor import LexborNode

from packager.model import (
    Block,
    Break,
    Cell,
    Direction,
    Figure,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    Mark,
    Marked,
    Paragraph,
    Preformatted,
    Quote,
    Table,
    Text,
    ThematicRule,
)
from packager.model.blocks import with_runs
from packager.readers import account
from packager.readers.account import Words
from packager.readers.articles.html import tables
from packager.readers.articles.html.images import background, image
from packager.readers.articles.html.markup import BLOCK, HEADINGS
from packager.readers.articles.html.nodes import (
    SLOT,
    STRUCK,
    attribute,
    has_struck,
    is_fallback,
    is_hidden,
    is_struck,
    list_members,
    number,
    ruby,
    seen_words,
    spaced,
    text_of,
    verbatim,
    wrapped,
)
from packager.readers.articles.html.numbers import Numbers
from packager.readers.articles.html.places import PageParts, Place, spanned
from packager.readers.articles.html.runs import LineEnd, PageItem, code_lines, lines_of, settled, without_returns
from packager.readers.articles.inlines import blocks_of, figures, inlines, items_of, parted, tidy
from packager.readers.articles.reading import direction_of, numbered
from packager.text.spelling import language_tag

_CODE = {"code", "kbd", "samp", "tt"}
_LISTS = {"ul", "ol", "menu", "dir"}
_LEVELS = {name: level for level, name in enumerate(HEADINGS, start=1)}
_PREFORMATTED = {"pre", "listing", "xmp"}
_NOT_IN_CODE = ", ".join(("img", *STRUCK))
_BULLET = "\N{BULLET}"
_MAX_COLUMNS = 100


class Conversion:
    """Turns elements into blocks."""

    def __init__(self, parts: PageParts, language_and_direction: tuple[str, Direction | None] = ("", None)) -> None:
        self._parts = parts
        self._references = parts.references
        self._notes = parts.notes
        self._shape = parts.shape
        self._article = Place(0, *language_and_direction)
        self.slots: dict[int, Sequence[Block]] = {}
        self.left_out: Words = Counter()
        self.hidden: Words = Counter()
        self.note_marks: Words = Counter()

    def blocks(self, node: LexborNode, place: Place | None = None) -> Iterator[Block]:
        """Yield the blocks in an element; figures in a run of text come before or after it."""
        place = place or self._article
        run: list[PageItem] = []
        for child in node.iter(include_text=True):
            if self._shape.is_inline(child):
                run.extend(self._inlines(child, place))
            elif not self._is_passed_over(child):
                yield from self._paragraphs(run, place)
                run = []
                yield from self._block(child, self._inside(child, place))
        yield from self._paragraphs(run, place)

    def footnotes(self) -> Iterator[Block]:
        """Yield the notes that the page points to, in the order of their marks."""
        for label, note in self._notes.elements.items():
            blocks = list(self.blocks(note, self._article.deeper()))
            match blocks:
                case [Paragraph(children=children), *rest]:
                    yield Footnote(label, (*without_returns(children), *rest))
                case _:
                    yield Footnote(label, tuple(blocks))

    def _block(self, node: LexborNode, place: Place) -> Iterator[Block]:
        tag = node.tag or ""
        if SLOT in node.attributes:
            change = partial(spanned, inside=place, around=self._article)
            yield from with_runs(self.slots.pop(number(node, SLOT, -1), ()), change)
        elif tag in HEADINGS or (attribute(node, "role") == "heading" and not place.is_last):
            level = _LEVELS.get(tag) or min(6, max(1, number(node, "aria-level", 2)))
            yield from self._with_figures(self._run(node, place), place, lambda run: Heading(level, run))
        elif tag in _LISTS or tag == "dl":
            yield from self._list(node, place)
        elif tag == "blockquote" and not place.is_last:
            inner = tuple(self.blocks(node, place.deeper()))
            yield from [Quote(inner)] if inner else []
        elif tag == "figure":
            yield from self._figure(node, place)
        elif tag in _PREFORMATTED and not (place.is_struck or has_struck(node)):  # which would not be seen there
            text = verbatim(node).strip("\n")
            yield from [Preformatted(text, *place.differing(self._article))] if text.strip() else []
            yield from figures(settled(item for picture in node.css("img") for item in self._inlines(picture, place)))
        elif tag == "hr":
            yield ThematicRule()
        elif tag == "table":
            yield from self._table_or_frame(node, place)
        else:
            yield from self.blocks(node, place)
            yield from background(node, self._references, self._shape.styles.variables)

    def _list(self, node: LexborNode, place: Place) -> Iterator[Block]:
        deeper = place if place.is_last else place.deeper()
        numbers = Numbers(node)
        items: list[list[Block]] = []
        heads: list[LexborNode] = []
        for child in list_members(node):
            if self._notes.is_note(child):
                continue
            # A definition belongs to its term, and what lies bare in a list to the item before it.
            if child.tag in ("li", "dt") or not items:
                items.append([])
                heads.append(child)
            if child.tag == "dt":
                run = self._run(child, deeper)
                items[-1].extend(self._with_figures(run, deeper, lambda run: Paragraph((Marked(Mark.STRONG, run),))))
            else:
                items[-1].extend(self._alone(child, deeper))
        counted = [
            (tuple(item), numbers.marker(head))
            for item, head in zip(items, heads, strict=True)
            if item or head.tag == "li"
        ]
        kept = [(item, marker) for item, marker in counted if item]
        if place.is_last:
            for item, _ in kept:
                yield from item
        elif kept:
            yield numbered([item for item, _ in kept], [marker for _, marker in kept])

    def _figure(self, node: LexborNode, place: Place) -> Iterator[Block]:
        """What a figure holds; its caption goes to its last picture, or else follows as a paragraph."""
        children = list(node.iter(include_text=True))
        captions = [child for child in children if child.tag == "figcaption"]
        caption = list(settled(item for child in captions for item in self._inlines(child, place)))
        blocks = [block for child in children if child.tag != "figcaption" for block in self._alone(child, place)]
        words_below = tidy(inlines(caption))
        if blocks and isinstance(blocks[-1], Figure) and not blocks[-1].caption:
            blocks[-1] = replace(blocks[-1], caption=words_below)
        elif words_below:
            blocks.append(Paragraph(words_below))
        yield from (*blocks, *figures(caption))

    def _alone(self, node: LexborNode, place: Place) -> Iterator[Block]:
        if self._shape.is_inline(node):
            yield from self._paragraphs(self._inlines(node, place), place)
        elif not self._is_passed_over(node):
            yield from self._block(node, self._inside(node, place))

    def _table_or_frame(self, node: LexborNode, place: Place) -> Iterator[Block]:
        rows = tables.rows_of(node)
        if tables.is_code(rows):
            text = "\n".join("".join(map(verbatim, tables.without_numbers(row))).rstrip("\n") for row in rows)
            yield Preformatted(text, *place.differing(self._article))
        else:
            yield from self._table(node, rows, place) if tables.is_data(node, rows) else self.blocks(node, place)

    def _table(self, node: LexborNode, lines: list[list[LexborNode]], place: Place) -> Iterator[Block]:
        pictures: list[Figure] = []
        rows = []
        for index, line in enumerate(lines):
            rows.append(tuple(self._cell(cell, len(lines) - index, place, pictures) for cell in line))
        captions = [item for part in tables.captions_of(node) for item in self._inlines(part, place)]
        pictures.extend(figures(settled(captions)))
        caption = tidy(inlines(settled(captions)))
        if caption or any(cell.children for row in rows for cell in row):
            yield Table(tuple(rows), caption)
        yield from pictures

    def _cell(self, node: LexborNode, rows_left: int, place: Place, pictures: list[Figure]) -> Cell:
        items = list(settled(self._run(node, self._inside(node, place))))
        pictures.extend(figures(items))
        return Cell(
            spanned(tidy(inlines(items)), self._inside(node, place), self._article),
            is_header=node.tag == "th",
            columns=min(number(node, "colspan", 1) or 1, _MAX_COLUMNS),
            rows=min(number(node, "rowspan", 1) or rows_left, rows_left),
        )

    def _run(self, node: LexborNode, place: Place) -> Iterator[PageItem]:
        for child in node.iter(include_text=True):
            yield from self._inlines(child, place)

    def _inlines(self, node: LexborNode, place: Place) -> Iterator[PageItem]:
        if self._is_passed_over(node):
            return
        if node.is_text_node:
            yield from lines_of(text_of(node)) if place.keeps_lines else [Text(text_of(node))]
        elif label := self._notes.label(node):
            self.note_marks.update(spaced(node))
            yield FootnoteMark(label)
        elif node.tag in BLOCK or self._shape.is_line(node):
            yield from (LineEnd(), *self._line(node, place), LineEnd())
        else:
            yield from self._within_line(node, place)

    def _line(self, node: LexborNode, place: Place) -> Iterator[PageItem]:
        """What stands in a block where the tree can hold none, as in the cell of a table."""
        if SLOT in node.attributes:
            yield from items_of(self._block(node, place))
        elif node.tag in _PREFORMATTED:
            yield from lines_of(verbatim(node).strip("\n"))
        elif node.tag == "table":
            yield from self._rows_as_lines(node, place)
        elif node.tag in _LISTS:
            yield from self._items_as_lines(node, place)
        else:
            yield from self._marked(node, place)

    def _items_as_lines(self, node: LexborNode, place: Place) -> Iterator[PageItem]:
        """A list that stands in the cell of a table."""
        numbers = Numbers(node)
        for child in list_members(node):
            if child.tag != "li":
                yield from self._inlines(child, place)
            elif not self._is_passed_over(child):
                item = Text(f"{numbers.marker(child) or _BULLET} ")
                yield from (LineEnd(), item, *self._marked(child, place), LineEnd())

    def _within_line(self, node: LexborNode, place: Place) -> Iterator[PageItem]:
        tag = node.tag or ""
        if tag == "br":
            yield Break()
        elif tag in ("img", "amp-img") or (tag == "object" and attribute(node, "type").startswith("image/")):
            yield image(node, self._references, self._shape.styles.variables)
        elif tag == "ruby":
            yield from ruby(node)
        elif tag in _CODE and node.css_first(_NOT_IN_CODE) is None and not is_struck(node):
            yield from code_lines(node)
        elif tag == "q":
            yield from (Text("“"), *self._run(node, place), Text("”"))
        elif tag == "svg":
            yield from self._drawn(node, place)
        elif tag == "noscript":  # what else it says is that scripts are needed
            yield from (item for picture in node.css("img") for item in self._inlines(picture, place))
        else:
            yield from self._marked(node, place)
            yield from background(node, self._references, self._shape.styles.variables)

    def _drawn(self, node: LexborNode, place: Place) -> Iterator[PageItem]:
        """The words in a drawing, each text a line, and its pictures."""
        for child in node.iter(include_text=True):
            if child.tag in ("text", "foreignobject"):
                yield from (LineEnd(), *self._marked(child, place), LineEnd())
            elif child.tag == "image":
                yield image(child, self._references, self._shape.styles.variables)
            elif child.tag in ("g", "a", "svg", "switch"):
                yield from self._drawn(child, place)
            else:  # browsers do not show it
                self.hidden.update(spaced(child))

    def _rows_as_lines(self, table: LexborNode, place: Place) -> Iterator[PageItem]:
        """A table that stands in the cell of another."""
        for caption in tables.captions_of(table):
            yield from self._inlines(caption, place)
        for row in tables.rows_of(table):
            yield LineEnd()
            for index, cell in enumerate(row):
                yield from [Text(" | ")] if index else []
                yield from self._marked(cell, place)
        yield LineEnd()

    def _marked(self, node: LexborNode, place: Place) -> Iterator[PageItem]:
        """The words of an element in what it makes of them, and its figures after them."""
        inside = self._inside(node, place)
        if place.is_last:
            yield from self._run(node, inside)
            return
        items = list(self._run(node, inside.deeper()))
        children = tuple(inlines(settled(items)))
        run = spanned(children, inside, place)
        element = wrapped(node, run) if children else None
        if element is None and run == children:
            yield from items
            return
        yield from [element] if element else run
        yield from figures(settled(items))

    def _inside(self, node: LexborNode, place: Place) -> Place:
        language = language_tag(attribute(node, "lang") or attribute(node, "xml:lang"))
        direction = direction_of(attribute(node, "dir"))
        keeps_lines = self._shape.styles.keeps_lines(node, place.keeps_lines)
        struck = place.is_struck or is_struck(node)
        return Place(place.depth, language or place.language, direction or place.direction, struck, keeps_lines)

    def _is_passed_over(self, node: LexborNode) -> bool:
        """Whether a node is no part of the text where it stands; its words are counted."""
        if node.mem_id in self._parts.left_out:
            self.left_out.update(spaced(node))
        elif node.is_text_node:
            return False
        elif self._notes.is_note(node):
            pass
        elif node.mem_id == self._parts.heading:
            self.hidden.update(spaced(node) - account.words(seen_words(node)))
        elif self._notes.is_backlink(node):
            self.note_marks.update(spaced(node))
        elif is_hidden(node) or (node.tag == "td" and tables.is_line_numbers(node)) or is_fallback(node):
            if node.tag != "title":  # of the page: what a broken one swallows is lost
                self.hidden.update(spaced(node))
        else:
            return False
        return True

    def _paragraphs(self, run: Iterable[PageItem], place: Place) -> Iterator[Block]:
        """The blocks of a run: two line breaks in a row begin a new paragraph, as they show."""
        for part in parted(settled(run)):
            yield from self._with_figures(part, place, Paragraph)

    def _with_figures(
        self, run: Iterable[PageItem], place: Place, block: Callable[[tuple[Inline, ...]], Block]
    ) -> Iterator[Block]:
        return blocks_of(settled(run), lambda children: block(spanned(children, place, self._article)))
