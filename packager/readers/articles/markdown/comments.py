"""What authors write into a text for themselves: `<!-- -->`, and `%% %%` in Obsidian; it stays out, whatever it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from packager.model import Outcome, Remark, warning
from packager.readers.account import Words, words
from packager.text.spelling import first_of

_ENDS = {"<!--": "-->", "%%": "%%"}
_BEHIND = {"<!--": 2, "%%": 2}  # where the end may begin: `<!-->` is a whole comment
_MOST_NAMED = 3
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_FENCE = re.compile(r"[ \t>]*(```|~~~)")
_ONLY_MARKERS = re.compile(r"(?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t])*")


@dataclass(slots=True)
class Hidden:
    """What the parser of one text has passed over: comments, signs, tags of sites, and where a comment has no end."""

    comments: list[str] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    unclosed_line: int = 0
    without_end: set[tuple[str, str]] = field(default_factory=set)

    def remarks(self, label: str, others: Words) -> Iterator[Remark]:
        """Yield how many words stay out, with `others` that are hidden; never which."""
        if self.tags:
            named = first_of(list(self.tags.values()), _MOST_NAMED)
            yield warning(label, f"what a site would put in here is not in the text: {named}; write it into the text")
        count = words(*self.comments).total() + others.total()
        if self.unclosed_line:
            message = (
                f"a comment without an end begins here: {count} words of comments were left out; was all of it one?"
            )
            yield warning(label, message, self.unclosed_line)
        elif count:
            what = (
                "1 word of comments, or a hidden one, was"
                if count == 1
                else f"{count} words of comments, or hidden ones, were"
            )
            message = f"{what} left out"
            yield Remark(label, Outcome.PASSED_OVER, message)


def hidden_in(environment: dict[str, Any] | Any) -> Hidden:
    """Return what has been passed over so far."""
    found = environment.setdefault("hidden", Hidden())
    assert isinstance(found, Hidden)
    return found


def comments_plugin(parser: MarkdownIt) -> None:
    """Teach the parser to pass over comments; those on lines of their own part what stands around them."""
    parser.block.ruler.before("fence", "comment_block", _block, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.inline.ruler.before("escape", "comment", _inline)


def set_apart(text: str) -> str:
    """Return the text with each comment that begins in a line, and goes on behind an empty one, on lines of its own.

    Markdown ends a paragraph at an empty line, and would show what comes after it.
    """
    if not any(_EMPTY_LINE.search(part.partition("-->")[0]) for part in text.split("<!--")[1:]):
        return text
    lines, fence = [], ""
    place = text.find("-->")
    at = 0
    for whole in text.split("\n"):
        line = whole
        at += len(line) + 1
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1] == fence):
            fence = "" if fence else mark[1]
        before, sign, after = line.rpartition("<!--")
        is_escaped = (len(before) - len(before.rstrip("\\"))) % 2 == 1
        if sign and not is_escaped and not fence and "-->" not in after and before.count("`") % 2 == 0:
            place = place if place >= at else text.find("-->", at)
            goes_on = place >= 0 and _EMPTY_LINE.search(f"\n{text[at:place]}")
            if goes_on and not _ONLY_MARKERS.fullmatch(before):
                line = f"{before}\n\n{sign}{after}"
        lines.append(line)
    return "\n".join(lines)


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A comment that begins a line and ends at the end of one, or goes on over several; all the rest without an end."""
    opening = next((sign for sign in _ENDS if state.src.startswith(sign, _begin(state, start))), "")
    if not opening or state.is_code_block(start):
        return False
    place = state.src.find(_ENDS[opening], _begin(state, start) + _BEHIND[opening], state.eMarks[start])
    if place >= 0 and state.src[place + len(_ENDS[opening]) : state.eMarks[start]].strip():
        return False  # words follow in its line
    if silent:
        return True
    last = start
    while place < 0 and last + 1 < end:
        last += 1
        place = state.src.find(_ENDS[opening], state.bMarks[last], state.eMarks[last])
    hidden = hidden_in(state.env)
    if place < 0:
        hidden.unclosed_line = hidden.unclosed_line or start + 1
    stop = state.eMarks[last] if place < 0 else place + len(_ENDS[opening])
    hidden.comments.append(state.src[_begin(state, start) : stop])
    state.push("comment", "", 0)
    if rest := state.src[stop : state.eMarks[last]].strip():
        state.push("paragraph_open", "p", 1)
        line = state.push("inline", "", 0)
        line.content, line.children, line.map = rest, [], [last, last + 1]
        state.push("paragraph_close", "p", -1)
    state.line = last + 1
    return True


def _begin(state: StateBlock, line: int) -> int:
    return state.bMarks[line] + state.tShift[line]


def _inline(state: StateInline, silent: bool) -> bool:
    opening = next((sign for sign in _ENDS if state.src.startswith(sign, state.pos)), "")
    hidden = hidden_in(state.env)
    if not opening or (opening, state.src) in hidden.without_end:
        return False
    place = state.src.find(_ENDS[opening], state.pos + _BEHIND[opening], state.posMax)
    if place < 0:
        if state.posMax == len(state.src):
            hidden.without_end.add((opening, state.src))
        return False
    stop = place + len(_ENDS[opening])
    if not silent:
        hidden.comments.append(state.src[state.pos : stop])
    state.pos = stop
    return True
