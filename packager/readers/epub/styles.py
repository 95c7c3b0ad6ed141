"""The styles of a book: which elements show a picture, stand on a line of their own, or are struck out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packager.archive.read import read_member
from packager.errors import SourceError
from packager.readers.epub.package import EpubPackage
from packager.sandbox.limits import LIMITS, Limits

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

Node = Any  # of tinycss2, which has no types

_MOST_BYTES = 1 << 20  # of all sheets of a book; they are read in a second or two
_MOST_LETTERS = 100_000_000  # that all styles of a page together are compared with, in some seconds
_FEWEST_STYLES = 50
_PSEUDO = re.compile("::?(?:before|after|first-line|first-letter)$")
_NAMES = re.compile(r"[#.]([\w-]+)")
_IN_PAGE = re.compile(r"[\w-]+")
_ON_LINES = frozenset(("block", "list-item", "table", "table-row", "flex", "grid"))


@dataclass(frozen=True, slots=True)
class Style:
    """What one rule says of the elements that its selector means; `place` is the member that it stands in."""

    selector: str
    place: str
    addresses: tuple[str, ...]
    is_on_line: bool
    is_struck: bool

    @property
    def names(self) -> frozenset[str]:
        """The ids and classes that a page must have for it to mean anything there."""
        return frozenset(_NAMES.findall(self.selector))


class BookStyles:
    """Reads each sheet of a book once; those behind the first million bytes are not read."""

    def __init__(self, path: Path, package: EpubPackage, limits: Limits = LIMITS) -> None:
        self._path = path
        self._package = package
        self._limits = limits
        self._bytes = 0
        self._sheets: dict[str, tuple[Style, ...]] = {}

    def addresses(self, tree: LexborHTMLParser, name: str) -> dict[int, list[tuple[str, str]]]:
        """Return, by node, the addresses of pictures that styles show there, each with the member that writes it."""
        found: dict[int, list[tuple[str, str]]] = {}
        for style in self._of(tree, name):
            if style.addresses:
                for node in matching(tree, style.selector):
                    found.setdefault(node.mem_id, []).extend((style.place, address) for address in style.addresses)
        for node in tree.css("[style*=url]"):
            own = _style("", name, node.attributes.get("style") or "")
            found.setdefault(node.mem_id, []).extend((name, address) for address in own.addresses)
        return found

    def lines(self, tree: LexborHTMLParser, name: str) -> set[int]:
        """Return the inline elements that styles set on lines of their own."""
        styles = (style for style in self._of(tree, name) if style.is_on_line)
        nodes = (node for style in styles for node in matching(tree, style.selector))
        own = (node for node in tree.css("span[style]") if "block" in (node.attributes.get("style") or ""))
        return {node.mem_id for node in (*nodes, *own) if node.tag in ("span", "a", "i", "em", "b", "strong")}

    def struck(self, tree: LexborHTMLParser, name: str) -> list[LexborNode]:
        """Return the elements whose words styles strike out."""
        return [node for style in self._of(tree, name) if style.is_struck for node in matching(tree, style.selector)]

    def _of(self, tree: LexborHTMLParser, name: str) -> Iterator[Style]:
        """Yield the styles of one page, in the order in which they hold."""
        styles: list[Style] = []
        for node in tree.css("link[href], style"):
            if node.tag == "style":
                styles += self._parsed(node.text(), name)
            elif "stylesheet" in (node.attributes.get("rel") or "").lower():
                styles += self._sheet(self._package.member(name, node.attributes.get("href") or ""))
        html = (tree.html or "") if styles else ""
        in_page = frozenset(_IN_PAGE.findall(html))
        most = max(_FEWEST_STYLES, _MOST_LETTERS // (len(html) + 1))
        return islice((style for style in styles if style.names <= in_page), most)

    def _sheet(self, name: str) -> tuple[Style, ...]:
        if name and name not in self._sheets:
            self._sheets[name] = ()  # which ends a ring of imports
            with suppress(SourceError):
                data = read_member(self._path, name, self._limits)
                self._sheets[name] = tuple(self._parsed(data.decode("utf-8", "replace"), name))
        return self._sheets.get(name, ())

    def _parsed(self, sheet: str, name: str) -> list[Style]:
        import tinycss2

        self._bytes += len(sheet)
        if self._bytes > _MOST_BYTES or not re.search(r"url|block|list-item|table|flex|grid|line-through", sheet):
            return []
        return list(self._styles(tinycss2.parse_stylesheet(sheet, True, True), name))

    def _styles(self, rules: Iterable[Node], name: str) -> Iterator[Style]:
        import tinycss2

        for rule in rules:
            if rule.type == "at-rule" and rule.lower_at_keyword == "import":
                for address in _addresses(rule.prelude, with_strings=True):
                    yield from self._sheet(self._package.member(name, address))
            elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports") and rule.content:
                yield from self._styles(tinycss2.parse_rule_list(rule.content, True, True), name)
            elif rule.type == "qualified-rule":
                for selector in tinycss2.serialize(rule.prelude).split(","):
                    style = _style(_PSEUDO.sub("", selector.strip()), name, rule.content)
                    if style.selector and (style.addresses or style.is_on_line or style.is_struck):
                        yield style


def matching(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """Return the nodes that a selector from outside means; none where the parser does not know it."""
    try:
        return tree.css(selector)
    except Exception:  # the library has no class of its own for it
        return []


def _style(selector: str, place: str, content: str | list[Node]) -> Style:
    import tinycss2

    addresses: list[str] = []
    is_on_line = is_struck = False
    for node in tinycss2.parse_blocks_contents(content, True, True):
        if node.type == "declaration" and node.lower_name == "display":
            is_on_line = any(getattr(value, "lower_value", "") in _ON_LINES for value in node.value)
        elif node.type == "declaration" and node.lower_name in ("text-decoration", "text-decoration-line"):
            is_struck = any(getattr(value, "lower_value", "") == "line-through" for value in node.value)
        elif node.type == "declaration" and node.lower_name != "cursor":
            addresses += _addresses(node.value)
    return Style(selector, place, tuple(addresses), is_on_line, is_struck)


def _addresses(values: Iterable[Node], *, with_strings: bool = False) -> Iterator[str]:
    for node in values:
        if node.type == "url" or (node.type == "string" and with_strings):
            yield node.value
        elif node.type == "function":
            yield from _addresses(node.arguments, with_strings=node.lower_name in ("url", "image-set"))
