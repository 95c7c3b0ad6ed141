"""An article as the pieces that its pages are set of, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from packager.layout.photo.markup import MONO, Hand
from packager.layout.photo.parted import chunks, parted
from packager.layout.words import Words
from packager.model import (
    Article,
    Block,
    Break,
    Cell,
    Direction,
    Figure,
    Footnote,
    Heading,
    Inline,
    ListBlock,
    Mark,
    Marked,
    Paragraph,
    PicturePiece,
    Piece,
    Preformatted,
    Quote,
    Rendition,
    RulePiece,
    Sheet,
    Shown,
    Table,
    Text,
    TextPiece,
    ThematicRule,
    Version,
)

GREY = 'foreground="#5c5c58"'
BOLD = 'weight="bold"'
CODE = f'font_family="{MONO}"'
PITCH = 1.55  # of the type's size: lines as far apart as on the site's pages
TALL_PITCH = 1.8  # of scripts whose letters reach far below the line
TALL = frozenset(("ar", "fa", "ur", "ps", "ug", "he", "th", "lo", "my", "km", "hi", "bn", "ta", "te", "ne"))
HEADINGS = {2: 1.35, 3: 1.15, 4: 1.0}  # size of a heading by its level
CELL = "  \N{MIDDLE DOT}  "


@dataclass(frozen=True, slots=True)
class Manner:
    """What the pieces of one text share; `words` are our own beside it."""

    sheet: Sheet
    hand: Hand
    language: str
    direction: Direction
    words: Words

    def text(
        self, children: Iterable[Inline], scale: float = 1.0, gap: float = 0.6, look: str = ""
    ) -> Iterator[TextPiece]:
        """Pieces in type of `scale` times the body's size below a space of `gap` times that, in a span's `look`."""
        for part in parted(tuple(children)):
            yield self.set(self.hand.markup(part), scale, gap, look)
            gap = 0

    def set(self, markup: str, scale: float = 1.0, gap: float = 0.6, look: str = "") -> TextPiece:
        """One piece of markup."""
        size = round(self.sheet.type_size * scale)
        pitch = TALL_PITCH if self.language.partition("-")[0] in TALL else PITCH
        return TextPiece(
            markup=f"<span {look}>{markup}</span>" if look else markup,
            language=self.language,
            direction=self.direction,
            size=size,
            # Large type needs less between its lines.
            pitch=round(size * (pitch if scale <= 1 else pitch - 0.2)),
            before=round(self.sheet.type_size * gap),
        )

    @property
    def indent(self) -> int:
        """The width of one step to the side: of a list's items, of a quote."""
        return self.sheet.type_size * 3 // 2


def pieces(version: Version, figures: tuple[Shown, ...], manner: Manner) -> tuple[Piece, ...]:
    """Title, text and notes of an article; `figures` are its pictures, in the order of its blocks."""
    article = version.work
    assert isinstance(article, Article)
    shown = iter(figures)
    made = [(isinstance(block, Footnote), tuple(_block(block, manner, shown))) for block in article.blocks]
    body = chain.from_iterable(pieces for is_note, pieces in made if not is_note)
    notes = tuple(chain.from_iterable(pieces for is_note, pieces in made if is_note))
    return (*_head(version, manner), *body, *_notes_head(notes, manner), *notes, *_end(version, manner))


def _head(version: Version, manner: Manner) -> Iterator[Piece]:
    yield from _staying(manner.text((Text(version.title),), 1.75, 0, BOLD))
    if version.authors:
        yield from _staying(manner.text((Text(", ".join(version.authors)),), 1, 0.3, GREY))
    if version.summary:
        yield from _staying(manner.text((Text(version.summary),), 0.9, 0.5, GREY))
    yield RulePiece(before=round(0.8 * manner.sheet.type_size), is_wide=True)


def _notes_head(notes: tuple[Piece, ...], manner: Manner) -> Iterator[Piece]:
    if notes:
        yield RulePiece(before=manner.sheet.type_size)
        yield from _staying(manner.text((Text(manner.words.notes),), look=BOLD))


def _end(version: Version, manner: Manner) -> Iterator[Piece]:
    if manner.words.end:
        yield from _centred(manner.text((Text(manner.words.end),), 0.85, 1.2, GREY))
    for line in version.credit.splitlines():
        if line.strip():
            yield from manner.text((Text(line),), 0.85, 0.3, GREY)


def _blocks(of_blocks: Iterable[Block], manner: Manner, shown: Iterator[Shown]) -> Iterator[Piece]:
    for block in of_blocks:
        yield from _block(block, manner, shown)


def _block(block: Block, manner: Manner, shown: Iterator[Shown]) -> Iterator[Piece]:
    match block:
        case Figure():
            yield from _figure(block, next(shown), manner)
        case Quote(blocks=inner):
            for piece in _blocks(inner, manner, shown):
                indented = _indented(piece, manner)
                yield replace(indented, has_bar=True) if isinstance(indented, TextPiece) else indented
        case ListBlock(items=items, start=start):
            for position, item in enumerate(items):
                marker = "\N{BULLET}" if start is None else f"{start + position}."
                yield from _item(item, marker, manner, shown, is_first=position == 0)
        case Footnote(label=label, blocks=inner):
            yield from _item(inner, f"[{label}]", manner, shown, is_first=True)
        case _:
            yield from _without_blocks(block, manner)


def _without_blocks(block: Block, manner: Manner) -> Iterator[Piece]:
    match block:
        case Paragraph(children=children):
            yield from manner.text(children)
        case Heading(level=level, children=children):
            yield from _staying(manner.text(children, HEADINGS[level], 1.3, BOLD))
        case Preformatted(text=text):
            for part in chunks(text.strip("\n")):
                code = manner.set(manner.hand.lines(part), 0.85, look=CODE)
                yield replace(code, start=manner.indent // 2, direction=Direction.LTR)
        case Table():
            yield from _table(block, manner)
        case ThematicRule():
            yield RulePiece(before=manner.sheet.type_size)


def _item(
    item: Iterable[Block], marker: str, manner: Manner, shown: Iterator[Shown], *, is_first: bool
) -> Iterator[Piece]:
    """The blocks of a list's item or a footnote, the marker beside its first one."""
    for position, piece in enumerate(_blocks(item, manner, shown)):
        indented = _indented(piece, manner)
        if position == 0 and isinstance(indented, TextPiece):
            indented = replace(indented, marker=indented.marker or manner.hand.words(marker))
        is_next = position == 0 and not is_first
        yield replace(indented, before=indented.before // 2) if is_next else indented


def _figure(figure: Figure, shown: Shown, manner: Manner) -> Iterator[Piece]:
    has_caption = bool(figure.caption)
    if isinstance(shown, Rendition):
        room = manner.sheet.depth - (5 * manner.sheet.type_size if has_caption else 0)
        width, height = _fitted(shown, manner.sheet.column, room)
        gap = round(0.9 * manner.sheet.type_size)
        yield PicturePiece(shown.path, width, height, gap, stays_with_next=has_caption)
    else:
        gone = f"{manner.words.missing_picture} {figure.alt}".strip()
        yield from _centred(manner.text((Text(f"[{gone}]"),), look=GREY))
    if has_caption:
        yield from _centred(manner.text(figure.caption, 0.85, 0.35, GREY))


def _fitted(picture: Rendition, width: int, height: int) -> tuple[int, int]:
    """The picture's size within a column and the height of a page; never larger than it is."""
    scale = min(1.0, width / picture.width, height / picture.height)
    return max(1, int(picture.width * scale)), max(1, int(picture.height * scale))


def _table(table: Table, manner: Manner) -> Iterator[Piece]:
    """A table as text: each row a few lines, every cell behind the heading of its column where there is one."""
    if table.caption:
        yield from _staying(manner.text(table.caption, look=BOLD))
    has_head = len(table.rows) > 1 and all(cell.is_header for cell in table.rows[0])
    heads = table.rows[0] if has_head else ()
    for row in table.rows[1:] if has_head else table.rows:
        for piece in manner.text(_row(row, heads), 0.95, 0.5):
            yield replace(piece, start=manner.indent, has_bar=True)


def _row(row: tuple[Cell, ...], heads: tuple[Cell, ...]) -> Iterator[Inline]:
    """The cells of a row one after the other; below each other, with their headings, where the row has as many."""
    if len(heads) != len(row) or len(row) < 2:
        for position, cell in enumerate(row):
            yield from (Text(CELL), *cell.children) if position else cell.children
        return
    yield Marked(Mark.STRONG, row[0].children)
    for head, cell in zip(heads[1:], row[1:], strict=True):
        yield from (Break(), *head.children, Text(": "), *cell.children)


def _indented(piece: Piece, manner: Manner) -> Piece:
    """The piece one step further in; at most half of the column, however deep it lies."""
    if not isinstance(piece, TextPiece):
        return piece
    return replace(piece, start=min(piece.start + manner.indent, manner.sheet.column // 2))


def _staying(of_pieces: Iterable[TextPiece]) -> Iterator[TextPiece]:
    return (replace(piece, stays_with_next=True) for piece in of_pieces)


def _centred(of_pieces: Iterable[TextPiece]) -> Iterator[TextPiece]:
    return (replace(piece, is_centred=True) for piece in of_pieces)
