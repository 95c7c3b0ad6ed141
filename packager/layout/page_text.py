"""A text as the template of its pages receives it: styled items one below the other, and none inside another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from textwrap import wrap

from packager.layout.build_input import BuildInput
from packager.layout.interface_words import Words
from packager.layout.views import PictureView
from packager.layout.works import text_direction
from packager.model import (
    Article,
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
    Link,
    LinkStyle,
    ListBlock,
    Marked,
    Paragraph,
    Preformatted,
    Quote,
    Rendition,
    RenditionOrGap,
    Ruby,
    Span,
    Table,
    Text,
    ThematicRule,
    Version,
)
from packager.model.blocks import markers, plain_text

LEAST_TYPE = 20  # pixels: docs/devices.md section 5
# Some forty pages: Typst keeps in a worker's memory what it set in its last ten runs.
MAX_CHARS_PER_PART = 60_000
CHARS_PER_PICTURE = 2_000
CHARS_PER_LOOK = 50  # what a change of look takes beside its letters
MAX_ROWS_PER_PART = 200
TAB = 8  # columns

LONGEST_CELL = 200  # letters: in the narrowest column, half of a page

# Korean is broken between words only (docs/devices.md section 6): a word joiner before and after its syllables.
_INSIDE_A_WORD = re.compile(r"(?<=[\uac00-\ud7a3])(?=\w)|(?<=\w)(?=[\uac00-\ud7a3])")
JOINER = "\u2060"
_WITHOUT_MARKER = ("table", "rows", "rule")
_ISOLATES = {Direction.LTR: "\u2066", Direction.RTL: "\u2067"}
_END_OF_ISOLATE = "\u2069"


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters of one look: `marks` are "em", "strong", "sub", "sup", "s", "code" and "small".

    On paper they may lead `to` a place, and be one that has a `name`.
    """

    text: str
    marks: tuple[str, ...] = ()
    language: str = ""
    to: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class PageItem:
    """What stands below the item before it, in one of the template's styles; the letters of a picture are its caption.

    `indent` counts steps to the side, `marker` hangs in the last of them, a bar stands in it beside a quote. Of a
    table's `rows` the first are headings where it `has_heads`. On paper an item may be a place that has a `name`, and
    its marker lead back `to` another.
    """

    style: str
    letters: tuple[Letters, ...] = ()
    indent: int = 0
    marker: str = ""
    has_bar: bool = False
    picture: PictureView | None = None
    rows: tuple[tuple[tuple[Letters, ...], ...], ...] = ()
    has_heads: bool = False
    to: str = ""
    name: str = ""

    @property
    def is_heading(self) -> bool:
        """Whether it must not stand last on a page."""
        return self.style.startswith("heading")


@dataclass(frozen=True, slots=True)
class PagesView:
    """A text that is shown as pictures of its pages, or set on paper, where it has a `title`; lengths in pixels."""

    width: int
    height: int
    type_size: int
    column: int
    language: str
    direction: Direction
    items: tuple[PageItem, ...]
    title: str = ""


def page_height(width: int) -> int:
    """Return the height of a page, which has the shape of a wide screen."""
    return width * 9 // 16


def type_size(width: int) -> int:
    """Return the size of a text's body: 24 px on a player's 1280, and as large to the eye on a TV's 1920."""
    return max(LEAST_TYPE, round(width * 24 / 1280))


def column(width: int) -> int:
    """Return the width of the text on a page: lines of some seventy letters read best, and small pages have shorter."""
    return min(width - 2 * type_size(width), type_size(width) * 118 // 3)


def parts(view: PagesView) -> Iterator[PagesView]:
    """Return the text in parts, each of which begins on a page of its own, with a heading where there is one."""
    part: list[PageItem] = []
    size = 0
    for item in view.items:
        most = MAX_CHARS_PER_PART if item.is_heading else 3 * MAX_CHARS_PER_PART // 2
        if size > most and not part[-1].is_heading:
            yield replace(view, items=tuple(part))
            part, size = [], 0
        part.append(item)
        size += len(repr(item)) + (CHARS_PER_PICTURE if item.picture else 0)
    yield replace(view, items=tuple(part))


def pages_view(version: Version, figures: tuple[RenditionOrGap, ...], words: Words, build: BuildInput) -> PagesView:
    """Return title, text and notes of an article as items; `figures` are its pictures, in the order of its blocks."""
    assert isinstance(version.work, Article)
    width = build.profile.picture.photo_width
    flattener = Flattener(words, iter(figures), build.definition.links is LinkStyle.PRINT)
    items = (*flattener.head(version), *flattener.text(version.work), *flattener.end(version))
    direction = text_direction(version, build)
    return PagesView(width, page_height(width), type_size(width), column(width), version.language, direction, items)


@dataclass(frozen=True, slots=True)
class Flattener:
    """Turns blocks that hold others into items one below the other, so that no depth of theirs can be too much."""

    words: Words
    figures: Iterator[RenditionOrGap]
    prints_links: bool
    root: Path | None = None
    notes: Mapping[str, int] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)

    def head(self, version: Version) -> Iterator[PageItem]:
        lines = {"title": version.title, "authors": ", ".join(version.authors), "summary": version.summary}
        yield from (self.item(style, (Text(text),)) for style, text in lines.items() if text)
        yield PageItem("head-rule")

    def text(self, article: Article) -> Iterator[PageItem]:
        notes: list[PageItem] = []
        for block in article.blocks:
            if isinstance(block, Footnote):
                notes.extend(self.blocks((block,)))
            else:
                yield from self.blocks((block,))
        if notes:
            yield from (PageItem("notes-rule"), self.item("heading-notes", (Text(self.words.notes),)), *notes)

    def end(self, version: Version) -> Iterator[PageItem]:
        if self.words.end:
            yield self.item("end", (Text(self.words.end),))
        for line in filter(None, map(str.strip, version.credit.splitlines())):
            yield self.item("credit", (Text(line),))

    def item(self, style: str, children: Iterable[Inline]) -> PageItem:
        return PageItem(style, tuple(self.letters(children, Letters(""))))

    def blocks(self, blocks: Iterable[Block]) -> Iterator[PageItem]:
        for block in blocks:
            match block:
                case Quote(blocks=inner):
                    yield from (replace(item, has_bar=True) for item in self.indented(inner))
                case ListBlock(items=items):
                    for marker, inner in zip(markers(block), items, strict=False):
                        yield from self.indented(inner, marker)
                case Footnote(label=label, blocks=inner):
                    yield from self.note(self.indented(inner, f"[{label}]"), label)
                case Figure():
                    yield self.figure(block)
                case _:
                    yield from self.leaf(block)

    def note(self, items: Iterator[PageItem], label: str) -> Iterator[PageItem]:
        """Return the items of a note, the first of which marks lead to, and its marker back."""
        for number, item in enumerate(items):
            if number or label not in self.notes:
                yield item
            else:
                back = f"mark-{self.notes[label]}" if label in self.marked else ""
                yield replace(item, name=f"note-{self.notes[label]}", to=back)

    def indented(self, blocks: Iterable[Block], marker: str = "") -> Iterator[PageItem]:
        """Return the items one step further in, with the marker beside the first one, or above it."""
        for item in self.blocks(blocks):
            if marker and (item.marker or item.picture or item.style in _WITHOUT_MARKER):
                yield PageItem("marker", indent=1, marker=marker)
                marker = ""
            yield replace(item, indent=item.indent + 1, marker=item.marker or marker)
            marker = ""

    def leaf(self, block: Block) -> Iterator[PageItem]:
        match block:
            case Paragraph(children=children):
                letters = self.letters(children, Letters(""))
                yield from (PageItem("paragraph", part) for part in _in_parts(letters))
            case Heading(level=level, children=children):
                yield self.item(f"heading-{level}", children)
            case Preformatted(text=text, language=language):
                for number, line in enumerate(text.strip("\n").split("\n")):
                    code = Letters(line.expandtabs(TAB) or " ", ("code",), language)
                    yield PageItem("code-line" if number else "code", (code,))
            case Table():
                if block.caption:
                    yield self.item("heading-table", block.caption)
                yield from self.table(block.rows)
            case ThematicRule():
                yield PageItem("rule")

    def figure(self, figure: Figure) -> PageItem:
        shown = next(self.figures)
        caption = self.item("picture", figure.caption)
        if isinstance(shown, Rendition):
            place = f"/{shown.path.relative_to(self.root).as_posix()}" if self.root else shown.path.name
            return replace(caption, picture=PictureView(place, shown.width, shown.height, figure.alt))
        gap = f"[{f'{self.words.missing_picture} {figure.alt}'.strip()}]"
        return self.item("gap", (Text(gap), *((Break(), *figure.caption) if figure.caption else ())))

    def table(self, rows: tuple[tuple[Cell, ...], ...]) -> Iterator[PageItem]:
        """Return a table in parts with the same headings, in the style "rows" where it cannot be set in columns."""
        has_columns = any(rows) and len(set(map(len, rows))) == 1
        is_brief = all(len(plain_text(cell.children)) <= LONGEST_CELL for row in rows for cell in row)
        written = [tuple(tuple(self.letters(cell.children, Letters(""))) for cell in row) for row in rows]
        heads = written[:1] if len(rows) > 1 and all(cell.is_header for cell in rows[0]) else []
        for start in range(len(heads), len(rows), MAX_ROWS_PER_PART):
            part = (*heads, *written[start : start + MAX_ROWS_PER_PART])
            yield PageItem("table" if has_columns and is_brief else "rows", rows=part, has_heads=bool(heads))

    def letters(self, children: Iterable[Inline], look: Letters) -> Iterator[Letters]:
        """Return the letters of a run of text, whose look begins as `look`."""
        for child in children:
            match child:
                case Text(text=text):
                    yield replace(look, text=joined(text))
                case Break():
                    yield replace(look, text="\n")
                case Code(text=text):
                    yield from _isolated((_marked(look, "code", joined(text)),), Direction.LTR)
                case Ruby(base=base, reading=reading):
                    yield replace(look, text=joined(base))
                    yield _marked(look, "small", joined(f"({reading})"))
                case FootnoteMark(label=label):
                    yield self.mark(_marked(look, "sup", f"[{label}]"), label)
                case _:
                    yield from self.nested(child, look)

    def mark(self, letters: Letters, label: str) -> Letters:
        if label not in self.notes:
            return letters
        number, is_first = self.notes[label], label not in self.marked
        self.marked.add(label)
        return replace(letters, to=f"note-{number}", name=f"mark-{number}" if is_first else "")

    def nested(self, child: Marked | Link | Span, look: Letters) -> Iterator[Letters]:
        match child:
            case Marked(mark=mark, children=inner):
                yield from self.letters(inner, _marked(look, mark))
            case Link(address=address, children=inner):
                yield from self.letters(inner, look)
                if self.prints_links:
                    yield replace(look, text=" ")
                    yield from _isolated((replace(look, text=f"({address})"),), Direction.LTR)
            case Span(children=inner, language=language, direction=direction):
                spoken = self.letters(inner, replace(look, language=language or look.language))
                yield from _isolated(spoken, direction) if direction else spoken


def _in_parts(letters: Iterable[Letters]) -> Iterator[tuple[Letters, ...]]:
    """Return the letters of a paragraph; of one that is too long in parts, which end between looks or behind words."""
    part, size = list[Letters](), 0
    for each in letters:
        is_long = len(each.text) > MAX_CHARS_PER_PART
        for text in wrap(each.text, MAX_CHARS_PER_PART, break_on_hyphens=False) if is_long else (each.text,):
            if part and size + len(text) > MAX_CHARS_PER_PART:
                yield tuple(part)
                part, size = [], 0
            part.append(replace(each, text=text))
            size += len(text) + CHARS_PER_LOOK
    yield tuple(part)


def _marked(look: Letters, mark: str, text: str = "") -> Letters:
    return replace(look, text=text, marks=tuple(dict.fromkeys((*look.marks, str(mark)))))


def joined(text: str) -> str:
    """Return the text with white space as single spaces, and with Korean words held together."""
    return _INSIDE_A_WORD.sub(JOINER, re.sub(r"[ \t\r\n]+", " ", text))


def _isolated(letters: Iterable[Letters], direction: Direction) -> Iterator[Letters]:
    """Return the letters as a run of its own direction."""
    yield from (Letters(_ISOLATES[direction]), *letters, Letters(_END_OF_ISOLATE))
