"""Documents as they are written: read once more, by the few signs that ours have, and held against a browser's reading.

What both read alike has no place where browsers would have to guess, and no two ways of writing one thing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

# A tag with its attributes, a comment, or text. Within quotes and between tags no sign of markup stands as itself.
_TOKEN = re.compile(
    r"<!--(?P<comment>.*?)-->"
    r"|<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)(?P<attributes>(?: [a-z][a-z-]*=\"[^\"<>]*\")*)>"
    r"|(?P<text>[^<>]+)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|#34|#39|#x27);)")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_DOCTYPE = re.compile("<!doctype[^>]*>", re.IGNORECASE)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_RAW = frozenset(("script", "style"))
# Browsers put the rows of a table into one; it is the one element that may be left out.
_IMPLIED = "tbody"
_NO_PLACE = "browsers do not read it as it is written"


@dataclass(slots=True)
class Reading:
    """What a parser finds: elements with the number of the one they are in, and the words in each, blanks aside."""

    elements: list[tuple[int, str, tuple[tuple[str, str], ...]]] = field(default_factory=list)
    words: list[tuple[int, int, str]] = field(default_factory=list)

    def element(self, parent: int, name: str, attributes: dict[str, str]) -> int:
        self.elements.append((parent, name, tuple(sorted(attributes.items()))))
        return len(self.elements) - 1

    def text(self, parent: int, text: str) -> None:
        """Add words; those that only a comment parts are one run."""
        place = (parent, len(self.elements))
        if self.words and self.words[-1][:2] == place:
            text = self.words.pop()[2] + text
        self.words.append((*place, text))

    @property
    def shown(self) -> list[tuple[int, int, str]]:
        return [(parent, at, text.strip()) for parent, at, text in self.words if text.strip()]


class UnusualError(ValueError):
    """A place that is not written as documents of ours are, and how."""

    def __init__(self, what: str, at: int) -> None:
        super().__init__(what)
        self.at = at


def unlike(source: str, parser: LexborHTMLParser) -> tuple[str, int | None]:
    """Return where a browser may read another document than is written, with its line; "" where it cannot."""
    try:
        ours = strictly(source)
    except UnusualError as unusual:
        return str(unusual), source.count("\n", 0, unusual.at) + 1
    theirs = _browsers(parser)
    if ours.elements == theirs.elements and ours.shown == theirs.shown:
        return "", None
    for (_, name, _), other in zip(ours.elements, theirs.elements, strict=False):
        if name != other[1]:
            return f"{_NO_PLACE}: a {name} becomes a {other[1]}", None
    return _NO_PLACE, None


def strictly(source: str) -> Reading:
    """Return what is written; raises UnusualError where it is not written in the one way."""
    reading, open_elements = Reading(), [(-1, "")]
    doctype = _DOCTYPE.match(source)  # another than ours has a finding of its own
    at = doctype.end() if doctype else 0
    if control := _CONTROL.search(source):
        raise UnusualError(f"it holds U+{ord(control[0]):04X}, which no text needs", control.start())
    while at < len(source):
        token = _TOKEN.match(source, at)
        if token is None:
            raise UnusualError(
                f"it is not written in the one way that every browser reads alike: {source[at : at + 30]}", at
            )
        at = token.end()
        if token["text"] is not None:
            reading.text(open_elements[-1][0], _unescaped(token["text"], token.start()))
        elif token["name"] is not None and token["end"]:
            if open_elements.pop()[1] != token["name"] or not open_elements or token["attributes"]:
                raise UnusualError(f"</{token['name']}> ends what does not begin there", token.start())
        elif token["name"] is not None:
            at = _begun(token, source, reading, open_elements)
    if source.rstrip() != source.removesuffix("\n"):
        raise UnusualError("blanks stand behind its end", len(source.rstrip()))
    if len(open_elements) > 1:
        raise UnusualError(f"<{open_elements[-1][1]}> has no end", len(source))
    return reading


def _begun(token: re.Match[str], source: str, reading: Reading, open_elements: list[tuple[int, str]]) -> int:
    """Take an element in, with what stands in it where that is no markup; return where to read on."""
    name, parent = token["name"], open_elements[-1][0]
    pairs = _ATTRIBUTE.findall(token["attributes"])
    attributes = {key: _unescaped(value, token.start()) for key, value in pairs}
    if len(attributes) < len(pairs):
        raise UnusualError(f"an attribute of <{name}> stands there twice", token.start())
    number = parent if name == _IMPLIED else reading.element(parent, name, attributes)
    if name in _RAW:
        end = source.find(f"</{name}>", token.end())
        if end < 0:
            raise UnusualError(f"<{name}> has no end", token.start())
        reading.text(number, source[token.end() : end])
        return end + len(f"</{name}>")
    if name not in _VOID:
        open_elements.append((number, name))
    return token.end()


def _unescaped(text: str, at: int) -> str:
    if reference := _REFERENCE.search(text):
        raise UnusualError("a letter is written as a code, or an & as itself", at + reference.start())
    return html.unescape(text)


def _browsers(parser: LexborHTMLParser) -> Reading:
    reading, numbers = Reading(), dict[int, int]()
    for node in _nodes(parser):
        parent = numbers.get(node.parent.mem_id, -1) if node.parent is not None else -1
        if node.is_text_node:
            reading.text(parent, node.text_content or "")
        elif node.is_element_node:
            attributes = {name: value or "" for name, value in node.attributes.items()}
            is_implied = node.tag == _IMPLIED
            numbers[node.mem_id] = parent if is_implied else reading.element(parent, node.tag or "", attributes)
    return reading


def _nodes(parser: LexborHTMLParser) -> Iterator[LexborNode]:
    return parser.root.traverse(include_text=True) if parser.root is not None else iter(())
