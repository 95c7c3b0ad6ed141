"""Verse in a book: lines that are elements of their own -> the lines of a paragraph, one for each stanza."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from packager.readers.articles.html.markup import BLOCK
from packager.readers.epub.documents import holds

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_POEM = re.compile(
    r"\b(?:poem|poetry|verse|stanza|strophe|linegroup|line-group|lg|lyrics?|song|gedicht|vers)s?\b", re.IGNORECASE
)
_LINE = re.compile(
    r"(?:^|\s)(?:(?:poem|poetry|verse|vers|stanza|song)?[_-]?line|verse|vers|v|l)(?:\s|$)", re.IGNORECASE
)
_NUMBER = re.compile(r"\b(?:l(?:ine)?[_-]?(?:num|no)\w*|ln)\b", re.IGNORECASE)
_MOST_LETTERS = 150  # of a line of verse; a paragraph is longer
_NOT_IN_LINES = ", ".join(sorted(BLOCK | {"hr", "img", "table"}))


def set_lines(tree: LexborHTMLParser, lines_by_style: set[int]) -> None:
    """Make lines of what a book sets as lines, by its styles or by what it calls them."""
    for node in tree.css("span[class]"):
        if _NUMBER.search(_called(node)):
            node.insert_before(" ")
    parents: dict[int, LexborNode] = {}
    for node in tree.css("span, a, i, em, b, strong"):
        parent = node.parent
        if parent is not None and (node.mem_id in lines_by_style or (node.tag == "span" and _is_line(node))):
            parents[parent.mem_id] = parent
    for parent in parents.values():
        _part(parent, lines_by_style)
    for run in list(_runs(tree)):
        _join(tree, run)


def _part(parent: LexborNode, by_style: set[int]) -> None:
    """Put a line break between the lines in a paragraph that are elements, where none stands."""
    children = [child for child in parent.iter(include_text=True) if child.tag != "-comment" and not _is_blank(child)]
    is_line = [child.mem_id in by_style or (child.tag == "span" and _is_line(child)) for child in children]
    if not all(line or child.tag == "br" for line, child in zip(is_line, children, strict=True)) and not any(
        child.mem_id in by_style for child in children
    ):
        return  # a word in a sentence that is only called a line
    for before, after, first, second in zip(children, children[1:], is_line, is_line[1:], strict=False):
        if (first or second) and "br" not in (before.tag, after.tag):
            after.insert_before(parent.parser.create_node("br"))


def _runs(tree: LexborHTMLParser) -> Iterator[list[LexborNode]]:
    """Yield the lines of each stanza: neighbours that are blocks of a line each."""
    run: list[LexborNode] = []
    for node in tree.css("div, p"):
        if not _is_verse(node):
            continue
        if run and not _follows(run[-1], node):
            yield run
            run = []
        run.append(node)
        if not node.text().strip():  # which parts two stanzas
            yield run
            run = []
    yield run


def _is_verse(node: LexborNode) -> bool:
    parent = node.parent
    if parent is None or not (_is_line(node) or _POEM.search(_called(parent))):
        return False
    return not holds(node, _NOT_IN_LINES) and len(node.text()) <= _MOST_LETTERS


def _follows(before: LexborNode, node: LexborNode) -> bool:
    previous = node.prev
    while previous is not None and (_is_blank(previous) or previous.is_comment_node):
        previous = previous.prev
    return previous is not None and previous.mem_id == before.mem_id


def _join(tree: LexborHTMLParser, run: Sequence[LexborNode]) -> None:
    lines = [line for line in run if line.text().strip()]
    if len(run) < 2:
        return
    stanza = tree.create_node("p")
    for line in lines:
        if line is not lines[0]:
            stanza.insert_child(tree.create_node("br"))
        for child in line.iter(include_text=True):
            if child.tag != "br":
                stanza.insert_child(child)
    run[0].insert_before(stanza)  # a copy of it
    for line in run:
        line.decompose()


def _is_line(node: LexborNode) -> bool:
    return bool(_LINE.search(node.attributes.get("class") or ""))


def _called(node: LexborNode) -> str:
    return f"{node.attributes.get('class') or ''} {node.attributes.get('epub:type') or ''}"


def _is_blank(node: LexborNode) -> bool:
    return node.is_text_node and not (node.text_content or "").strip()
