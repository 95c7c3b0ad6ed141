"""HTML inside Markdown, as browsers would show it: elements around Markdown, and pieces for the reader of HTML.

Only what has the name of an element of HTML is one; whatever else stands in angle brackets is text.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable
from html import unescape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from packager.readers.articles.html.markup import BLOCK, INLINE
from packager.readers.articles.markdown.comments import hidden_in

_PIECES = frozenset("ruby picture button svg math video audio iframe object map noscript canvas".split())
"""Elements of a line that the reader of HTML gets as they are."""
_UNREAD = frozenset("script style textarea select template".split())
_ALONE = frozenset("img br wbr hr input source track embed area col link meta base".split())
_AROUND = (INLINE | BLOCK) - _PIECES - _ALONE
_VERBATIM = frozenset(("pre", "svg", "math", "video", "audio", "iframe", "object", "noscript", "canvas")) | _UNREAD
_OF_BLOCKS = BLOCK | _VERBATIM | {"hr", "html", "head", "body", "frameset", "title"}
# Those that must be closed; of the others browsers know where they end.
_CONTAINERS = (
    (_OF_BLOCKS | _AROUND)
    - _VERBATIM
    - frozenset("hr p li dd dt tr td th tbody thead tfoot colgroup html head body".split())
)


def _any(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=lambda name: (-len(name), name)))


_ATTRIBUTES = r"""(?:\s++[^\s"'<>/=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++))?)*\s*+/?"""
_OPENING = re.compile(rf"<({_any(_AROUND | _PIECES | _UNREAD)})({_ATTRIBUTES})>", re.IGNORECASE)
_SINGLE = re.compile(rf"</?({_any(_ALONE)}){_ATTRIBUTES}>", re.IGNORECASE)
_TAG = re.compile(rf"\\.|<(/?)({_any(_AROUND | _PIECES | _UNREAD)})(?=[\s/>])", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++)))?""")
_CODE = re.compile(rf"<(code|kbd|samp|tt)(?=[\s>]){_ATTRIBUTES}>([^<>]{{1,5000}})</\1>", re.IGNORECASE)
_RUBY = re.compile(
    r"<ruby>([^<>]{1,200})(?:<rp>[^<>]{0,9}</rp>)?<rt>([^<>]{0,200})</rt>(?:<rp>[^<>]{0,9}</rp>)?</ruby>"
)
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_BLOCK_TAG = re.compile(rf"<(/?)({_any(_OF_BLOCKS)})(?=[\s/>]|$)", re.IGNORECASE)
_ALONE_IN_LINE = re.compile(rf"<(/?)({_any(_AROUND)}){_ATTRIBUTES}>\s*", re.IGNORECASE)
_CONTAINER_TAG = re.compile(rf"<!--.*?(?:-->|\Z)|<(/?)({_any(_CONTAINERS)})(?=[\s/>])", re.IGNORECASE | re.DOTALL)


def html_plugin(parser: MarkdownIt) -> None:
    """Teach the parser HTML: tokens `html_block`, `html_inline`, and a pair around Markdown for each element."""
    parser.block.ruler.before("heading", "html_lines", _block, {"alt": ["paragraph", "reference", "blockquote"]})
    for rule in (_code, _ruby, _single, _element):
        parser.inline.ruler.before("autolink", f"html{rule.__name__}", rule)


def balance(piece: str) -> list[int]:
    """Return by how much each tag of a piece changes the number of elements that must be closed: 1 or -1."""
    return [-1 if tag[1] else 1 for tag in _CONTAINER_TAG.finditer(piece) if tag[2]]


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines of HTML: to an empty one, unless a tag of a block follows it; programs and drawings to their end.

    They begin with a tag of a block, or, behind an empty line, with any tag that has a line of its own.
    """
    tag = None if state.is_code_block(start) else _tag_of_block(state, start)
    if silent:
        return tag is not None
    tag = tag or _ALONE_IN_LINE.fullmatch(state.src, state.bMarks[start] + state.tShift[start], state.eMarks[start])
    if not tag or state.is_code_block(start):
        return False
    name = tag[2].lower()
    last = _end_of(name, state, start) if name in _VERBATIM and not tag[1] else -1
    if not start <= last < end:
        last = start
        while last + 1 < end and (goes_on := _next_line(state, last + 1, end)):
            last = goes_on
    token = state.push("html_block", "", 0)
    hidden_in(state.env).comments.extend(_COMMENT.findall(state.src, state.bMarks[start], state.eMarks[last]))
    token.content = state.getLines(start, last + 1, state.blkIndent, True)
    token.map = [start, last + 1]
    state.line = last + 1
    return True


def _next_line(state: StateBlock, line: int, end: int) -> int:
    """The next line of a block of HTML; 0 where it is over."""
    if not state.isEmpty(line):
        return line if state.sCount[line] >= state.blkIndent else 0
    following = state.skipEmptyLines(line)
    is_more = following < end and state.sCount[following] >= state.blkIndent and _tag_of_block(state, following)
    return following if is_more else 0


def _tag_of_block(state: StateBlock, line: int) -> re.Match[str] | None:
    return _BLOCK_TAG.match(state.src, state.bMarks[line] + state.tShift[line], state.eMarks[line])


def _end_of(name: str, state: StateBlock, start: int) -> int:
    """The line on which the element ends, -1 for none; where the next end stands is remembered."""
    known: dict[str, int] = state.env.setdefault("ends_of_lines", {})
    place = state.bMarks[start]
    if not known.get(name, 0) > place and known.get(name) != -1:
        found = re.compile(f"</{name}", re.IGNORECASE).search(state.src, place)
        known[name] = found.start() if found else -1
    return bisect(state.bMarks, known[name]) - 1 if known[name] >= 0 else -1


def _code(state: StateInline, silent: bool) -> bool:
    match = _CODE.match(state.src, state.pos, state.posMax)
    if match and not silent:
        state.push("code_inline", "code", 0).content = unescape(match[2])
    return _taken(state, match)


def _ruby(state: StateInline, silent: bool) -> bool:
    match = _RUBY.match(state.src, state.pos, state.posMax)
    if match and not silent:
        state.push("ruby", "ruby", 0).meta = {"base": unescape(match[1]), "reading": unescape(match[2])}
    return _taken(state, match)


def _single(state: StateInline, silent: bool) -> bool:
    match = _SINGLE.match(state.src, state.pos, state.posMax)
    if match and not silent:
        if match[1].lower() in ("br", "hr"):
            state.push("hardbreak", "br", 0)
        elif match[1].lower() == "img":
            state.push("html_inline", "", 0).content = match[0]
    return _taken(state, match)


def _taken(state: StateInline, match: re.Match[str] | None) -> bool:
    state.pos = match.end() if match else state.pos
    return match is not None


def _element(state: StateInline, silent: bool) -> bool:
    """An element with its end: whatever stands between is read as Markdown, or goes to the reader of HTML."""
    match = _OPENING.match(state.src, state.pos, state.posMax)
    end = _ends(state).get(state.pos) if match else None
    if match is None or end is None or end > state.posMax:
        return False
    name, outer_end = match[1].lower(), state.posMax
    stop = state.src.index(">", end) + 1
    if not silent and name in _PIECES | _UNREAD:
        state.push("html_inline", "", 0).content = state.src[state.pos : stop]
    elif not silent:
        token = state.push(f"{name}_element_open", name, 1)
        token.meta = {**(token.meta or {}), **_attributes(match[2])}
        state.pos, state.posMax = match.end(), end
        state.md.inline.tokenize(state)
        state.push(f"{name}_element_close", name, -1)
    state.pos, state.posMax = stop, outer_end
    return True


def _attributes(text: str) -> dict[str, Any]:
    return {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(text)}


def _ends(state: StateInline) -> dict[int, int]:
    """Where the end tag of each element begins, by where its start tag begins; found once for a whole run of text."""
    known: dict[str, dict[int, int]] = state.env.setdefault("element_ends", {})
    if state.src in known:
        return known[state.src]
    opened: dict[str, list[int]] = {}
    ends = known[state.src] = {}
    for tag in _TAG.finditer(state.src):
        if not tag[2]:  # a sign that a backslash makes a letter
            continue
        name = tag[2].lower()
        if not tag[1]:
            opened.setdefault(name, []).append(tag.start())
        elif opened.get(name) and state.src[tag.end()] == ">":
            ends[opened[name].pop()] = tag.start()
    return ends
