"""Markdown -> the article in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from markdown_it.token import Token

from packager.model import (
    Block,
    Break,
    Cell,
    Code,
    Figure,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    Link,
    ListBlock,
    Mark,
    Marked,
    Paragraph,
    Preformatted,
    Quote,
    Ruby,
    Span,
    Table,
    Text,
    ThematicRule,
)
from packager.model.blocks import plain_text
from packager.readers.articles import html
from packager.readers.articles.inlines import Item, blocks_of, figures, inlines, plain, tidy
from packager.readers.articles.markdown.parser import markdown_parser
from packager.readers.articles.pictures import References
from packager.readers.articles.reading import MAX_DEPTH, PictureFinder, ReadArticle, direction_of, outside_address
from packager.text.spelling import language_tag
from packager.text.terminal import clean

_MARKS = {"em": Mark.EMPHASIS, "strong": Mark.STRONG, "sub": Mark.SUB, "sup": Mark.SUP}


def read(source: str, label: str, finder: PictureFinder, title: str = "") -> ReadArticle:
    """Return the article in a Markdown text; its first heading of level one is the title, unless `title` is given."""
    references = References(finder, label)
    environment: dict[str, Any] = {}
    tokens = markdown_parser().parse(source, environment)
    blocks = list(_Tree(references, environment).blocks(tokens))
    heading = next((block for block in blocks if isinstance(block, Heading) and block.level == 1), None)
    first = " ".join(plain_text(heading.children).split()) if heading else ""
    if heading and title in ("", first):
        blocks.remove(heading)
    return ReadArticle(title or first, tuple(blocks), remarks=tuple(references.remarks()))


@dataclass(slots=True)
class _Frame:
    """An open inline element: what makes it of its children; None where the children stand for themselves."""

    wrap: Callable[[tuple[Inline, ...]], Inline] | None
    items: list[Item] = field(default_factory=list)


class _Tree:
    """The blocks of one text; `environment` is what the parser learned of its footnotes."""

    def __init__(self, references: References, environment: dict[str, Any]) -> None:
        self._references = references
        self._notes: dict[int, dict[str, Any]] = environment.get("footnotes", {}).get("list", {})
        self._defined: dict[str, tuple[Block, ...]] = {}

    def blocks(self, tokens: Iterable[Token]) -> Iterator[Block]:
        """All blocks of the text, footnotes last in the order in which the text points to them."""
        yield from self._within("", iter(tokens))
        yield from self._footnotes()

    def _within(self, end: str, tokens: Iterator[Token]) -> tuple[Block, ...]:
        """The blocks up to the token `end`, pictures with their captions."""
        return tuple(_captioned(self._until(end, tokens)))

    def _until(self, end: str, tokens: Iterator[Token]) -> Iterator[Block | None]:
        """The blocks up to the token `end`, which is taken too; None where a comment parts them."""
        for token in tokens:
            if token.type == end:
                return
            if token.type == "comment":
                yield None
            yield from self._block(token, tokens)

    def _block(self, token: Token, tokens: Iterator[Token]) -> Iterator[Block]:
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
                yield from blocks_of(self._run(next(tokens)), lambda run: Heading(level, run))
            case "paragraph_open":
                yield from blocks_of(self._run(next(tokens)), Paragraph)
            case "bullet_list_open" | "ordered_list_open":
                yield from self._list(token, tokens)
            case "blockquote_open":
                inner = self._within("blockquote_close", tokens)
                yield from [Quote(inner)] if inner else []
            case "fence" | "code_block":
                yield from [Preformatted(token.content.rstrip("\n"))] if token.content.strip() else []
            case "hr":
                yield ThematicRule()
            case "table_open":
                yield from self._table(tokens)
            case "table_element":
                yield from html.blocks_of(token.content, self._references)
            case "footnote_reference_open":
                inner_blocks = self._within("footnote_reference_close", tokens)
                label = token.meta["label"]
                self._defined[label] = (*self._defined.get(label, ()), *inner_blocks)

    def _list(self, opening: Token, tokens: Iterator[Token]) -> Iterator[Block]:
        end = opening.type.replace("open", "close")
        items = []
        for token in tokens:
            if token.type == end:
                break
            items.append(self._within("list_item_close", tokens))
        kept = tuple(item for item in items if item)
        start = int(opening.attrs.get("start", 1)) if opening.type == "ordered_list_open" else None
        yield from [ListBlock(kept, start)] if kept else []

    def _table(self, tokens: Iterator[Token]) -> Iterator[Block]:
        rows: list[list[Cell]] = []
        pictures: list[Figure] = []
        for token in tokens:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                items = self._run(next(tokens))
                pictures.extend(figures(items))
                rows[-1].append(Cell(tidy(inlines(items)), is_header=token.type == "th_open"))
        yield Table(tuple(map(tuple, rows)))
        yield from pictures

    def _footnotes(self) -> Iterator[Block]:
        """The notes with their numbers; those that nothing points to come last."""
        for index in sorted(self._notes):
            note = self._notes[index]
            blocks = self._defined.pop(note["label"], ()) if "label" in note else self._inline_note(note)
            yield Footnote(str(index + 1), blocks)
        for number, blocks in enumerate(self._defined.values(), start=len(self._notes) + 1):
            yield Footnote(str(number), blocks)

    def _inline_note(self, note: dict[str, Any]) -> tuple[Block, ...]:
        return tuple(blocks_of(self._items(note["tokens"]), Paragraph))

    def _run(self, token: Token) -> list[Item]:
        return self._items(token.children or [])

    def _items(self, tokens: Iterable[Token]) -> list[Item]:
        """The inline items of a run; marks deeper than MAX_DEPTH are left off."""
        frames = [_Frame(None)]
        beyond = 0
        for token in tokens:
            if token.nesting > 0 and len(frames) >= MAX_DEPTH:
                beyond += 1
            elif token.nesting < 0 and beyond:
                beyond -= 1
            elif token.nesting > 0:
                frames.append(_Frame(_wrap(token)))
            elif token.nesting < 0:
                frame = frames.pop()
                frames[-1].items.extend(_closed(frame))
            else:
                frames[-1].items.extend(self._leaf(token))
        return frames[0].items

    def _leaf(self, token: Token) -> Iterator[Item]:
        match token.type:
            case "softbreak":
                yield Text("\n")
            case "hardbreak":
                yield Break()
            case "code_inline":
                yield Code(clean(token.content))
            case "image":
                yield self._image(token)
            case "ruby":
                yield Ruby(clean(token.meta["base"]), clean(token.meta["reading"]))
            case "footnote_ref":
                yield FootnoteMark(str(token.meta["id"] + 1))
            case _:
                yield Text(clean(token.content))

    def _image(self, token: Token) -> Item:
        alt = clean(" ".join("".join(_letters(token.children or [])).split()))
        address = str(token.attrs.get("src", ""))
        picture = self._references.picture(address)
        if picture is None:
            self._references.note_missing([address])
            return Text(alt)
        return Figure(picture, alt, plain(clean(str(token.attrs.get("title", "")))))


def _wrap(token: Token) -> Callable[[tuple[Inline, ...]], Inline] | None:
    if token.tag in _MARKS:
        return lambda children: Marked(_MARKS[token.tag], children)
    address = outside_address(str(token.meta.get("href", "") or token.attrs.get("href", "")))
    if token.tag == "a" and address:
        return lambda children: Link(address, children)
    language, direction = language_tag(token.meta.get("lang", "")), direction_of(token.meta.get("dir", ""))
    if token.tag == "span" and (language or direction):
        return lambda children: Span(children, language, direction)
    return None


def _closed(frame: _Frame) -> Iterator[Item]:
    children = tuple(inlines(frame.items))
    if frame.wrap and children:
        yield frame.wrap(children)
    else:
        yield from children
    yield from figures(frame.items)


def _letters(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        yield " " if token.type in ("softbreak", "hardbreak") else token.content


def _captioned(blocks: Iterable[Block | None]) -> Iterator[Block]:
    """The blocks, with each emphasised line that follows a picture, with no comment between, as its caption."""
    waiting: Figure | None = None
    for block in blocks:
        if waiting:
            match block:
                case Paragraph(children=(Marked(mark=Mark.EMPHASIS, children=caption),)) if not waiting.caption:
                    yield replace(waiting, caption=caption)
                    waiting = None
                    continue
            yield waiting
        waiting = block if isinstance(block, Figure) else None
        if block and not waiting:
            yield block
    if waiting:
        yield waiting
