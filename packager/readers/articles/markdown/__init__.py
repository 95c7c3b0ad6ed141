"""Markdown -> the article in it."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from pathlib import PurePath
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock, paragraph
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from packager.model import Heading
from packager.model.blocks import plain_text
from packager.readers.articles.markdown.elements import elements_plugin
from packager.readers.articles.markdown.tree import Tree
from packager.readers.articles.reading import MAX_DEPTH, PictureFinder, ReadArticle
from packager.readers.articles.references import References
from packager.readers.articles.trees import in_sight
from packager.readers.files import FileKind, kind_of

_MARKERS = re.compile(r"^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$)))+[ \t]*", re.MULTILINE)
_LOOSE_IMAGE = re.compile(
    r"""!\[(?P<alt>[^\[\]]{0,1000})\]\([ ]*(?P<path>[^<>"\n]{1,500}?\.[A-Za-z]{3,4})[ ]*("(?P<title>[^"\n]*)"[ ]*)?\)"""
)
_COMMENT_LETTERS = 10_000
_COMMENT_LINES = 500


def read(source: str, label: str, finder: PictureFinder, title: str = "") -> ReadArticle:
    """The article in a Markdown text; its first heading of level one is the title, unless `title` says another."""
    references = References(finder, label)
    environment: dict[str, Any] = {}
    tokens = _parser().parse(source, environment)
    blocks = list(in_sight(Tree(references, environment).blocks(tokens)))
    heading = next((block for block in blocks if isinstance(block, Heading) and block.level == 1), None)
    shown = " ".join(plain_text(heading.children).split()) if heading else ""
    if heading and title in ("", shown):
        blocks.remove(heading)
    return ReadArticle(title or shown, tuple(blocks), remarks=tuple(references.remarks()))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False, "maxNesting": MAX_DEPTH})
    parser.block = _Blocks()
    parser.inline = _Inlines()
    # Footnotes stay where they are written, so that one that nothing points to is not lost.
    parser.use(footnote_plugin, move_to_end=False)
    parser.use(elements_plugin)
    parser.block.ruler.before("paragraph", "comment", _comment_block, {"alt": ["paragraph"]})
    parser.inline.ruler.before("autolink", "comment", _comment)
    parser.inline.ruler.after("image", "loose_image", _loose_image)
    # Which addresses may become links is decided by the tree; here each is to be taken off the text.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


class _Blocks(ParserBlock):
    """Keeps what lies deeper than MAX_DEPTH as paragraphs; the library drops it."""

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803
        if state.level < MAX_DEPTH:
            super().tokenize(state, startLine, endLine)
            return
        state.line = state.skipEmptyLines(startLine)
        while state.line < endLine and state.sCount[state.line] >= state.blkIndent:
            paragraph(state, state.line, endLine, False)
            state.tokens[-2].content = _MARKERS.sub("", state.tokens[-2].content)
            state.line = state.skipEmptyLines(state.line)


class _Inlines(ParserInline):
    """Keeps notes inside notes deeper than MAX_DEPTH as text; the library calls itself for each."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def parse(self, src: str, md: MarkdownIt, env: MutableMapping[str, Any], tokens: list[Token]) -> list[Token]:
        if self._depth >= MAX_DEPTH:
            tokens.append(Token("text", "", 0, content=src))
            return tokens
        self._depth += 1
        try:
            return super().parse(src, md, env, tokens)
        finally:
            self._depth -= 1


def _comment_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Passes over an editor's note, `<!-- ... -->`, that stands on lines of its own."""
    if not _line(state, start).startswith("<!--"):
        return False
    for line in range(start, min(end, start + _COMMENT_LINES)):
        if _line(state, line).rstrip().endswith("-->"):
            if not silent:
                state.push("comment", "", 0)
                state.line = line + 1
            return True
    return False


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _loose_image(state: StateInline, silent: bool) -> bool:
    """Reads a picture whose name has spaces or single brackets, which Markdown wants written otherwise."""
    match = _LOOSE_IMAGE.match(state.src, state.pos, state.posMax)
    if not match or kind_of(PurePath(match["path"].replace("\\", "/")).name) is not FileKind.PICTURE:
        return False
    if not silent:
        token = state.push("image", "img", 0)
        token.attrs = {"src": state.md.normalizeLink(match["path"]), "title": match["title"] or ""}
        token.children = [Token("text", "", 0, content=match["alt"])]
    state.pos = match.end()
    return True


def _comment(state: StateInline, silent: bool) -> bool:
    """Passes over an editor's note inside a line."""
    if not state.src.startswith("<!--", state.pos):
        return False
    end = state.src.find("-->", state.pos, state.pos + _COMMENT_LETTERS)
    if end < 0:
        return False
    state.pos = end + 3
    return True
