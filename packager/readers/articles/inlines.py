"""Runs of inline text: whitespace collapsed as browsers do, nothing empty, neighbours joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import dropwhile

from packager.model import Break, Code, Inline, Link, Marked, Ruby, Span, Text

_SPACE = re.compile(r"[ \t\n\f]+")
_WIDE = "\u2e80-\u303f\u3040-\u31ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_LINE_END_BETWEEN_WIDE = re.compile(f"(?<=[{_WIDE}])[ \t\f]*\n[ \t\n\f]*(?=[{_WIDE}])")


def tidy(children: Iterable[Inline]) -> tuple[Inline, ...]:
    """The run without spaces at its ends, beside breaks and in a row, and without empty marks.

    A line end between Chinese or Japanese letters is no space.
    """
    run = dropwhile(lambda child: isinstance(child, Break), _collapsed(children, _Edge()))
    return _trimmed_end(list(run))


def plain(text: str) -> tuple[Inline, ...]:
    """A run of one text; empty where the text is blank."""
    return tidy([Text(text)])


def joined_lines(lines: Iterable[str]) -> str:
    """One line of text from lines that were broken to fit a width."""
    text = _LINE_END_BETWEEN_WIDE.sub("", "\n".join(line.strip() for line in lines))
    return re.sub(r"(?<=[a-z]-)\n(?=[a-z])", "", text).replace("\n", " ")


class _Edge:
    """Whether what came last in a run ends in a space, so that the next may not begin with one."""

    __slots__ = ("is_space",)

    def __init__(self) -> None:
        self.is_space = True


def _collapsed(children: Iterable[Inline], edge: _Edge) -> Iterator[Inline]:
    for child in _merged(children):
        match child:
            case Text(text=text):
                text = _SPACE.sub(" ", _LINE_END_BETWEEN_WIDE.sub("", text))
                text = text.removeprefix(" ") if edge.is_space else text
                if text:
                    edge.is_space = text.endswith(" ")
                    yield Text(text)
            case Break():
                edge.is_space = True
                yield child
            case Marked() | Link() | Span():
                inner = tuple(_collapsed(child.children, edge))
                if inner:
                    yield replace(child, children=inner)
            case Code(text=text) | Ruby(base=text):
                if text:
                    edge.is_space = False
                    yield child
            case _:
                edge.is_space = False
                yield child


def _merged(children: Iterable[Inline]) -> Iterator[Inline]:
    """Texts that stand side by side as one, so that what parts a source into pieces does not show."""
    pending: list[str] = []
    for child in children:
        if isinstance(child, Text):
            pending.append(child.text)
            continue
        if pending:
            yield Text("".join(pending))
            pending = []
        yield child
    if pending:
        yield Text("".join(pending))


def _trimmed_end(run: list[Inline]) -> tuple[Inline, ...]:
    """The run without the spaces and breaks at its end, and without a space before a break."""
    while run:
        last = run.pop()
        match last:
            case Text(text=text) if text.rstrip(" "):
                return (*_without_space_before_breaks(run), Text(text.rstrip(" ")))
            case Text() | Break():
                continue
            case Marked() | Link() | Span():
                inner = _trimmed_end(list(last.children))
                if inner:
                    return (*_without_space_before_breaks(run), replace(last, children=inner))
            case _:
                return (*_without_space_before_breaks(run), last)
    return ()


def _without_space_before_breaks(run: list[Inline]) -> Iterator[Inline]:
    for index, child in enumerate(run):
        following = run[index + 1] if index + 1 < len(run) else None
        if isinstance(child, Text) and isinstance(following, Break):
            yield from [Text(child.text.rstrip(" "))] if child.text.strip(" ") else []
        else:
            yield child
