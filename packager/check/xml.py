"""XML read strictly: well-formed, and without entities of its own, which can grow without measure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# What HTML closes by itself; XHTML may close any element so, and an HTML parser would leave the others open.
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
SELF_CLOSED = re.compile(
    rb"""<([A-Za-z][\w:.-]*)((?:\s+[^\s=<>/"']+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*/>""",
)


def xml_error(data: bytes) -> tuple[str, int | None]:
    """What is wrong with the XML in `data` and in which line; "" when nothing is."""
    from xml.parsers import expat

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as problem:
        return expat.ErrorString(problem.code) or "it is damaged", problem.lineno
    except _EntityError:
        return "it declares entities", parser.CurrentLineNumber
    except (ValueError, LookupError):
        return "its encoding is not known", 1
    return "", None


def xml_root(data: bytes) -> Element | None:
    """The root of the XML in `data`; None where anything is wrong with it."""
    if xml_error(data)[0]:
        return None
    from xml.etree import ElementTree

    return ElementTree.fromstring(data)  # noqa: S314 - entities, which are the danger, were refused above


def local_name(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def as_html(xhtml: bytes) -> bytes:
    """XHTML with the elements closed that an HTML parser would leave open; every line stays where it is."""
    return SELF_CLOSED.sub(_opened, xhtml)


def _opened(match: re.Match[bytes]) -> bytes:
    name = match[1]
    return match[0] if name.decode("ascii").lower() in VOID else b"<%s%s></%s>" % (name, match[2], name)


class _EntityError(Exception):
    pass


def _refuse(*_: object) -> None:
    raise _EntityError
