"""The pictures that elements of a page show, wherever the page keeps their addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from packager.model import Figure, Missing, Picture, Text
from packager.readers.articles.html.nodes import attribute
from packager.readers.articles.pictures import References, in_place

# What scripts that load late, and galleries, keep the address in.
_LATE = re.compile(
    r"data-(?:[a-z]+-)*(?:src|srcset|original|actualsrc|lazy|lazyload|image|img|full|large|orig-file|hires)"
)
_LATE_BACKGROUND = re.compile(r"data-(?:[a-z]+-)?(?:bg|background)(?:-image|-img|-src|-url)?")
_SOURCES = {"source": (), "image": ("href", "xlink:href"), "object": ("data",)}
_ADDRESS = re.compile(r"\S*[./]\S*")
# https://html.spec.whatwg.org/#parse-a-srcset-attribute: a comma in an address parts nothing.
_IN_SRCSET = re.compile(r"[\s,]*+([^\s,]\S*+)")
_DESCRIPTORS = re.compile(r"[^,(]*+(?:\([^)]*+\)?[^,(]*+)*")
_SIZE = re.compile(r"([0-9.]{1,9})[wx]")
_URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)\s]*))|var\(\s*(--[\w-]+)""", re.IGNORECASE)
_BACKGROUND = re.compile(r"\bbackground(?:-image)?\s*:([^;]*(?:;base64,[^;]*)?)", re.IGNORECASE)
_MOST = 12
"""Addresses of one picture that are looked for."""
_SPACER = 2
_ICON = 32
"""Pixels: what is no larger on both sides stands for a word, and its alternative text says it."""

Variables = Mapping[str, str]
"""The values of custom properties in a page's styles, by name."""


def image(node: LexborNode, references: References, variables: Variables) -> Figure | Text:
    """Return the picture of an `img`, else its words, which may be none."""
    alt = " ".join(attribute(node, "alt").split())
    addresses = list(islice(dict.fromkeys(_addresses(node, variables)), _MOST))
    for address in addresses:
        picture = references.picture(address)
        if picture is None or _is_within(picture, _SPACER):
            continue
        return Text(alt) if _is_within(picture, _ICON) else Figure(picture, alt)
    references.note_missing([address for address in addresses if not _is_inside(address)])
    return in_place(alt)


def background(node: LexborNode, references: References, variables: Variables) -> Iterator[Figure]:
    """Yield the picture that an element without words shows by its own style."""
    for address in _backgrounds(node, variables) if node.first_child is None else ():
        picture = references.picture(address)
        if picture is not None and not _is_within(picture, _ICON):
            yield Figure(picture)
            return


def join_pictures_without_scripts(tree: LexborHTMLParser) -> None:
    """Give what `noscript` shows to the picture beside it that a script would load; what is nobody's stays."""
    for noscript in tree.css("noscript"):
        inner = noscript.css_first("img")
        if inner is None:
            continue
        for picture in (_picture_at(noscript.prev, "prev"), _picture_at(noscript.next, "next")):
            if picture is not None and (_is_late(picture) or _file(picture) == _file(inner)):
                for name in ("src", "srcset"):
                    picture.attrs[f"data-noscript-{name}"] = attribute(inner, name)
                noscript.decompose()
                break


def _picture_at(node: LexborNode | None, step: str) -> LexborNode | None:
    while node is not None and node.is_text_node and not (node.text_content or "").strip():
        node = getattr(node, step)
    if node is None or node.is_text_node or node.tag == "noscript":
        return None
    return node if node.tag == "img" else node.css_first("img")


def _is_late(picture: LexborNode) -> bool:
    source = attribute(picture, "src")
    return not source or _is_inside(source) or any(_LATE.fullmatch(name) for name in picture.attributes)


def _file(picture: LexborNode) -> str:
    return attribute(picture, "src").partition("?")[0].rpartition("/")[2]


def _addresses(node: LexborNode, variables: Variables) -> Iterator[str]:
    """Where the picture may be, best first: inside the page there is often a placeholder."""
    every = list(_of_element(node))
    if node.parent is not None and node.parent.tag == "picture":
        every += [address for source in node.parent.css("source") for address in _of_element(source)]
    every += _backgrounds(node, variables)
    yield from (address for address in every if not _is_inside(address))
    yield from (address for address in every if _is_inside(address))


def _of_element(node: LexborNode) -> Iterator[str]:
    attributes = {name: value.strip() for name, value in node.attributes.items() if value}
    late = {name: value for name, value in attributes.items() if _LATE.fullmatch(name)}
    yield from (value for name, value in late.items() if _ADDRESS.fullmatch(value) and not name.endswith("srcset"))
    for name in _SOURCES.get(node.tag or "", ("src",)):
        if attributes.get(name):
            yield attributes[name]
    for name in ("srcset", *late):
        if name.endswith("srcset"):
            yield from in_srcset(attributes.get(name, ""))


def in_srcset(value: str) -> Iterator[str]:
    """Yield the addresses of a `srcset`, the largest first."""
    found: list[tuple[float, str]] = []
    place = 0
    while match := _IN_SRCSET.match(value, place):
        place, size = match.end(), None
        if not match[1].endswith(",") and (descriptors := _DESCRIPTORS.match(value, place)):
            place = descriptors.end()
            size = _SIZE.search(descriptors[0])
        found.append(
            (float(size[1]) if size and size[1].count(".") < 2 and size[1] != "." else 1, match[1].rstrip(","))
        )
    yield from (address for _, address in sorted(found, key=lambda each: -each[0]))


def _backgrounds(node: LexborNode, variables: Variables) -> Iterator[str]:
    yield from (value for name, value in node.attributes.items() if value and _LATE_BACKGROUND.fullmatch(name))
    style = attribute(node, "style")
    for declared in _BACKGROUND.finditer(style) if "background" in style else ():
        for match in _URL.finditer(declared[1]):
            inner = _URL.search(variables.get(match[4], "")) if match[4] else match
            if inner is not None:
                yield inner[1] or inner[2] or inner[3] or ""


def _is_inside(address: str) -> bool:
    return address[:5].lower() == "data:"


def _is_within(picture: Picture | Missing, side: int) -> bool:
    return isinstance(picture, Picture) and max(picture.width, picture.height) <= side
