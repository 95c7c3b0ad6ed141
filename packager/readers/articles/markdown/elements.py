"""The few elements of HTML that Markdown may hold, for what it has no signs of its own for.

`<em> <strong> <sub> <sup> <code> <br>`, `<span lang dir>`, `<a href>`, `<ruby>base<rt>reading</rt></ruby>`, and tables.
"""

from __future__ import annotations

import re
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_NAMES = ("em", "strong", "sub", "sup", "span", "a")
_OPENING = re.compile(rf"""<({"|".join(_NAMES)})((?:\s{{1,9}}(?:lang|dir|href)="[^"<>]{{0,2000}}")*)\s{{0,9}}>""")
_TAG = re.compile(rf"\\.|<(/?)({'|'.join(_NAMES)})(?=[\s>])", re.DOTALL)
_ATTRIBUTE = re.compile(r'(lang|dir|href)="([^"]*)"')
_RUBY = re.compile(
    r"<ruby>([^<>]{1,200})(?:<rp>[^<>]{0,9}</rp>)?<rt>([^<>]{0,200})</rt>(?:<rp>[^<>]{0,9}</rp>)?</ruby>"
)
_CODE = re.compile(r"<code>([^<>]{1,5000})</code>")
_BREAK = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)
_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_TABLE_END = "</table>"


def elements_plugin(parser: MarkdownIt) -> None:
    """Read these elements; whatever else looks like one is text."""
    parser.inline.ruler.before("autolink", "break", _break)
    parser.inline.ruler.before("autolink", "ruby", _ruby)
    parser.inline.ruler.before("autolink", "code_element", _code)
    parser.inline.ruler.before("autolink", "element", _element)
    parser.block.ruler.before("paragraph", "table_element", _table, {"alt": ["paragraph"]})


def _break(state: StateInline, silent: bool) -> bool:
    match = _BREAK.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos = match.end()
    return True


def _ruby(state: StateInline, silent: bool) -> bool:
    match = _RUBY.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        token = state.push("ruby", "ruby", 0)
        token.meta = {"base": unescape(match[1]), "reading": unescape(match[2])}
    state.pos = match.end()
    return True


def _code(state: StateInline, silent: bool) -> bool:
    match = _CODE.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        state.push("code_inline", "code", 0).content = unescape(match[1])
    state.pos = match.end()
    return True


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
    if state.src not in known:
        known[state.src] = _matched(state.src)
    return known[state.src]


def _matched(text: str) -> dict[int, int]:
    opened: dict[str, list[int]] = {name: [] for name in _NAMES}
    ends = {}
    for tag in _TAG.finditer(text):
        if not tag[2]:  # a sign that a backslash makes a letter
            continue
        if not tag[1]:
            opened[tag[2]].append(tag.start())
        elif opened[tag[2]] and text[tag.end()] == ">":
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
