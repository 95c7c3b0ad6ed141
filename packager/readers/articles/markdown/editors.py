"""Signs that editors add to Markdown (Obsidian, Typora, pandoc): pages and pictures by name, marked words, formulas."""

from __future__ import annotations

import re
from pathlib import PurePath

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from packager.readers.articles.markdown.comments import hidden_in
from packager.readers.files import FileKind, kind_of

_BY_NAME = re.compile(r"(!?)\[\[([^\[\]|\n]{0,500}+)(?:\\?\|([^\[\]\n]{0,500}+))?\]\]")
_SIZE = re.compile(r"\d{1,5}(?:x\d{1,5})?")
_LOOSE_IMAGE = re.compile(
    r"""!\[(?P<alt>[^\[\]]{0,1000})\]\([ ]*(?P<path>[^<>"\n]{1,500}?\.[A-Za-z]{3,4})[ ]*"""
    r"""(?:=\d{0,5}x?\d{0,5}[ ]*)?("(?P<title>[^"\n]*)"[ ]*)?\)"""
)
_FORMULA = re.compile(r"\$\$([^$\n]{1,2000}+)\$\$|\$((?![\s\d])[^$\n]{1,500}+)(?<!\s)\$(?!\d)")
_LIKE_TEX = re.compile(r"[\\^_={}<>+]|[A-Za-z]'?\Z")
_ATTRIBUTES = re.compile(r"\{(?:[#.:]|[\w-]{1,40}=)[^{}\n]{0,200}\}")
_AT_END = re.compile(r"(?:(?<=\s)|\A)(?:\^(?=[\d-]{0,40}[A-Za-z])[A-Za-z0-9-]{4,40}|\{[#.:][^{}\n]{0,200}\})\Z")
_DIRECTIVE = re.compile(r":{3,20}[ \t]*(\{[^{}\n]{0,200}\}|[\w-]{0,40})[ \t]*(\[?)([^\n]*?)(\]?)[ \t]*")
_CALLOUT = re.compile(r"\[!([\w-]{1,40})(?:\|[^\]\n]{0,80})?\][-+]?[ \t]*([^\n]*)\n?")


def editors_plugin(parser: MarkdownIt) -> None:
    """Teach the parser these signs."""
    parser.block.ruler.before("fence", "formula_block", _formula_block, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.before("fence", "directive", _directive, {"alt": ["paragraph", "reference"]})
    parser.core.ruler.before("inline", "editors", _finish_blocks)
    parser.inline.ruler.after("image", "loose_image", _loose_image)
    parser.inline.ruler.after("image", "by_name", _by_name)
    for rule in (_formula, _marked, _attributes):
        parser.inline.ruler.before("autolink", f"editors{rule.__name__}", rule)


def _by_name(state: StateInline, silent: bool) -> bool:
    """`[[page|words]]` shows its words, `![[picture|words]]` a picture, `![[page]]` what is not in this text."""
    match = _BY_NAME.match(state.src, state.pos, state.posMax)
    if not match or normalizeReference(match[2]) in state.env.get("references", {}):
        return False
    if not silent:
        target, words = match[2].strip(), (match[3] or "").strip()
        shown = words or " > ".join(filter(None, (part.strip(" ^") for part in target.split("#"))))
        hidden_in(state.env).signs += [target, words]
        if match[1] and kind_of(PurePath(target.replace("\\", "/")).name) is FileKind.PICTURE:
            _push_image(state, target, "" if _SIZE.fullmatch(words) else words, "")
        elif match[1]:
            state.push("embedded", "", 0).content = shown
        else:
            state.push("text", "", 0).content = shown
    state.pos = match.end()
    return True


def _loose_image(state: StateInline, silent: bool) -> bool:
    """Read a picture whose name has spaces or single brackets, which Markdown wants written otherwise."""
    match = _LOOSE_IMAGE.match(state.src, state.pos, state.posMax)
    if not match or kind_of(PurePath(match["path"].replace("\\", "/")).name) is not FileKind.PICTURE:
        return False
    if not silent:
        _push_image(state, match["path"], match["alt"], match["title"] or "")
    state.pos = match.end()
    return True


def _push_image(state: StateInline, path: str, alt: str, title: str) -> None:
    token = state.push("image", "img", 0)
    token.attrs = {"src": state.md.normalizeLink(path), "title": title}
    token.children = [Token("text", "", 0, content=alt)]


def _formula(state: StateInline, silent: bool) -> bool:
    """A formula of TeX, as it is written; what may be a price is text."""
    match = _FORMULA.match(state.src, state.pos, state.posMax)
    before = state.src[state.pos - 1 : state.pos] if state.pos else ""
    if not match or before.isalnum() or not _LIKE_TEX.search(match[1] or match[2]):
        return False
    if not silent:
        state.push("code_inline", "code", 0).content = (match[1] or match[2]).strip()
    state.pos = match.end()
    return True


def _formula_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A formula between `$$` on lines of its own."""
    first = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("$$", first) or state.is_code_block(start):
        return False
    for line in range(start, end):
        begin = first + 2 if line == start else state.bMarks[line]
        if (line > start and state.sCount[line] < state.blkIndent) or state.isEmpty(line):
            return False
        place = state.src.find("$$", begin, state.eMarks[line])
        if place >= 0:
            if state.src[place + 2 : state.eMarks[line]].strip():
                return False
            if not silent:
                token = state.push("code_block", "code", 0)
                written = state.getLines(start, line + 1, state.blkIndent, False).strip()
                token.content = written.removeprefix("$$").removesuffix("$$").strip("\n")
                state.line = line + 1
            return True
    return False


def _directive(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The lines around a note, `:::warning Title` and `:::`, of which the title is kept."""
    first = state.bMarks[start] + state.tShift[start]
    match = None if state.is_code_block(start) else _DIRECTIVE.fullmatch(state.src, first, state.eMarks[start])
    if match and not silent:
        hidden_in(state.env).signs.append(match[1])
        if match[3]:
            state.push("paragraph_open", "p", 1)
            state.tokens.append(_title(match[3]))
            state.push("paragraph_close", "p", -1)
        state.line = start + 1
    return match is not None


def _title(words: str) -> Token:
    return Token("inline", "", 0, content=words, children=[], meta={"callout": True})


def _marked(state: StateInline, silent: bool) -> bool:
    """`==words==`: marked as with a pen, which is not kept; the signs go."""
    src, start = state.src, state.pos
    if not src.startswith("==", start) or src[start + 2 : start + 3] in ("", "=", " ", "\n"):
        return False
    end = src.find("==", start + 2, state.posMax)
    if end < 0 or src[end - 1] in " \n" or src[end + 2 : end + 3] == "=":
        return False
    if _is_latin(src[start - 1 : start] if start else "") or _is_latin(src[end + 2 : end + 3]):
        return False  # of a program
    outer_end = state.posMax
    if not silent:
        state.push("mark_element_open", "mark", 1)
        state.pos, state.posMax = start + 2, end
        state.md.inline.tokenize(state)
        state.push("mark_element_close", "mark", -1)
    state.pos, state.posMax = end + 2, outer_end
    return True


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _attributes(state: StateInline, silent: bool) -> bool:
    """`{.class width=50%}` behind a picture or a link."""
    match = _ATTRIBUTES.match(state.src, state.pos, state.posMax)
    if not match or state.src[state.pos - 1 : state.pos] not in (")", "]"):
        return False
    if not silent:
        hidden_in(state.env).signs.append(match[0])
    state.pos = match.end()
    return True


def _finish_blocks(state: StateCore) -> None:
    """Take names of places (`^a1b2c3`, `{#name}`) off the ends of blocks, and set titles of callouts apart."""
    kept: list[Token] = []
    for token in state.tokens:
        if token.type != "inline":
            kept.append(token)
            continue
        if found := _AT_END.search(token.content):
            hidden_in(state.env).signs.append(found[0])
            token.content = token.content[: found.start()].rstrip()
        is_first = [before.type for before in kept[-2:]] == ["blockquote_open", "paragraph_open"]
        callout = _CALLOUT.match(token.content) if is_first else None
        if callout:
            words, rest = callout[2].strip(), token.content[callout.end() :]
            if words:
                hidden_in(state.env).signs.append(callout[1])
            kept.append(_title(words or callout[1].replace("-", " ").capitalize()))
            if rest:
                kept += [Token("paragraph_close", "p", -1), Token("paragraph_open", "p", 1)]
            token.content = rest
        if token.content or not callout:
            kept.append(token)
    state.tokens = kept
