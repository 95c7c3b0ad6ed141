"""XML in what is checked, read within limits, and XHTML as a parser of HTML takes it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from packager.archive.xml import XmlError, parse
from packager.sandbox.limits import LIMITS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# Its documents are judged whole, whatever their size; the rules on sizes name those that are too large.
XML_LIMITS = replace(LIMITS, xml_bytes=64 << 20, xml_elements=2_000_000, xml_depth=1_000)
# What HTML closes by itself; XHTML may close any element so, and an HTML parser would leave the others open.
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
SELF_CLOSED = re.compile(
    rb"""<([A-Za-z][\w:.-]*)((?:\s+[^\s=<>/"']+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*/>""",
)


def xml_root(data: bytes) -> Element:
    """The root of the XML in `data`; raises XmlError where anything is wrong with it."""
    return parse(data, XML_LIMITS)


def xml_error(data: bytes) -> tuple[str, int | None]:
    """What is wrong with the XML in `data` and in which line; "" when nothing is."""
    try:
        xml_root(data)
    except XmlError as problem:
        return f"it {problem.what}", problem.line
    return "", None


def local_name(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def as_html(xhtml: bytes) -> bytes:
    """XHTML with the elements closed that an HTML parser would leave open; every line stays where it is."""
    return SELF_CLOSED.sub(_opened, xhtml)


def _opened(match: re.Match[bytes]) -> bytes:
    name = match[1]
    return match[0] if name.decode("ascii").lower() in VOID else b"<%s%s></%s>" % (name, match[2], name)
