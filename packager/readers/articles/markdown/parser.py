"""Markdown with footnotes, comments, loosely written pictures and a few elements of HTML -> tokens.

The elements stand for what Markdown has no signs of its own for: `<em> <strong> <sub> <sup> <code> <br>`,
`<span lang dir>`, `<a href>`, `<ruby>base<rt>reading</rt></ruby>`, and tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from html import unescape
from pathlib import PurePath
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock, paragraph
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from packager.readers.articles.reading import MAX_DEPTH
from packager.readers.files import FileKind, kind_of

_NAMES = ("em", "strong", "sub", "sup", "span", "a")
_OPENING = re.compile(rf"""<({"|".join(_NAMES)})((?:\s{{1,9}}(?:lang|dir|href)="[^"<>]{{0,2000}}")*)\s{{0,9}}>""")
_TAG = re.compile(rf"\\.|<(/?)({'|'.join(_NAMES)})(?=[\s>])", re.DOTALL)
_ATTRIBUTE = re.compile(r'(lang|dir|href)="([^"]*)"')
_RUBY = re.compile(
    r"<ruby>([^<>]{1,200})(?:<rp>[^<>]{0,9}</rp>)?<rt>([^<>]{0,200})</rt>(?:<rp>[^<>]{0,9}</rp>)?</ruby>"
)
_CODE = re.compile(r"<code>([^<>]{1,5000})</code>")
_BREAK = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)
_COMMENT = re.compile(r"<!(?=--).{0,10000}?-->", re.DOTALL)
_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_TABLE_END = "</table>"
_MARKERS = re.compile(r"^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$)))+[ \t]*", re.MULTILINE)
_LOOSE_IMAGE = re.compile(
    r"""!\[(?P<alt>[^\[\]]{0,1000})\]\([ ]*(?P<path>[^<>"\n]{1,500}?\.[A-Za-z]{3,4})[ ]*("(?P<title>[^"\n]*)"[ ]*)?\)"""
)
_COMMENT_LINES = 500


def markdown_parser() -> MarkdownIt:
    """Return the parser; whatever else looks like an element of HTML is text."""
    parser = MarkdownIt("js-default", {"html": False, "maxNesting": MAX_DEPTH})
    parser.block = _Blocks()
    parser.inline = _Inlines()
    # Footnotes stay where they are written, so that one that nothing points to is not lost.
    parser.use(footnote_plugin, move_to_end=False)
    for pattern, push in _LEAVES.items():
        parser.inline.ruler.before("autolink", push.__name__, _rule(pattern, push))
    parser.inline.ruler.before("autolink", "element", _element)
    parser.inline.ruler.after("image", "loose_image", _loose_image)
    for block_rule in (_table, _comment_block):
        parser.block.ruler.before("paragraph", block_rule.__name__, block_rule, {"alt": ["paragraph"]})
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


def _push_break(state: StateInline, _: re.Match[str]) -> None:
    state.push("hardbreak", "br", 0)


def _push_code(state: StateInline, match: re.Match[str]) -> None:
    state.push("code_inline", "code", 0).content = unescape(match[1])


def _push_ruby(state: StateInline, match: re.Match[str]) -> None:
    state.push("ruby", "ruby", 0).meta = {"base": unescape(match[1]), "reading": unescape(match[2])}


def _push_nothing(state: StateInline, _: re.Match[str]) -> None:
    """An editor's note inside a line is passed over."""


_LEAVES = {_BREAK: _push_break, _CODE: _push_code, _RUBY: _push_ruby, _COMMENT: _push_nothing}


def _rule(
    pattern: re.Pattern[str], push: Callable[[StateInline, re.Match[str]], None]
) -> Callable[[StateInline, bool], bool]:
    """A rule of the parser for what the pattern matches."""

    def rule(state: StateInline, silent: bool) -> bool:
        match = pattern.match(state.src, state.pos, state.posMax)
        if not match:
            return False
        if not silent:
            push(state, match)
        state.pos = match.end()
        return True

    return rule


def _element(state: StateInline, silent: bool) -> bool:
    """An element with its end, whatever stands between read as Markdown."""
    match = _OPENING.match(state.src, state.pos, state.posMax)
    end = _ends(state).get(state.pos) if match else None
    if match is None or end is None or end > state.posMax:
        return False
    name, outer_end = match[1], state.posMax
    if not silent:
        token = state.push(f"{name}_element_open", name, 1)
        token.meta = {key: unescape(value) for key, value in _ATTRIBUTE.findall(match[2])}
        state.pos, state.posMax = match.end(), end
        state.md.inline.tokenize(state)
        state.push(f"{name}_element_close", name, -1)
    state.pos, state.posMax = end + len(f"</{name}>"), outer_end
    return True


def _ends(state: StateInline) -> dict[int, int]:
    """Where the end tag of each element begins, by where its start tag begins; found once for a whole run of text."""
    known: dict[str, dict[int, int]] = state.env.setdefault("element_ends", {})
    if state.src in known:
        return known[state.src]
    opened: dict[str, list[int]] = {name: [] for name in _NAMES}
    ends = known[state.src] = {}
    for tag in _TAG.finditer(state.src):
        if not tag[2]:  # a sign that a backslash makes a letter
            continue
        if not tag[1]:
            opened[tag[2]].append(tag.start())
        elif opened[tag[2]] and state.src[tag.end()] == ">":
            ends[opened[tag[2]].pop()] = tag.start()
    return ends


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table of HTML, from its first line to the one that ends it."""
    if not _TABLE.match(state.src, state.bMarks[start] + state.tShift[start]):
        return False
    for line in range(start, end):
        if state.sCount[line] < state.blkIndent and line > start and not state.isEmpty(line):
            return False
        if _TABLE_END in state.src[state.bMarks[line] : state.eMarks[line]].lower():
            if not silent:
                token = state.push("table_element", "table", 0)
                token.content = state.getLines(start, line + 1, state.blkIndent, False)
                state.line = line + 1
            return True
    return False


def _comment_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Pass over an editor's note, `<!-- ... -->`, that stands on lines of its own."""
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
    """Read a picture whose name has spaces or single brackets, which Markdown wants written otherwise."""
    match = _LOOSE_IMAGE.match(state.src, state.pos, state.posMax)
    if not match or kind_of(PurePath(match["path"].replace("\\", "/")).name) is not FileKind.PICTURE:
        return False
    if not silent:
        token = state.push("image", "img", 0)
        token.attrs = {"src": state.md.normalizeLink(match["path"]), "title": match["title"] or ""}
        token.children = [Token("text", "", 0, content=match["alt"])]
    state.pos = match.end()
    return True
