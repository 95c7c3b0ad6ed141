"""Markdown with footnotes, comments, signs of editors and HTML -> tokens."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock, paragraph
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from packager.readers.articles.markdown.comments import comments_plugin
from packager.readers.articles.markdown.editors import editors_plugin
from packager.readers.articles.markdown.raw_html import html_plugin
from packager.readers.articles.markdown.templates import templates_plugin
from packager.readers.articles.reading import MAX_DEPTH

_MARKERS = re.compile(r"^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$)))+[ \t]*", re.MULTILINE)


def markdown_parser() -> MarkdownIt:
    """Return the parser; whatever else looks like an element of HTML is text."""
    parser = MarkdownIt("js-default", {"html": False, "maxNesting": MAX_DEPTH})
    parser.block = _Blocks()
    parser.inline = _Inlines()
    # Footnotes stay where they are written, so that one that nothing points to is not lost.
    parser.use(footnote_plugin, move_to_end=False)
    for plugin in (html_plugin, editors_plugin, comments_plugin, templates_plugin):
        parser.use(plugin)
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
