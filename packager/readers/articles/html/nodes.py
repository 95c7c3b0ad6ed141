"""Single nodes of a page: what they are, and what stands in them for a reader."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from packager.model import FootnoteMark, Inline, Link, Mark, Marked, Ruby, Text
from packager.readers import account
from packager.readers.account import Words
from packager.readers.articles.html.markup import BLOCK
from packager.readers.articles.reading import outside_address

NOT_SHOWN = frozenset(
    "-comment head script style template title meta link base select datalist textarea param noframes noembed".split()
)
"""Elements that show none of their words, or whose words are a form's."""

SLOT = "data-slot"
"""The attribute of an element that stands for blocks which are read already."""
MARKS = {
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), Mark.EMPHASIS),
    **dict.fromkeys(("strong", "b"), Mark.STRONG),
    "sub": Mark.SUB,
    "sup": Mark.SUP,
}
# What MediaWiki puts around and between the words of an article, and what any page says is not for paper.
_FURNITURE = frozenset(
    "mw-editsection mw-jump-link mw-indicators printfooter catlinks navbox vertical-navbox noprint".split()
)
_PERMALINKS = frozenset("¶ # § ∞ ⚓ 🔗 \N{LINK SYMBOL}\N{VARIATION SELECTOR-16} \uf0c1".split())
_ROLES = frozenset("navigation search dialog menu menubar".split())
_FURNITURE_IDS = frozenset(("siteSub", "contentSub", "jump-to-nav"))
STRUCK = ("s", "strike", "del")
STRIKING = re.compile(r"text-decoration(?:-line)?\s*:[^;]*\bline-through\b", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:([a-z -]{1,80})", re.IGNORECASE)
_HIDING = re.compile(r"(?:^|[\s;])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_PROGRAMS = frozenset("object audio video canvas applet embed".split())
_FALLBACK = re.compile("browser|javascript|html5|flash|plug-?in", re.IGNORECASE)
_FALLBACK_WORDS = 40


def attribute(node: LexborNode, name: str) -> str:
    """Return the value of an attribute; "" where there is none."""
    return node.attributes.get(name) or ""


def list_styles(node: LexborNode) -> list[str]:
    """Return the words in which a list's own style says how it is numbered."""
    found = _LIST_STYLE.search(attribute(node, "style"))
    return found[1].lower().split() if found else []


def is_struck(node: LexborNode) -> bool:
    """Whether the words of a node are struck out."""
    return node.tag in STRUCK or is_striking(attribute(node, "style"))


def has_struck(node: LexborNode) -> bool:
    """Whether words in a node are struck out."""
    return any(is_struck(inner) for inner in node.traverse())


def standing_words(node: LexborNode) -> str:
    """Return the words of a node that are not struck out, on one line."""
    return " ".join(_standing(node).split())


def _standing(node: LexborNode) -> str:
    if node.is_text_node:
        return text_of(node)
    return "" if is_struck(node) else "".join(map(_standing, node.iter(include_text=True)))


def is_striking(style: str) -> bool:
    """Whether a style strikes words out."""
    return STRIKING.search(style) is not None


def is_hiding(style: str) -> bool:
    """Whether a style hides an element."""
    return _HIDING.search(style) is not None


def number(node: LexborNode, name: str, default: int) -> int:
    """Return the number in an attribute, else `default`."""
    text = attribute(node, name).strip()
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else default


def text_of(node: LexborNode) -> str:
    """Return the text of a text node."""
    return unicodedata.normalize("NFC", node.text_content or "")


def verbatim(node: LexborNode, *, is_all: bool = True) -> str:
    """Return the text of a node with its own spaces and line ends, each block in it a line; of all, or what is seen."""
    pieces: list[str] = []
    _add_verbatim(node, pieces, is_all=is_all)
    return "".join(pieces)


def _add_verbatim(node: LexborNode, pieces: list[str], *, is_all: bool) -> None:
    for child in node.iter(include_text=True):
        if child.is_text_node:
            pieces.append(text_of(child))
        elif child.tag == "br":
            pieces.append("\n")
        elif child.tag not in NOT_SHOWN and (is_all or not is_hidden(child)):
            is_block = child.tag in BLOCK
            if is_block:
                _begin_line(pieces)
            _add_verbatim(child, pieces, is_all=is_all)
            if is_block:
                _begin_line(pieces)


def _begin_line(pieces: list[str]) -> None:
    last = next((piece for piece in reversed(pieces) if piece), "\n")
    if not last.endswith("\n"):
        pieces.append("\n")


def words(node: LexborNode) -> str:
    """Return the text of a node on one line."""
    return " ".join(verbatim(node).split())


def seen_words(node: LexborNode) -> str:
    """Return the text of a node on one line, without what is hidden in it."""
    return " ".join(verbatim(node, is_all=False).split())


def spaced(node: LexborNode) -> Words:
    """Return the words in a node, parted by its elements, for the account."""
    return account.words(node.text_content or "" if node.is_text_node else node.text(separator=" "))


def outwards(node: LexborNode | None) -> Iterator[LexborNode]:
    """Yield the node and those around it, the innermost first; nothing for None."""
    while node is not None:
        yield node
        node = node.parent


def is_hidden(node: LexborNode) -> bool:
    """Whether a reader of the page would not see it as text: hidden, closed, or there for getting about."""
    attributes, tag = node.attributes, node.tag or ""
    if tag in NOT_SHOWN or tag == "nav" or (tag == "button" and node.css_first("img") is None):
        return True
    if tag == "dialog" and "open" not in attributes:
        return True
    if not attributes:
        return False
    if attributes.get("hidden", "until-found") != "until-found" or is_hiding(attributes.get("style") or ""):
        return True
    if attributes.get("role") in _ROLES or attributes.get("id") in _FURNITURE_IDS:
        return True
    is_furniture = not _FURNITURE.isdisjoint((attributes.get("class") or "").split())
    return is_furniture or (tag == "a" and _is_permalink(node))


def _is_permalink(link: LexborNode) -> bool:
    """Whether a link is a sign that leads to the place where it stands."""
    is_sign = "#" in attribute(link, "href") and link.text().strip() in _PERMALINKS
    return is_sign or attribute(link, "aria-hidden") == "true"


def is_fallback(node: LexborNode) -> bool:
    """Whether the words of a player or program in the page only tell what browser is needed for it."""
    if node.tag not in _PROGRAMS:
        return False
    said = words(node)
    return len(said.split()) <= _FALLBACK_WORDS and _FALLBACK.search(said) is not None


def list_members(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the items of a list and what else lies in it; those of definitions may be grouped in divisions."""
    for child in node.iter(include_text=True):
        if child.tag == "div" and node.tag == "dl":
            yield from child.iter(include_text=True)
        else:
            yield child


def wrapped(node: LexborNode, children: tuple[Inline, ...]) -> Inline | None:
    """Return what an inline element makes of its words; None where it makes nothing of them."""
    if node.tag == "sup" and all(isinstance(child, FootnoteMark) for child in children):
        return None
    if node.tag in MARKS:
        return Marked(MARKS[node.tag], children)
    address = outside_address(attribute(node, "href")) if node.tag == "a" else ""
    return Link(address, children) if address else None


def ruby(node: LexborNode) -> Iterator[Inline]:
    """Yield each base with its reading; parentheses for browsers without ruby are not taken.

    Where several bases stand before several readings, each has the one in its place.
    """
    bases: list[str] = []
    readings: list[str] = []
    for child in (*_of_ruby(node), None):
        is_reading = child is not None and child.tag == "rt"
        if readings and not is_reading and (child is None or child.tag != "rp"):
            yield from _read(bases, readings)
            bases, readings = [], []
        if child is not None and is_reading:
            readings.append(words(child))
        elif child is not None and child.is_text_node and (text_of(child).strip() or not bases):
            bases.append(text_of(child))
        elif child is not None and not child.is_text_node and child.tag != "rp":
            bases.append(words(child))
    yield Text("".join(bases))


def _of_ruby(node: LexborNode) -> Iterator[LexborNode]:
    for child in node.iter(include_text=True):
        yield from child.iter(include_text=True) if child.tag == "rtc" else [child]


def _read(bases: list[str], readings: list[str]) -> Iterator[Inline]:
    if len(bases) != len(readings):
        bases, readings = ["".join(bases)], [" ".join(readings)]
    for base, reading in zip(bases, readings, strict=True):
        yield Ruby(base.strip(), reading) if base.strip() else Text(reading)
