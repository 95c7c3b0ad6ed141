"""Nodes of sanitized HTML -> the typed tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

from packager.model import (
    Block,
    Break,
    Cell,
    Code,
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
    Span,
    Table,
    Text,
    ThematicRule,
)
from packager.readers.account import Words
from packager.readers.articles.html.nodes import (
    STRUCK,
    attribute,
    image,
    is_at_side,
    is_data,
    is_hidden,
    is_inline,
    is_struck,
    list_members,
    number,
    ruby,
    spaced,
    verbatim,
    words,
    wrapped,
)
from packager.readers.articles.html.notes import Notes
from packager.readers.articles.html.numbers import Numbers
from packager.readers.articles.html.sanitizing import BLOCK
from packager.readers.articles.inlines import Item, blocks_of, figures, inlines, parted, tidy
from packager.readers.articles.pictures import References
from packager.readers.articles.reading import MAX_DEPTH, direction_of, numbered
from packager.text.spelling import language_tag

_CODE = {"code", "kbd", "samp", "tt"}
_LISTS = {"ul", "ol", "menu", "dir"}
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_NOT_IN_CODE = ", ".join(("img", *STRUCK))
_MAX_COLUMNS = 100


@dataclass(frozen=True, slots=True)
class _Place:
    """How deep in the tree a node stands, in which language and direction, and whether it is struck out."""

    depth: int
    language: str
    direction: Direction | None
    is_struck: bool = False

    def deeper(self) -> _Place:
        return replace(self, depth=self.depth + 1)

    @property
    def is_last(self) -> bool:
        return self.depth >= MAX_DEPTH

    def differing(self, around: _Place) -> tuple[str, Direction | None]:
        """The language and direction where they are others than around the node; "" and None where they are not."""
        language = self.language if self.language != around.language else ""
        return language, self.direction if self.direction is not around.direction else None


class Conversion:
    """Turns elements into blocks.

    `pictures` are those that stood in the page. Where sides are not kept, headers, footers and asides are passed over,
    and so is `heading`, which shows the title.
    """

    def __init__(
        self,
        pictures: Sequence[bytes],
        references: References,
        notes: Notes,
        language_and_direction: tuple[str, Direction | None] = ("", None),
        keeps_sides: bool = True,
        heading: LexborNode | None = None,
    ) -> None:
        self._pictures = pictures
        self._references = references
        self._notes = notes
        self._article = _Place(0, *language_and_direction)
        self._keeps_sides = keeps_sides
        self._heading = heading.mem_id if heading is not None else None
        self.hidden: Words = Counter()
        self.note_marks: Words = Counter()

    def blocks(self, node: LexborNode, place: _Place | None = None) -> Iterator[Block]:
        """Yield the blocks in an element; figures in a run of text come before or after it."""
        place = place or self._article
        run: list[Item] = []
        for child in node.iter(include_text=True):
            if is_inline(child):
                run.extend(self._inlines(child, place))
            elif not self._is_passed_over(child):
                yield from self._paragraphs(run, place)
                run = []
                yield from self._block(child, self._inside(child, place))
        yield from self._paragraphs(run, place)

    def footnotes(self) -> Iterator[Block]:
        """Yield the notes that the page points to, in the order of their marks."""
        for label, note in self._notes.elements.items():
            yield Footnote(label, tuple(self.blocks(note, self._article.deeper())))

    def _block(self, node: LexborNode, place: _Place) -> Iterator[Block]:
        tag = node.tag or ""
        if tag in _HEADINGS:
            yield from self._with_figures(self._run(node, place), place, lambda run: Heading(_HEADINGS[tag], run))
        elif tag in _LISTS or tag == "dl":
            yield from self._list(node, place)
        elif tag == "blockquote" and not place.is_last:
            inner = tuple(self.blocks(node, place.deeper()))
            yield from [Quote(inner)] if inner else []
        elif tag == "figure":
            yield from self._figure(node, place)
        elif tag == "pre":
            text = verbatim(node).strip("\n")
            yield from [Preformatted(text, *place.differing(self._article))] if text.strip() else []
        elif tag == "hr":
            yield ThematicRule()
        elif tag == "table" and is_data(node):
            yield from self._table(node, place)
        else:
            yield from self.blocks(node, place)

    def _list(self, node: LexborNode, place: _Place) -> Iterator[Block]:
        deeper = place if place.is_last else place.deeper()
        numbers = Numbers(node)
        items: list[list[Block]] = []
        markers: list[str] = []
        for child in list_members(node):
            if self._notes.is_note(child):
                continue
            # A definition belongs to its term, and what lies bare in a list to the item before it.
            if child.tag in ("li", "dt") or not items:
                items.append([])
                markers.append(numbers.marker(child))
            if child.tag == "dt":
                run = self._run(child, deeper)
                items[-1].extend(self._with_figures(run, deeper, lambda run: Paragraph((Marked(Mark.STRONG, run),))))
            else:
                items[-1].extend(self._alone(child, deeper))
        kept = [(tuple(item), marker) for item, marker in zip(items, markers, strict=True) if item]
        if place.is_last:
            for item, _ in kept:
                yield from item
        elif kept:
            yield numbered([item for item, _ in kept], [marker for _, marker in kept])

    def _figure(self, node: LexborNode, place: _Place) -> Iterator[Block]:
        """What a figure holds; its caption goes to its last picture, or else follows as a paragraph."""
        children = list(node.iter(include_text=True))
        caption = [item for child in children if child.tag == "figcaption" for item in self._inlines(child, place)]
        blocks = [block for child in children if child.tag != "figcaption" for block in self._alone(child, place)]
        words_below = tidy(inlines(caption))
        if blocks and isinstance(blocks[-1], Figure) and not blocks[-1].caption:
            blocks[-1] = replace(blocks[-1], caption=words_below)
        elif words_below:
            blocks.append(Paragraph(words_below))
        yield from (*blocks, *figures(caption))

    def _alone(self, node: LexborNode, place: _Place) -> Iterator[Block]:
        if is_inline(node):
            return self._paragraphs(self._inlines(node, place), place)
        return self._block(node, self._inside(node, place))

    def _table(self, node: LexborNode, place: _Place) -> Iterator[Block]:
        lines = [[cell for cell in row.iter() if cell.tag in ("td", "th")] for row in node.css("tr")]
        lines = [line for line in lines if line]
        pictures: list[Figure] = []
        rows = []
        for index, line in enumerate(lines):
            rows.append(tuple(self._cell(cell, len(lines) - index, place, pictures) for cell in line))
        caption = tidy(inlines(item for part in node.css("caption") for item in self._inlines(part, place)))
        if caption or any(cell.children for row in rows for cell in row):
            yield Table(tuple(rows), caption)
        yield from pictures

    def _cell(self, node: LexborNode, rows_left: int, place: _Place, pictures: list[Figure]) -> Cell:
        items = list(self._run(node, self._inside(node, place)))
        pictures.extend(figures(items))
        return Cell(
            _spanned(tidy(inlines(items)), self._inside(node, place), self._article),
            is_header=node.tag == "th",
            columns=min(number(node, "colspan", 1) or 1, _MAX_COLUMNS),
            rows=min(number(node, "rowspan", 1) or rows_left, rows_left),
        )

    def _run(self, node: LexborNode, place: _Place) -> Iterator[Item]:
        for child in node.iter(include_text=True):
            yield from self._inlines(child, place)

    def _inlines(self, node: LexborNode, place: _Place) -> Iterator[Item]:
        tag = node.tag or ""
        if node.is_text_node:
            yield Text(node.text_content or "")
        elif self._is_passed_over(node):
            return
        elif label := self._notes.label(node):
            self.note_marks.update(spaced(node))
            yield FootnoteMark(label)
        elif tag == "br":
            yield Break()
        elif tag == "img":
            yield image(node, self._pictures, self._references)
        elif tag == "ruby":
            yield from ruby(node)
        elif tag in _CODE and node.css_first(_NOT_IN_CODE) is None and not is_struck(node):
            yield Code(words(node))
        elif tag == "q":
            yield from (Text("“"), *self._run(node, place), Text("”"))
        elif tag in BLOCK:
            yield from (Break(), *self._marked(node, place), Break())
        else:
            yield from self._marked(node, place)

    def _marked(self, node: LexborNode, place: _Place) -> Iterator[Item]:
        """The words of an element in what it makes of them, and its figures after them."""
        inside = self._inside(node, place)
        if place.is_last:
            yield from self._run(node, place)
            return
        items = list(self._run(node, inside.deeper()))
        children = _spanned(tuple(inlines(items)), inside, place)
        element = wrapped(node, children) if children else None
        yield from [element] if element else children
        yield from figures(items)

    def _inside(self, node: LexborNode, place: _Place) -> _Place:
        language = language_tag(attribute(node, "lang") or attribute(node, "xml:lang"))
        direction = direction_of(attribute(node, "dir"))
        struck = place.is_struck or is_struck(node)
        return _Place(place.depth, language or place.language, direction or place.direction, struck)

    def _is_passed_over(self, node: LexborNode) -> bool:
        if node.mem_id == self._heading or self._notes.is_note(node):
            return True
        if self._notes.is_backlink(node):
            self.note_marks.update(spaced(node))
            return True
        if is_hidden(node) or (not self._keeps_sides and is_at_side(node)):
            if node.tag != "title":  # of the page: what a broken one swallows is lost
                self.hidden.update(spaced(node))
            return True
        return False

    def _paragraphs(self, run: Iterable[Item], place: _Place) -> Iterator[Block]:
        """The blocks of a run: two line breaks in a row begin a new paragraph, as they show."""
        for part in parted(run):
            yield from self._with_figures(part, place, Paragraph)

    def _with_figures(
        self, run: Iterable[Item], place: _Place, block: Callable[[tuple[Inline, ...]], Block]
    ) -> Iterator[Block]:
        return blocks_of(run, lambda children: block(_spanned(children, place, self._article)))


def _spanned(children: tuple[Inline, ...], inside: _Place, around: _Place) -> tuple[Inline, ...]:
    """The run, said to be struck out, and in its language and direction, where those around it differ."""
    if inside.is_struck and not around.is_struck and children:
        children = (Marked(Mark.STRUCK, children),)
    language, direction = inside.differing(around)
    return (Span(children, language, direction),) if language or direction else children
