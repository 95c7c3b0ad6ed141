"""The few things that are taken from a page's own styles: line ends that count, lines, struck words, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from packager.readers.articles.html.nodes import STRIKING, attribute

_MAX_SELECTORS = 100
_COMPOUND = r"(?:[a-z][\w-]*|(?=[.#]))(?:[.#][\w-]+)*"
_SELECTOR = re.compile(rf"{_COMPOUND}(?:[ >]{_COMPOUND}){{0,2}}", re.IGNORECASE)
"""What lexbor finds in time that grows with the page alone."""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_KEEPS_LINES = re.compile(r"white-space(?:-collapse)?\s*:\s*(?:pre\b|pre-|preserve|break-spaces)", re.IGNORECASE)
_JOINS_LINES = re.compile(r"white-space\s*:\s*(?:normal|nowrap)", re.IGNORECASE)
_IS_LINE = re.compile(r"(?:^|[\s;])display\s*:\s*block", re.IGNORECASE)
_VARIABLE = re.compile(r"""(--sf-img-\w{1,20}+)\s*:\s*(url\(\s*(?:"[^"]*+"|'[^']*+'|[^)\s]*+)\s*\))""", re.IGNORECASE)


class Styles:
    """What the style sheets in a page, and those that came with it, say of its elements."""

    def __init__(self, tree: LexborHTMLParser, sheets: Iterable[str] = ()) -> None:
        texts = [*sheets, *(node.text() or "" for node in tree.css("style"))]
        self.variables = {match[1]: match[2] for text in texts for match in _VARIABLE.finditer(text)}
        rules = [rule for text in texts for rule in _rules(text)]
        self._keeping = _chosen(tree, rules, _KEEPS_LINES)
        self._lines = _chosen(tree, rules, _IS_LINE)
        self._struck = _chosen(tree, rules, STRIKING)

    def keeps_lines(self, node: LexborNode, around: bool) -> bool:
        """Whether line ends in an element count; `around` says whether those around it do."""
        style = attribute(node, "style")
        if style and (_KEEPS_LINES.search(style) or _JOINS_LINES.search(style)):
            return _KEEPS_LINES.search(style) is not None
        return around or node.tag == "pre" or node.mem_id in self._keeping

    def is_line(self, node: LexborNode) -> bool:
        """Whether a span is shown as a line of its own."""
        return node.mem_id in self._lines or _IS_LINE.search(attribute(node, "style")) is not None

    def strike(self) -> None:
        """Say of the elements that sheets strike out that they are struck, unless their own style says otherwise."""
        for node in self._struck.values():
            strike(node)


def strike(node: LexborNode) -> None:
    """Strike out an element by its own style, unless that says otherwise."""
    style = attribute(node, "style")
    if "text-decoration" not in style.lower():
        node.attrs["style"] = f"{style};text-decoration:line-through"


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """The selectors of a style sheet and their declarations, those in media queries too."""
    if "white-space" in sheet or "display" in sheet or "line-through" in sheet:
        for rule in _COMMENT.sub("", sheet).split("}"):
            head, _, declarations = rule.rpartition("{")
            for selector in head.rpartition("{")[2].split(","):
                yield " ".join(selector.replace(">", " > ").split()).replace(" > ", ">"), declarations


def _chosen(
    tree: LexborHTMLParser, rules: Iterable[tuple[str, str]], declared: re.Pattern[str]
) -> dict[int, LexborNode]:
    """The elements that rules with such a declaration choose."""
    found: dict[int, LexborNode] = {}
    chosen = (selector for selector, body in rules if declared.search(body) and _SELECTOR.fullmatch(selector))
    for selector in islice(dict.fromkeys(chosen), _MAX_SELECTORS):
        with suppress(SelectolaxError):
            found.update((node.mem_id, node) for node in tree.css(selector))
    return found
