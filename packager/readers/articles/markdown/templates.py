"""Tags of programs that build sites (Hugo, Jekyll) in Markdown: pictures, code and comments are read, others named."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from packager.readers.articles.markdown.comments import hidden_in

_TAG = re.compile(r"\{\{[<%]([^{}\n]{1,600})[>%]\}\}|\{%([^{}\n]{1,600})%\}")
_INNER = re.compile(r"-?[ \t]*(/|end)?([A-Za-z][\w./-]{0,60})(.*)")
_ATTRIBUTE = re.compile(r"""([a-z]{1,20})[ \t]*=[ \t]*(?:"([^"]{0,500})"|'([^']{0,500})'|([^\s"']{1,500}))""")
_IN_ADDRESS = re.compile(r"(?<=\]\()[ \t]*\{[{%]([^{}\n]{0,300})[%}]\}")
_QUOTED = re.compile(r"[\"']([^\"']{1,300})[\"']")
_POINTS = re.compile(r"(?:link|post_url)[ \t]+(\S{1,200})")
_PICTURES = ("figure", "img", "image")
_CODE = ("highlight", "code")
_ENCLOSED = (*_CODE, "comment")


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag as it is written: whether it ends what one of its name begins, and what it says behind its name."""

    written: str
    is_end: bool
    name: str
    more: str


def templates_plugin(parser: MarkdownIt) -> None:
    """Teach the parser these tags."""
    parser.block.ruler.before("fence", "enclosed", _enclosed, {"alt": ["paragraph", "reference"]})
    parser.core.ruler.before("inline", "addresses", _write_out_addresses)
    parser.inline.ruler.before("escape", "template", _template)


def _enclosed(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines between a tag and its end, each on a line of its own: code, or a comment."""
    tag = None if state.is_code_block(start) else _alone(state, start)
    hidden = hidden_in(state.env)
    if tag is None or tag.is_end or tag.name not in _ENCLOSED or (tag.name, str(end)) in hidden.without_end:
        return False
    lines = range(start + 1, end)
    last = next((n for n in lines if (found := _alone(state, n)) and found.is_end and found.name == tag.name), None)
    if last is None:
        hidden.without_end.add((tag.name, str(end)))
        return False
    if not silent:
        inner = state.getLines(start + 1, last, state.blkIndent, False)
        hidden.signs += [tag.written, tag.name, f"end{tag.name}"]
        if tag.name in _CODE:
            state.push("code_block", "code", 0).content = f"{inner}\n"
        else:
            hidden.comments.append(inner)
            state.push("comment", "", 0)
        state.line = last + 1
    return True


def _alone(state: StateBlock, line: int) -> _Tag | None:
    return _read(_TAG.fullmatch(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()))


def _read(match: re.Match[str] | None) -> _Tag | None:
    inner = _INNER.match(match[1] or match[2]) if match else None
    return _Tag(match[0], bool(inner[1]), inner[2], inner[3]) if match and inner else None


def _template(state: StateInline, silent: bool) -> bool:
    """A picture, or a sign that goes."""
    is_sign = state.src.startswith(("{%", "{{"), state.pos)
    tag = _read(_TAG.match(state.src, state.pos, state.posMax)) if is_sign else None
    if not tag:
        return False
    if not silent:
        hidden = hidden_in(state.env)
        hidden.signs.append(tag.written)
        said = {key: one or other or bare for key, one, other, bare in _ATTRIBUTE.findall(tag.more)}
        if tag.name in _PICTURES and said.get("src"):
            token = state.push("image", "img", 0)
            caption = said.get("caption") or said.get("title", "")
            token.attrs = {"src": state.md.normalizeLink(said["src"]), "title": caption}
            token.children = [Token("text", "", 0, content=said.get("alt", ""))]
        elif tag.is_end:
            hidden.tags.pop(tag.name, None)
        else:
            hidden.tags[tag.name] = tag.written
    state.pos += len(tag.written)
    return True


def _write_out_addresses(state: StateCore) -> None:
    """Put the page or file that a tag names in place of it, where it stands for an address or begins one."""

    def written(match: re.Match[str]) -> str:
        hidden_in(state.env).signs.append(match[1])
        named = _QUOTED.search(match[1]) or _POINTS.search(match[1])
        return named[1] if named else ""

    for token in state.tokens:
        if token.type == "inline" and "](" in token.content:
            token.content = _IN_ADDRESS.sub(written, token.content)
