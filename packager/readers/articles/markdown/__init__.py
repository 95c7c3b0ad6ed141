"""Markdown -> the article in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby
from typing import Any

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

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
    Remark,
    Ruby,
    Span,
    Table,
    Text,
    ThematicRule,
    warning,
)
from packager.model.blocks import plain_text, standing_text
from packager.readers.account import Account, Words, words
from packager.readers.articles import html
from packager.readers.articles.html.markup import BLOCK
from packager.readers.articles.html.nodes import MARKS, SLOT, STRUCK, is_hiding, is_striking
from packager.readers.articles.inlines import Item, blocks_of, figures, inlines, items_of, plain, tidy
from packager.readers.articles.markdown.comments import hidden_in, set_apart
from packager.readers.articles.markdown.parser import markdown_parser
from packager.readers.articles.markdown.raw_html import balance
from packager.readers.articles.pictures import References, in_place
from packager.readers.articles.plain.lines import columns
from packager.readers.articles.reading import (
    MAX_DEPTH,
    PictureFinder,
    ReadArticle,
    direction_of,
    not_taken,
    outside_address,
)
from packager.text.spelling import first_of, language_tag
from packager.text.terminal import clean

_MARKS = {**MARKS, **dict.fromkeys(STRUCK, Mark.STRUCK)}
_MOST_NAMED = 3
_LEAST_LINES, _SHORT_LINE = 3, 45


def read(source: str, label: str, finder: PictureFinder, title: str = "") -> ReadArticle:
    """Return the article in a Markdown text; its first heading of level one is the title, unless `title` is given."""
    references = References(finder, label)
    environment: dict[str, Any] = {}
    tokens = markdown_parser().parse(set_apart(source), environment)
    tree, hidden = _Tree(references, environment), hidden_in(environment)
    blocks = list(tree.blocks(tokens))
    heading = next((block for block in blocks if isinstance(block, Heading) and block.level == 1), None)
    first = " ".join(plain_text(heading.children).split()) if heading else ""
    standing = standing_text(heading.children) if heading else ""
    # A heading with struck words stays, for a title cannot show them so.
    if heading and title in ("", first) and standing == first:
        blocks.remove(heading)
    return ReadArticle(
        title or standing,
        tuple(blocks),
        remarks=(*references.remarks(), *tree.remarks(label), *hidden.remarks(label, tree.hidden)),
        account=Account(named=words(*hidden.comments, *hidden.signs) + tree.hidden),
    )


class _Tree:
    """The blocks of one text; `environment` is what the parser learned of its footnotes."""

    def __init__(self, references: References, environment: dict[str, Any]) -> None:
        self._references = references
        self._notes: dict[int, dict[str, Any]] = environment.get("footnotes", {}).get("list", {})
        self._defined: dict[str, tuple[Block, ...]] = {}
        self._room = MAX_DEPTH
        self._counts: Counter[str] = Counter()
        self._embedded: dict[str, None] = {}
        self.hidden: Words = Counter()

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        """Yield all blocks of the text, footnotes last in the order in which the text points to them."""
        yield from self._within(_nodes(tokens))
        yield from self._footnotes()

    def remarks(self, label: str) -> Iterator[Remark]:
        """Yield what the organizer should know of what is not in the text."""
        yield from not_taken(label, self._counts, html.NOT_TAKEN, "page")
        if self._embedded:
            named = first_of(list(self._embedded), _MOST_NAMED)
            yield warning(label, f"it shows other texts that are not in it: {named}; put them into the text")

    def _within(self, nodes: Sequence[SyntaxTreeNode]) -> Iterator[Block]:
        """The blocks, pictures with their captions, unless a comment parts them."""
        return _captioned(chain.from_iterable(self._parts(nodes)))

    def _parts(self, nodes: Sequence[SyntaxTreeNode]) -> Iterator[Iterable[Block | None]]:
        """The blocks of each node; those between the tags of an element of HTML are read together with it."""
        around: list[SyntaxTreeNode] = []
        depth = deepest = 0
        for node in nodes:
            for change in balance(node.content) if node.type == "html_block" else ():
                depth = max(0, depth + change)
                deepest = max(deepest, depth)
            around.append(node)
            if not depth:
                yield from self._composed(around, deepest)
                around, deepest = [], 0
        yield from self._composed(around, deepest)

    def _composed(self, nodes: list[SyntaxTreeNode], depth: int) -> Iterator[Iterable[Block | None]]:
        """What the nodes make: one piece of HTML with places for what stands in it, unless it is too deep."""
        if len(nodes) < 2 or depth > self._room:
            yield from ([None] if node.type == "comment" else self._block(node) for node in nodes)
            return
        self._room -= depth
        pieces: list[str] = []
        slots: list[tuple[Block, ...]] = []
        for is_html, group in groupby(nodes, lambda node: node.type == "html_block"):
            if is_html:
                pieces += (node.content for node in group)
            else:
                pieces.append(f'<div {SLOT}="{len(slots)}"></div>')
                slots.append(tuple(self._within(list(group))))
        self._room += depth
        yield self._html("".join(pieces), slots)

    def _html(self, source: str, slots: Sequence[Sequence[Block]] = ()) -> Iterator[Block]:
        piece = html.piece_of(source, self._references, slots)
        self._counts.update(piece.counts)
        self.hidden.update(piece.hidden)
        yield from piece.blocks

    def _block(self, node: SyntaxTreeNode) -> Iterator[Block]:
        match node.type:
            case "heading":
                yield from blocks_of(self._line(node), lambda run: Heading(int(node.tag[1:]), run))
            case "paragraph":
                yield from blocks_of(self._line(node), Paragraph)
            case "bullet_list" | "ordered_list":
                yield from self._list(node)
            case "blockquote":
                inner = tuple(self._within(node.children))
                yield from [Quote(inner)] if inner else []
            case "fence" | "code_block":
                yield from [Preformatted(node.content.rstrip("\n"))] if node.content.strip() else []
            case "hr":
                yield ThematicRule()
            case "table":
                yield from self._table(node)
            case "html_block":
                yield from self._html(node.content)
            case "footnote_reference":
                label = node.meta["label"]
                self._defined[label] = (*self._defined.get(label, ()), *self._within(node.children))

    def _list(self, node: SyntaxTreeNode) -> Iterator[Block]:
        items = (tuple(self._within(item.children)) for item in node.children)
        start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        if kept := tuple(filter(None, items)):
            yield ListBlock(kept, start)

    def _table(self, node: SyntaxTreeNode) -> Iterator[Block]:
        pictures: list[Figure] = []
        rows = []
        for row in (row for part in node.children for row in part.children):
            lines = [(cell.type == "th", self._line(cell)) for cell in row.children]
            rows.append(tuple(Cell(tidy(inlines(items)), is_header) for is_header, items in lines))
            pictures += (figure for _, items in lines for figure in figures(items))
        yield Table(tuple(rows))
        yield from pictures

    def _footnotes(self) -> Iterator[Block]:
        """The notes with their numbers; those that nothing points to come last."""
        for index in sorted(self._notes):
            note = self._notes[index]
            if "label" in note:
                blocks = self._defined.pop(note["label"], ())
            else:  # it stands inside the line
                blocks = tuple(blocks_of(self._items(_nodes(_shallow(note["tokens"]))), Paragraph))
            yield Footnote(str(index + 1), blocks)
        for number, blocks in enumerate(self._defined.values(), start=len(self._notes) + 1):
            yield Footnote(str(number), blocks)

    def _line(self, node: SyntaxTreeNode) -> list[Item]:
        """What stands in a heading, a paragraph or a cell."""
        items = self._items([child for line in node.children for child in line.children])
        if node.type == "paragraph" and _is_verse(node.children[0].content):
            items = [Break() if item == Text("\n") else item for item in items]
        if any(line.meta.get("callout") for line in node.children):
            return [Marked(Mark.STRONG, tuple(inlines(items))), *figures(items)]
        return items

    def _items(self, nodes: Sequence[SyntaxTreeNode]) -> list[Item]:
        items: list[Item] = []
        for node in nodes:
            if node.is_nested:
                inner = self._items(node.children)
                items += (*self._elements(node, tuple(inlines(inner))), *figures(inner))
            else:
                items += self._leaf(node)
        return items

    def _leaf(self, node: SyntaxTreeNode) -> Iterator[Item]:
        match node.type:
            case "softbreak":
                yield Text("\n")
            case "hardbreak":
                yield Break()
            case "code_inline":
                yield Code(clean(node.content))
            case "image":
                yield self._image(node)
            case "ruby":
                yield Ruby(clean(node.meta["base"]), clean(node.meta["reading"]))
            case "html_inline":
                yield from items_of(self._html(node.content))
            case "embedded":
                self._embedded[node.content] = None
                yield Text(clean(node.content))
            case "footnote_ref":
                yield FootnoteMark(str(node.meta["id"] + 1))
            case _:
                yield Text(clean(node.content))

    def _elements(self, node: SyntaxTreeNode, children: tuple[Inline, ...]) -> tuple[Inline, ...]:
        """The element that a node makes of its children, else the children; none where it is hidden."""
        style = str(node.meta.get("style", ""))
        if not children or "hidden" in node.meta or is_hiding(style):
            self.hidden.update(words(plain_text(children)))
            return ()
        if node.tag == "q":
            children = (Text("“"), *children, Text("”"))
        if node.tag in _MARKS or is_striking(style):
            children = (Marked(_MARKS.get(node.tag, Mark.STRUCK), children),)
        address = outside_address(str(node.meta.get("href", "") or node.attrs.get("href", "")))
        if node.tag == "a" and address:
            children = (Link(address, children),)
        language, direction = language_tag(node.meta.get("lang", "")), direction_of(node.meta.get("dir", ""))
        if language or direction:
            children = (Span(children, language, direction),)
        return (Break(), *children, Break()) if node.tag in BLOCK and node.type.endswith("_element") else children

    def _image(self, node: SyntaxTreeNode) -> Item:
        alt = clean(" ".join("".join(_letters(node)).split()))
        address = str(node.attrs.get("src", ""))
        picture = self._references.picture(address)
        if picture is None:
            self._references.note_missing([address])
            return in_place(alt)
        return Figure(picture, alt, plain(clean(str(node.attrs.get("title", "")))))


def _nodes(tokens: Sequence[Token]) -> Sequence[SyntaxTreeNode]:
    for token in tokens:
        token.children = _shallow(token.children) if token.children else None
    return SyntaxTreeNode(tokens).children


def _shallow(tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a run without the marks that lie deeper than MAX_DEPTH."""
    kept = []
    depth = 0
    for token in tokens:
        depth += min(0, token.nesting)
        if not token.nesting or depth + 1 < MAX_DEPTH:
            kept.append(token)
        depth += max(0, token.nesting)
        token.children = _shallow(token.children) if token.children else None
    return kept


def _is_verse(content: str) -> bool:
    """Whether lines are too short to have been broken for their width; editors of notes show their ends too."""
    lines = content.split("\n")
    return len(lines) >= _LEAST_LINES and all(columns(line) <= _SHORT_LINE for line in lines)


def _letters(node: SyntaxTreeNode) -> Iterator[str]:
    """The words of a picture's description, without its marks."""
    for child in node.children:
        if child.is_nested:
            yield from _letters(child)
        else:
            yield " " if child.type in ("softbreak", "hardbreak") else child.content


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
